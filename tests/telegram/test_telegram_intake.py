"""No update is confirmed before it is kept, whatever fails in between."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio

from bot.local import faults
from bot.local.server import StandIn
from bot.telegram.intake import Intake
from bot.telegram.outcomes import TokenRefused
from tests.telegram.telegram_kit import FastTime, a_bot

Json = dict[str, Any]


@pytest_asyncio.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(clock=FastTime()) as opened:
        yield opened


async def take_in(
    standin: StandIn,
    keep: Callable[[list[Json]], Awaitable[None]],
    done: Callable[[], bool],
    long_poll: int = 1,
) -> None:
    """Runs the intake until `done`."""
    async with a_bot(standin) as bot:
        intake = Intake(bot, keep, FastTime().sleep, chance=lambda: 0.1, long_poll=long_poll)
        run = asyncio.create_task(intake.run())
        for _ in range(300):
            if done() or run.done():
                break
            await asyncio.sleep(0.01)
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run


class Keeper:
    """Keeps updates, and what was confirmed at the moment it did."""

    def __init__(self, standin: StandIn, failures: int = 0) -> None:
        self.standin = standin
        self.failures = failures
        self.kept: list[Json] = []
        self.confirmed_then: list[list[int]] = []

    async def keep(self, updates: list[Json]) -> None:
        """Fails as often as told, then keeps."""
        self.confirmed_then.append(list(self.standin.updates.confirmed))
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.kept.extend(updates)

    @property
    def texts(self) -> list[str]:
        """The words of what was kept."""
        return [update["message"]["text"] for update in self.kept]


async def test_an_update_is_confirmed_only_after_it_is_kept(standin: StandIn) -> None:
    alice, keeper = standin.person(), Keeper(standin)
    number = alice.types("hello")["update_id"]

    await take_in(standin, keeper.keep, lambda: bool(standin.updates.confirmed))

    assert keeper.texts == ["hello"]
    assert keeper.confirmed_then == [[]]
    assert standin.updates.confirmed == [number]


async def test_updates_are_kept_raw(standin: StandIn) -> None:
    alice, keeper = standin.person(), Keeper(standin)
    sent = alice.sends(text="hi", field_of_next_year={"a": 1})

    await take_in(standin, keeper.keep, lambda: bool(keeper.kept))

    assert keeper.kept == [sent]


async def test_when_keeping_fails_the_same_updates_come_again(
    standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    alice, keeper = standin.person(), Keeper(standin, failures=2)
    alice.types("my secret")

    await take_in(standin, keeper.keep, lambda: bool(standin.updates.confirmed))

    assert keeper.texts == ["my secret"]
    assert keeper.confirmed_then == [[], [], []]
    assert "could not be kept" in caplog.text
    assert "secret" not in caplog.text


async def test_cancelled_while_keeping_nothing_is_confirmed(standin: StandIn) -> None:
    alice = standin.person()
    alice.types("hello")
    began = asyncio.Event()

    async def keep(updates: list[Json]) -> None:
        began.set()
        await asyncio.sleep(60)

    await take_in(standin, keep, began.is_set)

    assert standin.updates.confirmed == []
    assert len(standin.updates.waiting) == 1


async def test_a_repeated_update_is_handed_on_for_the_inbox_to_know(standin: StandIn) -> None:
    alice, keeper = standin.person(), Keeper(standin)
    standin.updates.put_again(alice.types("twice"))

    await take_in(standin, keeper.keep, lambda: len(keeper.kept) == 2)

    assert keeper.texts == ["twice", "twice"]


async def test_numbers_that_begin_again_lower_are_not_ignored(standin: StandIn) -> None:
    alice, keeper = standin.person(), Keeper(standin)
    alice.types("before")
    running = asyncio.create_task(take_in(standin, keeper.keep, lambda: len(keeper.kept) == 2, long_poll=1))
    while not standin.updates.confirmed:
        await asyncio.sleep(0.01)
    standin.updates.next_id = 5
    alice.types("after")
    await running

    assert keeper.texts == ["before", "after"]


@pytest.mark.parametrize(
    "fault",
    [
        faults.dropped(acts=False),
        faults.broken(502),
        faults.too_many(1),
        faults.broken(200, body="null"),
        faults.broken(200, body='{"ok": true, "result": {}}'),
    ],
)
async def test_after_trouble_on_the_way_it_asks_again(standin: StandIn, fault: faults.Fault) -> None:
    alice, keeper = standin.person(), Keeper(standin)
    alice.types("hello")
    standin.faults.next("getUpdates", fault, times=2)

    await take_in(standin, keeper.keep, lambda: bool(standin.updates.confirmed))

    assert keeper.texts == ["hello"]


async def test_a_second_poller_is_reported_with_the_remedy(
    standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    alice, keeper = standin.person(), Keeper(standin)
    alice.types("hello")
    text = "Conflict: terminated by other getUpdates request"
    standin.faults.next("getUpdates", faults.refused(409, text), times=2)

    with caplog.at_level(logging.WARNING):
        await take_in(standin, keeper.keep, lambda: bool(keeper.kept))

    assert keeper.texts == ["hello"]
    assert "stop the other process" in caplog.text


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_ends_the_run(standin: StandIn, code: int) -> None:
    standin.faults.next("getUpdates", faults.refused(code, "Unauthorized"))

    with pytest.raises(TokenRefused):
        await take_in(standin, Keeper(standin).keep, lambda: False)

    assert len(standin.calls) == 1
