"""The coach on Telegram, running: intake, turns, the sender and the bell beside one another."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.alarms import Alarms
from bot.bell import Bell
from bot.clock import Clock
from bot.coach import Coach
from bot.contact import Contact
from bot.emergency import Emergency
from bot.faults import where
from bot.jobs import Jobs
from bot.menus import NAME, menus
from bot.post import Post
from bot.settings import BAD_SETTINGS
from bot.settling import Settler
from bot.store import Store, StoreBroken
from bot.telegram.channel import TelegramChannel
from bot.telegram.client import make_bot
from bot.telegram.intake import Intake
from bot.telegram.menu import set_menu
from bot.telegram.outcomes import TokenRefused, judge
from bot.telegram.sender import Sender
from bot.words import Words
from conversations import Script

LOG = logging.getLogger(__name__)
LAST_WORDS = 15.0
PATIENCE = 5.0
CLOCK_CHECK = 60.0
BROKEN = 74  # EX_IOERR of sysexits.h: the disk does not keep what it is given
REFUSED = (
    "Telegram does not accept the token. Get a new one from t.me/BotFather (/token), put it into "
    ".env as TELEGRAM_BOT_TOKEN=…, and start again."
)


class Service:
    """Everything that runs while the coach speaks Telegram."""

    def __init__(
        self, token: str, api: str, script: Script, words: Words, store: Store, clock: Clock,
        backups: Path | None = None, *, settles: bool = True,
    ) -> None:  # fmt: skip
        self.alarms = Alarms(clock.now)
        self.contact = Contact(store, clock, self.alarms)
        self._bot = make_bot(token, f"{api}/bot", on_date=self.contact.saw_date)
        self._words, self._clock = words, clock
        self._channel = TelegramChannel(words)
        self._coach = Coach(script, words, store, self._channel, clock)
        self._work = asyncio.Event()
        self._post = Post(store, clock, self._coach)
        self._sender = Sender(self._bot, self._post, clock.now, alarms=self.alarms)
        self._emergency = Emergency(self._coach, self._channel, self._bot)
        settler = Settler(store, self._bot, clock) if settles else None
        self.jobs = Jobs(
            store, clock, self._coach, self.contact, self._post, self._sender, settler, self.alarms,
            self._bot, backups,
        )  # fmt: skip
        self._store = store
        self._begun = False

    async def run(self, bell: Bell, stop: asyncio.Event) -> int:
        """Run until `stop` is set, the token is refused, or the disk is broken; the exit code."""
        try:
            await self._before(stop, self._begin())
            if self._begun:
                self.jobs.hang(bell)
                bell.start()
                await self._until(stop)
        except TokenRefused:
            LOG.error(REFUSED)
            return BAD_SETTINGS
        except StoreBroken as error:
            LOG.error("%s", error)
            return BROKEN
        finally:
            with suppress(Exception):  # or a short stop would look longer than it was
                await self.contact.note()
            await self._bot.close_connections()
        return 0

    async def keep(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Updates came in: they are stored first, and worked on soon."""
        try:
            await self._coach.keep(updates)
        except Exception:
            await self._emergency.tell(updates)
            raise
        self._work.set()

    async def is_idle(self, soon: timedelta = timedelta()) -> bool:
        """Whether nothing waits: no update for its turn, no message that may leave or is on its way."""
        now = self._clock.now() + soon
        async with self._store.transaction() as t:
            waits = (
                await t.waiting_updates(1)
                or await t.pending("reply", now, 1)
                or await t.pending("nudge", now, 1)
            )
        return not waits and not self._sender.flying

    async def _heard(self) -> None:
        await self.contact.heard()
        self._coach.turns.past = self.contact.past

    async def _before(self, stop: asyncio.Event, work: Any) -> None:
        """Await this, unless told to stop first: Telegram may be out of reach for hours."""
        begin, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
        await asyncio.wait((begin, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not begin.done():
            begin.cancel()
        await asyncio.gather(begin, stopping, return_exceptions=True)
        if not begin.cancelled() and (error := begin.exception()):
            raise error

    async def _begin(self) -> None:
        await self.contact.begin()
        me = await self._who_am_i()
        while not self.contact.clock_is_right:
            await asyncio.sleep(CLOCK_CHECK)
            await self._who_am_i()
        found = await self._post.begin()
        if found.unsure:
            LOG.warning("%s messages were under way when the coach last stopped", found.unsure)
        self._coach.turns.past = self.contact.past
        self._channel.username = str(me["username"])
        await set_menu(self._bot, menus(self._words), NAME)
        LOG.info("speaking as @%s", me["username"])
        self._work.set()
        self._begun = True

    async def _who_am_i(self) -> Mapping[str, Any]:
        """getMe, as often as it takes: an outage at the start is no reason to give up."""
        wait = timedelta(seconds=2)
        while True:
            try:
                me: Mapping[str, Any] = await self._bot.call("getMe")
            except Exception as error:
                outcome = judge(error, "getMe")  # raises TokenRefused for a token that is not one
                LOG.warning("Telegram cannot be reached (%s); trying again in %s", outcome.reason, wait)
                await asyncio.sleep(wait.total_seconds())
                wait = min(wait * 2, timedelta(minutes=5))
            else:
                return me

    async def _until(self, stop: asyncio.Event) -> None:
        taking = Intake(self._bot, self.keep, heard=self._heard, alarms=self.alarms)
        intake = asyncio.create_task(taking.run())
        sender = asyncio.create_task(self._sender.run())
        turns = asyncio.create_task(self._turns())
        stopping, ending = asyncio.create_task(stop.wait()), asyncio.create_task(self._store.broken.wait())
        tasks: tuple[asyncio.Task[Any], ...] = (intake, sender, turns, stopping, ending)
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        # No more is taken in; what is in hand is finished, and what is under way lands.
        self._coach.turns.resting = True
        self._work.set()
        self._sender.stop()
        intake.cancel()
        await asyncio.wait((sender, turns), timeout=LAST_WORDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._store.broken.is_set():
            raise StoreBroken(self._store.file)
        for task in done:
            if not task.cancelled() and (error := task.exception()):
                raise error

    async def _turns(self) -> None:
        while not self._coach.turns.resting:
            await self._work.wait()
            self._work.clear()
            try:
                done = await self._coach.work()
            except StoreBroken:
                raise
            except Exception as error:  # a full disk, say: the updates wait where they are
                LOG.error("updates wait, they could not be worked on: %s", where(error))
                with suppress(Exception):  # nor can they be read, it may be
                    await self._emergency.tell(await self._coach.turns.waiting())
                await asyncio.sleep(PATIENCE)
                self._work.set()
            else:
                self._emergency.over()
                if done:
                    self._sender.wake()
