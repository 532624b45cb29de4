"""Requests go out in order, once, and what became of them is known."""

import dataclasses

import pytest

from bot.store import Recovered, Store
from tests.store.store_kit import MINUTE, NOW, request

pytestmark = pytest.mark.asyncio


async def test_a_request_comes_back_as_enqueued(store: Store) -> None:
    row = request(kind="nudge", file=b"%PDF\0", file_name="a.pdf", screen=True, turn=4)
    async with store.transaction() as t:
        ids = await t.enqueue([row], NOW)

        found = await t.pending(NOW, 10)

    expected = dataclasses.replace(row, id=ids[0], not_before=NOW, made=NOW)
    assert found == [expected]


async def test_replies_go_before_nudges_and_one_at_a_time_per_chat(store: Store) -> None:
    async with store.transaction() as t:
        a, b, c, d = await t.enqueue([request(7, kind="nudge"), request(8), request(8), request(9)], NOW)

        first = [row.id for row in await t.pending(NOW, 10)]
        await t.claim([b])
        while_flying = [row.id for row in await t.pending(NOW, 10)]
        await t.settle(b, "sent", message=11, now=NOW)
        afterwards = [row.id for row in await t.pending(NOW, 10)]

    assert (first, while_flying, afterwards) == ([b, d, a], [d, a], [c, d, a])


async def test_a_request_put_back_waits_and_holds_its_place(store: Store) -> None:
    async with store.transaction() as t:
        a, b = await t.enqueue([request(), request()], NOW)
        await t.claim([a])

        put = await t.put_back(a, NOW + MINUTE, tries=1)

        assert put
        assert await t.pending(NOW, 10) == []
        found = await t.pending(NOW + MINUTE, 10)
        assert [(row.id, row.tries) for row in found] == [(a, 1)]
        assert b > a


async def test_a_request_is_claimed_by_one_only(store: Store) -> None:
    async with store.transaction() as t:
        ids = await t.enqueue([request(7), request(8)], NOW)

        claimed = await t.claim(ids)
        again = await t.claim(ids)

    assert (claimed, again) == (ids, [])


async def test_what_was_sent_is_never_settled_again(store: Store) -> None:
    async with store.transaction() as t:
        (id,) = await t.enqueue([request()], NOW)
        await t.claim([id])

        sent = await t.settle(id, "sent", message=5, now=NOW)
        late = await t.settle(id, "unsure", reason="time-out", now=NOW)
        back = await t.put_back(id, NOW, tries=1)

    assert (sent, late, back) == (True, False, False)


async def test_a_tap_settles_what_was_unsure(store: Store) -> None:
    async with store.transaction() as t:
        (id,) = await t.enqueue([request()], NOW)
        await t.claim([id])
        await t.settle(id, "unsure", reason="time-out", now=NOW)

        assert await t.settle(id, "sent", message=5, now=NOW)


async def test_after_a_crash_only_harmless_requests_go_out_again(store: Store) -> None:
    async with store.transaction() as t:
        edit, message, still = await t.enqueue(
            [request(7, method="editMessageText"), request(8, kind="nudge"), request(9)], NOW
        )
        await t.claim([edit, message])

        recovered = await t.recover()

        assert recovered == Recovered(again=1, unsure=1)
        assert sorted(row.id for row in await t.pending(NOW, 10)) == [edit, still]


async def test_a_seeker_who_acts_withdraws_the_nudges_not_yet_sent(store: Store) -> None:
    async with store.transaction() as t:
        nudge_row = request(7, kind="nudge")
        other = request(8, kind="nudge")
        await t.enqueue([nudge_row, request(7), other, nudge_row], NOW)

        withdrawn = await t.cancel_nudges(7)

        assert withdrawn == 2
        assert [(row.chat, row.kind) for row in await t.pending(NOW, 10)] == [
            (7, "reply"),
            (8, "nudge"),
        ]
