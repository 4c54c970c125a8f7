"""Recorded bodies with their codings undone, within limits.

How a coding is undone is `connectors.coding`'s; the tap has judged the answer
by the same functions when it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.coding import Decoder, unfolds_too_far


class TooLarge(Exception):
    """The decoded body goes beyond a limit."""


def decoded(
    pieces: Iterable[bytes],
    codings: tuple[str, ...],
    *,
    max_bytes: int,
    max_ratio: float,
) -> Iterator[bytes]:
    """The entity of a body, piece by piece. A cut body gives what is there.

    Args:
        pieces: The body as received.
        codings: As `storage.http_message.codings` names them.
        max_bytes: Most decoded bytes; not applied to a body without codings.
        max_ratio: Most decoded bytes per received byte, beyond 1 MiB.

    Raises:
        CodingError: The body is not what its coding lines say, or a coding is
            unknown; what was yielded before it is good.
        TooLarge: What was yielded before it is within the limits.
    """
    if not codings:
        yield from pieces
        return
    taken = given = 0
    decoder = Decoder(codings)
    for received in pieces:
        taken += len(received)
        for piece in decoder.feed(received):
            given += len(piece)
            if given > max_bytes:
                raise TooLarge(f"more than {max_bytes} bytes when decoded")
            if unfolds_too_far(taken, given, max_ratio):
                raise TooLarge(f"grows more than {max_ratio:g} times when decoded")
            yield bytes(piece)
