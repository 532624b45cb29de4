"""What the bell wakes: each job looks at the store, does what is due, and remembers nothing."""

import asyncio
import logging
from pathlib import Path

from bot.alarms import Alarms
from bot.backups import back_up
from bot.bell import Bell
from bot.clock import Clock
from bot.coach import Coach
from bot.contact import Contact
from bot.failpoints import passing
from bot.post import Post
from bot.settling import Settler
from bot.store import Store
from bot.telegram.client import Caller
from bot.telegram.sender import Sender
from bot.turns import AT_ONCE
from bot.zones_age import forget_zones, zones_version

LOG = logging.getLogger(__name__)
RING, SETTLE, CONTACT, SCRUB, ZONES, HOUR = 15, 15, 30, 30, 60, 3600
ZONES_NOTE = "zones"
# As many as can leave until the bell rings again, and between two parts the replies have a moment.
PARTS, PAUSE = 8, 0.1
MOVED_AWAY = (
    "the database file was moved or deleted while the coach runs, and nothing it does is kept. "
    "Stop the coach, put the file back, and start it."
)


class Jobs:
    """All of them. One that fails is tried again at its next ring."""

    def __init__(
        self, store: Store, clock: Clock, coach: Coach, contact: Contact, post: Post, sender: Sender,
        settler: Settler | None, alarms: Alarms, bot: Caller, folder: Path | None,
    ) -> None:  # fmt: skip
        self._store, self._clock, self._coach, self._contact = store, clock, coach, contact
        self._post, self._sender, self._settler = post, sender, settler
        self._alarms, self._bot, self._folder = alarms, bot, folder

    def hang(self, bell: Bell) -> None:
        """Let the bell wake each at its interval."""
        bell.every(ZONES, self.zones, soon=True)
        bell.every(RING, self.ring, soon=True)
        bell.every(SETTLE, self.settle)
        bell.every(CONTACT, self._contact.note)
        bell.every(SCRUB, self.scrub)
        bell.every(HOUR, self.tidy, soon=True)
        bell.every(HOUR, self.back_up, soon=True)

    async def ring(self) -> None:
        """Say what is due, unless the clock cannot be relied on."""
        if not self._store.still_ours():
            self._alarms.raised("database", MOVED_AWAY)
        if self._contact.may_be_off:
            await self._bot.call("getMe", {})
        if not self._contact.clock_is_right:
            return
        for _ in range(PARTS):
            rung = await self._coach.ring()
            self._sender.wake()
            if rung < AT_ONCE:
                break
            await asyncio.sleep(PAUSE)

    async def settle(self) -> None:
        """Ask Telegram after what may or may not have arrived, unless that is turned off."""
        if await self._post.was_mended():
            await self._post.begin(self._sender.flying)
        if self._settler is not None and await self._settler.settle():
            self._sender.wake()

    async def scrub(self) -> None:
        """Take the bytes of whoever was erased out of the files."""
        await self._store.scrub_if_owed()

    async def zones(self) -> None:
        """Clock changes that governments moved: every plan is reckoned anew, hours on the wall stay."""
        found = zones_version()
        async with self._store.transaction() as t:
            known = await t.get_note(ZONES_NOTE)
        if known == found:
            return
        if known is not None:
            forget_zones()
            moved = await self._coach.reckon_anew()
            LOG.warning("time-zone data changed: all plans reckoned anew, %s seekers moved", moved)
        async with self._store.transaction() as t:
            await t.set_note(ZONES_NOTE, found)

    async def tidy(self) -> None:
        """What has been kept long enough goes; by a wrong clock that would be everything."""
        if not self._contact.clock_is_right:
            return
        async with self._store.transaction() as t:
            await t.tidy(self._clock.now())
        passing("tidy.done")

    async def back_up(self) -> None:
        """Copy the database, check the copy, and let old ones go; by a wrong clock all are old."""
        if self._folder is not None and self._contact.clock_is_right:
            await back_up(self._store, self._folder, self._clock.now())
