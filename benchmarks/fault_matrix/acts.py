"""What happens to a whole account for a while: no post of it is withdrawn by that."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.fault_matrix.case import Plan, Planned
from benchmarks.fault_matrix.scene import FIRST_NIGHT, NIGHT_TO_NIGHT, Scene
from demo.world import Account


def never_twice_running(plan: Plan) -> Plan:
    """A trouble on a night, and none on the next: no two absences in a row."""

    def act(scene: Scene) -> Planned:
        number = round((scene.night - FIRST_NIGHT) / NIGHT_TO_NIGHT)
        return plan(scene) if number % 2 else Planned()

    return act


def private(scene: Scene) -> Planned:
    """The account is private."""
    scene.account.private = True

    def undo() -> None:
        scene.account.private = False

    return Planned(undo=undo)


def gone(scene: Scene) -> Planned:
    """The account is disabled or removed."""
    scene.account.gone = True

    def undo() -> None:
        scene.account.gone = False

    return Planned(undo=undo)


def renamed(scene: Scene) -> Planned:
    """The account has another handle."""
    before = scene.account.handle
    scene.world.rename(scene.account, "dinas.cuaca.baru")
    return Planned(undo=lambda: scene.world.rename(scene.account, before))


def taken(scene: Scene) -> Planned:
    """The account has another handle, and a stranger its old one."""
    before = renamed(scene)
    stranger = _stranger(scene, "dinas.cuaca")
    stranger.items.append(scene.make(scene.night.replace(hour=1)))

    def undo() -> None:
        _leave(scene, stranger)
        before.undo()

    return Planned(undo=undo)


def namesake(scene: Scene) -> Planned:
    """The account is gone, and a stranger has its handle."""
    before = gone(scene)
    stranger = _stranger(scene, scene.account.handle)

    def undo() -> None:
        _leave(scene, stranger)
        before.undo()

    return Planned(undo=undo)


def hidden(scene: Scene) -> Planned:
    """The owner shows the post to himself alone; it is no withdrawal of everything."""
    scene.world.hide(scene.account, scene.target.code)
    return Planned(undo=lambda: scene.world.restore(scene.account, scene.target.code))


def declares_more(scene: Scene) -> Planned:
    """The profile declares more posts than its listing shows."""
    scene.account.declared_extra = 5
    return Planned(undo=lambda: _declare(scene, 0))


def declares_fewer(scene: Scene) -> Planned:
    """The profile declares fewer posts than its listing shows."""
    scene.account.declared_extra = -4
    return Planned(undo=lambda: _declare(scene, 0))


def off_the_grid(scene: Scene) -> Planned:
    """A reel is shown among the reels alone."""
    code = scene.reel.code
    scene.world.edit(scene.account, code, off_grid=True)

    def undo() -> None:
        scene.world.edit(scene.account, code, off_grid=False)

    return Planned(undo=undo)


def pinned(scene: Scene) -> Planned:
    """The living post is pinned: it stands before newer ones."""
    code = scene.target.code
    scene.world.edit(scene.account, code, pinned=True)

    def undo() -> None:
        scene.world.edit(scene.account, code, pinned=False)

    return Planned(undo=undo)


def dated_otherwise(scene: Scene) -> Planned:
    """The newest post says that it is the oldest of all."""
    code, before = scene.control.code, scene.control.taken_at
    scene.world.edit(scene.account, code, taken_at=before.replace(year=2019))

    def undo() -> None:
        scene.world.edit(scene.account, code, taken_at=before)

    return Planned(undo=undo)


def session_lost(scene: Scene) -> Planned:
    """The platform knows the visitor's session no more; in the end it does again."""
    visitor = scene.world.visitors[0]
    visitor.expired = True

    def undo() -> None:
        visitor.expired = False

    return Planned(undo=undo)


def _declare(scene: Scene, extra: int) -> None:
    scene.account.declared_extra = extra


def _stranger(scene: Scene, handle: str) -> Account:
    uid = scene.account.sec_uid.replace("d", "s")
    made = replace(scene.account, native_id="99904400001", name="Orang Lain", items=[], gone=False)
    made.handle, made.sec_uid = handle, uid
    return scene.world.add(made)


def _leave(scene: Scene, stranger: Account) -> None:
    del scene.world.accounts[f"{stranger.platform}:{stranger.native_id}"]
