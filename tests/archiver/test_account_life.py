from __future__ import annotations

import pytest

from archiver.account_life import account_state
from archiver.verdicts import AccountState
from connectors.model import Profile
from storage.catalogue.accounts import ProfileRow


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
