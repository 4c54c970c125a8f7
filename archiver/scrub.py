"""Keeping known secrets out of everything that is written for people.

The forms in which a secret may be disguised are storage's
(`storage.known_secrets`): what is kept out of segments is kept out of logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.known_secrets import KnownSecrets

MARK = "[secret]"
SHORTEST = 6
"""Shorter values (a language, a flag) would blot out ordinary words."""
MOST_SECRETS = 1_000
"""Some platforms give a new token with every answer; a night has many thousands
of them, and a log line tells of what happened just now."""


class Scrubber:
    """Knows secrets and takes them out of texts. Safe between threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known = KnownSecrets((), shortest=SHORTEST, most_learned=MOST_SECRETS)
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Remember more secrets; too short ones are left out."""
        for secret in secrets:
            self._known.learn(secret.encode("utf-8", "surrogatepass"))

    def text(self, text: str) -> str:
        """The text without any known secret."""
        data = text.encode("utf-8", "surrogatepass")
        clean, position = [], 0
        for start, end in sorted(self._known.find(data)):
            if start >= position:
                clean += [data[position:start], MARK.encode()]
            position = max(position, end)
        if not clean:
            return text
        return b"".join((*clean, data[position:])).decode("utf-8", "replace")

    def value(self, value: object) -> object:
        """A log value, in depth, as JSON values without any known secret."""
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.value(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self.text(str(value))
