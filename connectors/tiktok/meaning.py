"""What TikTok's answers and yt-dlp's exceptions mean: the one table. Pure.

Three rules stand above it. The recorded answer is judged first, the library's
exception only when there is no usable answer. A block says nothing about a
post. And `Presence.GONE` needs the platform's own words that an item does not
exist, for a post that its listing does not show at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors import errors
from connectors.errors import ConnectorError
from connectors.model import Presence
from connectors.tap.journal import JournalEntry
from connectors.tap.retry_after import retry_after_s
from connectors.tiktok.answers import Answer, Form
from connectors.tiktok.visit import Download, Visit

ITEM_MISSING = 10204

VIDEO_STATUS: Mapping[int, tuple[Presence, str]] = {
    10216: (Presence.RESTRICTED, "private_post"),
    10222: (Presence.RESTRICTED, "private_account"),
    10231: (Presence.RESTRICTED, "region_locked"),
    10221: (Presence.UNKNOWN, "account_missing"),
    10101: (Presence.UNKNOWN, "server_trouble"),
    100004: (Presence.UNKNOWN, "server_trouble"),
}
"""``statusCode`` of a video page. Not listed: 0, and 10204 (`of_missing`);
every other code is UNKNOWN ``status_N``.

*Source:* recorded pages; what public clients read into the codes."""

USER_STATUS: Mapping[int, tuple[type[ConnectorError], str]] = {
    10221: (errors.AccountNotFound, "there is no such account"),
    10202: (errors.AccountNotFound, "there is no such account"),
    10222: (errors.AccountPrivate, "the account is private"),
}
"""``statusCode`` of a profile page, or of a listing, that shows no account."""

EXCEPTIONS: Mapping[str, type[ConnectorError]] = {
    # yt_dlp.networking.exceptions
    "HTTPError": errors.AnswerUnusable,
    "IncompleteRead": errors.NetworkFailure,
    "TransportError": errors.NetworkFailure,
    "SSLError": errors.NetworkFailure,
    "CertificateVerifyError": errors.NetworkFailure,
    "ProxyError": errors.NetworkFailure,
    "UnsupportedRequest": errors.LibraryChanged,
    "NoSupportingHandlers": errors.LibraryChanged,
    "RequestError": errors.LibraryChanged,
    # yt_dlp.utils: raised while a page is read
    "ExtractorError": errors.MalformedAnswer,
    "RegexNotFoundError": errors.MalformedAnswer,
    "_RequiredError": errors.MalformedAnswer,
    "GeoRestrictedError": errors.AnswerUnusable,
    "UnsupportedError": errors.LibraryChanged,
    "UserNotLive": errors.LibraryChanged,
    # yt_dlp.utils: of its own downloader and post-processors, which never run here
    "YoutubeDLError": errors.LibraryChanged,
    "DownloadError": errors.LibraryChanged,
    "EntryNotInPlaylist": errors.LibraryChanged,
    "SameFileError": errors.LibraryChanged,
    "PostProcessingError": errors.LibraryChanged,
    "DownloadCancelled": errors.LibraryChanged,
    "ExistingVideoReached": errors.LibraryChanged,
    "RejectedVideoReached": errors.LibraryChanged,
    "MaxDownloadsReached": errors.LibraryChanged,
    "ReExtractInfo": errors.LibraryChanged,
    "ThrottledDownload": errors.LibraryChanged,
    "UnavailableVideoError": errors.LibraryChanged,
    "ContentTooShortError": errors.LibraryChanged,
    "XAttrMetadataError": errors.LibraryChanged,
    "XAttrUnavailableError": errors.LibraryChanged,
    "UnsafeExecExpansionError": errors.LibraryChanged,
    "LockingUnsupportedError": errors.LibraryChanged,
    "_UnsafeExtensionError": errors.LibraryChanged,
}
"""Class name of a library exception -> error, when the answer does not tell."""

HINTS: Mapping[type[ConnectorError], str] = {
    errors.RateLimited: "Wait, and plan fewer requests a night for this account.",
    errors.Forbidden: "Wait some hours; if it stays, capture from another network address.",
    errors.LoginWall: "Wait some hours; import a browser session if it stays.",
    errors.Challenge: "Open the page in a browser on this network once, then try again.",
    errors.NetworkFailure: "Check the connection, the proxy and ca_file; then run it again.",
    errors.MalformedAnswer: "Look at the recorded answer; the platform may have changed.",
    errors.LibraryChanged: "Go back to the pinned yt-dlp, or update the table of meanings.",
    errors.AnswerUnusable: "Look at the recorded answer; the next run tries again.",
    errors.AccountUnavailable: "Nothing is concluded; look at the recorded page, try again later.",
    errors.AccountNotFound: "Check the handle in a browser; it may have been renamed.",
    errors.AccountPrivate: "Ask the account's owner to make it public again.",
}


def of_exception(failure: BaseException) -> type[ConnectorError]:
    """The error class of a library exception, by its nearest known ancestor.

    The library wraps what it could not do in its two general classes, and
    keeps the reason as ``cause``.
    """
    cause = getattr(failure, "cause", None)
    is_wrapper = type(failure).__name__ in ("RequestError", "ExtractorError")
    if is_wrapper and isinstance(cause, Exception) and _nearest(cause):
        return of_exception(cause)
    return _nearest(failure) or errors.LibraryChanged


def _nearest(failure: BaseException) -> type[ConnectorError] | None:
    names = (ancestor.__name__ for ancestor in type(failure).__mro__)
    return next((EXCEPTIONS[name] for name in names if name in EXCEPTIONS), None)


def of_missing(message: str, *, is_listed: bool, is_asked: bool = True) -> tuple[Presence, str]:
    """What a video page's 10204 concludes.

    The same code is given for removed items, and to visitors from regions
    and addresses that may not see an item.

    Args:
        message: ``statusMsg``; only the platform's own sentence counts.
        is_listed: Whether this visitor was shown the post in a listing just
            now: then it exists and is kept from this visitor.
        is_asked: Whether the page is that of the post asked for, and nothing
            in it speaks against its code.
    """
    if is_listed:
        return Presence.RESTRICTED, "status_10204"
    told = message.strip().lower().rstrip(".") == "item doesn't exist"
    return (Presence.GONE if told and is_asked else Presence.UNKNOWN), "status_10204"


def of_video_status(
    answer: Answer, *, is_listed: bool, is_asked: bool = True
) -> tuple[Presence, str]:
    """What a video page without the item asked for concludes."""
    if answer.status == ITEM_MISSING:
        return of_missing(answer.message, is_listed=is_listed, is_asked=is_asked)
    if answer.status:
        return VIDEO_STATUS.get(answer.status, (Presence.UNKNOWN, f"status_{answer.status}"))
    return Presence.UNKNOWN, "item_not_in_page"


def refusal(visit: Visit) -> ConnectorError | None:
    """The error of a visit that brought no page to read, or ``None``.

    Covers walls and failures of the transport; what a readable page says is
    judged by its reader.
    """
    entry = visit.last
    if entry is None or entry.status is None:
        return _unanswered(visit)
    if entry.limit:
        return errors.LimitExceeded(
            f"{_path(entry)} went beyond the limit {entry.limit}",
            limit=entry.limit,
            hint="Look at the recorded answer; raise the limit only if it is honest.",
            evidence=visit.evidence,
        )
    blocked = of_status(entry)
    if blocked is not None:
        return blocked
    if entry.truncated is not None:
        return make(errors.NetworkFailure, f"{_path(entry)} was cut off", visit)
    return None


def of_status(entry: JournalEntry) -> ConnectorError | None:
    """The block an HTTP status declares, or ``None``."""
    evidence = (entry.record_id,)
    if entry.status == 429:
        return errors.RateLimited(
            "TikTok asks to slow down (429)",
            retry_after_s=retry_after_s(entry),
            hint=HINTS[errors.RateLimited],
            evidence=evidence,
        )
    if entry.status in (401, 403):
        return errors.Forbidden(
            f"TikTok refuses this visitor ({entry.status})",
            hint=HINTS[errors.Forbidden],
            evidence=evidence,
        )
    return None


def of_form(answer: Answer, visit: Visit, subject: str) -> ConnectorError | None:
    """The error of an answer that holds no data, or ``None``."""
    if answer.form is Form.DATA:
        return None
    if answer.form is Form.CHALLENGE:
        return make(errors.Challenge, f"TikTok wants a person to open {subject}", visit)
    what = {Form.SHELL: "a page without data", Form.EMPTY: "an empty answer"}
    found = what.get(answer.form, "something that is not JSON")
    return make(errors.MalformedAnswer, f"{subject} was answered with {found}", visit)


def of_download(download: Download) -> tuple[str, str] | None:
    """Problem code and sentence for a media answer that is not whole, or ``None``."""
    entry = download.last
    if entry is None or entry.status is None:
        return "no_answer", f"no answer came ({_said(download.failure)})"
    if entry.limit:
        return "limit_" + entry.limit, f"the answer went beyond the limit {entry.limit}"
    if entry.status != 200:
        return f"http_{entry.status}", f"the media host answered {entry.status}"
    if entry.truncated is not None:
        return "incomplete", f"the file was cut after {download.size_bytes} bytes"
    if download.failure is not None:
        return "unreadable", f"the file could not be read ({_said(download.failure)})"
    if download.size_bytes == 0:
        return "empty", "the media host sent no bytes"
    return None


def make(kind: type[ConnectorError], message: str, visit: Visit) -> ConnectorError:
    """An error with the table's hint and the visit's evidence."""
    return kind(message, hint=HINTS.get(kind, ""), evidence=visit.evidence)


def _unanswered(visit: Visit) -> ConnectorError:
    failure = visit.failure
    kind = errors.NetworkFailure if failure is None else of_exception(failure)
    if visit.entries and kind is not errors.LibraryChanged:
        # Something was sent, so the silence is the network's.
        kind = errors.NetworkFailure
    return make(kind, f"TikTok did not answer ({_said(failure)})", visit)


def _said(failure: Exception | None) -> str:
    """The class of an exception; its text may hold addresses with secrets."""
    return type(failure).__name__ if failure is not None else "no exception"


def _path(entry: JournalEntry) -> str:
    return entry.url.split("?", 1)[0]


def login_wall(subject: str, visit: Visit) -> ConnectorError:
    """The error of a visit that ended at the login page."""
    return make(errors.LoginWall, f"TikTok wants a login for {subject}", visit)
