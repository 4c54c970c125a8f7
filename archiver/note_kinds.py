"""What a note can be: the one table of its kinds.

On an account, a note of kind ``unofficial`` marks every post that was published
or seen in its period.
"""

from __future__ import annotations

from archiver.i18n import N_

NOTE_KINDS = {
    "unofficial": N_("not published by the body: the account was taken over or misused"),
    "correction": N_("what is shown was wrong and was corrected elsewhere"),
    "handover": N_("the account passed to other people or another office"),
    "remark": N_("anything else a reader must know"),
}
"""Code to what it says; the code's word is in `archiver.wording`."""
