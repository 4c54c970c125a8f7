"""From a wheel to a folder: fetched by pip, checked, unpacked. None of its code runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.parser import HeaderParser
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from archiver.engines.age import date_in_version
from archiver.engines.kinds import Engine
from archiver.errors import FINDINGS, JejakError
from archiver.i18n import N_

PIP_S = 600
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!_-]{0,60}")
_REPRODUCIBLE_YEARS = range(2016, 2100)
"""Builders that want equal files write 1980 into a wheel."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a wheel may be; the engines of today need a tenth of it."""

    packed_bytes: int = 64 * 1024**2
    unpacked_bytes: int = 256 * 1024**2
    files: int = 20_000


BOUNDS = Bounds()


class EngineRefused(JejakError):
    """A candidate is not taken; everything stays as it was."""

    exit_code = FINDINGS


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that may be unpacked.

    Attributes:
        released: ISO date from its version or its files, if they tell one.
    """

    file: Path
    version: str
    sha256: str
    released: str | None


def pip(arguments: Sequence[str]) -> None:
    """Run pip of this interpreter, with the settings its owner gave it.

    Raises:
        EngineRefused: It failed; its last lines are in the error.
    """
    command = [sys.executable, "-m", "pip", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, arguments checked above
            [*command, "--disable-pip-version-check", "--no-input", "-q"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PIP_S,
            check=False,
            env={**os.environ, "PYTHONNOUSERSITE": "1"},
        )
    except subprocess.TimeoutExpired:
        said, code = f"no answer within {PIP_S} s", 1
    else:
        said, code = (done.stderr or done.stdout).strip(), done.returncode
    if code:
        raise EngineRefused(
            N_("pip could not do it: {said}"),
            hint=N_("Check the network, or give a folder of wheels with --from FOLDER."),
            said="\n".join(said.splitlines()[-4:]) or f"code {code}",
        )


def fetch(
    engine: Engine, into: Path, *, folder: Path | None, wanted: str | None, proxy: str | None
) -> Wheel:
    """Get a wheel, from a folder or from where pip looks by itself.

    Raises:
        EngineRefused: There is none, or it is no wheel of this engine.
    """
    if wanted is not None and not _VERSION.fullmatch(wanted):
        raise EngineRefused(N_("{version} is no version."), version=wanted)
    asked = engine.name + (f"=={wanted}" if wanted else "")
    source = ["--no-index", "--find-links", str(folder.absolute())] if folder else []
    if proxy and not folder:
        source += ["--proxy", proxy]
    pip(["download", "--no-deps", "--only-binary", ":all:", "-d", str(into), *source, asked])
    files = sorted(into.glob("*.whl"))
    if len(files) != 1:
        raise EngineRefused(N_("pip brought no wheel of {name}."), name=engine.name)
    return checked(engine, files[0])


def checked(engine: Engine, file: Path, bounds: Bounds = BOUNDS) -> Wheel:
    """A wheel that holds this engine, pure Python, and nothing else to import.

    Raises:
        EngineRefused: It does not, or needs libraries that are not here.
    """
    try:
        with zipfile.ZipFile(file) as held:
            _check_size(file, held, bounds)
            names = held.namelist()
            info = next(n for n in names if n.endswith(".dist-info/METADATA") and n.count("/") == 1)
            told = HeaderParser().parsestr(held.read(info).decode("utf-8", "replace"))
            stamp = held.getinfo(info).date_time
    except (OSError, zipfile.BadZipFile, StopIteration, KeyError):
        raise EngineRefused(N_("{file} is no wheel."), file=file.name) from None
    found = told["Version"] or ""
    if _normal(told["Name"] or "") != engine.name or not _VERSION.fullmatch(found):
        raise EngineRefused(N_("{file} does not hold {name}."), file=file.name, name=engine.name)
    strange = sorted(set(_importable(names)) - {engine.package})
    if strange or not file.name.endswith("-none-any.whl"):
        raise EngineRefused(
            N_("{file} brings more than {name}: {strange}."),
            hint=N_("Only a pure wheel of the library alone is taken."),
            file=file.name,
            name=engine.name,
            strange=", ".join(strange) or "machine code",
        )
    lacking = list(unmet(told.get_all("Requires-Dist") or [], told["Requires-Python"], engine))
    if lacking:
        raise EngineRefused(
            N_("{name} {version} needs other libraries than those here [in brackets]: {lacking}"),
            hint=N_("Take an older version with --version, or renew jejak itself."),
            name=engine.name,
            version=found,
            lacking="; ".join(lacking),
        )
    born = date_in_version(found)
    if born is None and stamp[0] in _REPRODUCIBLE_YEARS:
        born = date(*stamp[:3])
    digest = f"sha256:{sha256(file.read_bytes()).hexdigest()}"
    return Wheel(file, found, digest, born.isoformat() if born else None)


def _check_size(file: Path, held: zipfile.ZipFile, bounds: Bounds) -> None:
    """Before anything is read: no member gives more than the list of members says."""
    inside = held.infolist()
    if (
        file.stat().st_size > bounds.packed_bytes
        or len(inside) > bounds.files
        or sum(member.file_size for member in inside) > bounds.unpacked_bytes
    ):
        raise EngineRefused(
            N_("{file} is larger than any engine: at most {most} MB and {files} files are taken."),
            hint=N_("Find out where it comes from."),
            file=file.name,
            most=bounds.unpacked_bytes // 1024**2,
            files=bounds.files,
        )


def unpack(wheel: Wheel, folder: Path) -> None:
    """Put a wheel's files into a new folder, by pip and without looking anywhere."""
    target = ["--target", str(folder), "--no-compile"]
    pip(["install", "--no-index", "--no-deps", "--only-binary", ":all:", *target, str(wheel.file)])


def unmet(requirements: Sequence[str], python: str | None, engine: Engine) -> Iterator[str]:
    """What a library asks for and this environment does not have.

    Its optional parts count only where the library they name is here: then a
    version that does not fit would break.
    """
    here = ".".join(map(str, sys.version_info[:3]))
    if python:
        try:
            if not SpecifierSet(python).contains(here, prereleases=True):
                yield f"Python {python} [{here}]"
        except InvalidSpecifier:
            yield f"Python {python}"
    for line in requirements:
        try:
            asked = Requirement(line)
        except InvalidRequirement:
            yield line
            continue
        needed = asked.marker is None or asked.marker.evaluate({"extra": ""})
        optional = any(
            asked.marker is not None and asked.marker.evaluate({"extra": extra})
            for extra in engine.extras
        )
        if not needed and not optional:
            continue
        found = _installed(asked.name)
        if found is None and needed:
            yield f"{asked.name}{asked.specifier} [-]"
        elif found is not None and not asked.specifier.contains(found, prereleases=True):
            yield f"{asked.name}{asked.specifier} [{found}]"


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _normal(name: str) -> str:
    """Source: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _importable(names: Sequence[str]) -> Iterator[str]:
    """Top names a wheel would make importable. Its ``.data`` may hold some, too."""
    for name in names:
        top, _, rest = name.partition("/")
        if ".." in name.split("/") or name.startswith("/"):
            yield name
        elif top.endswith(".data"):
            kind, _, inner = rest.partition("/")
            if kind in ("purelib", "platlib"):
                yield inner.partition("/")[0]
        elif not top.endswith(".dist-info"):
            yield top.removesuffix(".py") if not rest else top
