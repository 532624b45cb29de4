"""Sends what stands in the outbox: in order, paced, and never again what may have arrived."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.failpoints import passing
from bot.faults import where
from bot.telegram.client import Caller
from bot.telegram.intake import Alarm
from bot.telegram.mending import Request, mended
from bot.telegram.outbox import Outbox, Room, Row
from bot.telegram.outcomes import LONGEST_WAIT, Outcome, TokenRefused, again, judge
from bot.telegram.pacing import Pace, back_off

IDLE: Final = 1.0
GATHER: Final = 0.005
LONGEST_RECORDING: Final = 5.0
_FLOOD: Final = "Telegram lets this bot send nothing for an hour or more; see what it sent, and to whom"
_LOG: Final = logging.getLogger(__name__)


class Sender:
    """One loop over the outbox, one request in flight per chat, at most four nudges in all."""

    def __init__(
        self,
        bot: Caller,
        outbox: Outbox,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        alarms: Alarm | None = None,
    ) -> None:
        self._bot, self._outbox, self._alarms = bot, outbox, alarms
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._pace = Pace()
        self._flying: dict[int, tuple[Row, asyncio.Task[None]]] = {}
        self._woken = asyncio.Event()
        self._stopping = False
        self._refused: TokenRefused | None = None

    @property
    def flying(self) -> frozenset[int]:
        """The rows on their way at this moment."""
        return frozenset(self._flying)

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
                # What landed together is counted together: each round costs a transaction.
                await self._sleep(GATHER)
            await asyncio.gather(*self._tasks())
        finally:
            for task in self._tasks():
                task.cancel()
            await asyncio.gather(*self._tasks(), return_exceptions=True)
        if self._refused is not None:
            raise self._refused

    async def _round(self) -> None:
        now = self._clock()
        if not self._pace.is_open(now):
            return
        try:
            rows = await self._outbox.ready(now, self._room(now))
        except Exception as error:
            _LOG.error("the outbox failed: %s", where(error))
            return
        if rows:
            passing("sender.claimed")
        for row in rows:
            self._launch(row, now)

    def _room(self, now: datetime) -> Room:
        nudges = sum(row.kind == "nudge" for row, _ in self._flying.values())
        most_replies, most_nudges = self._pace.in_flight
        return Room(
            replies=most_replies - len(self._flying) + nudges,
            nudges=min(most_nudges - nudges, self._pace.nudges(now)),
            resting=self._pace.resting(now),
            flying=[row.chat for row, _ in self._flying.values()],
        )

    def _launch(self, row: Row, now: datetime) -> None:
        if row.method != "answerCallbackQuery":
            self._pace.left(row.chat, now)
        if row.kind == "nudge":
            self._pace.nudge_left(now)
        self._flying[row.id] = (row, asyncio.create_task(self._deliver(row)))

    async def _rest(self) -> None:
        now = self._clock()
        free = self._pace.next_after(now)
        ahead = (free - now).total_seconds() if free else IDLE
        waits = {
            asyncio.ensure_future(self._sleep(min(max(ahead, 0.0), IDLE))),
            asyncio.ensure_future(self._woken.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _deliver(self, row: Row) -> None:
        try:
            outcome = await self._attempt(row)
            passing("sender.sent")
            await self._record(row, outcome)
            passing("sender.recorded")
        except TokenRefused as refused:
            self._refused = refused
            with suppress(Exception):
                await self._outbox.not_sent(row, self._clock())
        finally:
            self._flying.pop(row.id, None)
            self.wake()

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
                    outcome = again(judge(error, request.method), request.method, row.tries)
                    number = request.number(None) if outcome.kind == "sent" else None
                    return replace(outcome, message=number)
                request = better

    async def _record(self, row: Row, outcome: Outcome) -> None:
        """Write down what became of it, however long that takes: only we know."""
        now, wait = self._clock(), 0.25
        retry_at = self._again_at(row, outcome, now) if outcome.kind == "not_sent" else now
        if outcome.kind != "not_sent" or outcome.wait is not None:
            self._pace.reached()
        while True:
            try:
                return await self._write_down(row, outcome, retry_at)
            except Exception as error:
                _LOG.error("outbox row %s could not be recorded: %s", row.id, where(error))
            if self._stopping:
                return  # the next start finds it under way, and asks Telegram
            await self._sleep(wait)
            wait = min(wait * 2, LONGEST_RECORDING)

    async def _write_down(self, row: Row, outcome: Outcome, retry_at: datetime) -> None:
        if outcome.kind == "sent":
            if self._alarms:
                self._alarms.cleared("flood")
            return await self._outbox.sent(row, outcome.message, self._clock())
        _LOG.info("outbox row %s (%s): %s, %s", row.id, row.method, outcome.kind, outcome.reason)
        if outcome.kind == "refused":
            return await self._outbox.refused(row, outcome.reason, outcome.gone)
        if outcome.kind == "unsure":
            return await self._outbox.unsure(row, outcome.reason)
        await self._outbox.not_sent(row, retry_at)

    def _again_at(self, row: Row, outcome: Outcome, now: datetime) -> datetime:
        if outcome.wait is None:
            self._pace.unreachable(now, self._chance())
            return now + back_off(row.tries, self._chance())
        if outcome.wait >= LONGEST_WAIT and self._alarms:
            self._alarms.raised("flood", _FLOOD)
        rest = timedelta(seconds=outcome.wait + 0.1 + 0.9 * self._chance())
        self._pace.pause(row.chat, now + rest, now)
        return now + rest

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [task for _, task in self._flying.values()]
