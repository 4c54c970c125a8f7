"""Check segments with programs that are not ours: warcio, FastWARC, pywb.

They run in an environment of their own, without PyPI ``brotli`` (``warcio
check`` fails on it). Usage::

    python tests/validators/run_validators.py [--environment DIR] [SEGMENT…]

The environment is made once, from ``requirements/validators.txt``, in DIR,
``$JEJAK_VALIDATORS`` or ``.venvs/validators``, with the wheels in ``$WHEELS``
if that is set. Without a segment it is only made. One line per verdict. Exit
codes: 0 fine, 3 findings, 2 the environment cannot be made.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "validators.txt"
DEFAULT_FOLDER = ROOT / ".venvs" / "validators"
sys.path.insert(0, str(ROOT))

from storage.payload import decoded  # noqa: E402
from storage.warc_reader import members, payload_stream  # noqa: E402
from storage.warc_record import Member  # noqa: E402


class NoEnvironment(Exception):
    """The validators cannot be installed; the message says why."""


@dataclass(frozen=True)
class Verdict:
    """What one program says of one or all segments."""

    program: str
    passed: bool
    detail: str


def environment(folder: Path) -> Path:
    """The ``bin`` folder of the validators' environment; made if it is not there.

    Two at once: the second waits.

    Raises:
        NoEnvironment: The validators cannot be installed.
    """
    stamp = folder / "installed-from"
    with LOCK.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        locked = held.read()
        if not stamp.exists() or stamp.read_bytes() != locked:
            try:
                _install(folder, locked.decode())
                stamp.write_bytes(locked)
            except (OSError, subprocess.SubprocessError) as error:
                said = getattr(error, "stderr", None) or str(error)
                said = said.decode(errors="replace") if isinstance(said, bytes) else said
                reason = "\n".join(said.strip().splitlines()[-2:])
                raise NoEnvironment(f"the validators cannot be installed: {reason}") from error
    return folder / "bin"


def _install(folder: Path, locked: str) -> None:
    """Make the environment anew: wheels, and one source that the locked setuptools builds."""
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    wheels = os.environ.get("WHEELS")
    source = ["--no-index", "--find-links", str(Path(wheels).resolve())] if wheels else []
    # The lock is complete but for `brotli`, which must stay away: hence no dependencies.
    command = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps", *source]
    settings = {"PIP_RETRIES": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | os.environ
    with tempfile.TemporaryDirectory() as name:
        builder = Path(name) / "builder.txt"
        builder.write_text(next(e for e in re.split(r"\n(?=\w)", locked) if "setuptools==" in e))
        for part in (
            ["-r", builder, "--only-binary", ":all:"],
            ["-r", LOCK, "--only-binary", ":all:", "--no-binary", "surt", "--no-build-isolation"],
        ):
            subprocess.run(
                [*command, "--require-hashes", *part],
                check=True,
                capture_output=True,
                timeout=900,
                env=settings,
            )


def warcio_check(programs: Path, segment: Path) -> Verdict:
    """``warcio check``: digests of all but revisits."""
    command = [programs / "warcio", "check", "-v", segment]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    bad = [line for line in done.stdout.splitlines() if "fail" in line or "exception" in line]
    # It prints decompression errors and still ends with 0.
    quiet = not done.stderr.strip() and not bad
    passed = done.returncode == 0 and quiet and "digest pass" in done.stdout
    return Verdict("warcio check", passed, "; ".join(bad) or done.stderr[-400:])


def fastwarc_check(programs: Path, segment: Path) -> Verdict:
    """``fastwarc check``: block digests; its payload check takes every revisit for bad."""
    command = [programs / "fastwarc", "check", segment]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    passed = done.returncode == 0 and "verified successfully" in done.stdout + done.stderr
    return Verdict("fastwarc check", passed, "" if passed else (done.stdout + done.stderr)[-400:])


def pywb_replay(programs: Path, segments: list[Path]) -> Verdict:
    """Every GET payload through pywb, byte-identical to what the record holds."""
    with tempfile.TemporaryDirectory() as name:
        collection = Path(name) / "collections" / "jejak"
        (collection / "archive").mkdir(parents=True)
        (collection / "indexes").mkdir()
        copies = [collection / "archive" / segment.name for segment in segments]
        for segment, copy in zip(segments, copies, strict=True):
            copy.symlink_to(segment.resolve())
        index = collection / "indexes" / "index.cdxj"
        command = [programs / "cdx-indexer", "-s", "-j", "-o", index, *copies]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        with _pywb(programs, Path(name)) as port:
            wrong = list(_replay_differences(port, segments))
            count = sum(1 for _ in _replayable(segments))
    detail = f"{count} payloads" if not wrong else "; ".join(wrong[:5])
    return Verdict("pywb replay", not wrong and count > 0, detail)


@contextmanager
def _pywb(programs: Path, folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = (folder / "pywb.log").open("wb")
    command = [programs / "wayback", "-b", "127.0.0.1", "-p", str(port), "-t", "2"]
    server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(150):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _replayable(segments: list[Path]) -> Iterator[tuple[Path, Member]]:
    """Whole answers to GET that pywb serves as they are, the latest of each address and time."""
    for segment in segments:
        gets = set()
        answers = []
        for member in members(segment):
            kind = member.field("WARC-Type")
            if kind == "request" and member.head.startswith(b"GET "):
                gets.add(member.field("WARC-Concurrent-To"))
            elif kind in ("response", "revisit"):
                answers.append(member)
        for member in answers:
            cut = (
                member.field("WARC-Truncated") if member.field("WARC-Type") == "response" else None
            )
            status = re.match(rb"HTTP/\S+ 200 ", member.head)
            if status and not cut and member.field("WARC-Record-ID") in gets:
                yield segment, member


def _replay_differences(port: int, segments: list[Path]) -> Iterator[str]:
    wanted: dict[tuple[str, str], set[str]] = {}
    for segment, member in _replayable(segments):
        stamp = re.sub(r"\D", "", member.field("WARC-Date") or "")[:14]
        uri = member.field("WARC-Target-URI") or ""
        if member.field("WARC-Type") == "revisit":
            sha256 = (member.field("WARC-Payload-Digest") or "").partition(":")[2]
        else:
            sha256 = hashlib.sha256(b"".join(payload_stream(segment, member.offset))).hexdigest()
        # Two answers within one second share an address in pywb: either is right.
        wanted.setdefault((stamp, uri), set()).add(sha256)
    for (stamp, uri), digests in wanted.items():
        address = f"http://127.0.0.1:{port}/jejak/{stamp}id_/{uri}"
        request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = _decoded(answer.read(), answer.headers.get("Content-Encoding"))
        except (urllib.error.URLError, OSError) as error:
            yield f"{uri}: {error}"
            continue
        if hashlib.sha256(body).hexdigest() not in digests:
            yield f"{uri}: {len(body)} bytes differ from the record"


def _decoded(body: bytes, coding: str | None) -> bytes:
    names = (coding.strip().lower(),) if coding else ()
    return b"".join(decoded([body], names, max_bytes=10**9, max_ratio=10**9))


def verdicts(segments: list[Path], folder: Path) -> list[Verdict]:
    """All verdicts on ``segments``.

    Raises:
        NoEnvironment: The validators cannot be installed.
    """
    programs = environment(folder)
    found = [check(programs, s) for s in segments for check in (warcio_check, fastwarc_check)]
    return [*found, pywb_replay(programs, segments)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Check segments with warcio, FastWARC and pywb.")
    default = Path(os.environ.get("JEJAK_VALIDATORS", DEFAULT_FOLDER))
    parser.add_argument("--environment", type=Path, default=default)
    parser.add_argument("segments", type=Path, nargs="*", metavar="SEGMENT")
    options = parser.parse_args()
    try:
        if not options.segments:
            environment(options.environment)
            return 0
        found = verdicts(options.segments, options.environment)
    except NoEnvironment as error:
        print(error, file=sys.stderr)
        return 2
    for verdict in found:
        print(f"{'ok  ' if verdict.passed else 'FAIL'} {verdict.program} {verdict.detail}")
    return 0 if all(verdict.passed for verdict in found) else 3


if __name__ == "__main__":
    sys.exit(main())
