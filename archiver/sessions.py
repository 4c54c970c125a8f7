"""Identities' sessions: our own JSON files, readable by their owner alone."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import connectors
from archiver.errors import UsageProblem
from archiver.i18n import N_
from connectors.base import Identity, SecretRules


@dataclass(frozen=True, slots=True)
class Session:
    """A kept session. ``identity`` holds secrets; never print it."""

    identity: Identity
    saved_at: datetime


def wider_than_owner(file: Path) -> bool:
    """Whether others than its owner may read or write a file."""
    return bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def read_session(file: Path) -> Session:
    """Read a kept session.

    Raises:
        UsageProblem: It is missing, readable by others, or no session.
    """
    try:
        if sys.platform != "win32" and wider_than_owner(file):
            raise UsageProblem(
                N_("{file} can be read by others; its session is not used."),
                hint=N_("Run `chmod 600 {file}`, and renew the session if in doubt."),
                file=file,
            )
        content = json.loads(file.read_bytes())
        identity = Identity(
            name=content["name"],
            platform=content["platform"],
            cookies={str(k): str(v) for k, v in content["cookies"].items()},
            username=content["username"],
        )
        return Session(identity, datetime.fromisoformat(content["saved_at"]))
    except FileNotFoundError:
        raise UsageProblem(
            N_("There is no session for {name} yet."),
            hint=N_("Run `jejak login {platform} {identity} --cookies FILE`."),
            name=file.stem,
            platform=file.stem.partition("-")[0],
            identity=file.stem.partition("-")[2],
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # The cause is left out: it could quote the file.
        raise UsageProblem(
            N_("{file} holds no session that jejak wrote."),
            hint=N_("Remove it and run `jejak login` again."),
            file=file,
        ) from None


def write_session(file: Path, identity: Identity, now: datetime) -> None:
    """Keep a session: a new file that only its owner may read, then renamed.

    The mode is set as the file is created, not afterwards, so there is no
    moment at which others could open it.
    """
    content = {
        "name": identity.name,
        "platform": identity.platform,
        "username": identity.username,
        "saved_at": now.astimezone(UTC).isoformat(),
        "cookies": dict(identity.cookies),
    }
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(content, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def refresh(file: Path, session: Session, cookies: Mapping[str, str], now: datetime) -> bool:
    """Keep cookies that rotated during a run.

    Returns:
        Whether anything had changed. A session that lost its cookies (the
        platform logged it out) is not kept over one that had them.
    """
    before = session.identity
    if not cookies or dict(cookies) == dict(before.cookies):
        return False
    needed = connectors.platform(before.platform).session_cookies
    if any(before.cookies.get(name) and not cookies.get(name) for name in needed):
        return False
    renewed = Identity(before.name, before.platform, dict(cookies), before.username)
    write_session(file, renewed, now)
    return True


def secret_cookies(identity: Identity | None, rules: SecretRules) -> list[str]:
    """The cookie values of an identity that someone could act with."""
    if identity is None:
        return []
    return [
        value
        for name, value in identity.cookies.items()
        if name.lower() not in rules.public_cookies
    ]
