"""Reading a document field by field, with an error that names the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from storage.catalogue.errors import DocumentError
from storage.timestamps import fixed

_LARGEST = 2**63 - 1


class Fields:
    """One JSON object of a document. Every reader raises `DocumentError`.

    Text from platforms may hold NUL and lone surrogates, which databases
    refuse; the catalogue shows U+FFFD for them, the document keeps them.
    """

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise DocumentError(f"{where} must be an object")
        self.value: Mapping[str, object] = value
        self.where = where

    def _get(self, name: str) -> object:
        if name not in self.value:
            raise DocumentError(f"{self.where}.{name} is missing")
        return self.value[name]

    def _wrong(self, name: str, wanted: str) -> DocumentError:
        return DocumentError(f"{self.where}.{name} must be {wanted}")

    def text(self, name: str) -> str:
        """Text."""
        found = self._get(name)
        if not isinstance(found, str):
            raise self._wrong(name, "text")
        return clean(found)

    def text_or_none(self, name: str) -> str | None:
        """Text or null."""
        return None if self._get(name) is None else self.text(name)

    def time(self, name: str) -> str:
        """A UTC time, brought to the one width."""
        try:
            return fixed(self.text(name))
        except ValueError as error:
            raise self._wrong(name, "a UTC time") from error

    def time_or_none(self, name: str) -> str | None:
        """A UTC time or null."""
        return None if self._get(name) is None else self.time(name)

    def integer(self, name: str) -> int:
        """An integer that databases can hold."""
        found = self._get(name)
        if not isinstance(found, int) or isinstance(found, bool) or abs(found) > _LARGEST:
            raise self._wrong(name, "an integer of at most 64 bits")
        return found

    def integer_or_none(self, name: str) -> int | None:
        """An integer or null."""
        return None if self._get(name) is None else self.integer(name)

    def number_or_none(self, name: str) -> float | None:
        """A number or null."""
        found = self._get(name)
        if found is None:
            return None
        if not isinstance(found, int | float) or isinstance(found, bool):
            raise self._wrong(name, "a number")
        return float(found)

    def flag(self, name: str) -> bool:
        """True or false."""
        found = self._get(name)
        if not isinstance(found, bool):
            raise self._wrong(name, "true or false")
        return found

    def flag_or_none(self, name: str) -> bool | None:
        """True, false or null."""
        return None if self._get(name) is None else self.flag(name)

    def has(self, name: str) -> bool:
        """Whether it is there and not null; later documents hold more fields."""
        return self.value.get(name) is not None

    def nested(self, name: str) -> Fields:
        """An object."""
        return Fields(self._get(name), f"{self.where}.{name}")

    def nested_or_none(self, name: str) -> Fields | None:
        """An object or null."""
        return None if self._get(name) is None else self.nested(name)

    def each(self, name: str) -> Iterator[Fields]:
        """A list of objects."""
        for index, found in enumerate(self._list(name)):
            yield Fields(found, f"{self.where}.{name}[{index}]")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self._list(name)
        if any(not isinstance(item, str) for item in found):
            raise self._wrong(name, "a list of texts")
        return tuple(clean(str(item)) for item in found)

    def _list(self, name: str) -> list[object] | tuple[object, ...]:
        found = self._get(name)
        if not isinstance(found, list | tuple):
            raise self._wrong(name, "a list")
        return found


def clean(text: str) -> str:
    """Text as both databases can hold it."""
    if text.isascii() and "\0" not in text:
        return text
    return (
        text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
