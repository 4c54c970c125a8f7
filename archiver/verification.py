"""Checking an archive against itself. Reads only; findings are values.

========  =====================================================================
``A001``  a segment of the ledger or catalogue is not there
``A002``  a segment has another size than its closing event says
``A003``  a segment has another SHA-256 than its closing event says
``A004``  a segment is final and no event says so
``A005``  a record of a segment is missing in the catalogue
``A006``  a record stands differently in catalogue and segment
``A007``  the catalogue has a record that its segment does not have
``A008``  a media item cannot be read, or its SHA-256 is another
``A009``  a segment cannot be read
``A010``  a segment's sidecar is missing or does not describe it
``A011``  a row of the catalogue is not what segments and ledger give
``A012``  a segment is still open, so ``A011`` was not checked
========  =====================================================================

``W…`` are findings of `storage.conformance`, ``L…`` of `storage.ledger_check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection

from archiver.playback import Damaged, media_bytes
from archiver.rebuilt import check_rebuilt
from storage import conformance
from storage.catalogue import Catalogue, events, history, posts, records
from storage.catalogue import segments as known_segments
from storage.catalogue.posts import MediaRow
from storage.catalogue.segments import SegmentRow
from storage.cdxj import SegmentDigest, digest_segment
from storage.digest import sha256_of_file
from storage.findings import Finding
from storage.ledger_check import verify as verify_ledger
from storage.reindex import segment_files
from storage.segment_name import segment_path, sidecar_path
from storage.warc_reader import BadRecord, members, row_of

Tell = Callable[[str], None]


def verify(
    archive: Path, catalogue: Catalogue, *, full: bool, tell: Tell = lambda what: None
) -> Iterator[Finding]:
    """Check ledger, segments and catalogue against each other.

    Args:
        full: Also compare every record with the catalogue, read every media
            item back, and compare the catalogue with one rebuilt from segments
            and ledger.
        tell: Told what is checked next.

    Yields:
        Findings; nothing when all is well.
    """
    with catalogue.reading() as conn:
        tell("ledger")
        yield from verify_ledger(archive / "ledger", expected=events.last(conn))
        for row in known_segments.every(conn):
            tell(row.name)
            yield from _segment(archive, conn, row, full)
        yield from _unnoted(archive, conn)
        if full:
            yield from _all_media(archive, conn, tell)
    if full:
        tell("catalogue")
        yield from check_rebuilt(archive, catalogue)


def _segment(archive: Path, conn: Connection, row: SegmentRow, full: bool) -> Iterator[Finding]:
    path = segment_path(archive / "segments", row.name)
    if not path.exists():
        if not path.with_name(path.name + ".open").exists():
            yield Finding("A001", row.name, "the segment is not in the archive")
        return
    digest = _digest(path, row.name) if full else None
    if row.size_bytes is not None and path.stat().st_size != row.size_bytes:
        yield Finding("A002", row.name, f"it has {path.stat().st_size} bytes, not {row.size_bytes}")
    elif row.sha256 is not None and _sha256(path, digest) != row.sha256:
        yield Finding("A003", row.name, "its SHA-256 is not the one of its closing event")
    for found in conformance.check(path):
        yield Finding(found.code, found.where, found.detail)
    if not sidecar_path(path).exists():
        yield Finding("A010", row.name, "its sidecar is missing; `jejak recover` makes it again")
    elif digest is not None and not _describes(sidecar_path(path), digest):
        detail = "its sidecar does not describe it; remove the sidecar, then run `jejak recover`"
        yield Finding("A010", row.name, detail)
    if full:
        yield from _agreement(conn, path, row.name)


def _digest(path: Path, name: str) -> SegmentDigest | None:
    """File digest and sidecar lines by one reading; ``None`` if it is damaged."""
    try:
        return digest_segment(path, name)
    except BadRecord:
        return None  # told by `_agreement`


def _sha256(path: Path, digest: SegmentDigest | None) -> str:
    return digest.sha256 if digest is not None else sha256_of_file(path)


def _describes(sidecar: Path, digest: SegmentDigest) -> bool:
    lines = "".join(f"{line}\n" for line in digest.lines)
    return sidecar.read_bytes() == lines.encode("ascii", "backslashreplace")


def _agreement(conn: Connection, path: Path, name: str) -> Iterator[Finding]:
    """Compare every record of a segment with its row."""
    known = {row.record_id: row for row in records.of_segment(conn, name)}
    try:
        for member in members(path):
            row = row_of(member, name)
            if row.type == "warcinfo":
                continue
            where = f"{name}:{row.offset}"
            kept = known.pop(row.record_id, None)
            if kept is None:
                yield Finding("A005", where, f"{row.record_id} is not in the catalogue")
            elif kept != row:
                yield Finding("A006", where, f"{row.record_id} stands differently in the catalogue")
    except (BadRecord, OSError) as error:
        yield Finding("A009", name, str(error))
        return
    for row in known.values():
        yield Finding("A007", f"{name}:{row.offset}", f"{row.record_id} is not in the segment")


def _unnoted(archive: Path, conn: Connection) -> Iterator[Finding]:
    noted = {row.name for row in known_segments.every(conn) if row.closed_at is not None}
    for path in segment_files(archive):
        if path.suffix != ".open" and path.name not in noted:
            yield Finding("A004", path.name, "it is final, and the ledger does not say so")


def _all_media(archive: Path, conn: Connection, tell: Tell) -> Iterator[Finding]:
    """Read every whole media item of every version back and compare its digest."""
    for post in posts.find(conn):
        tell(post.id)
        seen: set[str] = set()
        for version in history.versions(conn, post.id):
            for item in version.media:
                if item.record is None or item.record in seen:
                    continue
                seen.add(item.record)
                yield from _media(archive, conn, post.id, item)


def _media(archive: Path, conn: Connection, post_id: str, item: MediaRow) -> Iterator[Finding]:
    if not item.complete:
        return
    try:
        for piece in media_bytes(archive, conn, item):
            del piece
    except Damaged as damage:
        yield Finding("A008", post_id, str(damage))
