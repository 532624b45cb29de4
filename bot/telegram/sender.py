"""Sends what stands in the outbox: in order, paced, and never again what may have arrived."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bot.telegram.mending import Request, mended
from bot.telegram.outbox import Outbox, Row
from bot.telegram.outcomes import IDEMPOTENT, Outcome, TokenRefused, judge
from bot.telegram.pacing import NUDGES_IN_FLIGHT, PER_NUDGE, Pace

IDLE: Final = 1.0
LONGEST_BACK_OFF: Final = 300.0
# An edit that stays unsure for so long holds up its chat; better it is reported.
REPEATS: Final = 8
_LOG: Final = logging.getLogger(__name__)


class Caller(Protocol):
    """What the sender needs of the bot (`bot.telegram.client.Client`)."""

    async def call(
        self, method: str, payload: dict[str, Any], *, file: bytes = b"", file_name: str = ""
    ) -> Any:
        """The raw result of a Bot API method."""


class Sender:
    """One loop over the outbox, one request in flight per chat, at most four nudges in all."""

    def __init__(
        self,
        bot: Caller,
        outbox: Outbox,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._bot, self._outbox = bot, outbox
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._pace = Pace()
        self._flying: dict[int, tuple[Row, asyncio.Task[None]]] = {}
        self._woken = asyncio.Event()
        self._stopping = False
        self._refused: TokenRefused | None = None
        self._next: datetime | None = None

    @property
    def room(self) -> int:
        """How many more nudges may be in flight; the outbox need not claim more."""
        return NUDGES_IN_FLIGHT - sum(row.kind == "nudge" for row, _ in self._flying.values())

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._woken.set()

    def stop(self) -> None:
        """Nothing new leaves; `run` returns once what is in flight has landed."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Sends until stopped. Raises TokenRefused when Telegram does not know the token.

        When cancelled, rows in flight stay claimed: the store holds them to be unsure.
        """
        try:
            while not self._stopping and self._refused is None:
                self._woken.clear()
                await self._round()
                await self._rest()
            await asyncio.gather(*self._tasks())
        finally:
            for task in self._tasks():
                task.cancel()
            await asyncio.gather(*self._tasks(), return_exceptions=True)
        if self._refused is not None:
            raise self._refused

    async def _round(self) -> None:
        self._next = None
        try:
            rows = await self._outbox.ready(self._clock())
            for row in sorted(rows, key=lambda row: row.kind == "nudge"):
                await self._admit(row)
        except Exception as error:
            _LOG.error("the outbox failed: %s", type(error).__name__)

    async def _admit(self, row: Row) -> None:
        now = self._clock()
        later = self._later(row, now)
        if later is not None:
            return await self._hand_back(row, later)
        due = now if row.method == "answerCallbackQuery" else self._pace.turn_of(row.chat, now)
        if row.kind == "nudge":
            due = max(due, self._pace.nudge_turn(now))
        task = asyncio.create_task(self._deliver(row, (due - now).total_seconds()))
        self._flying[row.chat] = (row, task)

    def _later(self, row: Row, now: datetime) -> datetime | None:
        # What cannot leave now goes back at once: a crash must find few rows in doubt.
        if row.chat in self._flying or self._stopping or self._refused:
            return now + PER_NUDGE
        if row.method == "answerCallbackQuery":
            return None
        rest = self._pace.paused_until(row.chat, now)
        if rest or row.kind != "nudge":
            return rest
        return None if self.room > 0 else now + PER_NUDGE

    async def _hand_back(self, row: Row, at: datetime) -> None:
        self._next = min(at, self._next or at)
        await self._outbox.not_sent(row, at)

    async def _rest(self) -> None:
        ahead = (self._next - self._clock()).total_seconds() if self._next else IDLE
        waits = {
            asyncio.ensure_future(self._sleep(min(max(ahead, 0.0), IDLE))),
            asyncio.ensure_future(self._woken.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _deliver(self, row: Row, wait: float) -> None:
        try:
            if wait > 0:
                await self._hold(row, wait)
            await self._record(row, await self._attempt(row))
        except TokenRefused as refused:
            self._refused = refused
            with suppress(Exception):
                await self._outbox.not_sent(row, self._clock())
        except Exception as error:
            _LOG.error("outbox row %s could not be recorded: %s", row.id, type(error).__name__)
        finally:
            self._flying.pop(row.chat, None)
            self.wake()

    async def _hold(self, row: Row, wait: float) -> None:
        try:
            await self._sleep(wait)
        except asyncio.CancelledError:
            await self._outbox.not_sent(row, self._clock())
            raise

    async def _attempt(self, row: Row) -> Outcome:
        request = Request(row.method, row.payload)
        while True:
            try:
                result = await self._bot.call(
                    request.method, dict(request.payload), file=row.file, file_name=row.file_name
                )
                return Outcome("sent", message=request.number(result))
            except Exception as error:
                better = mended(request, error, row.screen, row.id)
                if better is None:
                    outcome = judge(error, request.method)
                    return self._repeatable(row, request, outcome)
                request = better

    def _repeatable(self, row: Row, request: Request, outcome: Outcome) -> Outcome:
        if outcome.kind == "sent":
            return Outcome("sent", outcome.reason, message=request.number(None))
        again = request.method in IDEMPOTENT and row.tries < REPEATS
        if outcome.kind == "unsure" and again:
            return Outcome("not_sent", outcome.reason)
        return outcome

    async def _record(self, row: Row, outcome: Outcome) -> None:
        now = self._clock()
        if outcome.kind == "sent":
            return await self._outbox.sent(row, outcome.message, now)
        _LOG.info("outbox row %s (%s): %s, %s", row.id, row.method, outcome.kind, outcome.reason)
        if outcome.kind == "refused":
            return await self._outbox.refused(row, outcome.reason, outcome.gone)
        if outcome.kind == "unsure":
            return await self._outbox.unsure(row, outcome.reason)
        if outcome.wait is None:
            return await self._hand_back(row, now + self._back_off(row.tries))
        rest = timedelta(seconds=outcome.wait + 0.1 + 0.9 * self._chance())
        self._pace.pause(row.chat, now + rest, now)
        await self._hand_back(row, now + rest)

    def _back_off(self, tries: int) -> timedelta:
        longest = min(LONGEST_BACK_OFF, 2.0 ** min(tries + 1, 9))
        return timedelta(seconds=longest * self._chance())

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for _, task in self._flying.values()]
