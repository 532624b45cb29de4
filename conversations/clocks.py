"""A law moved the clocks: which place the seeker is told of."""

from dataclasses import replace

from conversations.events import ClocksChanged
from conversations.rules import RULES
from conversations.state import Seeker, person_of


def clocks_changed(seeker: Seeker, event: ClocksChanged) -> Seeker:
    """The seeker, who is told of it with the next message."""
    return replace(seeker, nudging=replace(seeker.nudging, moved=_zone(seeker, event)))


def _zone(seeker: Seeker, event: ClocksChanged) -> str:
    """Where the clocks move: where a talk takes place, if nothing but talks moved; else at home."""
    of_talks = {one.name for one in RULES if one.appointment}
    if any(rule not in of_talks for rule, _ in event.moved):
        return seeker.zone
    people = (person_of(seeker, number) for _, number in event.moved)
    zones = [one.talk.zone for one in people if one and one.talk and one.talk.zone]
    return seeker.zone if seeker.zone in zones or not zones else zones[0]
