"""Taking one media item out of the archive: checked bytes in a file of their own."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from sqlalchemy import Connection

from archiver.cli.figures import size
from archiver.cli.output import say, tell
from archiver.errors import UsageProblem
from archiver.i18n import N_, _
from archiver.os_words import reason_of
from archiver.playback import media_bytes
from storage.catalogue.posts import MediaRow, PostRow

ENDINGS = {"image/jpeg": ".jpg", "audio/mp4": ".m4a", "audio/mpeg": ".mp3"}
"""File endings that people know; else what the media type says."""


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


def chosen(post: PostRow, number: int) -> MediaRow:
    """Media number so and so of a post, counted from 1.

    Raises:
        UsageProblem: It has no such number.
    """
    if not 1 <= number <= len(post.media):
        raise UsageProblem(
            N_("{id} has {count} media; choose a number from 1."),
            id=post.id,
            count=len(post.media),
        )
    return post.media[number - 1]


def file_name(post: PostRow, position: int, item: MediaRow) -> str:
    """A name for a media item that works on every machine: ``instagram-CODE-1.jpg``."""
    ending = ENDINGS.get(item.mime or "", "." + (item.mime or "").rpartition("/")[2])
    return f"{post.id.replace(':', '-')}-{position}{ending.rstrip('.')}"
