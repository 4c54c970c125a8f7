"""Stories and highlights: what a profile shows besides its listing of posts."""

from __future__ import annotations

from archiver.completeness import ListingEnd
from archiver.documents import KeptMedia, SeenHighlight
from archiver.keeping import judge_media
from archiver.notes import Leg, Notes
from archiver.orders import Desk
from archiver.taking import ENDS_CAPTURE, Taking, problem_of
from connectors.base import Connector
from connectors.errors import ConnectorError
from connectors.model import AccountRef, Highlight, Media, Page, PageEnd, RecordId, Section
from storage.catalogue import highlights
from storage.records import Stored


def read_passing(
    connector: Connector,
    account: AccountRef,
    section: Section,
    taking: Taking,
    notes: Notes,
    desk: Desk,
) -> None:
    """Read a section that is always read whole.

    Raises:
        ConnectorError: It cannot be read further; what was read is noted.
    """
    leg = Leg(section)
    notes.legs.append(leg)
    leg.connected = True
    known: dict[str, highlights.HighlightRow] = {}
    if section is Section.HIGHLIGHTS:
        with desk.catalogue.reading() as conn:
            known = dict(highlights.newest(conn, account.key))
    for page in connector.list_posts(account, section):
        taking.page(page, leg)
        if page.highlight is not None:
            _note(connector, page, page.highlight, known, notes, desk)
        leg.cursor = page.cursor
        if page.end is not PageEnd.MORE:
            leg.end = ListingEnd.END if page.end is PageEnd.END else ListingEnd.SILENT
            leg.reason = page.reason
            break
    else:
        leg.end, leg.reason = ListingEnd.SILENT, "listing_ran_out"
    if leg.end is ListingEnd.SILENT:
        notes.section_reason = notes.section_reason or leg.reason or "silent_end"


def _note(
    connector: Connector,
    page: Page,
    shown: Highlight,
    known: dict[str, highlights.HighlightRow],
    notes: Notes,
    desk: Desk,
) -> None:
    cover: KeptMedia | None = None
    if shown.cover is not None:
        before = known.get(shown.native_id)
        cover = _as_before(shown.cover, before) or _fetched(connector, shown.cover, notes, desk)
    items = tuple(post.id for post in page.posts)
    notes.highlights.append(SeenHighlight(shown.native_id, shown.title, cover, items))


def _as_before(cover: Media, before: highlights.HighlightRow | None) -> KeptMedia | None:
    """The kept cover when it is the same one: it is not fetched every night."""
    if before is None or before.cover_id != cover.media_id or not before.cover["complete"]:
        return None
    row = before.cover
    stored = Stored(
        record_id=RecordId(str(row["record"])),
        http_status=200,
        sha256=str(row["sha256"]),
        size_bytes=int(str(row["size_bytes"])),
        identified=str(row["mime"]),
        truncated=None,
        source=RecordId(str(row["record"])),
        target_uri=str(row["url"]),
        date="",
    )
    return KeptMedia(cover, stored)


def _fetched(connector: Connector, cover: Media, notes: Notes, desk: Desk) -> KeptMedia:
    try:
        with desk.quota.media():
            answer = connector.fetch(cover)
    except ENDS_CAPTURE:
        raise
    except ConnectorError as error:
        problem = problem_of(error, media_id=cover.media_id)
        notes.problems.append(problem)
        return KeptMedia(cover, None, problem)
    kept = judge_media(desk.sink, answer, None)
    if kept.problem is not None:
        notes.problems.append(kept.problem)
    return kept
