"""The kinds of columns that the catalogue's tables are made of."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str) -> Column[str]:
    """Text that is part of the key."""
    return Column(name, Text, primary_key=True)


def ordinal(name: str = "ordinal") -> Column[int]:
    """A number that is part of the key."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def text(name: str) -> Column[str]:
    """Text that is always there."""
    return Column(name, Text, nullable=False)


def maybe(name: str) -> Column[str]:
    """Text or nothing."""
    return Column(name, Text)


def count(name: str) -> Column[int]:
    """A number that is always there."""
    return Column(name, BigInteger, nullable=False)


def flag(name: str) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False)


def metrics() -> tuple[Column[int], ...]:
    """Public counts; null where not told."""
    return tuple(Column(n, BigInteger) for n in ("likes", "comments", "plays", "shares", "saves"))
