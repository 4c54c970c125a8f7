"""What a ``capture/1`` says besides its posts: listings, highlights, covers, checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.model import RecordId
from storage.catalogue.check_documents import check_rows
from storage.catalogue.document_rows import Row, evidence_rows, json_text, medium_row
from storage.catalogue.fields import Fields


@dataclass(frozen=True, slots=True)
class CaptureParts:
    """Rows of the parts that not every capture has."""

    listings: tuple[Row, ...]
    highlights: tuple[Row, ...]
    covers: tuple[Row, ...]
    checks: tuple[Row, ...]
    media: tuple[Row, ...]
    evidence: tuple[Row, ...]


def capture_parts(record_id: RecordId, capture: Row, fields: Fields) -> CaptureParts:
    """Read those parts.

    Args:
        capture: The capture's own row.

    Raises:
        DocumentError: One of them is not what its schema says.
    """
    listings, evidence = _listings(record_id, capture, fields)
    highlights, media = _highlights(record_id, capture, fields)
    covers: dict[str, Row] = {
        cover.text("id"): {
            "document": record_id,
            "post": cover.text("id"),
            "cover": cover.text("cover"),
        }
        for cover in _each(fields, "covers")
    }
    checks, cited = check_rows(record_id, capture, _each(fields, "checks"))
    return CaptureParts(
        listings, highlights, tuple(covers.values()), checks, media, (*evidence, *cited)
    )


def _each(fields: Fields, name: str) -> Iterator[Fields]:
    return fields.each(name) if fields.has(name) else iter(())


def _listings(
    record_id: RecordId, capture: Row, fields: Fields
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    rows: list[Row] = []
    evidence: list[Row] = []
    for ordinal, listing in enumerate(_each(fields, "listings")):
        rows.append(
            {
                "document": record_id,
                "ordinal": ordinal,
                **{name: capture[name] for name in ("capture", "account", "started_at")},
                **{name: listing.text(name) for name in ("section", "end")},
                **{n: listing.text_or_none(n) for n in ("from_cursor", "cursor", "reason")},
                **{name: listing.integer(name) for name in ("pages", "listed")},
                "oldest": listing.time_or_none("oldest"),
                "connected": listing.flag("connected"),
            }
        )
        evidence += evidence_rows(record_id, f"listing:{ordinal}", listing.texts("evidence"))
    return tuple(rows), tuple(evidence)


def _highlights(
    record_id: RecordId, capture: Row, fields: Fields
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The collections, and their covers as media that belong to no post."""
    rows: dict[str, Row] = {}
    media: list[Row] = []
    for position, highlight in enumerate(_each(fields, "highlights")):
        native_id = highlight.text("native_id")
        if native_id in rows:
            continue
        cover = highlight.nested_or_none("cover")
        ordinal = None if cover is None else position + 1  # 0 is the avatar's
        rows[native_id] = {
            "document": record_id,
            "native_id": native_id,
            **{name: capture[name] for name in ("account", "capture")},
            "at": capture["started_at"],
            "position": position,
            "title": highlight.text("title"),
            "cover_ordinal": ordinal,
            "items": json_text(list(highlight.texts("items"))),
        }
        if cover is not None:
            media.append(
                {
                    "document": record_id,
                    "ordinal": ordinal,
                    "account": capture["account"],
                    "post": None,
                    "chosen": True,
                    **medium_row(cover),
                }
            )
    return tuple(rows.values()), tuple(media)
