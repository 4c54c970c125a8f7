"""Digests as this archive writes them: ``sha256:`` and lower-case hex."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256_of(*parts: bytes) -> str:
    """Of ``parts`` one after the other."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return f"sha256:{digest.hexdigest()}"


def sha256_of_file(path: Path) -> str:
    """Of a whole file.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
