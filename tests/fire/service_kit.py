"""The whole service on a disk that can fail, speaking to a local Telegram: for faults while it runs."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from bot.bell import Bell
from bot.clock import WallClock
from bot.service import Service
from bot.store import Store
from tests.fire.disk import Disk
from tests.fire.rig import FILE
from tests.fire.stories import built
from tests.telegram.test_telegram_journey import StandIn

PATIENCE = 20.0


class SilentBell(Bell):
    """Only what the seeker sends makes the coach write: faults hit what they are meant to hit."""

    def start(self) -> None:
        """Never."""


@dataclass
class Scene:
    """A running coach, the Telegram it speaks to, and the disk under it."""

    standin: StandIn
    disk: Disk
    path: Path
    task: "asyncio.Task[int]"

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store on disk says now, read below every fault."""
        place = f"{self.path.as_uri()}?mode=ro&vfs=unix"
        connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=10)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def is_kept(self, update: int) -> bool:
        """Whether this update is on the disk."""
        return bool(self.ask("SELECT 1 FROM inbox WHERE update_id = ?", update))

    def is_handled(self, update: int) -> bool:
        """Whether its turn is on the disk."""
        return bool(self.ask("SELECT 1 FROM inbox WHERE update_id = ? AND state = 'done'", update))

    def is_confirmed(self, update: int) -> bool:
        """Whether Telegram was told that it is kept."""
        asked = self.standin.called("getUpdates")
        return any(int(call.params.get("offset") or 0) > update for call in asked)

    def states(self, chat: int) -> list[str]:
        """The states of all messages to this chat."""
        return [row[0] for row in self.ask("SELECT state FROM outbox WHERE chat = ? ORDER BY id", chat)]

    def has_answered(self, update: int, chat: int) -> bool:
        """Whether this update was handled, and all that was to be said is known to be sent."""
        states = self.states(chat)
        return self.is_handled(update) and bool(states) and set(states) == {"sent"}

    def sent(self, chat: int) -> list[str]:
        """The texts that were sent to this chat."""
        calls = self.standin.called("sendMessage")
        return [str(one.params["text"]) for one in calls if str(one.params.get("chat_id")) == str(chat)]


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[Scene]:
    """The service, until the block ends; it may have ended by itself."""
    with Disk() as disk:
        async with StandIn() as standin:
            store, stop = await Store.open(folder / FILE), asyncio.Event()
            api = standin.base_url.removesuffix("/bot")
            service = Service(standin.token, api, *built(), store, WallClock())
            task = asyncio.create_task(service.run(SilentBell(), stop))
            try:
                scene = Scene(standin, disk, folder / FILE, task)
                await _greeted(scene)
                yield scene
            finally:
                disk.heals()
                stop.set()
                await asyncio.wait((task,), timeout=PATIENCE)
                await store.close()


async def _greeted(scene: Scene) -> None:
    """Somebody was answered: the coach is awake, and writes only when it is written to."""
    first = scene.standin.person("First")
    update = int(first.types("/start")["update_id"])
    await comes(lambda: scene.has_answered(update, first.chat.id), "the first answer")


async def comes(holds: Callable[[], bool], what: str, within: float = PATIENCE) -> float:
    """Wait for something to be so; how many seconds it took."""
    begun = monotonic()
    while not holds():
        assert monotonic() - begun < within, f"never came: {what}"
        await asyncio.sleep(0.01)
    return monotonic() - begun
