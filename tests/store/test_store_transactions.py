"""All of a transaction or nothing, also when its task is cancelled in the middle (D18)."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import NotSaved, Store, StoreClosed
from bot.store.driver import Driver
from tests.store.store_kit import NOW, keep, nudge, request, seeker


async def one_turn(store: Store, update: int) -> None:
    """A whole turn of one seeker, as the coach makes it."""
    async with store.transaction() as t:
        await keep(t, update, None, 7, "body", NOW)
        await t.save_seekers([seeker()])
        await t.replace_plans({7: [nudge()]})
        await t.enqueue([request()], NOW)
        await t.set_note("turn", str(update))


class CancelAt:
    """Cancels the task that runs, once or more often, at the awaits with these numbers."""

    def __init__(self, *numbers: int) -> None:
        self.numbers, self.seen = numbers, 0
        self.task: asyncio.Task[None] | None = None

    def wrap(self, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wrapped(work: Any) -> Any:
            self.seen += 1
            if self.seen in self.numbers and self.task is not None:
                self.task.cancel()
            try:
                await asyncio.sleep(0)  # the cancellation arrives before the thread is asked
            except asyncio.CancelledError:
                work.close()
                raise
            return await real(work)

        return wrapped


async def cancelled_turn(store: Store, driver: Driver, update: int, cancel: CancelAt) -> bool:
    """Whether the turn was kept, after its task was cancelled."""
    real = driver._asked
    driver._asked = cancel.wrap(real)  # type: ignore[method-assign, assignment]
    cancel.task = asyncio.create_task(one_turn(store, update))
    await asyncio.wait({cancel.task})
    driver._asked = real  # type: ignore[method-assign]
    assert not store.in_transaction
    async with store.transaction() as t:
        return await t.get_note("turn") == str(update)


async def test_an_error_inside_undoes_everything(store: Store) -> None:
    with pytest.raises(KeyError):
        async with store.transaction() as t:
            await t.set_note("offset", "5")
            raise KeyError

    async with store.transaction() as t:
        assert await t.get_note("offset") is None
    assert not store.in_transaction


async def test_a_row_that_is_not_allowed_is_reported_without_its_contents(store: Store) -> None:
    with pytest.raises(NotSaved) as caught:
        async with store.transaction() as t:
            await t.replace_plans({404: [nudge("a secret rule")]})

    assert "SQLITE_CONSTRAINT" in str(caught.value)
    assert "secret" not in str(caught.value) + repr(caught.value.__cause__)


async def test_a_full_disk_is_reported_and_the_store_lives_on(filed: Store) -> None:
    pages = (await filed._driver.rows("PRAGMA page_count"))[0][0]
    await filed._driver.rows(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(NotSaved, match="SQLITE_FULL"):
        async with filed.transaction() as t:
            await t.set_note("offset", "5")
            await t.save_seekers([seeker(body="x" * 100_000)])

    assert not filed.in_transaction
    await filed._driver.rows("PRAGMA max_page_count = 100000")
    async with filed.transaction() as t:
        assert await t.get_note("offset") is None
        await t.save_seekers([seeker(body="x" * 100_000)])


@pytest.mark.parametrize("again", [0, 1, 2])
async def test_a_task_cancelled_at_any_await_harms_nobody(filed: Store, again: int) -> None:
    count = CancelAt()
    await cancelled_turn(filed, filed._driver, 1, count)
    awaits = count.seen
    kept = []

    for number in range(1, awaits + 1):
        update = 100 + number
        cancel = CancelAt(number, *range(number + 1, number + 1 + again))
        kept.append(await cancelled_turn(filed, filed._driver, update, cancel))
        assert cancel.task is not None and cancel.task.cancelled()
        assert not filed.in_transaction
        async with filed.transaction() as t:
            await t.set_note("other", str(number))
        async with filed.transaction() as t:
            assert await t.get_note("other") == str(number)

    # Only a commit that had begun is kept: the last of the awaits.
    assert kept == [False] * (awaits - 1) + [True]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(min_value=0, max_value=12), min_size=1, max_size=6))
def test_cancelling_at_any_moment_loses_no_other_write(steps: list[int]) -> None:
    async def scene() -> None:
        store = await Store.open(":memory:")
        try:
            for number, passes in enumerate(steps):
                task = asyncio.create_task(one_turn(store, number))
                other = asyncio.create_task(note(store, f"other-{number}"))
                for _ in range(passes):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait({task, other})
                assert not store.in_transaction
            async with store.transaction() as t:
                notes = [await t.get_note(f"other-{number}") for number in range(len(steps))]
            assert notes == ["kept"] * len(steps)
        finally:
            await store.close()

    async def note(store: Store, key: str) -> None:
        async with store.transaction() as t:
            await t.set_note(key, "kept")

    asyncio.run(scene())


async def test_a_forgotten_task_cannot_write_into_the_next_transaction(store: Store) -> None:
    async with store.transaction() as t:
        pass

    with pytest.raises(RuntimeError, match="over"):
        await t.set_note("offset", "5")


async def test_a_transaction_inside_another_is_refused_instead_of_waiting(store: Store) -> None:
    async with store.transaction():
        with pytest.raises(RuntimeError, match="wait for ever"):
            async with store.transaction():
                pass


async def test_a_closed_store_says_so_and_can_be_closed_again(filed: Store) -> None:
    await filed.close()

    await filed.close()

    with pytest.raises(StoreClosed):
        async with filed.transaction():
            pass


async def test_closing_waits_for_the_transaction_under_way(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    inside = asyncio.Event()

    async def slow() -> None:
        async with store.transaction() as t:
            inside.set()
            await asyncio.sleep(0.02)
            await t.set_note("offset", "5")

    task = asyncio.create_task(slow())
    await inside.wait()
    await store.close()
    await task

    again = await Store.open(tmp_path / "coach.db")
    async with again.transaction() as t:
        assert await t.get_note("offset") == "5"
    await again.close()
