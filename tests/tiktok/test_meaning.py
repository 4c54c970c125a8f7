from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import pytest
import yt_dlp.extractor.tiktok
import yt_dlp.networking.exceptions
import yt_dlp.utils
import yt_dlp.utils._utils
import yt_dlp.utils.traversal
from yt_dlp.networking.exceptions import HTTPError, RequestError, SSLError, TransportError
from yt_dlp.utils import ExtractorError

from connectors import errors
from connectors.model import Presence, RecordId
from connectors.tap.journal import JournalEntry
from connectors.tap.retry_after import retry_after_s
from connectors.tiktok import meaning
from connectors.tiktok.answers import Answer, Form

MODULES = (
    yt_dlp.networking.exceptions,
    yt_dlp.utils,
    yt_dlp.utils._utils,
    yt_dlp.utils.networking,
    yt_dlp.utils.traversal,
    yt_dlp.extractor.tiktok,
)


def library_exceptions() -> set[str]:
    """Every exception class the library defines where pages are read."""
    return {
        kind.__name__
        for module in MODULES
        for kind in vars(module).values()
        if inspect.isclass(kind)
        and issubclass(kind, BaseException)
        and kind.__module__.startswith("yt_dlp")
        and not kind.__name__.startswith("compat_")
    }


def test_the_table_knows_every_exception_of_the_library() -> None:
    assert library_exceptions() == set(meaning.EXCEPTIONS)


def test_no_exception_means_that_something_is_gone() -> None:
    assert all(issubclass(kind, errors.ConnectorError) for kind in meaning.EXCEPTIONS.values())
    gone = [status for status, (found, _) in meaning.VIDEO_STATUS.items() if found is Presence.GONE]
    assert gone == []


def test_the_nearest_known_ancestor_decides() -> None:
    class New(TransportError): ...

    assert meaning.of_exception(New()) is errors.NetworkFailure
    assert meaning.of_exception(KeyError("x")) is errors.LibraryChanged
    assert meaning.of_exception(RequestError(cause=SSLError())) is errors.NetworkFailure
    wrapped = ExtractorError("x", cause=RequestError(cause=TransportError()))
    assert meaning.of_exception(wrapped) is errors.NetworkFailure
    assert meaning.of_exception(ExtractorError("x")) is errors.MalformedAnswer
    assert HTTPError.__name__ in meaning.EXCEPTIONS


@pytest.mark.parametrize(
    ("message", "is_listed", "presence"),
    [
        ("item doesn't exist", False, Presence.GONE),
        ("Item doesn't exist.", False, Presence.GONE),
        ("item doesn't exist", True, Presence.RESTRICTED),
        ("", False, Presence.UNKNOWN),
        ("not available in your region", False, Presence.UNKNOWN),
    ],
)
def test_10204(message: str, is_listed: bool, presence: Presence) -> None:
    answer = Answer(Form.DATA, 10204, message)
    found = meaning.of_video_status(answer, is_listed=is_listed)
    assert found == (presence, "status_10204")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("", None), ("soon", None), ("Tue, 24 Nov 2026 12:01:00 GMT", 60.0)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    entry = JournalEntry(
        RecordId("urn:uuid:0"), "GET", "https://x/", headers={"retry-after": value}
    )
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert retry_after_s(entry, now) == seconds
    past = now + timedelta(days=1)
    assert retry_after_s(entry, past) in (seconds, 0.0)
