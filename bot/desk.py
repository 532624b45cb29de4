"""Several turns in one transaction: what they need is read first, what they change written last.

A turn that fails has touched nothing here, so the others of its transaction go on without it.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.channel import Channel, Press, Stage
from bot.failpoints import passing
from bot.files import files_of
from bot.outgoing import to_rows
from bot.planning import planned
from bot.store import Counts, NudgeRow, OutboxRow, SeekerRow, Transaction
from bot.words import Words
from conversations import Script, Seeker
from conversations.counts import counts
from conversations.effects import Effect, Erase
from conversations.saving import FORMAT, dump, load

#: Probes of a request that nobody asks Telegram after any more.
GIVEN_UP = 4


@dataclass(frozen=True)
class Tools:
    """What every turn needs and never changes."""

    script: Script
    words: Words
    channel: Channel


@dataclass
class Changes:
    """What the turns of one transaction come to."""

    plans: dict[int, list[NudgeRow]] = field(default_factory=dict)
    counts: dict[int, Counts] = field(default_factory=dict)
    said: list[OutboxRow] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    arrived: dict[int, int] = field(default_factory=dict)
    erased: list[tuple[int, int]] = field(default_factory=list)


async def breath() -> None:
    """Between two turns everybody else has a moment: many in a row would hold the loop."""
    await asyncio.sleep(0)


class Desk:
    """What lies on the desk at one moment: seekers, their open requests, and what changed."""

    def __init__(self, tools: Tools, now: datetime) -> None:
        self.tools = tools
        self.now = now
        self.rows: dict[int, SeekerRow] = {}
        self.plans: dict[int, list[NudgeRow]] = {}
        self.open: dict[int, list[OutboxRow]] = {}
        self.changes = Changes()
        self._seekers: dict[int, Seeker] = {}

    async def lay_out(self, t: Transaction, seekers: Iterable[int]) -> None:
        """Read what is known of these seekers."""
        self.rows = await t.seekers(sorted(set(seekers)))
        self.plans = await t.nudges_of(list(self.rows))
        for row in await t.open_of([one.chat for one in self.rows.values()]):
            self.open.setdefault(row.chat, []).append(row)

    def seeker(self, number: int) -> Seeker | None:
        """The seeker as they are now, or None. Raises what an unreadable one raises."""
        if number not in self._seekers:
            if number not in self.rows:
                return None
            self._seekers[number] = load(self.rows[number].body)
        return self._seekers[number]

    def waiting_nudges(self, chat: int) -> list[OutboxRow]:
        """Nudges to this chat that have not gone out."""
        return [one for one in self.open.get(chat, ()) if (one.kind, one.state) == ("nudge", "pending")]

    def changed(
        self, at: SeekerRow, seeker: Seeker, effects: Sequence[Effect] = (), press: Press | None = None,
        *, doubted: bool = False,
    ) -> None:  # fmt: skip
        """One turn is done: the seeker as they are now, and what is to be said to them.

        `doubted`: it may have been said already, before a backup was put back, and is not repeated.
        """
        erased = any(isinstance(one, Erase) for one in effects)
        files = files_of(effects, seeker, self.tools.words, self.now)
        stage = Stage(at.chat, seeker.language, at.screen, press, files)
        said = self.tools.channel.show(effects, stage)
        owner = None if erased else at.id
        rows = to_rows(said, at.chat, owner, seeker.turn)
        if doubted:
            rows = [replace(one, state="unsure", reason="restored", probes=GIVEN_UP, claimed=self.now,
                            settled=self.now) for one in rows]  # fmt: skip
        if erased:
            self._forget(at)
        else:
            self._keep(at, seeker)
        self.changes.said.extend(rows)

    def withdraw(self, chat: int, ids: Sequence[int]) -> None:
        """These requests shall not go out any more."""
        self.changes.withdrawn.extend(ids)
        self.open[chat] = [one for one in self.open.get(chat, ()) if one.id not in ids]

    async def write(self, t: Transaction) -> None:
        """Write everything that changed."""
        changes = self.changes
        for number, chat in changes.erased:
            await t.erase(number, chat, self.now)
        if any(one.file for one in changes.said):
            passing("export.made")
        if changes.plans:
            await t.save_seekers([self.rows[one] for one in changes.plans])
            await t.replace_plans(changes.plans)
            await t.save_counts(changes.counts)
        for row, message in changes.arrived.items():
            await t.settle(row, "sent", message, "pressed", now=self.now)
        await t.withdraw(changes.withdrawn, "overtaken", self.now)
        if changes.told:
            await t.told_of(changes.told)
        await t.enqueue(changes.said, self.now)

    def _keep(self, at: SeekerRow, seeker: Seeker) -> None:
        body = dump(seeker)
        plan = planned(self.tools.script, seeker, self.now)
        seen = seeker.last_seen or self.now
        self.rows[at.id] = SeekerRow(
            at.id, at.chat, seeker.turn, FORMAT, body, seen, at.screen, at.newest
        )  # fmt: skip
        self._seekers[at.id] = seeker
        self.changes.plans[at.id] = plan
        told = counts(seeker)
        self.changes.counts[at.id] = Counts(told.asked, told.answered, told.met, told.named)

    def _forget(self, at: SeekerRow) -> None:
        """Everything of one seeker goes, and what was about to be written of them."""
        changes = self.changes
        changes.erased.append((at.id, at.chat))
        for kept in (self.rows, self._seekers, changes.plans, changes.counts):
            kept.pop(at.id, None)
        # A file they asked for just before still goes out, and is nobody's from now on.
        changes.said[:] = [
            replace(one, seeker=None) if one.chat == at.chat else one
            for one in changes.said if one.chat != at.chat or one.file
        ]  # fmt: skip
