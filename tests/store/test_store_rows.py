"""What goes into the store comes out of it, once and in order."""

import asyncio
from datetime import timedelta

import pytest

from bot.store import InboxRow, NudgeRow, Store, Totals
from tests.store.store_kit import MINUTE, NOW, nudge, request, seeker

pytestmark = pytest.mark.asyncio


async def test_an_update_is_kept_once_by_its_number_and_by_its_tap(store: Store) -> None:
    async with store.transaction() as t:
        kept = await t.keep_update(1, "tap", 7, "{}", NOW)

        again = await t.keep_update(1, None, 7, "{}", NOW)
        same_tap = await t.keep_update(2, "tap", 7, "{}", NOW)
        other = await t.keep_update(3, None, 7, "{}", NOW)

    assert (kept, again, same_tap, other) == (True, False, False, True)


async def test_updates_of_a_chat_come_in_order_and_leave_when_done(store: Store) -> None:
    async with store.transaction() as t:
        for number, chat in ((5, 7), (4, 8), (6, 7)):
            await t.keep_update(number, None, chat, f"body {number}", NOW)

        first = await t.next_update(7)
        assert first == InboxRow(1, 5, None, 7, "body 5", NOW, 0)
        await t.update_done(first.id, NOW)
        second = await t.next_update(7)

        assert second is not None and second.update_id == 6
        assert [row.update_id for row in await t.waiting_updates(10)] == [4, 6]
        assert await t.chats_waiting() == [8, 7]


async def test_an_update_that_fails_is_counted_and_set_aside(store: Store) -> None:
    async with store.transaction() as t:
        await t.keep_update(1, None, 7, "bad", NOW)
        await t.keep_update(2, None, 7, "good", NOW)

        tries = [await t.update_failed(1), await t.update_failed(1)]
        await t.update_aside(1, NOW)

        following = await t.next_update(7)
        assert tries == [1, 2]
        assert following is not None and following.body == "good"
        assert await t.keep_update(1, None, 7, "bad", NOW) is False


async def test_a_seeker_comes_back_as_saved(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seeker(seeker(body='{"name": "José 🙂"}', screen=3))

        found = await t.seeker(7)

        assert found == seeker(body='{"name": "José 🙂"}', screen=3)
        assert await t.seeker(8) is None


async def test_saving_a_seeker_leaves_the_screen_the_sender_set(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seeker(seeker(screen=3))
        await t.set_screen(7, 4)

        await t.save_seeker(seeker(turn=2, screen=3))

        assert await t.seeker(7) == seeker(turn=2, screen=4)
        await t.set_screen(7, None)
        assert await t.seeker(7) == seeker(turn=2, screen=None)


async def test_a_plan_replaces_the_plan_before_it_and_nobody_elses(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seeker(seeker(7))
        await t.save_seeker(seeker(8))
        await t.replace_nudges(7, [nudge("draft"), nudge("thanks")])
        await t.replace_nudges(8, [nudge("draft")])

        await t.replace_nudges(7, [nudge("weekly", person=0, due=NOW + MINUTE)])

        assert await t.nudges_of(7) == [NudgeRow("weekly", 0, NOW + MINUTE, 1, seeker=7)]
        assert len(await t.nudges_of(8)) == 1
        await t.replace_nudges(8, [])
        assert await t.nudges_of(8) == []


async def test_seekers_with_something_due_are_named_once(store: Store) -> None:
    async with store.transaction() as t:
        for id in (7, 8, 9):
            await t.save_seeker(seeker(id))
        await t.replace_nudges(7, [nudge("draft", NOW), nudge("thanks", NOW - MINUTE)])
        await t.replace_nudges(8, [nudge("draft", NOW + MINUTE)])
        await t.replace_nudges(9, [nudge("draft", NOW - 2 * MINUTE)])

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
            await t.save_seeker(seeker(id))
            await t.save_counts(id, asked=5, answered=3, met=2, named=1)
        await t.save_counts(7, asked=6, answered=3, met=2, named=1)

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
        await t.keep_update(1, None, 7, "done and old", old)
        await t.keep_update(2, None, 7, "waiting and old", old)
        await t.keep_update(3, None, 7, "done and new", NOW)
        await t.update_done(1, old)
        await t.update_done(3, NOW)
        sent, _ = await t.enqueue([request(7), request(8)], old)
        await t.settle(sent, "sent", now=old)

        await t.tidy(NOW)

        assert [row.body for row in await t.waiting_updates(9)] == ["waiting and old"]
        assert await t.keep_update(3, None, 7, "", NOW) is False
        assert await t.keep_update(1, None, 7, "", NOW) is True
        assert [row.chat for row in await t.pending(NOW, 9)] == [8]


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    async with store.transaction() as t:
        with pytest.raises(ValueError, match="without a zone"):
            await t.keep_update(1, None, 7, "", NOW.replace(tzinfo=None))


async def test_reading_and_writing_from_many_tasks_never_clashes(filed: Store) -> None:
    async def one_more() -> None:
        async with filed.transaction() as t:
            count = int(await t.get_note("count") or 0)
            await t.set_note("count", str(count + 1))

    await asyncio.gather(*(one_more() for _ in range(200)))

    async with filed.transaction() as t:
        assert await t.get_note("count") == "200"
