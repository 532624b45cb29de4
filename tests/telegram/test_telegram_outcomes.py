"""Errors are sorted by what they prove, and pauses follow what Telegram asks."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.telegram.outcomes import TokenRefused, judge, wait_of
from bot.telegram.pacing import Pace
from tests.telegram.telegram_kit import NOON


class PoolTimeout(Exception):
    """Named as httpx names it."""


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimedOut(), "unsure"),
        (caused(TimedOut(), PoolTimeout()), "not_sent"),
        (caused(NetworkError("x"), ConnectionRefusedError()), "not_sent"),
        (caused(NetworkError("x"), ConnectionResetError()), "unsure"),
        (NetworkError("Bad Gateway"), "unsure"),
        (NetworkError("Too Many Requests: retry after 5"), "not_sent"),
        (BadRequest("Message is not modified: x"), "sent"),
        (BadRequest("Query id is invalid"), "sent"),
        (BadRequest("whatever"), "refused"),
        (NetworkError("Request Entity Too Large (413)"), "refused"),
        (KeyError("result"), "unsure"),
    ],
)
def test_an_error_is_sorted(error: Exception, kind: str) -> None:
    assert judge(error, "sendMessage").kind == kind


def test_a_token_nobody_knows_is_not_an_outcome() -> None:
    with pytest.raises(TokenRefused):
        judge(InvalidToken("Not Found"))


@pytest.mark.parametrize(("asked", "seconds"), [(7, 7), (timedelta(seconds=7), 7), (10**9, 3600), (0, 0)])
def test_the_wait_is_read_in_one_place_and_capped(asked: int | timedelta, seconds: float) -> None:
    assert wait_of(RetryAfter(asked)) == seconds


def test_a_429_without_a_time_still_waits() -> None:
    assert wait_of(NetworkError("Too Many Requests")) == 5


def test_a_reason_never_quotes_the_message() -> None:
    error = BadRequest('Can\'t parse entities: Unsupported start tag "maria" at byte offset 3')

    assert judge(error).reason == "can't parse entities"


def test_two_chats_that_hear_429_within_a_second_pause_all() -> None:
    pace, later = Pace(), NOON + timedelta(seconds=5)

    pace.pause(1, later, NOON)
    assert pace.paused_until(3, NOON) is None
    pace.pause(2, later, NOON + timedelta(seconds=0.5))

    assert pace.paused_until(3, NOON) == later
    assert pace.paused_until(3, later) is None


def test_one_chat_that_hears_429_twice_pauses_only_itself() -> None:
    pace, later = Pace(), NOON + timedelta(seconds=5)
    pace.pause(1, later, NOON)
    pace.pause(1, later, NOON)

    assert pace.paused_until(1, NOON) == later
    assert pace.paused_until(2, NOON) is None


def test_nudges_leave_at_twenty_a_second() -> None:
    pace = Pace()
    turns = [pace.nudge_turn(NOON) for _ in range(21)]

    assert turns[0] == NOON
    assert turns[20] == NOON + timedelta(seconds=1)


def test_a_chat_that_rested_may_burst_again() -> None:
    pace = Pace()
    first = [pace.turn_of(1, NOON) - NOON for _ in range(5)]
    rested = NOON + timedelta(seconds=60)

    assert [wait.total_seconds() for wait in first] == [0, 0, 0, 1, 2]
    assert pace.turn_of(1, rested) == rested
