"""``jejak posts``."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.output import print_json, print_table, when
from archiver.config import Config
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.local_time import day_end, day_start
from archiver.post_rows import post_row
from archiver.terminal import one_line
from connectors import PLATFORMS
from connectors.model import PostKind
from storage.catalogue.posts import PostFilter, find

STATES = ("present",)


def posts(
    context: typer.Context,
    account: Annotated[
        str | None, typer.Option(metavar="ACCOUNT", help=_("Of this account only."))
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help=_("photo, carousel, reel, video or photo-mode."))
    ] = None,
    state: Annotated[str | None, typer.Option(help=_("present."))] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help=_("Published on this day or later."))
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help=_("Published on this day or earlier."))
    ] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help=_("With this text in the caption."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Find posts, newest first."""
    config = the_call(context).config()
    zone = ZoneInfo(config.content.archive.timezone)
    wanted = PostFilter(
        account=account_key(config, account) if account else None,
        kind=_one_of(kind, tuple(PostKind), "--kind"),
        state=_one_of(state, STATES, "--state"),
        since=day_start(since, zone) if since else None,
        until=day_end(until, zone) if until else None,
        search=search or None,
    )
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = find(conn, wanted)
        if as_json:
            for post in found:
                print_json(post_row(post))
            return OK
        zone_name = config.content.archive.timezone
        print_table(
            (
                _("published"),
                _("post"),
                _("kind"),
                _("media"),
                _("versions"),
                _("caption"),
            ),
            (
                (
                    when(post.published_at, zone_name),
                    post.id,
                    post.kind,
                    f"{sum(m.complete for m in post.media)}/{len(post.media)}",
                    post.versions,
                    one_line(post.caption, 70),
                )
                for post in found
            ),
        )
    return OK


def account_key(config: Config, asked: str) -> str:
    """The key of an account; one that is no longer configured may be given by key."""
    platform, colon, native_id = asked.partition(":")
    if colon and platform in PLATFORMS and native_id.isdigit():
        return asked
    return config.account(asked).key


def _one_of(value: str | None, known: tuple[str, ...], option: str) -> str | None:
    if value is not None and value not in known:
        raise UsageProblem(
            N_("{option} {value}: expected one of: {known}."),
            option=option,
            value=repr(value[:40]),
            known=", ".join(known),
        )
    return value
