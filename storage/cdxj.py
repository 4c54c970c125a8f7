"""The sidecar of a closed segment: one line per member, with its hashes.

A line is ``SURT timestamp {json}``; lines are sorted. It is derived from the
segment alone and can be made again at any time.

*Source:* the CDXJ form that pywb and warcio-based indexers read.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.durable import write_new
from storage.segment_name import sidecar_path
from storage.warc_reader import members, row_of
from storage.warc_record import Member

_READ_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SegmentDigest:
    """What reading a whole segment once gives.

    Attributes:
        sha256: ``sha256:`` hex of the file.
        lines: Sorted CDXJ lines, without line ends.
    """

    size_bytes: int
    sha256: str
    lines: tuple[str, ...]


def surt(address: str | None) -> str:
    """An address in sort-friendly form: ``com,example)/path?query``; ``-`` for none."""
    if not address:
        return "-"
    try:
        parts = urllib.parse.urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "-"
    if not host:
        return re.sub(r"\s", "", address)
    place = ",".join(reversed(host.split(".")))
    suffix = f":{port}" if port and port not in (80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{place}{suffix}){parts.path or '/'}{query}".lower()


def line_of(member: Member, name: str, member_sha256: str) -> str:
    """The CDXJ line of one member of the segment ``name``."""
    row = row_of(member, name)
    facts = {
        "url": row.target_uri,
        "type": row.type,
        "record": row.record_id,
        "mime": "warc/revisit" if row.type == "revisit" else row.mime,
        "status": str(row.http_status) if row.http_status else None,
        "digest": row.payload_digest,
        "length": str(row.length),
        "offset": str(row.offset),
        "filename": name,
        "member": member_sha256,
    }
    told = {key: value for key, value in facts.items() if value is not None}
    stamp = re.sub(r"\D", "", row.date)[:14]
    return f"{surt(row.target_uri)} {stamp} {json.dumps(told, ensure_ascii=True)}"


def digest_segment(path: Path, name: str) -> SegmentDigest:
    """Read a segment once: every member checked and hashed, and the file.

    Args:
        name: The name it has, or will have, when closed.

    Raises:
        BadRecord: It holds something that is no whole record.
    """
    whole = hashlib.sha256()
    lines: list[str] = []
    size_bytes = 0
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for member in members(path):
            own = hashlib.sha256()
            end = member.offset + member.length
            for place in range(member.offset, end, _READ_BYTES):
                piece = os.pread(descriptor, min(_READ_BYTES, end - place), place)
                own.update(piece)
                whole.update(piece)
            size_bytes = end
            lines.append(line_of(member, name, f"sha256:{own.hexdigest()}"))
    finally:
        os.close(descriptor)
    return SegmentDigest(size_bytes, f"sha256:{whole.hexdigest()}", tuple(sorted(lines)))


def write_sidecar(segment: Path, digest: SegmentDigest) -> Path | None:
    """Write the sidecar of the closed segment ``segment``; read-only, durable.

    Returns:
        Its path; ``None`` if the disk has no room for it. It is derived, so
        that is no loss: recovery makes a missing sidecar again.
    """
    target = sidecar_path(segment)
    text = "".join(f"{line}\n" for line in digest.lines)
    try:
        write_new(target, text.encode("ascii", "backslashreplace"), 0o444)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return None
    return target
