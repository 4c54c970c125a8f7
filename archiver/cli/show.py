"""``jejak show``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from archiver.account_life import GONE, PRIVATE, Condition, condition
from archiver.cli.account_history import condition_line
from archiver.cli.call import default_config_file, reading_catalogue, the_call
from archiver.cli.figures import in_zone, size, zone_word
from archiver.cli.media_out import chosen, file_name, take_out
from archiver.cli.more import print_comments, print_more
from archiver.cli.notes import print_notes
from archiver.cli.output import near, print_facts, print_json, print_table, say, tell_command, when
from archiver.cli.seen import print_seen
from archiver.cli.table import Column
from archiver.cli.timeline import print_counts, print_timeline
from archiver.cli.versions import print_versions
from archiver.config import Config
from archiver.errors import OK, UsageProblem
from archiver.i18n import N_, _
from archiver.post_address import post_id
from archiver.post_history import PostHistory, history_of
from archiver.post_rows import full_row
from archiver.state_words import state_lines
from archiver.terminal import printable_lines
from archiver.timeline import timeline
from archiver.wording import word_for
from storage.catalogue import accounts, notes, relations
from storage.catalogue import comments as comments_kept
from storage.catalogue.posts import PostRow, get


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
    whole: Annotated[
        bool, typer.Option("--all", help=_("Also print every single observation."))
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
            take_out(config.archive, conn, chosen(found, media), output)
            return OK
        past = history_of(conn, wanted)
        noted = notes.of_posts(conn, [wanted]).get(wanted, ())
        related = relations.accounts_of(conn, [wanted]).get(wanted, ())
        written = comments_kept.of_post(conn, wanted) if comments else ()
        count = comments_kept.count(conn, wanted)
        now = condition(accounts.looks(conn, found.account), found.account.partition(":")[2])
        if as_json:
            row = full_row(found, past, notes=noted, accounts=related, comments=count)
            row["account_condition"] = now.row()
            if comments:
                row["comments"] = [asdict(comment) for comment in written]
            print_json(row)
            return OK
        _print(found, past, now, config, whole=whole)
        print_seen(past.versions[-1].extra if past.versions else {})
        print_more(related, past.versions, count)
        print_comments(written, config.content.archive.timezone)
        if noted:
            say("")
            print_notes([one.note for one in noted], config.content.archive.timezone)
    return OK


def _print(
    post: PostRow, past: PostHistory, now: Condition, config: Config, *, whole: bool
) -> None:
    zone = config.content.archive.timezone
    for line in state_lines(
        post, past.tombstones, lambda at: f"{when(at, zone)} {zone_word(zone)}"
    ):
        say(line)
    if now.word in (GONE, PRIVATE):
        # That an account is closed marks no post, so the post's state does not tell it.
        said = condition_line(now, zone)
        say(_("its account: {condition}").format(condition=said))
    say("")
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
    print_versions(past, zone)
    entries = timeline(past.versions, past.observations, past.checks, past.events, whole=whole)
    print_timeline(entries, zone)
    print_counts(past.observations, zone, whole=whole)


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
