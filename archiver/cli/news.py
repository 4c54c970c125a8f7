"""What a run concluded of posts, as it is told to people."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.cli.output import say
from archiver.i18n import _


def say_news(withdrawn: Sequence[str], returned: Sequence[str]) -> None:
    """Which posts are no longer shown, and which are again."""
    if withdrawn:
        say(_("No longer available to the public: {posts}").format(posts=", ".join(withdrawn)))
        say("→ " + _("`jejak show POST` tells the evidence; `jejak verdict` what to do with it."))
    if returned:
        say(_("Shown again after a withdrawal: {posts}").format(posts=", ".join(returned)))
