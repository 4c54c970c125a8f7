"""Why a catalogue cannot be used, and what to do about it.

::

    CatalogueError
    ├── CatalogueTooNew       a newer program wrote it
    ├── CatalogueTooOld       it needs a migration and is opened for reading only
    ├── CatalogueUnreadable   not a database, or damaged
    │   └── CatalogueUnsuitable   a sound database that is not, or cannot be, a catalogue
    ├── CatalogueReadOnly     the file or its folder cannot be written
    ├── CatalogueNotStored    the disk has no room for it, or cannot be read or written
    ├── CatalogueBusy         another program holds it for longer than we wait
    ├── CatalogueUnreachable  its database server does not answer, or went away
    ├── CatalogueRefused      its database server lets this user not in, or not do it
    └── DocumentError         a document or event does not have the shape it must have
"""

from __future__ import annotations


class CatalogueError(Exception):
    """The catalogue cannot be used.

    Attributes:
        hint: What to do next, one sentence.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CatalogueTooNew(CatalogueError):
    """A newer program wrote it; this one would misread it."""


class CatalogueTooOld(CatalogueError):
    """It needs a migration, and it was opened for reading only."""


class CatalogueUnreadable(CatalogueError):
    """It is not a database, or it is damaged."""


class CatalogueUnsuitable(CatalogueUnreadable):
    """A sound database with somebody else's tables, or in another encoding."""


class CatalogueReadOnly(CatalogueError):
    """The file or its folder cannot be written."""


class CatalogueNotStored(CatalogueError):
    """The disk has no room for it, or failed; what was committed is kept."""


class CatalogueBusy(CatalogueError):
    """Another program holds it for longer than we wait."""


class CatalogueUnreachable(CatalogueError):
    """Its database server does not answer, or went away; what was committed is kept."""


class CatalogueRefused(CatalogueError):
    """Its database server does not let this user in, or not do what is needed."""


class DocumentError(CatalogueError):
    """A document or event does not have the shape it must have."""
