"""Every recorded answer through the unmodified library, against its golden file."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_tiktok", GOLDEN / "build_tiktok.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILDER = _loaded()


@pytest.mark.parametrize("name", sorted(BUILDER.FILES))
def test_what_is_seen_is_what_was_seen(name: str, sink, tmp_path: Path) -> None:
    if BUILDER.recorded(name) is None:
        pytest.skip(f"{BUILDER.FILES[name]} is not here; set JEJAK_REAL_DATA")
    kept = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert BUILDER.golden(name, sink, tmp_path) == kept
    assert sink.exchanges and all(exchange.finished for exchange in sink.exchanges)


def test_no_value_of_unlicensed_files_stands_in_a_golden_file(recorded) -> None:
    whole = "".join((GOLDEN / f"{name}.json").read_text("utf-8") for name in BUILDER.FILES)
    for handle in ("emthenutritionist", "haberturktv", "rapvietvevo", "min_stark"):
        assert handle not in whole.replace("zeeschuimer-search-haberturktv.ndjson", "").replace(
            "universal-data-user-detail-rapvietvevo.json", ""
        )


def test_veiling_tells_different_values_apart() -> None:
    one, other = BUILDER.veiled({"a": [1, "x"]}), BUILDER.veiled({"a": [1, "y"]})
    assert one != other and one["a"][0] == other["a"][0]
    assert BUILDER.veiled({"a": None, "kind": "video"}) == {"a": None, "kind": "video"}
