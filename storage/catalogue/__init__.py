"""The catalogue: one file per subject, every query and every write."""

from storage.catalogue.connection import Catalogue, embedded, open_catalogue, server_facts

__all__ = ["Catalogue", "embedded", "open_catalogue", "server_facts"]
