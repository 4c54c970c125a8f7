from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.absence.verdicts import AccountState
from archiver.account_life import Condition, account_state, changes, condition, counts
from connectors.model import Profile
from storage.catalogue.accounts import AccountLook, ProfileRow


def row(native_id: str = "4242", handle: str = "kota") -> ProfileRow:
    at = "2026-11-23T00:00:00.000000Z"
    nothing = (None,) * 9
    return ProfileRow("c", at, native_id, handle, *nothing)


def shown(handle: str = "kota", is_private: bool | None = False) -> Profile:
    return Profile("instagram", "4242", handle, is_private=is_private)


@pytest.mark.parametrize(
    ("profile", "before", "state"),
    [
        (shown(), row(), AccountState.PUBLIC),
        (shown("Kota"), row(), AccountState.PUBLIC),
        (shown(), None, AccountState.PUBLIC),
        (None, row(), AccountState.UNSURE),
        (shown(is_private=None), row(), AccountState.UNSURE),
        (shown(is_private=True), row(), AccountState.PRIVATE),
        (shown("baru", is_private=True), row(), AccountState.PRIVATE),
        (shown("baru"), row(), AccountState.RENAMED),
        (shown("baru", is_private=None), row(), AccountState.RENAMED),
        (shown("baru"), row(handle="baru"), AccountState.PUBLIC),
        (shown(), row(native_id="666"), AccountState.UNSURE),
    ],
)
def test_how_an_account_stands(
    profile: Profile | None, before: ProfileRow | None, state: AccountState
) -> None:
    assert account_state(profile, before) is state


def look(at: str, **facts: Any) -> AccountLook:
    """A capture of a January day; without ``shown`` no profile came."""
    profile = None
    if facts.pop("shown", True):
        told = {"handle": "kota", "name": "Kota", "biography": "Resmi", "is_private": False}
        names = [field.name for field in fields(ProfileRow)]
        row = dict.fromkeys(names) | told | {"capture": at, "at": at, "native_id": "4242"}
        profile = ProfileRow(**row | {name: facts.pop(name) for name in names if name in facts})
    given = {"identity": None, "outcome": "complete", "reason": None, "avatar": None} | facts
    return AccountLook(at, at, "kota", profile=profile, evidence=(f"r{at}",), document=at, **given)


def missing(at: str, reason: str) -> AccountLook:
    return look(at, shown=False, outcome="failed", reason=reason)


def told(*looks: AccountLook) -> list[tuple[str, str | None, str | None, str | None, str]]:
    found = changes(looks, "4242")
    return [(c.what.value, c.before, c.after, c.last_seen, c.at) for c in found]


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        ({}, {"handle": "baru"}, ("handle", "kota", "baru")),
        ({}, {"name": "Pemkot"}, ("name", "Kota", "Pemkot")),
        ({}, {"biography": ""}, ("biography", "Resmi", "")),
        ({}, {"external_url": "https://a"}, ("link", None, "https://a")),
        ({"external_url": "https://a"}, {}, ("link", "https://a", None)),
        ({"avatar": "a"}, {"avatar": "b"}, ("avatar", "a", "b")),
        (
            {"is_verified": True},
            {"is_verified": False},
            ("verification", "verified", "not verified"),
        ),
        ({}, {"is_private": True}, ("visibility", "public", "private")),
    ],
)
def test_what_changes(
    first: dict[str, Any], second: dict[str, Any], change: tuple[str, str, str]
) -> None:
    looks = look("1", **first), look("2", **first), look("3", **second), look("4", **second)
    assert told(*looks) == [(*change, "2", "3")]
    (found,) = changes(looks, "4242")
    assert (found.evidence_before, found.evidence, found.capture) == (("r2",), ("r3",), "3")


@pytest.mark.parametrize(
    "silent",
    [
        {"name": None},
        {"biography": None, "external_url": None},
        {"avatar": None},
        {"is_verified": None},
        {"is_private": None},
        {"native_id": "666", "handle": "kota", "name": "Orang"},
    ],
)
def test_what_is_not_told_did_not_change(silent: dict[str, Any]) -> None:
    known = {"external_url": "https://a", "avatar": "a", "is_verified": True}
    assert told(look("1", **known), look("2", **known | silent), look("3", **known)) == []


@pytest.mark.parametrize("reason", ["rate_limited", "network_failure", "account_unavailable"])
def test_a_night_without_an_answer_tells_nothing(reason: str) -> None:
    looks = look("1"), missing("2", reason), look("3")
    assert told(*looks) == []
    assert condition(looks, "4242") == Condition("public", "1", "3")


def test_gone_taken_and_back() -> None:
    looks = (
        look("1"),
        missing("2", "account_not_found"),
        missing("3", "account_not_found"),
        missing("4", "handle_taken"),
    )
    assert told(*looks) == [
        ("presence", "shown", "gone", "1", "2"),
        ("presence", "gone", "gone", "3", "4"),
    ]
    assert [change.reason for change in changes(looks, "4242")] == [
        "account_not_found",
        "handle_taken",
    ]
    assert condition(looks, "4242") == Condition("gone", "4", "4", "handle_taken")
    back = (*looks, look("5", handle="baru"))
    assert told(*back)[2:] == [
        ("presence", "gone", "shown", "4", "5"),
        ("handle", "kota", "baru", "1", "5"),
    ]
    assert told(missing("1", "account_not_found")) == [("presence", None, "gone", None, "1")]


def test_private_with_and_without_a_profile() -> None:
    looks = look("1"), missing("2", "account_private"), look("3", is_private=True), look("4")
    assert told(*looks) == [
        ("visibility", "public", "private", "1", "2"),
        ("visibility", "private", "public", "3", "4"),
    ]
    assert condition(looks[:3], "4242") == Condition("private", "2", "3")


def test_the_picture_of_a_session_is_not_compared_with_a_strangers() -> None:
    a, b = {"avatar": "small"}, {"avatar": "large", "identity": "humas"}
    assert told(look("1", **a), look("2", **b), look("3", **a), look("4", **b)) == []
    changed = look("5", avatar="other", identity="humas")
    assert told(look("1", **a), look("2", **b), changed) == [("avatar", "large", "other", "2", "5")]


def test_counts_are_a_series() -> None:
    looks = look("1", followers=5), missing("2", "rate_limited"), look("3", followers=7)
    stranger = look("4", native_id="666", followers=1)
    found = counts((*looks, stranger), "4242")
    assert [(one.at, one.followers) for one in found] == [("1", 5), ("3", 7)]
    assert found[0].told() == (5, None, None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["kota", "baru"]),
            st.sampled_from([None, "a", "b"]),
            st.sampled_from([None, True, False]),
        ),
        max_size=8,
    )
)
def test_changes_lead_from_the_first_to_the_last(
    days: list[tuple[str, str | None, bool | None]],
) -> None:
    looks = [
        look(str(day), handle=handle, name=name, is_verified=verified)
        for day, (handle, name, verified) in enumerate(days)
    ]
    found = changes(looks, "4242")
    for what, values in (
        ("handle", [handle for handle, _, _ in days]),
        ("name", [name for _, name, _ in days if name is not None]),
    ):
        steps = [c for c in found if c.what == what]
        walked = values[:1] + [c.after for c in steps]
        assert walked[-1:] == values[-1:]
        assert all(c.before != c.after for c in steps)
        assert [c.before for c in steps] == walked[: len(steps)]
    assert list(found) == sorted(found, key=lambda c: int(c.at))
