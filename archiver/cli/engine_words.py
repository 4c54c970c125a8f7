"""Saying that an engine of the shelf is not used."""

from __future__ import annotations

from archiver.cli.output import tell
from archiver.engines.choice import Fallback
from archiver.i18n import N_, _
from archiver.log import Log

WHY = {
    "missing": N_("its folder is missing"),
    "altered": N_("its files were altered"),
    "unreadable": N_("its files cannot be read"),
    "shelf": N_("the list of engines is damaged"),
    "loaded": N_("another one was loaded before"),
}
"""By `Fallback.reason`."""


def tell_fallback(fallback: Fallback, log: Log) -> None:
    """Warn on standard error and in the log; the program goes on."""
    log.write.warning(
        "engine not used",
        engine=fallback.name,
        version=fallback.version,
        reason=fallback.reason,
    )
    said = _("{name} {version} is not used: {why}. The built-in one is used instead.")
    tell(
        said.format(name=fallback.name, version=fallback.version, why=_(WHY[fallback.reason])),
        "yellow",
    )
    tell("→ " + _("See `jejak doctor`."))
