"""Every request that the coach makes for Telegram in the transcripts, in each language and at each press."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.channel import Outgoing, Press, Stage
from bot.menus import NAME, menus
from bot.telegram.channel import TelegramChannel
from bot.telegram.menu import set_menu
from bot.terminal.channel import TerminalChannel
from bot.words import Words
from conversations import Script
from conversations.effects import Effect
from tests.playing import FOLDER, Player, read

CHAT = 1001
Json = dict[str, Any]
Request = tuple[str, Json]


async def played(
    script: Script, words: Words, path: Path, transcripts: Sequence[str] = ("*",)
) -> list[Request]:
    """What the coach sends on Telegram while these transcripts are played; each request once."""
    made: dict[str, Request] = {}
    shows = TerminalChannel.show

    def overheard(self: TerminalChannel, effects: Sequence[Effect], stage: Stage) -> list[Outgoing]:
        for request in _on_telegram(effects, stage, words):
            made.setdefault(json.dumps(request, sort_keys=True, default=repr), request)
        return shows(self, effects, stage)

    files = sorted({file for name in transcripts for file in FOLDER.glob(f"{name}.txt")})
    with patch.object(TerminalChannel, "show", overheard):
        for number, file in enumerate(files):
            text = read(file.read_text(encoding="utf-8"))
            await Player(script, words, text).play(path / f"{number}.db")
    return list(made.values())


def _on_telegram(effects: Sequence[Effect], stage: Stage, words: Words) -> list[Request]:
    channel = TelegramChannel(words, "twenty_test_bot")
    typed = replace(stage, chat=CHAT, screen=40, press=None)
    stages = [typed, replace(typed, press=Press("q1", 40)), replace(typed, screen=None)]
    return [
        request_of(one)
        for before in stages
        for code, _ in words.languages
        for one in channel.show(effects, replace(before, language=code))
    ]


def request_of(one: Outgoing) -> Request:
    """A method and its fields, with the file as an upload has it."""
    if not one.file_name:
        return one.method, dict(one.payload)
    return one.method, {**one.payload, "document": {"file_name": one.file_name, "content": one.file}}


class MenuCaller:
    """A bot that knows no menu yet, and records what it is asked."""

    def __init__(self) -> None:
        self.made: list[Request] = []

    async def call(self, method: str, payload: Json) -> Any:
        """Takes everything; has nothing."""
        self.made.append((method, payload))
        return [] if method == "getMyCommands" else {}


async def menu(words: Words) -> list[Request]:
    """The requests that set the menu in every language."""
    caller = MenuCaller()
    await set_menu(caller, menus(words), NAME)
    return caller.made


def as_form(params: Json) -> Json:
    """The fields as they travel in a form: text as it is, all else as JSON; a file stays one."""
    return {
        name: value if isinstance(value, str) or name == "document" else json.dumps(value)
        for name, value in params.items()
    }
