"""Asks Telegram for updates, and confirms none before it is kept."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Final, Protocol

from telegram.error import Conflict

from bot.failpoints import passing
from bot.faults import where
from bot.telegram.outcomes import judge

ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
LONG_POLL: Final = 30
_MARGIN: Final = 10.0
_LONGEST: Final = 60.0
_SOON: Final = 5.0
_CONFLICT: Final = "another poller"
_CONFLICT_REMEDY: Final = (
    "another process polls with this token, or a webhook is set: "
    "stop the other process, or call deleteWebhook"
)
_CONFLICT_ALARM: Final = 120.0
# How long a hole in the numbers is waited for, how wide one may be, and how often in vain.
_A_MOMENT: Final = 0.25
_PATIENCE: Final = 8
_NEAR: Final = 10
_VAIN: Final = 3
_LOG: Final = logging.getLogger(__name__)

Json = dict[str, Any]


class Caller(Protocol):
    """What the intake needs of the bot (`bot.telegram.client.Client`)."""

    async def call(self, method: str, payload: Json, *, read_timeout: float) -> Any:
        """The raw result of a Bot API method."""


class Alarm(Protocol):
    """Where an operator is told what to look at (`bot.alarms.Alarms`)."""

    def raised(self, name: str, remedy: str) -> None:
        """This is wrong."""

    def cleared(self, name: str) -> None:
        """This is well again."""


async def _nothing() -> None:
    """Nobody asked to be told."""


class Intake:
    """The long-poll loop. Cancel it to stop: what was not kept is asked for again.

    `keep` stores a batch of raw updates and commits; when it raises, the batch comes again.
    `heard` is awaited whenever Telegram answered, before what it gave is kept.
    """

    def __init__(
        self,
        bot: Caller,
        keep: Callable[[list[Json]], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        long_poll: int = LONG_POLL,
        *,
        heard: Callable[[], Awaitable[None]] = _nothing,
        alarms: Alarm | None = None,
    ) -> None:
        self._bot, self._keep, self._heard, self._alarms = bot, keep, heard, alarms
        self._sleep, self._chance = sleep, chance
        self._long_poll = long_poll
        self._offset: int | None = None
        self._last: int | None = None
        self._failures = 0
        self._conflict: float | None = None
        self._vain = 0

    async def run(self) -> None:
        """Takes updates in for ever. Raises TokenRefused when Telegram does not know the token."""
        while True:
            asked = monotonic()
            try:
                batch = await self._ask(self._long_poll)
                batch = await self._completed(batch)
            except Exception as error:
                await self._sleep(self._pause_after(error))
                continue
            self._at_peace()
            if self._offset is not None:
                passing("intake.confirmed")
            if batch:
                await self._take_in(batch)
            else:
                await self._was_empty(asked)

    async def _was_empty(self, asked: float) -> None:
        with suppress(Exception):
            await self._heard()
        # Everything asked for so far is confirmed by now. Asking without an offset
        # also finds updates whose numbers begin again lower.
        self._offset, self._failures = None, 0
        if self._long_poll and monotonic() - asked < 0.1:
            await self._sleep(1.0)

    async def _ask(self, long_poll: int) -> list[Json]:
        payload: Json = {"timeout": long_poll, "allowed_updates": list(ALLOWED)}
        if self._offset is not None:
            payload["offset"] = self._offset
        found = await self._bot.call("getUpdates", payload, read_timeout=long_poll + _MARGIN)
        if not isinstance(found, list):
            raise TypeError("getUpdates answered without a list")
        return [one for one in found if isinstance(one, dict) and isinstance(one.get("update_id"), int)]

    async def _completed(self, batch: list[Json]) -> list[Json]:
        """The batch in order as far as no number is left out, and what was a little late before it.

        A seeker's words keep their order. What lies behind a hole is asked for again. Where
        waiting was in vain three times, numbers are left out by rule here, and nothing waits any more.
        """
        batch = sorted(batch, key=_number_of)
        for waited in range(_PATIENCE):
            if self._vain >= _VAIN or not batch or not _is_hole(self._last, batch[0]):
                self._vain = 0 if waited else self._vain
                break
            await self._sleep(_A_MOMENT)
            batch = sorted(await self._ask(0) or batch, key=_number_of)
        else:
            self._vain += 1
        holes = (at for at, one in enumerate(batch[1:], 1) if _is_hole(_number_of(batch[at - 1]), one))
        return batch if self._vain >= _VAIN else batch[: next(holes, len(batch))]

    async def _take_in(self, batch: list[Json]) -> None:
        try:
            await self._heard()
            await self._keep(batch)
        except Exception as error:
            _LOG.error("updates could not be kept: %s; asked for again", where(error))
            await self._sleep(min(self._back_off(), _SOON))
            return
        self._failures = 0
        # The last one, not the largest ever: after a quiet week Telegram may count from lower.
        self._last = _number_of(batch[-1])
        self._offset = self._last + 1

    def _at_peace(self) -> None:
        self._conflict = None
        if self._alarms:
            self._alarms.cleared(_CONFLICT)

    def _pause_after(self, error: Exception) -> float:
        if isinstance(error, Conflict):
            return self._after_conflict()
        outcome = judge(error, "getUpdates")
        _LOG.warning("getUpdates failed: %s", outcome.reason)
        pause = self._back_off()
        return pause if outcome.wait is None else outcome.wait + self._chance()

    def _after_conflict(self) -> float:
        _LOG.warning(_CONFLICT_REMEDY)
        self._conflict = monotonic() if self._conflict is None else self._conflict
        if self._alarms and monotonic() - self._conflict >= _CONFLICT_ALARM:
            self._alarms.raised(_CONFLICT, _CONFLICT_REMEDY)
        self._failures += 1
        return float(min(_LONGEST, 3.0 * 2 ** min(self._failures - 1, 6)))

    def _back_off(self) -> float:
        self._failures += 1
        longest = min(_LONGEST, 2.0 ** min(self._failures, 6))
        return max(0.1, longest * self._chance())


def _is_hole(last: int | None, following: Json) -> bool:
    """Whether a few numbers are left out between the two."""
    return last is not None and 1 < _number_of(following) - last <= _NEAR


def _number_of(update: Json) -> int:
    return int(update["update_id"])
