"""Free space: a run stops while there is still room to end well."""

from __future__ import annotations

import shutil
from pathlib import Path

from archiver.errors import SpaceLow
from archiver.i18n import N_


def check_space(archive: Path, reserve_bytes: int) -> None:
    """Refuse to go on when the reserve is reached.

    Raises:
        SpaceLow: Less than ``reserve_bytes`` is free.
    """
    free_bytes = shutil.disk_usage(archive).free
    if free_bytes < reserve_bytes:
        raise SpaceLow(
            N_("Only {free_gb:.1f} GB are free in {archive}; {reserve_gb:.1f} GB are kept free."),
            hint=N_("Make room or move the archive, then run the same command again."),
            free_gb=free_bytes / 1e9,
            reserve_gb=reserve_bytes / 1e9,
            archive=archive,
        )
