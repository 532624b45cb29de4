"""Says "not saved" when nothing can be written down: straight to Telegram, past the outbox."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.channel import Channel, Heard, Stage
from bot.coach import Coach
from bot.faults import where
from bot.telegram.client import Caller
from conversations.effects import Notice, Say, Text

LOG = logging.getLogger(__name__)
NOT_SAVED = Text("troubles.not_saved_yet")


class Emergency:
    """Tells each seeker once per outage of the store that what they sent waits to be read."""

    def __init__(self, coach: Coach, channel: Channel, bot: Caller) -> None:
        self._coach = coach
        self._channel = channel
        self._bot = bot
        self._told: set[int] = set()

    def over(self) -> None:
        """The store writes again."""
        self._told.clear()

    async def tell(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """These updates could not be kept, or not be worked on."""
        for update in updates:
            heard = self._channel.read(update)
            if heard is None or heard.event is None or heard.elsewhere or heard.seeker in self._told:
                continue
            self._told.add(heard.seeker)
            try:
                await self._say(heard, update)
            except Exception as error:  # Telegram, too, is out of reach: nobody can be told anything
                LOG.error("a seeker could not be told: %s", where(error))
                self._told.discard(heard.seeker)

    async def _say(self, heard: Heard, update: Mapping[str, Any]) -> None:
        stage = Stage(heard.chat, await self._language(heard, update), None, heard.press)
        effect = Notice(NOT_SAVED) if heard.press else Say((NOT_SAVED,), manner="kept")
        for one in self._channel.show((effect,), stage):
            await self._bot.call(one.method, dict(one.payload))

    async def _language(self, heard: Heard, update: Mapping[str, Any]) -> str:
        with suppress(Exception):  # what cannot be written may still be read
            seeker = await self._coach.load(heard.seeker)
            if seeker is not None:
                return seeker.language
        shipped = {code for code, _ in self._coach.words.languages}
        said = str(getattr(heard.event, "language", ""))
        return said if said in shipped else "en"
