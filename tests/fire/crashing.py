"""Kills a coach at any call of its disk, in a process of its own, and says what must be left."""

import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.store import Store
from tests.fire.disk import Call, Disk, die
from tests.fire.images import Image, Platter, files_in, lay, rows_in
from tests.fire.rig import FILE, Rig, Step, nothing, run
from tests.fire.stories import Story, built, told

#: What is played on a folder: told whom to tell of each commit, and when the killing may begin.
Play = Callable[[Path, Callable[[], None], Callable[[], None]], Awaitable[None]]


@dataclass
class Recording:
    """A story as it went over the disk.

    `rows[n]` is what the store holds after the nth commit that was acknowledged; `commits[n]` is
    how long the trace was then. `steps[n]` is where the nth step begins: in the trace, in commits.
    """

    name: str
    start: Image
    steps: list[tuple[int, int, Step | None]] = field(default_factory=list)
    trace: list[Call] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def acknowledged(self, length: int) -> int:
        """How many commits were acknowledged when the trace was so long."""
        return sum(one <= length for one in self.commits) - 1

    def image(self, length: int) -> Image:
        """The files after so many calls."""
        platter = Platter(self.start)
        for call in self.trace[:length]:
            platter.take(call)
        return platter.crashed()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one crash after another, in memory where there is such a place."""
    quick = Path("/dev/shm")
    parent = str(quick) if os.access(quick, os.W_OK) else None
    made = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield made
    finally:
        shutil.rmtree(made)


async def record(story: Story, synchronous: str = "") -> Recording:
    """Play a story once and write everything down; the opening is played before."""
    steps = await told(story)
    with folder() as place:
        start = await _opening(steps.opening, place)
        made = Recording(story.name, start)
        with Disk() as disk:
            made.trace = disk.record()
            made.steps.append((0, 0, None))
            made.commits.append(0)
            made.rows.append(rows_in(lay(start, place)))
            await _recorded(made, steps.steps, place, synchronous)
    return made


async def _opening(steps: Sequence[Step], place: Path) -> Image:
    if not steps:
        return {}
    rig = await Rig.open(place, built())
    for step in steps:
        await rig.play(step)
    await rig.close()
    return files_in(place)


async def _recorded(made: Recording, steps: Sequence[Step], place: Path, synchronous: str) -> None:
    def acknowledged() -> None:
        made.commits.append(len(made.trace))
        made.rows.append(rows_in(place / FILE, "ro"))

    rig = await Rig.open(place, built(), acknowledged)
    if synchronous:
        await rig.store._driver.rows(f"PRAGMA synchronous = {synchronous}")
    for step in steps:
        made.steps.append((len(made.trace), len(made.rows) - 1, step))
        await rig.play(step)
    made.steps.append((len(made.trace), len(made.rows) - 1, None))
    await rig.close()


async def rehearsed(image: Image, play: Play, place: Path) -> Recording:
    """The same as `record`, of anything that may be played on these files."""
    made = Recording("", image, commits=[0], rows=[rows_in(lay(image, place))])
    lay(image, place)

    def acknowledged() -> None:
        made.commits.append(len(made.trace))
        made.rows.append(rows_in(place / FILE, "ro"))

    with Disk() as disk:
        made.trace = disk.record()
        await play(place, acknowledged, nothing)
    return made


def opens_or_plays(steps: Sequence[tuple[int, int, Step | None]], number: int) -> Play:
    """The step with this number of a recording: the first is to open, the last is to close."""
    step = steps[number][2]
    last = number == len(steps) - 1

    async def play(place: Path, acknowledged: Callable[[], None], begin: Callable[[], None]) -> None:
        if number == 0:
            begin()
            await Rig.open(place, built(), acknowledged)
            return
        rig = await Rig.open(place, built())
        rig.store.acknowledged = acknowledged
        begin()
        await (rig.close() if last else rig.play(step))  # type: ignore[arg-type]  # no step but the last is None

    return play


def recovers(step: Step) -> Play:
    """A start after a crash, with all that waited."""

    async def play(place: Path, acknowledged: Callable[[], None], begin: Callable[[], None]) -> None:
        begin()
        rig = await Rig.open(place, built(), acknowledged)
        await rig.recover(step)
        await rig.close()

    return play


@dataclass(frozen=True)
class Death:
    """What a process left: how many commits it had acknowledged, and whether it lived to the end."""

    acknowledged: int
    survived: bool


def killed(image: Image, play: Play, nth: int, place: Path) -> Death:
    """Play on these files in a process that is killed at the nth call of its disk."""
    lay(image, place)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _die_playing(play, nth, place, writing)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as told_so:
        acknowledged = len(told_so.read())
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the coach failed; see above"
    return Death(acknowledged, not os.WIFSIGNALED(status))


def _die_playing(play: Play, nth: int, place: Path, writing: int) -> None:
    code = 3
    try:
        with Disk() as disk:
            run(play(place, lambda: _tell(writing), lambda: _arm(disk, nth)))
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(code)


def _tell(writing: int) -> None:
    os.write(writing, b".")


def _arm(disk: Disk, nth: int) -> None:
    disk.fails(die, nth)


def reopened(place: Path) -> str:
    """Open what a crash left as a start does, and say which rows are there. Raises Damaged."""

    async def opened() -> None:
        store = await Store.open(place / FILE)
        await store.close()

    run(opened())
    return rows_in(place / FILE)
