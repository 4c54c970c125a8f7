"""Makes the environment that `make` runs in, from the hash lock.

Standard library only: it runs before anything is installed. The second run
finds its stamp and does nothing. A half-made environment is made anew.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "lock.txt"
VALIDATORS = ROOT / "requirements" / "validators.txt"
OURS = ".made-by-jejak"
"""Marks a folder as ours to delete; written before anything else in it."""
STAMP = ".jejak-ready"
"""Written last; holds what the environment was made from."""

FULL = "No space left"
NEWEST = (3, 14)
MACHINES = ("x86_64", "aarch64")
"""What the lock was resolved for."""


class CannotPrepare(Exception):
    """The environment cannot be made; says why and what to do, twice."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n{english}")


def main(arguments: list[str]) -> int:
    """Prepare the environment, or with a flag only look at it.

    Args:
        arguments: Empty; ``--is-ready`` (exit 0 if the running Python is that
            of a finished, current environment); ``--probe`` (exit 0 if this
            Python could make one); ``--download DIR`` (fetch all packages).

    Returns:
        The exit code: 0 fine, 2 something is missing on this machine.
    """
    venv = Path(os.environ.get("VENV") or ".venv")
    venv = venv if venv.is_absolute() else ROOT / venv
    try:
        if arguments[:1] == ["--is-ready"]:
            return 0 if is_ready(venv) else 1
        check_python()
        if arguments[:1] == ["--download"]:
            download(venv, Path(arguments[1]))
        elif arguments[:1] != ["--probe"]:
            prepare(venv)
    except CannotPrepare as problem:
        print(problem, file=sys.stderr)
        return 2
    except OSError as error:
        print(cannot_write(error, venv), file=sys.stderr)
        return 2
    return 0


def prepare(venv: Path) -> None:
    """Make the environment unless it is ready. Two at once: the second waits."""
    with LOCK.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not is_ready(venv):
            make(venv)


def check_python() -> None:
    """Refuse a Python that lacks a piece, naming the remedy."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise CannotPrepare(
                f"Modul {module} tidak ada pada {sys.executable}. "
                f"Debian/Ubuntu: apt install python3-venv (atau {package}).",
                f"{sys.executable} has no module {module}. "
                f"Debian/Ubuntu: apt install python3-venv (or {package}).",
            )
    for module, package in (("zlib", "zlib"), ("_ssl", "OpenSSL"), ("_sqlite3", "SQLite")):
        if importlib.util.find_spec(module) is None:
            raise CannotPrepare(
                f"{sys.executable} dibuat tanpa {package}. "
                "Pakai Python dari distribusi Anda, atau: make demo PYTHON=/path/ke/python3",
                f"{sys.executable} was built without {package}. "
                "Use your distribution's Python, or: make demo PYTHON=/path/to/python3",
            )
    import sqlite3

    try:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.Error as error:
        raise CannotPrepare(
            f"SQLite pada {sys.executable} tidak punya FTS5 ({error}). "
            "Pakai Python dari distribusi Anda, atau: make demo PYTHON=/path/ke/python3",
            f"The SQLite of {sys.executable} has no FTS5 ({error}). "
            "Use your distribution's Python, or: make demo PYTHON=/path/to/python3",
        ) from error


def fingerprint() -> str:
    """What an environment is made from: lock, project file, Python, place."""
    digest = hashlib.sha256()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    digest.update(LOCK.read_bytes())
    digest.update(repr((project["build-system"], project["project"])).encode())
    digest.update(repr(project["tool"]["setuptools"]).encode())
    digest.update(f"{sys.version_info[:2]} {ROOT}".encode())
    return digest.hexdigest()


def is_ready(venv: Path) -> bool:
    """Whether `venv` is finished, current, and its Python still starts."""
    stamp = venv / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != fingerprint():
        return False
    python = venv / "bin" / "python"  # dangles when its Python was removed
    if not os.access(python, os.X_OK):
        return False
    return Path(sys.prefix) == venv or subprocess.call([python, "-c", ""]) == 0


def make(venv: Path) -> None:
    """Make the environment anew and install the lock and the project."""
    clear(venv)
    python = base_python()
    say(
        f"Menyiapkan {venv.name} dengan {python} (sekali saja, beberapa menit) ...",
        f"Preparing {venv.name} with {python} (once, some minutes) ...",
    )
    venv.mkdir(parents=True)
    (venv / OURS).touch()
    command = [str(python), "-m", "venv", str(venv)]
    made = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if made.returncode != 0:
        sys.stderr.write(made.stdout + made.stderr)
        if FULL in made.stdout + made.stderr or no_room(venv):
            raise disk_full()
        raise CannotPrepare(
            f"{python} -m venv gagal. Debian/Ubuntu: apt install python3-venv",
            f"{python} -m venv failed. Debian/Ubuntu: apt install python3-venv",
        )
    locked = ["--require-hashes", "--no-deps", "-r", str(LOCK)]  # the lock says: wheels only
    pip(venv, ["install", *source(), *locked])
    project = ["--no-index", "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    pip(venv, ["install", *project])
    (venv / STAMP).write_text(fingerprint(), encoding="ascii")


def base_python() -> Path:
    """The interpreter itself, not a link to it.

    A Python that was unpacked somewhere and linked onto PATH finds its library
    beside itself only; an environment made through the link would not start.
    """
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def clear(venv: Path) -> None:
    """Delete an old or half-made environment, but only one that is ours."""
    if not venv.exists():
        return
    if not (venv / OURS).exists() and any(venv.iterdir()):
        raise CannotPrepare(
            f"{venv} bukan buatan jejak. Pindahkan, atau pilih tempat lain: make demo VENV=folder",
            f"{venv} was not made by jejak. Move it, or choose another: make demo VENV=folder",
        )
    shutil.rmtree(venv)


def source() -> list[str]:
    """Where packages come from: a folder of wheels, or pip's own settings."""
    wheels = os.environ.get("WHEELS")
    if not wheels:
        return []
    return ["--no-index", "--find-links", str(Path(wheels).resolve())]


def download(venv: Path, folder: Path) -> None:
    """Fetch everything that `make demo` and `make test` install on a machine like this."""
    locked = ["download", "--require-hashes", "--no-deps", "-d", str(folder), "-r"]
    pip(venv, [*locked, str(LOCK)])
    pip(venv, [*locked, str(VALIDATORS), "--no-build-isolation"])


def pip(venv: Path, arguments: list[str]) -> None:
    """Run the environment's pip; explain a failure in one sentence."""
    settings = {k: v for k, v in os.environ.items() if k not in ("PIP_TARGET", "PIP_PREFIX")}
    settings |= {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    command = [str(venv / "bin" / "python"), "-I", "-m", "pip", *arguments]
    if arguments[0] == "install":
        command.append("--quiet")
    run = subprocess.run(command, env=settings, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    if run.returncode == 0:
        return
    sys.stderr.write(run.stderr)
    raise why_pip_failed(run.stderr)


def why_pip_failed(said: str) -> CannotPrepare:
    """What pip's own words mean for the person at this machine."""
    if FULL in said:
        return disk_full()
    if "HASH" in said or "hashes" in said.lower():
        return CannotPrepare(
            "Paket yang diterima tidak sama dengan requirements/lock.txt dan tidak dipasang. "
            "Kembalikan berkas itu (git checkout requirements/lock.txt); bila tidak berubah, "
            "unduhan terputus atau indeks mengirim berkas lain: ulangi, atau ganti PIP_INDEX_URL.",
            "A package differs from requirements/lock.txt and was not installed. Restore that "
            "file (git checkout requirements/lock.txt); if it is unchanged, the download broke "
            "off or the index sent another file: try again, or change PIP_INDEX_URL.",
        )
    machine = f"Python {sys.version_info[0]}.{sys.version_info[1]}, {platform.machine()}"
    if sys.version_info[:2] > NEWEST or platform.machine() not in MACHINES:
        return CannotPrepare(
            f"Tidak ada wheel untuk mesin ini ({machine}). Yang dikunci: Python 3.11 sampai 3.14 "
            "pada x86_64 dan aarch64. Pilih Python lain: make demo PYTHON=/path/ke/python3",
            f"There are no wheels for this machine ({machine}). Locked are Python 3.11 to 3.14 "
            "on x86_64 and aarch64. Choose another Python: make demo PYTHON=/path/to/python3",
        )
    return CannotPrepare(
        "pip tidak memperoleh paket. Periksa jaringan atau proxy (HTTPS_PROXY), sebutkan indeks "
        "kantor (PIP_INDEX_URL), atau pasang tanpa jaringan: make demo WHEELS=folder-wheel",
        "pip could not get the packages. Check the network or the proxy (HTTPS_PROXY), name your "
        "office's index (PIP_INDEX_URL), or install without a network: make demo WHEELS=folder",
    )


def cannot_write(error: OSError, venv: Path) -> CannotPrepare:
    """A failure of the file system, with its remedy."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    return CannotPrepare(
        f"{venv} tidak dapat disiapkan: {error}. Periksa hak tulis folder itu, "
        "atau pilih tempat lain: make demo VENV=folder",
        f"{venv} cannot be prepared: {error}. Check who may write there, "
        "or choose another place: make demo VENV=folder",
    )


def no_room(folder: Path) -> bool:
    """Whether the disk under `folder` is all but full."""
    return shutil.disk_usage(folder).free < 20_000_000


def disk_full() -> CannotPrepare:
    """The sentence for a full disk."""
    return CannotPrepare(
        "Disk penuh; kosongkan kira-kira 1 GB, lalu ulangi perintah yang sama.",
        "Disk full; free about 1 GB, then run the same command again.",
    )


def say(indonesian: str, english: str) -> None:
    """Tell a person what happens, in both languages."""
    print(f"{indonesian}\n{english}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
