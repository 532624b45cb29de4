"""The times of talks: from a wall time in a zone to a moment, and times worth offering."""

from datetime import date, datetime, time, timedelta

from conversations.calendar import at_wall
from conversations.effects import Text, Value, When
from conversations.state import Person, Talk
from conversations.steps import Here

OFFERED = (time(10, 0), time(14, 0), time(16, 30))
QUICK_HOURS = (time(9, 0), time(10, 30), time(12, 0), time(14, 0), time(15, 30), time(17, 0))


def start_of(here: Here, talk: Talk | None) -> datetime | None:
    """The moment a talk begins, in its own zone; None where no time is set."""
    if talk is None or talk.start is None:
        return None
    return at_wall(talk.start.date(), talk.start.time(), here.script.calendar.zone(talk.zone))


def end_of(here: Here, talk: Talk | None) -> datetime | None:
    """The moment a talk should be over."""
    start = start_of(here, talk)
    return start + timedelta(minutes=talk.minutes) if start and talk else None


def when_of(here: Here, person: Person) -> When | None:
    """The talk's time in words, where one is set and not over yet."""
    start = start_of(here, person.talk)
    if start is None or person.talk is None or person.talk.met:
        return None
    return When(start)


def is_over(here: Here, person: Person) -> bool:
    """Whether the talk should have ended by now, and nothing was said about it."""
    end = end_of(here, person.talk)
    return bool(end and end <= here.now and person.talk and not person.talk.met)


def quick_days(here: Here) -> tuple[date, ...]:
    """The six days that a talk is most often set for: the next business days."""
    day, found = here.now.date(), list[date]()
    while len(found) < 6:
        day += timedelta(days=1)
        if here.script.calendar.is_business_day(day, here.seeker.country):
            found.append(day)
    return tuple(found)


def slots(here: Here) -> tuple[Value, ...]:
    """Three times to offer, on three days; in both zones where they differ."""
    mine = here.now.tzinfo
    assert mine is not None
    theirs = here.them.zone
    lines: list[Value] = []
    for day, wall in zip(quick_days(here)[1:4], OFFERED, strict=True):
        moment = at_wall(day, wall, mine)
        if theirs and theirs != here.seeker.zone:
            other = moment.astimezone(here.script.calendar.zone(theirs))
            lines.append(Text("time.slot_both", {"theirs": When(other), "mine": When(moment)}))
        else:
            lines.append(Text("time.slot", {"when": When(moment)}))
    return tuple(lines)
