"""How a tap stops a client library that would rather retry.

instaloader and yt-dlp catch broadly: most `Exception`s raised below them are
taken for network trouble, retried, logged and forgotten. What a tap has to say
(a limit was passed, an address is refused, the gate said stop) must reach the
connector untouched. It therefore travels as a `BaseException`, `TapInterrupt`,
and is turned back into the `ConnectorError` it carries at the connector's own
edge::

    with translated():
        profile = instaloader.Profile.from_username(context, handle)

`connectors.base.SinkFailed` is a `BaseException` too, carries nothing, and is
not translated: a full disk ends the capture, not the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.errors import ConnectorError


class TapInterrupt(BaseException):
    """Carries a `ConnectorError` through a client library.

    Raised by the taps only. Nothing but `translated` should catch it.
    """

    def __init__(self, error: ConnectorError) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def translated() -> Iterator[None]:
    """Turn a `TapInterrupt` into the error it carries.

    Put it around every call into a client library.

    Raises:
        ConnectorError: What the tap had to say.
    """
    try:
        yield
    except TapInterrupt as interrupt:
        raise interrupt.error from None
