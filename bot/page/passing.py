"""Lets time pass for a running coach and its local Telegram: from one nudge to the next, none left out."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from bot.clock import WallClock
from bot.faults import where
from bot.page.scene import NotDone, Scene
from bot.service import Service
from bot.store import Store, StoreError

LOG = logging.getLogger(__name__)
#: How long the coach may take to say what is due before time goes on without it, in seconds.
PATIENCE: Final = 10.0
_LOOK: Final = 0.02
NO_NUDGE: Final = (
    "No nudge is planned. Go on with the conversation: after a first message is sent, the coach has "
    "something to come back to."
)
NOT_NOW: Final = "It is time for the nudge, but Telegram is out of reach. It comes once that is over."


class Passage:
    """One clock for all: the coach's, Telegram's and the phones'.

    `begin` is told of the coach once it runs; until then time passes without it.
    """

    def __init__(self, scene: Scene, clock: WallClock) -> None:
        self.scene, self._clock = scene, clock
        self._coach: tuple[Service, Store] | None = None
        self._one_at_a_time = asyncio.Lock()

    def begin(self, service: Service, store: Store) -> None:
        """The coach runs."""
        self._coach = service, store

    def end(self) -> None:
        """The coach is about to end."""
        self._coach = None

    async def next_due(self) -> datetime | None:
        """When the next nudge is planned, of all seekers."""
        if self._coach is None:
            return None
        with suppress(StoreError):  # a store that is no more plans nothing
            async with self._coach[1].transaction() as t:
                return await t.next_due()
        return None

    async def pass_(self, span: timedelta) -> None:
        """So much time goes by; whatever becomes due in it is said at its own moment."""
        async with self._one_at_a_time:
            await self.settled()
            before = self.scene.newest()
            await self._until(self._clock.now() + span)
            self.scene.lock(before)

    async def to_next_nudge(self) -> None:
        """Time goes by until the next nudge is said. Raises NotDone where none is planned."""
        async with self._one_at_a_time:
            await self.settled()
            due = await self.next_due()
            if due is None:
                raise NotDone(NO_NUDGE)
            before = self.scene.newest()
            await self._stand_at(max(due, self._clock.now()))
            self.scene.lock(before)
            if self.scene.faults.away:
                raise NotDone(NOT_NOW)

    async def _until(self, end: datetime) -> None:
        last = None
        while (due := await self.next_due()) and due <= end and due != last:
            await self._stand_at(max(due, self._clock.now()))
            last = due
        await self._stand_at(max(end, self._clock.now()))

    async def _stand_at(self, moment: datetime) -> None:
        """It is this moment: the bell rings, and what it set off is said."""
        span = moment - self._clock.now()
        self._clock.set(moment)
        self.scene.tell()
        if self._coach is None:
            return
        service, _ = self._coach
        if not self.scene.faults.away:
            service.contact.goes_along(span)
        try:
            await service.jobs.ring()
        except Exception as error:  # Telegram out of reach, say: the bell rings again by itself
            LOG.warning("the bell could not ring: %s", where(error))
        await self.settled()

    async def settled(self) -> None:
        """What the seekers did is answered, and what was to be said is said; or it takes too long."""
        end = monotonic() + PATIENCE
        while self._coach and not self.scene.faults.away and monotonic() < end:
            idle = await self._coach[0].is_idle(timedelta(seconds=PATIENCE))
            if idle and not self.scene.api.updates.waiting:
                return
            await asyncio.sleep(_LOOK)
