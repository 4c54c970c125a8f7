"""Other people's text on a terminal. Pure.

A caption can hold escape sequences that recolour, hide or rewrite what stands
on the screen, and direction marks that make one handle look like another.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1 (ESC and CSI among them)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks and isolates
    "\u2028\u2029\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text with every control and direction character shown, not obeyed.

    Line breaks and tabs become visible too; use `printable_lines` to keep
    line breaks.
    """
    return _UNSAFE.sub(lambda found: _shown(found[0]), text)


def printable_lines(text: str) -> str:
    """As `printable`, with line breaks left as they are."""
    return "\n".join(printable(line) for line in text.replace("\r\n", "\n").split("\n"))


def _shown(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
