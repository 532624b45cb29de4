"""From what a rule owes to the moment it is said: the seeker's moment, rest, and quiet hours."""

from datetime import datetime, timedelta

from conversations.calendar import QUIET_UNTIL, at_wall, is_quiet, next_at, out_of_quiet
from conversations.rules import Owed, Rule
from conversations.steps import Here

HALVED_AFTER = 2
STOPPED_AFTER = 4
SPELL = timedelta(minutes=30)  # a conversation under way is not interrupted
APART = timedelta(hours=20)  # between two nudges that are not appointments


def shaped(here: Here, rule: Rule, one: Owed) -> datetime:
    """When a nudge is said, in the seeker's zone: never in quiet hours, never in a conversation."""
    due = _appointed(one) if rule.appointment else _at_chosen_moment(here, one)
    pause = next(
        (
            p.until
            for p in here.seeker.nudging.pauses
            if (p.rule, p.person) == (rule.name, one.person)
        ),
        None,
    )
    if pause:
        due = max(due, pause.astimezone(here.now.tzinfo))
    if here.seeker.last_seen:
        due = max(due, here.seeker.last_seen.astimezone(here.now.tzinfo) + SPELL)
    return out_of_quiet(due)


def _at_chosen_moment(here: Here, one: Owed) -> datetime:
    nudging = here.seeker.nudging
    due = one.due.astimezone(here.now.tzinfo)
    if nudging.last:
        slow = nudging.unanswered >= HALVED_AFTER
        rest = APART + timedelta(days=1) if slow else APART
        due = max(due, nudging.last.astimezone(here.now.tzinfo) + rest)
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
    """Whether a nudge has not outlived its use; one that was put off lives on from there."""
    paused = any((p.rule, p.person) == (rule.name, one.person) for p in here.seeker.nudging.pauses)
    if one.until is not None:
        return here.now < one.until and shaped(here, rule, one) < one.until
    return paused or here.now < shaped(here, rule, one) + rule.life
