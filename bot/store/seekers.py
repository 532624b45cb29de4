"""Seekers, what is owed to them, and the numbers an operator may see."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from .driver import Row
from .part import Part
from .rows import (
    Counts,
    NudgeRow,
    SeekerRow,
    Totals,
    maybe_millis,
    maybe_moment,
    millis,
    moment,
)


class Seekers(Part):
    """Seekers by their id. Save a seeker before their plan and counts."""

    async def seekers(self, ids: Sequence[int]) -> dict[int, SeekerRow]:
        """Those of these seekers that are known, by their id."""
        rows = await self._ask("seekers", seekers=json.dumps(list(ids)))
        return {row[0]: self._opened(row) for row in rows}

    async def seeker(self, id: int) -> SeekerRow | None:
        """The seeker with this id, or None."""
        return (await self.seekers([id])).get(id)

    async def save_seekers(self, rows: Sequence[SeekerRow]) -> None:
        """Keep seekers as they are after a turn.

        The screen is kept as given only for a new seeker; afterwards `set_screen` alone moves it,
        because the sender may have done so since the row was read.
        """
        await self._ask_each("save_seeker", [self._values_of(row) for row in rows])

    async def set_screen(self, seeker: int, message: int | None) -> None:
        """The number of the message that navigation edits; None: the next screen is a new one."""
        await self._ask("set_screen", seeker=seeker, screen=message)

    async def saw_number(self, seeker: int, message: int) -> None:
        """A message with this number is in the seeker's chat."""
        await self._ask("saw_number", seeker=seeker, message=message)

    async def newest_of_all(self) -> int | None:
        """The highest message number known in any chat."""
        number = (await self._ask("newest_of_all"))[0][0]
        return None if number is None else int(number)

    async def replace_plans(self, plans: Mapping[int, Sequence[NudgeRow]]) -> None:
        """Everything still owed to some seekers, instead of what was planned before."""
        rows = [
            (seeker, row.rule, row.person, millis(row.due), row.turn)
            for seeker, plan in plans.items()
            for row in plan
        ]
        await self._ask("forget_plans", seekers=json.dumps(list(plans)))
        if rows:
            await self._ask("keep_plans", seekers_plans=json.dumps(rows))

    async def due_nudges(self, now: datetime, limit: int) -> list[int]:
        """Seekers with at least one nudge due."""
        return [row[0] for row in await self._ask("due_nudges", now=millis(now), limit=limit)]

    async def nudges_of(self, seekers: Sequence[int]) -> dict[int, list[NudgeRow]]:
        """What is owed to each of these seekers, the next one first."""
        plans: dict[int, list[NudgeRow]] = {seeker: [] for seeker in seekers}
        for rule, person, due, turn, seeker in await self._ask(
            "nudges_of", seekers=json.dumps(list(seekers))
        ):
            plans[seeker].append(NudgeRow(rule, person, moment(due), turn, seeker))
        return plans

    async def nudged_after(self, seeker: int, limit: int) -> list[int]:
        """Seekers who are owed something, with a greater number than this one, in order."""
        return [row[0] for row in await self._ask("nudged_after", after=seeker, limit=limit)]

    async def next_due(self) -> datetime | None:
        """When the next nudge is due, of all seekers."""
        return maybe_moment((await self._ask("next_due"))[0][0])

    async def save_counts(self, told: Mapping[int, Counts]) -> None:
        """The numbers of some seekers, as they are now."""
        values = [{"seeker": seeker, **asdict(counts)} for seeker, counts in told.items()]
        await self._ask_each("save_counts", values)

    async def totals(self) -> Totals:
        """The numbers of all seekers together."""
        return Totals(*(await self._ask("totals"))[0])

    def _values_of(self, row: SeekerRow) -> dict[str, object]:
        return {
            "seeker": row.id,
            "chat": row.chat,
            "turn": row.turn,
            "format": row.format,
            "body": self._seal.seal("seekers", "body", row.chat, row.id, row.body.encode()),
            "last_seen": maybe_millis(row.last_seen),
            "screen": row.screen,
            "newest": row.newest,
        }

    def _opened(self, row: Row) -> SeekerRow:
        id, chat, turn, format, sealed, seen, screen, newest = row
        body = self._seal.open("seekers", "body", chat, id, sealed).decode()
        return SeekerRow(id, chat, turn, format, body, maybe_moment(seen), screen, newest)
