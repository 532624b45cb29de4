"""D02 and S11: kill -9 at every named place in short stories, and nothing is lost or doubled."""

import asyncio
import json
import random
import tempfile
import time as stopwatch
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.failpoints import PLACES
from tests.torture.houses import built, keep
from tests.torture.result import Result
from tests.torture.scene import Said, Scene, scene
from tests.torture.short import BOTH, SEEN, STORIES, Story

IN_THE_BELL = ("bell.found", "bell.rung", "bell.planned", "sender.claimed", "sender.sent", "sender.recorded")
# To the hour: what is owed in two weeks is reckoned from a clock that runs while the story is played.
OWED = "SELECT seeker, rule, person, due / 3600000 FROM nudges ORDER BY 1, 2, 3"
MOST_IN_DOUBT = 4


@dataclass(frozen=True)
class Ending:
    """What a story came to. `passes`: how often each place was passed, where nobody was killed."""

    said: Said
    names: tuple[str, ...]
    owed: tuple[tuple[object, ...], ...]
    undone: int
    crashes: int = 0
    in_doubt: int = 0
    given_up: int = 0
    passes: dict[str, int] = field(default_factory=dict)


async def play(story: Story, fail: str = "", **more: object) -> Ending:
    """Play a story to where nothing waits any more, with a coach that is killed at a place."""
    with tempfile.TemporaryDirectory() as name:
        before = None
        if story.seekers:
            before = Path(name) / "coach.db"
            await keep(before, built()[0], story.seekers, SEEN)
        async with scene(story.moment, before, people=story.people) as there:
            passes = there.folder / "passes"
            watched = {} if fail else {"passes": str(passes)}
            await there.start(fail, **watched, **more)
            await story.play(there)
            await there.quiet()
            if fail:
                return _ending(there)
            await there.stop()
            return _ending(there, json.loads(passes.read_text(encoding="utf-8")))


def _ending(there: Scene, passes: dict[str, int] | None = None) -> Ending:
    seeker = there.seeker(1001)
    names = tuple(one.name for one in seeker.people) if seeker else ()
    return Ending(there.said(), names, tuple(there.ask(OWED)), len(there.undone()), there.crashes,
                  there.most_in_doubt, there.given_up(), passes or {})  # fmt: skip


@dataclass
class Toll:
    """What many runs came to."""

    runs: int = 0
    unharmed: int = 0
    lost: int = 0
    doubled: int = 0
    in_doubt: int = 0
    given_up: int = 0
    wrong: list[str] = field(default_factory=list)
    by_place: dict[str, int] = field(default_factory=dict)

    def add(self, where: str, meant: Ending, came: Ending) -> None:
        """One run, beside the same story without a crash."""
        self.unharmed += came.crashes == 0
        self.runs += came.crashes > 0
        place = where.partition(":")[0]
        self.by_place[place] = self.by_place.get(place, 0) + (came.crashes > 0)
        # What stays unsure is told to the seeker, and is neither lost nor sent again.
        missing = max(0, sum((meant.said - came.said).values()) - came.given_up)
        lost = missing + len(set(meant.names) - set(came.names)) + came.undone
        doubled = sum((came.said - meant.said).values()) + len(came.names) - len(set(came.names))
        self.lost, self.doubled = self.lost + lost, self.doubled + doubled
        self.in_doubt = max(self.in_doubt, came.in_doubt)
        self.given_up += came.given_up
        if lost or doubled or came.owed != meant.owed or came.names != meant.names:
            self.wrong.append(where)

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, doubled or left otherwise, and little was in doubt."""
        return not (self.lost or self.doubled or self.wrong) and self.in_doubt <= MOST_IN_DOUBT


_MEANT: dict[str, Ending] = {}


async def _meant(story: Story) -> Ending:
    """The story without a crash, played once in this process."""
    if story.name not in _MEANT:
        _MEANT[story.name] = await play(story)
    return _MEANT[story.name]


async def at_each_place(
    times: int, places: Sequence[str], stories: Sequence[Story], seed: int = 2, bad: str = ""
) -> Toll:
    """So many kills at each place, in the stories that come there, at a pass chosen by the seed."""
    chance, toll = random.Random(seed), Toll()
    meant = {story.name: await _meant(story) for story in stories}
    for place in places:
        there = [story for story in stories if meant[story.name].passes.get(place)]
        assert there, f"no story passes {place}"
        for number in range(times):
            story = there[number % len(there)]
            last = meant[story.name].passes[place]
            fail = f"{place}:{1 if number < len(there) else chance.randint(1, last)}"
            await _one(toll, story, fail, meant[story.name], bad)
    return toll


async def _one(toll: Toll, story: Story, fail: str, meant: Ending, bad: str) -> None:
    where = f"{fail} in {story.name}"
    try:
        came = await play(story, fail, bad=bad)
        if not came.crashes:  # requests may leave together, and a place is passed less often
            came = await play(story, f"{fail.partition(':')[0]}:1", bad=bad)
        toll.add(where, meant, came)
    except AssertionError as error:  # the others are played all the same
        toll.lost += 1
        toll.wrong.append(f"{where}: {error}")


def d02(times: int = 54) -> Result:
    """Every place there is."""
    begun = stopwatch.monotonic()
    toll = asyncio.run(at_each_place(times, tuple(PLACES), STORIES))
    figure = f"{len(toll.by_place)} places, at most {toll.in_doubt} nudges in doubt, none in the end;"
    figure += f" {toll.given_up} answers without buttons stay so, and are told {toll.wrong[:3] or ''}"
    ok = toll.sound and toll.runs >= 0.98 * times * len(PLACES) and min(toll.by_place.values()) > times // 2
    return Result("D02", "kill -9 at each named place", toll.runs, toll.lost, toll.doubled, figure, ok,
                  stopwatch.monotonic() - begun)  # fmt: skip


def s11(times: int = 86) -> Result:
    """In the bell and behind it: a nudge that comes once, and one that comes each week."""
    begun = stopwatch.monotonic()
    toll = asyncio.run(at_each_place(times, IN_THE_BELL, (BOTH,), seed=11))
    figure = f"one message each, one successor {toll.wrong[:3] or ''}".strip()
    # A place is now and then passed less often than in the story without a crash: nobody is killed then.
    ok = toll.sound and toll.runs >= 0.95 * times * len(IN_THE_BELL)
    return Result("S11", "kill -9 in the bell", toll.runs, toll.lost, toll.doubled, figure, ok,
                  stopwatch.monotonic() - begun)  # fmt: skip


ALL = (d02, s11)
