"""Gives recorded answers to a client library, over TLS on loopback.

It stands where a proxy stands: a client's CONNECT is answered by the platform's
own name, under a certificate that only the contract run trusts. Whatever was
not recorded is refused and remembered.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_plus, urlsplit

from archiver.engines.certificates import ThrowAwayAuthority

RECORDED = Path(__file__).parent / "recorded"
_READ_S = 30.0
_REFUSED = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One recorded exchange.

    Attributes:
        needs: Texts the request must still hold, such as the cursor of a page.
        head: Status line and header lines, without a length.
    """

    method: str
    host: str
    path: str
    needs: tuple[str, ...]
    head: tuple[str, ...]
    body: bytes

    def wire(self) -> bytes:
        """The answer as it goes out."""
        lines = [*self.head, f"Content-Length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode("latin-1") + self.body


@dataclass
class Scene:
    """What may be asked now, and what was asked that should not have been."""

    waiting: list[RecordedAnswer] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)


class AnsweringServer:
    """Answers from one scene at a time. Loopback only; use it in a ``with``."""

    def __init__(self) -> None:
        self._scene = Scene()
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="jejak-")
        self._authority = ThrowAwayAuthority(Path(self._folder.name))
        self._listener = socket.create_server(("127.0.0.1", 0))

    @property
    def proxy(self) -> str:
        """What to give as `Network.proxy`."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def ca_file(self) -> Path:
        """What to give as `Network.ca_file`."""
        return self._authority.ca_file

    def __enter__(self) -> AnsweringServer:
        """Begin to answer."""
        threading.Thread(target=self._accept, name="answering", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Answer no more."""
        self._listener.close()
        self._folder.cleanup()

    def show(self, answers: Sequence[RecordedAnswer]) -> None:
        """Begin a scene."""
        with self._lock:
            self._scene = Scene(list(answers))

    def strayed(self) -> list[str]:
        """What the scene was asked beside what was recorded."""
        with self._lock:
            return list(self._scene.strayed)

    # -- connections ------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.settimeout(_READ_S)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        # Clients leave when they like; that is no trouble of ours.
        with contextlib.suppress(OSError, ValueError), contextlib.closing(sock):
            with sock.makefile("rb") as lines:
                words = _head(lines)[0].split(" ")
            host = words[1].rpartition(":")[0] if len(words) > 1 else ""
            if words[0] != "CONNECT":
                self._stray(f"{' '.join(words[:2])} past the tunnel")
                sock.sendall(_REFUSED)
                return
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            host = host.lower()
            context = self._authority.context(host)
            with context.wrap_socket(sock, server_side=True) as tls:
                self._talk(tls, host)

    def _talk(self, tls: ssl.SSLSocket, host: str) -> None:
        with tls.makefile("rb") as stream:
            while head := _head(stream):
                sizes = [line.split(":")[1] for line in head if _is_length(line)]
                body = stream.read(int(sizes[0])) if sizes else b""
                found = self._answer(host, head, body)
                tls.sendall(found.wire() if found else _REFUSED)
                if found is None:
                    return

    def _answer(self, host: str, head: Sequence[str], body: bytes) -> RecordedAnswer | None:
        method, target = head[0].split(" ")[:2]
        path = urlsplit(target).path
        asked = f"{method} {host}{path}"
        with self._lock:
            waiting = self._scene.waiting
            for answer in waiting:
                if (answer.method, answer.host, answer.path) == (method, host, path):
                    waiting.remove(answer)
                    said = unquote_plus("\n".join(head) + "\n" + body.decode("latin-1"))
                    missing = [need for need in answer.needs if need not in said]
                    if missing:
                        self._scene.strayed.append(f"{asked} without {', '.join(missing)}")
                    return answer
        self._stray(asked)
        return None

    def _stray(self, asked: str) -> None:
        with self._lock:
            self._scene.strayed.append(f"{asked}, for which there is no recorded answer")


def _head(stream: object) -> list[str]:
    """The lines of a head; empty when the client is gone."""
    lines: list[str] = []
    while raw := stream.readline(65536):  # type: ignore[attr-defined]
        line = raw.decode("latin-1").rstrip("\r\n")
        if not line:
            break
        lines.append(line)
    return lines


def _is_length(line: str) -> bool:
    return line.lower().startswith("content-length:")
