"""``jejak verdict``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from sqlalchemy import Connection

from archiver.cli.call import reading_catalogue, the_call, utc_now
from archiver.cli.figures import in_zone
from archiver.cli.groups import group
from archiver.cli.output import print_json, print_table, say, when
from archiver.cli.posts import account_key, asked_state
from archiver.cli.table import Column
from archiver.errors import OK
from archiver.i18n import _
from archiver.post_address import post_id
from archiver.reasons import REASONS, sentence_for
from archiver.verdict_acts import confirm, dispute, state_cause
from archiver.wording import cause_for, word_for
from storage.catalogue import posts, tombstones
from storage.catalogue.checks import EXPIRED, UNAVAILABLE
from storage.catalogue.posts import PostFilter, PostRow
from storage.catalogue.states import DELETED, RETURNED
from storage.catalogue.tombstones import TombstoneRow

STATES = (DELETED, RETURNED, UNAVAILABLE, EXPIRED)
LISTED = (DELETED, RETURNED, UNAVAILABLE)
"""Without stories that ended by themselves, which are many."""

Judged = tuple[PostRow, tuple[TombstoneRow, ...]]

Post = Annotated[str, typer.Argument(metavar=_("POST"), help=_("Its id or address."))]
Reason = Annotated[str, typer.Option(metavar=_("TEXT"), help=_("Why; it stays in the ledger."))]
Reference = Annotated[
    str | None, typer.Option(metavar=_("TEXT"), help=_("The decree or letter that says so."))
]


def build() -> typer.Typer:
    """``jejak verdict`` and its commands."""
    return group(
        _("What is concluded of posts that are no longer shown, and what people say of it."),
        {
            "list": (list_verdicts, _("Show posts that are, or were, no longer shown.")),
            "confirm": (confirm_verdict, _("Confirm that a post was withdrawn.")),
            "dispute": (dispute_verdict, _("Dispute that a post was withdrawn.")),
            "cause": (cause, _("Say why a post was withdrawn, and who says so.")),
        },
    )


def list_verdicts(
    context: typer.Context,
    account: Annotated[
        str | None, typer.Option(metavar=_("ACCOUNT"), help=_("Of this account only."))
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            metavar=_("STATE"), help=_("deleted, returned, unavailable or expired (stories).")
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show posts that are, or were, no longer shown."""
    config = the_call(context).config()
    key = account_key(config, account) if account else None
    chosen = asked_state(state, STATES) if state else None
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = sorted(
            _judged(conn, key, (chosen,) if chosen else LISTED),
            key=lambda one: (one[0].state_since, one[0].id),
            reverse=True,
        )
    if as_json:
        for post, stones in found:
            print_json(_row(post, stones))
        return OK
    _print(found, config.content.archive.timezone)
    return OK


def _judged(conn: Connection, account: str | None, states: Sequence[str]) -> Iterator[Judged]:
    for state in states:
        for post in posts.find(conn, PostFilter(account=account, state=state)):
            yield post, tombstones.of_post(conn, post.id)


def _row(post: PostRow, stones: Sequence[TombstoneRow]) -> dict[str, object]:
    return {
        "id": post.id,
        "account": post.account,
        "state": post.state,
        "reason": post.state_reason,
        "since": post.state_since,
        "last_seen": post.last_seen,
        "tombstones": [asdict(stone) for stone in stones],
    }


def _print(found: Sequence[Judged], zone: str) -> None:
    print_table(
        (
            Column(_("post")),
            Column(_("state")),
            Column(in_zone(_("seen until"), zone)),
            Column(_("gone by"), spare=True),
            Column(_("confirmed"), spare=True),
            Column(_("cause"), spare=True),
            Column(_("reason"), cuts=True, widest=70, least=20),
        ),
        ((post.id, word_for(post.state), *_window(post, stones, zone)) for post, stones in found),
        empty=_("Every post that was ever seen is still shown, as far as is known."),
    )


def _window(post: PostRow, stones: Sequence[TombstoneRow], zone: str) -> tuple[object, ...]:
    """Seen until, gone by, confirmed, cause, reason."""
    reason = f"{sentence_for(post.state_reason)}" if post.state_reason in REASONS else ""
    stone = stones[-1] if stones and post.state in (DELETED, RETURNED) else None
    if stone is None:
        return when(post.last_seen, zone), when(post.state_since, zone), "", "", reason
    if post.state == RETURNED:
        reason = _("shown again since {time}").format(time=when(post.state_since, zone))
    elif stone.confirmed_by_person is not None:
        who = stone.confirmed_by_person.removeprefix("person ")
        reason = _("confirmed by {who}: {reason}").format(who=who, reason=stone.confirmed_reason)
    times = (when(t, zone) for t in (stone.absent_after, stone.absent_by, stone.confirmed_at))
    return *times, cause_for(stone.cause), reason


def confirm_verdict(
    context: typer.Context, post: Post, reason: Reason, reference: Reference = None
) -> int:
    """Confirm that a post was withdrawn."""
    config = the_call(context).config()
    stone = confirm(config, utc_now, post_id(post), reason, reference)
    say(_("The withdrawal of {post} is confirmed.").format(post=stone.post))
    return OK


def dispute_verdict(
    context: typer.Context, post: Post, reason: Reason, reference: Reference = None
) -> int:
    """Dispute that a post was withdrawn."""
    config = the_call(context).config()
    stone = dispute(config, utc_now, post_id(post), reason, reference)
    say(
        _("The withdrawal of {post} is disputed; it no longer counts as withdrawn.").format(
            post=stone.post
        )
    )
    return OK


def cause(
    context: typer.Context,
    post: Post,
    cause: Annotated[
        str,
        typer.Argument(
            metavar=_("CAUSE"),
            help=_("owner_deleted, owner_archived, platform_removed or unknown."),
        ),
    ],
    source: Annotated[
        str, typer.Option(metavar=_("TEXT"), help=_("Who or what says so; it stays."))
    ],
    reference: Reference = None,
) -> int:
    """Say why a post was withdrawn."""
    config = the_call(context).config()
    stone = state_cause(config, utc_now, post_id(post), cause, source, reference)
    say(
        _("{post} was withdrawn; cause: {cause}. Source: {source}").format(
            post=stone.post, cause=cause_for(cause), source=source.strip()
        )
    )
    return OK
