"""The versions of ``jejak show``: each, and what it changed against the one before."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.cli.figures import in_zone
from archiver.cli.output import print_table, say, say_changed, when
from archiver.cli.table import Column
from archiver.i18n import _
from archiver.post_history import PostHistory
from archiver.versions.difference_words import difference_lines
from storage.catalogue.history import VersionRow


def print_versions(history: PostHistory, zone: str) -> None:
    """A table of the versions; below it, what changed from one to the next."""
    say("")
    print_table(
        (
            Column(_("version"), right=True),
            Column(in_zone(_("captured"), zone)),
            Column(_("last capture"), spare=True),
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
            for version in history.versions
        ),
    )
    handles = _handles(history.versions)
    for version in history.versions[1:]:
        say("")
        say(_("version {number} changed:").format(number=version.number))
        for name, stretches in difference_lines(history.changes[version.number], handles):
            say_changed(name, stretches)


def _handles(versions: Sequence[VersionRow]) -> dict[str, str]:
    """Names of authors by their numeric ids."""
    return {
        str(author["account"]).partition(":")[2]: f"@{author['handle']}"
        for version in versions
        for author in version.authors
        if author["account"]
    }
