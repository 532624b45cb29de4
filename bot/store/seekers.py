"""Seekers, what is owed to them, and the numbers an operator may see."""

import json
from collections.abc import Sequence
from datetime import datetime

from .part import Part
from .rows import (
    NudgeRow,
    SeekerRow,
    Totals,
    maybe_millis,
    maybe_moment,
    millis,
    moment,
)


class Seekers(Part):
    """One seeker at a time, by their id. Save the seeker before their nudges and counts."""

    async def seeker(self, id: int) -> SeekerRow | None:
        """The seeker with this id, or None."""
        rows = await self._ask("seeker", seeker=id)
        if not rows:
            return None
        _, chat, turn, format, sealed, seen, screen = rows[0]
        body = self._seal.open("seekers", "body", chat, id, sealed).decode()
        return SeekerRow(id, chat, turn, format, body, maybe_moment(seen), screen)

    async def save_seeker(self, row: SeekerRow) -> None:
        """Keep a seeker as they are after a turn.

        The screen is kept as given only for a new seeker; afterwards `set_screen` alone moves it,
        because the sender may have done so since the row was read.
        """
        sealed = self._seal.seal("seekers", "body", row.chat, row.id, row.body.encode())
        await self._ask(
            "save_seeker",
            seeker=row.id,
            chat=row.chat,
            turn=row.turn,
            format=row.format,
            body=sealed,
            last_seen=maybe_millis(row.last_seen),
            screen=row.screen,
        )

    async def set_screen(self, seeker: int, message: int | None) -> None:
        """The number of the message that navigation edits; None: the next screen is a new one."""
        await self._ask("set_screen", seeker=seeker, screen=message)

    async def replace_nudges(self, seeker: int, rows: Sequence[NudgeRow]) -> None:
        """Everything still owed to a seeker, instead of what was planned before."""
        plan = [(row.rule, row.person, millis(row.due), row.turn) for row in rows]
        await self._ask("forget_plan", seeker=seeker)
        if plan:
            await self._ask("keep_plan", seeker=seeker, rows=json.dumps(plan))

    async def due_nudges(self, now: datetime, limit: int) -> list[int]:
        """Seekers with at least one nudge due."""
        return [row[0] for row in await self._ask("due_nudges", now=millis(now), limit=limit)]

    async def nudges_of(self, seeker: int) -> list[NudgeRow]:
        """What is owed to a seeker, the next one first."""
        rows = await self._ask("nudges_of", seeker=seeker)
        return [NudgeRow(rule, person, moment(due), turn, owner) for rule, person, due, turn, owner in rows]

    async def next_due(self) -> datetime | None:
        """When the next nudge is due, of all seekers."""
        return maybe_moment((await self._ask("next_due"))[0][0])

    async def save_counts(self, seeker: int, asked: int, answered: int, met: int, named: int) -> None:
        """The numbers of one seeker, as they are now."""
        numbers = {"asked": asked, "answered": answered, "met": met, "named": named}
        await self._ask("save_counts", seeker=seeker, **numbers)

    async def totals(self) -> Totals:
        """The numbers of all seekers together."""
        return Totals(*(await self._ask("totals"))[0])
