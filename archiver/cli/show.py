"""``jejak show``."""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from archiver.cli.call import default_config_file, reading_catalogue, the_call
from archiver.cli.figures import in_zone, number, size
from archiver.cli.more import print_comments, print_more
from archiver.cli.notes import print_notes
from archiver.cli.output import (
    near,
    print_facts,
    print_json,
    print_table,
    say,
    tell,
    tell_command,
    when,
)
from archiver.cli.seen import print_seen
from archiver.cli.table import Column
from archiver.config import Config
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.os_words import reason_of
from archiver.playback import media_bytes
from archiver.post_address import post_id
from archiver.post_rows import full_row
from archiver.terminal import printable_lines
from archiver.wording import word_for
from storage.catalogue import comments as comments_kept
from storage.catalogue import history, notes, relations
from storage.catalogue.posts import MediaRow, PostRow, get

ENDINGS = {"image/jpeg": ".jpg", "audio/mp4": ".m4a", "audio/mpeg": ".mp3"}
"""File endings that people know; else what the media type says."""


def show(
    context: typer.Context,
    post: Annotated[str, typer.Argument(metavar=_("POST"), help=_("An id or any pasted address."))],
    media: Annotated[
        int | None, typer.Option("--media", metavar="N", help=_("Take out media number N."))
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar=_("FILE"), help=_("Where to write it."))
    ] = None,
    comments: Annotated[
        bool, typer.Option("--comments", help=_("Also print the comments that are kept."))
    ] = False,
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
            take_out(config.archive, conn, item, output)
            return OK
        versions = history.versions(conn, wanted)
        observations = history.observations(conn, wanted)
        noted = notes.of_posts(conn, [wanted]).get(wanted, ())
        related = relations.accounts_of(conn, [wanted]).get(wanted, ())
        written = comments_kept.of_post(conn, wanted) if comments else ()
        count = comments_kept.count(conn, wanted)
        if as_json:
            row = full_row(
                found, versions, observations, notes=noted, accounts=related, comments=count
            )
            if comments:
                row["comments"] = [asdict(comment) for comment in written]
            print_json(row)
            return OK
        _print(found, versions, observations, config)
        print_seen(versions[-1].extra if versions else {})
        print_more(related, versions, count)
        print_comments(written, config.content.archive.timezone)
        if noted:
            say("")
            print_notes([one.note for one in noted], config.content.archive.timezone)
    return OK


def take_out(archive: Path, conn: Connection, item: MediaRow, output: Path) -> None:
    """Write a media item to a file, or to standard output for ``-``, and say what it is."""
    if str(output) == "-":
        # Checked while it runs: a pipe cannot wait for the end, so a damaged
        # item ends in an error after its bytes.
        if sys.stdout.isatty():
            raise UsageProblem(
                N_("A media item is no text; it is not written to a terminal."),
                hint=N_("Give a file name after -o, or end the command with `> FILE`."),
            )
        written = sum(map(sys.stdout.buffer.write, media_bytes(archive, conn, item)))
    else:
        written = write_media(archive, conn, item, output)
    facts = {"size": size(written), "mime": item.mime or "?", "sha256": item.sha256}
    if str(output) == "-":
        tell(_("Written: {size}, {mime}, {sha256}, checked").format(**facts))
    else:
        say(_("Written: {file} ({size}, {mime})").format(file=output, **facts))
        say(_("Checked: {sha256}").format(**facts))


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
            raise FileExistsError(errno.EEXIST, "it is already there")
        with fresh.open("xb") as out:
            for piece in media_bytes(archive, conn, item):
                written += out.write(piece)
        fresh.rename(output)
    except OSError as error:
        raise UsageProblem(
            N_("{file} cannot be written: {reason}."),
            hint=N_("Choose another name or folder."),
            file=output,
            reason=reason_of(error),
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


def _print(
    post: PostRow,
    versions: tuple[history.VersionRow, ...],
    observations: tuple[history.ObservationRow, ...],
    config: Config,
) -> None:
    zone = config.content.archive.timezone
    names = (_("evidence"), *[""] * len(post.evidence))
    print_facts(
        (
            (_("post"), post.id),
            (_("account"), post.account),
            (_("kind"), word_for(post.kind)),
            (_("state"), word_for(post.state)),
            (_("address"), post.permalink),
            (in_zone(_("published"), zone), when(post.published_at, zone)),
            (_("first seen"), when(post.first_seen, zone)),
            (_("last seen"), when(post.last_seen, zone)),
            *((name, record) for name, record in zip(names, post.evidence, strict=False)),
        )
    )
    say("")
    say(printable_lines(post.caption or ""))
    _print_media(post, config.file)
    _print_versions(versions, zone)
    _print_observations(observations, zone)


def _print_media(post: PostRow, config: Path) -> None:
    say("")
    print_table(
        (
            Column(_("media"), right=True),
            Column(_("kind")),
            Column(_("role")),
            Column(_("type"), spare=True),
            Column(_("size"), right=True),
            Column(_("whole")),
            Column("SHA-256", spare=True),
            Column(_("record"), cuts=True, least=45),
        ),
        (
            (
                position,
                word_for(item.kind),
                word_for(item.role),
                item.mime,
                size(item.size_bytes),
                _("yes") if item.complete else _("no"),
                (item.sha256 or "").removeprefix("sha256:")[:16],
                item.record,
            )
            for position, item in enumerate(post.media, 1)
        ),
    )
    if post.media:
        name = file_name(post, 1, post.media[0])
        here = default_config_file().absolute()
        program = "jejak" if config == here else f"jejak --config {near(config)}"
        tell_command(
            _("To play a media item, take it out by its number first:"),
            f"{program} show {post.id} --media 1 -o {name}",
        )


def file_name(post: PostRow, position: int, item: MediaRow) -> str:
    """A name for a media item that works on every machine: ``instagram-CODE-1.jpg``."""
    ending = ENDINGS.get(item.mime or "", "." + (item.mime or "").rpartition("/")[2])
    return f"{post.id.replace(':', '-')}-{position}{ending.rstrip('.')}"


def _print_versions(versions: tuple[history.VersionRow, ...], zone: str) -> None:
    say("")
    print_table(
        (
            Column(_("version"), right=True),
            Column(in_zone(_("captured"), zone)),
            Column(_("until"), spare=True),
            Column(_("media"), right=True),
            Column(_("caption"), cuts=True, widest=160),
        ),
        (
            (
                version.number,
                when(version.captured_at, zone),
                when(version.last_captured_at, zone),
                len(version.media),
                " ".join((version.caption or "").split()),
            )
            for version in versions
        ),
    )


def _print_observations(observations: tuple[history.ObservationRow, ...], zone: str) -> None:
    say("")
    metrics = (_("likes"), _("comments"), _("plays"), _("shares"), _("saves"))
    print_table(
        (
            Column(in_zone(_("seen at"), zone)),
            *(Column(name, right=True) for name in metrics),
        ),
        (
            (
                when(row.at, zone),
                *map(number, (row.likes, row.comments, row.plays, row.shares, row.saves)),
            )
            for row in observations
        ),
    )
