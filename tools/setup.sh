#!/bin/sh
# Finds a Python that can run jejak and hands over to tools/bootstrap.py.
# Plain sh, because before this there may be no usable Python at all.
#
#   PYTHON=/path/to/python   use this one
#   VENV=dir                 where the environment goes (default .venv)
#   WHEELS=dir               install from a folder of wheels, without a network
set -u
cd "$(dirname "$0")/.." || exit 2

if [ "$(uname -s)" != "Linux" ]; then
    echo "jejak berjalan di Linux. Di Windows pakailah WSL 2; di macOS pakailah kontainer Linux." >&2
    echo "jejak runs on Linux. On Windows use WSL 2; on macOS use a Linux container." >&2
    exit 2
fi

venv="${VENV:-.venv}"
if [ -z "${PYTHON:-}" ] && [ -x "$venv/bin/python" ] \
    && "$venv/bin/python" tools/bootstrap.py --is-ready 2>/dev/null; then
    exit 0
fi

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ -n "${PYTHON:-}" ]; then
    if recent "$PYTHON"; then exec "$PYTHON" tools/bootstrap.py; fi
    echo "PYTHON=$PYTHON tidak ada atau lebih tua dari 3.11." >&2
    echo "PYTHON=$PYTHON does not exist or is older than 3.11." >&2
    exit 2
fi

first=""
for name in python3.14 python3.13 python3.12 python3.11 python3; do
    recent "$name" || continue
    [ -n "$first" ] || first="$name"
    # One Python may lack venv or FTS5 where another has them.
    if "$name" tools/bootstrap.py --probe 2>/dev/null; then exec "$name" tools/bootstrap.py; fi
done
if [ -n "$first" ]; then exec "$first" tools/bootstrap.py; fi

echo "Tidak ada Python 3.11 atau lebih baru. Pasanglah (Debian 12: apt install python3 python3-venv), atau sebutkan: make demo PYTHON=/path/ke/python3" >&2
echo "No Python 3.11 or newer was found. Install one (Debian 12: apt install python3 python3-venv), or name it: make demo PYTHON=/path/to/python3" >&2
exit 2
