"""What goes into the store comes out of it, once and in order."""

import asyncio
from datetime import timedelta

import pytest

from bot.store import Counts, InboxRow, NudgeRow, Store, Totals
from tests.store.store_kit import MINUTE, NOW, keep, nudge, pending, request, seeker

pytestmark = pytest.mark.asyncio


async def test_an_update_is_kept_once_by_its_number_and_by_its_tap(store: Store) -> None:
    async with store.transaction() as t:
        kept = await keep(t, 1, "tap", 7, "{}", NOW)

        again = await keep(t, 1, None, 7, "{}", NOW)
        same_tap = await keep(t, 2, "tap", 7, "{}", NOW)
        other = await keep(t, 3, None, 7, "{}", NOW)

    assert (kept, again, same_tap, other) == (True, False, False, True)


async def test_updates_come_in_the_order_of_their_numbers_and_leave_when_done(store: Store) -> None:
    async with store.transaction() as t:
        for number, chat in ((5, 7), (4, 8), (6, 7)):
            await keep(t, number, None, chat, f"body {number}", NOW)

        first, *_ = await t.waiting_updates(10)
        assert first == InboxRow(4, None, 8, "body 4", NOW, 2, 0)
        await t.updates_done([first.id], NOW)

        assert [row.update_id for row in await t.waiting_updates(10)] == [5, 6]


async def test_an_update_that_fails_is_counted_and_set_aside(store: Store) -> None:
    async with store.transaction() as t:
        await keep(t, 1, None, 7, "bad", NOW)
        await keep(t, 2, None, 7, "good", NOW)

        tries = [await t.update_failed(1), await t.update_failed(1)]
        await t.update_aside(1, NOW)

        (following,) = await t.waiting_updates(10)
        assert tries == [1, 2]
        assert following.body == "good"
        assert await keep(t, 1, None, 7, "bad", NOW) is False


async def test_a_seeker_comes_back_as_saved(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seekers([seeker(body='{"name": "José 🙂"}', screen=3)])

        found = await t.seeker(7)

        assert found == seeker(body='{"name": "José 🙂"}', screen=3)
        assert await t.seeker(8) is None


async def test_saving_a_seeker_leaves_the_screen_the_sender_set(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seekers([seeker(screen=3)])
        await t.set_screen(7, 4)

        await t.save_seekers([seeker(turn=2, screen=3)])

        assert await t.seeker(7) == seeker(turn=2, screen=4)
        await t.set_screen(7, None)
        assert await t.seeker(7) == seeker(turn=2, screen=None)


async def test_a_plan_replaces_the_plan_before_it_and_nobody_elses(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seekers([seeker(7)])
        await t.save_seekers([seeker(8)])
        await t.replace_plans({7: [nudge("draft"), nudge("thanks")]})
        await t.replace_plans({8: [nudge("draft")]})

        await t.replace_plans({7: [nudge("weekly", person=0, due=NOW + MINUTE)]})

        assert (await t.nudges_of([7]))[7] == [NudgeRow("weekly", 0, NOW + MINUTE, 1, seeker=7)]
        assert len((await t.nudges_of([8]))[8]) == 1
        await t.replace_plans({8: []})
        assert (await t.nudges_of([8]))[8] == []


async def test_seekers_with_something_due_are_named_once(store: Store) -> None:
    async with store.transaction() as t:
        for id in (7, 8, 9):
            await t.save_seekers([seeker(id)])
        await t.replace_plans({7: [nudge("draft", NOW), nudge("thanks", NOW - MINUTE)]})
        await t.replace_plans({8: [nudge("draft", NOW + MINUTE)]})
        await t.replace_plans({9: [nudge("draft", NOW - 2 * MINUTE)]})

        due = await t.due_nudges(NOW, 10)

        assert sorted(due) == [7, 9]
        assert len(await t.due_nudges(NOW, 1)) == 1
        assert await t.next_due() == NOW - 2 * MINUTE


async def test_nothing_owed_is_due_never(store: Store) -> None:
    async with store.transaction() as t:
        assert await t.next_due() is None
        assert await t.due_nudges(NOW, 10) == []


async def test_the_operator_sees_sums(store: Store) -> None:
    async with store.transaction() as t:
        empty = await t.totals()
        for id in (7, 8):
            await t.save_seekers([seeker(id)])
            await t.save_counts({id: Counts(5, 3, 2, 1)})
        await t.save_counts({7: Counts(6, 3, 2, 1)})

        totals = await t.totals()

    assert empty == Totals()
    assert totals == Totals(seekers=2, asked=11, answered=6, met=4, named=2)


async def test_a_note_of_the_house_is_replaced(store: Store) -> None:
    async with store.transaction() as t:
        missing = await t.get_note("offset")
        await t.set_note("offset", "5")

        await t.set_note("offset", "6")

        assert missing is None
        assert await t.get_note("offset") == "6"


async def test_tidying_drops_what_is_done_and_old_and_nothing_else(store: Store) -> None:
    old = NOW - timedelta(days=31)
    async with store.transaction() as t:
        await keep(t, 1, None, 7, "done and old", old)
        await keep(t, 2, None, 7, "waiting and old", old)
        await keep(t, 3, None, 7, "done and new", NOW)
        await t.updates_done([1], old)
        await t.updates_done([3], NOW)
        sent, _ = await t.enqueue([request(7), request(8)], old)
        await t.settle(sent, "sent", now=old)

        await t.tidy(NOW)

        assert [row.body for row in await t.waiting_updates(9)] == ["waiting and old"]
        assert await keep(t, 3, None, 7, "", NOW) is False
        assert await keep(t, 1, None, 7, "", NOW) is True
        assert [row.chat for row in await pending(t, NOW)] == [8]


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    async with store.transaction() as t:
        with pytest.raises(ValueError, match="without a zone"):
            await keep(t, 1, None, 7, "", NOW.replace(tzinfo=None))


async def test_reading_and_writing_from_many_tasks_never_clashes(filed: Store) -> None:
    async def one_more() -> None:
        async with filed.transaction() as t:
            count = int(await t.get_note("count") or 0)
            await t.set_note("count", str(count + 1))

    await asyncio.gather(*(one_more() for _ in range(200)))

    async with filed.transaction() as t:
        assert await t.get_note("count") == "200"
