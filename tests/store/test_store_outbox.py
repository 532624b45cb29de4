"""Requests go out in order, once, and what became of them is known."""

import dataclasses
from datetime import timedelta

import pytest

from bot.store import Recovered, Store, Withdrawn
from tests.store.store_kit import MINUTE, NOW, pending, request, seeker

pytestmark = pytest.mark.asyncio


async def test_a_request_comes_back_as_enqueued(store: Store) -> None:
    row = request(kind="nudge", file=b"%PDF\0", file_name="a.pdf", screen=True, turn=4)
    async with store.transaction() as t:
        ids = await t.enqueue([row], NOW)

        found = await pending(t, NOW)

    expected = dataclasses.replace(row, id=ids[0], not_before=NOW, made=NOW)
    assert found == [expected]


async def test_replies_go_before_nudges_and_one_at_a_time_per_chat(store: Store) -> None:
    async with store.transaction() as t:
        a, b, c, d = await t.enqueue([request(7, kind="nudge"), request(8), request(8), request(9)], NOW)

        first = [row.id for row in await pending(t, NOW)]
        await t.claim([b], NOW)
        while_flying = [row.id for row in await pending(t, NOW)]
        await t.settle(b, "sent", message=11, now=NOW)
        afterwards = [row.id for row in await pending(t, NOW)]

    assert (first, while_flying, afterwards) == ([b, d, a], [d, a], [c, d, a])


async def test_first_words_to_others_go_before_what_follows_to_those_who_had_theirs(store: Store) -> None:
    async with store.transaction() as t:
        await t.enqueue([request(1), request(1, follows=True), request(2), request(2, follows=True)], NOW)
        await t.settle(1, "sent", 10, now=NOW)

        everything = await t.pending("reply", NOW, 10)
        firsts = await t.pending("reply", NOW, 10, firsts_only=True)

    assert [(one.chat, one.follows) for one in everything] == [(2, False), (1, True)]
    assert [one.chat for one in firsts] == [2]


async def test_within_a_chat_nothing_overtakes_what_follows_an_older_word(store: Store) -> None:
    async with store.transaction() as t:
        await t.enqueue([request(1), request(1, follows=True), request(1)], NOW)
        await t.settle(1, "sent", 10, now=NOW)

        assert [one.follows for one in await t.pending("reply", NOW, 10)] == [True]
        assert await t.pending("reply", NOW, 10, firsts_only=True) == []


async def test_a_request_put_back_waits_and_holds_its_place(store: Store) -> None:
    async with store.transaction() as t:
        a, b = await t.enqueue([request(), request()], NOW)
        await t.claim([a], NOW)

        put = await t.put_back(a, NOW + MINUTE, tries=1)

        assert put
        assert await pending(t, NOW) == []
        found = await pending(t, NOW + MINUTE)
        assert [(row.id, row.tries) for row in found] == [(a, 1)]
        assert b > a


async def test_a_request_is_claimed_by_one_only(store: Store) -> None:
    async with store.transaction() as t:
        ids = await t.enqueue([request(7), request(8)], NOW)

        claimed = await t.claim(ids, NOW)
        again = await t.claim(ids, NOW)

    assert (claimed, again) == (ids, [])


async def test_what_was_sent_is_never_settled_again(store: Store) -> None:
    async with store.transaction() as t:
        (id,) = await t.enqueue([request()], NOW)
        await t.claim([id], NOW)

        sent = await t.settle(id, "sent", message=5, now=NOW)
        late = await t.settle(id, "unsure", reason="time-out", now=NOW)
        back = await t.put_back(id, NOW, tries=1)

    assert (sent, late, back) == (True, False, False)


async def test_a_tap_settles_what_was_unsure(store: Store) -> None:
    async with store.transaction() as t:
        (id,) = await t.enqueue([request()], NOW)
        await t.claim([id], NOW)
        await t.settle(id, "unsure", reason="time-out", now=NOW)

        assert await t.settle(id, "sent", message=5, now=NOW)


async def test_after_a_crash_only_harmless_requests_go_out_again(store: Store) -> None:
    async with store.transaction() as t:
        edit, message, still = await t.enqueue(
            [request(7, method="editMessageText"), request(8, kind="nudge"), request(9)], NOW
        )
        await t.claim([edit, message], NOW)

        recovered = await t.recover(NOW)

        assert recovered == Recovered(again=1, unsure=1)
        assert sorted(row.id for row in await pending(t, NOW)) == [edit, still]


async def test_what_is_withdrawn_does_not_go_out(store: Store) -> None:
    async with store.transaction() as t:
        first, second = await t.enqueue([request(7, kind="nudge"), request(8)], NOW)
        await t.claim([second], NOW)

        withdrawn = await t.withdraw([first, second], "overtaken", NOW)

        assert withdrawn == [first]
        assert await pending(t, NOW) == []


async def test_nothing_more_goes_out_to_a_seeker_who_is_gone(store: Store) -> None:
    async with store.transaction() as t:
        rows = [request(7, kind="nudge", turn=4), request(7), request(8, kind="nudge")]
        await t.enqueue(rows, NOW)

        gone = await t.cancel_all(7, "gone", NOW)

        assert gone == [Withdrawn("nudge", 4), Withdrawn("reply", 0)]
        assert [row.chat for row in await pending(t, NOW)] == [8]


async def test_nothing_goes_to_a_chat_that_rests_but_the_answer_to_a_press(store: Store) -> None:
    async with store.transaction() as t:
        await t.enqueue([request(7), request(8, method="answerCallbackQuery"), request(9)], NOW)

        found = await t.pending("reply", NOW, 10, resting=[7, 8])

        assert [row.chat for row in found] == [8, 9]


async def test_a_request_remembers_what_was_known_when_it_left(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seekers([seeker(7, newest=12)])
        (id,) = await t.enqueue([request(7)], NOW)
        await t.claim([id], NOW, newest=99)
        await t.settle(id, "unsure", now=NOW)

        (doubtful,) = await t.to_settle(NOW, 10)

        assert (doubtful.after_chat, doubtful.after_all, doubtful.claimed) == (12, 99, NOW)


async def in_doubt(store: Store, **changes: object) -> int:
    """A request of seeker 7 that nobody is sure of."""
    async with store.transaction() as t:
        (id,) = await t.enqueue([request(7, **changes)], NOW)
        await t.claim([id], NOW)
        await t.settle(id, "unsure", now=NOW)
    return id


async def test_a_request_remembers_the_highest_number_sent_where_its_seeker_knows_none(store: Store) -> None:
    async with store.transaction() as t:
        first, second, other = await t.enqueue([request(7, seeker=None), request(7), request(8)], NOW)
        for id, number in ((first, 31), (second, 30), (other, 90)):
            await t.claim([id], NOW)
            await t.settle(id, "sent", number, now=NOW)
    await in_doubt(store)

    async with store.transaction() as t:
        (doubtful,) = await t.to_settle(NOW, 10)

    assert doubtful.after_chat == 31


async def test_after_a_restore_no_number_of_the_backup_is_known(store: Store) -> None:
    async with store.transaction() as t:
        await t.save_seekers([seeker(7, newest=12)])
        (sent,) = await t.enqueue([request(7)], NOW)
        await t.claim([sent], NOW)
        await t.settle(sent, "sent", 13, now=NOW)
    before = await in_doubt(store)

    async with store.transaction() as t:
        await t.doubt_restored(NOW)
    after = await in_doubt(store)

    async with store.transaction() as t:
        assert await t.newest_of_all() is None
        assert {row.id: row.after_chat for row in await t.to_settle(NOW, 10)} == {before: None, after: None}


async def test_what_is_given_up_is_not_settled_and_what_is_postponed_is_later(store: Store) -> None:
    gone, later = await in_doubt(store), await in_doubt(store)
    async with store.transaction() as t:
        await t.given_up(gone, NOW)
        await t.postponed(later, NOW + MINUTE)

        at_once = await t.to_settle(NOW, 10)
        found = await t.to_settle(NOW + MINUTE, 10)

    assert at_once == []
    assert [(row.id, row.probes) for row in found] == [(later, 0)]


async def test_what_a_seeker_has_still_to_be_told_of_stays_for_a_year(store: Store) -> None:
    untold, told, nobodys = await in_doubt(store), await in_doubt(store), await in_doubt(store, seeker=None)
    days = timedelta(days=1)
    kept = []
    async with store.transaction() as t:
        await t.told_of([told])
        for age in (29, 31, 364, 366):
            await t.tidy(NOW + age * days)
            kept.append([row.id for row in await t.open_of([7])])

    assert kept == [[untold, told, nobodys], [untold], [untold], []]
