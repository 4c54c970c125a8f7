"""The JSON Schemas of docs/, and the documents of an archive that they bind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from storage.warc_reader import members, payload_stream, row_of


class Schemas:
    """The JSON Schemas of docs/, and the documents of an archive."""

    def __init__(self, root: Path) -> None:
        found = [json.loads(file.read_text()) for file in sorted(root.glob("*.schema.json"))]
        registry: Registry[Any] = Registry().with_resources(
            [(schema["$id"], Resource.from_contents(schema)) for schema in found]
        )
        self._validators = {
            schema["title"]: Draft202012Validator(schema, registry=registry) for schema in found
        }

    def check(self, name: str, document: object) -> None:
        """Raise when a document does not fit its schema."""
        self._validators[name].validate(document)

    def documents(self, archive: Path) -> Iterator[tuple[str, bytes]]:
        """Name and body of every post/1 and capture/1 of an archive."""
        for path in sorted((archive / "segments").glob("*/*.warc.gz")):
            for member in members(path):
                row = row_of(member, path.name)
                if row.schema is not None and row.schema in self._validators:
                    yield row.schema, b"".join(payload_stream(path, row.offset))
