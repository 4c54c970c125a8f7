"""Indonesian stems: what ``membagikan`` and ``pembagian`` have in common."""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

_KEPT = 200_000
"""So many stems are remembered; posts use the same words again and again."""

_here = threading.local()
"""A stemmer keeps what it works on in itself, so each thread has its own."""


@lru_cache(maxsize=_KEPT)
def stem(word: str) -> str:
    """The stem of a word as `storage.search.words` gives it.

    Words with digits, of other scripts, tags and handles are their own stems.

    *Source*: Snowball's Indonesian algorithm, after F. Z. Tala (2003).
    """
    if not (word.isascii() and word.isalpha()):
        return word
    stemmer = getattr(_here, "stemmer", None)
    if stemmer is None:
        stemmer = _here.stemmer = snowballstemmer.stemmer("indonesian")
    return str(stemmer.stemWord(word)) or word
