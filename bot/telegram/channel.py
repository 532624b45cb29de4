"""Telegram as a channel: reads updates, shows effects; pure, and without I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channel import Heard, Outgoing, Stage
from bot.telegram import reading, showing
from bot.telegram.html import HTML, Words
from conversations.effects import Effect, Text


class TelegramChannel:
    """The channel of `bot.channel`, spoken over the Bot API.

    `username` is the bot's own name without `@`, as getMe gives it.
    """

    def __init__(self, words: Words, username: str = "") -> None:
        self._words = words
        self.username = username

    def read(self, update: Mapping[str, Any]) -> Heard | None:
        """What an update says; None for one that concerns nobody."""
        return reading.read(update, self.username)

    def show(self, effects: Sequence[Effect], stage: Stage) -> list[Outgoing]:
        """The requests that show these effects, in order."""
        return showing.show(effects, stage, self._words)

    def elsewhere(self, heard: Heard, language: str) -> list[Outgoing]:
        """The polite line for a chat that is not private."""
        link = f"https://t.me/{self.username}"
        line = self._words.say(Text("unclear.elsewhere", {"link": link}), language, HTML)
        return [Outgoing("sendMessage", showing.message(heard.chat, line))]
