"""From what a rule owes to the moment it is said: the seeker's moment, rest, and quiet hours."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from conversations.calendar import QUIET_UNTIL, at_wall, is_quiet, next_at, out_of_quiet
from conversations.rules import RULES, Owed, Rule
from conversations.state import Seeker
from conversations.steps import Here

HALVED_AFTER = 2
STOPPED_AFTER = 4
SPELL = timedelta(minutes=30)  # a conversation under way is not interrupted
APART = timedelta(hours=20)  # between two nudges that are not appointments
APART_SLOW = timedelta(hours=44)


def facts(here: Here) -> Iterator[tuple[Rule, Owed]]:
    """What each rule owes, said or not; nothing of a rule that is silent."""
    for rule in RULES:
        longer = _stretch(here, rule)
        if longer:
            for one in rule.owes(here, longer):
                yield rule, one


def _stretch(here: Here, rule: Rule) -> int:
    """How much longer a rule waits than it usually does; 0 where it says nothing at all."""
    seeker = here.seeker
    nudging = seeker.nudging
    if seeker.left or not seeker.welcomed or rule.name in nudging.stopped:
        return 0
    if rule.appointment:
        return 1
    if nudging.unanswered >= STOPPED_AFTER or nudging.off or _waved_twice(seeker):
        return 0
    return 2 if nudging.unanswered >= HALVED_AFTER else 1


def _waved_twice(seeker: Seeker) -> bool:
    """Whether both waves to a quiet seeker went out: then all is silent until they return."""
    seen = seeker.last_seen
    waves = (one for one in seeker.nudging.said if one.rule == "quiet")
    return seen is not None and sum(one.at > seen for one in waves) >= 2


def shaped(here: Here, rule: Rule, one: Owed) -> datetime:
    """When a nudge is said, in the seeker's zone: never past, at night, or in a conversation."""
    due = _appointed(one) if rule.appointment else _at_chosen_moment(here, rule, one)
    put_off = _put_off(here, rule, one)
    if put_off:
        due = max(due, put_off)
    return out_of_quiet(max(due, soonest(here)))


def soonest(here: Here) -> datetime:
    """The first moment from now on that may be disturbed."""
    if here.seeker.last_seen:
        return out_of_quiet(max(here.now, here.seeker.last_seen.astimezone(here.now.tzinfo) + SPELL))
    return out_of_quiet(here.now)


def _put_off(here: Here, rule: Rule, one: Owed) -> datetime | None:
    for pause in here.seeker.nudging.pauses:
        if (pause.rule, pause.person) == (rule.name, one.person):
            return pause.until.astimezone(here.now.tzinfo)
    return None


def _at_chosen_moment(here: Here, rule: Rule, one: Owed) -> datetime:
    nudging = here.seeker.nudging
    due = one.due.astimezone(here.now.tzinfo)
    put_off = _put_off(here, rule, one)
    if put_off:
        due = max(due, put_off)
    slow = nudging.unanswered >= HALVED_AFTER
    # The weekly moment was chosen by the seeker: it does not give way to what came that morning.
    if nudging.last and (slow or rule.name != "weekly"):
        rest = APART_SLOW if slow else APART
        # Added in UTC: a clock change must not shorten the rest.
        due = max(due, (nudging.last + rest).astimezone(here.now.tzinfo))
    return due if one.exact else next_at(due, nudging.moment)


def _appointed(one: Owed) -> datetime:
    """An appointment's own moment; what would fall into the night comes the evening before."""
    due = one.due
    if not is_quiet(due) or one.until is None:
        return due
    morning = out_of_quiet(due)
    if morning <= one.until - timedelta(minutes=30):
        return morning
    day = due.date() if due.time() >= QUIET_UNTIL else due.date() - timedelta(days=1)
    assert due.tzinfo is not None
    return at_wall(day, due.time().replace(hour=20, minute=30), due.tzinfo)


def in_use(here: Here, rule: Rule, one: Owed) -> bool:
    """Whether a nudge would be said before it outlives its use; put off, it lives on from there."""
    said_at = shaped(here, rule, one)
    if one.until is not None:
        return said_at < one.until
    return _put_off(here, rule, one) is not None or said_at < one.due + rule.life
