"""Erasure leaves nothing of a seeker, and everything of the others (Y05)."""

import hashlib
from pathlib import Path

import pytest

from bot.store import Counts, Store
from bot.store.register import REGISTER
from tests.store.store_kit import NOW, bytes_of, keep, nudge, pending, request, seeker

pytestmark = pytest.mark.asyncio


def canaries(id: int, count: int = 40) -> list[str]:
    """Marked words of one seeker, each long enough to fill a page with the others."""
    return [f"canary-{id}-{number}-" + "x" * 200 for number in range(count)]


async def fill(store: Store, id: int) -> None:
    """A seeker with something of theirs in every table, in every state."""
    words = canaries(id)
    async with store.transaction() as t:
        await t.save_seekers([seeker(id, body=" ".join(words))])
        await t.replace_plans({id: [nudge(f"canary-{id}-rule")]})
        await t.save_counts({id: Counts(1, 1, 1, 1)})
        for number, word in enumerate(words):
            await keep(t, id * 1000 + number, f"tap-{id}-{number}", id, word, NOW)
        await t.update_aside(1, NOW)
        mine = [one.id for one in await t.waiting_updates(999) if one.chat == id]
        await t.updates_done(mine, NOW)
        rows = [request(id, payload=word, file=word.encode(), file_name=word) for word in words[:3]]
        rows += [request(id, payload=word) for word in words[3:]]
        first, second, third, *_ = await t.enqueue(rows, NOW)
        await t.claim([first, second], NOW)
        await t.settle(first, "sent", message=1, now=NOW)
        await t.settle(second, "unsure", reason="time-out", now=NOW)
        await t.settle(third, "refused", reason="blocked", now=NOW)


async def hash_of(store: Store, id: int) -> str:
    """One number for everything of one seeker, in all tables."""
    asks = (
        "SELECT * FROM seekers WHERE id = :id",
        "SELECT * FROM nudges WHERE seeker = :id",
        "SELECT * FROM counts WHERE seeker = :id",
        "SELECT * FROM inbox WHERE chat = :id ORDER BY id",
        "SELECT * FROM outbox WHERE chat = :id OR seeker = :id ORDER BY id",
    )
    found = [await store._driver.rows(ask, {"id": id}) for ask in asks]
    return hashlib.sha256(repr(found).encode()).hexdigest()


async def test_after_erasing_no_byte_is_left_in_any_file(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    for id in (7, 8):
        await fill(store, id)
    before = await hash_of(store, 8)
    assert b"canary-7" in bytes_of(tmp_path)

    async with store.transaction() as t:
        await t.erase(7, 7, NOW)
    await store.scrub()

    assert bytes_of(tmp_path).count(b"canary-7") == 0
    assert bytes_of(tmp_path).count(b"canary-8") > 0
    assert await hash_of(store, 8) == before
    await store.close()
    assert bytes_of(tmp_path).count(b"canary-7") == 0


async def test_what_stays_after_erasing_points_to_nobody(store: Store) -> None:
    await fill(store, 7)

    async with store.transaction() as t:
        await t.erase(7, 7, NOW)

    inbox = await store._driver.rows("SELECT DISTINCT chat, body, state FROM inbox")
    erased = await store._driver.rows("SELECT at FROM erasures")
    assert inbox == [(0, b"", "done")]
    assert erased == [(int(NOW.timestamp() * 1000),)]
    for table in set(REGISTER) - {"inbox", "erasures", "notes_of_house"}:
        assert await store._driver.rows(f"SELECT count(*) FROM {table}") == [(0,)], table


async def test_an_erased_update_that_comes_again_changes_nothing(store: Store) -> None:
    async with store.transaction() as t:
        await keep(t, 1, None, 7, "erase everything", NOW)
        await t.updates_done([1], NOW)
        await t.erase(7, 7, NOW)

        assert await keep(t, 1, None, 7, "erase everything", NOW) is False


async def test_a_file_asked_for_before_an_erasure_still_goes_out_and_is_nobodys(store: Store) -> None:
    async with store.transaction() as t:
        (export,) = await t.enqueue([request(7, file=b"all of it", file_name="export.json")], NOW)

        await t.erase(7, 7, NOW)

        (row,) = await pending(t, NOW)
        assert (row.id, row.seeker, row.file) == (export, None, b"all of it")


async def test_what_came_after_an_erasure_is_a_new_beginning(store: Store) -> None:
    async with store.transaction() as t:
        await keep(t, 1, None, 7, "yes, erase", NOW)
        await keep(t, 2, None, 7, "hello again", NOW)
        await t.updates_done([1], NOW)

        await t.erase(7, 7, NOW)

        assert [one.body for one in await t.waiting_updates(9)] == ["hello again"]


async def test_the_farewell_goes_out_and_an_old_answer_does_not_settle_it(store: Store) -> None:
    async with store.transaction() as t:
        (old,) = await t.enqueue([request(7)], NOW)
        await t.claim([old], NOW)
        await t.erase(7, 7, NOW)
        (farewell,) = await t.enqueue([request(7, seeker=None)], NOW)

        late = await t.settle(old, "sent", message=3, now=NOW)

        assert late is False
        assert [row.id for row in await pending(t, NOW)] == [farewell]


async def test_an_erasure_cut_short_is_finished_at_the_next_opening(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "coach.db")
    await fill(store, 7)
    async with store.transaction() as t:
        await t.erase(7, 7, NOW)
    await store.close()  # before the scrub

    again = await Store.open(tmp_path / "coach.db")

    assert bytes_of(tmp_path).count(b"canary-7") == 0
    async with again.transaction() as t:
        assert await t.get_note("scrub_owed") is None
    await again.close()


async def test_a_file_that_was_sent_is_not_kept(store: Store) -> None:
    async with store.transaction() as t:
        sent, unsure = await t.enqueue([request(7, file=b"x"), request(8, file=b"y")], NOW)

        await t.settle(sent, "sent", message=1, now=NOW)
        await t.settle(unsure, "unsure", now=NOW)

    assert await store._driver.rows("SELECT file FROM outbox ORDER BY id") == [(None,), (b"y",)]
