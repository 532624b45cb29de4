"""Faults that the local Telegram commits on order: what comes back, and what was done all the same."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.local import faults
from bot.local.server import StandIn
from tests.telegram.local_kit import Bot, comes, local


async def raw(bot: Bot, chat: int) -> bytes:
    """Everything that comes back on a connection of its own until it ends; "reset" where it is broken off."""
    address = httpx.URL(bot.url("sendMessage"))
    reader, writer = await asyncio.open_connection(address.host, address.port)
    body = f"chat_id={chat}&text=x".encode()
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b"reset"
    finally:
        writer.close()


@pytest.mark.parametrize("acts", [False, True])
async def test_a_lost_connection_brings_not_one_byte(acts: bool) -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        standin.faults.next("sendMessage", faults.dropped(acts=acts))

        assert await raw(bot, alice.chat.id) in (b"", b"reset")
        assert alice.received() == (["x"] if acts else [])
        assert standin.called("sendMessage")[0].status == 0
        assert (await raw(bot, alice.chat.id)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (faults.broken(502), 502, "<html>Bad Gateway</html>"),
        (faults.broken(500, acts=True, body="x"), 500, "x"),
        (faults.empty(), 200, ""),
        (
            faults.blocked(),
            403,
            '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}',
        ),
        (
            faults.too_many(7),
            429,
            '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7",'
            '"parameters":{"retry_after":7}}',
        ),
    ],
)
async def test_another_answer_comes_instead(fault: faults.Fault, status: int, body: str) -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        standin.faults.next("sendMessage", fault)

        answer = await bot.http.post(bot.url("sendMessage"), json={"chat_id": alice.chat.id, "text": "x"})

        assert (answer.status_code, answer.text) == (status, body)
        assert alice.received() == (["x"] if fault.acts else [])
        assert standin.calls[0].status == status


async def test_a_wait_is_told_in_a_header_too() -> None:
    async with local() as (standin, bot, _):
        standin.faults.next("getMe", faults.too_many(7))

        assert (await bot.http.get(bot.url("getMe"))).headers["retry-after"] == "7"


async def test_a_slow_answer_is_of_work_done_at_once() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        standin.faults.next("sendMessage", faults.slow(0.5))
        task = asyncio.create_task(bot.call("sendMessage", chat_id=alice.chat.id, text="x"))

        await comes(lambda: alice.received() == ["x"], "the work")

        assert not task.done()
        assert (await task)["text"] == "x"


async def test_a_black_hole_never_answers_and_ends_with_the_server() -> None:
    async with local() as (standin, bot, _):
        standin.faults.next("getMe", faults.black_hole())
        task = asyncio.create_task(bot.answer("getMe"))
        await comes(lambda: bool(standin.calls), "the request")
        await asyncio.sleep(0.1)
        assert not task.done()

        await asyncio.wait_for(standin.close(), 1)

        with pytest.raises(httpx.TransportError):
            await task


async def test_faults_go_on_until_they_are_cleared() -> None:
    async with local() as (standin, bot, _):
        standin.faults.always("*", faults.refused(500, "Internal Server Error"))
        standin.faults.next("getMe", faults.refused(401, "Unauthorized"), times=2)

        codes = [(await bot.answer("getMe")).get("error_code") for _ in range(4)]
        standin.faults.clear()

        assert codes == [401, 401, 500, 500]
        assert await bot.call("getMe")


async def test_the_server_comes_back_where_it_was_and_cuts_every_poll_when_it_goes() -> None:
    async with local() as (standin, bot, _):
        address = standin.base_url
        poll = asyncio.create_task(bot.answer("getUpdates", timeout=50))
        await comes(lambda: standin.updates.polled == 1, "the poll")

        await asyncio.wait_for(standin.close(), 1)
        with pytest.raises(httpx.TransportError):
            await poll
        with pytest.raises(httpx.ConnectError):
            await bot.answer("getMe")
        await standin.open()

        assert standin.base_url == address
        assert await bot.call("getMe")


async def test_an_absence_ends_by_its_clock() -> None:
    async with local() as (standin, bot, time):
        await standin.away(timedelta(hours=1))
        with pytest.raises(httpx.ConnectError):
            await bot.answer("getMe")

        time.passes(hours=1)
        await comes(lambda: standin.is_open, "the server")

        assert await bot.call("getMe")


async def test_what_is_asked_against_the_rules_fails_the_test_that_asked() -> None:
    with pytest.raises(AssertionError, match="sendMessage: Bad Request: message text is empty"):
        async with local() as (standin, bot, _):
            await bot.fault("sendMessage", chat_id=standin.person().chat.id, text=" ")

    async with local() as (standin, bot, _):
        standin.expects_refusals()
        await bot.fault("sendMessage", chat_id=standin.person().chat.id, text=" ")
    assert standin.broken_rules == []


async def test_what_the_state_of_the_world_refuses_is_nobodys_fault() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        alice.blocks()

        assert await bot.fault("sendMessage", chat_id=alice.chat.id, text="x")
        assert await bot.fault("sendMessage", chat_id=4, text="x")
        assert standin.broken_rules == []


async def test_another_failure_of_the_test_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        async with local() as (standin, bot, _):
            await bot.fault("sendMessage", chat_id=standin.person().chat.id, text=" ")
            raise ZeroDivisionError


async def test_a_fault_of_the_local_telegram_itself_fails_the_test(monkeypatch: Any) -> None:
    with pytest.raises(RuntimeError, match="quack"):
        async with local() as (standin, bot, _):
            monkeypatch.setitem(standin._acts, "getme", lambda params: _fails())
            assert (await bot.http.get(bot.url("getMe"))).status_code == 500


def _fails() -> None:
    raise RuntimeError("quack")


async def test_it_can_be_opened_without_arguments() -> None:
    async with StandIn() as standin:
        assert standin.base_url.endswith("/bot")
