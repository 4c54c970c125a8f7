"""The fifth act: what was withdrawn comes back, and an account changes its name."""

from __future__ import annotations

from demo.acts.changing import Changed
from demo.acts.collecting import fall
from demo.deeds import Drama, do
from demo.proof import check_rename, check_return, check_states
from demo.stage import Stage

NEW_NAMES = {
    "instagram": "damkarmat.tirtakencana",
    "tiktok": "dishub.kota.tirtakencana",
}
"""What the fire brigade and the transport agency call themselves afterwards."""


def give_back(stage: Stage, drama: Drama, changed: Changed) -> None:
    """A post returns with its history unbroken; two accounts continue under new names."""
    nights, world = stage.nights, stage.city.world
    clip, bridge = drama.clip, drama.bridge
    back_at = nights.go_to(4, 8, 15)
    stage.title("day-four")
    do(stage, back_at, "gave-back", clip, lambda: world.restore(clip.account, clip.code))
    moment = nights.go_to(4, 11, 40)
    do(stage, moment, "withdrew", bridge, lambda: world.delete(bridge.account, bridge.code))
    renamed = []
    for minute, account in enumerate((stage.life.fire, stage.city.transport)):
        moment, old = nights.go_to(4, 13, 10 + minute), account.handle
        world.rename(account, NEW_NAMES[account.platform])
        stage.tells(moment, "renamed", old=old, new=account.handle)
        renamed.append((account, old))
    night = fall(stage, 5, "night-five")
    for account, old in renamed:
        check_rename(stage, night, account, old)
    stage.program.run("posts", "--state", "returned")
    stage.program.run("show", clip.id)
    check_return(stage, clip, changed.clip_at, back_at)
    check_states(stage, (bridge, "unavailable", "awaiting_confirmation"))
    account, old = renamed[0]
    stage.program.run("accounts", "history", f"{account.platform}/{old}")
