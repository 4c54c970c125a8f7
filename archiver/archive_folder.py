"""The archive's folder: whether it is there."""

from __future__ import annotations

from archiver.config import Config
from archiver.errors import UsageProblem
from archiver.i18n import N_


def require_archive(config: Config) -> None:
    """Refuse to work where there is no archive folder.

    Raises:
        UsageProblem: A missing folder could be a disk that is not mounted;
            it is never made by the way.
    """
    if not config.archive.is_dir():
        raise UsageProblem(
            N_("There is no archive folder {archive}."),
            hint=N_("Mount its disk, correct [archive] path, or run `jejak init`."),
            archive=config.archive,
        )
