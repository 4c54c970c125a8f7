"""How long to wait before the next request.

Pure: the caller gives the mean and a random number and does the sleeping.
"""

from __future__ import annotations

import math

LONGEST_MEANS = 9.0
"""A pause is never longer than this many means (instaloader caps its pauses
at 15 s for a mean of 1.7 s)."""


def next_pause_s(mean_s: float, chance: float) -> float:
    """A pause drawn from an exponential distribution, capped.

    People do not click at even intervals; neither does instaloader, whose
    pauses are exponential with a mean of 1.7 s and a cap of 15 s.

    Args:
        mean_s: Mean pause in seconds; 0 means no pause.
        chance: A uniform random number, 0 <= chance < 1.

    Returns:
        Seconds to wait, between 0 and ``LONGEST_MEANS * mean_s``.

    Raises:
        ValueError: For a negative mean or a chance outside [0, 1).

    *Source:* instaloader 4.16, ``instaloadercontext.py``, ``do_sleep``.
    """
    if mean_s < 0 or not 0 <= chance < 1:
        raise ValueError("mean_s must not be negative and chance must lie in [0, 1)")
    return min(-mean_s * math.log1p(-chance), LONGEST_MEANS * mean_s)


def remaining_s(pause_s: float, since_last_s: float | None) -> float:
    """What is left of a pause when some time has passed since the last request.

    Args:
        pause_s: The whole pause.
        since_last_s: Seconds since the last request ended; ``None`` when this
            is the first, which waits for nothing.
    """
    if since_last_s is None:
        return 0.0
    return max(0.0, pause_s - max(0.0, since_last_s))
