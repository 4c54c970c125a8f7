"""G10 and G11: keeping the words of posts, and finding them again.

``python -m benchmarks search_speed`` takes 100,000 posts. A million, with
PostgreSQL beside: ``python -m benchmarks.search_speed 1000000``.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.catalogue_posts import Row, generated
from benchmarks.result import Result
from benchmarks.search_queries import queries
from storage import schema, search
from storage.catalogue import Catalogue, open_catalogue, posts
from storage.catalogue.upsert import insert_new
from tools.postgres import NoServer, any_server

STEP = 100_000
BATCH = 5_000
TABLES = (schema.versions, schema.posts, schema.post_accounts)


def keep(conn: Connection, rows: list[tuple[Row, Row]]) -> None:
    """What the catalogue keeps of posts, and their words."""
    insert_new(conn, schema.versions, [version for version, _ in rows])
    names = schema.posts.c.keys()
    insert_new(conn, schema.posts, [{n: post[n] for n in names} for _, post in rows])
    insert_new(conn, schema.post_accounts, [_owner(post) for _, post in rows])
    search.index(conn, [str(post["id"]) for _, post in rows])


def _owner(post: Row) -> Row:
    return {"post": post["id"], "account": post["account"], "role": "owner"}


def kept_s(catalogue: Catalogue, rows: list[tuple[Row, Row]]) -> float:
    """How long ours takes, one transaction a batch."""
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        with catalogue.writing() as conn:
            keep(conn, rows[at : at + BATCH])
    return time.perf_counter() - start


def bare_s(connection: sqlite3.Connection, rows: list[tuple[Row, Row]]) -> float:
    """How long ``executemany`` takes for the same columns and indexes, without words."""
    inputs = []
    for table, made in zip(
        TABLES,
        ([v for v, _ in rows], [p for _, p in rows], [_owner(p) for _, p in rows]),
        strict=True,
    ):
        names = [n for n in (column.name for column in table.c) if n in made[0]]
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"
        inputs.append((statement, [tuple(row[n] for n in names) for row in made]))
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        connection.execute("BEGIN")
        for statement, values in inputs:
            connection.executemany(statement, values[at : at + BATCH])
        connection.execute("COMMIT")
    return time.perf_counter() - start


def asked_ms(catalogue: Catalogue) -> dict[str, list[float]]:
    """Every query once, after a warm-up; the page is read whole."""
    found: dict[str, list[float]] = {}
    with catalogue.reading() as conn:
        for kind, given in queries():
            start = time.perf_counter()
            list(posts.find(conn, posts.PostFilter(**given)))
            found.setdefault(kind, []).append((time.perf_counter() - start) * 1000)
    return found


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def like_ms(path: Path) -> float:
    """p95 of the same page by a scan for the text."""
    found = []
    with closing(sqlite3.connect(path)) as connection:
        for _, given in queries()[::30]:
            start = time.perf_counter()
            word = "%" + str(given["search"]).strip('"#@*').split()[0] + "x%"
            wanted = "SELECT id FROM posts WHERE caption LIKE ? ORDER BY published_at DESC LIMIT 50"
            connection.execute(wanted, (word,)).fetchall()
            found.append((time.perf_counter() - start) * 1000)
    return p95(found)


def measured(count: int, *, server: bool) -> Iterator[Result]:
    """Fill catalogues with ``count`` posts and ask them."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
        path, other = Path(folder) / "ours.db", Path(folder) / "bare.db"
        with open_catalogue(f"sqlite:///{path}") as ours:
            open_catalogue(f"sqlite:///{other}").close()
            with closing(sqlite3.connect(other, isolation_level=None)) as bare:
                bare.execute("PRAGMA synchronous=FULL")
                for first in range(0, count, STEP):
                    rows = list(generated(first, min(STEP, count - first)))
                    mine, theirs = kept_s(ours, rows), bare_s(bare, rows)
                    if first == 0 or first + STEP >= count:
                        yield _rate(first, len(rows), mine, theirs)
            with ours.writing() as conn:
                search.settle(conn)
            yield from _asked(ours, f"SQLite, {count:,} posts", like_ms(path), began)
        if server:
            yield from _on_server(count)


def _on_server(count: int) -> Iterator[Result]:
    began = time.perf_counter()
    try:
        with any_server() as server:
            name = server.create()
            with open_catalogue(server.address(name)) as catalogue:
                for first in range(0, count, STEP):
                    kept_s(catalogue, list(generated(first, min(STEP, count - first))))
                with catalogue.writing() as conn:
                    search.settle(conn)
                yield from _asked(catalogue, f"PostgreSQL, {count:,} posts", None, began)
            server.drop(name)
    except NoServer as error:
        print(f"PostgreSQL was not measured: {error}")


def _rate(first: int, count: int, mine: float, theirs: float) -> Result:
    target = 0.48 if first == 0 else 0.3
    title = f"posts {first:,} to {first + count:,}: kept with their words / bare executemany"
    note = f"{count / mine:,.0f} against {count / theirs:,.0f} posts a second, batches of {BATCH:,}"
    return Result("G10", title, theirs / mine, target, "higher", note=note, obstacle=OBSTACLE)


def _asked(catalogue: Catalogue, where: str, like: float | None, began: float) -> Iterator[Result]:
    asked_ms(catalogue)
    classes: dict[str, Any] = asked_ms(catalogue)
    everything = [value for values in classes.values() for value in values]
    each = "; ".join(
        f"{kind} {statistics.median(v):.1f}/{p95(v):.1f}" for kind, v in classes.items()
    )
    over = sum(value > 50 for value in everything)
    note = (
        f"{len(everything)} queries, p50 {statistics.median(everything):.1f} ms, "
        f"{over} over 50 ms, slowest {max(everything):.1f} ms; p50/p95 by class: {each}; "
        f"took {time.perf_counter() - began:.0f} s in all"
    )
    yield Result("G11", f"search p95, {where}", p95(everything), 50, unit="ms", note=note)
    if like is not None:
        ratio = p95(everything) / like
        yield Result("G11", f"search p95 / LIKE scan p95, {where}", ratio, 0.03)


def run() -> Iterator[Result]:
    """The short form, for `make bench`."""
    yield from measured(STEP, server=False)


OBSTACLE = "words are cut and compared in Python, and kept three times: text, index, vocabulary"

if __name__ == "__main__":
    from rich.console import Console

    from benchmarks.__main__ import table

    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    results: list[Result] = []
    for one in measured(size, server="--sqlite" not in sys.argv):
        print(one, flush=True)
        results.append(one)
    Console(width=160).print(table(results))
