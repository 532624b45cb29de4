"""Nudges that lived out their use while the coach was out of reach: listed once, honestly."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from conversations.effects import Stack, Text, Value
from conversations.rules import Owed, Rule
from conversations.shaping import facts, in_use
from conversations.state import Seeker, person_of
from conversations.steps import Here

LISTED = timedelta(days=30)
MOST = 12


def was_said(seeker: Seeker, rule: Rule, one: Owed) -> bool:
    """Whether a nudge was said for the same reason, and was not put off since."""
    wanted = (rule.name, one.person, one.anchor)
    said = any((was.rule, was.person, was.anchor) == wanted for was in seeker.nudging.said)
    again = any((p.rule, p.person) == wanted[:2] for p in seeker.nudging.pauses)
    return said and not again


def missed(
    here: Here, wanted: Iterable[tuple[str, int]], due: Sequence[tuple[Rule, Owed]]
) -> list[tuple[Rule, Owed]]:
    """What was planned and due, is still true, was never said, and is of no more use now."""
    keys = set(wanted) - {(rule.name, one.person) for rule, one in due}
    if not keys:
        return []
    late = [
        (rule, one)
        for rule, one in facts(here)
        if (rule.name, one.person) in keys
        and not was_said(here.seeker, rule, one)
        and one.due > here.now - LISTED
        and not in_use(here, rule, one)
    ]
    # To confirm a talk that is about to begin, or did begin, is no news beside it.
    talks = {one.person for rule, one in (*due, *late) if rule.name == "two_hours"}
    return [pair for pair in late if pair[0].name != "day_before" or pair[1].person not in talks]


def told_of(here: Here, late: Sequence[tuple[Rule, Owed]], lead: str) -> Iterator[Value]:
    """The list of what was missed, under its opening words; nothing where nothing was."""
    lines = list(dict.fromkeys((rule.name, one.person) for rule, one in late))
    if lines:
        yield Text(lead)
        yield Stack(tuple(_line(here, rule, person) for rule, person in lines[:MOST]), gap=1)


def _line(here: Here, rule: str, number: int) -> Text:
    person = person_of(here.seeker, number)
    by = person_of(here.seeker, person.named_by) if person else None
    names = {"person": person.name, "introducer": by.name if by else person.name} if person else {}
    return Text(f"nudges.missed.{rule}", names)
