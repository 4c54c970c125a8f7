"""Comments of the pretend Instagram, in its two dialects."""

from __future__ import annotations

from demo.instagram.answers import Json, Voice
from demo.world import Item, Remark

PAGE_SIZE = 15
"""Comments a mobile page holds; the web query is asked for 12."""
PREVIEWED = 2
"""Replies that stand under a comment at once; further ones are asked for."""
THREAD_SIZE = 20


def parents(item: Item) -> list[Remark]:
    """Comments that answer none, newest first."""
    found = [] if item.comments_off else [r for r in item.remarks if r.parent is None]
    return sorted(found, key=lambda remark: (-remark.written_at.timestamp(), remark.native_id))


def replies(item: Item, parent: str) -> list[Remark]:
    """What answers one comment, oldest first."""
    found = [] if item.comments_off else [r for r in item.remarks if r.parent == parent]
    return sorted(found, key=lambda remark: (remark.written_at, remark.native_id))


# -- the older web query ----------------------------------------------------------


def legacy_page(item: Item, first: int, after: str) -> Json:
    """A page of comments, each with its first replies."""
    found = parents(item)
    start = int(after) if after.isdecimal() else 0
    shown = found[start : start + first]
    edges = []
    for remark in shown:
        answers = replies(item, remark.native_id)
        threaded = {
            "count": len(answers),
            "page_info": _page_info(PREVIEWED, len(answers)),
            "edges": [{"node": _legacy(answer)} for answer in answers[:PREVIEWED]],
        }
        edges.append({"node": {**_legacy(remark), "edge_threaded_comments": threaded}})
    total = item.comments
    return {"count": total, "page_info": _page_info(start + len(shown), len(found)), "edges": edges}


def legacy_thread(item: Item, parent: str, first: int, after: str) -> Json:
    """A page of replies to one comment."""
    found = replies(item, parent)
    start = int(after) if after.isdecimal() else 0
    shown = found[start : start + first]
    edges = [{"node": _legacy(remark)} for remark in shown]
    info = _page_info(start + len(shown), len(found))
    return {"count": len(found), "page_info": info, "edges": edges}


def _page_info(end: int, total: int) -> Json:
    more = end < total
    return {"has_next_page": more, "end_cursor": str(end) if more else None}


def _legacy(remark: Remark) -> Json:
    return {
        "id": remark.native_id,
        "text": remark.text,
        "created_at": int(remark.written_at.timestamp()),
        "did_report_as_spam": False,
        "owner": {"id": remark.author_id, "username": remark.author, "is_verified": False},
        "viewer_has_liked": False,
        "edge_liked_by": {"count": remark.likes},
    }


# -- the mobile interface ---------------------------------------------------------


def mobile_page(item: Item, min_id: str) -> Json:
    """A page of comments; ``next_min_id`` says where the next begins."""
    found = parents(item)
    start = int(min_id) if min_id.isdecimal() else 0
    shown = found[start : start + PAGE_SIZE]
    end = start + len(shown)
    more: Json = {"next_min_id": str(end)} if end < len(found) else {}
    return {
        "comments": [_with_replies(item, remark) for remark in shown],
        "comment_count": item.comments,
        "comment_likes_enabled": True,
        "threading_enabled": True,
        "has_more_comments": False,
        "has_more_headload_comments": end < len(found),
        "caption_is_edited": item.caption_edited,
        "preview_comments": [],
        **more,
        "status": "ok",
    }


def mobile_thread(item: Item, parent: str, max_id: str) -> Json:
    """A page of replies to one comment."""
    found = replies(item, parent)
    start = int(max_id) if max_id.isdecimal() else 0
    shown = found[start : start + THREAD_SIZE]
    end = start + len(shown)
    return {
        "child_comments": [_mobile(remark) for remark in shown],
        "child_comment_count": len(found),
        "has_more_tail_child_comments": end < len(found),
        "has_more_head_child_comments": False,
        "next_max_child_cursor": str(end) if end < len(found) else None,
        "next_min_child_cursor": None,
        "status": "ok",
    }


def _with_replies(item: Item, remark: Remark) -> Json:
    answers = replies(item, remark.native_id)
    return {
        **_mobile(remark),
        "child_comment_count": len(answers),
        "preview_child_comments": [_mobile(answer) for answer in answers[:PREVIEWED]],
        "has_more_tail_child_comments": len(answers) > PREVIEWED,
        "has_more_head_child_comments": False,
    }


def _mobile(remark: Remark) -> Json:
    return {
        "pk": remark.native_id,
        "user_id": remark.author_id,
        "type": 2 if remark.parent else 0,
        "text": remark.text,
        "created_at": int(remark.written_at.timestamp()),
        "created_at_utc": int(remark.written_at.timestamp()),
        "content_type": "comment",
        "status": "Active",
        "comment_like_count": remark.likes,
        "has_liked_comment": False,
        "parent_comment_id": remark.parent,
        "user": {
            "pk": remark.author_id,
            "id": remark.author_id,
            "username": remark.author,
            "full_name": "",
            "is_private": False,
            "is_verified": False,
            "profile_pic_url": "",
        },
    }


def remarked(voice: Voice, wanted: str) -> Item | None:
    """A post by shortcode or pk whose comments a visitor can read."""
    found = voice.world.item("instagram", wanted)
    if found is None or found[0].gone or found[0].private or found[1].state != "public":
        return None
    return found[1]


def thread_of(voice: Voice, comment_id: str) -> Item | None:
    """The post under which a comment stands."""
    for account in voice.world.accounts.values():
        for item in account.items:
            if any(remark.native_id == comment_id for remark in item.remarks):
                return remarked(voice, item.code)
    return None
