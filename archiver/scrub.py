"""Keeping known secrets out of everything that is written for people."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

MARK = "[secret]"
SHORTEST = 6
"""Shorter values (a language, a flag) would blot out ordinary words."""


class Scrubber:
    """Knows secrets and takes them out of texts. Safe between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Remember more secrets; too short ones are left out."""
        with self._lock:
            fresh = {value for value in secrets if len(value) >= SHORTEST} - self._known
            if not fresh:
                return
            self._known |= fresh
            # Longest first, so that no part of a form is left standing.
            shapes = sorted({f for s in self._known for f in forms(s)}, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, shapes)))

    def text(self, text: str) -> str:
        """The text without any known secret."""
        return self._pattern.sub(MARK, text) if self._pattern else text

    def value(self, value: object) -> object:
        """A log value, in depth, as JSON values without any known secret."""
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.value(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self.text(str(value))


def forms(secret: str) -> Iterable[str]:
    """A secret as it can stand in texts: raw, URL-encoded, base64.

    Base64 has three shapes, by where the secret starts in what was encoded;
    of each the part that does not depend on its neighbours is given.
    """
    data = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield quote(secret, safe="", errors="replace")
    yield quote_plus(secret, errors="replace")
    yield quote(quote(secret, safe="", errors="replace"), safe="")
    for shift in range(3):
        usable = len(data) - (shift + len(data)) % 3
        encoded = base64.b64encode(b"\0" * shift + data[:usable]).decode()
        inner = encoded[(0, 2, 3)[shift] :]
        if len(inner) >= SHORTEST:
            yield inner
            yield inner.translate(str.maketrans("+/", "-_"))
