"""The rules of nudging, as data: what is owed to whom, from when, and for how long it is of use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from conversations.calendar import a_month_after, after_business_days, at_wall, next_day_at
from conversations.naming import may_be_asked, rested
from conversations.promises import due_promise, owed_report
from conversations.state import Pause, Person, Talk
from conversations.steps import Here
from conversations.times import end_of, start_of

NEXT_PERSON_DAYS = 3
REMINDER_DAYS = 7
MORNING = time(9, 0)
SETTLED = timedelta(hours=4)
WEEKLY_USE = timedelta(hours=12)


@dataclass(frozen=True)
class Owed:
    """Something a rule owes: about whom, since which fact (`anchor`), and from which moment.

    `until`: no longer of use from then on. `exact`: at this moment and not at the chosen one.
    """

    person: int
    anchor: str
    due: datetime
    until: datetime | None = None
    exact: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule: the step it leads to, how long it is of use, and what it owes.

    `owes(here, stretch)`: a stretch of 2 doubles every delay, for those who answer rarely.
    An appointment keeps its moment, and is kept up when other nudges have faded out.
    """

    name: str
    step: str
    owes: Callable[[Here, int], Iterator[Owed]]
    life: timedelta = timedelta(days=7)
    appointment: bool = False


def _anchor(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _settled(talk: Talk, moment: datetime) -> str:
    """A talk by the moment its time was settled: a new zone, or a law, makes no other talk of it."""
    return _anchor((talk.agreed or moment).astimezone(UTC))


def _two_hours(here: Here, stretch: int) -> Iterator[Owed]:
    for one in here.seeker.people:
        start = start_of(here, one.talk)
        if start and one.talk and not one.talk.met:
            start = start.astimezone(here.now.tzinfo)
            yield Owed(one.id, _settled(one.talk, start), start - timedelta(hours=2), start)


def _day_before(here: Here, stretch: int) -> Iterator[Owed]:
    for one in here.seeker.people:
        start = start_of(here, one.talk)
        if start and one.talk and not one.talk.met and not one.talk.confirmed:
            start = start.astimezone(here.now.tzinfo)
            due, agreed = start - timedelta(days=1), one.talk.agreed
            if agreed:  # what was settled a moment ago needs no confirming yet
                due = max(due, agreed.astimezone(here.now.tzinfo) + SETTLED)
            assert start.tzinfo is not None
            until = at_wall(start.date(), time(0, 0), start.tzinfo)
            yield Owed(one.id, _settled(one.talk, start), due, until)


def _after_talk(here: Here, stretch: int) -> Iterator[Owed]:
    for one in here.seeker.people:
        end = end_of(here, one.talk)
        if end and one.talk and not one.talk.met:
            end = end.astimezone(here.now.tzinfo)
            due = end + timedelta(minutes=15)
            yield Owed(one.id, _settled(one.talk, end), due, end + timedelta(days=5))


def _thanks(here: Here, stretch: int) -> Iterator[Owed]:
    """Next morning at the latest and inside 24 hours; an early talk's note comes the same evening."""
    for one in here.seeker.people:
        met = one.talk.met if one.talk else None
        if met and not one.thanks.sent and not one.closed:
            met = met.astimezone(here.now.tzinfo)
            assert met.tzinfo is not None
            morning = at_wall(met.date() + timedelta(days=1), MORNING, met.tzinfo)
            evening = at_wall(met.date(), time(19, 30), met.tzinfo)
            due = morning if morning < met + timedelta(hours=23) else max(evening, met)
            anchor = _anchor(met.astimezone(UTC))
            yield Owed(one.id, anchor, due, met + timedelta(days=4), exact=True)


def _no_time(here: Here, stretch: int) -> Iterator[Owed]:
    for one in here.seeker.people:
        ask = one.ask
        talk = one.talk
        if ask.answer == "agreed" and ask.answered and not (talk and (talk.start or talk.met)):
            since = talk.freed if talk and talk.freed else ask.answered
            since = max(since, talk.offered) if talk and talk.offered else since
            yield Owed(one.id, _anchor(since), since + timedelta(days=2 * stretch))


def _promises(theirs: bool) -> Callable[[Here, int], Iterator[Owed]]:
    def owes(here: Here, stretch: int) -> Iterator[Owed]:
        for one in here.seeker.people:
            promise = due_promise(one, theirs)
            if promise and not one.closed:
                assert here.now.tzinfo is not None
                due = at_wall(promise.due, time(0, 0), here.now.tzinfo)
                yield Owed(one.id, f"{promise.id} {promise.due}", due)

    return owes


def _reports(event: str) -> Callable[[Here, int], Iterator[Owed]]:
    def owes(here: Here, stretch: int) -> Iterator[Owed]:
        for one in here.seeker.people:
            if owed_report(here.seeker, one) != event:
                continue
            since = one.ask.sent if event == "asked" else one.talk.met if one.talk else None
            if since:
                yield Owed(one.id, _anchor(since), since + timedelta(days=2 * stretch))

    return owes


def _silent(here: Here, days: int) -> Iterator[tuple[Person, datetime]]:
    """Those asked who have not answered, and the morning `days` business days after the ask."""
    for one in here.seeker.people:
        due = _silent_from(here, one, days)
        if due:
            yield one, due


def _silent_from(here: Here, person: Person, days: int) -> datetime | None:
    sent = person.ask.sent
    if sent is None or person.ask.answer or person.closed or rested(here, person):
        return None
    country = person.country or here.seeker.country
    zone = here.script.calendar.zone(person.zone) if person.zone else here.now.tzinfo
    day = after_business_days(sent.astimezone(zone).date(), days, country, here.script.calendar)
    assert here.now.tzinfo is not None
    return at_wall(day, time(0, 0), here.now.tzinfo)


def is_silent(here: Here, person: Person, days: int) -> bool:
    """Whether no answer came within so many business days after the ask."""
    due = _silent_from(here, person, days)
    return due is not None and due <= here.now


def _reminder(here: Here, stretch: int) -> Iterator[Owed]:
    for one, due in _silent(here, REMINDER_DAYS * stretch):
        if not one.ask.reminded and one.ask.sent:
            yield Owed(one.id, _anchor(one.ask.sent), due)


def _next_person(here: Here, stretch: int) -> Iterator[Owed]:
    """Only for the one who was asked last: several silences need one new person, not several."""
    newest = max((one.ask.sent for one in here.seeker.people if one.ask.sent), default=None)
    for one, due in _silent(here, NEXT_PERSON_DAYS * stretch):
        if one.ask.sent and one.ask.sent == newest and not one.ask.reminded:
            yield Owed(one.id, _anchor(one.ask.sent), due)


def _unsent(here: Here, stretch: int) -> Iterator[Owed]:
    for one in here.seeker.people:
        made = one.ask.drafted
        if made and not one.ask.sent and may_be_asked(here, one):
            yield Owed(one.id, _anchor(made), made + timedelta(days=2 * stretch))


def _month(here: Here, stretch: int) -> Iterator[Owed]:
    for one in here.seeker.people:
        if one.debrief.feel == "bad":
            continue  # who felt small there need not write again
        if one.thanks.sent and one.updated is None and one.talk and one.talk.met and not one.closed:
            met = one.talk.met.astimezone(here.now.tzinfo)
            assert met.tzinfo is not None
            due = at_wall(a_month_after(met.date()), time(0, 0), met.tzinfo)
            yield Owed(one.id, _anchor(met.astimezone(UTC)), due)


def _weekly(here: Here, stretch: int) -> Iterator[Owed]:
    """The two weekly moments to come, but none that a step was logged before.

    Two, because nothing else is reckoned anew until something happens: where the first finds the
    seeker talking with the coach, the second is still there.
    """
    plan = here.seeker.plan
    if plan is None or plan.made is None or here.now.tzinfo is None:
        return
    said = (one for one in here.seeker.nudging.said if one.rule == "weekly" and not one.late)
    last = max((one.at for one in said), default=None)
    put_off = _pause(here, "weekly")
    if last and put_off:
        anchor = last.astimezone(here.now.tzinfo).date().isoformat()
        yield Owed(0, anchor, put_off.until, put_off.until + timedelta(days=1), exact=True)
    start = max(plan.made, last + timedelta(days=7 * stretch - 1) if last else plan.made)
    since = (start + timedelta(minutes=1)).astimezone(here.now.tzinfo)
    day = _on_weekday(next_day_at(since, plan.at), plan.weekday)
    found = 0
    while found < 2:
        moment = at_wall(day, plan.at, here.now.tzinfo)
        to_come = moment + WEEKLY_USE > here.now
        # One of the last days is of no use now, and is told as missed where nobody heard of it.
        if not _done_for(here, moment) and (to_come or moment > here.now - timedelta(days=7)):
            found += to_come
            yield Owed(0, day.isoformat(), moment, moment + WEEKLY_USE, exact=True)
        day += timedelta(days=7)


def _on_weekday(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _pause(here: Here, rule: str) -> Pause | None:
    return next((one for one in here.seeker.nudging.pauses if one.rule == rule), None)


def _done_for(here: Here, moment: datetime) -> bool:
    """Whether the week's step is done: logged in the week before, and after the plan was made."""
    stepped, plan = here.seeker.stepped, here.seeker.plan
    if stepped is None or plan is None or (plan.made and stepped <= plan.made):
        return False
    return moment - timedelta(days=7) < stepped <= moment


def _quiet(here: Here, stretch: int) -> Iterator[Owed]:
    seen = here.seeker.last_seen
    if seen is None:
        return
    for weeks in (2, 4):
        yield Owed(0, f"{_anchor(seen)} {weeks}", seen + timedelta(weeks=weeks * stretch))


# The order is the order of need: what is said first when several are due together.
RULES = (
    Rule("two_hours", "nudges.two_hours", _two_hours, appointment=True),
    Rule("day_before", "nudges.day_before", _day_before, appointment=True),
    Rule("after_talk", "nudges.after_talk", _after_talk, appointment=True),
    Rule("thanks", "nudges.thanks", _thanks, appointment=True),
    Rule("no_time", "nudges.no_time", _no_time),
    Rule("promise_mine", "nudges.promise_mine", _promises(theirs=False)),
    Rule("promise_theirs", "nudges.promise_theirs", _promises(theirs=True)),
    Rule("report_met", "nudges.report_met", _reports("met")),
    Rule("report_asked", "nudges.report_asked", _reports("asked")),
    Rule("reminder", "nudges.reminder", _reminder, life=timedelta(days=14)),
    Rule("next_person", "nudges.next_person", _next_person, life=timedelta(days=4)),
    Rule("unsent", "nudges.unsent", _unsent),
    Rule("month", "nudges.month", _month, life=timedelta(days=14)),
    Rule("weekly", "nudges.weekly", _weekly),
    Rule("quiet", "nudges.quiet", _quiet, life=timedelta(days=10)),
)  # fmt: skip


def still_owed(here: Here, rule: str, person: int, anchor: str = "") -> bool:
    """Whether the matter of a nudge is still open; with an anchor, whether it is still the same."""
    found = next((one for one in RULES if one.name == rule), None)
    if found is None or rule in here.seeker.nudging.stopped:
        return False
    return any(one.person == person and anchor in ("", one.anchor) for one in found.owes(here, 1))
