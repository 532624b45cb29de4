"""When the next request may leave: per chat, for nudges over all, and after a 429."""

from datetime import datetime, timedelta
from typing import Final

BURST: Final = 3
PER_CHAT: Final = timedelta(seconds=1)
PER_NUDGE: Final = timedelta(milliseconds=50)
NUDGES_IN_FLIGHT: Final = 4
_TOGETHER: Final = timedelta(seconds=1)
_CHATS_KEPT: Final = 10_000


class Pace:
    """Remembers what left when. Times are aware; nothing here waits."""

    def __init__(self) -> None:
        self._due: dict[int, datetime] = {}
        self._paused: dict[int, datetime] = {}
        self._all_paused: datetime | None = None
        self._reported: tuple[int, datetime] | None = None
        self._next_nudge: datetime | None = None

    def turn_of(self, chat: int, now: datetime) -> datetime:
        """Takes the chat's next turn: now for three in a row, then one each second."""
        self._forget(now)
        due = max(self._due.get(chat, now), now)
        self._due[chat] = due + PER_CHAT
        return max(now, due - (BURST - 1) * PER_CHAT)

    def nudge_turn(self, now: datetime) -> datetime:
        """Takes the next turn among all nudges: 20 a second, whoever they are for."""
        at = max(now, self._next_nudge or now)
        self._next_nudge = at + PER_NUDGE
        return at

    def pause(self, chat: int, until: datetime, now: datetime) -> None:
        """A 429: this chat rests; all chats do when another chat heard the same a moment ago."""
        self._paused[chat] = max(until, self._paused.get(chat, until))
        before = self._reported
        if before and before[0] != chat and now - before[1] <= _TOGETHER:
            self._all_paused = max(until, self._all_paused or until)
        self._reported = (chat, now)

    def paused_until(self, chat: int, now: datetime) -> datetime | None:
        """The end of the rest this chat is in; None where it is in none."""
        rests = [rest for rest in (self._paused.get(chat), self._all_paused) if rest]
        end = max(rests, default=now)
        return end if end > now else None

    def _forget(self, now: datetime) -> None:
        if len(self._due) < _CHATS_KEPT:
            return
        self._due = {chat: due for chat, due in self._due.items() if due > now}
        self._paused = {chat: end for chat, end in self._paused.items() if end > now}
