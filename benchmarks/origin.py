"""A fast origin for big bodies: TLS behind CONNECT, in a process of its own.

``GET /bytes/SIZE/SEED`` answers with that many bytes that begin as an MP4 film
does; another seed, other bytes. It does as little as possible, so that what is
measured is the client.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from demo.authority import Authority, make_authority

PIECE_BYTES = 1024 * 1024
HOST = "v16-webapp-prime.tiktok.com"
FILM_START = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a running origin is reached."""

    proxy: str
    ca_file: str

    def url(self, size_bytes: int, seed: str) -> str:
        """The address of a body."""
        return f"https://{HOST}/bytes/{size_bytes}/{seed}"


@contextmanager
def running(folder: Path) -> Iterator[Origin]:
    """Start an origin process; it ends with the block."""
    command = [sys.executable, "-m", "benchmarks.origin", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        try:
            yield Origin(**json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()  # which it waits for


def _head(stream: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = stream.recv(65536)
        if not piece:
            return b""
        data += piece
    return data


def _serve(plain: socket.socket, context: ssl.SSLContext, noise: bytes) -> None:
    with plain, suppress(OSError):
        if _head(plain):
            plain.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with context.wrap_socket(plain, server_side=True) as stream:
                while request := _head(stream):
                    _answer(stream, request.split(b" ")[1].decode("ascii"), noise)


def _answer(stream: socket.socket, path: str, noise: bytes) -> None:
    _, _, size, seed = path.split("/")
    left = int(size)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: {left}\r\n\r\n"
    stream.sendall(head.encode("ascii"))
    first = (FILM_START + hashlib.sha256(seed.encode()).digest())[:left]
    stream.sendall(first)
    left -= len(first)
    view = memoryview(noise)
    while left > 0:
        piece = view[: min(left, PIECE_BYTES)]
        stream.sendall(piece)
        left -= len(piece)


def _accept(listener: socket.socket, authority: Authority) -> None:
    context, noise = authority.server_context(), os.urandom(PIECE_BYTES)
    while True:
        stream, _ = listener.accept()
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_serve, args=(stream, context, noise), daemon=True).start()


def main(folder: Path) -> None:
    """Serve until standard input ends."""
    authority = make_authority(folder)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, authority), daemon=True).start()
    place = {"proxy": f"http://127.0.0.1:{listener.getsockname()[1]}"}
    print(json.dumps(place | {"ca_file": str(authority.ca_file)}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
