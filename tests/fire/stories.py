"""Twelve conversations as lists of steps: raw updates, the bell at a moment, the sender recording.

A story is written as the lines somebody types, as in a transcript; `steps` plays it once in memory
and gives what reached the coach, so that it can be played again exactly, by any test.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from bot.building import build
from bot.clock import StoppedClock
from bot.coach import Coach
from bot.store import Store
from bot.telegram.callback import encode
from bot.telegram.channel import TelegramChannel
from bot.terminal.passing import passed
from bot.typed import buttons_now
from bot.words import Words
from conversations import Script, Seeker
from conversations.readers import folded
from tests.fire.rig import CHICAGO, START, Step, send_all
from tests.playing import FOLDER, opening_of, read

DANA = {"id": 1001, "is_bot": False, "first_name": "Dana", "language_code": "en"}
CHAT = {"id": 1001, "type": "private", "first_name": "Dana"}


@dataclass(frozen=True)
class Story:
    """A conversation: the opening it follows, and the lines of its own."""

    name: str
    after: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A story as it reached the coach: the steps of its opening, and those of its own."""

    name: str
    opening: tuple[Step, ...]
    steps: tuple[Step, ...]


def transcript(name: str) -> Story:
    """The story that a transcript tells."""
    found = read((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    return Story(name, found.after, found.played)


STORIES = (
    Story("welcome, zone and first ask", "", opening_of("asked")),
    Story("settings", "asked", ("/settings", "[Time zone]", "[Denver]", "[Language]", "[Español]", "/next")),
    transcript("names_and_a_contact"),
    Story("a name changed and taken off", "asked", (
        "/people", "[Sam Chen]", "[How close we are]", "[Not yet]", "/people", "[Sam Chen]",
        "[Take off my list]", "[1]")),
    transcript("draft_changed"),
    transcript("questions_changed"),
    transcript("moved"),
    transcript("a_nudge_put_off_asked_why_and_stopped"),
    transcript("weekly_plan"),
    transcript("thank_you_forgotten"),
    Story("export", "met", ("/export", "/next", "[Good]", "Start as an aide", "[Yes]")),
    transcript("erased"),
)  # fmt: skip


class Teller:
    """Plays lines through a coach in memory, and writes down what reaches it."""

    def __init__(self, script: Script, words: Words, store: Store) -> None:
        self._clock = StoppedClock(START)
        self._coach = Coach(script, words, store, TelegramChannel(words, "coach_bot"), self._clock)
        self._number = 0
        self.steps: list[Step] = []

    async def hear(self, line: str) -> None:
        """One line: words, a command, `[Button]`, `/contact Name, phone` or `/pass 3 days`."""
        if line.startswith("/pass "):
            await self._pass(line.removeprefix("/pass "))
            return
        await self._take(Step("update", self._clock.now(), await self._update(line)))
        await self._take(Step("send", self._clock.now()))

    async def _take(self, step: Step) -> None:
        self.steps.append(step)
        if step.kind == "update":
            await self._coach.keep([step.update])
            await self._coach.work()
        elif step.kind == "ring":
            await self._coach.ring()
        else:
            await send_all(self._coach)

    async def _pass(self, words: str) -> None:
        until = passed(words, self._clock.now(), CHICAGO)
        while (due := await self._next_due()) and due <= until:
            self._clock.set(max(due, self._clock.now()))
            await self._take(Step("ring", self._clock.now()))
            await self._take(Step("send", self._clock.now()))
        self._clock.set(until)

    async def _next_due(self) -> datetime | None:
        async with self._coach.store.transaction() as t:
            return await t.next_due()

    async def _update(self, line: str) -> Mapping[str, Any]:
        self._number += 1
        update: dict[str, Any] = {"update_id": 5000 + self._number}
        if pressed := re.fullmatch(r"\[(.+)\]", line):
            return {**update, "callback_query": await self._press(pressed[1])}
        message: dict[str, Any] = {"message_id": self._number, "date": 0, "from": DANA, "chat": CHAT}
        if line.startswith("/contact "):
            name, _, phone = line.removeprefix("/contact ").partition(",")
            message["contact"] = {"first_name": name.strip(), "phone_number": phone.strip()}
        else:
            message["text"] = line
        return {**update, "message": message}

    async def _press(self, wanted: str) -> dict[str, Any]:
        seeker = await self._coach.load(DANA["id"]) or Seeker()  # type: ignore[arg-type]
        found = buttons_now(self._coach.script, self._coach.words, seeker, self._clock.now())
        data = next(
            (encode(one) for number, (one, label) in enumerate(found, 1)
             if folded(label) == folded(wanted) or wanted == str(number)), None,
        )  # fmt: skip
        assert data, f"no button [{wanted}] here; there are: {[label for _, label in found]}"
        shown = {"message_id": 1, "date": 0, "chat": CHAT, "from": {"id": 1, "is_bot": True}}
        return {
            "id": f"tap {self._number}",
            "from": DANA,
            "message": shown,
            "chat_instance": "1",
            "data": data,
        }


@cache
def built() -> tuple[Script, Words]:
    """The conversation and its words, read once."""
    return build()


async def told(story: Story) -> Told:
    """The steps of a story."""
    script, words = built()
    store = await Store.open(":memory:")
    teller = Teller(script, words, store)
    for line in opening_of(story.after):
        await teller.hear(line)
    opening = len(teller.steps)
    for line in story.lines:
        await teller.hear(line)
    await store.close()
    return Told(story.name, tuple(teller.steps[:opening]), tuple(teller.steps[opening:]))
