"""Talking with the coach line by line: typed words, `[Button]`, `/pass 3 days`."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, Protocol

from bot.clock import Clock
from bot.coach import Coach
from bot.store import OutboxRow, Transaction
from bot.terminal.channel import SEEKER
from bot.terminal.passing import NotATime, passed
from bot.typed import buttons_now
from conversations import Seeker
from conversations.readers import folded

PRESSED = re.compile(r"\[(.+)\]")


class MovingClock(Clock, Protocol):
    """A clock that can be told what time it is."""

    def set(self, moment: datetime) -> None:
        """Let it be this moment."""


class Talk:
    """One conversation in a terminal. Every method gives what is to be shown, in order."""

    def __init__(self, coach: Coach, clock: MovingClock, zone: tzinfo) -> None:
        self.coach = coach
        self.clock = clock
        self._zone = zone
        self._next = 0

    async def begin(self) -> None:
        """Go on counting where an earlier conversation in the same file ended."""
        async with self.coach.store.transaction() as t:
            self._next = int(await t.get_note("talk_line") or 0)
            clock = await t.get_note("talk_clock")
        if clock and datetime.fromisoformat(clock) > self.clock.now():
            self.clock.set(datetime.fromisoformat(clock))

    async def is_new(self) -> bool:
        """Whether nobody has talked here yet."""
        return await self.coach.load(SEEKER) is None

    async def hear(self, line: str) -> AsyncIterator[OutboxRow | str]:
        """One line of the seeker: rows that the coach says, or a plain line from the terminal."""
        words = line.strip()
        if words.startswith("/pass"):
            async for one in self._pass(words.removeprefix("/pass")):
                yield one
            return
        update = await self._update(words)
        if isinstance(update, str):
            yield update
            return
        await self._take(update)
        for row in await self.said():
            yield row

    async def said(self) -> list[OutboxRow]:
        """What the coach has said since the last time, now counted as sent."""
        rows: list[OutboxRow] = []
        now = self.clock.now()
        async with self.coach.store.transaction() as t:
            while pending := await _waiting(t, now):
                await t.claim([one.id for one in pending], now)
                for one in pending:
                    await t.settle(one.id, "sent", now=now)
                rows.extend(pending)
            await t.set_note("talk_line", str(self._next))
            await t.set_note("talk_clock", now.isoformat())
        return sorted(rows, key=lambda one: one.id)

    async def _take(self, update: Mapping[str, Any]) -> None:
        self._next += 1
        await self.coach.keep([{"update_id": self._next, **update}])
        await self.coach.work()

    async def _update(self, words: str) -> Mapping[str, Any] | str:
        """The line as an update, or why it cannot be one."""
        pressed = PRESSED.fullmatch(words)
        if pressed:
            return await self._press(pressed[1])
        if words.startswith("/contact "):
            name, _, phone = words.removeprefix("/contact ").partition(",")
            return {"kind": "contact", "name": name.strip(), "phone": phone.strip()}
        if words.startswith("/show "):
            return {"kind": "show", "what": words.removeprefix("/show ").strip()}
        if re.fullmatch(r"/\w{1,32}", words):
            return {"kind": "command", "name": words[1:].lower()}
        return {"kind": "text", "words": words}

    async def _press(self, wanted: str) -> Mapping[str, Any] | str:
        seeker = await self.coach.load(SEEKER) or Seeker()
        coach = self.coach
        buttons = buttons_now(coach.script, coach.words, seeker, self.clock.now())
        for number, (button, label) in enumerate(buttons, 1):
            if folded(label) == folded(wanted) or wanted.strip() == str(number):
                return {"kind": "press", "step": button.step, "option": button.option,
                        "person": button.person, "entered": button.entered}  # fmt: skip
        there = " ".join(f"[{label}]" for _, label in buttons)
        return f"-- no button [{wanted}] here; there are: {there or 'none'} --"

    async def _pass(self, words: str) -> AsyncIterator[OutboxRow | str]:
        try:
            until = passed(words, self.clock.now(), await self._seekers_zone())
        except NotATime as error:
            yield f"-- {error} --"
            return
        while (due := await self._next_due()) and due <= until:
            self.clock.set(max(due, self.clock.now()))
            await self.coach.ring()
            for row in await self.said():
                yield await self._stamp()
                yield row
        self.clock.set(max(until, self.clock.now()))
        await self.said()

    async def _next_due(self) -> datetime | None:
        async with self.coach.store.transaction() as t:
            return await t.next_due()

    async def _seekers_zone(self) -> tzinfo:
        seeker = await self.coach.load(SEEKER)
        zone = seeker.zone if seeker else ""
        return self.coach.script.calendar.zone(zone) if zone else self._zone

    async def _stamp(self) -> str:
        moment = self.clock.now().astimezone(await self._seekers_zone())
        return f"-- {moment:%A %Y-%m-%d %H:%M} --"


async def _waiting(t: Transaction, now: datetime) -> list[OutboxRow]:
    return [*await t.pending("reply", now, 50), *await t.pending("nudge", now, 50)]
