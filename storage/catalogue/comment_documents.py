"""From ``comments/1`` documents to rows: a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.model import RecordId
from storage.catalogue.document_rows import Row, document_fields, evidence_rows
from storage.catalogue.fields import Fields

CLASSIFICATION = "terbatas"
"""Comments are personal data of citizens.

*Source*: UU 27/2022 (protection of personal data).
"""


@dataclass(frozen=True, slots=True)
class CommentRows:
    """What one ``comments/1`` document says, ready to be written."""

    reading: Row
    comments: tuple[Row, ...]
    evidence: tuple[Row, ...]


def comment_rows(record_id: RecordId, document: Mapping[str, object]) -> CommentRows:
    """Read a ``comments/1`` document.

    Raises:
        DocumentError: It is not one.
    """
    fields = document_fields(document, "comments/1")
    at = fields.time("captured_at")
    rows: dict[str, Row] = {}
    for comment in fields.each("comments"):
        row = _comment(record_id, fields.text("post"), at, comment)
        rows.setdefault(str(row["comment_id"]), row)
    reading: Row = {
        "document": record_id,
        **{name: fields.text(name) for name in ("post", "account", "capture", "end")},
        "at": at,
        "declared": fields.integer_or_none("declared"),
        "pages": fields.integer("pages"),
        "reason": fields.text_or_none("reason"),
        "read": len(rows),
    }
    cited = evidence_rows(record_id, "comments", fields.texts("evidence"))
    return CommentRows(reading, tuple(rows.values()), tuple(cited))


def _comment(record_id: RecordId, post: str, at: str, comment: Fields) -> Row:
    return {
        "post": post,
        "document": record_id,
        **{name: comment.text(name) for name in ("comment_id", "text")},
        **{n: comment.text_or_none(n) for n in ("author", "account", "parent_id")},
        "written_at": comment.time_or_none("written_at"),
        "likes": comment.integer_or_none("likes"),
        "first_seen": at,
        "last_seen": at,
        "classification": CLASSIFICATION,
    }
