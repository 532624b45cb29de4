"""Contact with Telegram: when we last heard from it, what we missed meanwhile, whose clock is right."""

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic

from bot.alarms import Alarms
from bot.clock import BUILT, SKEW, Clock
from bot.faults import where
from bot.store import Store, Transaction
from bot.store.replacing import RESTORED
from bot.turn import TOLD_FOR, Past
from conversations.troubles import MESSAGES_KEPT, Away, Restored

LOG = logging.getLogger(__name__)
TAPS_KEPT = timedelta(seconds=150)
MOST_GAPS = 10
CONTACT, AWAY = "contact", "away"
WRONG_CLOCK = (
    "the clock of this machine is wrong by more than 5 minutes against Telegram's, so no reminder "
    "is sent. Set it (timedatectl set-ntp true), and it goes on by itself."
)


class Contact:
    """Remembers when Telegram answered last, also over a restart, and compares the clocks."""

    def __init__(self, store: Store, clock: Clock, alarms: Alarms) -> None:
        self._store = store
        self._clock = clock
        self._alarms = alarms
        self._last: datetime | None = None
        self._noted: datetime | None = None
        self._skew: timedelta | None = None
        self._compared: tuple[datetime, float] | None = None
        self._gaps = self._noted_gaps = tuple[Away, ...]()
        self.past = Past()

    async def begin(self) -> None:
        """Read when we last heard from Telegram, and what is still to be told to seekers."""
        async with self._store.transaction() as t:
            self._last = self._noted = _moment(await t.get_note(CONTACT))
            self._gaps = self._noted_gaps = await _gaps(t)
            self.past = _past(self._gaps, *await _restored(t))

    def saw_date(self, date: datetime) -> None:
        """Telegram's own clock, as an answer just showed it."""
        now = self._clock.now()
        self._skew, self._compared = now - date, (now, monotonic())

    @property
    def may_be_off(self) -> bool:
        """Whether this machine's clock was set since it was compared with Telegram's."""
        if self._compared is None:
            return True
        then, ticks = self._compared
        passed = timedelta(seconds=monotonic() - ticks)
        return abs(self._clock.now() - then - passed) > SKEW

    @property
    def clock_is_right(self) -> bool:
        """Whether this machine's clock may be relied on; an alarm where not."""
        wrong = self._clock.now() < BUILT or (self._skew is not None and abs(self._skew) > SKEW)
        if wrong:
            self._alarms.raised("clock", WRONG_CLOCK)
        else:
            self._alarms.cleared("clock")
        return not wrong

    async def heard(self) -> None:
        """Telegram gave us updates, or said that there are none. Raises nothing where the disk is full."""
        now, last = self._clock.now(), self._last
        self._last = now
        if last is None or now - last <= TAPS_KEPT:
            return
        LOG.warning("Telegram was out of reach for %s", now - last)
        self._gaps = _worth_telling((*self._gaps, _gap(last, now)), now)
        self.past = _past(self._gaps, self.past.restored, self.past.restored_at)
        try:
            await self.note()
        except Exception as error:  # what was given is still to be kept, or seekers told that it is not
            LOG.error("an absence could not be noted: %s; it will be later", where(error))

    def goes_along(self, span: timedelta) -> None:
        """Telegram's clock and ours were both set on by this much: nothing was missed meanwhile."""
        if self._last is not None:
            self._last += span

    async def note(self) -> None:
        """Write down when we last heard from Telegram, and the gaps before that."""
        last, gaps = self._last, self._gaps
        if last is None or last == self._noted:
            return
        async with self._store.transaction() as t:
            # In one: a gap that is not written down is found again, by the older moment.
            if gaps != self._noted_gaps:
                times = [[one.since.isoformat(), one.until.isoformat()] for one in gaps]
                await t.set_note(AWAY, json.dumps(times))
            await t.set_note(CONTACT, last.isoformat())
        self._noted, self._noted_gaps = last, gaps


def _gap(since: datetime, until: datetime) -> Away:
    lost = until - since
    return Away(since, until, taps=lost > TAPS_KEPT, messages=lost > MESSAGES_KEPT)


def _worth_telling(gaps: Iterable[Away], now: datetime) -> tuple[Away, ...]:
    """Those that some seekers may not know of yet, in order; of too many, the longest."""
    fresh = [one for one in gaps if now - one.until < TOLD_FOR]
    longest = sorted(fresh, key=lambda one: one.until - one.since, reverse=True)[:MOST_GAPS]
    return tuple(sorted(longest, key=lambda one: one.until))


def _past(gaps: tuple[Away, ...], restored: Restored | None, at: datetime | None) -> Past:
    return Past(gaps[-1] if gaps else None, restored, at, gaps[:-1])


def _moment(note: str | None) -> datetime | None:
    return datetime.fromisoformat(note) if note else None


async def _gaps(t: Transaction) -> tuple[Away, ...]:
    times = json.loads(await t.get_note(AWAY) or "[]")
    # Notes of before held one gap only, as two moments.
    pairs = [times] if times and isinstance(times[0], str) else times
    return tuple(_gap(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in pairs)


async def _restored(t: Transaction) -> tuple[Restored | None, datetime | None]:
    note = await t.get_note(RESTORED)
    if note is None:
        return None, None
    times = json.loads(note)
    since, at = (datetime.fromtimestamp(times[one] / 1000, UTC) for one in ("from", "at"))
    return Restored(since), at
