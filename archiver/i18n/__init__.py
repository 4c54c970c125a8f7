"""The languages jejak speaks with people.

Message ids are English sentences. ``jejak.po`` of a language is written by
people and ``jejak.mo`` is made from it (``make messages``); a test holds the
two together and fails when a sentence in the code has no translation.

The language is a context variable: a command sets it once, before it says
anything. Logs, JSON keys and exit codes stay English.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from pathlib import Path

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"

_spoken: ContextVar[gettext.NullTranslations | None] = ContextVar("spoken", default=None)


def speak(language: str) -> None:
    """Speak a language from now on in this context.

    Args:
        language: One of `LANGUAGES`; anything else is English.
    """
    translations = gettext.translation(
        "jejak", localedir=Path(__file__).parent, languages=[language], fallback=True
    )
    _spoken.set(translations)


def translate(msgid: str) -> str:
    """The sentence in the language spoken now; an empty one stays empty."""
    spoken = _spoken.get()
    return spoken.gettext(msgid) if spoken is not None and msgid else msgid


def in_every_language(msgid: str) -> tuple[str, ...]:
    """The sentence in each of `LANGUAGES`: what a person may type for it."""
    folder = Path(__file__).parent
    return tuple(
        gettext.translation("jejak", folder, [language], fallback=True).gettext(msgid)
        for language in LANGUAGES
    )


def _(msgid: str) -> str:
    """`translate`, under the name that message extraction looks for."""
    return translate(msgid)


def N_(msgid: str) -> str:  # noqa: N802 - the name gettext tools know
    """Marks a sentence for translation later; returns it unchanged."""
    return msgid
