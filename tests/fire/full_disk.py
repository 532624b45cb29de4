"""Seekers who write to a coach whose disk is full or keeps nothing, and what comes of each."""

import asyncio
from dataclasses import dataclass
from time import monotonic

from bot.emergency import NOT_SAVED
from tests.fire.disk import broken_sync, full
from tests.fire.service_kit import PATIENCE, Scene, comes
from tests.fire.stories import built

WITHIN = 30.0
"""How soon all that waited must be handled once there is space again."""
WELCOME = "Hello."


@dataclass(frozen=True)
class Filled:
    """What came of one seeker who wrote while the disk was full.

    `unsaved`: what was refused first was part of keeping their words, or of their turn.
    """

    refused: int
    unsaved: bool
    told: bool
    confirmed_in_vain: bool
    welcomes: int
    seconds: float

    def sound(self) -> bool:
        """Nothing lost, nothing doubled, nothing confirmed that was not kept, soon enough."""
        return self.welcomes == 1 and not self.confirmed_in_vain and self.seconds <= WITHIN


async def a_full_disk(scene: Scene, nth: int, *, lasting: bool, full_for: float = 0.4) -> Filled:
    """Somebody new writes; the nth write from then on finds the disk full, or all from there on."""
    someone = scene.standin.person(f"Dana {nth}")
    chat, before, unsaved = someone.chat.id, scene.disk.refused, list[bool]()

    def refuse() -> int:
        unsaved.append(not scene.is_handled(update))
        return full()

    update = int(someone.types("/start")["update_id"])
    scene.disk.fails(refuse, nth, ("write",), lasting=lasting)
    await comes(lambda: scene.disk.refused > before or scene.has_answered(update, chat), "a full disk")
    if lasting and scene.disk.refused > before:
        await asyncio.sleep(full_for)
    in_vain = scene.is_confirmed(update) and not scene.is_kept(update)
    scene.disk.heals()
    seconds = await comes(lambda: scene.has_answered(update, chat), f"what write {nth} held up", WITHIN)
    texts = scene.sent(chat)
    script_words = built()[1]
    told = any(script_words.say(NOT_SAVED, "en") in one for one in texts)
    return Filled(scene.disk.refused - before, any(unsaved[:1]), told, in_vain,
                  sum(WELCOME in one for one in texts), seconds)  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """What became of one message whose sending could not be recorded at first."""

    refused: int
    states: list[str]
    texts: list[str]
    seconds: float

    def sound(self) -> bool:
        """It was refused, then recorded as sent, and went out once."""
        once = len(set(self.texts)) == len(self.texts)
        return self.refused > 0 and set(self.states) == {"sent"} and once and self.seconds <= WITHIN


async def a_full_disk_after_sending(scene: Scene, full_for: float = 0.3) -> Recorded:
    """Telegram takes a message, and the disk is full when that is to be recorded."""
    someone, before = scene.standin.person("Dana"), scene.disk.refused
    chat = someone.chat.id
    update = int(someone.types("/start")["update_id"])
    while not scene.sent(chat):  # looked at in every turn of the loop: the answer is on its way
        await asyncio.sleep(0)
    scene.disk.fails(full, 1, ("write",), lasting=True)
    await comes(lambda: scene.disk.refused > before, "a message to record")
    await asyncio.sleep(full_for)
    scene.disk.heals()
    seconds = await comes(lambda: scene.has_answered(update, chat), "a message that is recorded", WITHIN)
    return Recorded(scene.disk.refused - before, scene.states(chat), scene.sent(chat), seconds)


@dataclass(frozen=True)
class Ended:
    """How a service ended whose disk keeps nothing, and whether it said that it keeps anything."""

    code: int | None
    seconds: float
    confirmed: bool


async def a_sync_that_always_fails(scene: Scene) -> Ended:
    """Somebody writes to a coach whose disk does not keep what it is given."""
    update = int(scene.standin.person("Dana").types("/help")["update_id"])
    scene.disk.fails(broken_sync, 1, ("sync",), lasting=True)
    begun = monotonic()
    await asyncio.wait((scene.task,), timeout=PATIENCE)
    code = scene.task.result() if scene.task.done() else None
    return Ended(code, monotonic() - begun, scene.is_confirmed(update))
