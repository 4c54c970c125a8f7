"""The one table of ledger event types and what PREMIS calls them.

Source: PREMIS event type vocabulary, id.loc.gov/vocabulary/preservation/eventType.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class EventType:
    """One thing the ledger can say.

    Attributes:
        premis: The PREMIS eventType that covers it.
        objects: Keys that ``objects`` of such an event must have.
        meaning: What is recorded, one line.
    """

    premis: str
    objects: tuple[str, ...]
    meaning: str


EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(
    {
        "account pinned": EventType(
            "accession", ("account",), "from now on this numeric id is the account"
        ),
        "account handle taken": EventType(
            "validation", ("account",), "the handle answers with another numeric id"
        ),
        "account assigned": EventType(
            "metadata modification", ("account",), "the body and unit it speaks for, since when"
        ),
        "note added": EventType(
            "metadata modification", ("account",), "a person's note on an account or a post"
        ),
        "note withdrawn": EventType(
            "metadata modification", ("account", "note"), "a note was taken back; it stays"
        ),
        "post withdrawn": EventType(
            "validation", ("account", "post"), "no longer shown to the public; the tombstone"
        ),
        "post returned": EventType(
            "validation", ("account", "post", "tombstone"), "a withdrawn post is shown again"
        ),
        "verdict confirmed": EventType(
            "validation", ("account", "post", "tombstone"), "a person confirms a withdrawal"
        ),
        "verdict disputed": EventType(
            "validation", ("account", "post", "tombstone"), "a person disputes a withdrawal"
        ),
        "cause stated": EventType(
            "metadata modification",
            ("account", "post", "tombstone"),
            "why a post was withdrawn, with the source that says so",
        ),
        "canary checked": EventType(
            "validation", ("run",), "a known post was visited before anything was judged"
        ),
        "run started": EventType("capture", ("run",), "a pass over accounts begins"),
        "run ended": EventType("capture", ("run",), "a pass over accounts came to its end"),
        "run interrupted": EventType(
            "capture", ("run",), "a pass over accounts was found unfinished"
        ),
        "segment closed": EventType(
            "message digest calculation", ("segment",), "a WARC file is final; its size and sha256"
        ),
        "quarantine": EventType("quarantine", ("file",), "damaged bytes were set aside"),
        "reindex": EventType("metadata extraction", (), "the catalogue was rebuilt"),
        "login": EventType(
            "policy assignment", ("identity",), "an identity's browser session was taken over"
        ),
        "engine changed": EventType(
            "policy assignment", ("engine",), "a newer client library passed its checks"
        ),
        "engine rolled back": EventType(
            "policy assignment", ("engine",), "an older client library is current again"
        ),
    }
)
