"""One Indonesian word for each concept: the glossary binds every text for people."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from demo.words import SENTENCES

CODE = re.compile(
    r"^#\s+jejak .*$|`[^`]*`|\"[^\"]*\"|\{[^{}]*\}|\S+[./=]\S+|<[^>]*>|--\S+|\[[^\]]*\]"
)
"""What is no prose: commands, options, names of files and keys, fields."""

RECORDS_WORDS = {"berkas"}
"""The archivist's words: the texts of today speak of none of them."""


def glossary(page: str) -> dict[str, tuple[str, ...]]:
    """Each Indonesian word of the glossary with the words that are not used for it."""
    rows = re.findall(r"^\| (?!English)([^|]+) \| ([^|]+) \| ?([^|]*) ?\| [^|\n]*\|$", page, re.M)
    return {
        f"{english}: {word}": tuple(w.strip() for w in never.split(",") if w.strip())
        for english, word, never in rows
    }


def prose(text: str) -> str:
    """The text without code and fields."""
    return CODE.sub(" ", text)


def misused(text: str, terms: dict[str, tuple[str, ...]]) -> list[str]:
    """Every forbidden word in a text, with the word to use."""
    return [
        f"{wrong!r} instead of {term!r}"
        for term, never in terms.items()
        for wrong in never
        if re.search(rf"\b{re.escape(wrong)}(?:nya|mu)?\b", prose(text), re.I)
    ]


@pytest.fixture(scope="module")
def terms(root):
    return glossary((root / "docs" / "glossary.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def spoken(root) -> dict[str, str]:
    """Every Indonesian text for people, by where it stands."""
    with (root / "archiver/i18n/id/LC_MESSAGES/jejak.po").open("rb") as file:
        catalogue = read_po(file, locale="id")
    texts = {f"jejak.po: {m.id}": str(m.string) for m in catalogue if m.id}
    texts |= {f"demo/words.py: {key}": both[0] for key, both in SENTENCES.items()}
    readme = (root / "README.md").read_text("utf-8").partition("\n## ")[0]
    texts |= {f"README.md:{n}": line for n, line in enumerate(readme.splitlines(), 1)}
    evidence = (root / "docs" / "evidence.md").read_text("utf-8").partition("\n## English")[0]
    texts |= {f"evidence.md:{n}": line for n, line in enumerate(evidence.splitlines(), 1)}
    example = (root / "config.example.toml").read_text("utf-8").splitlines()
    # Comments say it in Indonesian first, then after a slash in English.
    texts |= {
        f"config.example.toml:{n}": line.partition(" / ")[0]
        for n, line in enumerate(example, 1)
        if line.startswith("#")
    }
    return texts


def test_only_the_words_of_the_glossary_are_used(spoken, terms):
    found = {where: wrong for where, text in spoken.items() if (wrong := misused(text, terms))}
    assert found == {}
    assert len(spoken) > 350


def test_the_words_of_the_glossary_are_used(spoken, terms):
    """What the glossary binds is really said: it describes no other program."""
    everything = " ".join(prose(text) for text in spoken.values()).lower()
    said = ("unggahan", "putaran", "perekaman", "buku catatan", "katalog", "segmen", "rekaman")
    words = {part for term in terms for part in re.split(r": | · ", term)}
    for word in (*said, "identitas", "instansi", "unit pengolah", "keterangan", "kuki", "temuan"):
        assert re.search(rf"\b{word}", everything), word
        assert word in words, word


def test_no_word_is_bound_and_forbidden(terms):
    bound = {part for term in terms for part in term.partition(": ")[2].split(" · ")}
    never = {word for words in terms.values() for word in words}
    assert bound & never == RECORDS_WORDS
    assert len(terms) > 40


def test_the_rule_notices(terms):
    assert misused("Kiriman ini ditulis ke buku besar.", terms)
    assert misused("Tampilkan akun yang ditangkap.", terms)
    assert not misused("Jalankan `jejak login`; lihat {berkas}.", terms)
