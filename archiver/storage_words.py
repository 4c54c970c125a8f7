"""What storage cannot do, in the words of the person's language.

Storage speaks English and knows no language; its own sentence, with names and
places, follows in brackets.
"""

from __future__ import annotations

from archiver.errors import NOT_CAPTURED, USAGE
from archiver.i18n import N_, translate
from storage.catalogue.errors import CatalogueError, CatalogueNotStored, CatalogueUnreachable
from storage.ledger import LedgerError, LedgerNotStored

NOT_STORED = (
    N_("The archive could not be written; what was acknowledged is kept."),
    N_("Check disk space and rights with `jejak doctor`, then run the same command again."),
)

WORDS: dict[str, tuple[str, str]] = {
    "CatalogueTooNew": (
        N_("A newer jejak wrote this catalogue; this one would misread it."),
        N_("Update jejak, or rebuild the catalogue elsewhere; nothing was changed."),
    ),
    "CatalogueUnsuitable": (
        N_("This database is not a catalogue."),
        N_("Give [archive] catalogue an empty UTF8 database of its own; nothing was changed."),
    ),
    "CatalogueTooOld": (
        N_("The catalogue must be brought up to date first."),
        N_("Run `jejak recover`, which does it and changes nothing else."),
    ),
    "CatalogueUnreadable": (
        N_("The catalogue cannot be read."),
        N_(
            "Move its file aside, or make a new database, and run `jejak reindex`; it is"
            " rebuilt from WARC and ledger."
        ),
    ),
    "CatalogueReadOnly": (
        N_("The catalogue cannot be written."),
        N_("Give the user that runs jejak the right to write there; see `jejak doctor`."),
    ),
    "CatalogueBusy": (
        N_("Another program holds the catalogue."),
        N_("Wait until it has ended, then run the same command again."),
    ),
    "CatalogueUnreachable": (
        N_("The catalogue's database server does not answer."),
        N_("Start it or correct [archive] catalogue, then run the same command again."),
    ),
    "CatalogueRefused": (
        N_("The catalogue's database server refuses this user."),
        N_("Check user, password and database; the user must own the database."),
    ),
    "CatalogueNotStored": NOT_STORED,
    "LedgerNotStored": NOT_STORED,
    "LedgerDamaged": (
        N_("The ledger is damaged; nothing is written after it."),
        N_("Run `jejak verify`, and compare the ledger with another copy of the archive."),
    ),
}
"""By name of the error class; sentence and what to do."""

OTHER = (N_("The archive's books cannot be used."), N_("Run `jejak doctor`."))


def storage_words(error: CatalogueError | LedgerError) -> tuple[str, str]:
    """Sentence and hint for an error of storage, in the language spoken now."""
    sentence, hint = WORDS.get(type(error).__name__, OTHER)
    return f"{translate(sentence)} ({error})", translate(hint)


def exit_code(error: CatalogueError | LedgerError) -> int:
    """A disk that refuses is no mistake of the person's, and no bug: see `archiver.errors`."""
    stopped = CatalogueNotStored | CatalogueUnreachable | LedgerNotStored
    return NOT_CAPTURED if isinstance(error, stopped) else USAGE
