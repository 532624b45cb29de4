"""The outbox: every request to send, until it is known what became of it."""

import json
from collections.abc import Sequence
from datetime import datetime

from .driver import Row
from .part import Part
from .rows import OutboxRow, Recovered, Settled, maybe_moment, millis, moment

#: Requests that change nothing when they are done twice, by their names in the Bot API. After a
#: crash they simply go out again; any other one would show the seeker a second message.
HARMLESS_TWICE = (
    "answerCallbackQuery",
    "deleteMessage",
    "deleteMessages",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "editMessageText",
    "sendChatAction",
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

    async def pending(self, now: datetime, limit: int) -> list[OutboxRow]:
        """What may be sent now: replies first, per chat only the oldest, in order."""
        rows = await self._ask("pending", now=millis(now), limit=limit)
        return [self._request(row) for row in rows]

    async def claim(self, ids: Sequence[int]) -> list[int]:
        """Mark requests as under way, before they leave; answers those that really were pending."""
        rows = await self._ask("claim", ids=json.dumps(list(ids)))
        return sorted(row[0] for row in rows)

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

    async def recover(self) -> Recovered:
        """At start: decide about everything that was under way when the coach stopped."""
        again = await self._ask("recover_again", methods=json.dumps(HARMLESS_TWICE))
        unsure = await self._ask("recover_unsure")
        return Recovered(len(again), len(unsure))

    async def cancel_nudges(self, seeker: int) -> int:
        """Withdraw a seeker's nudges that did not go out yet; answers how many."""
        return len(await self._ask("cancel_nudges", seeker=seeker))

    def _values(self, row: OutboxRow, id: int, now: datetime) -> dict[str, object]:
        file = row.file
        if file is not None:
            file = self._seal.seal("outbox", "file", row.chat, id, file)
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
            "made": millis(now),
        }

    def _request(self, row: Row) -> OutboxRow:
        """One row, in the order of the fields of `OutboxRow`."""
        values = dict(zip(OutboxRow.__dataclass_fields__, row, strict=True))
        chat, id = values["chat"], values["id"]
        payload = self._seal.open("outbox", "payload", chat, id, values["payload"])
        if values["file"] is not None:
            values["file"] = self._seal.open("outbox", "file", chat, id, values["file"])
        values["payload"] = payload.decode()
        values["screen"], values["lasting"] = bool(values["screen"]), bool(values["lasting"])
        values["not_before"], values["made"] = moment(values["not_before"]), moment(values["made"])
        values["settled"] = maybe_moment(values["settled"])
        return OutboxRow(**values)
