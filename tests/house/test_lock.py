"""One hash lock, wheels only, no address, no licence that binds importers."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib

import pytest

SEPARATE_PROGRAMS: dict[str, str] = {}
"""Distributions under the GPL or AGPL that are never imported, with the reason."""

GPL = re.compile(r"(?<![L\w])(?:A?GPL\b|A?GPL-?[23v])|(?<!Lesser )General Public License", re.I)


def locked(text: str) -> dict[str, str]:
    """Names and versions of a lock, as written in it."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", text, re.M))


def normal(name: str) -> str:
    """A distribution's name as indexes compare it. Source: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def lock(root):
    return (root / "requirements" / "lock.txt").read_text(encoding="utf-8")


def test_every_package_has_hashes(lock):
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.split("--only-binary :all:")[1].strip())
    assert len(entries) == len(locked(lock))
    assert [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_the_lock_names_no_address(lock):
    assert "--only-binary :all:" in lock
    assert not re.search(r"https?://|file:|--index-url|--find-links|^-[ief] ", lock, re.M)


def test_the_validators_are_locked_alike(root):
    validators = (root / "requirements" / "validators.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", validators)[1:]
    assert len(entries) >= len(locked(validators)) - 1 > 30
    assert [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e] == []
    assert not re.search(r"https?://|file:|--index-url|--find-links|^-[ief] ", validators, re.M)
    assert {"surt", "setuptools"} <= locked(validators).keys()  # the builder is pinned too


def test_everything_the_project_asks_for_is_locked(lock, root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {normal(re.split(r"[<>=!~;\[ ]", w)[0]) for w in wanted}
    assert names - locked(lock).keys() == set()


def test_curl_cffi_is_one_that_yt_dlp_accepts(lock):
    major, minor = locked(lock)["curl-cffi"].split(".")[:2]
    assert (0, 10) <= (int(major), int(minor)) < (0, 18)


def test_the_environment_is_the_lock(lock):
    """What these tests run with is what a fresh clone gets."""
    missing = []
    for name, version in locked(lock).items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # a line for another system
        if found != version:
            missing.append(f"{name}: {found}, locked {version}")
    assert missing == []


def test_nothing_imported_is_under_the_gpl(lock):
    bound = {}
    for name in locked(lock):
        try:
            metadata = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        claims = [metadata.get("License-Expression") or metadata.get("License") or ""]
        claims += [c for c in metadata.get_all("Classifier") or [] if c.startswith("License")]
        if any(GPL.search(claim.splitlines()[0]) for claim in claims if claim):
            bound[name] = claims
    assert {n: c for n, c in bound.items() if n not in SEPARATE_PROGRAMS} == {}


@pytest.mark.parametrize("claim", ["GPL-3.0-or-later", "AGPLv3", "GNU General Public License v3"])
def test_the_licence_rule_notices(claim):
    assert GPL.search(claim)
    assert not GPL.search("LGPL-2.1-only")
    assert not GPL.search("GNU Lesser General Public License v3")
