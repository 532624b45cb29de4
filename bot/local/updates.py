"""What waits to be fetched: long polls, confirmation by offset, and how long Telegram keeps each kind."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import monotonic
from typing import Any, Final

from bot.clock import Clock
from bot.local.refusal import Refusal
from bot.local.table import UPDATE_KINDS

Json = dict[str, Any]
LONGEST_POLL: Final = 50.0
#: The same offset asked again within this time is held for as long.
HOLD: Final = 3.0
_UNUSUAL: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
USUAL: Final = tuple(kind for kind in UPDATE_KINDS if kind not in _UNUSUAL)
_SHORT: Final = {
    "callback_query": timedelta(seconds=150),
    "inline_query": timedelta(seconds=30),
    "chosen_inline_result": timedelta(seconds=600),
}
_KEPT: Final = timedelta(hours=24)
_ONLY_ONE: Final = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(frozen=True)
class Waiting:
    """An update, and until when it is kept. `again`: one that was given before, to be given once more."""

    update: Json
    until: datetime
    again: bool = False

    @property
    def number(self) -> int:
        """Its `update_id`."""
        return int(self.update["update_id"])


class Updates:
    """The queue. `held` keeps a copy of everything that ever waited, `expired` what nobody fetched."""

    def __init__(self, clock: Clock, hold: float = HOLD, first: int = 1000) -> None:
        self.next_id, self.hold = first, hold
        self.queue: list[Waiting] = []
        self.held: list[Json] = []
        self.expired: list[Json] = []
        self.confirmed: list[int] = []
        #: The kinds that were asked for; none where it is the usual ones.
        self.chosen: tuple[str, ...] = ()
        #: Who else hears of news: the webhook.
        self.on_news: Callable[[], None] = lambda: None
        self._clock = clock
        self._news = asyncio.Event()
        #: How many polls there were.
        self.polled = 0
        self._poll, self._end = 0, _ONLY_ONE
        self._asked: tuple[int, float] | None = None
        self._shuffle: tuple[int, float, Random] | None = None

    @property
    def waiting(self) -> list[Json]:
        """The updates that wait."""
        self._expire()
        return [one.update for one in self.queue]

    def put(self, kind: str, what: Json) -> Json:
        """A new update, with the next number; kept only if this kind is asked for."""
        update = {"update_id": self.next_id, kind: what}
        if kind in (self.chosen or USUAL):
            self.next_id += 1
            self.held.append(update)
            self._append(update)
        return update

    def put_again(self, update: Json) -> None:
        """The same update once more, as a faulty network brings it, even if it is confirmed."""
        self._append(update, again=True)

    def reorder(self, window: int, chance: float = 1.0, seed: int = 0) -> None:
        """From now on each answer has its updates out of order, by at most `window` places."""
        self._shuffle = (window, chance, Random(seed)) if window else None

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remembers which kinds are asked for; None leaves that as it is, none at all means the usual."""
        if kinds is not None:
            self.chosen = tuple(kinds)

    def keeps(self, one: Waiting) -> bool:
        """Whether this one still waits."""
        self._expire()
        return any(other is one for other in self.queue)

    def arrived(self, one: Waiting) -> None:
        """A webhook took this one."""
        self.queue = [other for other in self.queue if other is not one]
        self.confirmed.append(one.number)

    def drop(self) -> None:
        """Forgets all that waits."""
        self.queue.clear()

    def end_poll(self, why: str) -> None:
        """Ends a poll that is under way with a 409."""
        self._poll, self._end = self._poll + 1, why
        self._news.set()

    async def get(self, params: Json) -> list[Json]:
        """getUpdates: confirms what is below the offset, then waits for something to give."""
        self.end_poll(_ONLY_ONE)
        self.polled += 1
        mine, offset = self._poll, int(params.get("offset", 0))
        self.allow(params.get("allowed_updates"))
        self._forget(offset)
        end = monotonic() + self._patience(offset, float(params.get("timeout", 0)))
        while not (found := self._from(offset)) and (left := end - monotonic()) > 0:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                break
            if mine != self._poll:
                raise Refusal(409, self._end)
        given = found[: int(params.get("limit", 100))]
        self.queue = [one for one in self.queue if not (one.again and one in given)]
        return self._shuffled([one.update for one in given])

    def _append(self, update: Json, *, again: bool = False) -> None:
        [kind] = set(update) - {"update_id"}
        self.queue.append(Waiting(update, self._clock.now() + _SHORT.get(kind, _KEPT), again))
        self._news.set()
        self.on_news()

    def _expire(self) -> None:
        now = self._clock.now()
        if any(one.until <= now for one in self.queue):
            self.expired += [one.update for one in self.queue if one.until <= now]
            self.queue = [one for one in self.queue if one.until > now]

    def _forget(self, offset: int) -> None:
        self._expire()
        if offset < 0:
            done, self.queue = self.queue[:offset], self.queue[offset:]
        else:
            done = [one for one in self.queue if one.number < offset and not one.again]
            self.queue = [one for one in self.queue if one.number >= offset or one.again]
        self.confirmed += [one.number for one in done]

    def _patience(self, offset: int, timeout: float) -> float:
        asked, now = self._asked, monotonic()
        self._asked = (offset, now)
        if asked and asked[0] == offset and now < asked[1] + self.hold:
            timeout = max(timeout, self.hold)
        return min(timeout, LONGEST_POLL)

    def _from(self, offset: int) -> list[Waiting]:
        return [one for one in self.queue if one.number >= offset or one.again]

    def _shuffled(self, found: list[Json]) -> list[Json]:
        if self._shuffle is None:
            return found
        window, chance, random = self._shuffle
        moved = [
            (
                place + (random.randint(1, window) if random.random() < chance else 0) + random.random() / 2,
                one,
            )
            for place, one in enumerate(found)
        ]
        return [one for _, one in sorted(moved, key=lambda pair: pair[0])]
