"""The CONNECT port: how clients with a proxy setting reach the platforms.

It opens no connection of its own. It answers CONNECT and then speaks TLS
itself, as the platform; anything else is refused and entered in the log.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from demo.requestlog import RequestLog
from demo.wire import ClientGone, Reader

_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def accept_tunnel(
    sock: socket.socket,
    log: RequestLog,
    serves: Callable[[str], bool],
    trouble: Callable[[str], bytes | None] = lambda host: None,
) -> bool:
    """Read the head of a proxy request and open the tunnel.

    Args:
        serves: Whether a host name belongs to a pretend platform.
        trouble: What is said instead of opening a tunnel to a host (no bytes:
            the connection is closed); ``None`` when nothing is wrong.

    Returns:
        Whether TLS may begin on this socket.
    """
    head = Reader(sock).head()
    if head is None:
        raise ClientGone("left before CONNECT")
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    host, _, port = words[1].rpartition(":") if len(words) > 1 else ("", "", "")
    if words[0] == "CONNECT" and port.isdigit():
        log.connect(host.lower(), int(port))
        if (said := trouble(host.lower())) is not None:
            sock.sendall(said)
            return False
        if port == "443" and serves(host.lower()):
            sock.sendall(_ESTABLISHED)
            return True
    log.refuse(head)
    sock.sendall(_REFUSED)
    return False
