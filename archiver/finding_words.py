"""What the numbered findings mean, in the language spoken now.

The detail beside a finding is for whoever mends it and stays English; what it
means for the archive is said to everybody.
"""

from __future__ import annotations

from archiver.i18n import N_, translate

MEANINGS = {
    "A001": N_("a segment is missing from the archive folder"),
    "A002": N_("a segment is longer or shorter than when it was closed"),
    "A003": N_("a segment is not the one that was closed: its SHA-256 differs"),
    "A004": N_("a segment is there that the ledger does not know as closed"),
    "A005": N_("the catalogue does not know a record of a segment"),
    "A006": N_("the catalogue describes a record otherwise than its segment"),
    "A007": N_("the catalogue knows a record that no segment holds"),
    "A008": N_("a picture, film or sound cannot be taken out unchanged"),
    "A009": N_("a segment cannot be read to its end"),
    "A010": N_("the index beside a segment is missing or does not describe it"),
    "A011": N_("the catalogue says something else than segments and ledger"),
    "A012": N_("a segment is still open, so the catalogue was not compared"),
    "L001": N_("a line of the ledger cannot be read"),
    "L002": N_("a line of the ledger was changed"),
    "L003": N_("the chain of the ledger is broken: a line was put in, taken out or moved"),
    "L004": N_("the numbers of the ledger do not follow each other"),
    "L005": N_("the last line of the ledger is torn"),
    "L006": N_("a line stands in the wrong part of the ledger"),
    "L007": N_("a strange file lies in the ledger's folder"),
    "L008": N_("the end of the ledger is missing"),
    "L009": N_("an event of the ledger is not the one that the catalogue knows"),
    "L010": N_("a part of the ledger is empty"),
    "R001": N_("a segment cannot be read to its end"),
    "R002": N_("a document in a segment does not keep to its schema"),
    "R003": N_("a record stands in two places"),
}

FAMILIES = {
    "W00": N_("a WARC file is damaged, or not in the form this archive writes"),
    "W01": N_("a record of a WARC file has no proper form"),
    "W02": N_("a record lacks something that WARC 1.1 demands"),
    "W03": N_("a digest of a record is missing or does not fit its content"),
    "W04": N_("a reference to content stored earlier is not as WARC 1.1 demands"),
    "W05": N_("records of a WARC file do not fit each other"),
}
"""Findings of the WARC validator, by the beginning of their code."""


def meaning_of(code: str) -> str:
    """What a finding means; empty for a code without a sentence."""
    sentence = MEANINGS.get(code) or FAMILIES.get(code[:3])
    return translate(sentence) if sentence else ""
