"""What a nudge leaves in the seeker when it is said, and how that is put back if it never went out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from conversations.rules import RULES, Owed, Rule
from conversations.state import Ring, Said, Seeker

KEPT_SAID = 400
KEPT = 3
MOST_LAPSED = 100


def remembered(
    seeker: Seeker, due: Sequence[tuple[Rule, Owed]], late: Sequence[tuple[Rule, Owed]], now: datetime
) -> Seeker:
    """The seeker in the turn that says these; `late` ones are only told of."""
    turn, at = seeker.turn + 1, now.astimezone(UTC)
    said = (
        *(Said(rule.name, one.person, one.anchor, at, turn) for rule, one in due),
        *(Said(rule.name, one.person, one.anchor, at, turn, late=True) for rule, one in late),
    )
    keys = {(one.rule, one.person) for one in said}
    counted = any(_is_counted(one) for one in said)
    nudging = seeker.nudging
    nudging = replace(
        nudging,
        said=(*nudging.said, *said)[-KEPT_SAID:],
        pauses=tuple(one for one in nudging.pauses if (one.rule, one.person) not in keys),
        unanswered=nudging.unanswered + counted,
        last=at if counted else nudging.last,
        rings=(*nudging.rings, _before(seeker, turn))[-KEPT:],
    )
    return replace(seeker, turn=turn, nudging=nudging)


def _before(seeker: Seeker, turn: int) -> Ring:
    nudging = seeker.nudging
    return Ring(
        turn, seeker.at, seeker.entered, seeker.trail, nudging.pauses, nudging.waiting, nudging.last,
        nudging.moved,
    )  # fmt: skip


def unsaid(seeker: Seeker, turn: int) -> Seeker:
    """The seeker with what was said in a turn unsaid: it is owed again, where it still matters."""
    nudging = seeker.nudging
    gone = [one for one in nudging.said if one.turn == turn]
    if not turn or not gone:
        return seeker
    keys = dict.fromkeys((one.rule, one.person) for one in gone)
    seeker = replace(seeker, nudging=replace(
        nudging,
        said=tuple(one for one in nudging.said if one.turn != turn),
        rings=tuple(one for one in nudging.rings if one.turn != turn),
        lapsed=tuple(dict.fromkeys((*nudging.lapsed, *keys)))[-MOST_LAPSED:],
    ))  # fmt: skip
    ring = next((one for one in nudging.rings if one.turn == turn), None)
    return _put_back(seeker, ring, gone) if ring else seeker


def _put_back(seeker: Seeker, ring: Ring, gone: list[Said]) -> Seeker:
    nudging, keys = seeker.nudging, {(one.rule, one.person) for one in gone}
    held = {(one.rule, one.person) for one in nudging.pauses}
    back = tuple(one for one in ring.pauses if (one.rule, one.person) in keys - held)
    waiting = tuple(one for one in nudging.waiting if one not in keys)
    nudging = replace(nudging, pauses=(*nudging.pauses, *back), waiting=waiting)
    at, seen = gone[0].at, seeker.last_seen
    if nudging.last == at:
        nudging = replace(nudging, last=ring.last)
    if (seen is None or seen < at) and any(_is_counted(one) for one in gone):
        nudging = replace(nudging, unanswered=max(0, nudging.unanswered - 1))
    if seeker.entered != ring.turn:  # they went on since then, and stand where they stand
        return replace(seeker, nudging=nudging)
    nudging = replace(nudging, waiting=ring.waiting, moved=nudging.moved or ring.moved)
    return replace(seeker, at=ring.at, entered=ring.entered, trail=ring.trail, nudging=nudging)


def _is_counted(said: Said) -> bool:
    """Whether it was one that may be ignored, as `unanswered` counts them."""
    return not said.late and not any(rule.name == said.rule and rule.appointment for rule in RULES)
