"""The catalogue: one file per subject, every query and every write."""

from storage.catalogue.connection import Catalogue, open_catalogue

__all__ = ["Catalogue", "open_catalogue"]
