"""Why a file could not be read or written, in the language of the person.

The operating system's own sentences are English, or whatever its locale is.
"""

from __future__ import annotations

import errno

from archiver.i18n import N_, translate

WORDS: dict[int, str] = {
    errno.EACCES: N_("no permission"),
    errno.EPERM: N_("no permission"),
    errno.ENOENT: N_("no such file or folder"),
    errno.EEXIST: N_("it is already there"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk quota is used up"),
    errno.EIO: N_("the disk has an error"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ECONNREFUSED: N_("nobody answers at this address"),
    errno.ETIMEDOUT: N_("no answer in time"),
    errno.EHOSTUNREACH: N_("there is no way to this address"),
    errno.ENETUNREACH: N_("there is no network"),
}
"""By error number; keys of the message catalogues."""


def reason_of(error: OSError) -> str:
    """Why, in the language spoken now; the system's own sentence when we have none."""
    if isinstance(error, TimeoutError):
        return translate(WORDS[errno.ETIMEDOUT])
    known = WORDS.get(error.errno or 0)
    return translate(known) if known else error.strerror or str(error)
