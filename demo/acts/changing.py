"""The third act: owners change, withdraw and hide; the night after says what it saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from demo.acts.collecting import captured, fall
from demo.deeds import Drama, Subject, do, edit_caption, swap_slide, tell_story
from demo.proof import check_edit, check_states, check_swap
from demo.stage import Night, Stage


@dataclass(frozen=True, slots=True)
class Changed:
    """What happened on the second day.

    Attributes:
        speech_at / clip_at: When those were withdrawn.
        evening: A story that runs its full day.
        mistaken: A story that is taken down early.
    """

    speech_at: datetime
    clip_at: datetime
    evening: Subject
    mistaken: Subject


def change(stage: Stage, drama: Drama) -> Changed:
    """A day of deeds, the night after, and one more look in the afternoon."""
    changed = _second_day(stage, drama)
    night = fall(stage, 3, "night-three")
    check_edit(stage, drama.warning)
    check_swap(stage, drama.album)
    stage.program.run("posts", "--state", "unavailable")
    check_states(
        stage,
        (drama.speech, "unavailable", "awaiting_confirmation"),
        (drama.clip, "unavailable", "awaiting_confirmation"),
        (drama.quiet, "unavailable", "private"),
    )
    _nothing_concluded(stage, night)
    _afternoon(stage, drama, changed)
    return changed


def _second_day(stage: Stage, drama: Drama) -> Changed:
    nights, world = stage.nights, stage.city.world
    moment = nights.go_to(2, 9, 30)
    stage.title("day-two")
    do(stage, moment, "edited", drama.warning, lambda: edit_caption(stage, drama.warning))
    moment = nights.go_to(2, 10, 15)
    do(stage, moment, "swapped", drama.album, lambda: swap_slide(stage, drama.album))
    speech, clip, quiet = drama.speech, drama.clip, drama.quiet
    speech_at = nights.go_to(2, 14, 20)
    do(stage, speech_at, "withdrew", speech, lambda: world.delete(speech.account, speech.code))
    clip_at = nights.go_to(2, 15, 5)
    do(stage, clip_at, "withdrew", clip, lambda: world.delete(clip.account, clip.code))
    moment = nights.go_to(2, 16, 0)
    do(stage, moment, "made-private", quiet, lambda: world.hide(quiet.account, quiet.code))
    moment = nights.go_to(2, 20, 0)
    evening = tell_story(stage, mistaken=False)
    do(stage, moment, "story-told", evening, lambda: None)
    moment = nights.go_to(2, 21, 40)
    mistaken = tell_story(stage, mistaken=True)
    do(stage, moment, "story-told", mistaken, lambda: None)
    return Changed(speech_at, clip_at, evening, mistaken)


def _nothing_concluded(stage: Stage, night: Night) -> None:
    holds = night.code == 0 and not stage.program.rows("posts", "--state", "deleted")
    stage.claims.check(holds, "claim-not-yet", night=night.number)


def _afternoon(stage: Stage, drama: Drama, changed: Changed) -> None:
    """A story is gone before its day is over; a second look too soon proves nothing."""
    world, mistaken = stage.city.world, changed.mistaken
    moment = stage.nights.go_to(3, 11, 30)
    stage.title("afternoon")
    do(
        stage,
        moment,
        "took-down",
        mistaken,
        lambda: world.delete(mistaken.account, mistaken.code),
    )
    stage.tells(stage.nights.go_to(3, 13, 0), "looks-again", handle=mistaken.account.handle)
    captured(stage, 0, f"instagram/{mistaken.account.handle}")
    check_states(
        stage,
        (mistaken, "expired", "ended_early"),
        (drama.speech, "unavailable", "awaiting_confirmation"),
    )
