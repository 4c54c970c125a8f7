"""From a listed post to the post with everything that is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connectors.base import Connector
from connectors.errors import AnswerUnusable, MalformedAnswer, NetworkFailure, WrongObject
from connectors.model import Post, Presence, Problem, Sighting

LATER = "The next run tries again; look at the recorded page if it stays."


@dataclass(frozen=True, slots=True)
class Whole:
    """A post with its media, and what was wrong on the way to it."""

    post: Post
    problems: tuple[Problem, ...] = ()


def read_whole(connector: Connector, listed: Post) -> Whole:
    """The post with all its media.

    A stub's own address is read, and so is that of every post where the
    listing does not tell all (`Connector.listing_suffices`). When that page is
    broken or walled, a post that its listing told in full is kept from there:
    it was seen, and a wall is no reason to lose it.

    Raises:
        WrongObject: The address shows another post, so nothing under it can
            be trusted to be the one that was listed.
        MalformedAnswer: Only a stub is known, and its page does not tell more.
        ConnectorError: The visitor is refused.
    """
    told = listed.is_complete and listed.kind is not None
    if told and connector.listing_suffices:
        return Whole(listed)
    try:
        sighting = connector.look(listed.ref)
    except (AnswerUnusable, NetworkFailure) as error:
        if not told:
            raise
        return Whole(listed, (Problem(error.code, str(error), error.evidence, listed.id),))
    return _joined(listed, sighting, told=told)


def _joined(listed: Post, sighting: Sighting, *, told: bool) -> Whole:
    if sighting.reason == WrongObject.code:
        raise WrongObject(
            "; ".join(problem.detail for problem in sighting.problems),
            hint=LATER,
            evidence=sighting.evidence,
        )
    found = sighting.post
    seen = sighting.presence is Presence.PRESENT and found is not None
    if found is None or not seen or found.kind is None or not found.is_complete:
        detail = f"{listed.id} is listed, and its own address says {sighting.reason}"
        if not told:
            raise MalformedAnswer(detail, hint=LATER, evidence=sighting.evidence)
        problem = Problem("page_unreadable", detail, sighting.evidence, listed.id)
        return Whole(listed, (*sighting.problems, problem))
    if found.id != listed.id:
        raise WrongObject(
            f"{listed.id} answers as {found.id}", hint=LATER, evidence=sighting.evidence
        )
    evidence = dict.fromkeys(listed.evidence + found.evidence + sighting.evidence)
    pinned = listed.pinned or found.pinned
    return Whole(replace(found, pinned=pinned, evidence=tuple(evidence)), sighting.problems)
