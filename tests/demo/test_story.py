"""The parts of the demo that can be tested without running it."""

from __future__ import annotations

import gzip
import json
import re
import string
import subprocess
import sys
import tomllib
from datetime import timedelta
from types import SimpleNamespace

import pytest

from demo.acts.opening import FolderNotOurs, demo_config, prepare, with_comments
from demo.claims import (
    Claims,
    holds_secret,
    id_of,
    kinds_found,
    members,
    mixed_carousels,
    names_beyond_answers,
    on_show,
    playbacks,
)
from demo.program import REPOSITORY, CommandFailed, Program, near
from demo.proof import WORDS_OF_ABSENCE
from demo.words import SENTENCES, Words


def row(post, kind, *media):
    platform = post.partition(":")[0]
    listed = [{"kind": m, "role": "content", "mime": f"{m}/x"} for m in media]
    return {"id": post, "platform": platform, "kind": kind, "media": listed}


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_both_languages_say_the_same_facts(key):
    facts = [
        sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})
        for text in SENTENCES[key]
    ]
    assert facts[0] == facts[1]
    assert all(text.strip() for text in SENTENCES[key])


def test_claims_are_counted_and_marked():
    said: list[str] = []
    claims = Claims(Words("en"), said.append)
    claims.check(True, "claim-verified")
    claims.check(False, "claim-mixed")
    assert (claims.held, len(claims.broken)) == (1, 1)
    assert [line.split()[0] for line in said] == ["✓", "✗"]


def test_one_medium_of_every_kind_is_played():
    rows = [
        row("instagram:B", "reel", "video", "image"),
        row("instagram:A", "carousel", "image", "video"),
        row("tiktok:1", "video", "video", "subtitle"),
        row("instagram:story:7", "story", "image"),
        row("instagram:story:6", "story", "image"),
    ]
    chosen = {(p.post, p.number) for p in playbacks(rows)}
    assert chosen == {
        ("instagram:A", 1),
        ("instagram:A", 2),
        ("instagram:story:7", 1),
        ("tiktok:1", 1),
        ("tiktok:1", 2),
    }
    assert [r["id"] for r in mixed_carousels(rows)] == ["instagram:A"]
    assert kinds_found(rows) == {
        ("instagram", "carousel"): 1,
        ("instagram", "reel"): 1,
        ("instagram", "story"): 2,
        ("tiktok", "video"): 1,
    }


def ids(life, account, *, logged_in=True):
    shown = on_show(life.city.world, account, logged_in=logged_in)
    return {id_of(account.platform, item) for item in shown}


def test_what_is_on_show_depends_on_who_looks_and_when(life):
    city, world = life.city, life.city.world
    gone = city.tiktok.items[0]
    before = ids(life, city.tiktok)
    world.delete(city.tiktok, gone.code)
    assert before - ids(life, city.tiktok) == {f"tiktok:{gone.code}"}
    stranger, visitor = (ids(life, city.instagram, logged_in=one) for one in (False, True))
    apart = {id_of("instagram", i) for i in city.instagram.items if i.kind == "story" or i.off_grid}
    assert visitor - stranger == apart
    assert {f"instagram:{life.shared}", f"instagram:{life.invited}"} <= stranger
    kept = {f"instagram:story:{code}" for code in city.instagram.collections[0].codes}
    then = world.now() + timedelta(hours=25)
    world.now = lambda: then
    later = ids(life, city.instagram)
    assert kept <= later
    assert len(visitor - later) == 1


def test_citizens_are_found_unless_an_answer_names_them(tmp_path):
    answer = b"WARC/1.1\r\nWARC-Type: response\r\n\r\nsukma"
    made = b"WARC/1.1\r\nWARC-Type: metadata\r\n\r\nWARC-Type: response sukma"
    file = tmp_path / "a.warc.gz"
    file.write_bytes(gzip.compress(answer))
    assert names_beyond_answers(tmp_path, ["sukma"]) == set()
    file.write_bytes(gzip.compress(answer) + gzip.compress(made))
    assert names_beyond_answers(tmp_path, ["sukma", "wiryo"]) == {"sukma"}
    file.unlink()
    (tmp_path / "katalog.sqlite").write_bytes(b"... wiryo ...")
    assert names_beyond_answers(tmp_path, ["sukma", "wiryo"]) == {"wiryo"}


def test_secrets_are_found_in_compressed_members_too(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"one") + gzip.compress(b"the secret"))
    (tmp_path / "b.txt").write_bytes(b"nothing")
    assert [path.name for path in holds_secret(tmp_path, [b"secret"])] == ["a.warc.gz"]
    assert holds_secret(tmp_path, [b"absent"]) == []


def test_only_folders_of_the_demo_are_made_anew(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    prepare(ours)
    (ours / "old").touch()
    prepare(ours)
    assert not (ours / "old").exists()
    theirs.mkdir()
    (theirs / "thesis.txt").touch()
    with pytest.raises(FolderNotOurs):
        prepare(theirs)
    assert (theirs / "thesis.txt").exists()


def test_the_configuration_is_toml_and_points_at_the_platforms(platforms, tmp_path):
    stage = SimpleNamespace(words=Words("en"), platforms=platforms, folder=tmp_path)
    config = tomllib.loads(demo_config(stage))
    assert config["network"]["proxy"] == platforms.proxy_url
    assert (tmp_path / config["network"]["ca_file"]).read_bytes() == platforms.ca_file.read_bytes()


def test_comments_are_switched_on_for_one_account():
    config = '[[accounts]]\nhandle = "satu"\n\n[[accounts]]\nhandle = "dua_"\n'
    accounts = tomllib.loads(with_comments(config, "dua_"))["accounts"]
    assert [account.get("comments") for account in accounts] == [None, True]
    with pytest.raises(ValueError, match="tiga"):
        with_comments(config, "tiga")


def test_what_a_command_says_is_shown_and_given_back(tmp_path, capfd):
    program = Program(tmp_path / "missing.toml", "en")
    told = program.told("posts", accept=(2,))
    assert "missing.toml" in told
    assert told in capfd.readouterr().out
    with pytest.raises(CommandFailed):
        program.told("posts")


def test_an_unexpected_exit_code_is_not_overlooked(tmp_path):
    program = Program(tmp_path / "missing.toml", "en")
    with pytest.raises(CommandFailed):
        program.run("no-such-command")


@pytest.mark.parametrize("language", ["id", pytest.param("en", marks=pytest.mark.soak)])
def test_the_whole_story_holds(tmp_path, language):
    command = [
        sys.executable,
        "-m",
        "demo",
        "--language",
        language,
        "--folder",
        str(tmp_path / "a"),
    ]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "✗" not in told.stdout
    for platform, said in WORDS_OF_ABSENCE.items():
        (visit, *_) = visits(tmp_path / "a" / "archive", platform)
        assert said in by_hand(tmp_path / "a", visit), platform


def visits(archive, platform):
    """Records of the visits that prove a withdrawal, as the ledger names them."""
    for part in sorted((archive / "ledger").glob("*.jsonl")):
        for line in part.read_text("utf-8").splitlines():
            event = json.loads(line)
            post = event["objects"].get("post", "")
            if event["type"] == "post withdrawn" and post.startswith(f"{platform}:"):
                steps = event["detail"]["steps"]
                return [r for s in steps if s["step"] == "visited" for r in s["records"]]
    raise AssertionError(f"nothing of {platform} was withdrawn")


def by_hand(folder, record):
    """A record as the page on evidence says one can read it, with everyday tools."""
    page = (REPOSITORY / "docs" / "evidence.md").read_text("utf-8")
    (recipe,) = re.findall(r"^```sh\n(RECORD=.*?)^```", page, re.M | re.S)
    lines = recipe.splitlines()
    script = "\n".join([f"RECORD={record}", *lines[1:]])
    done = subprocess.run(["sh", "-euc", script], cwd=folder, capture_output=True, check=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    # Sent compressed, it is opened once more.
    return next(members(body)) if body.startswith(b"\x1f\x8b") else body


def test_paths_are_told_as_one_types_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert near(tmp_path / "demo-archive" / "config.toml") == "demo-archive/config.toml"
    assert [near(word) for word in ("posts", "--search", "2")] == ["posts", "--search", "2"]
    assert near(tmp_path.parent / "elsewhere") == str(tmp_path.parent / "elsewhere")
    spoken = Program(tmp_path / "demo-archive" / "config.toml", "id").spoken("posts")
    assert spoken.endswith(" --config demo-archive/config.toml posts")


def test_figures_have_the_marks_of_the_language():
    assert Words("id").figure(1234.56, 1) == "1.234,6"
    assert Words("en").figure(1234.56, 1) == "1,234.6"
