"""Writing rows that may be there already, alike on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(conn: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert the rows whose keys are not there yet; returns how many were."""
    if not rows:
        return 0
    if conn.dialect.name == "postgresql":
        statement = postgresql.insert(table).on_conflict_do_nothing()
        return conn.execute(statement, [dict(row) for row in rows]).rowcount
    return conn.execute(
        sqlite.insert(table).on_conflict_do_nothing(), [dict(row) for row in rows]
    ).rowcount


def put(conn: Connection, table: Table, row: Mapping[str, object]) -> None:
    """Insert the row, or bring the one with its key to these values."""
    keys = [column.name for column in table.primary_key]
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in row if name not in keys}
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), [dict(row)])


def batches(ids: Iterable[str], size: int = 500) -> Iterable[tuple[str, ...]]:
    """Cut ids into groups small enough for one ``IN``."""
    kept: list[str] = []
    for one in ids:
        kept.append(one)
        if len(kept) == size:
            yield tuple(kept)
            kept.clear()
    if kept:
        yield tuple(kept)
