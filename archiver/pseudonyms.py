"""Citizens' names in comments, replaced before anything is kept of them.

A pseudonym is the same for one author all over one archive, so that a
conversation can be followed; without the archive's own key nobody can try
names until one fits.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connectors.model import Comment

KEY_FILE = "pseudonyms.key"

_NAMES = re.compile(r"[@＠]([A-Za-z0-9._]{1,30})")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes pseudonyms.

    Attributes:
        key: Secret; 32 bytes.
        accounts: Keys of the kept accounts by ``platform:@handle`` and by key;
            official accounts are no citizens and keep their names.
    """

    key: bytes = field(repr=False)
    accounts: Mapping[str, str] = field(default_factory=dict)

    def of(self, platform: str, name: str) -> str:
        """The pseudonym of an author.

        Args:
            name: The platform's numeric id, or ``@handle``.
        """
        digest = hmac.new(self.key, f"{platform}:{name}".encode(), hashlib.sha256)
        return "anon-" + digest.hexdigest()[:20]

    def author(self, platform: str, comment: Comment) -> tuple[str | None, str | None]:
        """Pseudonym and account of a comment's author; never both."""
        handle = "@" + comment.author_handle.lower() if comment.author_handle else None
        for name in (comment.author_id, handle):
            account = self.accounts.get(f"{platform}:{name}") if name else None
            if account is not None:
                return None, account
        name = comment.author_id or handle
        return (self.of(platform, name) if name else None), None

    def text(self, platform: str, text: str, known: Iterable[Comment] = ()) -> str:
        """A text without the names of citizens.

        Args:
            known: Comments whose authors' names are replaced also without ``@``.
        """
        ids = {
            comment.author_handle.lower(): comment.author_id
            for comment in known
            if comment.author_handle
        }

        def pseudonym(handle: str) -> str | None:
            bare = handle.lower().rstrip(".") if handle.lower() not in ids else handle.lower()
            if f"{platform}:@{bare}" in self.accounts:
                return None
            return self.of(platform, ids.get(bare) or "@" + bare)

        def named(found: re.Match[str]) -> str:
            return pseudonym(found[1]) or found[0]

        replaced = _NAMES.sub(named, text)
        for handle in sorted(ids, key=len, reverse=True):
            name = pseudonym(handle)
            if name is not None:
                bare = rf"(?<![\w.]){re.escape(handle)}(?!\w)"
                replaced = re.sub(bare, name, replaced, flags=re.IGNORECASE)
        return replaced


def key_of(archive: Path) -> bytes:
    """The archive's key; made at first use, readable by its owner only."""
    file = archive / KEY_FILE
    try:
        return bytes.fromhex(file.read_text("ascii").strip())
    except FileNotFoundError:
        fresh = file.with_name(f".{KEY_FILE}.{os.getpid()}")
        key = secrets.token_bytes(32)
        opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as out:
            out.write(key.hex() + "\n")
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        return key
