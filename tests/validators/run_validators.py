"""Check segments with programs that are not ours: warcio, FastWARC, pywb.

They run in an environment of their own, without PyPI ``brotli`` (``warcio
check`` fails on it). Usage::

    python tests/validators/run_validators.py [--environment DIR] SEGMENT…

The environment is made once, from ``requirements/validators.txt``, in DIR,
``$JEJAK_VALIDATORS`` or ``.venvs/validators``. Exit codes: 0 fine, 3 findings,
2 the environment cannot be made.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "validators.txt"


class NoEnvironment(Exception):
    """The validators cannot be installed; the message says why."""


@dataclass(frozen=True)
class Verdict:
    """What one program says of one or all segments."""

    program: str
    passed: bool
    detail: str


def environment(folder: Path) -> Path:
    """The Python of the validators' environment; made if it is not there."""
    python = folder / "bin" / "python"
    stamp = folder / "installed-from"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    made = subprocess.run(
        [*command, "--require-hashes", "-r", LOCK], capture_output=True, text=True, timeout=900
    )
    if made.returncode != 0:
        raise NoEnvironment(f"pip could not install the validators: {made.stderr[-400:]}")
    stamp.write_bytes(LOCK.read_bytes())
    return python


def warcio_check(python: Path, segment: Path) -> Verdict:
    """``warcio check``; it does not check revisits."""
    command = [python.with_name("warcio"), "check", segment]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    # It prints something only about records it does not like.
    passed = done.returncode == 0 and not done.stdout.strip()
    return Verdict("warcio check", passed, (done.stdout + done.stderr).strip()[-600:])


def fastwarc_check(python: Path, segment: Path) -> Verdict:
    """``fastwarc check``: block digests (its payload check fails on every correct revisit)."""
    command = [python.with_name("fastwarc"), "check", "--quiet", segment]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    return Verdict("fastwarc check", done.returncode == 0, (done.stdout + done.stderr)[-600:])


READ_BACK = """
import json, sys
from warcio.archiveiterator import ArchiveIterator
seen = {}
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        for record in ArchiveIterator(file):
            get = record.rec_headers.get_header
            if record.rec_type == "request":
                if record.http_headers.protocol == "GET":
                    seen.setdefault(get("WARC-Concurrent-To"), {})["get"] = True
            elif record.rec_type in ("response", "revisit"):
                entry = seen.setdefault(get("WARC-Record-ID"), {})
                body = record.raw_stream.read()
                status = record.http_headers.get_statuscode() if record.http_headers else ""
                if record.http_headers and record.http_headers.get_header("Transfer-Encoding"):
                    from warcio.bufferedreaders import ChunkedDataReader
                    import io
                    body = ChunkedDataReader(io.BytesIO(body)).read(-1) if False else None
                import hashlib
                entry.update(uri=get("WARC-Target-URI"), date=get("WARC-Date"), status=status,
                             type=record.rec_type, refers=get("WARC-Refers-To"),
                             truncated=get("WARC-Truncated"),
                             sha256=None if body is None else hashlib.sha256(body).hexdigest())
print(json.dumps(seen))
"""
