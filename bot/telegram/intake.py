"""Asks Telegram for updates, and confirms none before it is kept."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Final, Protocol

from telegram.error import Conflict

from bot.telegram.outcomes import judge

ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
LONG_POLL: Final = 30
_MARGIN: Final = 10.0
_LONGEST: Final = 60.0
_LOG: Final = logging.getLogger(__name__)

Json = dict[str, Any]


class Caller(Protocol):
    """What the intake needs of the bot (`bot.telegram.client.Client`)."""

    async def call(self, method: str, payload: Json, *, read_timeout: float) -> Any:
        """The raw result of a Bot API method."""


class Intake:
    """The long-poll loop. Cancel it to stop: what was not kept is asked for again.

    `keep` stores a batch of raw updates and commits; when it raises, the batch comes again.
    """

    def __init__(
        self,
        bot: Caller,
        keep: Callable[[list[Json]], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        long_poll: int = LONG_POLL,
    ) -> None:
        self._bot, self._keep = bot, keep
        self._sleep, self._chance = sleep, chance
        self._long_poll = long_poll
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Takes updates in for ever. Raises TokenRefused when Telegram does not know the token."""
        while True:
            asked = monotonic()
            try:
                batch = await self._ask()
            except Exception as error:
                await self._sleep(self._pause_after(error))
                continue
            if batch:
                await self._take_in(batch)
            else:
                # Everything asked for so far is confirmed by now. Asking without an offset
                # also finds updates whose numbers begin again lower.
                self._offset, self._failures = None, 0
                if self._long_poll and monotonic() - asked < 0.1:
                    await self._sleep(1.0)

    async def _ask(self) -> list[Json]:
        payload: Json = {"timeout": self._long_poll, "allowed_updates": list(ALLOWED)}
        if self._offset is not None:
            payload["offset"] = self._offset
        patience = self._long_poll + _MARGIN
        found = await self._bot.call("getUpdates", payload, read_timeout=patience)
        if not isinstance(found, list):
            raise TypeError("getUpdates answered without a list")
        return [update for update in found if isinstance(update, dict)]

    async def _take_in(self, batch: list[Json]) -> None:
        try:
            await self._keep(batch)
        except Exception as error:
            _LOG.error("updates could not be kept: %s; asked for again", type(error).__name__)
            await self._sleep(self._back_off())
            return
        self._failures = 0
        numbers = [n for n in (update.get("update_id") for update in batch) if isinstance(n, int)]
        # The last one, not the largest ever: after a quiet week Telegram may count from lower.
        self._offset = numbers[-1] + 1 if numbers else self._offset

    def _pause_after(self, error: Exception) -> float:
        if isinstance(error, Conflict):
            _LOG.warning(
                "another process polls with this token, or a webhook is set: "
                "stop the other process, or call deleteWebhook"
            )
            self._failures += 1
            return float(min(_LONGEST, 3.0 * 2 ** min(self._failures - 1, 6)))
        outcome = judge(error, "getUpdates")
        _LOG.warning("getUpdates failed: %s", outcome.reason)
        pause = self._back_off()
        return pause if outcome.wait is None else outcome.wait + self._chance()

    def _back_off(self) -> float:
        self._failures += 1
        longest = min(_LONGEST, 2.0 ** min(self._failures, 6))
        return max(0.1, longest * self._chance())
