"""Finding secrets in traffic and putting markers of the same length in their place.

A secret is a value with which someone could act as the identity. Rules say
where such values stand (`connectors.base.SecretRules`); values once known are
also searched for elsewhere. Expiring media signatures are not secrets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from connectors.base import SecretRules
from storage.http_message import HeaderLine, header_lines
from storage.known_secrets import KnownSecrets

_WORD: Final = b"REDACTED"
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9_-]*[ \t]+(?=\S)")
KNOWN_LABEL: Final = "known value"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A secret's place.

    Attributes:
        start / end: In the bytes searched.
        label: What kind of place it is, such as ``cookie:sessionid``; never the value.
    """

    start: int
    end: int
    label: str


def marker(size_bytes: int) -> bytes:
    """What stands in a secret's place: letters only, so it is valid in any context."""
    return (_WORD * (size_bytes // len(_WORD) + 1))[:size_bytes]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, overlapping ones joined."""
    result: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if result and span.start < result[-1].end:
            last = result[-1]
            # A rule's label says more than that the value was known.
            label = span.label if last.label == KNOWN_LABEL else last.label
            result[-1] = Span(last.start, max(last.end, span.end), label)
        else:
            result.append(span)
    return tuple(result)


def redacted(data: bytes, spans: Iterable[Span]) -> bytes:
    """``data`` with every span replaced by a marker; the length stays."""
    spans = tuple(spans)
    if not spans:
        return data
    changed = bytearray(data)
    for span in spans:
        changed[span.start : span.end] = marker(span.end - span.start)
    return bytes(changed)


class Redactor:
    """Finds the secrets of one capture and learns new ones on the way."""

    def __init__(self, rules: SecretRules, known: KnownSecrets) -> None:
        self._rules = rules
        self._known = known
        self._public = {name.lower() for name in rules.public_cookies}
        self._query = _FieldFinder(rules.query_fields, rb"(?:[?&;#]|\\u0026|%26|%3[Ff])")
        self._form = _FieldFinder(rules.form_fields | rules.query_fields, rb"(?:^|&)")

    @property
    def known(self) -> KnownSecrets:
        """The values known by now."""
        return self._known

    def request_head(self, head: bytes) -> tuple[Span, ...]:
        """Secrets that the rules find in a request head."""
        return self._head(head, self._rules.request_headers)

    def response_head(self, head: bytes) -> tuple[Span, ...]:
        """Secrets that the rules find in a response head."""
        return self._head(head, self._rules.response_headers)

    def address(self, address: bytes) -> tuple[Span, ...]:
        """Secrets in a target address, known values included."""
        return merged((*self._query.spans(address, self._learn), *self.anywhere(address)))

    def form(self, body: bytes) -> tuple[Span, ...]:
        """Secrets in a request body: form fields, patterns, known values."""
        spans = [*self._form.spans(body, self._learn), *self._multipart(body)]
        return merged((*spans, *self._patterns(body), *self.anywhere(body)))

    def text(self, body: bytes) -> tuple[Span, ...]:
        """Secrets in a piece of decoded text: patterns, address fields, known values."""
        spans = [*self._patterns(body), *self._query.spans(body, self._learn)]
        return merged((*spans, *self.anywhere(body)))

    def anywhere(self, data: bytes) -> tuple[Span, ...]:
        """Known values in ``data``, in any disguise."""
        return tuple(Span(start, end, KNOWN_LABEL) for start, end in self._known.find(data))

    def _learn(self, value: bytes) -> None:
        if value != marker(len(value)):
            self._known.learn(value)

    def _head(self, head: bytes, names: frozenset[str]) -> tuple[Span, ...]:
        spans: list[Span] = []
        lower = head.lower()
        if any(name.encode() in lower for name in names):
            for line in header_lines(head):
                if line.name in names:
                    spans += self._line(head, line)
        spans += self._query.spans(head, self._learn)
        return merged(spans)

    def _line(self, head: bytes, line: HeaderLine) -> Iterator[Span]:
        value = head[line.value_start : line.value_end]
        if line.name not in ("cookie", "set-cookie"):
            scheme = _SCHEME.match(value) if "authorization" in line.name else None
            start = line.value_start + (scheme.end() if scheme else 0)
            self._learn(head[start : line.value_end])
            yield Span(start, line.value_end, line.name)
            return
        # Further parts of Set-Cookie are attributes, not cookies.
        parts = value.split(b";")[: 1 if line.name == "set-cookie" else None]
        position = line.value_start
        for part in parts:
            yield from self._cookie(line.name, part, position)
            position += len(part) + 1

    def _cookie(self, header: str, part: bytes, position: int) -> Iterator[Span]:
        """The value in ``name=value``; a part without a name is all value."""
        equals = part.find(b"=")
        name, start = part[: max(equals, 0)], equals + 1
        secret = part[start:]
        start += len(secret) - len(secret.lstrip(b' \t"'))
        secret = secret.strip(b' \t"')
        label = name.strip().decode("latin-1")
        if secret and label.lower() not in self._public:
            self._learn(secret)
        yield Span(position + start, position + start + len(secret), f"{header}:{label}")

    def _patterns(self, body: bytes) -> Iterator[Span]:
        for number, pattern in enumerate(self._rules.body_patterns, start=1):
            for match in pattern.finditer(body):
                self._learn(match.group("secret"))
                yield Span(*match.span("secret"), f"body pattern {number}")
        for number, pattern in enumerate(self._rules.private_patterns, start=1):
            # Hidden here only: the visitor's city is also the city that posts.
            for match in pattern.finditer(body):
                yield Span(*match.span("secret"), f"private pattern {number}")

    def _multipart(self, body: bytes) -> Iterator[Span]:
        for name in self._rules.form_fields:
            field = re.escape(name.encode())
            part = rb'name="' + field + rb'"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)\r\n'
            for match in re.finditer(part, body, re.IGNORECASE):
                self._learn(match.group(1))
                yield Span(*match.span(1), f"form field:{name}")


class _FieldFinder:
    """``name=value`` fields of addresses and form bodies."""

    def __init__(self, names: frozenset[str], before: bytes) -> None:
        self._needles = tuple(name.lower().encode() for name in names)
        listed = b"|".join(re.escape(name) for name in self._needles)
        self._pattern = re.compile(
            before + rb"(?:amp;)?(" + listed + rb")(?:=|%3[Dd])((?:(?!%26)[^&;\s\"'<>#\\])*)",
            re.IGNORECASE,
        )

    def spans(self, data: bytes, learn: Callable[[bytes], None]) -> Iterator[Span]:
        # Searching for the bare names first costs next to nothing on bodies without any.
        lower = data.lower() if self._needles else b""
        if not any(needle in lower for needle in self._needles):
            return
        for match in self._pattern.finditer(data):
            learn(match.group(2))
            name = match.group(1).decode("latin-1")
            yield Span(*match.span(2), f"field:{name}")
