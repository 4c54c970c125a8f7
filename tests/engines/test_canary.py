"""The canary before the pretend platforms: read, recorded, and judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.config import load
from archiver.engines.canary import sing
from archiver.engines.kinds import engine_named
from archiver.errors import UsageProblem, WriterBusy
from archiver.sessions import write_session
from archiver.writer_lock import writer_lock
from connectors.base import Identity
from demo.city import City
from demo.faults import status
from demo.instagram import faults as instagram_faults
from demo.server import Platforms
from demo.tiktok import faults as tiktok_faults
from demo.world import Account
from storage.warc_reader import members, row_of

LATER = "2099.1.2"
ENGINE = {"instagram": engine_named("instaloader"), "tiktok": engine_named("yt-dlp")}


@pytest.fixture
def online(office, platforms: Platforms) -> Callable[..., None]:
    """Writes a configuration with one canary, and the pretend platforms for an internet."""

    def configure(account: Account, identity: str = "", **more: str) -> None:
        keys = {"platform": account.platform, "handle": account.handle} | more
        if identity:
            keys["identity"] = identity
        office.config.write_text(
            'language = "en"\n[archive]\nmin_free_gb = 0.0\n'
            f'[network]\nproxy = "{platforms.proxy_url}"\nca_file = "{platforms.ca_file}"\n'
            'pause_s = 0\n[[identities]]\nname = "humas"\nplatform = "instagram"\n[[canaries]]\n'
            + "".join(f'{name} = "{value}"\n' for name, value in keys.items())
        )

    return configure


@pytest.fixture
def log_in(office, city: City) -> Callable[[], Path]:
    """Keeps the city's session as the identity ``humas``."""

    def keep() -> Path:
        file = load(office.config).identity_file("instagram", "humas")
        visitor = city.visitor
        known = Identity("humas", "instagram", visitor.cookies, visitor.username)
        write_session(file, known, datetime.now(UTC))
        return file

    return keep


def sung(office, platform: str) -> list[str]:
    return sing(ENGINE[platform], office.config, "en")


def recorded(office) -> list[str]:
    """Addresses of everything that was recorded, in order."""
    files = sorted((office.archive / "segments").glob("*/*.warc.gz"))
    rows = [row_of(member, file.name) for file in files for member in members(file)]
    return [row.target_uri or "" for row in rows if row.http_status]


def test_instagram_with_an_identity(office, online, log_in, city: City) -> None:
    item = city.instagram.public()[3]
    online(city.instagram, "humas", id=city.instagram.native_id, post=item.code)
    file = log_in()
    before = file.read_bytes()
    assert sung(office, "instagram") == []
    assert sum("cdninstagram" in address for address in recorded(office)) == 1, "one of its media"
    assert city.visitor.cookies["sessionid"].encode() not in b"".join(
        path.read_bytes() for path in office.archive.rglob("*.log*") if path.is_file()
    )
    assert file.exists() and len(file.read_bytes()) >= len(before) // 2
    verified = office.run("verify", "--full")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_tiktok_as_a_stranger(office, online, city: City) -> None:
    online(city.transport)
    assert sung(office, "tiktok") == []
    assert any("/video/" in address for address in recorded(office))
    assert sung(office, "instagram") == [], "a canary of another platform is not asked"
    assert office.run("verify", "--full").returncode == 0


def test_a_post_that_is_gone(office, online, log_in, city: City) -> None:
    for account, identity in ((city.instagram, "humas"), (city.transport, "")):
        item = account.public()[-1]
        online(account, identity, post=item.code)
        log_in()
        city.world.delete(account, item.code)
        (line,) = sung(office, account.platform)
        assert line.startswith(f"{account.platform}/{account.handle}: the post ")
        assert f"{item.code} is gone" in line


def test_platforms_that_refuse(office, online, log_in, city: City, platforms: Platforms) -> None:
    online(city.instagram, "humas")
    log_in()
    wait = instagram_faults.please_wait(instagram_faults.TIMELINE_QUERY, count=None)
    platforms.faults.add(wait)
    (line,) = sung(office, "instagram")
    assert "could not be read" in line and "asks to slow down" in line
    online(city.transport)
    platforms.faults.add(status(403, tiktok_faults.USER_PAGE, count=None))
    (line,) = sung(office, "tiktok")
    assert "could not be read" in line
    assert recorded(office), "what was refused is kept, too"


@pytest.mark.parametrize("identity", ["humas", ""])
def test_another_account_under_the_handle(office, online, log_in, city: City, identity) -> None:
    account = city.instagram if identity else city.transport
    online(account, identity, id=account.native_id)
    log_in()
    old = account.handle
    city.world.rename(account, "pindah.resmi")
    stranger = "7999999999999999999"
    other = Account(account.platform, stranger, old, "Orang Lain", sec_uid="MS4wLjABAAAAstranger")
    city.world.add(other)
    (line,) = sung(office, account.platform)
    assert f"the profile is account {stranger}, not {account.native_id}" in line


def test_an_empty_account_is_no_proof(office, online, city: City) -> None:
    city.world.add(
        Account("tiktok", "7999999999999999999", "kosong", "Kosong", sec_uid="MS4wLjABAAAAempty")
    )
    online(city.world.accounts["tiktok:7999999999999999999"])
    (line,) = sung(office, "tiktok")
    assert "lists no post" in line


def test_what_is_not_the_engines_fault_is_no_finding(office, online, city: City) -> None:
    online(city.instagram, "humas")
    with pytest.raises(UsageProblem, match="no session"):
        sung(office, "instagram")
    online(city.transport)
    with (
        writer_lock(office.archive, datetime.now(UTC) - timedelta(hours=1)),
        pytest.raises(WriterBusy),
    ):
        sung(office, "tiktok")


def test_an_update_asks_the_canary_with_the_candidate(
    office, online, city: City, make_wheel, platforms: Platforms
) -> None:
    make_wheel("yt-dlp", LATER)
    online(city.transport)
    command = ("engines", "update", "yt-dlp", "--from", str(office.wheels))
    platforms.faults.add(status(403, tiktok_faults.USER_PAGE, count=1))
    refused = office.run(*command)
    assert refused.returncode == 3, refused.stderr
    assert f"tiktok/{city.transport.handle}" in refused.stderr
    assert "asks with the engine in use" in refused.stderr
    assert (office.current(), office.events(), office.kept_folders()) == ({}, [], [])
    assert recorded(office), "the question and its refusal stay"
    taken = office.run(*command)
    assert taken.returncode == 0, taken.stderr
    assert office.current() == {"yt-dlp": LATER}
    assert office.events()[0]["detail"]["checks"] == {"contract": "passed", "canary": "passed"}
    assert f"yt-dlp {LATER}" in written_with(office), "the candidate asked, not the built-in"
    assert office.run("verify", "--full").returncode == 0


def written_with(office) -> str:
    """The heads of the archive's newest file: what wrote it."""
    from storage.warc_reader import payload_stream

    file = max((office.archive / "segments").glob("*/*.warc.gz"))
    first = row_of(next(iter(members(file))), file.name)
    return b"".join(payload_stream(file, first.offset)).decode().replace("yt-dlp/", "yt-dlp ")


def test_an_update_whose_canary_cannot_be_asked(office, online, city: City, make_wheel) -> None:
    make_wheel("instaloader", "4.99")
    online(city.instagram, "humas")
    done = office.run("engines", "update", "instaloader", "--from", str(office.wheels))
    assert done.returncode == 2, done.stderr
    assert "could not be asked" in done.stderr and "no session for" in done.stderr
    assert (office.current(), office.events(), office.kept_folders()) == ({}, [], [])
