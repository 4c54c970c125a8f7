"""A check as it stands in its capture's ``capture/1``. Pure."""

from __future__ import annotations

from archiver.absence.verdicts import Check, Control
from archiver.documents import Document, time_text


def check_document(check: Check) -> Document:
    """One check, with its conditions and the records that show it."""
    return {
        "post": check.post,
        "at": time_text(check.at),
        "found": check.found.value,
        "reason": check.reason,
        "verdict": check.verdict,
        "conditions": dict(check.conditions.rows()),
        "answered_at": time_text(check.answered_at) if check.answered_at else None,
        "control": _control_document(check.control),
        "cursor": check.cursor,
        "evidence": list(check.evidence),
        "listing_evidence": list(check.listing_evidence),
    }


def _control_document(control: Control | None) -> Document | None:
    if control is None:
        return None
    return {
        "post": control.post,
        "at": time_text(control.at),
        "answered_at": time_text(control.answered_at) if control.answered_at else None,
        "present": control.present,
        "reason": control.reason,
        "evidence": list(control.evidence),
    }
