"""Webhooks of the local Telegram: who gets what in which order, and how often it is brought again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.local.delivery import Outcome
from bot.local.server import StandIn
from tests.telegram.local_kit import Bot, Hook, Time, comes, local, web_server

URL = "http://127.0.0.1:9/hook"
KEYS = {"inline_keyboard": [[{"text": "Go", "callback_data": "a"}]]}
REFUSED = Outcome(500, "Wrong response from the webhook: 500 Internal Server Error")
GONE = Outcome(410, "Wrong response from the webhook: 410 Gone")


@asynccontextmanager
async def hooked(*script: Outcome, free: bool = True) -> AsyncIterator[tuple[StandIn, Bot, Time, Hook]]:
    """A local Telegram with a webhook that answers by a script."""
    hook = Hook(list(script))
    if free:
        hook.free.set()
    async with local() as (standin, bot, time):
        standin.webhooks.post, standin.webhooks.chance = hook, lambda: 0.5
        await bot.call("setWebhook", url=URL, secret_token="s-1")
        yield standin, bot, time, hook


async def test_an_update_is_brought_with_the_secret_over_http() -> None:
    async with local() as (standin, bot, _), web_server() as (address, came):
        await bot.call("setWebhook", url=address, secret_token="Secret_1")
        update = standin.person("Zoë").types("hello 😀")
        await comes(lambda: bool(standin.updates.confirmed), "the update")

        [(head, body)] = came
        assert body == update
        assert head.startswith("POST /hook?a=b HTTP/1.1\r\n")
        assert "X-Telegram-Bot-Api-Secret-Token: Secret_1\r\n" in head
        assert standin.updates.waiting == []


async def test_what_waited_before_is_brought_too_and_what_waits_can_be_dropped() -> None:
    async with local() as (standin, bot, _):
        hook = Hook()
        hook.free.set()
        standin.webhooks.post = hook
        early = standin.person().types("x")["update_id"]
        await bot.call("setWebhook", url=URL)
        await comes(lambda: hook.numbers == [early], "the update")

        await bot.call("deleteWebhook")
        standin.person().types("y")
        await bot.call("setWebhook", url=URL, drop_pending_updates=True)
        last = standin.person().types("z")["update_id"]
        await comes(lambda: last in hook.numbers, "the last")

        assert hook.numbers == [early, last]


async def test_messages_of_a_chat_are_brought_one_after_another() -> None:
    async with hooked(free=False) as (standin, _, _time, hook):
        alice, bob = standin.person("Alice"), standin.person("Bob")
        first, second = alice.types("a")["update_id"], alice.types("b")["update_id"]
        other = bob.types("c")["update_id"]
        await comes(lambda: len(hook.brought) == 2, "one of each")
        assert hook.numbers == [first, other]

        hook.free.set()

        await comes(lambda: hook.numbers == [first, other, second], "the second")


async def test_a_press_does_not_wait_for_the_messages_of_the_same_person() -> None:
    async with hooked(free=False) as (standin, bot, _time, hook):
        alice = standin.person()
        await bot.call("sendMessage", chat_id=alice.chat.id, text="x", reply_markup=KEYS)
        numbers = [alice.types("a")["update_id"], alice.presses("Go")["update_id"]]

        await comes(lambda: hook.numbers == numbers, "both at once")


async def test_no_more_are_under_way_than_was_said() -> None:
    async with hooked(free=False) as (standin, bot, _time, hook):
        await bot.call("setWebhook", url=URL, max_connections=2)
        for _ in range(5):
            standin.person().types("x")
        await comes(lambda: len(hook.brought) == 2, "two")
        await asyncio.sleep(0.05)
        assert len(hook.brought) == 2

        hook.free.set()

        await comes(lambda: len(hook.brought) == 5, "all")


async def test_what_is_not_taken_is_brought_again_at_once_then_after_two_seconds_then_four() -> None:
    async with hooked(REFUSED, REFUSED, REFUSED, REFUSED) as (standin, _, time, hook):
        standin.person().types("x")
        for brought, wait in ((2, 2), (3, 4), (4, 8)):
            await comes(lambda many=brought: len(hook.brought) == many, "another try")
            time.passes(seconds=wait - 1)
            await asyncio.sleep(0.06)
            assert len(hook.brought) == brought
            time.passes(seconds=1)

        await comes(lambda: len(hook.brought) == 5, "the last try")
        await comes(lambda: standin.updates.waiting == [], "its end")
        assert len(set(hook.numbers)) == 1


@pytest.mark.parametrize(("chance", "longest"), [(0.0, 60), (0.5, 90), (1.0, 120)])
async def test_the_longest_wait_is_a_minute_or_two(chance: float, longest: int) -> None:
    async with local() as (standin, _, _time):
        standin.webhooks.chance = lambda: chance

        waits = [standin.webhooks.wait(failures, REFUSED).total_seconds() for failures in range(1, 12)]

        assert waits[:6] == [0, 2, 4, 8, 16, 32]
        assert waits[7:] == [longest] * 4


@pytest.mark.parametrize(("asked", "wait"), [(0, 0), (30, 30), (3600, 3600), (9999, 3600)])
async def test_a_webhook_can_say_how_long_to_wait(asked: int, wait: int) -> None:
    async with local() as (standin, _, _time):
        assert standin.webhooks.wait(1, Outcome(503, "", asked)) == timedelta(seconds=wait)


async def test_what_is_never_taken_is_given_up_when_it_is_too_old() -> None:
    async with hooked(*[REFUSED] * 99) as (standin, _, time, hook):
        alice = standin.person()
        alice.types("old")
        await comes(lambda: len(hook.brought) == 2, "two tries")

        time.passes(hours=24)
        hook.script.clear()
        new = alice.types("new")["update_id"]

        await comes(lambda: standin.updates.confirmed == [new], "the new one")
        assert [one["message"]["text"] for one in standin.updates.expired] == ["old"]


async def test_a_webhook_that_is_gone_for_23_hours_is_closed() -> None:
    async with hooked(*[GONE] * 9_999) as (standin, bot, time, hook):
        standin.person().types("x")
        await comes(lambda: len(hook.brought) == 2, "two tries")
        time.passes(hours=22, minutes=59)
        await comes(lambda: len(hook.brought) == 3, "a third")
        assert (await bot.call("getWebhookInfo"))["url"] == URL

        time.passes(minutes=3)

        await comes(lambda: standin.webhooks.hook is None, "its end")
        assert await bot.call("getUpdates") != []


async def test_what_is_told_of_a_webhook() -> None:
    async with hooked(REFUSED, free=False) as (standin, bot, time, hook):
        told = {"url": URL, "has_custom_certificate": False, "pending_update_count": 0}
        told |= {"max_connections": 40, "ip_address": "127.0.0.1"}
        assert await bot.call("getWebhookInfo") == told

        standin.person().types("x")
        hook.free.set()
        await comes(lambda: standin.updates.waiting == [], "the update")

        failed = {"last_error_date": int(time.now().timestamp()), "last_error_message": REFUSED.told}
        assert await bot.call("getWebhookInfo") == {**told, **failed}
        await bot.call("deleteWebhook")
        assert (await bot.call("getWebhookInfo"))["url"] == ""


async def test_what_came_in_before_a_webhook_died_waits_for_the_next_one() -> None:
    async with hooked(free=False) as (standin, bot, _, hook):
        update = standin.person().types("x")
        await comes(lambda: len(hook.brought) == 1, "the try")

        await bot.call("deleteWebhook")

        assert await bot.call("getUpdates") == [update]


async def test_each_way_in_which_a_webhook_fails_is_told() -> None:
    async with local() as (standin, bot, _):
        standin.webhooks.chance = lambda: 0.0
        async with web_server("503 Busy", "503 Busy") as (address, came):
            await bot.call("setWebhook", url=address)
            standin.person().types("x")
            await comes(lambda: len(came) == 2, "two tries")
            told = await bot.call("getWebhookInfo")
            assert told["last_error_message"] == "Wrong response from the webhook: 503 Busy"

        await bot.call("setWebhook", url=URL)
        await comes(lambda: bool(standin.webhooks.hook and standin.webhooks.hook.failure), "a failure")
        assert (await bot.call("getWebhookInfo"))["last_error_message"] == "Connection refused"
