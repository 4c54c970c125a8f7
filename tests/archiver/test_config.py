"""What may stand in config.toml, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.config import load
from archiver.errors import ConfigProblem, UsageProblem
from archiver.example_config import example_config
from archiver.i18n import speak

ACCOUNT = '[[accounts]]\nplatform = "instagram"\nhandle = "a.b_c"\n'
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def english() -> None:
    speak("en")


def read(tmp_path: Path, text: str) -> str:
    """What is said about a configuration that must be refused."""
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigProblem) as caught:
        load(tmp_path / "config.toml")
    return caught.value.said()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("langauge = 'id'", ["config.toml: langauge: unknown key", "Did you mean language?"]),
        ("[network]\nproxie = 'x'", ["network.proxie", "Did you mean network.proxy?"]),
        ("[archive]\nzzz = 1", ["archive.zzz", "Known keys:", "timezone"]),
        ("language = 'jv'", ["language = 'jv'", "'id'", "'en'"]),
        ("[archive]\nmin_free_gb = -1", ["archive.min_free_gb = -1", "at least 0"]),
        ("[archive]\nmin_free_gb = 'many'", ["archive.min_free_gb = 'many'", "a number"]),
        ("[archive]\ntimezone = 'Mars/Base'", ["Mars/Base", "Asia/Jakarta"]),
        ("[network]\nproxy = 'http://u:p@h:1'", ["network.proxy", "http://HOST:PORT"]),
        ("[network.limits]\nratio = 1", ["network.limits.ratio = 1", "at least 2"]),
        ("[[accounts]]\nplatform = 'instagram'", ["accounts[1].handle is missing"]),
        (ACCOUNT.replace("a.b_c", "a/b"), ["accounts[1].handle = 'a/b'", "letters"]),
        (ACCOUNT.replace("a.b_c", ".."), ["accounts[1].handle = '..'", "letters"]),
        (ACCOUNT.replace("a.b_c", "x" * 31), ["accounts[1].handle"]),
        (ACCOUNT.replace("instagram", "facebook"), ["'facebook'", "'tiktok'"]),
        (ACCOUNT + "id = 'abc'", ["accounts[1].id = 'abc'", "^[0-9]"]),
        (ACCOUNT + "identity = 'humas'", ["accounts[1].identity = 'humas'", "known: -"]),
        (ACCOUNT + ACCOUNT, ["accounts[2].handle = 'a.b_c'"]),
        ("accounts = 3", ["accounts = 3"]),
        ("language = id", ["not valid TOML"]),
    ],
)
def test_mistakes_name_file_key_value_and_expectation(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    said = read(tmp_path, text)
    for part in parts:
        assert part in said


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    said = read(tmp_path, '[network]\nproxy = "http://office:p@ss-w0rd@proxy.example:8080"')
    assert "'http://…@proxy.example:8080'" in said
    assert "w0rd" not in said


SECRET = "s3cr3t"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://u:{SECRET}@h/db",
        f"postgres://u:{SECRET}@h/db",
        f"mysql+pymysql://u:{SECRET}@h/db",
        f"postgresql+psycopg://u:a/{SECRET}@h/",
        f"postgresql+psycopg://u:a@{SECRET}@h/",
        f"postgresql+psycopg://u:{SECRET} x@h/db",
        f"postgresql+psycopg://u:{SECRET}/db",
        f"postgresql+psycopg://u:{SECRET}@h",
        f"postgresql+psycopg://u@h/db?password={SECRET}",
        f"postgresql+psycopg://u@h/db?PassW%6Frd={SECRET}",
        f"postgresql+psycopg://u@h/db?sslmode=require&sslpassword={SECRET}",
        f"host=h user=u password={SECRET} dbname=db",
        f"u:{SECRET}@h/db",
        f"{SECRET}://u@h/db",
    ],
)
def test_a_refused_catalogue_shows_no_password(tmp_path: Path, address: str) -> None:
    said = read(tmp_path, f"[archive]\ncatalogue = '{address}'")
    assert "postgresql+psycopg://USER@HOST/DATABASE" in said
    assert SECRET not in said
    for wrong in (
        f"archive = '{address}'",
        f"[archive]\ncatalogue = ['{address}']",
        f"[archive]\ncatalogue = {{a = '{address}'}}",
        f"[[archive]]\ncatalogue = '{address}'",
    ):
        said = read(tmp_path, wrong)
        assert "archive" in said
        assert SECRET not in said


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://u@h/db",
        f"postgresql+psycopg://u:{SECRET}@h:5433/db?sslmode=verify-full&passfile=/etc/p",
        "postgresql+psycopg://u@/db?host=/var/run/postgresql",
        "sqlite:////srv/jejak/catalogue.sqlite",
    ],
)
def test_catalogues_on_both_databases_can_be_named(tmp_path: Path, address: str) -> None:
    (tmp_path / "config.toml").write_text(f"[archive]\ncatalogue = '{address}'")
    config = load(tmp_path / "config.toml")
    assert config.catalogue_url == address
    assert SECRET not in repr(config)
    assert config.secrets == ((SECRET,) if SECRET in address else ())


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    said = read(tmp_path, "language = 'jv'\n[archive]\nmin_free_gb = -1\nzzz = 1\n")
    assert len(said.splitlines()) == 3


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem) as caught:
        load(tmp_path / "config.toml")
    assert "jejak init" in caught.value.hint()


def test_mistakes_are_told_in_indonesian(tmp_path: Path) -> None:
    speak("id")
    assert "kunci tidak dikenal" in read(tmp_path, "zzz = 1")
    speak("en")


def test_accounts_are_found_by_every_name(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        ACCOUNT + "id = 123\n" + ACCOUNT.replace("instagram", "tiktok")
    )
    config = load(tmp_path / "config.toml")
    for asked in ("instagram/a.b_c", "INSTAGRAM/A.B_C", "instagram:123"):
        assert config.account(asked).platform == "instagram"
    with pytest.raises(UsageProblem, match="could be any of"):
        config.account("@a.b_c")
    with pytest.raises(UsageProblem, match="no account nobody"):
        config.account("nobody")


def test_the_example_is_valid_and_shipped(tmp_path: Path) -> None:
    text = (ROOT / "config.example.toml").read_text("utf-8")
    assert example_config() == text
    (tmp_path / "config.toml").write_text(text, "utf-8")
    config = load(tmp_path / "config.toml")
    assert config.archive == tmp_path / "archive"
    assert config.limits.json_depth == 200
