"""Traffic past the taps is warned of in the log."""

from __future__ import annotations

import json
import socket

from archiver.log import Log
from archiver.scrub import Scrubber
from archiver.unrecorded import warn_of_unrecorded
from connectors.tap.bypass import sanctioned


def test_only_what_no_tap_has_seen_is_told(tmp_path):
    log = Log(tmp_path, Scrubber())
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with warn_of_unrecorded(log):
            with sanctioned():
                socket.create_connection(address).close()
            assert list(tmp_path.iterdir()) == []
            socket.create_connection(address).close()
        socket.create_connection(address).close()
    (written,) = tmp_path.iterdir()
    (line,) = (json.loads(text) for text in written.read_text().splitlines())
    assert (line["level"], line["event"]) == ("warning", "unrecorded traffic")
    assert line["to"] == f"127.0.0.1:{address[1]}"
