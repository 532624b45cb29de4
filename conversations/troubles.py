"""What went wrong on the coach's side, told honestly to whoever it may have touched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.effects import Effect, Say, Stack, Text, Value, When
from conversations.nudges import zone_of
from conversations.script import Script
from conversations.state import Seeker, person_of

MESSAGES_KEPT = timedelta(hours=24)
MOST = 6


@dataclass(frozen=True)
class Away:
    """The coach heard nothing from its channel between two moments.

    `taps`: a button pressed meanwhile may not have counted. `messages`: what was written more
    than a day before the end may be lost.
    """

    since: datetime
    until: datetime
    taps: bool = True
    messages: bool = False


@dataclass(frozen=True)
class MaybeSent:
    """Messages that may or may not have arrived: nudges as (rule, person); an answer as ("", 0)."""

    nudges: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class JustLeft:
    """A nudge was on its way already when the seeker changed what it was about."""


@dataclass(frozen=True)
class Restored:
    """Everything after this moment was lost, and a backup is what is left."""

    since: datetime


Trouble = Away | MaybeSent | JustLeft | Restored


def told(script: Script, seeker: Seeker, troubles: Sequence[Trouble], now: datetime) -> tuple[Effect, ...]:
    """One message about everything that went wrong; nothing where nothing did."""
    parts = [part for trouble in troubles for part in _told(script, seeker, trouble, now)]
    return (Say(tuple(parts), manner="kept"),) if parts else ()


def _told(script: Script, seeker: Seeker, trouble: Trouble, now: datetime) -> Iterator[Value]:
    zone = zone_of(script, seeker)
    match trouble:
        case Away(since=since, until=until, taps=taps, messages=messages):
            if messages:
                lost = When((until - MESSAGES_KEPT).astimezone(zone))
                values = {"since": When(since.astimezone(zone)), "moment": lost}
                yield Text("troubles.away_long", values)
            elif taps:
                values = {"since": When(since.astimezone(zone)), "until": When(until.astimezone(zone))}
                yield Text("troubles.away", values)
        case MaybeSent(nudges=nudges):
            yield from _maybe_sent(seeker, nudges)
        case JustLeft():
            yield Text("troubles.just_left")
        case Restored(since=since):
            yield Text("troubles.restored", {"moment": When(since.astimezone(zone))})


def _maybe_sent(seeker: Seeker, nudges: Sequence[tuple[str, int]]) -> Iterator[Value]:
    """Which reminders; the names tell which, where they are about a person who is still there."""
    people = [person for number in dict.fromkeys(one for _, one in nudges) if number
              and (person := person_of(seeker, number))]  # fmt: skip
    if any(rule == "" for rule, _ in nudges):
        yield Text("troubles.maybe_answered")
    if people:
        yield Text("troubles.maybe_sent_about")
        yield Stack(tuple(Text("troubles.maybe_about", {"person": one.name}) for one in people[:MOST]), gap=1)
    elif any(rule for rule, _ in nudges):
        yield Text("troubles.maybe_sent")
