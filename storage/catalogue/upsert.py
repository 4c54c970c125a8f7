"""Writing rows that may be there already, alike on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Executable,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import sqlite


def insert_new(conn: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert the rows whose keys are not there yet; returns how many were."""
    if not rows:
        return 0
    statement = _insert_new(table, conn.dialect.name)
    if conn.dialect.name == "postgresql" and len(rows) < _MANY:
        # Many rows in one statement, which then has no count for them all.
        return len(conn.execute(statement.returning(*table.primary_key), rows).all())
    names = tuple(c.name for c in table.c if c.name in rows[0])
    if len(names) == 1 or set(map(len, rows)) != {len(names)}:
        return conn.execute(statement, rows).rowcount
    # Columns are text, numbers and flags, which the driver takes as they are.
    if conn.dialect.name == "postgresql":
        given = json.dumps(rows, ensure_ascii=False)
        return conn.execute(_record_insert(table, names), {"rows": given}).rowcount
    plain = list(map(itemgetter(*names), rows))
    return conn.exec_driver_sql(_plain_insert(table, names), plain).rowcount


_MANY = 50
"""PostgreSQL takes so many rows as one JSON text: several times as fast."""


def put(conn: Connection, table: Table, row: Mapping[str, object]) -> None:
    """Insert the row, or bring the one with its key to these values."""
    conn.execute(_put(table, conn.dialect.name, tuple(row)), row)


# Building a statement costs as much as running it, and there are few of them.


@cache
def _insert_new(table: Table, dialect: str) -> Any:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _plain_insert(table: Table, names: tuple[str, ...]) -> str:
    statement = sqlite.insert(table).values(dict.fromkeys(names)).on_conflict_do_nothing()
    return str(statement.compile(dialect=sqlite.dialect()))


@cache
def _record_insert(table: Table, names: tuple[str, ...]) -> Any:
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text()), JSON()))
    typed = rows.table_valued(*(column(name, table.c[name].type) for name in names))
    given = typed.render_derived(with_types=True)
    return _insert(table, "postgresql").from_select(names, select(given)).on_conflict_do_nothing()


@cache
def _put(table: Table, dialect: str, names: tuple[str, ...]) -> Executable:
    statement = _insert(table, dialect)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    put_it: Executable = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return put_it


def _insert(table: Table, dialect: str) -> Any:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # slow to import, and rarely wanted

        return postgresql.insert(table)
    return sqlite.insert(table)


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
