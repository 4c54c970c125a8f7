"""Acts of a person: into the ledger first, then the catalogue, then config.toml.

They need no platform and write no segment, so they do not wait for a run: the
ledger has a lock of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime

from archiver.accounts import with_changes, write_config
from archiver.archive_folder import require_archive
from archiver.books import Books, open_books
from archiver.config import Config, unknown_body
from archiver.errors import UsageProblem
from archiver.i18n import N_
from archiver.note_kinds import NOTE_KINDS
from archiver.person import person
from archiver.sections import AccountSection
from storage.catalogue import assignments, notes
from storage.timestamps import stamp

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a person says: from then on the account speaks for this body.

    Attributes:
        valid_from: Its first day; ``None`` when it was never another.
        reference: The decree or letter that says so.
    """

    body: str
    unit: str | None = None
    valid_from: date | None = None
    reference: str | None = None
    reason: str | None = None

    def detail(self) -> dict[str, object]:
        """As it stands in the ledger."""
        day = self.valid_from.isoformat() if self.valid_from else None
        return asdict(self) | {"valid_from": day}

    def keys(self) -> dict[str, object]:
        """As it stands in config.toml."""
        return {"body": self.body, "unit": self.unit, "valid_from": self.valid_from}


@dataclass(frozen=True, slots=True)
class Note:
    """What a person says of an account or a post.

    Attributes:
        account: Key of the account; of a post's note, of the post's account.
        since / until: Aware; its period, ``until`` not included.
    """

    account: str
    kind: str
    reason: str
    post: str | None = None
    reference: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@contextmanager
def deciding(config: Config, now: Clock) -> Iterator[Books]:
    """The books, for a person's act.

    Raises:
        UsageProblem: There is no archive folder.
    """
    require_archive(config)
    with open_books(config, now) as books:
        yield books


def assign(config: Config, now: Clock, account: AccountSection, said: Assignment) -> None:
    """Say which body and unit an account speaks for, since when.

    Raises:
        UsageProblem: The account has no number yet, or ``[[bodies]]`` does not
            list the body or unit.
    """
    if account.id is None:
        raise UsageProblem(
            N_("{name} has no id yet."),
            hint=N_("Run `jejak accounts check {name}` to look it up and pin it."),
            name=account.name,
        )
    for key, value, known in unknown_body(config.content.bodies, said.body, said.unit):
        raise UsageProblem(
            N_("{value} is no {key} of [[bodies]]; known: {known}."),
            hint=N_("Correct the spelling, or add it to [[bodies]] in {file}."),
            **{"value": repr(value), "key": key, "known": known, "file": config.file.name},
        )
    with deciding(config, now) as books:
        note_assignment(books, account, said)
        with books.catalogue.reading() as conn:
            newest = assignments.every(conn, account.key)[-1]
    day = date.fromisoformat(newest.valid_from) if newest.valid_from else None
    latest = Assignment(newest.body, newest.unit, day)
    text = config.file.read_text("utf-8")
    write_config(config.file, with_changes(text, [(account, latest.keys())]))


def note_assignment(books: Books, account: AccountSection, said: Assignment) -> None:
    """The ledger's part of `assign`.

    What stood in config.toml before and nobody had said goes first, so that the
    account's history begins with it.
    """
    with books.catalogue.reading() as conn:
        known = assignments.every(conn, account.key)
    if not known and account.body and account.body != said.body:
        before = Assignment(
            account.body, account.unit, account.valid_from, reason="as in config.toml before"
        )
        _note_assigned(books, account.key, before)
    _note_assigned(books, account.key, said)


def _note_assigned(books: Books, account: str, said: Assignment) -> None:
    books.note(
        assignments.ASSIGNED, {"account": account}, detail=said.detail(), by=f"person {person()}"
    )


def add_note(config: Config, now: Clock, said: Note) -> int:
    """Add a note; returns its number.

    Raises:
        UsageProblem: Its kind is unknown, the reason is missing, its period is
            empty, or a period is missing where the kind needs one.
    """
    _check_note(said)
    with deciding(config, now) as books:
        return note_said(books, said)


def note_said(books: Books, said: Note) -> int:
    """The ledger's part of `add_note`; returns the note's number."""
    objects = {"account": said.account} | ({"post": said.post} if said.post else {})
    detail = {
        "kind": said.kind,
        "reason": said.reason,
        "reference": said.reference,
        "since": stamp(said.since) if said.since else None,
        "until": stamp(said.until) if said.until else None,
    }
    return books.note(notes.ADDED, objects, detail=detail, by=f"person {person()}").seq


def withdraw_note(config: Config, now: Clock, number: int, reason: str) -> notes.NoteRow:
    """Take a note back; it stays in ledger and catalogue, marked so.

    Raises:
        UsageProblem: There is no such note, or it is withdrawn already.
    """
    with deciding(config, now) as books:
        with books.catalogue.reading() as conn:
            found = notes.get(conn, number)
        if found is None or found.withdrawn_at is not None:
            raise UsageProblem(
                N_("There is no standing note {number}."),
                hint=N_("See `jejak note list`."),
                number=number,
            )
        objects = {"account": found.account, "note": str(number)}
        by = f"person {person()}"
        books.note(notes.WITHDRAWN, objects, detail={"reason": given_reason(reason)}, by=by)
        return found


def _check_note(said: Note) -> None:
    if said.kind not in NOTE_KINDS:
        raise UsageProblem(
            N_("{option} {value}: expected one of: {known}."),
            option="--kind",
            value=repr(said.kind[:40]),
            known=", ".join(NOTE_KINDS),
        )
    given_reason(said.reason)
    if said.since and said.until and said.since >= said.until:
        raise UsageProblem(
            N_("The period ends before it begins."), hint=N_("See --from and --until.")
        )
    if said.kind == notes.UNOFFICIAL and said.post is None and said.since is None:
        raise UsageProblem(
            N_("An account was unofficial in a period: give --from."),
            hint=N_("Without --until it goes on until the note is withdrawn."),
        )


def given_reason(reason: str) -> str:
    """A reason without blanks around it.

    Raises:
        UsageProblem: It says nothing.
    """
    if not reason.strip():
        raise UsageProblem(N_("--reason must say why."), hint=N_("It stays in the ledger."))
    return reason.strip()
