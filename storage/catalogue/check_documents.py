"""From the checks of a ``capture/1`` to rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.model import RecordId
from storage.catalogue.document_rows import Row, evidence_rows, json_text
from storage.catalogue.fields import Fields


def check_rows(
    record_id: RecordId, capture: Row, checks: Iterable[Fields]
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The checks, one a post (the first counts), and the records they cite.

    Args:
        capture: The capture's own row.

    Raises:
        DocumentError: One of them is not what its schema says.
    """
    rows: dict[str, Row] = {}
    cited: list[Row] = []
    for check in checks:
        post = check.text("post")
        if post in rows:
            continue
        conditions = check.nested("conditions")
        held = {str(name): conditions.flag(str(name)) for name in conditions.value}
        rows[post] = {
            "document": record_id,
            "post": post,
            **{name: capture[name] for name in ("account", "capture", "run")},
            "at": check.time("at"),
            **{name: check.text(name) for name in ("found", "reason", "verdict")},
            "covered": held.get("listing", False),
            "answered_at": check.time_or_none("answered_at"),
            "cursor": check.text_or_none("cursor"),
            "conditions": json_text(held),
            **_control(check),
        }
        parts = {"check": check.texts("evidence"), "check_listing": check.texts("listing_evidence")}
        if check.has("control"):
            parts["check_control"] = check.nested("control").texts("evidence")
        for part, records in parts.items():
            cited += evidence_rows(record_id, f"{part}:{post}", records)
    return tuple(rows.values()), tuple(cited)


def _control(check: Fields) -> Row:
    control = check.nested_or_none("control")
    if control is None:
        return dict.fromkeys(("control_post", "control_at", "control_reason"))
    return {
        "control_post": control.text("post"),
        "control_at": control.time("at"),
        "control_reason": control.text("reason"),
    }
