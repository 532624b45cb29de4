"""What goes wrong on purpose in a transcript: a fault, a nudge in doubt, a law, the coach away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from bot.channel import Outgoing, Stage
from bot.contact import TAPS_KEPT
from bot.store import OutboxRow
from bot.terminal.channel import TerminalChannel
from bot.terminal.passing import passed
from bot.terminal.talk import Talk
from bot.turn import Past
from conversations.calendar import Calendar, DayWords
from conversations.effects import Effect
from conversations.troubles import MESSAGES_KEPT, Away

MISHAP = re.compile(
    r"-- (?:away (?P<away>.+)|clocks of (?P<zone>\S+) as in (?P<like>\S+)|(?P<what>fault|doubt)) --"
)
"""A line of a transcript that lets something go wrong: see transcripts/README.md."""
TRIES = 3


def away(span: str, since: datetime) -> Past:
    """The coach was out of reach for so long, and knows it afterwards."""
    until = passed(span, since, UTC)
    lost = until - since
    return Past(Away(since, until, taps=lost > TAPS_KEPT, messages=lost > MESSAGES_KEPT))


class FaultyChannel(TerminalChannel):
    """A terminal that fails so many times, and works again then."""

    faults = 0

    def show(self, effects: Sequence[Effect], stage: Stage) -> list[Outgoing]:
        """What is to be said, or a fault."""
        if self.faults:
            self.faults -= 1
            raise RuntimeError
        return super().show(effects, stage)


class DoubtfulTalk(Talk):
    """A talk in which nobody knows of the next nudge whether it arrived."""

    doubt = False

    async def said(self) -> list[OutboxRow]:
        """What was said; nudges are left in doubt, once."""
        now = self.clock.now()
        async with self.coach.store.transaction() as t:
            nudges = await t.pending("nudge", now, 50) if self.doubt else []
            await t.claim([one.id for one in nudges], now)
            for one in nudges:
                await t.settle(one.id, "unsure", now=now)
        self.doubt = self.doubt and not nudges
        return sorted([*nudges, *await super().said()], key=lambda one: one.id)


@dataclass(frozen=True)
class NewLaw:
    """A calendar in which a law lets the clocks of one zone go as in another one."""

    calendar: Calendar
    zone_name: str
    like: str

    def zone(self, name: str) -> tzinfo:
        """The zone, by the new law."""
        return self.calendar.zone(self.like if name == self.zone_name else name)

    def zones_of_place(self, words: str, country: str) -> tuple[str, ...]:
        """As ever."""
        return self.calendar.zones_of_place(words, country)

    def zones_like(self, words: str, country: str) -> tuple[str, ...]:
        """As ever."""
        return self.calendar.zones_like(words, country)

    def country_of(self, zone: str) -> str:
        """As ever."""
        return self.calendar.country_of(zone)

    def zones_of(self, country: str) -> tuple[str, ...]:
        """As ever."""
        return self.calendar.zones_of(country)

    def is_business_day(self, on: date, country: str) -> bool:
        """As ever."""
        return self.calendar.is_business_day(on, country)

    def day_words(self, language: str, country: str) -> DayWords:
        """As ever."""
        return self.calendar.day_words(language, country)
