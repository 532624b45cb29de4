"""Errors are sorted by what they prove, and pauses follow what Telegram asks."""

from datetime import datetime, timedelta
from random import Random

import aiohttp
import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.telegram.outcomes import TokenRefused, judge, wait_of
from bot.telegram.pacing import Pace
from tests.telegram.telegram_kit import NOON


def named(name: str) -> Exception:
    """A cause of which only the name is known, as the request layer gives it."""
    error = type(name, (Exception,), {})()
    assert isinstance(error, Exception)
    return error


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimedOut(), "unsure"),
        (caused(TimedOut(), named("PoolTimeout")), "not_sent"),
        (caused(TimedOut(), named("ConnectionTimeoutError")), "not_sent"),
        (caused(TimedOut(), named("SocketTimeoutError")), "unsure"),
        (caused(NetworkError("x"), named("ClientConnectorDNSError")), "not_sent"),
        (caused(NetworkError("x"), named("ServerDisconnectedError")), "unsure"),
        (caused(NetworkError("x"), named("ClientOSError")), "unsure"),
        (caused(NetworkError("x"), named("UnicodeEncodeError")), "refused"),
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


def test_every_way_in_which_aiohttp_fails_to_connect_is_known_by_its_name() -> None:
    refusals = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.ConnectionTimeoutError)
    names = {
        name for name, one in vars(aiohttp).items() if isinstance(one, type) and issubclass(one, refusals)
    }

    kinds = {name: judge(caused(NetworkError("x"), named(name))).kind for name in names}

    assert len(names) >= 7
    assert set(kinds.values()) == {"not_sent"}, kinds


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
    assert pace.is_open(NOON)
    pace.pause(2, later, NOON + timedelta(seconds=0.5))

    assert not pace.is_open(NOON)
    assert pace.is_open(later)


def test_one_chat_that_hears_429_twice_pauses_only_itself() -> None:
    pace, later = Pace(), NOON + timedelta(seconds=5)
    pace.pause(1, later, NOON)
    pace.pause(1, later, NOON)

    assert set(pace.resting(NOON)) == {1}
    assert pace.is_open(NOON)
    assert pace.next_after(NOON) == later


@pytest.mark.parametrize("slowest", [5, 80, 150])
def test_twenty_five_nudges_leave_a_second_however_slow_the_rounds_and_never_near_thirty(
    slowest: int,
) -> None:
    pace, moments, now, chance = Pace(), list[datetime](), NOON, Random(slowest)
    while now < NOON + timedelta(seconds=20):
        for _ in range(pace.nudges(now)):
            pace.nudge_left(now)
            moments.append(now)
        now += timedelta(milliseconds=chance.uniform(1, slowest))

    assert 20 * 25 - 10 <= len(moments) <= 20 * 25 + 10
    assert all(
        later - earlier >= timedelta(seconds=1) for earlier, later in zip(moments, moments[26:], strict=False)
    )


def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    pace, before = Pace(), NOON - timedelta(hours=1)
    for _ in range(3):
        pace.left(1, NOON)
        pace.nudge_left(NOON)

    assert pace.nudges(before)
    assert pace.resting(before)
    assert not pace.resting(before + timedelta(seconds=4))


def test_the_sender_is_woken_for_the_next_nudge_that_may_leave() -> None:
    pace, now = Pace(), NOON
    for _ in range(26):
        while not pace.nudges(now):
            now = pace.next_after(now) or now
        pace.nudge_left(now)

    assert now == NOON + timedelta(seconds=0.96)
    assert pace.next_after(now) == NOON + timedelta(seconds=1)


def test_a_chat_gets_three_together_then_rests_a_second_each() -> None:
    pace = Pace()
    for _ in range(3):
        pace.left(1, NOON)

    assert set(pace.resting(NOON)) == {1}
    assert not pace.resting(NOON + timedelta(seconds=1))


def test_a_chat_that_rested_may_burst_again() -> None:
    pace, rested = Pace(), NOON + timedelta(seconds=60)
    for _ in range(3):
        pace.left(1, NOON)
    pace.left(1, rested)

    assert not pace.resting(rested)


def test_nothing_is_tried_for_a_while_where_nothing_reaches_telegram() -> None:
    pace = Pace()
    for _ in range(3):
        assert pace.is_open(NOON)
        pace.unreachable(NOON, chance=1.0)

    assert not pace.is_open(NOON)
    pace.reached()
    assert pace.is_open(NOON + timedelta(seconds=60))
