"""Nudges: which rule owes what and when, and what happens when the bell rings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from conversations.calendar import is_quiet
from conversations.effects import Effect, Text
from conversations.events import NudgesDue
from conversations.rules import RULES, Owed, Rule
from conversations.script import Script
from conversations.shaping import HALVED_AFTER, STOPPED_AFTER, in_use, shaped
from conversations.state import Place, Said, Seeker
from conversations.steps import Here
from conversations.walking import Walk

KEPT_SAID = 400


@dataclass(frozen=True)
class Nudge:
    """One nudge still owed: the rule, the person (0: the seeker), and its moment in UTC."""

    rule: str
    person: int
    due: datetime


def plan(script: Script, seeker: Seeker, now: datetime) -> tuple[Nudge, ...]:
    """Every nudge still owed, soonest first. Pure; what no longer applies is not in it."""
    here = Here(script, seeker, now.astimezone(zone_of(script, seeker)))
    planned = (
        Nudge(rule.name, one.person, shaped(here, rule, one).astimezone(UTC)) for rule, one in owed(here)
    )
    return tuple(sorted(planned, key=lambda one: (one.due, _place(one.rule), one.person)))


def zone_of(script: Script, seeker: Seeker) -> tzinfo:
    """Where the seeker lives; until they say so, the hour they were last seen at counts as theirs.

    Whoever wrote at that hour was awake then: it stands for the chosen moment, and the night is
    reckoned from it.
    """
    if seeker.zone or seeker.last_seen is None:
        return script.calendar.zone(seeker.zone)
    seen, moment = seeker.last_seen.astimezone(UTC), seeker.nudging.moment
    begun = bool(seen.second or seen.microsecond)  # the moment shall not be over by a few seconds
    ahead = (moment.hour - seen.hour) * 60 + moment.minute - seen.minute - begun
    return timezone(timedelta(minutes=(ahead + 720) % 1440 - 720))


def owed(here: Here) -> Iterator[tuple[Rule, Owed]]:
    """What each rule owes, unless it was said, stopped, or the seeker went quiet or away."""
    seeker = here.seeker
    if seeker.left or not seeker.welcomed:
        return
    fading = seeker.nudging.unanswered >= STOPPED_AFTER or seeker.nudging.off or _waved_twice(seeker)
    for rule in RULES:
        if rule.name in seeker.nudging.stopped or (fading and not rule.appointment):
            continue
        slow = seeker.nudging.unanswered >= HALVED_AFTER and not rule.appointment
        for one in rule.owes(here, 2 if slow else 1):
            if not _was_said(seeker, rule, one) and in_use(here, rule, one):
                yield rule, one


def _waved_twice(seeker: Seeker) -> bool:
    """Whether both waves to a quiet seeker went out: then all is silent until they return."""
    seen = seeker.last_seen
    waves = (one for one in seeker.nudging.said if one.rule == "quiet")
    return seen is not None and sum(one.at > seen for one in waves) >= 2


def _was_said(seeker: Seeker, rule: Rule, one: Owed) -> bool:
    wanted = (rule.name, one.person, one.anchor)
    said = any((was.rule, was.person, was.anchor) == wanted for was in seeker.nudging.said)
    again = any((p.rule, p.person) == wanted[:2] for p in seeker.nudging.pauses)
    return said and not again


def _place(rule: str) -> int:
    return next(number for number, one in enumerate(RULES) if one.name == rule)


def ring(
    script: Script, seeker: Seeker, event: NudgesDue, now: datetime
) -> tuple[Seeker, tuple[Effect, ...]]:
    """The bell rang: what is still owed now is said in one message, the rest is let go.

    The most pressing one is said whole; the others wait behind it and follow once it is done.
    """
    now = now.astimezone(zone_of(script, seeker))
    here = Here(script, seeker, now)
    if is_quiet(now):
        return seeker, ()
    wanted = set(event.due)
    due = [
        (rule, one) for rule, one in owed(here)
        if (rule.name, one.person) in wanted and shaped(here, rule, one) <= now
    ]  # fmt: skip
    if not due:
        return seeker, ()
    return _say(script, seeker, due, now)


def _say(
    script: Script, seeker: Seeker, due: list[tuple[Rule, Owed]], now: datetime
) -> tuple[Seeker, tuple[Effect, ...]]:
    first, *rest = sorted(due, key=lambda pair: (_place(pair[0].name), pair[1].person))
    walk = Walk(script, _remembered(seeker, due, now), now)
    walk.as_nudge()
    if seeker.discreet:
        walk.say(Text("nudges.discreet", pick=walk.seeker.turn))
    others = tuple((rule.name, one.person) for rule, one in rest)
    walk.seeker = replace(walk.seeker, nudging=replace(walk.seeker.nudging, waiting=others))
    walk.ends_with(*_endings(walk.seeker, len(rest), seeker.nudging.unanswered))
    walk.visit(Place(first[0].step, first[1].person))
    return walk.seeker, tuple(walk.effects)


def _endings(seeker: Seeker, others: int, before: int) -> Iterator[Text]:
    unanswered = seeker.nudging.unanswered
    if others:
        yield Text("nudges.more", {"count": others}, count=others)
    if before == HALVED_AFTER < unanswered:
        yield Text("nudges.slower")
    if before < STOPPED_AFTER <= unanswered:
        yield Text("nudges.door")


def _remembered(seeker: Seeker, due: list[tuple[Rule, Owed]], now: datetime) -> Seeker:
    nudging = seeker.nudging
    at = now.astimezone(UTC)
    said = tuple(Said(rule.name, one.person, one.anchor, at) for rule, one in due)
    keys = {(rule.name, one.person) for rule, one in due}
    counted = any(not rule.appointment for rule, _ in due)
    nudging = replace(
        nudging,
        said=(*nudging.said, *said)[-KEPT_SAID:],
        pauses=tuple(one for one in nudging.pauses if (one.rule, one.person) not in keys),
        unanswered=nudging.unanswered + counted,
        last=at if counted else nudging.last,
    )
    return replace(seeker, turn=seeker.turn + 1, nudging=nudging)
