"""When the next request may leave: per chat, for nudges over all, after a 429, and in an outage."""

from collections import deque
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

BURST: Final = 3
PER_CHAT: Final = timedelta(seconds=1)
NUDGES_A_SECOND: Final = 25
NUDGES_TOGETHER: Final = 2
NUDGES_MADE_UP: Final = 10
#: With four under way, what is made up for stays within the thirty a second that Telegram takes.
MOST_A_SECOND: Final = 26
NUDGES_IN_FLIGHT: Final = 4
REPLIES_IN_FLIGHT: Final = 24
FAILURES: Final = 3
LONGEST_BACK_OFF: Final = 300.0
LONGEST_OUTAGE: Final = timedelta(seconds=60)
_SECOND: Final = timedelta(seconds=1)
_PER_NUDGE: Final = _SECOND / NUDGES_A_SECOND


def back_off(tries: int, chance: float) -> timedelta:
    """How long a request rests that did not leave: 2, 4, 8 ... 300 seconds, or a quarter less.

    Not less: what waits longest is tried first, and would be tried all the time.
    """
    longest = min(LONGEST_BACK_OFF, 2.0 ** min(tries + 1, 9))
    return timedelta(seconds=longest * max(chance, 0.75))


class Pace:
    """Remembers what left when. Times are aware; nothing here waits."""

    def __init__(self) -> None:
        self._due: dict[int, datetime] = {}
        self._paused: dict[int, datetime] = {}
        self._all_paused: datetime | None = None
        self._reported: tuple[int, datetime] | None = None
        self._nudge_due = datetime.max.replace(tzinfo=UTC)
        self._nudges: deque[datetime] = deque(maxlen=MOST_A_SECOND)
        self._failures = 0

    def left(self, chat: int, now: datetime) -> None:
        """A request to this chat leaves: three may do so in a row, then one each second."""
        self._due[chat] = max(self._due.get(chat, now), now) + PER_CHAT

    def nudge_left(self, now: datetime) -> None:
        """A nudge leaves: 25 a second may, whoever they are for."""
        self._nudge_due = max(self._due_for_nudges(now), now) + _PER_NUDGE
        self._nudges.append(now)

    def nudges(self, now: datetime) -> int:
        """How many nudges may leave now: two, then one each 40 ms, and what a slow round kept back."""
        ahead = max(self._due_for_nudges(now) - now, timedelta())
        lately = sum(one > now - _SECOND for one in self._nudges)
        return max(0, min(int(NUDGES_MADE_UP - ahead / _PER_NUDGE), MOST_A_SECOND - lately))

    def _due_for_nudges(self, now: datetime) -> datetime:
        if self._nudges and self._nudges[-1] > now:
            self._nudges.clear()  # the clock was set back
        if not self._nudges or self._nudges[-1] <= now - _SECOND:
            return now + (NUDGES_MADE_UP - NUDGES_TOGETHER) * _PER_NUDGE  # nothing was kept back
        return self._nudge_due

    @property
    def in_flight(self) -> tuple[int, int]:
        """How many replies and nudges may be under way: one each while Telegram is out of reach.

        All of them would fail, again and again, where one shows as well whether it is back.
        """
        return (1, 1) if self._failures >= FAILURES else (REPLIES_IN_FLIGHT, NUDGES_IN_FLIGHT)

    def resting(self, now: datetime) -> Collection[int]:
        """The chats that may not be written to now."""
        most = now + BURST * PER_CHAT  # later only where the clock was set back
        self._due = {chat: min(due, most) for chat, due in self._due.items() if due > now}
        self._paused = {chat: end for chat, end in self._paused.items() if end > now}
        full = {chat for chat, due in self._due.items() if due - (BURST - 1) * PER_CHAT > now}
        return full | set(self._paused)

    def is_open(self, now: datetime) -> bool:
        """Whether anything may leave at all."""
        return self._all_paused is None or self._all_paused <= now

    def pause(self, chat: int, until: datetime, now: datetime) -> None:
        """A 429: this chat rests; all chats do when another chat heard the same a moment ago."""
        self._paused[chat] = max(until, self._paused.get(chat, until))
        before = self._reported
        if before and before[0] != chat and now - before[1] <= _SECOND:
            self._all_paused = max(until, self._all_paused or until)
        self._reported = (chat, now)

    def unreachable(self, now: datetime, chance: float) -> None:
        """Nothing reached Telegram: after three times in a row everything waits a while."""
        self._failures += 1
        if self._failures >= FAILURES:
            longest = min(LONGEST_OUTAGE, timedelta(seconds=2.0 ** min(self._failures - 2, 6)))
            self._all_paused = max(now + longest * max(chance, 0.5), self._all_paused or now)

    def reached(self) -> None:
        """Telegram answered."""
        self._failures = 0

    def next_after(self, now: datetime) -> datetime | None:
        """The next moment at which more may leave than now; None where nothing is held back."""
        if not self.is_open(now):
            return self._all_paused
        moments = [due - (BURST - 1) * PER_CHAT for due in self._due.values()]
        moments += [*self._paused.values()]
        moments += [self._next_nudge()] if self._nudges else []
        return min((one for one in moments if one > now), default=None)

    def _next_nudge(self) -> datetime:
        kept_back = self._nudge_due - (NUDGES_MADE_UP - 1) * _PER_NUDGE
        return max(kept_back, self._nudges[0] + _SECOND) if len(self._nudges) == MOST_A_SECOND else kept_back
