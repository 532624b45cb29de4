"""The coaches that a warm process runs: the real one with the test's clock and bell, and known-bad ones."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import doubt, service
from bot.bell import Bell
from bot.channel import HARMLESS_TWICE
from bot.desk import Desk
from bot.post import Post
from bot.store import Recovered, Store
from bot.store.outbox import Outbox
from bot.telegram.intake import Intake
from bot.words import Words
from conversations import Script
from tests.torture.shared_clock import SharedClock

Built = tuple[Script, Words]


@dataclass(frozen=True)
class Order:
    """One coach to start.

    `fail`: `place:time` to be killed at. `haste`: how many times as often the bell rings.
    """

    id: int
    db: str
    api: str
    token: str
    clock: str
    log: str
    fail: str = ""
    haste: float = 30.0
    backups: str = ""
    passes: str = ""
    bad: str = ""


class HastyBell(Bell):
    """Rings more often: seconds of a test are minutes of a service."""

    def __init__(self, haste: float) -> None:
        super().__init__()
        self._haste = haste

    def every(self, seconds: float, call: Any, *, soon: bool = False) -> None:
        """As the bell, so many times as often."""
        super().every(seconds / self._haste, call, soon=soon)  # type: ignore[arg-type]


class ConfirmsFirst(Intake):
    """The known-bad intake: what it has taken in is confirmed, and waits in memory to be kept."""

    async def _take_in(self, batch: list[dict[str, Any]]) -> None:
        self._offset = int(batch[-1]["update_id"]) + 1
        await self._ask(0)
        await asyncio.sleep(0.2)
        await super()._take_in(batch)


async def _all_again(self: Outbox, now: datetime, flying: Collection[int] = ()) -> Recovered:
    """The known-bad recovery: what was under way goes out once more, whatever it is."""
    again = await self._ask(
        "recover_again", methods=json.dumps(["sendMessage", *HARMLESS_TWICE]), besides="[]"
    )
    return Recovered(len(again), 0)


def _nothing(*_: object) -> tuple[()]:
    """The known-bad desk: what is on its way is not looked at."""
    return ()


async def _never_stale(*_: object) -> dict[int, str]:
    """The known-bad outbox: whatever was put there goes out."""
    return {}


def _takes_nothing_back() -> None:
    """Neither in the turn that ends it nor when it is about to leave: one makes good for the other."""
    Desk.withdraw = _nothing  # type: ignore[assignment, method-assign]  # known-bad on purpose
    Post._stale = _never_stale  # type: ignore[assignment, method-assign]  # known-bad on purpose


#: Coaches as they must not be, for tests that have to fail with them.
BAD: dict[str, Callable[[], None]] = {
    "confirms first": lambda: setattr(service, "Intake", ConfirmsFirst),
    "sends again": lambda: setattr(Outbox, "recover", _all_again),
    "takes nothing back": _takes_nothing_back,
    "says nothing of what just left": lambda: setattr(doubt, "flying", _nothing),
}


async def serve(order: Order, built: Built) -> int:
    """A coach as `bot.app` runs it, with the clock and the bell of the order."""
    clock = SharedClock(Path(order.clock))
    store = await Store.open(order.db)
    backups = Path(order.backups) if order.backups else None
    coach = service.Service(order.token, order.api, *built, store, clock, backups)
    bell, stop = HastyBell(order.haste), asyncio.Event()
    watch = asyncio.create_task(_while_watched(os.getppid()))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        return await coach.run(bell, stop)
    finally:
        watch.cancel()
        bell.stop()
        await store.close()


async def _while_watched(parent: int) -> None:
    """No child outlives whoever waits for it, on systems that do not see to that."""
    while os.getppid() == parent:
        await asyncio.sleep(1)
    os._exit(70)
