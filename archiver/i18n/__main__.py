"""``python -m archiver.i18n``: bring the message catalogues up to date.

Needs babel, which is for development only. Sentences of the code are written
into each ``.po`` (translations are kept), and each ``.mo`` is made from it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
KEYWORDS = {"_": None, "N_": None, "translate": None}


def sentences(package: Path = HERE.parent) -> Iterator[str]:
    """Every sentence of the code, in the order of files; repeated ones too."""
    found = extract_from_dir(str(package), [("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        yield message if isinstance(message, str) else message[0]


def read(file: Path) -> Catalog:
    """A ``.po`` file."""
    with file.open("rb") as source:
        return read_po(source, locale=file.parents[1].name, domain="jejak")


def compiled(catalogue: Catalog) -> bytes:
    """What the ``.mo`` of a catalogue holds; the same for the same sentences."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def updated(catalogue: Catalog, wanted: list[str]) -> Catalog:
    """The catalogue with exactly the wanted sentences, in alphabetical order."""
    fresh = Catalog(
        locale=catalogue.locale,
        domain="jejak",
        project="jejak",
        version="0",
        header_comment="# What jejak says to people.",
        last_translator="jejak maintainers",
        language_team="jejak maintainers",
        msgid_bugs_address="see CONTRIBUTING",
        creation_date=catalogue.creation_date,
        revision_date=catalogue.revision_date,
        fuzzy=False,
    )
    for sentence in sorted(set(wanted)):
        known = catalogue.get(sentence)
        fresh.add(sentence, known.string if known else "")
    return fresh


def main() -> int:
    """Update every language; the exit code says whether one is incomplete."""
    missing = 0
    for file in sorted(HERE.glob("*/LC_MESSAGES/jejak.po")):
        catalogue = updated(read(file), list(sentences()))
        with file.open("wb") as out:
            write_po(out, catalogue, omit_header=False, width=100)
        file.with_suffix(".mo").write_bytes(compiled(read(file)))
        empty = [message.id for message in catalogue if message.id and not message.string]
        for sentence in empty:
            sys.stderr.write(f"{file.parents[1].name}: not translated: {sentence}\n")
        missing += len(empty)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
