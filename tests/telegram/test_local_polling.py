"""getUpdates of the local Telegram: offsets, limits, long polls, who may poll, and how long updates keep."""

import asyncio
from time import monotonic
from typing import Any

import pytest

from tests.telegram.local_kit import NOON, Bot, comes, local

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
HOOK = "http://127.0.0.1:9/hook"


async def test_an_offset_confirms_all_below_it_and_nothing_else_does() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        first, second = (alice.types(text)["update_id"] for text in "ab")

        assert await bot.numbers() == [first, second]
        assert await bot.numbers() == [first, second]
        assert await bot.numbers(offset=second) == [second]

        assert standin.updates.confirmed == [first]
        assert await bot.numbers() == [second]


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest() -> None:
    async with local() as (standin, bot, _):
        numbers = [standin.person().types("x")["update_id"] for _ in range(3)]

        assert await bot.numbers(offset=-1) == numbers[-1:]
        assert await bot.numbers() == numbers[-1:]


async def test_no_more_come_than_were_asked_for() -> None:
    async with local() as (standin, bot, _):
        numbers = [standin.person().types("x")["update_id"] for _ in range(101)]

        assert await bot.numbers(limit=2) == numbers[:2]
        assert await bot.numbers() == numbers[:100]


async def test_a_long_poll_ends_as_soon_as_there_is_something() -> None:
    async with local() as (standin, bot, _):
        poll, begun = asyncio.create_task(bot.numbers(timeout=9)), monotonic()
        await comes(lambda: standin.updates.polled == 1, "the poll")
        number = standin.person().types("x")["update_id"]

        assert await poll == [number]
        assert monotonic() - begun < 5


async def test_a_long_poll_waits_as_long_as_it_was_told() -> None:
    async with local() as (_, bot, _time):
        begun = monotonic()

        assert await bot.numbers(timeout=1) == []
        assert monotonic() - begun >= 0.95


async def test_a_second_poll_ends_the_first() -> None:
    async with local() as (standin, bot, _):
        first = asyncio.create_task(bot.fault("getUpdates", timeout=9))
        await comes(lambda: standin.updates.polled == 1, "the poll")

        assert await bot.numbers() == []
        assert await first == OTHER


async def test_a_webhook_and_polls_do_not_go_together() -> None:
    async with local() as (standin, bot, _):
        poll = asyncio.create_task(bot.fault("getUpdates", timeout=9))
        await comes(lambda: standin.updates.polled == 1, "the poll")
        await bot.call("setWebhook", url=HOOK)

        assert await poll == "Conflict: terminated by setWebhook request"
        assert await bot.fault("getUpdates") == ACTIVE

        await bot.call("deleteWebhook")
        assert await bot.numbers() == []


async def test_the_same_offset_asked_at_once_again_is_held() -> None:
    async with local() as (standin, bot, _):
        standin.updates.hold = 0.4
        await bot.numbers()
        begun = monotonic()

        await bot.numbers()
        held = monotonic() - begun
        begun = monotonic()
        await bot.numbers(offset=5)

        assert held >= 0.38
        assert monotonic() - begun < held


async def test_which_kinds_are_asked_for_is_remembered() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        await bot.numbers(allowed_updates=["callback_query"])
        alice.types("not heard")
        assert await bot.numbers() == []

        await bot.numbers(allowed_updates=[])
        number = alice.types("heard")["update_id"]

        assert await bot.numbers() == [number]


@pytest.mark.parametrize("kind", ["chat_member", "message_reaction", "message_reaction_count"])
async def test_a_few_kinds_come_only_where_they_are_asked_for(kind: str) -> None:
    async with local() as (standin, bot, _):
        standin.updates.put(kind, {"chat": {"id": 1}})
        assert await bot.numbers(allowed_updates=[kind]) == []

        number = standin.updates.put(kind, {"chat": {"id": 1}})["update_id"]

        assert await bot.numbers() == [number]


@pytest.mark.parametrize(
    ("kind", "kept"),
    [("message", 86_400), ("edited_message", 86_400), ("callback_query", 150), ("inline_query", 30)],
)
async def test_each_kind_is_kept_for_its_time(kind: str, kept: int) -> None:
    async with local() as (standin, bot, time):
        update = standin.updates.put(kind, {"chat": {"id": 1}})

        time.passes(seconds=kept - 1)
        assert await bot.numbers() == [update["update_id"]]
        time.passes(seconds=1)

        assert await bot.numbers() == []
        assert standin.updates.expired == [update]


async def test_an_update_can_come_twice_and_out_of_order() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        updates = [alice.types(text) for text in "abcdef"]
        numbers = [one["update_id"] for one in updates]
        standin.updates.put_again(updates[0])
        assert await bot.numbers() == [*numbers, numbers[0]]

        standin.updates.drop()
        numbers = [alice.types(text)["update_id"] for text in "abcdef"]
        standin.updates.reorder(3)
        found = await bot.numbers()

        assert found != numbers
        assert sorted(found) == numbers
        assert all(abs(found.index(one) - place) <= 3 for place, one in enumerate(numbers))


async def test_what_was_written_while_the_server_was_away_is_there_afterwards() -> None:
    async with local() as (standin, bot, time):
        alice = standin.person()
        await standin.away()
        early = alice.types("old")["update_id"]
        time.passes(hours=23)
        late = alice.types("new")["update_id"]
        assert await _is_refused(bot)

        time.passes(minutes=59)
        assert await _is_refused(bot)
        time.passes(minutes=1)
        await comes(lambda: standin.is_open, "the server")

        assert await bot.numbers() == [late]
        assert [one["update_id"] for one in standin.updates.expired] == [early]


async def _is_refused(bot: Bot) -> bool:
    await asyncio.sleep(0.06)
    try:
        await bot.numbers()
    except Exception as error:
        return "connect" in f"{type(error).__name__} {error}".lower()
    return False


async def test_every_answer_tells_the_time_of_its_clock() -> None:
    async with local() as (standin, bot, time):
        standin.expects_refusals()
        dates: list[Any] = []
        for method in ("getMe", "quack"):
            dates.append((await bot.http.get(bot.url(method))).headers["date"])
            time.passes(days=1)
        dates.append((await bot.http.get(bot.url("x", "/file"))).headers["date"])

        assert NOON.isoformat() == "2026-11-23T12:00:00+00:00"
        assert dates == [
            "Mon, 23 Nov 2026 12:00:00 GMT",
            "Tue, 24 Nov 2026 12:00:00 GMT",
            "Wed, 25 Nov 2026 12:00:00 GMT",
        ]
