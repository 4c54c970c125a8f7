"""``jejak show``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from archiver.cli.call import reading_catalogue, the_call
from archiver.cli.output import print_json, print_table, say, when
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.playback import media_bytes
from archiver.post_address import post_id
from archiver.post_rows import full_row
from archiver.terminal import printable_lines
from storage.catalogue import history
from storage.catalogue.posts import MediaRow, PostRow, get


def show(
    context: typer.Context,
    post: Annotated[str, typer.Argument(metavar="POST", help=_("An id or any pasted address."))],
    media: Annotated[
        int | None, typer.Option("--media", metavar="N", help=_("Take out media number N."))
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("Where to write it."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> int:
    """Show a post, or write one of its media to a file."""
    config = the_call(context).config()
    wanted = post_id(post)
    if (media is None) != (output is None):
        raise UsageProblem(N_("--media N and -o FILE belong together."))
    with reading_catalogue(config) as catalogue, catalogue.reading() as conn:
        found = get(conn, wanted)
        if found is None:
            raise UsageProblem(
                N_("The archive has no post {id}."),
                hint=N_("See `jejak posts`; only captured posts can be shown."),
                id=wanted,
            )
        if media is not None and output is not None:
            item = _chosen(found, media)
            written = write_media(config.archive, conn, item, output)
            say(
                _("{file}: {bytes} bytes, {mime}, {sha256}, checked").format(
                    file=output, bytes=written, mime=item.mime, sha256=item.sha256
                )
            )
            return OK
        versions = history.versions(conn, wanted)
        observations = history.observations(conn, wanted)
        if as_json:
            print_json(full_row(found, versions, observations))
            return OK
        _print_post(found, config.content.archive.timezone)
        _print_media(found)
        _print_versions(versions, config.content.archive.timezone)
        _print_observations(observations, config.content.archive.timezone)
    return OK


def write_media(archive: Path, conn: Connection, item: MediaRow, output: Path) -> int:
    """Write checked media bytes to a new file.

    The file gets its name only when its SHA-256 was found right.

    Raises:
        UsageProblem: The file is there already or cannot be written.
        Damaged: The stored bytes are not what was recorded.
    """
    fresh = output.with_name(f".{output.name}.{os.getpid()}.part")
    written = 0
    try:
        if output.exists():
            raise FileExistsError(0, _("it is already there"))
        with fresh.open("xb") as out:
            for piece in media_bytes(archive, conn, item):
                written += out.write(piece)
        fresh.rename(output)
    except OSError as error:
        raise UsageProblem(
            N_("{file} cannot be written: {reason}."),
            hint=N_("Choose another name or folder."),
            file=output,
            reason=error.strerror,
        ) from None
    finally:
        fresh.unlink(missing_ok=True)
    return written


def _chosen(post: PostRow, number: int) -> MediaRow:
    if not 1 <= number <= len(post.media):
        raise UsageProblem(
            N_("{id} has {count} media; choose a number from 1."),
            id=post.id,
            count=len(post.media),
        )
    return post.media[number - 1]


def _print_post(post: PostRow, zone: str) -> None:
    facts = (
        (_("post"), post.id),
        (_("account"), post.account),
        (_("kind"), post.kind),
        (_("state"), post.state),
        (_("published"), when(post.published_at, zone)),
        (_("address"), post.permalink),
        (_("first seen"), when(post.first_seen, zone)),
        (_("last seen"), when(post.last_seen, zone)),
        (_("evidence"), ", ".join(post.evidence)),
    )
    for name, value in facts:
        say(f"{name}: {value or '-'}")
    say("")
    say(printable_lines(post.caption or ""))
    say("")


def _print_media(post: PostRow) -> None:
    print_table(
        ("N", _("kind"), _("role"), _("type"), _("bytes"), _("whole"), "SHA-256", _("record")),
        (
            (
                number,
                item.kind,
                item.role,
                item.mime,
                item.size_bytes,
                _("yes") if item.complete else _("no"),
                (item.sha256 or "").removeprefix("sha256:")[:16],
                item.record,
            )
            for number, item in enumerate(post.media, 1)
        ),
    )


def _print_versions(versions: tuple[history.VersionRow, ...], zone: str) -> None:
    say("")
    print_table(
        (_("version"), _("captured"), _("until"), _("media"), _("caption")),
        (
            (
                version.number,
                when(version.captured_at, zone),
                when(version.last_captured_at, zone),
                len(version.media),
                " ".join((version.caption or "").split())[:70],
            )
            for version in versions
        ),
    )


def _print_observations(observations: tuple[history.ObservationRow, ...], zone: str) -> None:
    say("")
    print_table(
        (_("seen at"), _("likes"), _("comments"), _("plays"), _("shares"), _("saves")),
        (
            (when(row.at, zone), row.likes, row.comments, row.plays, row.shares, row.saves)
            for row in observations
        ),
    )
