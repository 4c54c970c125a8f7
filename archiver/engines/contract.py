"""The recorded-answer contract: does a library still read what jejak knows?"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from archiver.engines.answering import RECORDED, AnsweringServer, RecordedAnswer
from archiver.engines.heard import HeardSink
from archiver.engines.script import SCRIPTS
from connectors import connect
from connectors.base import Connector, Identity, Limits, Network
from connectors.errors import ConnectorError

T = TypeVar("T")

FORMAT = "contract/1"
_LIMITS = Limits(connect_s=10, read_s=10)
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Contract:
    """What one platform answered, and what is to come of it.

    Attributes:
        answers: By step.
        expected: By step: the results of the library the program came with.
    """

    answers: Mapping[str, tuple[RecordedAnswer, ...]]
    expected: Mapping[str, object]


def read_contract(platform: str) -> Contract:
    """The contract of a platform, from the files of the package."""
    held = json.loads((RECORDED / f"{platform}.json").read_text(encoding="utf-8"))
    if held["format"] != FORMAT:
        raise ValueError(f"{platform}.json is {held['format']}, not {FORMAT}")
    answers = {
        step: tuple(_answer(raw) for raw in recorded) for step, recorded in held["answers"].items()
    }
    return Contract(answers, held["expected"])


def _answer(raw: Mapping[str, Any]) -> RecordedAnswer:
    packed = raw.get("base64")
    body = base64.b64decode(packed) if packed is not None else str(raw["text"]).encode()
    return RecordedAnswer(
        raw["method"], raw["host"], raw["path"], tuple(raw["needs"]), tuple(raw["head"]), body
    )


class ReplayStage:
    """Plays a script before recorded answers. Closes its visitors at the end."""

    def __init__(self, server: AnsweringServer, contract: Contract) -> None:
        self.sink = HeardSink()
        self.results: dict[str, object] = {}
        self.strayed: dict[str, list[str]] = {}
        self._server = server
        self._contract = contract
        self._opened: list[Connector] = []

    def visitor(self, platform: str, identity: Identity | None) -> Connector:
        """A connector on the recorded platform."""
        network = Network(
            proxy=self._server.proxy, ca_file=str(self._server.ca_file), limits=_LIMITS
        )
        opened = connect(
            platform, "web", sink=self.sink, network=network, identity=identity, gate=_at_once
        )
        self._opened.append(opened)
        return opened

    def step(self, name: str, ask: Callable[[], T], show: Callable[[T], object]) -> T | None:
        """Play one step before its answers."""
        self._server.show(self._contract.answers.get(name, ()))
        outcome = attempt(ask, show)
        self.results[name] = outcome[1]
        if strayed := self._server.strayed():
            self.strayed[name] = strayed
        return outcome[0]

    def close(self) -> None:
        """Close every visitor."""
        for opened in self._opened:
            opened.close()


def attempt(ask: Callable[[], T], show: Callable[[T], object]) -> tuple[T | None, object]:
    """Ask; what came and how it reads, or ``None`` and how it was refused.

    Whatever else a candidate raises ends its examination.
    """
    try:
        came: T = ask()
        return came, show(came)
    except ConnectorError as error:
        return None, {"refused": error.code}


def replayed(platform: str, contract: Contract) -> ReplayStage:
    """Play a platform's script with the library that is importable now."""
    with AnsweringServer() as server:
        stage = ReplayStage(server, contract)
        try:
            SCRIPTS[platform](stage)
        finally:
            stage.close()
    return stage


def differences(platform: str) -> list[str]:
    """What a library makes of the recorded answers otherwise than expected.

    Returns:
        One line for each field, ``step: field: expected … found …``; empty
        when the contract is kept.
    """
    contract = read_contract(platform)
    stage = replayed(platform, contract)
    found = []
    for step in dict.fromkeys([*contract.expected, *stage.results]):
        wanted, got = contract.expected.get(step, _NOTHING), stage.results.get(step, _NOTHING)
        found += [f"{step}: {line}" for line in unlike(wanted, got)]
        found += [f"{step}: asked {line}" for line in stage.strayed.get(step, ())]
    return found


def unlike(wanted: object, got: object, place: str = "") -> Iterator[str]:
    """The fields in which two results differ, in their order."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name in dict.fromkeys([*wanted, *got]):
            inner = f"{place}.{name}" if place else str(name)
            yield from unlike(wanted.get(name, _NOTHING), got.get(name, _NOTHING), inner)
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, pair in enumerate(zip(wanted, got, strict=True)):
            yield from unlike(*pair, f"{place}[{number}]")
    elif wanted != got:
        yield f"{place or 'result'}: expected {_brief(wanted)}, found {_brief(got)}"


def _brief(value: object) -> str:
    said = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return said if len(said) <= 120 else said[:119] + "…"


def _at_once(url: str) -> None:
    """No pauses: nobody's platform is asked."""
