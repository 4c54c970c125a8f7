"""Warns in the log of traffic that no tap has seen.

A library update may open a connection of its own; what crosses it is in no
segment, and nobody would notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archiver.log import Log
from connectors.tap.bypass import Bypass, BypassWatch


@contextmanager
def warn_of_unrecorded(log: Log) -> Iterator[None]:
    """Write a warning for each connection or downloader outside the taps."""

    def warn(bypass: Bypass) -> None:
        log.write.warning("unrecorded traffic", kind=bypass.kind, to=bypass.detail)

    watch = BypassWatch(warn)
    watch.start()
    try:
        yield
    finally:
        watch.stop()
