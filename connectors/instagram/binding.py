"""instaloader's network module, bound to one tap and to nobody else.

instaloader makes a new ``requests.Session`` for nearly every request, in
module-level functions. To record all of them, the *name* ``requests`` in its
module must lead to the tap. The module is therefore executed once more for
each connector, outside ``sys.modules``: two connectors of one process never
share a session class, and an instaloader used elsewhere stays as it is.
"""

from __future__ import annotations

import importlib.util
import logging
from types import ModuleType
from typing import Any

import requests

from connectors.base import Network
from connectors.errors import LibraryChanged, WaitRequired
from connectors.tap.interrupt import TapInterrupt

UPDATE = "Update jejak; the pinned instaloader and its binding no longer agree."

_log = logging.getLogger(__name__)

_CONNECTING = frozenset(
    ("get", "post", "put", "patch", "delete", "head", "options", "request", "session", "api")
)


class BoundRequests(ModuleType):
    """Stands in for ``requests`` inside the private module."""

    def __init__(self, session_class: type[requests.Session]) -> None:
        super().__init__("requests")
        self.Session = session_class

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real thing, unless it opens connections."""
        if name in _CONNECTING:
            raise TapInterrupt(
                LibraryChanged(
                    f"instaloader reached for requests.{name}, which no tap records",
                    hint=UPDATE,
                )
            )
        return getattr(requests, name)


def private_module(session_class: type[requests.Session]) -> ModuleType:
    """A fresh copy of instaloader's network module that uses a session class."""
    spec = importlib.util.find_spec("instaloader.instaloadercontext")
    if spec is None or spec.loader is None:
        raise LibraryChanged("instaloader has no module instaloadercontext any more", hint=UPDATE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if getattr(module, "requests", None) is not requests:
        raise LibraryChanged(
            "instaloader no longer reaches the network through requests", hint=UPDATE
        )
    module.requests = BoundRequests(session_class)  # type: ignore[attr-defined]
    return module


def make_context(session_class: type[requests.Session], network: Network) -> Any:
    """An instaloader context whose every request crosses the tap.

    It asks once, never sleeps and prints nothing; where instaloader would
    wait for minutes, `WaitRequired` stops the call instead.

    Returns:
        An ``InstaloaderContext`` with two more attributes. ``kept_page``: data
        of a profile page that its next ``get_page_data`` gives back without a
        request. ``midway``: what the first page of a listing is answered with
        instead of a request, while a listing is entered further down.
    """
    module: Any = private_module(session_class)

    class Context(module.InstaloaderContext):  # type: ignore[misc]
        """Quiet, and able to reuse a profile page that is already recorded."""

        kept_page: list[dict[str, Any]] | None = None
        midway: dict[str, Any] | None = None

        def error(self, msg: object, repeat_at_end: bool = True) -> None:
            _log.debug("instaloader: %s", msg)

        def get_page_data(self, path: str) -> Any:
            if self.kept_page is not None:
                page, self.kept_page = self.kept_page, None
                return page
            return super().get_page_data(path)

        def doc_id_graphql_query(
            self, doc_id: str, variables: dict[str, Any], *rest: Any, **more: Any
        ) -> Any:
            # Listings, and only they, say in ``data`` what they want.
            if self.midway is not None and "data" in variables and "after" not in variables:
                return self.midway
            return super().doc_id_graphql_query(doc_id, variables, *rest, **more)

    class Rates(module.RateController):  # type: ignore[misc]
        """Keeps instaloader's own request windows, without blocking."""

        def sleep(self, secs: float) -> None:
            raise TapInterrupt(
                WaitRequired(
                    f"instaloader wants to wait {secs:.0f} s before its next request",
                    retry_after_s=secs,
                    hint="Continue after that time; the windows are the platform's.",
                )
            )

    limits = network.limits
    return Context(
        sleep=False,
        quiet=True,
        max_connection_attempts=1,
        request_timeout=(limits.connect_s, limits.read_s),
        rate_controller=Rates,
        fatal_status_codes=[429],
    )
