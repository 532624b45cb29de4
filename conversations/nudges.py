"""Nudges: which rule owes what and when, and what happens when the bell rings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from conversations.calendar import QUIET_FROM, at_wall
from conversations.effects import Effect, Say, Text
from conversations.events import NudgesDue
from conversations.missing import missed, told_of, was_said
from conversations.rules import RULES, Owed, Rule, still_owed
from conversations.script import Script
from conversations.shaping import HALVED_AFTER, STOPPED_AFTER, facts, in_use, shaped, soonest
from conversations.state import Place, Said, Seeker
from conversations.steps import Here
from conversations.unsaying import remembered
from conversations.walking import Walk

LONGEST_LIFE = timedelta(hours=12)
MISSED = "nudges.missed"


@dataclass(frozen=True)
class Nudge:
    """One nudge still owed: the rule, the person (0: the seeker), and its moment in UTC."""

    rule: str
    person: int
    due: datetime


def plan(script: Script, seeker: Seeker, now: datetime) -> tuple[Nudge, ...]:
    """Every nudge still owed, soonest first. Pure; what no longer applies is not in it.

    Those that were due and never said are in it until they are told of as missed.
    """
    here = Here(script, seeker, now.astimezone(zone_of(script, seeker)))
    pairs = [(rule, one, shaped(here, rule, one)) for rule, one in owed(here)]
    due = [(rule, one) for rule, one, moment in pairs if moment <= here.now]
    late = missed(here, seeker.nudging.lapsed, due)
    moments = [*pairs, *((rule, one, soonest(here)) for rule, one in late)]
    planned = (Nudge(rule.name, one.person, due.astimezone(UTC)) for rule, one, due in moments)
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
    for rule, one in facts(here):
        if not was_said(here.seeker, rule, one) and in_use(here, rule, one):
            yield rule, one


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
    wanted = (*seeker.nudging.lapsed, *event.due)
    if soonest(here) > now:
        return overslept(here, event.due), ()
    due = [
        (rule, one) for rule, one in owed(here)
        if (rule.name, one.person) in wanted and shaped(here, rule, one) <= now
    ]  # fmt: skip
    late = missed(here, wanted, due)
    if not due and not late:
        return seeker, ()
    return _say(script, _without_lapsed(seeker, wanted), due, late, now)


def overslept(here: Here, due: tuple[tuple[str, int], ...]) -> Seeker:
    """Nothing can be said of it now: what was due and is of no use any more is told of later."""
    nudging = here.seeker.nudging
    late = ((rule.name, one.person) for rule, one in missed(here, due, ()))
    return replace(
        here.seeker, nudging=replace(nudging, lapsed=tuple(dict.fromkeys((*nudging.lapsed, *late))))
    )


def _without_lapsed(seeker: Seeker, told: tuple[tuple[str, int], ...]) -> Seeker:
    lapsed = tuple(one for one in seeker.nudging.lapsed if one not in told)
    return replace(seeker, nudging=replace(seeker.nudging, lapsed=lapsed))


def _say(
    script: Script, seeker: Seeker, due: list[tuple[Rule, Owed]], late: list[tuple[Rule, Owed]],
    now: datetime,
) -> tuple[Seeker, tuple[Effect, ...]]:  # fmt: skip
    pairs = sorted(due, key=lambda pair: (_place(pair[0].name), pair[1].person))
    walk = Walk(script, remembered(seeker, pairs, late, now), now)
    if late:  # to say that nothing piled up would contradict the list
        pairs = [one for one in pairs if one[0].name != "quiet"]
    walk.as_nudge()
    if seeker.discreet:
        walk.say(Text("nudges.discreet", pick=walk.seeker.turn))
    walk.mention_clocks()
    others = _others(walk.here(), seeker, pairs[1:], [*pairs[:1], *late])
    walk.seeker = replace(walk.seeker, nudging=replace(walk.seeker.nudging, waiting=others))
    if pairs:
        walk.ends_with(*_endings(walk.seeker, len(others), seeker.nudging.unanswered))
        walk.ends_with(*told_of(walk.here(), late, "nudges.missed_too"))
        walk.visit(Place(pairs[0][0].step, pairs[0][1].person))
    else:
        walk.say(*told_of(walk.here(), late, "nudges.missed_only"))
        walk.visit(Place(MISSED))
    until = _stale_from(now, [one for _, one in pairs[:1]])
    effects = (replace(one, until=until) if isinstance(one, Say) else one for one in walk.effects)
    return walk.seeker, tuple(effects)


def _others(
    here: Here, before: Seeker, rest: list[tuple[Rule, Owed]], first: list[tuple[Rule, Owed]]
) -> tuple[tuple[str, int], ...]:
    """What waits behind the first: what is due now, and what already waited and is still open."""
    keys = [(rule.name, one.person) for rule, one in rest]
    shown = {(rule.name, one.person) for rule, one in first}
    old = (one for one in before.nudging.waiting if one not in keys and one not in shown)
    return (*keys, *(one for one in old if still_owed(here, *one)))


def _stale_from(now: datetime, first: list[Owed]) -> datetime:
    """The moment from which a message of the bell must not go out any more: night, or no use."""
    assert now.tzinfo is not None
    night = at_wall(now.date(), QUIET_FROM, now.tzinfo)
    ends = [one.until for one in first if one.until is not None and one.until > now]
    return min(one.astimezone(UTC) for one in (night, now.astimezone(UTC) + LONGEST_LIFE, *ends))


def _endings(seeker: Seeker, others: int, before: int) -> Iterator[Text]:
    unanswered = seeker.nudging.unanswered
    if others:
        yield Text("nudges.more", {"count": others}, count=others)
    if before == HALVED_AFTER < unanswered:
        yield Text("nudges.slower")
    if before < STOPPED_AFTER <= unanswered:
        yield Text("nudges.door")


def left_behind(script: Script, seeker: Seeker, turn: int, now: datetime) -> bool:
    """Whether something said in this turn, and perhaps just on its way, makes no sense any more."""
    here = Here(script, seeker, now.astimezone(zone_of(script, seeker)))
    said = [one for one in seeker.nudging.said if one.turn == turn]
    # Where nothing is left of it, the person it was about is gone.
    return not said or any(_outlived(here, one) for one in said if not one.late)


def _outlived(here: Here, said: Said) -> bool:
    rule = next(one for one in RULES if one.name == said.rule)
    nudging = here.seeker.nudging
    if rule.name in nudging.stopped or (nudging.off and not rule.appointment):
        return True
    if any((one.rule, one.person) == (rule.name, said.person) for one in nudging.pauses):
        return True  # put off: what was put off before it was said is no pause any more
    if not Walk(here.script, here.seeker, here.now).still_fits(Place(rule.step, said.person)):
        return True
    return bool(said.person) and not still_owed(here, rule.name, said.person, said.anchor)
