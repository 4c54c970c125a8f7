"""Build the golden files of TikTok's recorded answers: ``python tests/golden/build_tiktok.py``.

Each recorded object is served by the pretend platform, read through the
unmodified yt-dlp and captured; what the connector made of it is the golden
value. Only addresses are replaced (the recorded ones have expired), so none is
kept. Values of files that may not be published again are kept as their type,
length and SHA-256.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from connectors.base import ExchangeSink, ExchangeStart, Network  # noqa: E402
from connectors.model import (  # noqa: E402
    AccountRef,
    Post,
    PostRef,
    Profile,
    RecordId,
    Sighting,
)
from connectors.tiktok.web import TikTokWeb, build  # noqa: E402
from demo.faults import Match, replaced  # noqa: E402
from demo.mediahosts import media_hosts, with_addresses  # noqa: E402
from demo.realtiktok import tiktok_account  # noqa: E402
from demo.server import Platforms  # noqa: E402
from demo.standins import StandIns, with_stand_ins  # noqa: E402
from demo.tiktok import pages  # noqa: E402
from demo.tiktok.site import TikTokSite  # noqa: E402
from demo.world import World  # noqa: E402

LICENSED = ROOT / "tests" / "data" / "tiktok-web"
OTHERS = Path(os.environ.get("JEJAK_REAL_DATA", ROOT / "../shared/real-data")) / "tiktok-web"
FOLDER = Path(__file__).parent
SOMEBODY = AccountRef("tiktok", "somebody")
FILES = {
    "tiktok-deleted-10204": "universal-data-deleted-10204.json",
    "tiktok-photo-page": "universal-data-photo-page-without-video-detail.json",
    "tiktok-user-detail": "universal-data-user-detail-rapvietvevo.json",
    "tiktok-video-detail": "universal-data-video-detail-2026.json",
    "tiktok-search-item": "zeeschuimer-search-haberturktv.ndjson",
}
"""Golden file -> recorded file."""
OUR_WORDS = frozenset(
    ("kind", "role", "page", "presence", "reason", "platform", "problems", "records")
) | {"same_on_page", "avatar_problem"}
"""Keys whose values are this project's words, not the platform's."""


def recorded(name: str) -> Path | None:
    """Where the recorded file behind a golden one lies; ``None`` if it is not here."""
    places = (LICENSED / FILES[name], OTHERS / FILES[name])
    return next((path for path in places if path.is_file()), None)


def golden(name: str, sink: ExchangeSink, folder: Path) -> dict[str, Any]:
    """What the connector makes of one recorded object.

    Args:
        name: One of `FILES`; its recorded file must be here.
        sink: Gets the exchanges.
        folder: For certificates and drawn stand-ins.
    """
    path = recorded(name)
    assert path is not None
    text = path.read_text(encoding="utf-8")
    world = World()
    with Platforms(world, (TikTokSite(), *media_hosts()), folder / "tls") as platforms:
        network = Network(proxy=platforms.proxy_url, ca_file=str(platforms.ca_file))
        web = build(sink=sink, network=network, identity=None, gate=lambda url: None)
        assert isinstance(web, TikTokWeb)
        try:
            value = _CAPTURES[name](web, platforms, text, folder)
        finally:
            web.close()
    plain = json.loads(json.dumps(value))
    seen = plain if path.parent == LICENSED else veiled(plain)
    return {"recorded": path.name, "seen": seen}


def veiled(value: object) -> object:
    """Type, length and digest of every value; keys and nesting stay."""
    if isinstance(value, Mapping):
        return {key: part if key in OUR_WORDS else veiled(part) for key, part in value.items()}
    if isinstance(value, list):
        return [veiled(part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"type": type(value).__name__, "length": len(text), "sha256": digest}


# -- capturing -------------------------------------------------------------------


def _page(web: TikTokWeb, platforms: Platforms, text: str, folder: Path) -> dict[str, Any]:
    """A post's page without an item: what one visit concludes."""
    scopes = json.loads(text)["__DEFAULT_SCOPE__"]
    code = scopes["seo.abtest"]["canonical"].rsplit("/", 1)[1]
    _serve(platforms, f"/@*/video/{code}", scopes)
    return _sighting(web.look(PostRef("tiktok", code, SOMEBODY)))


def _profile(web: TikTokWeb, platforms: Platforms, text: str, folder: Path) -> dict[str, Any]:
    scopes = json.loads(text)["__DEFAULT_SCOPE__"]
    handle = scopes["webapp.user-detail"]["userInfo"]["user"]["uniqueId"]
    avatar = StandIns(folder, handle).avatar()
    platforms.world.assets[avatar.name] = avatar
    served = with_stand_ins(scopes, lambda keys: avatar)
    _serve(platforms, f"/@{handle}", with_addresses(served, platforms.world, platforms.world.now()))
    found = web.profile(AccountRef("tiktok", handle))
    assert found.avatar is not None
    return {**_facts(found), "avatar_problem": web.fetch(found.avatar).problem is not None}


def _video(web: TikTokWeb, platforms: Platforms, text: str, folder: Path) -> dict[str, Any]:
    detail = json.loads(text)["__DEFAULT_SCOPE__"]["webapp.video-detail"]
    return _captured(web, platforms, detail["itemInfo"]["itemStruct"], folder)


def _listed(web: TikTokWeb, platforms: Platforms, text: str, folder: Path) -> dict[str, Any]:
    return _captured(web, platforms, json.loads(text.split("\n")[0])["data"], folder)


_CAPTURES: Mapping[str, Callable[[TikTokWeb, Platforms, str, Path], dict[str, Any]]] = {
    "tiktok-deleted-10204": _page,
    "tiktok-photo-page": _page,
    "tiktok-user-detail": _profile,
    "tiktok-video-detail": _video,
    "tiktok-search-item": _listed,
}


def _captured(
    web: TikTokWeb, platforms: Platforms, item: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    """One item object: listed, looked at, its files fetched."""
    account = platforms.world.add(tiktok_account([item], folder))
    owner = AccountRef("tiktok", account.handle, account.native_id, account.sec_uid)
    (page,) = web.list_posts(owner)
    (post,) = page.posts
    sighting = web.look(post.ref)
    assert sighting.post is not None
    kept = [
        record.problem.code if record.problem else None for record in web.fetch_media(sighting.post)
    ]
    same = _facts(post) == _facts(sighting.post)
    return {"page": page.end.value, "same_on_page": same, **_sighting(sighting), "problems": kept}


def _serve(platforms: Platforms, path: str, scopes: Any) -> None:
    body = pages.rehydration(scopes)
    match = Match("www.tiktok.com", path)
    platforms.faults.add(replaced("recorded", lambda _: pages.html(body), match, count=None))


def _sighting(sighting: Sighting) -> dict[str, Any]:
    return {
        "presence": sighting.presence.value,
        "reason": sighting.reason,
        "records": len(sighting.evidence),
        "post": _facts(sighting.post) if sighting.post else None,
    }


def _facts(value: Post | Profile) -> dict[str, Any]:
    """A value as plain JSON, without addresses and record ids."""

    def plain(part: Any) -> Any:
        if isinstance(part, Mapping):
            return {k: plain(v) for k, v in part.items() if k not in ("url", "evidence")}
        if isinstance(part, (list, tuple)):
            return [plain(entry) for entry in part]
        return part.isoformat() if isinstance(part, datetime) else part

    return dict(plain(dataclasses.asdict(value)))


class _Forgetful:
    """A sink that keeps nothing, and each of its exchanges."""

    def __init__(self) -> None:
        self.record_id = RecordId(f"urn:uuid:{uuid4()}")

    def begin(self, start: ExchangeStart) -> _Forgetful:
        return _Forgetful()

    def sent(self, data: object) -> None:
        """Forget it."""

    wire = head = body = sent

    def finish(self, truncated: object = None) -> None:
        """Nothing was kept."""


def main() -> None:
    """Write every golden file whose recorded file is here."""
    for name in FILES:
        if recorded(name) is None:
            print(f"{name}: {FILES[name]} is not in {OTHERS}; its golden file stays as it is")
            continue
        with tempfile.TemporaryDirectory() as folder:
            value = golden(name, _Forgetful(), Path(folder))
        text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}: written")


if __name__ == "__main__":
    main()
