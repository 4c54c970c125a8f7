"""What people say of a withdrawal: confirmed, disputed, and why it happened.

Into the ledger first, then the catalogue; the tombstone itself stays as it was.
"""

from __future__ import annotations

from sqlalchemy import Connection

from archiver.books import Books
from archiver.config import Config
from archiver.decisions import Clock, deciding, given_reason
from archiver.errors import UsageProblem
from archiver.i18n import N_, _
from archiver.person import person
from archiver.wording import CAUSES
from storage.catalogue import posts, tombstones
from storage.catalogue.tombstones import TombstoneRow


def confirm(
    config: Config, now: Clock, post: str, reason: str, reference: str | None = None
) -> TombstoneRow:
    """Confirm the newest withdrawal of a post; an earlier dispute is heard no more.

    Raises:
        UsageProblem: There is no such post or no withdrawal of it, or no reason.
    """
    detail = {"reason": given_reason(reason), "reference": reference}
    with deciding(config, now) as books:
        stone = _newest(books, post)
        _say(books, tombstones.CONFIRMED, stone, detail)
        return stone


def dispute(
    config: Config, now: Clock, post: str, reason: str, reference: str | None = None
) -> TombstoneRow:
    """Dispute the newest withdrawal of a post: from now on it counts as not proved.

    Raises:
        UsageProblem: As for `confirm`, or somebody disputes it already.
    """
    detail = {"reason": given_reason(reason), "reference": reference}
    with deciding(config, now) as books:
        stone = _newest(books, post)
        if stone.disputed_at is not None:
            raise UsageProblem(
                N_("The withdrawal of {post} is disputed already, by {who}."),
                hint=N_("`jejak verdict confirm` takes the dispute back."),
                post=stone.post,
                who=(stone.disputed_by or "").removeprefix("person "),
            )
        _say(books, tombstones.DISPUTED, stone, detail)
        return stone


def state_cause(
    config: Config,
    now: Clock,
    post: str,
    cause: str,
    source: str,
    reference: str | None = None,
) -> TombstoneRow:
    """Say why a post was withdrawn; what was said before stays in the ledger.

    Args:
        cause: A key of `archiver.wording.CAUSES`.
        source: Who or what says so.

    Raises:
        UsageProblem: As for `confirm`; or the cause is unknown, the source is
            missing, or the withdrawal is disputed.
    """
    if cause not in CAUSES:
        raise UsageProblem(
            N_("{option} {value}: expected one of: {known}."),
            option=_("CAUSE"),
            value=repr(cause[:40]),
            known=", ".join(CAUSES),
        )
    if not source.strip():
        raise UsageProblem(
            N_("--source must say who or what says so."), hint=N_("It stays in the ledger.")
        )
    detail = {"cause": cause, "source": source.strip(), "reference": reference}
    with deciding(config, now) as books:
        stone = _newest(books, post)
        if stone.disputed_at is not None:
            raise UsageProblem(
                N_("The withdrawal of {post} is disputed; it has no cause."),
                hint=N_("`jejak verdict confirm` takes the dispute back."),
                post=stone.post,
            )
        _say(books, tombstones.CAUSE, stone, detail)
        return stone


def _say(books: Books, type: str, stone: TombstoneRow, detail: dict[str, str | None]) -> None:
    objects = {"account": stone.account, "post": stone.post, "tombstone": str(stone.number)}
    books.note(type, objects, detail=detail, by=f"person {person()}")


def _newest(books: Books, post: str) -> TombstoneRow:
    with books.catalogue.reading() as conn:
        found = tombstones.of_post(conn, post)
        if found:
            return found[-1]
        raise _none(conn, post)


def _none(conn: Connection, post: str) -> UsageProblem:
    kept = posts.get(conn, post)
    if kept is None:
        return UsageProblem(
            N_("The archive has no post {id}."),
            hint=N_("See `jejak posts`; only captured posts can be shown."),
            id=post,
        )
    return UsageProblem(
        N_("Nothing was concluded of {post}: there is no withdrawal to speak of."),
        hint=N_("See `jejak verdict list`. What is known otherwise belongs into `jejak note add`."),
        post=post,
    )
