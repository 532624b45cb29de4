"""The outbox: every request to send, until it is known what became of it."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.channel import HARMLESS_TWICE

from .driver import Row
from .part import Part
from .rows import (
    OutboxKind,
    OutboxRow,
    Recovered,
    Settled,
    Withdrawn,
    maybe_millis,
    maybe_moment,
    millis,
    moment,
)


class Outbox(Part):
    """Requests in the order they were made, one under way per chat."""

    async def enqueue(self, rows: Sequence[OutboxRow], now: datetime) -> list[int]:
        """Keep requests to send, in this order; answers their numbers."""
        if not rows:
            return []
        last = await self._ask("last_outbox")
        first = (last[0][0] if last else 0) + 1
        ids = list(range(first, first + len(rows)))
        values = [self._values(row, id, now) for row, id in zip(rows, ids, strict=True)]
        await self._ask_each("enqueue", values)
        return ids

    async def pending(
        self, kind: OutboxKind, now: datetime, limit: int, resting: Collection[int] = (),
        flying: Collection[int] = (), *, firsts_only: bool = False,
    ) -> list[OutboxRow]:  # fmt: skip
        """What may be sent now of one kind: per chat only the oldest, first words before others.

        Nothing to chats that rest but answers to presses, and nothing at all to those where a
        request is still on its way, even if its row was erased.
        """
        values = {"kind": kind, "limit": limit, "resting": json.dumps(list(resting)),
                  "flying": json.dumps(list(flying)), "follows": int(not firsts_only)}  # fmt: skip
        return [self._request(row) for row in await self._ask("pending", now=millis(now), **values)]

    async def claim(self, ids: Sequence[int], now: datetime, newest: int | None = None) -> list[int]:
        """Mark requests as under way, before they leave; answers those that really were pending.

        `newest` is the highest message number known in any chat.
        """
        values = {"ids": json.dumps(list(ids)), "now": millis(now), "newest": newest}
        return sorted(row[0] for row in await self._ask("claim", **values))

    async def settle(
        self,
        id: int,
        state: Settled,
        message: int | None = None,
        reason: str = "",
        *,
        now: datetime,
    ) -> bool:
        """What became of a request; False if that was known already, or the request is erased.

        An unsure one may still be settled otherwise. `reason` holds no words of a person.
        """
        values = {"id": id, "state": state, "message": message, "reason": reason}
        return bool(await self._ask("settle", now=millis(now), **values))

    async def put_back(self, id: int, not_before: datetime, tries: int) -> bool:
        """It was not sent: try again, not before this moment. False if it is no longer there."""
        values = {"id": id, "not_before": millis(not_before), "tries": tries}
        return bool(await self._ask("put_back", **values))

    async def recover(self, now: datetime, flying: Collection[int] = ()) -> Recovered:
        """Decide about everything that was under way when the coach stopped; not what still is."""
        besides = json.dumps(list(flying))
        again = await self._ask("recover_again", methods=json.dumps(HARMLESS_TWICE), besides=besides)
        unsure = await self._ask("recover_unsure", now=millis(now), besides=besides)
        return Recovered(len(again), len(unsure))

    async def doubt_restored(self, at: datetime) -> int:
        """After a restore: what the backup holds as waiting may have gone out since."""
        return len(await self._ask("doubt_restored", at=millis(at)))

    async def withdraw(self, ids: Sequence[int], reason: str, now: datetime) -> list[int]:
        """Take back requests that did not go out; answers those that really had not."""
        values = {"ids": json.dumps(list(ids)), "reason": reason, "now": millis(now)}
        return [row[0] for row in await self._ask("withdraw", **values)] if ids else []

    async def is_said(self, seeker: int, turn: int) -> bool:
        """Whether a part of what was said unasked in this turn has arrived."""
        return bool(await self._ask("is_said", seeker=seeker, turn=turn))

    async def cancel_all(self, seeker: int, reason: str, now: datetime) -> list[Withdrawn]:
        """Take back everything that has not gone out to a seeker."""
        rows = await self._ask("cancel_all", seeker=seeker, reason=reason, now=millis(now))
        return [Withdrawn(kind, turn) for kind, turn in rows]

    def _values(self, row: OutboxRow, id: int, now: datetime) -> dict[str, object]:
        file = None if row.file is None else self._seal.seal("outbox", "file", row.chat, id, row.file)
        return {
            "id": id,
            "seeker": row.seeker,
            "chat": row.chat,
            "kind": row.kind,
            "method": row.method,
            "payload": self._seal.seal("outbox", "payload", row.chat, id, row.payload.encode()),
            "file": file,
            "file_name": row.file_name,
            "screen": int(row.screen),
            "lasting": int(row.lasting),
            "turn": row.turn,
            "not_before": millis(row.not_before or now),
            "not_after": maybe_millis(row.not_after),
            "made": millis(now),
            "state": row.state,
            "reason": row.reason,
            "probes": row.probes,
            "claimed": maybe_millis(row.claimed),
            "settled": maybe_millis(row.settled),
            "follows": int(row.follows),
        }

    def _request(self, row: Row) -> OutboxRow:
        """One row, in the order of the fields of `OutboxRow`."""
        values = dict(zip(OutboxRow.__dataclass_fields__, row, strict=True))
        chat, id = values["chat"], values["id"]
        payload = self._seal.open("outbox", "payload", chat, id, values["payload"])
        if values["file"] is not None:
            values["file"] = self._seal.open("outbox", "file", chat, id, values["file"])
        values["payload"] = payload.decode()
        for flag in ("screen", "lasting", "told", "follows"):
            values[flag] = bool(values[flag])
        for name in ("not_before", "made"):
            values[name] = moment(values[name])
        for name in ("settled", "not_after", "claimed"):
            values[name] = maybe_moment(values[name])
        return OutboxRow(**values)
