"""One coach in a process of its own, the local Telegram it speaks to, and the clock of both."""

import asyncio
import shutil
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from bot.local.flood import NONE, Limits
from bot.local.people import Person
from bot.local.server import StandIn
from conversations import Seeker
from conversations.saving import load
from tests.torture.children import KILLED, Child, Nursery, nursery
from tests.torture.shared_clock import SharedClock

PATIENCE = 30.0
SETTLING = timedelta(seconds=61)
STUCK = 0.8
SAID = ("sendmessage", "editmessagetext", "senddocument")
#: What cannot be asked after without harm stays unsure, and the seeker is told.
CLOSED = "WHERE state = 'unsure' AND probes >= 4"
GIVEN_UP = f"{CLOSED} AND kind = 'reply'"
OPEN = f"WHERE state IN ('pending', 'sending', 'unsure') AND id NOT IN (SELECT id FROM outbox {CLOSED})"
IN_DOUBT = "SELECT count(*) FROM outbox WHERE state IN ('sending', 'unsure') AND kind = 'nudge'"
GROUP = {"id": -9, "type": "group", "title": "elsewhere"}
Said = Counter[tuple[int, str]]


@dataclass
class Scene:
    """What a torture plays on. `crashes`: how the coach ended each time it was killed."""

    nursery: Nursery
    standin: StandIn
    clock: SharedClock
    folder: Path
    child: Child | None = None
    crashes: int = 0
    most_in_doubt: int = 0

    @property
    def db(self) -> Path:
        """The file of the store."""
        return self.folder / "coach.db"

    async def start(self, fail: str = "", **more: Any) -> Child:
        """Start the coach on what there is."""
        usual = {"db": str(self.db), "api": self.standin.base_url.removesuffix("/bot"),
                 "token": self.standin.token, "clock": str(self.folder / "clock"),
                 "log": str(self.folder / "log"), "backups": str(self.folder / "backups")}  # fmt: skip
        self.child = await self.nursery.start(**{**usual, "fail": fail, **more})
        return self.child

    async def stop(self) -> None:
        """Tell the coach to stop, as an operator does, and wait until it has."""
        assert self.child is not None
        self.child.kill(signal.SIGTERM)
        assert await self.child.end() == 0, self.log()

    async def mourn(self) -> bool:
        """Whether the coach was killed; then what it left is looked at, and it starts again."""
        if self.child is None or self.child.code is None:
            return False
        assert self.child.code == KILLED, f"the coach ended with {self.child.code}: {self.log()}"
        self.crashes += 1
        self.most_in_doubt = max(self.most_in_doubt, self.left_in_doubt())
        await self.start(bad=self.child.order.bad)
        return True

    def left_in_doubt(self) -> int:
        """Nudges under way, or doubtful already, in what a killed coach left; a copy is asked."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            for one in self.folder.glob("coach.db*"):
                shutil.copy(one, name)
            # Where it died before it had a table there is nothing in doubt.
            place = Path(name) / "coach.db"
            with closing(sqlite3.connect(place)) as left, suppress(sqlite3.OperationalError):
                return int(left.execute(IN_DOUBT).fetchone()[0])
        return 0

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store says now; nothing where it cannot be read at this moment."""
        try:
            with closing(sqlite3.connect(f"{self.db.as_uri()}?mode=ro", uri=True, timeout=5)) as looked:
                return looked.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []

    def log(self) -> str:
        """The last that the coach wrote of itself."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8")[-2000:] if path.exists() else ""

    def seeker(self, number: int) -> Seeker | None:
        """A seeker as saved."""
        found = self.ask("SELECT body FROM seekers WHERE id = ?", number)
        return load(_opened(found[0][0])) if found else None

    async def until(self, holds: Callable[[], bool], what: str, *, settles: bool = True) -> None:
        """Wait for something to be so, over every crash; where nothing moves, the clock goes on."""
        begun = moved = monotonic()
        while not holds():
            assert monotonic() - begun < PATIENCE, f"never came: {what}; {self.open_rows()}; {self.log()}"
            if await self.mourn() or not settles:
                moved = monotonic()
            elif monotonic() - moved > STUCK:
                self.pass_time()
                moved = monotonic()
            await asyncio.sleep(0.01)

    def pass_time(self, by: timedelta = SETTLING) -> None:
        """Let time go on, while Telegram is heard from: nobody was away."""
        self.clock.advance(by)
        message = {"message_id": 1, "date": 0, "edit_date": 1, "chat": GROUP, "text": "-"}
        self.standin.updates.put("edited_message", message)

    async def quiet(self, *, settles: bool = True) -> None:
        """Wait until every update is done and every request settled."""
        await self.until(self.is_quiet, "quiet", settles=settles)

    def is_quiet(self) -> bool:
        """Whether nothing waits any more."""
        if self.standin.updates.waiting:
            return False
        return not self.undone() and self.ask(f"SELECT count(*) FROM outbox {OPEN}") == [(0,)]

    def given_up(self) -> int:
        """Answers nobody can ask after."""
        return int(self.ask(f"SELECT count(*) FROM outbox {GIVEN_UP}")[0][0])

    def open_rows(self) -> list[tuple[Any, ...]]:
        """What is not settled, without its words."""
        return self.ask(f"SELECT id, chat, kind, method, state, tries, reason, probes, after_chat, after_all,"
                        f" screen, lasting FROM outbox {OPEN}")  # fmt: skip

    def undone(self) -> set[int]:
        """Updates that Telegram holds to have been delivered, whose turn is not done."""
        held = {int(one["update_id"]) for one in self.standin.updates.held}
        return held - {row[0] for row in self.ask("SELECT update_id FROM inbox WHERE state = 'done'")}

    def said(self) -> Said:
        """Each text that came to stand in a chat, by a message or by an edit, and how often."""
        taken = [one for one in self.standin.calls if one.method.lower() in SAID and one.status in (0, 200)]
        return Counter((int(one.params["chat_id"]), _text(one.params)) for one in taken)


def _text(params: Mapping[str, Any]) -> str:
    return str(params.get("text") or params.get("caption") or "a document")


def _opened(body: Any) -> str:
    return body.decode() if isinstance(body, bytes) else str(body)


@asynccontextmanager
async def scene(
    moment: datetime, before: Path | None = None, limits: Limits = NONE, people: int = 0
) -> AsyncIterator[Scene]:
    """A place to play at, at a moment, with a store that others have used; the coach is not there yet."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clock = SharedClock(folder / "clock")
        clock.set(moment)
        if before is not None:
            shutil.copy(before, folder / "coach.db")
        async with nursery().watched() as warm, StandIn(clock=clock, limits=limits) as standin:
            for number in range(people):
                one = standin.person(f"Kim {number}")
                standin.world.add(one.chat, {"from": one.user, "text": "Hello"})
            yield Scene(warm, standin, clock, folder)


def person_of(scene: Scene, number: int) -> Person:
    """Whoever has this chat."""
    return Person(scene.standin, scene.standin.world.chats[number], "en")


def utc(*parts: int) -> datetime:
    """A moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]
