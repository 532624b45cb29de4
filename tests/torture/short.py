"""Short stories to be killed in: first words, nudges, doubts, an export, an erasure, a new house."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.local.faults import dropped
from conversations import Seeker
from tests.fire.time_kit import owing, weekly
from tests.torture.scene import Scene, person_of, utc

SEEN = utc(2027, 3, 1, 18)  # Monday noon in Chicago
NOON = SEEN + timedelta(hours=1)
MORNING = utc(2027, 3, 3, 16)  # Wednesday at ten in Chicago: nudges are due
SITUATION = "I just finished college or training"
FIRST_WORDS = (
    ("/start", SITUATION), (f"[{SITUATION}]", "Not yet"), ("nursing", "Enough for now"),
    ("Maria Lopez, nurse at Mercy", "(2 of"), ("Sam Chen", "(3 of"), ("[Enough for now]", "Very well"),
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """What happens: when, to whom, and with what in the store. `play` goes on over every crash."""

    name: str
    moment: datetime
    people: int
    play: Callable[[Scene], Awaitable[None]]
    seekers: dict[int, Seeker] = field(default_factory=dict)


async def does(scene: Scene, number: int, line: str, then: str) -> None:
    """One of the people types or presses, and the coach shows something new with these words."""
    one = person_of(scene, number)
    before = (one.received(), one.buttons())
    scene.clock.advance(timedelta(seconds=1.1))  # as slowly as a chat may be written to
    if line.startswith("["):
        await scene.until(lambda: line[1:-1] in one.buttons(), line)
        one.presses(line[1:-1])
    else:
        one.types(line)

    def shown() -> bool:
        now = (one.received(), one.buttons())
        return now != before and any(then in text for part in now for text in part)

    await scene.until(shown, f"{then!r} after {line!r}")


async def _nudges(scene: Scene) -> None:
    chats = list(scene.standin.world.chats)
    await scene.until(lambda: all(person_of(scene, one).received() for one in chats), "a nudge to each")


async def _doubts(scene: Scene) -> None:
    scene.standin.faults.next("sendMessage", dropped(acts=True), 2)
    await _nudges(scene)
    scene.pass_time()


async def _first_words(scene: Scene) -> None:
    for line, then in FIRST_WORDS:
        await does(scene, 1001, line, then)


async def _export(scene: Scene) -> None:
    person_of(scene, 1001).types("/export")
    # Killed between the claim and the request, nobody knows whether a file left: it is told, not sent again.
    await scene.until(lambda: bool(scene.standin.called("sendDocument")) or bool(scene.given_up()), "a file")


async def _erase(scene: Scene) -> None:
    await does(scene, 1001, "/erase", "Yes, delete it all")
    await does(scene, 1001, "[Yes, delete it all]", "Everything is deleted")


async def _welcome(scene: Scene) -> None:
    await does(scene, 1001, "/start", SITUATION)


def _some(count: int) -> dict[int, Seeker]:
    return {1001 + number: owing("America/Chicago", SEEN, [2]) for number in range(count)}


def _both() -> dict[int, Seeker]:
    plan = weekly("America/Chicago", MORNING.date(), time(10), SEEN)
    return {1001: owing("America/Chicago", SEEN, [2]), 1002: plan}


STORIES = (
    Story("first words", NOON, 1, _first_words),
    Story("nudges", MORNING, 6, _nudges, _some(6)),
    Story("doubts", MORNING, 4, _doubts, _some(4)),
    Story("export", NOON, 2, _export, _some(2)),
    Story("erase", NOON, 2, _erase, _some(2)),
    Story("a new house", NOON, 1, _welcome),
)
BOTH = Story("once and weekly", MORNING, 2, _nudges, _both())
