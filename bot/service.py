"""The coach on Telegram, running: intake, turns, the sender and the bell beside one another."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.bell import Bell
from bot.clock import Clock
from bot.coach import AT_ONCE, Coach
from bot.faults import where
from bot.menus import NAME, menus
from bot.post import Post
from bot.settings import BAD_SETTINGS, Settings
from bot.store import Store
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
REFUSED = (
    "Telegram does not accept the token. Get a new one from t.me/BotFather (/token), put it into "
    ".env as TELEGRAM_BOT_TOKEN=…, and start again."
)


class Service:
    """Everything that runs while the coach speaks Telegram."""

    def __init__(self, settings: Settings, script: Script, words: Words, store: Store, clock: Clock) -> None:
        token = settings.telegram_bot_token
        assert token is not None
        self._bot = make_bot(token.get_secret_value(), f"{settings.telegram_api_url}/bot")
        self._store = store
        self._words = words
        self._clock = clock
        self._channel = TelegramChannel(words)
        self._coach = Coach(script, words, store, self._channel, clock)
        self._work = asyncio.Event()
        self._post = Post(store, clock, lambda: self._sender.room, self._coach.left)
        self._sender = Sender(self._bot, self._post, clock.now)

    async def run(self, bell: Bell, stop: asyncio.Event) -> int:
        """Run until `stop` is set or the token is refused; the exit code."""
        try:
            if await self._begun(stop):
                bell.start()
                await self._until(stop)
        except TokenRefused:
            LOG.error(REFUSED)
            return BAD_SETTINGS
        finally:
            await self._bot.close_connections()
        return 0

    async def ring(self) -> None:
        """The bell rang: say what is due."""
        try:
            while rung := await self._coach.ring():
                self._sender.wake()
                if rung < AT_ONCE:
                    break
        except Exception as error:  # the next ring finds what this one could not say
            LOG.error("the bell could not ring: %s", where(error))

    async def tidy(self) -> None:
        """What has been kept long enough goes."""
        async with self._store.transaction() as t:
            await t.tidy(self._clock.now())

    async def keep(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Updates came in: they are stored first, and worked on soon."""
        await self._coach.keep(updates)
        self._work.set()

    async def _begun(self, stop: asyncio.Event) -> bool:
        """Begin, unless told to stop first: Telegram may be out of reach for hours."""
        begin, stopping = asyncio.create_task(self._begin()), asyncio.create_task(stop.wait())
        await asyncio.wait((begin, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not begin.done():
            begin.cancel()
            await asyncio.gather(begin, return_exceptions=True)
            return False
        await begin
        return True

    async def _begin(self) -> None:
        async with self._store.transaction() as t:
            found = await t.recover()
        if found.unsure:
            LOG.warning("%s messages may or may not have been sent when the coach last stopped", found.unsure)
        me = await self._who_am_i()
        self._channel.username = str(me["username"])
        await set_menu(self._bot, menus(self._words), NAME)
        LOG.info("speaking as @%s", me["username"])
        self._work.set()

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
        intake = asyncio.create_task(Intake(self._bot, self.keep).run())
        sender = asyncio.create_task(self._sender.run())
        turns = asyncio.create_task(self._turns())
        stopping = asyncio.create_task(stop.wait())
        tasks = (intake, sender, turns, stopping)
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        # No more is taken in; what is in hand is finished, and what is written goes out.
        intake.cancel()
        turns.cancel()
        stopping.cancel()
        self._sender.stop()
        await asyncio.wait((sender,), timeout=LAST_WORDS)
        sender.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            if not task.cancelled() and (error := task.exception()):
                raise error

    async def _turns(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                done = await asyncio.shield(self._coach.work())
            except Exception as error:  # a full disk, say: the updates wait where they are
                LOG.error("updates wait, they could not be worked on: %s", where(error))
                await asyncio.sleep(PATIENCE)
                self._work.set()
            else:
                if done:
                    self._sender.wake()
