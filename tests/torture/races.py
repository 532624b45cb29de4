"""S13: people stop or put off what is just being sent; it is never sent after that, or they are told."""

import asyncio
import random
import sqlite3
import tempfile
import time as stopwatch
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.local.faults import slow
from bot.local.people import keys_of
from conversations.effects import Text
from tests.fire.time_kit import owing
from tests.torture.houses import built, keep
from tests.torture.result import Result
from tests.torture.scene import Scene, person_of, scene
from tests.torture.short import MORNING, SEEN

COUNTED = ("run", "in_flight", "withdrawn", "ghosts", "untold", "in_vain", "doubled", "lost")
DAY = timedelta(days=1)
GAP, NEAR = 0.04, 0.05
LATE = 0.02
"""About how long it takes from a press to its turn."""
FLIGHT = 0.6
"""Far longer than that: whoever presses at its beginning does so in the midst of it."""
TWO_RINGS = 1.5
"""Of the bell of these coaches."""
RECORDING = 500
"""Milliseconds between when an answer came and when that is committed, on a busy machine."""
KINDS = ("stop", "stop", "later", "words")
SECOND = (
    "SELECT claimed, settled FROM outbox WHERE chat = ? AND kind = 'nudge' AND state = 'sent' AND made >= ?"
)
OWED = "SELECT 1 FROM nudges WHERE seeker = ? AND rule = 'promise_mine'"
PRESSED = "SELECT done FROM inbox WHERE update_id = ?"


@dataclass(frozen=True)
class When:
    """When people press: seconds after somebody so many nudges before them is written to, give or take.

    `flight`: how long each request is under way.
    """

    ahead: int = 2
    wait: float = 2 * GAP - LATE
    near: float = NEAR
    flight: float = 0.03


AS_IT_LEAVES = When()
ON_ITS_WAY = When(ahead=0, wait=0.0, near=0.0, flight=FLIGHT)
STILL_WAITING = When(ahead=4, wait=0.0, near=0.0, flight=FLIGHT)


class Watched(list[Any]):
    """The calls that came in; somebody is told of each."""

    def __init__(self, told: Callable[[Any], None]) -> None:
        super().__init__()
        self._told = told

    def append(self, one: Any) -> None:
        """As a list, and tell."""
        super().append(one)
        self._told(one)


@dataclass
class Races:
    """What races came to. `ghosts`: sent after the end of it was confirmed. `in_vain`: told of nothing."""

    run: int = 0
    in_flight: int = 0
    withdrawn: int = 0
    ghosts: int = 0
    untold: int = 0
    in_vain: int = 0
    doubled: int = 0
    lost: int = 0
    pressed: dict[int, tuple[str, int]] = field(default_factory=dict)


class Race:
    """Presses for whoever is soon to be nudged, or is being nudged."""

    def __init__(self, there: Scene, seed: int, when: When) -> None:
        self._there, self._chance, self._when = there, random.Random(seed), when
        self._tasks: set[asyncio.Task[None]] = set()
        self.pressed: dict[int, tuple[str, int]] = {}
        self.on = False

    def told(self, call: Any) -> None:
        """A request came in: so many after it, somebody presses."""
        if not self.on or call.method != "sendMessage":
            return
        when = self._when
        number = int(call.params["chat_id"]) + when.ahead
        if number in self.pressed or number not in self._there.standin.world.chats:
            return
        self.pressed[number] = ("", 0)
        wait = when.wait + self._chance.uniform(-when.near, when.near)
        task = asyncio.create_task(self._press(number, wait))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _press(self, number: int, wait: float) -> None:
        kind = KINDS[number % len(KINDS)]
        await asyncio.sleep(wait)
        one = person_of(self._there, number)
        if kind == "words":
            update = one.types("/people")
        else:
            message = next(each for each in one.chat.messages.values() if keys_of(each))
            taps = [key["callback_data"] for key in keys_of(message) if "callback_data" in key]
            data = next(tap for tap in taps if f"|{kind}|" in tap)
            update = one.sends_press(message, data)
        self.pressed[number] = (kind, int(update["update_id"]))


async def races(
    count: int, seed: int, when: When = AS_IT_LEAVES, bad: str = "", goes_on: float = TWO_RINGS
) -> Races:
    """So many at once: all were nudged yesterday, and are owed the next one now.

    `goes_on`: seconds after the last race, in which what was overtaken and is owed again comes.
    """
    seekers = {1001 + one: owing("America/Chicago", SEEN, [2, 3]) for one in range(count)}
    with tempfile.TemporaryDirectory() as name:
        await keep(Path(name) / "coach.db", built()[0], seekers, SEEN)
        async with scene(MORNING, Path(name) / "coach.db", people=count) as there:
            race = Race(there, seed, when)
            there.standin.calls = Watched(race.told)
            await _nudged(there, 1)
            await there.stop()
            _nobody_was_away(there)
            there.clock.set(MORNING + DAY)
            there.standin.calls.clear()
            there.standin.faults.always("sendMessage", slow(when.flight))
            race.on = True
            await there.start(backups="", bad=bad)
            await there.until(lambda: len(race.pressed) >= count - when.ahead, "every race", settles=False)
            await asyncio.sleep(2 * GAP + NEAR)
            await there.quiet(settles=False)
            await asyncio.sleep(goes_on)
            await there.quiet(settles=False)
            await there.stop()
            return _judged(there, race.pressed)


async def _nudged(there: Scene, times: int) -> None:
    await there.start(backups="")
    chats = list(there.standin.world.chats)
    await there.until(
        lambda: all(len(person_of(there, one).received()) >= times for one in chats), "nudges", settles=False
    )
    await there.quiet(settles=False)


def _nobody_was_away(there: Scene) -> None:
    with closing(sqlite3.connect(there.db)) as house, house:
        house.execute("DELETE FROM notes_of_house WHERE key = 'contact'")


def _judged(there: Scene, pressed: dict[int, tuple[str, int]]) -> Races:
    found, words = Races(pressed=pressed), built()[1]
    said = there.said()
    sentence = words.say(Text("troubles.just_left"), "en")
    since = int((MORNING + DAY - timedelta(minutes=1)).timestamp() * 1000)
    told = {chat for chat, text in said if sentence in text}
    nudges = Counter(row[0] for row in there.ask(
        "SELECT chat FROM outbox WHERE kind = 'nudge' AND state = 'sent' AND made >= ?", since))  # fmt: skip
    for chat, (kind, update) in pressed.items():
        found.run += 1
        found.doubled += nudges[chat] > 1
        if kind == "stop":
            _stopped(found, chat in told, there.ask(SECOND, chat, since), there.ask(PRESSED, update)[0][0])
        else:
            found.lost += nudges[chat] == 0 and not there.ask(OWED, chat)
    return found


def _stopped(found: Races, told: bool, sent: list[tuple[Any, ...]], done: int) -> None:
    """One who stopped these: where was the nudge at that moment?"""
    flew = any(claimed < done < settled for claimed, settled in sent)
    perhaps = any(claimed <= done <= settled + RECORDING for claimed, settled in sent)
    found.ghosts += any(claimed > done for claimed, _ in sent)
    found.in_flight, found.withdrawn = found.in_flight + flew, found.withdrawn + (not sent)
    found.untold += flew and not told
    found.in_vain += told and not perhaps


def s13(count: int = 2000, together: int = 250) -> Result:
    """Two thousand races within 50 ms."""
    begun = stopwatch.monotonic()
    all_of_them = [asyncio.run(races(together + 2, seed)) for seed in range(count // together)]
    total = {one: sum(getattr(each, one) for each in all_of_them) for one in COUNTED}
    wrong = total["ghosts"] + total["untold"] + total["in_vain"]
    figure = (f"{total['withdrawn']} withdrawn, {total['in_flight']} had just left and that was said; "
              f"{total['ghosts']} ghosts, {total['untold']} untold")  # fmt: skip
    ok = not (wrong or total["doubled"] or total["lost"]) and total["run"] >= count
    ok = ok and min(total["withdrawn"], total["in_flight"]) > count // 100
    return Result("S13", "stopped while it is sent", total["run"], total["lost"], total["doubled"], figure,
                  ok, stopwatch.monotonic() - begun)  # fmt: skip


ALL = (s13,)
