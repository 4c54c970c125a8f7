"""Indonesian stems: what ``membagikan`` and ``pembagian`` have in common.

One stemmer for both databases, when a post is kept and when it is looked for.
*Source*: snowballstem.org, ``indonesian.sbl``, after F. Z. Tala (2003).
"""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

_KEPT = 200_000
"""So many stems are remembered; posts use the same words again and again."""

_mine = threading.local()
"""The library's stemmer keeps the word it works on: each thread has its own."""


@lru_cache(maxsize=_KEPT)
def stem(word: str) -> str:
    """The stem of a word as `storage.search.words` gives it.

    Words with digits, of other scripts, tags and handles are their own stems.
    """
    if not (word.isascii() and word.isalpha()):
        return word
    stemmer = getattr(_mine, "stemmer", None)
    if stemmer is None:
        stemmer = _mine.stemmer = snowballstemmer.stemmer("indonesian")
    return str(stemmer.stemWord(word))
