"""G10 and G11: keeping the words of posts, and finding them again.

``python -m benchmarks search_speed`` takes 100,000 posts. A million, with
PostgreSQL beside: ``python -m benchmarks.search_speed 1000000``.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.__main__ import table
from benchmarks.catalogue_posts import Row, generated
from benchmarks.result import Result
from benchmarks.search_queries import queries
from storage import schema, search
from storage.catalogue import Catalogue, open_catalogue, posts
from storage.catalogue.connection import PACE
from storage.catalogue.upsert import insert_new
from storage.search.post_words import words_text
from tools.postgres import NoServer, Server, any_server

STEP = 100_000
BATCH = 5_000
TABLES = (schema.versions, schema.posts, schema.post_accounts)


def tables(rows: list[tuple[Row, Row]]) -> tuple[list[Row], ...]:
    """The rows of `TABLES`."""
    names = schema.posts.c.keys()
    return (
        [version for version, _ in rows],
        [{name: post[name] for name in names} for _, post in rows],
        [{"post": post["id"], "account": post["account"], "role": "owner"} for _, post in rows],
    )


def kept_s(catalogue: Catalogue, made: tuple[list[Row], ...]) -> tuple[float, float]:
    """How long ours takes in one transaction, and how much of it the words."""
    start = time.perf_counter()
    with catalogue.writing() as conn:
        for kind, rows in zip(TABLES, made, strict=True):
            insert_new(conn, kind, rows)
        between = time.perf_counter()
        search.index(conn, [str(post["id"]) for post in made[1]])
        words = time.perf_counter() - between
    return time.perf_counter() - start, words


def bare_s(connection: sqlite3.Connection, made: tuple[list[Row], ...]) -> float:
    """How long ``executemany`` takes for the same columns and indexes, without words."""
    inputs = []
    for kind, rows in zip(TABLES, made, strict=True):
        names = [column.name for column in kind.c if column.name in rows[0]]
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {kind.name} ({', '.join(names)}) VALUES ({places})"
        inputs.append((statement, [tuple(row[name] for name in names) for row in rows]))
    start = time.perf_counter()
    connection.execute("BEGIN")
    for statement, values in inputs:
        connection.executemany(statement, values)
    connection.execute("COMMIT")
    return time.perf_counter() - start


def cut_s(made: tuple[list[Row], ...]) -> float:
    """How long only the words and stems take, without any database."""
    start = time.perf_counter()
    for post in made[1]:
        words_text([str(post["caption"])], (), (), (str(post["account"]), str(post["kind"])))
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


def measured(count: int, databases: Sequence[str]) -> Iterator[Result]:
    """Fill catalogues with ``count`` posts and ask them."""
    if "sqlite" in databases:
        with tempfile.TemporaryDirectory(prefix="jejak-bench-") as folder:
            yield from _embedded(count, Path(folder))
    if "postgresql" in databases:
        try:
            with any_server() as server:
                yield from _on_server(count, server)
        except NoServer as error:
            print(f"PostgreSQL was not measured: {error}")


def _embedded(count: int, folder: Path) -> Iterator[Result]:
    began = time.perf_counter()
    path, other = folder / "ours.db", folder / "bare.db"
    with open_catalogue(f"sqlite:///{path}") as ours:
        open_catalogue(f"sqlite:///{other}").close()
        with closing(sqlite3.connect(other, isolation_level=None)) as bare:
            for pragma in ("PRAGMA synchronous=FULL", *PACE):
                bare.execute(pragma)
            for first in range(0, count, STEP):
                times = Times()
                for made in prepared(first, min(STEP, count - first)):
                    times.add(len(made[1]), *kept_s(ours, made), bare_s(bare, made))
                    times.cut += cut_s(made)
                if first == 0 or first + STEP >= count:
                    yield _rate(first, times)
        start = time.perf_counter()
        with ours.writing() as conn:
            search.settle(conn)
        settled = f"settled in {time.perf_counter() - start:.0f} s; {sizes(ours)}"
        yield from _asked(ours, f"SQLite, {count:,} posts", settled, like_ms(path), began)


def _on_server(count: int, server: Server) -> Iterator[Result]:
    began = time.perf_counter()
    name = server.create()
    with open_catalogue(server.address(name)) as catalogue:
        rates = []
        for first in range(0, count, STEP):
            times = Times()
            for made in prepared(first, min(STEP, count - first)):
                times.add(len(made[1]), *kept_s(catalogue, made), 0.0)
            rates.append(times.count / times.ours)
        start = time.perf_counter()
        with catalogue.writing() as conn:
            search.settle(conn)
        settled = (
            f"kept {rates[0]:,.0f} posts a second at first, {rates[-1]:,.0f} in the end; "
            f"settled in {time.perf_counter() - start:.0f} s; {sizes(catalogue)}"
        )
        yield from _asked(catalogue, f"PostgreSQL, {count:,} posts", settled, None, began)
    server.drop(name)


def prepared(first: int, count: int) -> Iterator[tuple[list[Row], ...]]:
    """Batches of generated rows, made outside what is timed."""
    for at in range(first, first + count, BATCH):
        yield tables(list(generated(at, min(BATCH, first + count - at))))


def sizes(catalogue: Catalogue) -> str:
    """How large the whole is, and the index."""
    if catalogue.engine.dialect.name == "postgresql":
        whole = "pg_database_size(current_database())"
        parts = "pg_total_relation_size('search_index') + pg_total_relation_size('search_posts')"
    else:
        whole = "(SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)"
        parts = (
            "(SELECT sum(length(block)) FROM search_index_data)"
            " + (SELECT sum(length(words) + 80) FROM search_posts)"
        )
    with catalogue.reading() as conn:
        row = conn.exec_driver_sql(f"SELECT {whole}, {parts}").one()
    return f"{row[0] / 1e6:,.0f} MB, of which {row[1] / 1e6:,.0f} MB for search"


@dataclass(slots=True)
class Times:
    """Seconds: ours, of it for words; bare; and for cutting words alone."""

    count: int = 0
    ours: float = 0.0
    words: float = 0.0
    bare: float = 0.0
    cut: float = 0.0

    def add(self, count: int, ours: float, words: float, bare: float) -> None:
        """One batch more."""
        self.count += count
        self.ours += ours
        self.words += words
        self.bare += bare


def _rate(first: int, times: Times) -> Result:
    target = 0.48 if first == 0 else 0.3
    count, mine, theirs = times.count, times.ours, times.bare
    title = f"posts {first:,} to {first + count:,}: kept with their words / bare executemany"
    note = (
        f"{count / mine:,.0f} against {count / theirs:,.0f} posts a second, batches of {BATCH:,}, "
        f"in turn; {times.words / mine:.0%} of ours for the words"
    )
    alone = theirs / (theirs + times.cut)
    obstacle = (
        f"words and stems are made in Python: that alone, the stems already known, takes "
        f"{times.cut / count * 1e6:.0f} µs a post, so {alone:.2f} were the most"
    )
    return Result("G10", title, theirs / mine, target, "higher", note=note, obstacle=obstacle)


def _asked(
    catalogue: Catalogue, where: str, how: str, like: float | None, began: float
) -> Iterator[Result]:
    asked_ms(catalogue)
    classes: dict[str, Any] = asked_ms(catalogue)
    everything = [value for values in classes.values() for value in values]
    each = "; ".join(
        f"{kind} {statistics.median(v):.1f}/{p95(v):.1f}/{max(v):.1f}"
        for kind, v in classes.items()
    )
    over = sum(value > 50 for value in everything)
    note = (
        f"{len(everything)} queries, p50 {statistics.median(everything):.1f} ms, "
        f"{over} over 50 ms, slowest {max(everything):.1f} ms; p50/p95/max by class: {each}; "
        f"{how}; took {time.perf_counter() - began:.0f} s in all"
    )
    yield Result("G11", f"search p95, {where}", p95(everything), 50, unit="ms", note=note)
    if like is not None:
        ratio = p95(everything) / like
        yield Result("G11", f"search p95 / LIKE scan p95, {where}", ratio, 0.03)


def run() -> Iterator[Result]:
    """The short form, for `make bench`."""
    yield from measured(STEP, ["sqlite"])


def main(arguments: Sequence[str]) -> None:
    """Measure with as many posts as asked for; by default on both databases."""
    parser = argparse.ArgumentParser(prog="benchmarks.search_speed", description=__doc__)
    parser.add_argument("posts", nargs="?", type=int, default=1_000_000)
    databases = ("sqlite", "postgresql")
    parser.add_argument("--only", choices=databases, help="one database instead of both")
    options = parser.parse_args(arguments)
    results: list[Result] = []
    for one in measured(options.posts, [options.only] if options.only else databases):
        print(one, flush=True)
        results.append(one)
    Console(width=160).print(table(results))


if __name__ == "__main__":
    main(sys.argv[1:])
