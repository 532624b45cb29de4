"""What is open with each person, and which of it comes next: the heart of home and of /next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from conversations.naming import rested, unasked
from conversations.promises import due_promise, owed_report
from conversations.rules import REMINDER_DAYS, is_silent
from conversations.state import Person, person_of
from conversations.steps import Here
from conversations.times import is_over, start_of


@dataclass(frozen=True)
class Duty:
    """One thing that is ready to be done: its name, the step that does it, and with whom."""

    name: str
    person: int = 0


STEPS = {
    "debrief": "talk.happened",
    "debrief_open": "debrief.again",
    "thanks": "thanks.draft",
    "card": "talk.card",
    "time": "time.start",
    "promise": "after.promise",
    "report": "after.report",
    "draft": "ask.draft",
    "questions": "questions.start",
    "month": "after.month",
    "remind": "ask.reminder",
    "sort": "people.sort",
    "ask": "ask.start",
    "names": "people.think",
    "wait": "home.waiting",
}
ORDER = tuple(STEPS)


def duties(here: Here) -> list[Duty]:
    """Everything open, most pressing first; never empty: waiting is something, too."""
    found = [Duty(name, one.id) for one in here.seeker.people for name in _with(here, one)]
    for one in unasked(here)[:1]:
        if one.circle == 0:
            found.append(Duty("sort"))
        elif not one.ask.drafted or rested(here, one):
            found.append(Duty("ask", one.id))
    if not found:
        found.append(Duty(_nobody_left(here)))
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(found, key=lambda duty: (place[duty.name], duty.person))


def _nobody_left(here: Here) -> str:
    return "wait" if any(is_awaited(here, one) for one in here.seeker.people) else "names"


def is_awaited(here: Here, person: Person) -> bool:
    """Whether an answer may still come: asked, no answer yet, and not resting."""
    resting = person.rests_until is not None and person.rests_until > here.now
    return bool(person.ask.sent and not person.ask.answer and not resting and not person.closed)


def _with(here: Here, person: Person) -> Iterator[str]:
    if person.closed:
        return
    talk = person.talk
    start = start_of(here, talk)
    if talk and talk.met:
        yield from _since_met(here, person)
    elif is_over(here, person):
        yield "debrief"
    elif start and start - here.now < timedelta(hours=24):
        yield "card"
    elif start and not person.sheet.musts:
        yield "questions"
    elif start is None and person.ask.answer == "agreed" and not _is_their_turn(here, person):
        yield "time"
    elif person.ask.drafted and not person.ask.sent:
        yield "draft"
    promise = due_promise(person)
    if promise and promise.due <= here.now.date():
        yield "promise"
    if owed_report(here.seeker, person):
        yield "report"
    if is_silent(here, person, REMINDER_DAYS) and not person.ask.reminded:
        yield "remind"


def _is_their_turn(here: Here, person: Person) -> bool:
    """Whether times were offered, or a new one asked for, within the last two days."""
    offered = person.talk.offered if person.talk else None
    return offered is not None and here.now - offered < timedelta(days=2)


def _since_met(here: Here, person: Person) -> Iterator[str]:
    met = person.talk.met if person.talk else None
    if not person.debrief.done:
        yield "debrief_open"
    elif not person.thanks.sent:
        yield "thanks"
    elif met and not person.updated and here.now - met > timedelta(days=30):
        yield "month"


def name_of(here: Here, duty: Duty) -> str:
    """The name of the person a duty is about, or nothing."""
    person = person_of(here.seeker, duty.person)
    return person.name if person else ""
