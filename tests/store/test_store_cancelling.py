"""A task that is cancelled anywhere in a transaction harms nobody after it (D18)."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store
from bot.store import store as store_module

pytestmark = pytest.mark.asyncio


class Cancels:
    """Cancels a task at some of its awaits, counted from 1; each await first lets others run."""

    def __init__(self, *numbers: int) -> None:
        self.numbers, self.seen = numbers, 0
        self.task: asyncio.Task[None] | None = None

    def around(self, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def asked(work: Any) -> Any:
            self.seen += 1
            if self.task is not None and self.seen in self.numbers:
                self.task.cancel()
            try:
                await asyncio.sleep(0)  # the cancellation comes before the thread is asked
            except asyncio.CancelledError:
                if asyncio.iscoroutine(work):
                    work.close()
                raise
            return await real(work)

        return asked


async def turn(store: Store, name: str) -> None:
    """A transaction of several steps."""
    async with store.transaction() as t:
        for step in range(3):
            await t.set_note(f"step {step}", name)
        await t.set_note("turn", name)


async def cancelled_turn(store: Store, name: str, cancels: Cancels) -> None:
    """A turn whose task is cancelled on its way."""
    driver = store._driver
    real = driver._asked
    driver._asked = cancels.around(real)  # type: ignore[method-assign, assignment]
    cancels.task = asyncio.create_task(turn(store, name))
    await asyncio.wait({cancels.task})
    driver._asked = real  # type: ignore[method-assign]


async def next_row(store: Store, name: str) -> None:
    """What the next one writes, in the belief that it is kept."""
    async with store.transaction() as t:
        await t.set_note(name, "kept")


async def kept(path: Path) -> set[str]:
    """What is in the file, read anew."""
    store = await Store.open(path)
    rows = await store._driver.rows("SELECT key FROM notes_of_house WHERE value = 'kept'")
    await store.close()
    return {row[0] for row in rows}


@pytest.mark.holds("D18")
async def test_of_500_cancelled_transactions_none_harms_the_next(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    count = Cancels()
    await cancelled_turn(store, "counted", count)
    written = set()

    for number in range(500):
        first = 1 + number % count.seen
        again = range(first, first + 1 + number // count.seen % 3)
        await cancelled_turn(store, f"turn {number}", Cancels(*again))
        assert not store.in_transaction
        await next_row(store, f"row {number}")
        written.add(f"row {number}")

    await store.close()
    assert await kept(tmp_path / "coach.db") == written


@pytest.mark.holds("D18")
async def test_an_unshielded_transaction_loses_the_row_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unshielded(work: Coroutine[Any, Any, Any]) -> Any:
        return await work

    path = tmp_path / "coach.db"
    store = await Store.open(path)
    count = Cancels()
    await cancelled_turn(store, "counted", count)
    monkeypatch.setattr(store_module, "to_the_end", unshielded)

    # At the commit, and again while that is undone.
    await cancelled_turn(store, "cancelled", Cancels(count.seen, count.seen + 1))
    assert store.in_transaction
    # What is written on its own next is believed to be saved; it is inside what nobody commits.
    await store._driver.rows("INSERT INTO notes_of_house VALUES ('next', 'kept')")
    await store.close()

    monkeypatch.undo()
    assert "next" not in await kept(path)
