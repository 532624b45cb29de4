"""After a restore: what may have gone out since the backup is not said again, and everybody is told."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backups import folder_of
from bot.clock import WallClock
from bot.local.people import Person
from bot.local.server import StandIn
from bot.restoring import restore
from bot.store import Store
from conversations.effects import Text
from tests.conversations.core_kit import the_words
from tests.fire.living_kit import MORNING, SEEN, WAITING, Life, clock_at, comes, keep, living, row, texts
from tests.fire.time_kit import owing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHICAGO = "America/Chicago"
DOUBTFUL = "SELECT chat FROM outbox WHERE state = 'unsure' AND reason = 'restored' ORDER BY chat"


@dataclass
class World:
    """A Telegram that goes on, three seekers, and the store of a coach that was restored."""

    standin: StandIn
    clock: WallClock
    path: Path
    due: Person  # owed something between the backup and the restore, which went out
    later: Person  # owed something the day after the restore
    waiting: Person  # a request to them waited in the backup, and went out

    @property
    def living(self) -> AbstractAsyncContextManager[Life]:
        """The service over this store."""
        return living(self.standin, self.path, self.clock, backups=folder_of(self.path))

    def said(self, to: Person) -> list[str]:
        """What was sent to one of them."""
        return texts(self.standin, to.chat.id)


@asynccontextmanager
async def restored(folder: Path) -> AsyncIterator[World]:
    """Tuesday noon a backup is made; on Wednesday a nudge goes out; at eleven the backup is put back."""
    clock, path = clock_at(SEEN + DAY), folder / "c.db"
    async with StandIn(clock=clock) as standin:
        due, later, waiting = (standin.person(name) for name in ("Due", "Later", "Waiting"))
        seekers = {due.chat.id: owing(CHICAGO, SEEN, [2, 9]), later.chat.id: owing(CHICAGO, SEEN, [3]),
                   waiting.chat.id: owing(CHICAGO, SEEN, [9])}  # fmt: skip
        await keep(path, seekers, SEEN)
        world = World(standin, clock, path, due, later, waiting)
        await _first_life(world)
        clock.set(MORNING + HOUR)
        await restore(path, "newest", folder_of(path), clock.now())
        yield world


async def _first_life(world: World) -> None:
    async with world.living as life:
        await life.speaks()
        soon = world.clock.now() + HOUR
        async with life.store.transaction() as t:
            [number] = await t.enqueue(
                [row(world.waiting.chat.id, "Waiting in the backup")], world.clock.now()
            )
            await t.claim([number], world.clock.now())
            await t.put_back(number, soon, 1)
        await life.service.jobs.back_up()
        world.clock.set(MORNING)
        await life.service.jobs.ring()
        life.service._sender.wake()
        await comes(lambda: bool(world.said(world.due) and world.said(world.waiting)), "what is lost again")
        await comes(lambda: not life.ask(WAITING), "all out")


@pytest.mark.holds("D15")
async def test_what_was_due_before_a_restore_is_not_said_again_but_told(tmp_path: Path) -> None:
    async with restored(tmp_path) as world, world.living as life:
        await life.speaks()
        await life.service.jobs.ring()
        await life.service.jobs.settle()
        doubtful = [chat for (chat,) in life.ask(DOUBTFUL)]
        again = [len(world.said(one)) for one in (world.due, world.waiting, world.later)]
        world.clock.set(world.clock.now() + 6 * timedelta(minutes=1))
        for one in (world.due, world.waiting):
            one.types("/next")
        await comes(lambda: len(world.said(world.due)) > 2 and len(world.said(world.waiting)) > 2, "answers")
        told = [world.said(one)[1] for one in (world.due, world.waiting)]
        world.due.types("/next")
        await comes(lambda: len(world.said(world.due)) > 3, "one more answer")
        last = world.said(world.due)[3:]

    unsure = the_words().say(Text("troubles.maybe_sent_about"), "en")
    assert doubtful == [world.due.chat.id, world.waiting.chat.id]
    assert again == [1, 1, 0]
    assert all("go back to what I knew on" in one for one in told)
    assert unsure in told[0] and "Kim 1" in told[0]
    assert the_words().say(Text("troubles.maybe_answered"), "en") in told[1]
    assert not any("go back to what I knew" in one or unsure in one for one in last)


@pytest.mark.holds("D15")
async def test_without_the_doubt_a_restore_would_say_it_all_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad twin."""
    async with restored(tmp_path) as world:
        monkeypatch.setattr("bot.post.RESTORED", "nothing")
        monkeypatch.setattr("bot.contact.RESTORED", "nothing")
        async with world.living as life:
            await life.speaks()
            await life.service.jobs.ring()

            await comes(lambda: len(world.said(world.due)) == 2, "the same nudge")
            await comes(lambda: len(world.said(world.waiting)) == 2, "the same request")


@pytest.mark.holds("D15")
async def test_what_comes_due_after_a_restore_is_said_as_ever(tmp_path: Path) -> None:
    async with restored(tmp_path) as world, world.living as life:
        await life.speaks()
        world.clock.set(MORNING + DAY)

        await life.service.jobs.ring()

        await comes(lambda: bool(world.said(world.later)), "the nudge of Thursday")
        await life.service.jobs.ring()
    assert len(world.said(world.later)) == 1
    assert len(world.said(world.due)) == 1


@pytest.mark.holds("D15")
async def test_a_second_start_after_a_restore_doubts_nothing_anew(tmp_path: Path) -> None:
    async with restored(tmp_path) as world:
        async with world.living as life:
            await life.speaks()
        store = await Store.open(world.path)
        async with store.transaction() as t:
            await t.enqueue([row(world.later.chat.id, "Written after the restore")], world.clock.now())
        await store.close()

        async with world.living as life:
            await comes(lambda: bool(world.said(world.later)), "what was written after the restore")
            doubtful = [chat for (chat,) in life.ask(DOUBTFUL)]

    assert world.later.chat.id not in doubtful


@pytest.mark.holds("D15")
async def test_what_comes_due_while_the_coach_is_not_started_after_a_restore_is_said(tmp_path: Path) -> None:
    """Due after the restore: it cannot have gone out before it."""
    async with restored(tmp_path) as world:
        world.clock.set(MORNING + DAY)

        async with world.living as life:
            await life.speaks()
            await life.service.jobs.ring()
            await comes(lambda: bool(world.said(world.later)), "the nudge of Thursday")

    assert len(world.said(world.due)) == 1
