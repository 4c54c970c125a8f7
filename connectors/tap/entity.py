"""What an answer says, while it crosses: its head, and its decoded body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from connectors.base import Limits, Truncation
from connectors.coding import CodingError, Dechunker, Decoder, names
from connectors.tap.limits import LimitHit, check_ratio, json_depth

UNNAMED_BYTES = 1024**2
"""A body without a content type is kept as text up to this size."""

_FOLD = re.compile(rb"\r?\n[ \t]+")
_TEXT = re.compile(r"text/|application/(json|javascript|x-javascript|xml|xhtml\+xml)|.*\+json")
_SCRIPT = re.compile(rb"<script[^>]*>\s*([\[{].*?)</script", re.DOTALL | re.IGNORECASE)


class Head:
    """A response head, read once.

    Attributes:
        status: 0 if the status line cannot be read.
        reason: May be empty.
        fields: Lower-case names; of repeated ones the first value, of
            ``set-cookie`` all, a line each.
        mime: Content type without parameters, lower case, or ``None``.
        length: Content-Length, or ``None`` if absent, unreadable or void
            because the body is chunked.
    """

    __slots__ = ("chunked", "encoding", "fields", "length", "mime", "reason", "status")

    def __init__(self, raw: bytes) -> None:
        lines = _FOLD.sub(b" ", raw).decode("latin-1").splitlines()
        words = lines[0].split(None, 2) if lines else []
        self.status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
        self.reason = words[2].strip() if len(words) > 2 else ""
        fields: dict[str, str] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            name, value = name.strip().lower(), value.strip()
            if colon and name == "set-cookie" and name in fields:
                fields[name] += f"\n{value}"
            elif colon:
                fields.setdefault(name, value)
        self.fields: Mapping[str, str] = fields
        self.mime = fields.get("content-type", "").partition(";")[0].strip().lower() or None
        self.encoding = fields.get("content-encoding", "")
        self.chunked = fields.get("transfer-encoding", "").lower() == "chunked"
        length = fields.get("content-length", "")
        self.length = int(length) if length.isdigit() and not self.chunked else None

    def has_body(self, method: str) -> bool:
        """Whether a body may follow this head. Source: RFC 9112, section 6.3."""
        return method != "HEAD" and self.status not in (204, 304) and self.status >= 200


class Entity:
    """Decodes a body as it comes, guards it, and keeps it if it is text.

    Args:
        head: The head it follows.
        limits: What it may cost.
        wanted: Whether decoded bytes are given back by `feed` for media too.
            If not, media are not decoded beyond what the guards need.

    Attributes:
        problem: Why decoding stopped, or ``None``; the body is then unusable.
    """

    def __init__(self, head: Head, limits: Limits, *, wanted: bool = False) -> None:
        self._limits = limits
        self._mime = head.mime
        self._dechunker = Dechunker() if head.chunked else None
        self.problem: CodingError | None = None
        try:
            self._decoder = Decoder(names(head.encoding)[::-1])
        except CodingError as problem:
            self.problem = problem
        self._kept: list[bytes] | None = [] if self._is_text() else None
        self._encoded_bytes = 0
        self._decoded_bytes = 0
        self._idle = (
            self._kept is None
            and not wanted
            and self._dechunker is None
            and (self.problem is not None or not self._decoder.works)
        )

    @property
    def whole(self) -> bool | None:
        """Whether the chunked framing was closed; ``None`` if not chunked."""
        return None if self._dechunker is None else self._dechunker.done

    @property
    def text(self) -> bytes | None:
        """The decoded text so far; ``None`` for media or if undecodable."""
        if self._kept is None or self.problem is not None:
            return None
        if len(self._kept) != 1:
            self._kept = [b"".join(self._kept)]
        return self._kept[0]

    def feed(self, data: bytes | memoryview) -> list[bytes | memoryview]:
        """Take one more piece and give what it decodes to.

        Raises:
            LimitHit: The answer costs too much.
        """
        if self._idle:
            return [data]
        out: list[bytes | memoryview] = []
        try:
            for piece in self._pieces(data):
                self._decoded_bytes += len(piece)
                self._guard()
                if self._kept is not None:
                    self._kept.append(bytes(piece))
                out.append(piece)
        except CodingError as problem:
            self.problem = self.problem or problem
        return out

    def check_depth(self) -> None:
        """Guard a whole text against nesting that would break its parser.

        Raises:
            LimitHit: ``json_depth``.
        """
        text = self.text
        if not text:
            return
        start = text.lstrip()[:1]
        if start in (b"{", b"["):
            found = [text]
        elif b"<script" in text:
            found = _SCRIPT.findall(text)
        else:
            return
        limit = self._limits.json_depth
        if any(json_depth(part, limit) > limit for part in found):
            raise LimitHit("json_depth", f"JSON nested deeper than {limit}", None)

    def _is_text(self) -> bool:
        return self._mime is None or _TEXT.match(self._mime) is not None

    def _pieces(self, data: bytes | memoryview) -> Iterator[bytes | memoryview]:
        parts = (data,) if self._dechunker is None else self._dechunker.feed(data)
        for part in parts:
            self._encoded_bytes += len(part)
            if self.problem is None:
                yield from self._decoder.feed(part)

    def _guard(self) -> None:
        if self._decoder.works:
            check_ratio(self._encoded_bytes, self._decoded_bytes, self._limits)
        if self._kept is None:
            return
        if self._mime is None and self._decoded_bytes > UNNAMED_BYTES:
            self._kept = None
        elif self._decoded_bytes > self._limits.text_bytes:
            raise LimitHit(
                "body_bytes",
                f"a text of more than {self._limits.text_bytes} bytes",
                Truncation.LENGTH,
            )
