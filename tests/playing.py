"""Plays a transcript through the whole coach: inbox, turn, outbox, terminal; and what goes wrong there."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import StoppedClock
from bot.coach import Coach
from bot.store import OutboxRow, Store
from bot.terminal.transcript import line_of, lines_of
from bot.turn import Past
from bot.words import Words
from conversations import Script
from tests.mishaps import MISHAP, TRIES, DoubtfulTalk, FaultyChannel, NewLaw, away

FOLDER = Path(__file__).parent / "transcripts"
STAMP = re.compile(r"-- \w+ \d{4}-\d\d-\d\d \d\d:\d\d --")
YOU, PASS = "  you: ", "-- pass "


@dataclass(frozen=True)
class Transcript:
    """A transcript file: its head, what is played before, and the lines that are played."""

    head: tuple[str, ...]
    played: tuple[str, ...]
    language: str
    zone: str
    start: datetime
    after: str
    short: bool


def read(text: str) -> Transcript:
    """A transcript from its text."""
    lines = text.split("\n")
    head = tuple(line for line in lines if line.startswith("#"))
    told = dict(line[2:].split(": ", 1) for line in head if ": " in line)
    zone = told.get("zone", "America/Chicago")
    start = datetime.fromisoformat(told.get("start", "2026-11-23T10:00")).replace(tzinfo=ZoneInfo(zone))
    return Transcript(
        head, played_in(lines), told.get("language", ""), zone, start, told.get("after", ""),
        told.get("show") == "short",
    )  # fmt: skip


def played_in(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines that the seeker types, in order; of a message of several lines, all of them."""
    played = []
    for line in lines:
        if line.startswith(YOU):
            played.append(line.removeprefix(YOU).replace(" ⏎ ", "\n"))
        elif line.startswith(PASS):
            played.append("/pass " + line.removeprefix(PASS).removesuffix(" --"))
        elif MISHAP.fullmatch(line):
            played.append(line)
    return tuple(played)


@dataclass
class Player:
    """A talk with a clock that stands still; every turn may be followed by a restart."""

    script: Script
    words: Words
    transcript: Transcript
    restarts: bool = False
    past: Past = field(default_factory=Past)
    faults: int = 0
    doubt: bool = False

    async def play(self, path: Path) -> str:
        """The transcript as the coach plays it now; `path` is where the store lies."""
        clock = StoppedClock(self.transcript.start)
        opening = opening_of(self.transcript.after)
        store, talk = await self._open(path, clock)
        for line in opening:
            [one async for one in talk.hear(line)]
        lines = [*self.transcript.head]
        for line in self.transcript.played:
            if self.restarts:
                await store.close()
                store, talk = await self._open(path, clock)
            lines.append(_typed(line))
            if wrong := MISHAP.fullmatch(line):
                store, talk = await self._go_wrong(wrong, path, clock, store)
            else:
                lines.extend(await _shown(talk.hear(line), short=self.transcript.short))
                self.faults, self.doubt = 0, talk.doubt
        await store.close()
        return "\n".join(lines) + "\n"

    async def _open(self, path: Path, clock: StoppedClock) -> tuple[Store, DoubtfulTalk]:
        store = await Store.open(path)
        channel = FaultyChannel(self.words, self.transcript.language, "Dana")
        channel.faults = self.faults
        coach = Coach(self.script, self.words, store, channel, clock)
        coach.turns.past = self.past
        talk = DoubtfulTalk(coach, clock, ZoneInfo(self.transcript.zone))
        talk.doubt = self.doubt
        await talk.begin()
        return store, talk

    async def _go_wrong(
        self, wrong: re.Match[str], path: Path, clock: StoppedClock, store: Store
    ) -> tuple[Store, DoubtfulTalk]:
        """What goes wrong is there after a restart as well: so it begins with one."""
        if wrong["away"]:
            self.past = away(wrong["away"], clock.now())
            clock.set(self.past.away.until if self.past.away else clock.now())
        if wrong["what"]:
            self.faults, self.doubt = (TRIES, False) if wrong["what"] == "fault" else (0, True)
        if wrong["zone"]:
            law = NewLaw(self.script.calendar, wrong["zone"], wrong["like"])
            self.script = replace(self.script, calendar=law)
        await store.close()
        store, talk = await self._open(path, clock)
        if wrong["zone"]:
            await talk.coach.reckon_anew()
        return store, talk


def opening_of(name: str) -> tuple[str, ...]:
    """The lines of an opening, and of the one it follows itself."""
    if not name:
        return ()
    text = (FOLDER / "openings" / f"{name}.txt").read_text(encoding="utf-8")
    before = read(text).after
    return (*opening_of(before), *read(text).played)


def _typed(line: str) -> str:
    if MISHAP.fullmatch(line):
        return line
    if line.startswith("/pass "):
        return f"{PASS}{line.removeprefix('/pass ')} --"
    return YOU + line.replace("\n", " ⏎ ")


async def _shown(said: AsyncIterator[OutboxRow | str], *, short: bool) -> list[str]:
    whole = [one async for one in said]
    if not short:
        return [line for one in whole for line in ([one] if isinstance(one, str) else lines_of(one))]
    shown: list[str] = []
    for is_line, group in groupby(whole, lambda one: isinstance(one, str)):
        shown.extend(_short(list(group), is_line))
    return shown


def _short(group: list[OutboxRow | str], is_line: bool) -> list[str]:
    """A stamp of the clock is left out: when a nudge came is in the long transcripts."""
    if is_line:
        return [str(one) for one in group if not STAMP.fullmatch(str(one))]
    return [line_of([one for one in group if not isinstance(one, str)])]
