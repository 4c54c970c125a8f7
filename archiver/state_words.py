"""How a post stands, in sentences for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archiver.i18n import _, in_every_language, translate
from archiver.reasons import REASONS
from archiver.wording import cause_for, word_for
from storage.catalogue.checks import EXPIRED, UNAVAILABLE
from storage.catalogue.posts import PostRow
from storage.catalogue.states import DELETED, PRESENT, RETURNED, STATES
from storage.catalogue.tombstones import TombstoneRow

When = Callable[[str | None], str]
"""From stored UTC text to the office's own time."""


def state_lines(post: PostRow, tombstones: Sequence[TombstoneRow], when: When) -> tuple[str, ...]:
    """What is to be known first about a post.

    Args:
        tombstones: Its withdrawals, oldest first.

    Returns:
        The state with its window in time; then cause and what people said of it.
    """
    stone = tombstone_of(post, tombstones)
    times = {"since": when(post.state_since), "seen": when(post.last_seen)}
    sentences = {
        PRESENT: _("last seen {seen}."),
        UNAVAILABLE: _("last seen {seen}, not seen since {since}; that proves no withdrawal."),
        RETURNED: _("shown again since {since}; last seen {seen}."),
        EXPIRED: _("last seen {seen}; found ended on {since}."),
    }
    lines = [f"{word_for(post.state)}: {sentences.get(post.state, '').format(**times)}"]
    if post.state == DELETED and stone is not None:
        lines = [
            word_for(DELETED)
            + ": "
            + _("no longer available to the public, since between {after} and {by}.").format(
                after=when(stone.absent_after), by=when(stone.absent_by)
            )
        ]
    if post.state_reason:
        lines.append(_("reason: {reason}").format(reason=reason_words(post.state_reason)))
    if stone is not None:
        lines += _said(post, stone, when)
    return tuple(lines)


def tombstone_of(post: PostRow, tombstones: Sequence[TombstoneRow]) -> TombstoneRow | None:
    """The withdrawal that a post's state is about: of several without a sighting
    between them the first, else the newest."""
    told = [stone for stone in tombstones if stone.absent_by == post.state_since]
    return next(iter(told), tombstones[-1] if tombstones else None)


def reason_words(code: str) -> str:
    """What a reason code means; a code nobody has a sentence for stays."""
    return translate(REASONS[code][0]) if code in REASONS else code


def cause_words(stone: TombstoneRow, when: When) -> str:
    """The cause of a withdrawal with its source; unknown unless somebody stated one."""
    if stone.cause is None:
        return _("cause: unknown; nobody has stated one.")
    told = {
        "cause": cause_for(stone.cause),
        "source": stone.cause_source or "-",
        "who": who(stone.cause_by),
        "at": when(stone.cause_at),
    }
    return _("cause: {cause}. Source: {source} (stated by {who}, {at}).").format(**told)


def who(agent: str | None) -> str:
    """A person's name alone; a program as it calls itself."""
    return (agent or "-").removeprefix("person ").removeprefix("program ")


def state_of_word(word: str) -> str | None:
    """The state that a person names: its code, or the word for it in any language."""
    asked = _plain(word)
    for code in STATES:
        if asked in map(_plain, (code, *in_every_language(code))):
            return code
    return None


def _plain(word: str) -> str:
    return " ".join(word.casefold().replace("-", " ").split())


def _said(post: PostRow, stone: TombstoneRow, when: When) -> list[str]:
    """Cause, returns, confirmations and disputes of the newest withdrawal."""
    lines = []
    if post.state == RETURNED:
        window = {"after": when(stone.absent_after), "by": when(stone.absent_by)}
        lines.append(_("It was withdrawn between {after} and {by}.").format(**window))
    lines.append(cause_words(stone, when))
    confirmed = (stone.confirmed_by_person, stone.confirmed_by_person_at, stone.confirmed_reason)
    disputed = (stone.disputed_by, stone.disputed_at, stone.disputed_reason)
    for (agent, at, reason), sentence in (
        (confirmed, _("confirmed by {who}, {at}: {reason}")),
        (disputed, _("disputed by {who}, {at}: {reason}")),
    ):
        if at:
            lines.append(sentence.format(who=who(agent), at=when(at), reason=reason or "-"))
    return lines
