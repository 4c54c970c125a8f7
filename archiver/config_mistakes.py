"""What is wrong in a configuration, said so that a person can mend it.

Every line names the file, the key, the value found and what was expected; an
unknown key also gets the key that was probably meant.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from archiver.catalogue_address import without_secrets
from archiver.i18n import N_, translate

_MAY_HOLD_A_PASSWORD = {("archive",), ("archive", "catalogue")}
_CREDENTIALS = re.compile(r"://.*@", re.DOTALL)

EXPECTED = {
    "missing": N_("a value; this key must be given"),
    "bool_type": N_("true or false"),
    "bool_parsing": N_("true or false"),
    "int_type": N_("a whole number"),
    "int_parsing": N_("a whole number"),
    "int_from_float": N_("a whole number"),
    "float_type": N_("a number"),
    "float_parsing": N_("a number"),
    "string_type": N_("text in quotes"),
    "path_type": N_("text in quotes"),
    "list_type": N_("a list of tables, such as [[accounts]]"),
    "model_type": N_("a table, such as [archive]"),
    "model_attributes_type": N_("a table, such as [archive]"),
    "literal_error": N_("one of: {expected}"),
    "enum": N_("one of: {expected}"),
    "greater_than": N_("a number above {gt}"),
    "greater_than_equal": N_("at least {ge}"),
    "less_than_equal": N_("at most {le}"),
    "finite_number": N_("a finite number"),
    "string_pattern_mismatch": N_("text of the form {pattern}"),
}
"""What pydantic expected, by its error type."""


def lines(file_name: str, error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One sentence for each mistake, in the language spoken now.

    Args:
        file_name: As the person knows it.
        error: What pydantic found.
        model: The root model, to look up the keys that exist.
    """
    return [_line(file_name, dict(mistake), model) for mistake in error.errors(include_url=False)]


def _line(file_name: str, mistake: Mapping[str, Any], model: type[BaseModel]) -> str:
    place = tuple(mistake["loc"])
    key = key_name(place)
    if mistake["type"] == "extra_forbidden":
        known = keys_at(model, place[:-1])
        near = difflib.get_close_matches(str(place[-1]), known, n=1, cutoff=0.5)
        said = translate("{file}: {key}: unknown key.").format(file=file_name, key=key)
        if near:
            meant = key_name((*place[:-1], near[0]))
            return said + " " + translate("Did you mean {meant}?").format(meant=meant)
        return said + " " + translate("Known keys: {keys}.").format(keys=", ".join(known))
    if mistake["type"] == "missing":
        return translate("{file}: {key} is missing.").format(file=file_name, key=key)
    return translate("{file}: {key} = {value}: expected {expected}.").format(
        file=file_name,
        key=key,
        value=_shown(place, mistake.get("input")),
        expected=_expected(mistake),
    )


def _expected(mistake: Mapping[str, Any]) -> str:
    context = mistake.get("ctx") or {}
    if mistake["type"] == "value_error":
        return translate(str(context.get("error", mistake["msg"])))
    sentence = EXPECTED.get(str(mistake["type"]))
    if sentence is None:
        return str(mistake["msg"])
    return translate(sentence).format(**context)


def expected_of(error: object) -> str | None:
    """What the first mistake of a checked value expected; ``None`` when nobody can say."""
    if not isinstance(error, ValidationError):
        return None
    return _expected(dict(error.errors(include_url=False)[0]))


def _shown(place: Sequence[str | int], value: object, width: int = 60) -> str:
    # A name and password in an address would go on to terminals and tickets.
    if tuple(place[:2]) in _MAY_HOLD_A_PASSWORD:
        return repr(without_secrets(value)) if isinstance(value, str) else "…"
    text = _CREDENTIALS.sub("://…@", repr(value))
    return text if len(text) <= width else text[: width - 1] + "…"


def key_name(place: Sequence[str | int]) -> str:
    """``("accounts", 1, "handle")`` as ``accounts[2].handle``: people count from 1."""
    name = ""
    for part in place:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def keys_at(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The keys that exist in the table at a place; empty when there is none."""
    for part in place:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
