"""What ``jejak show`` says of the further facts that a visitor sees on a post."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.cli.output import print_facts, say
from archiver.i18n import _


def print_seen(extra: Mapping[str, object]) -> None:
    """Place, music, alternative texts and the like; nothing where nothing was told."""
    facts = seen_facts(extra)
    if facts:
        say("")
        print_facts(facts)


def seen_facts(extra: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Names and values for people.

    Args:
        extra: `connectors.model.Post.extra` of a version.

    Returns:
        Only facts that were told and are so.
    """
    named = (
        (_("title"), _text(extra.get("title"))),
        (_("place"), _place(extra)),
        (_("music"), _music(extra.get("music"))),
        (_("in highlights"), _names(extra.get("highlights"))),
        (_("tagged"), _names(extra.get("tagged"), "@")),
        (_("mentioned"), _names(extra.get("mentions"), "@")),
        (_("links"), _names(extra.get("links"))),
        (_("comments"), _("switched off") if extra.get("comments_disabled") is True else ""),
        *((_("alternative text"), text) for text in _alt_texts(extra.get("alt_text"))),
    )
    return tuple((name, value) for name, value in named if value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _place(extra: Mapping[str, object]) -> str:
    parts = (_text(extra.get("location")), _text(extra.get("location_address")))
    return ", ".join(part for part in parts if part)


def _music(value: object) -> str:
    if not isinstance(value, Mapping):
        return ""
    return " – ".join(part for name in ("artist", "title") if (part := _text(value.get(name))))


def _names(value: object, mark: str = "") -> str:
    found = value if isinstance(value, list | tuple) else ()
    return ", ".join(mark + name.removeprefix(mark) for name in found if isinstance(name, str))


def _alt_texts(value: object) -> tuple[str, ...]:
    found = value.values() if isinstance(value, Mapping) else ()
    return tuple(text for text in found if isinstance(text, str) and text)
