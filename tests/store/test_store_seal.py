"""Everything personal passes the seal, in both directions, with its place."""

from pathlib import Path

import pytest

from bot.store import Store
from bot.store.seal import SEALED
from tests.store.store_kit import NOW, bytes_of, keep, pending, request, seeker

pytestmark = pytest.mark.asyncio


class Swapped:
    """A seal for tests: turns the bits over, and binds the place by writing it in front."""

    def __init__(self) -> None:
        self.used: set[tuple[str, str]] = set()

    def seal(self, table: str, column: str, owner: int, row: int, plain: bytes) -> bytes:
        self.used.add((table, column))
        return f"{table}.{column}.{owner}.{row}:".encode() + bytes(255 - one for one in plain)

    def open(self, table: str, column: str, owner: int, row: int, sealed: bytes) -> bytes:
        place, _, rest = sealed.partition(b":")
        assert place == f"{table}.{column}.{owner}.{row}".encode()
        return bytes(255 - one for one in rest)


async def test_what_is_personal_is_sealed_on_disk_and_open_in_hand(tmp_path: Path) -> None:
    seal = Swapped()
    store = await Store.open(tmp_path / "coach.db", seal=seal)
    async with store.transaction() as t:
        await keep(t, 1, None, 70, "canary body", NOW)
        await t.save_seekers([seeker(7, chat=70, body="canary seeker")])
        rows = [request(70, payload="canary payload", file=b"canary file"), request(70)]
        await t.enqueue(rows, NOW)
        await t.enqueue(rows, NOW)

    async with store.transaction() as t:
        (update,), found = await t.waiting_updates(9), await t.seeker(7)
        (sending,) = await pending(t, NOW)

    assert update.body == "canary body"
    assert found is not None and found.body == "canary seeker"
    assert (sending.payload, sending.file) == ("canary payload", b"canary file")
    assert seal.used == {(table, column) for table, names in SEALED.items() for column in names}
    assert b"canary" not in bytes_of(tmp_path)
    await store.close()
