"""``jejak posts``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.figures import in_zone
from archiver.cli.output import print_json, print_table, when
from archiver.cli.table import Column
from archiver.config import Config
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.local_time import day_end, day_start
from archiver.post_notes import NotedPost, marked, with_notes
from archiver.post_rows import post_row, window_row
from archiver.state_words import state_of_word
from archiver.wording import word_for
from connectors import PLATFORMS
from connectors.model import PostKind
from storage.catalogue import tombstones
from storage.catalogue.posts import PostFilter, PostRow, find
from storage.catalogue.states import DELETED, PRESENT, STATES

UNKNOWN_VALUE = N_("{option} {value}: expected one of: {known}.")
_BATCH = 200


def posts(
    context: typer.Context,
    account: Annotated[
        str | None, typer.Option(metavar=_("ACCOUNT"), help=_("Of this account only."))
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(metavar=_("KIND"), help=_("photo, carousel, reel, video or photo-mode.")),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            metavar=_("STATE"), help=_("present, unavailable, deleted, returned or expired.")
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar=_("DATE"), help=_("Published on this day or later."))
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar=_("DATE"), help=_("Published on this day or earlier."))
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(
            metavar=_("TEXT"),
            help=_(
                'With these words in any version: banjir, "balai kota", vaksin*, #tag, @handle, '
                "-word, one OR other."
            ),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Find posts, newest first."""
    config = the_call(context).config()
    zone = ZoneInfo(config.content.archive.timezone)
    wanted = PostFilter(
        account=account_key(config, account) if account else None,
        kind=one_of(kind, tuple(PostKind), "--kind"),
        state=asked_state(state) if state else None,
        since=day_start(since, zone) if since else None,
        until=day_end(until, zone) if until else None,
        search=search or None,
    )
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = with_notes(conn, find(conn, wanted))
        if as_json:
            for row in _rows(conn, found):
                print_json(row)
            return OK
        _print(list(found), config.content.archive.timezone)
    return OK


def _rows(conn: Connection, found: Iterable[NotedPost]) -> Iterator[dict[str, object]]:
    """As JSON values; those of withdrawn posts tell between which moments they vanished."""
    coming = iter(found)
    while batch := list(islice(coming, _BATCH)):
        stones = tombstones.of_posts(conn, [p.id for p, _notes in batch if p.state == DELETED])
        for post, notes in batch:
            yield post_row(post, notes) | window_row(post, stones.get(post.id, ()))


def _print(found: Sequence[NotedPost], zone: str) -> None:
    # Where all are shown as ever, a column of one word says nothing.
    told = any(post.state != PRESENT for post, _notes in found)
    print_table(
        (
            Column(in_zone(_("published"), zone)),
            Column(_("post")),
            *((Column(_("state")),) if told else ()),
            Column(_("kind")),
            Column(_("media"), right=True, spare=True),
            Column(_("versions"), right=True, spare=True),
            Column(_("caption"), cuts=True, widest=160, least=32),
        ),
        (
            (
                when(post.published_at, zone),
                post.id,
                *((word_for(post.state),) if told else ()),
                word_for(post.kind),
                _whole(post),
                post.versions,
                marked(notes) + " ".join((post.caption or "").split()),
            )
            for post, notes in found
        ),
        empty=_("No post that is kept fits."),
    )


def _whole(post: PostRow) -> str:
    """How many media items are kept; ``3/4`` when not all of them are."""
    kept = sum(item.complete for item in post.media)
    return str(kept) if kept == len(post.media) else f"{kept}/{len(post.media)}"


def account_key(config: Config, asked: str) -> str:
    """The key of an account; one that is no longer configured may be given by key."""
    platform, colon, native_id = asked.partition(":")
    if colon and platform in PLATFORMS and native_id.isdigit():
        return asked
    return config.account(asked).key


def asked_state(word: str, states: tuple[str, ...] = STATES) -> str:
    """The state that a person named, by its code or in words.

    Args:
        states: Those that may be asked for.

    Raises:
        UsageProblem: It is none of them.
    """
    state = state_of_word(word)
    if state not in states:
        names = dict.fromkeys(name for code in states for name in (word_for(code), code))
        raise UsageProblem(
            UNKNOWN_VALUE, option="--state", value=repr(word[:40]), known=", ".join(names)
        )
    return state


def one_of(value: str | None, known: tuple[str, ...], option: str) -> str | None:
    """What an option was given, if that is one of what it takes."""
    if value is not None and value not in known:
        raise UsageProblem(
            UNKNOWN_VALUE,
            option=option,
            value=repr(value[:40]),
            known=", ".join(known),
        )
    return value
