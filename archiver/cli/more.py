"""What ``jejak show`` says of a post's authors and comments."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.cli.figures import in_zone, number
from archiver.cli.output import print_facts, print_table, say, tell, when
from archiver.cli.table import Column
from archiver.i18n import _
from archiver.terminal import printable_lines
from archiver.wording import word_for
from storage.catalogue.comments import CommentRow
from storage.catalogue.history import VersionRow
from storage.catalogue.relations import PostAccount


def print_more(
    accounts: Sequence[PostAccount], versions: Sequence[VersionRow], comments: int
) -> None:
    """All authors, other accounts under which the post stands, and how many comments."""
    authors = versions[-1].authors if versions else ()
    named = {author["account"] for author in authors}
    lines = [(author["role"], author["handle"], author["account"]) for author in authors]
    lines += [(one.role, one.handle, one.account) for one in accounts if one.account not in named]
    if lines:
        say("")
        print_facts(
            tuple(
                (word_for(role), f"@{handle} ({key or '-'})" if handle else key)
                for role, handle, key in lines
            )
        )
    if comments:
        say("")
        tell(
            _(
                "{count} comments are kept. They are graded terbatas; --comments prints them."
            ).format(count=number(comments))
        )


def print_comments(comments: Sequence[CommentRow], zone: str) -> None:
    """Comments under pseudonyms."""
    if not comments:
        return
    print_table(
        (
            Column(in_zone(_("written"), zone)),
            Column(_("author")),
            Column(_("likes"), right=True),
            Column(_("comment"), cuts=True, widest=160),
        ),
        (
            (
                when(comment.written_at, zone),
                comment.account or comment.author or "",
                number(comment.likes),
                " ".join(printable_lines(comment.text).split()),
            )
            for comment in comments
        ),
    )
