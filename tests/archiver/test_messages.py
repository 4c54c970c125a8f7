"""Every sentence is spoken in Indonesian, and the .mo is the .po."""

from __future__ import annotations

import string

from archiver.i18n import speak, translate
from archiver.i18n.__main__ import HERE, compiled, read, sentences

PO = HERE / "id" / "LC_MESSAGES" / "jejak.po"


def test_every_sentence_is_translated_and_none_is_left_over() -> None:
    wanted = set(sentences())
    known = {message.id: message.string for message in read(PO) if message.id}
    assert len(wanted) > 250
    assert wanted - set(known) == set(), "run python -m archiver.i18n"
    assert set(known) - wanted == set(), "run python -m archiver.i18n"
    assert [id for id, translation in known.items() if not translation] == []


def test_translations_have_the_same_fields() -> None:
    for message in read(PO):
        if message.id:
            assert fields(message.id) == fields(message.string), message.id


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_mo_is_made_from_the_po() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(read(PO))


def test_languages_can_be_changed() -> None:
    try:
        speak("id")
        assert translate("Nothing was changed.") == "Tidak ada yang diubah."
        speak("en")
        assert translate("Nothing was changed.") == "Nothing was changed."
    finally:
        speak("en")
