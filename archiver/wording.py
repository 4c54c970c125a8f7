"""What the stable English codes of the catalogue are called to people."""

from __future__ import annotations

from archiver.i18n import N_, translate

WORDS = frozenset(
    {
        # kinds of posts
        N_("photo"),
        N_("carousel"),
        N_("reel"),
        N_("video"),
        N_("photo-mode"),
        N_("story"),
        N_("highlight"),
        N_("live"),
        # kinds of media
        N_("image"),
        N_("audio"),
        N_("subtitle"),
        # what a media item is for
        N_("content"),
        N_("cover"),
        N_("sound"),
        N_("avatar"),
        # how an account stands to a post
        N_("owner"),
        N_("coauthor"),
        N_("listed"),
        # states of posts
        N_("present"),
        N_("unavailable"),
        N_("deleted"),
        N_("returned"),
        N_("expired"),
        # outcomes of captures
        N_("complete"),
        N_("partial"),
        N_("failed"),
        N_("missed"),
        # states of runs
        N_("running"),
        N_("ended"),
        N_("interrupted"),
        N_("unrecorded"),
        # kinds of notes
        N_("unofficial"),
        N_("correction"),
        N_("handover"),
        N_("remark"),
        # what a check of an account finds
        N_("same"),
        N_("renamed"),
        N_("handle taken"),
        N_("gone"),
        N_("private"),
        N_("blocked"),
        N_("not asked"),
        N_("found"),
        N_("known"),
        # engines and their checks
        N_("current"),
        N_("kept"),
        N_("damaged"),
        N_("contract"),
        N_("canary"),
        N_("passed"),
        N_("left out"),
    }
)

CAUSES = {
    "owner_deleted": N_("deleted by its owner"),
    "owner_archived": N_("hidden by its owner"),
    "platform_removed": N_("removed by the platform"),
    "unknown": N_("unknown"),
}
"""Why a post was withdrawn, as somebody states it: code to words."""


def word_for(code: str | None) -> str:
    """The word in the language spoken now; a code nobody has a word for stays."""
    if not code:
        return ""
    return translate(code) if code in WORDS else code


def cause_for(code: str | None) -> str:
    """The words for a cause; unknown while nobody stated one."""
    return translate(CAUSES.get(code or "unknown", code or ""))
