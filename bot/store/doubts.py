"""Requests that may or may not have arrived: what is known of them, and where to look."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from .outbox import Outbox
from .rows import OutboxRow, maybe_millis, millis


class Doubts(Outbox):
    """What settling asks of the outbox, and what a turn has to know of it."""

    async def open_of(self, chats: Collection[int]) -> list[OutboxRow]:
        """Nudges of these chats that are not out yet, and requests nobody is sure of."""
        rows = await self._ask("doubtful", chats=json.dumps(list(chats)))
        return [self._request(row) for row in rows]

    async def to_settle(self, before: datetime, limit: int) -> list[OutboxRow]:
        """Requests that nobody has been sure of since before this moment, and not given up."""
        rows = await self._ask("to_settle", before=millis(before), limit=limit)
        return [self._request(row) for row in rows]

    async def recorded_numbers(self, row: OutboxRow, above: int) -> list[tuple[int, int]]:
        """Message numbers above one that are known in its chat, at most 100, in order.

        With each, whether it was given before (-1) or after (1) this request left; 0: not known.
        """
        values = {"chat": row.chat, "id": row.id, "claimed": maybe_millis(row.claimed)}
        return [(row[0], row[1]) for row in await self._ask("recorded_numbers", above=above, **values)]

    async def under_way(self, chat: int) -> bool:
        """Whether a message of ours may be coming into this chat at this moment."""
        return bool(await self._ask("under_way", chat=chat))

    async def are_parted(self, one: OutboxRow, other: OutboxRow) -> bool:
        """Whether a message known to have arrived lies between these two of one chat."""
        first, last = sorted((one, other), key=lambda row: row.id)
        values = {"since": maybe_millis(first.claimed), "until": maybe_millis(last.claimed)}
        return bool(await self._ask("parted", chat=one.chat, first=first.id, last=last.id, **values))

    async def next_number(self, row: OutboxRow, above: int) -> int | None:
        """The first number above one that was given to a request made after this one."""
        found = await self._ask("next_number", id=row.id, above=above)
        return None if found[0][0] is None else int(found[0][0])

    async def is_overtaken(self, row: OutboxRow) -> bool:
        """Whether the screen of a later turn follows it in its chat."""
        return bool(await self._ask("is_overtaken", chat=row.chat, id=row.id, turn=row.turn))

    async def seen_in_vain(self, id: int, now: datetime) -> None:
        """Telegram was asked after it, and did not know it."""
        await self._ask("seen_in_vain", id=id, now=millis(now))

    async def given_up(self, id: int, now: datetime) -> None:
        """Telegram is not asked after it any more."""
        await self._ask("given_up", id=id, now=millis(now))

    async def postponed(self, id: int, now: datetime) -> None:
        """Telegram could not be asked after it, and is later."""
        await self._ask("postponed", id=id, now=millis(now))

    async def doubt_restored(self, at: datetime) -> int:
        """As in the outbox; and every message number of the backup is forgotten, as too low."""
        await self._ask("forget_newest")
        await self._ask("forget_numbers")
        return await super().doubt_restored(at)

    async def told_of(self, ids: Sequence[int]) -> None:
        """The seeker knows that these may or may not have arrived."""
        await self._ask("told_of", ids=json.dumps(list(ids)))
