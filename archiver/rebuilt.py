"""Whether the catalogue says what segments and ledger say, and nothing else.

The catalogue is derived, so the check is to derive it again beside it. A row
that somebody changed, removed or added by hand is found whatever it says.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from storage.catalogue import Catalogue, embedded, open_catalogue
from storage.findings import Finding
from storage.reindex import Difference, differences, reindex, segment_files

LISTED = 20
"""So many rows are named; the rest is counted."""


def check_rebuilt(archive: Path, catalogue: Catalogue) -> Iterator[Finding]:
    """Rebuild the catalogue in a temporary folder and compare every derived row.

    Yields:
        ``A011`` for each differing row, or one ``A012`` when a segment is
        still open, since the catalogue is then behind by design.
    """
    unfinished = [path.name for path in segment_files(archive) if path.suffix == ".open"]
    if unfinished:
        detail = "still open, so the catalogue was not compared with a rebuilt one"
        yield Finding("A012", unfinished[0], detail)
        return
    with tempfile.TemporaryDirectory(prefix="jejak-verify-") as folder:
        other = open_catalogue(embedded(Path(folder) / "catalogue.sqlite"))
        try:
            reindex(archive, other)
            found = differences(catalogue.engine, other.engine)
        finally:
            other.close()
    for difference in found[:LISTED]:
        where = f"{difference.table} {' '.join(str(part) for part in difference.key)}"
        yield Finding("A011", where, _sentence(difference))
    if len(found) > LISTED:
        yield Finding("A011", "catalogue", f"{len(found) - LISTED} more rows differ")


def _sentence(difference: Difference) -> str:
    kept, rebuilt = difference.left, difference.right
    if kept is None:
        return "segments and ledger give this row; the catalogue lost it"
    if rebuilt is None:
        return "no segment and no event gives this row"
    columns = ", ".join(sorted(name for name in kept if kept[name] != rebuilt.get(name)))
    return f"the catalogue says something else than segments and ledger in: {columns}"
