"""TikTok's pages and JSON answers -> what they are and what they hold. Pure.

An answer is first told apart by its form: a person's page, a challenge, an
empty shell. Only then are its fields read (`connectors.tiktok.parse`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from connectors.tiktok import fields

_REHYDRATION = re.compile(
    rb'<script[^>]+\bid="__UNIVERSAL_DATA_FOR_REHYDRATION__"[^>]*>(.*?)</script>', re.DOTALL
)
_CHALLENGE = re.compile(rb'\bid="(?:cs|wci)"|Please wait\.\.\.')
_CAPTCHA = re.compile(rb"captcha[_-]?(?:verify|container)|verify-bar|secsdk-captcha", re.IGNORECASE)


class Form(StrEnum):
    """What sort of answer came."""

    DATA = "data"
    CHALLENGE = "challenge"
    SHELL = "shell"
    """HTML without any rehydration data."""
    EMPTY = "empty"
    CUT = "cut"
    """JSON that cannot be read: cut short, too deep, or not JSON at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, told apart.

    Attributes:
        status: TikTok's own ``statusCode``; ``None`` when not told.
        message: Its ``statusMsg``, empty when not told.
        detail: The part asked for (video detail, user detail, the listing);
            empty when it is not in the answer.
        canonical: The address that a page calls its own; empty when not told.
    """

    form: Form
    status: int | None = None
    message: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    canonical: str = ""


def video_page(body: bytes) -> Answer:
    """A ``/@user/video/ID`` page; ``detail`` is ``webapp.video-detail``."""
    return _page(body, "webapp.video-detail")


def user_page(body: bytes) -> Answer:
    """A ``/@user`` page; ``detail`` is ``webapp.user-detail``."""
    return _page(body, "webapp.user-detail")


def listing(body: bytes) -> Answer:
    """An ``item_list`` answer; ``detail`` is the whole object."""
    if not body.strip():
        return Answer(Form.EMPTY)
    found = _json(body)
    if not isinstance(found, Mapping):
        return Answer(Form.CHALLENGE if _is_challenge(body) else Form.CUT)
    status = found.get("statusCode", found.get("status_code"))
    message = fields.text(found, "statusMsg") or fields.text(found, "status_msg") or ""
    return Answer(Form.DATA, fields.count(status), message, found)


def item(answer: Answer) -> Mapping[str, Any]:
    """The item of a video page; empty if there is none."""
    return fields.mapping(answer.detail, "itemInfo", "itemStruct")


def rehydration(body: bytes) -> Mapping[str, Any] | None:
    """The ``__DEFAULT_SCOPE__`` of a page, or ``None`` if it has none.

    Raises:
        ValueError: The script is there and does not hold readable JSON.
    """
    match = _REHYDRATION.search(body)
    if match is None:
        return None
    found = _json(match[1])
    if not isinstance(found, Mapping):
        raise ValueError("the rehydration script does not hold a JSON object")
    return fields.mapping(found, "__DEFAULT_SCOPE__")


def _page(body: bytes, scope: str) -> Answer:
    if not body.strip():
        return Answer(Form.EMPTY)
    try:
        scopes = rehydration(body)
    except ValueError:
        return Answer(Form.CUT)
    if not scopes:
        return Answer(Form.CHALLENGE if _is_challenge(body) else Form.SHELL)
    detail = fields.mapping(scopes, scope)
    status = fields.count(detail, "statusCode")
    own = fields.text(scopes, "seo.abtest", "canonical") or ""
    return Answer(Form.DATA, status, fields.text(detail, "statusMsg") or "", detail, own)


def _is_challenge(body: bytes) -> bool:
    return bool(_CHALLENGE.search(body) or _CAPTCHA.search(body))


def _json(body: bytes) -> object:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found
