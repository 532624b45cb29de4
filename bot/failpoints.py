"""Named places where a test may stop the process, as a power cut would. In service they do nothing.

`TWENTY_MINUTES_FAIL_AT=sender.sent:3` in the environment kills the process when it passes the
place `sender.sent` for the third time.
"""

import os
import signal
from collections.abc import Callable
from typing import Final

#: Every place there is, and what is true when it is passed.
PLACES: Final = {
    "intake.stored": "updates are committed, and not yet confirmed to Telegram",
    "intake.confirmed": "Telegram was told that they are kept",
    "turn.handled": "a turn has written everything, and nothing of it is committed",
    "turn.done": "a turn is committed, and its replies wait",
    "bell.found": "the bell has found who is owed a nudge",
    "bell.rung": "a nudge is written, and not committed",
    "bell.planned": "a nudge and the next plan are committed",
    "sender.claimed": "a request is marked as under way, and has not left",
    "sender.sent": "Telegram has answered a request, and that is not recorded",
    "sender.recorded": "what became of a request is committed",
    "settling.asked": "a doubtful message was asked after, and the answer is not recorded",
    "tidy.done": "old rows are deleted, and that is committed",
    "backup.copied": "a backup is written, and does not have its name yet",
    "backup.named": "a backup has its name, and old ones are still there",
    "erase.done": "everything of a seeker is deleted, and the bytes are not scrubbed yet",
    "export.made": "an export is made, and not committed to the outbox",
    "migration.step": "one statement of a migration has run",
}

_passed: dict[str, int] = {}


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_armed: dict[str, tuple[int, Callable[[], None]]] = {}


def arm(place: str, time: int = 1, act: Callable[[], None] = _die) -> None:
    """Let `act` happen when the place is passed for the `time`-th time from now on."""
    if place not in PLACES:
        raise ValueError(f"There is no place {place!r} to fail at. There are: {', '.join(PLACES)}.")
    _passed[place] = 0
    _armed[place] = (time, act)


def disarm() -> None:
    """Let every place be harmless again."""
    _armed.clear()


def passing(place: str) -> None:
    """The code has come to this place."""
    if _armed and place in _armed:
        time, act = _armed[place]
        _passed[place] += 1
        if _passed[place] == time:
            act()


def _from_environment() -> None:
    given = os.environ.get("TWENTY_MINUTES_FAIL_AT", "")
    for one in filter(None, given.split(",")):
        place, _, time = one.partition(":")
        arm(place, int(time or 1))


_from_environment()
