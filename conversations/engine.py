"""The heart: one event turns one seeker into the next, and says what to do about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import assert_never

from conversations import listening, nudges
from conversations.clocks import clocks_changed
from conversations.effects import Effect, Text
from conversations.events import (
    CameBack,
    Chose,
    ClocksChanged,
    Commanded,
    Event,
    Left,
    NudgesDue,
    Overdue,
    SharedContact,
    Showed,
    Started,
    Withdrawn,
    Wrote,
)
from conversations.script import Script
from conversations.state import Seeker
from conversations.steps import Here
from conversations.unsaying import unsaid
from conversations.walking import Walk

LONG_AWAY = timedelta(weeks=4)


def advance(script: Script, seeker: Seeker, event: Event, now: datetime) -> tuple[Seeker, tuple[Effect, ...]]:
    """Pure: the same arguments always give the same outcome.

    `now` is aware; its zone is where the seeker lives. An event that no longer fits shows where
    the seeker stands; none raises.
    """
    now = now.astimezone(script.calendar.zone(seeker.zone))
    if isinstance(event, NudgesDue):
        return nudges.ring(script, seeker, event, now)
    if isinstance(event, Left):
        return replace(seeker, left=True, turn=seeker.turn + 1), ()
    if isinstance(event, Overdue):
        return nudges.overslept(Here(script, seeker, now), event.due), ()
    if isinstance(event, Withdrawn):
        return unsaid(seeker, event.turn), ()
    if isinstance(event, ClocksChanged):
        return clocks_changed(seeker, event), ()
    walk = Walk(script, _heard(seeker, now), now)
    if isinstance(event, CameBack):
        return walk.seeker, ()  # nothing is said to somebody who only let the coach in again
    walk.mention_clocks()
    if _was_long_away(seeker, now) and isinstance(event, (Started, Commanded)):
        walk.say(Text("care.quiet_weeks", pick=seeker.turn))
    _hear(walk, event)
    return walk.seeker, tuple(walk.effects)


def _hear(walk: Walk, event: Started | Commanded | Chose | Wrote | SharedContact | Showed) -> None:
    match event:
        case Started():
            listening.started(walk, event)
        case Commanded():
            listening.commanded(walk, event)
        case Chose():
            listening.chose(walk, event)
        case Wrote():
            listening.wrote(walk, event)
        case SharedContact():
            listening.shared(walk, event)
        case Showed():
            listening.showed(walk, event)
        case _:
            assert_never(event)


def _was_long_away(seeker: Seeker, now: datetime) -> bool:
    return bool(seeker.welcomed and seeker.last_seen and now - seeker.last_seen >= LONG_AWAY)


def _heard(seeker: Seeker, now: datetime) -> Seeker:
    """The seeker spoke: the turn counts on, and whoever answers has ignored nothing."""
    nudging = replace(seeker.nudging, unanswered=0)
    seen = now.astimezone(UTC)
    return replace(seeker, turn=seeker.turn + 1, last_seen=seen, nudging=nudging, left=False)
