"""The updates of the stand-in: long polls, confirmation by offset, one poller at a time."""

import asyncio
from typing import Any

from tests.telegram.standin_limits import Refusal

Json = dict[str, Any]
USUAL = ("message", "edited_message", "callback_query", "my_chat_member")


class Updates:
    """What waits to be fetched; `held` keeps a copy of everything that ever waited."""

    def __init__(self, first: int = 1000) -> None:
        self.next_id = first
        self.waiting: list[Json] = []
        self.held: list[Json] = []
        self.confirmed: list[int] = []
        self._changed = asyncio.Event()
        self._poller = 0

    def put(self, kind: str, what: Json) -> Json:
        """A new update, with the next number."""
        update = {"update_id": self.next_id, kind: what}
        self.next_id += 1
        self.waiting.append(update)
        self.held.append(update)
        self._changed.set()
        return update

    def put_again(self, update: Json) -> None:
        """The same update once more, as a faulty network brings it."""
        self.waiting.append(update)
        self._changed.set()

    async def get(self, params: Json) -> list[Json]:
        """getUpdates: confirms what is below the offset, then waits for something to give."""
        self._poller += 1
        mine = self._poller
        self._changed.set()
        offset = int(params.get("offset", 0))
        if offset > 0:
            self._confirm(offset)
        end = asyncio.get_running_loop().time() + min(float(params.get("timeout", 0)), 50)
        while not self._allowed(params) and (left := end - asyncio.get_running_loop().time()) > 0:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                break
            if mine != self._poller:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        return self._allowed(params)[: min(int(params.get("limit", 100)), 100)]

    def _confirm(self, offset: int) -> None:
        done = [update["update_id"] for update in self.waiting if update["update_id"] < offset]
        self.confirmed.extend(done)
        self.waiting = [update for update in self.waiting if update["update_id"] not in done]

    def _allowed(self, params: Json) -> list[Json]:
        kinds = params.get("allowed_updates") or USUAL
        offset = int(params.get("offset", 0))
        return [
            update for update in self.waiting if set(update) & set(kinds) and update["update_id"] >= offset
        ]
