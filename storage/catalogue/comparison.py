"""Whether two catalogues say the same: row by row, derived tables only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, select

from storage import schema


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same in both.

    Attributes:
        left / right: The row's values, or ``None`` where it is missing.
    """

    table: str
    key: tuple[object, ...]
    left: dict[str, object] | None
    right: dict[str, object] | None


def differences(left: Engine, right: Engine) -> list[Difference]:
    """Every derived row that differs; empty when the catalogues agree."""
    found: list[Difference] = []
    with left.connect() as a, right.connect() as b:
        for table in schema.DERIVED:
            mine, other = _rows(a, table), _rows(b, table)
            found += (
                Difference(table.name, key, mine.get(key), other.get(key))
                for key in sorted(mine.keys() | other.keys(), key=repr)
                if mine.get(key) != other.get(key)
            )
    return found


def _rows(conn: Connection, table: Table) -> dict[tuple[object, ...], dict[str, object]]:
    keys = [column.name for column in table.primary_key]
    rows = [dict(row._mapping) for row in conn.execute(select(table))]
    return {tuple(row[name] for name in keys): row for row in rows}
