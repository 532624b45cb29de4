"""One turn: what was heard, or a ring of the bell, changes one seeker and says something."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import doubt
from bot.channel import Heard
from bot.desk import Desk
from bot.outgoing import to_rows
from bot.store import NudgeRow, SeekerRow
from bot.typed import understood
from conversations import Seeker, advance
from conversations.events import (
    CameBack,
    Chose,
    ClocksChanged,
    Event,
    Left,
    NudgesDue,
    Overdue,
    Started,
    Withdrawn,
)
from conversations.nudges import left_behind
from conversations.saving import FORMAT
from conversations.troubles import Away, JustLeft, Restored, Trouble, told

TOLD_FOR = timedelta(hours=48)
RESTORED_FOR = timedelta(days=14)
ERASING = "settings.erase"


@dataclass(frozen=True)
class Past:
    """What went wrong for everybody, and is told to each seeker once they are there again.

    `away`: the newest absence. `earlier`: those before it, in order.
    """

    away: Away | None = None
    restored: Restored | None = None
    restored_at: datetime | None = None
    earlier: tuple[Away, ...] = ()

    def for_one(self, seen: datetime | None, now: datetime) -> list[Trouble]:
        """What a seeker who was last seen then has not been told yet."""
        found: list[Trouble] = []
        restored, at = self.restored, self.restored_at
        gaps = [*self.earlier, self.away] if self.away else [*self.earlier]
        missed = [one for one in gaps if seen and seen < one.until <= now < one.until + TOLD_FOR]
        if missed:
            # A blip must not hide a long one: where messages were lost, it is that which is told.
            worst = [one for one in missed if one.messages] or missed
            found.append(replace(worst[0], until=worst[-1].until))
        if restored and at and seen and seen < at <= now < at + RESTORED_FOR:
            found.append(restored)
        return found

    def may_be_said(self, due: datetime) -> bool:
        """Whether what was due then may have been said before a backup was put back."""
        at, restored = self.restored_at, self.restored
        return restored is not None and at is not None and restored.since < due <= at


def answer(desk: Desk, heard: Heard, past: Past) -> bool:
    """One update of a seeker; whether it erased everything of theirs."""
    saved, event = desk.rows.get(heard.seeker), heard.event
    if event is None or (saved is None and _is_over(event)):
        return False  # nothing is known of them, and nothing begins like that
    seeker = desk.seeker(heard.seeker) or Seeker()
    at = _seen(saved or SeekerRow(heard.seeker, heard.chat, 0, FORMAT, ""), heard.number)
    overtaken = desk.waiting_nudges(at.chat)
    proven = doubt.proven(desk, heard)
    doubtful = doubt.untold(desk, at.chat, proven)
    seeker_then = _caught_up(desk, at, without(desk, seeker, [one.turn for one in overtaken]))
    begun = event if saved or isinstance(event, Started) else Started()
    begun = understood(desk.tools.script, desk.tools.words, seeker_then, begun, desk.now)
    changed, effects = advance(desk.tools.script, seeker_then, begun, desk.now)
    troubles = [*past.for_one(seeker.last_seen, desk.now), *doubt.told_as(seeker_then, doubtful)]
    flying = doubt.flying(desk, heard)
    if any(left_behind(desk.tools.script, changed, turn, desk.now) for turn in flying):
        troubles.append(JustLeft())
    tells = troubles and not isinstance(event, Left)
    first = told(desk.tools.script, changed, troubles, desk.now) if tells else ()
    desk.changed(at, changed, (*first, *effects), heard.press)
    desk.withdraw(at.chat, [one.id for one in overtaken])
    desk.changes.arrived.update(proven)
    desk.changes.told.extend(one.id for one in doubtful if tells)
    return at.id not in desk.rows


def _is_over(event: Event) -> bool:
    """Leaving is no beginning, nor is a second press of the button that erased everything."""
    return isinstance(event, (Left, CameBack)) or (isinstance(event, Chose) and event.step == ERASING)


def _caught_up(desk: Desk, at: SeekerRow, seeker: Seeker) -> Seeker:
    """The seeker with what was due before they came remembered: some of it is of no use any more."""
    due = _due(desk, at)
    return advance(desk.tools.script, seeker, Overdue(_keys(due)), desk.now)[0] if due else seeker


def elsewhere(desk: Desk, heard: Heard) -> None:
    """Nothing is saved of whoever writes in a group; the line there is in English."""
    lines = desk.tools.channel.elsewhere(heard, "en")
    desk.changes.said.extend(to_rows(lines, heard.chat, None, 0))


def nudge(desk: Desk, number: int, past: Past) -> None:
    """The bell rang for a seeker: what is due is said, with what waits to go out already."""
    at, seeker = desk.rows[number], desk.seeker(number)
    assert seeker is not None
    waiting = desk.waiting_nudges(at.chat)
    rows = _due(desk, at)
    doubted = [one for one in rows if past.may_be_said(one.due)]
    due = [*_keys(doubted or rows)]
    turns = {one.turn for one in waiting}
    due += [(said.rule, said.person) for said in seeker.nudging.said if said.turn in turns]
    seeker = without(desk, seeker, sorted(turns))
    changed, effects = advance(desk.tools.script, seeker, NudgesDue(tuple(due)), desk.now)
    desk.changed(at, changed, effects, doubted=bool(doubted))
    desk.withdraw(at.chat, [one.id for one in waiting])


def leave(desk: Desk, number: int, turns: Sequence[int]) -> None:
    """The seeker cannot be reached any more: the coach falls silent and keeps everything."""
    at, seeker = _theirs(desk, number)
    changed, _ = advance(desk.tools.script, without(desk, seeker, turns), Left(), desk.now)
    desk.changed(at, changed)


def unsay(desk: Desk, number: int, turns: Sequence[int]) -> None:
    """Nudges that were written did not go out: they are owed again, where they still matter."""
    at, seeker = _theirs(desk, number)
    desk.changed(at, without(desk, seeker, turns))


def reckon(desk: Desk, number: int, moved_by: timedelta) -> bool:
    """The clocks of a zone change on other days than before; whether a nudge moved that far."""
    at, seeker = _theirs(desk, number)
    desk.changed(at, seeker)
    after = {(one.rule, one.person): one.due for one in desk.changes.plans[number]}
    moved = tuple(
        (one.rule, one.person)
        for one in desk.plans[number]
        if one.due > desk.now and abs(after.get((one.rule, one.person), one.due) - one.due) >= moved_by
    )
    if moved:
        changed, _ = advance(desk.tools.script, seeker, ClocksChanged(moved), desk.now)
        desk.changed(at, changed)
    return bool(moved)


def _theirs(desk: Desk, number: int) -> tuple[SeekerRow, Seeker]:
    """A seeker whose plan is about to be made anew, though neither they nor the bell were there."""
    at, seeker = desk.rows[number], desk.seeker(number)
    assert seeker is not None
    return at, _caught_up(desk, at, seeker)


def without(desk: Desk, seeker: Seeker, turns: Sequence[int]) -> Seeker:
    """The seeker as if the nudges of these turns had not been said."""
    for turn in sorted(turns, reverse=True):
        seeker, _ = advance(desk.tools.script, seeker, Withdrawn(turn), desk.now)
    return seeker


def _seen(row: SeekerRow, number: int | None) -> SeekerRow:
    newest = max(row.newest or 0, number or 0) or None
    return SeekerRow(row.id, row.chat, row.turn, row.format, row.body, row.last_seen, row.screen, newest)


def _due(desk: Desk, at: SeekerRow) -> list[NudgeRow]:
    return [one for one in desk.plans.get(at.id, ()) if one.due <= desk.now and one.turn == at.turn]


def _keys(rows: Sequence[NudgeRow]) -> tuple[tuple[str, int], ...]:
    return tuple((one.rule, one.person) for one in rows)
