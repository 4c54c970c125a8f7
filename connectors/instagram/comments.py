"""Recorded comment answers -> values of `connectors.model`. Pure.

Two dialects: the web query (``edge_media_to_parent_comment``) and the mobile
interface (``comments``, ``child_comments``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.instagram.reading import Unreadable, dig, digits, flag, items, moment, number, text
from connectors.model import Comment, Problem, RecordId


@dataclass(frozen=True, slots=True)
class CommentList:
    """One answer with comments.

    Attributes:
        comments: Each followed by the replies that stand under it.
        unfolded: Comments with more replies than the answer shows.
        entries: How many comments it held, readable or not.
        has_next: ``None`` when the answer did not say.
        cursor: Where the next page begins; ``None`` when not told.
    """

    comments: tuple[Comment, ...]
    problems: tuple[Problem, ...]
    unfolded: tuple[str, ...]
    entries: int
    has_next: bool | None
    cursor: str | None


def comment_list(answer: object, evidence: tuple[RecordId, ...], post_id: str) -> CommentList:
    """One page of comments, of either dialect.

    Raises:
        Unreadable: There are no comments in it.
    """
    web = dig(answer, "data", "shortcode_media", "edge_media_to_parent_comment")
    if isinstance(dig(web, "edges"), list):
        nodes = [dig(edge, "node") for edge in items(dig(web, "edges"))]
        info = dig(web, "page_info")
        cursor = text(dig(info, "end_cursor"))
        return _list(nodes, evidence, post_id, flag(dig(info, "has_next_page")), cursor)
    if not isinstance(dig(answer, "comments"), list):
        raise Unreadable("no_comments", "the answer holds no list of comments")
    cursor = _cursor(dig(answer, "next_min_id"))
    told = [flag(dig(answer, k)) for k in ("has_more_headload_comments", "has_more_comments")]
    more = True if cursor or True in told else (False if False in told else None)
    return _list(items(dig(answer, "comments")), evidence, post_id, more, cursor)


def reply_list(
    answer: object, evidence: tuple[RecordId, ...], post_id: str, parent_id: str
) -> CommentList:
    """One page of replies, from the mobile interface.

    Raises:
        Unreadable: There are no replies in it.
    """
    nodes = dig(answer, "child_comments")
    if not isinstance(nodes, list):
        raise Unreadable("no_comments", "the answer holds no list of replies")
    comments, problems = _read(nodes, evidence, post_id, parent_id)
    more = flag(dig(answer, "has_more_tail_child_comments"))
    cursor = _cursor(dig(answer, "next_max_child_cursor"))
    return CommentList(tuple(comments), tuple(problems), (), len(nodes), more, cursor)


def _list(
    nodes: Iterable[object],
    evidence: tuple[RecordId, ...],
    post_id: str,
    has_next: bool | None,
    cursor: str | None,
) -> CommentList:
    comments: list[Comment] = []
    problems: list[Problem] = []
    unfolded: list[str] = []
    entries = 0
    for node in nodes:
        entries += 1
        found, trouble = _read([node], evidence, post_id, None)
        comments += found
        problems += trouble
        if found:
            parent = found[0].comment_id
            under, count = _replies(node)
            replies, trouble = _read(under, evidence, post_id, parent)
            comments += replies
            problems += trouble
            if count > len(under):
                unfolded.append(parent)
    return CommentList(tuple(comments), tuple(problems), tuple(unfolded), entries, has_next, cursor)


def _replies(node: object) -> tuple[list[object], int]:
    """The replies that stand under a comment, and how many there are."""
    web = dig(node, "edge_threaded_comments")
    if web is not None:
        under = [dig(edge, "node") for edge in items(dig(web, "edges"))]
        return under, number(dig(web, "count")) or 0
    under = list(items(dig(node, "preview_child_comments")))
    return under, number(dig(node, "child_comment_count")) or 0


def _read(
    nodes: Iterable[object],
    evidence: tuple[RecordId, ...],
    post_id: str,
    parent_id: str | None,
) -> tuple[list[Comment], list[Problem]]:
    found: list[Comment] = []
    problems: list[Problem] = []
    for node in nodes:
        try:
            found.append(_comment(node, parent_id))
        except Unreadable as error:
            problems.append(Problem(error.code, str(error), evidence, post_id))
    return found, problems


def _comment(node: object, parent_id: str | None) -> Comment:
    comment_id = digits(dig(node, "pk")) or digits(dig(node, "id"))
    words = dig(node, "text")
    if comment_id is None or not isinstance(words, str):
        raise Unreadable("malformed_item", "a comment has no id or no text")
    author = dig(node, "user") or dig(node, "owner")
    likes = number(dig(node, "comment_like_count"))
    return Comment(
        comment_id=comment_id,
        text=text(words) or "",
        author_id=digits(dig(author, "pk")) or digits(dig(author, "id")),
        author_handle=text(dig(author, "username")),
        written_at=moment(dig(node, "created_at")),
        likes=number(dig(node, "edge_liked_by", "count")) if likes is None else likes,
        parent_id=parent_id or digits(dig(node, "parent_comment_id")),
    )


def _cursor(value: object) -> str | None:
    """A cursor; some answers give a number."""
    return text(value) or digits(value)
