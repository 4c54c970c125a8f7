"""Rows that several kinds of documents have in common: media, evidence, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from connectors.model import RecordId
from storage.catalogue.errors import DocumentError
from storage.catalogue.fields import Fields, clean

Row = dict[str, object]


def document_fields(document: Mapping[str, object], schema: str) -> Fields:
    """The document, if it says that it is one of ``schema``."""
    fields = Fields(document, schema)
    if fields.text("schema") != f"jejak:{schema}":
        raise DocumentError(f"{schema}.schema must be 'jejak:{schema}'")
    return fields


def evidence_rows(record_id: RecordId, part: str, records: tuple[str, ...]) -> Iterator[Row]:
    """One row for each record that a part of a document cites."""
    for ordinal, record in enumerate(records):
        yield {"document": record_id, "part": part, "ordinal": ordinal, "record": record}


def medium_row(fields: Fields) -> Row:
    """The columns that a media item's own description fills."""
    return {
        **{name: fields.text(name) for name in ("media_id", "kind", "role", "url")},
        "position": fields.integer("position"),
        **{n: fields.text_or_none(n) for n in ("language", "mime", "sha256", "record")},
        **{n: fields.integer_or_none(n) for n in ("width", "height", "size_bytes")},
        "duration_s": fields.number_or_none("duration_s"),
        "complete": fields.flag("complete"),
    }


def json_text(value: object) -> str:
    """Canonical JSON text as both databases can hold it."""
    try:
        return clean(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(f"a value is not JSON: {error}") from error
