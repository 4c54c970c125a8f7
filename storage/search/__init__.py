"""Finding posts by words: one tokenizer, one stemmer, one query, two databases."""

from storage.search.finding import newest_first
from storage.search.keeping import clear, fill, index, settle
from storage.search.query import Query, parse

__all__ = ["Query", "clear", "fill", "index", "newest_first", "parse", "settle"]
