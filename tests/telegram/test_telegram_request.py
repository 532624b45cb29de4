"""The request layer: what left is known, nothing is said twice, and no error holds the token."""

import asyncio
import json
import socket
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from telegram import InputFile
from telegram.error import TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.client import make_bot
from bot.telegram.outcomes import judge
from bot.telegram.request import AioRequest, Patience
from tests.telegram.wire_kit import Act, answers, hangs_up, is_silent, resets, says, serving, trickles

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
WORDS = {"text": "secret words"}  # named, so that no line in a traceback holds them
SHORT = Patience(pool=1, connect=1, write=0.3, media_write=0.3, read=0.3)


@asynccontextmanager
async def layer(
    pool_size: int = 4, patience: Patience | None = None, **more: Any
) -> AsyncIterator[AioRequest]:
    """A request layer, shut down at the end."""
    request = AioRequest(pool_size, patience, **more)
    try:
        yield request
    finally:
        await request.shutdown()


async def failure(request: AioRequest, base: str, **payload: Any) -> Exception:
    """What `sendMessage` raises."""
    bot = make_bot(TOKEN, base, request, request)
    with pytest.raises(TelegramError) as raised:
        await bot.call("sendMessage", payload or WORDS)
    return raised.value


def told(error: BaseException) -> str:
    """Everything that could be printed of an error, its causes and its contexts."""
    parts = ["".join(traceback.format_exception(error, chain=False))]
    for inner in (error.__cause__, error.__context__):
        if inner is not None:
            parts.append(told(inner))
    return "\n".join([repr(error), str(error), *parts])


def form(**fields: Any) -> RequestData:
    """Parameters as PTB makes them."""
    return RequestData([RequestParameter.from_input(name, value) for name, value in fields.items()])


def nobody_there() -> int:
    """A port that refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (hangs_up, "unsure"),
        (resets, "unsure"),
        (is_silent, "unsure"),
        (trickles, "unsure"),
        (says(b"what is this\r\n\r\n"), "unsure"),
        (says(b""), "unsure"),
        (answers(b"<html>secret"), "unsure"),
        (answers(b'["secret"]'), "unsure"),
        (answers(b'{"ok": tr', length=50), "unsure"),
        (answers(b"", "302 Found", Location="/bot/elsewhere"), "unsure"),
        (answers(b"", "502 Bad Gateway"), "unsure"),
        (answers(b'{"ok":false,"description":"Bad Request: no"}', "400 Bad Request"), "refused"),
        (answers(b'{"ok":false,"parameters":{"retry_after":3}}', "429 Too Many Requests"), "not_sent"),
    ],
    ids=[
        "hung up", "reset", "silent", "trickle", "garbage", "nothing", "html", "list", "half", "redirect",
        "502", "400", "429",
    ],
)  # fmt: skip
async def test_after_the_request_left_only_an_answer_settles_it(act: Act, kind: str) -> None:
    patience = SHORT if act in (is_silent, trickles) else None
    async with serving(act) as server, layer(4, patience) as request:
        error = await failure(request, server.base)

        assert judge(error, "sendMessage").kind == kind
        assert len(server.bodies) == 1
    assert TOKEN not in told(error)
    assert "secret" not in told(error)


async def test_a_refused_connection_is_not_sent() -> None:
    async with layer() as request:
        error = await failure(request, f"http://127.0.0.1:{nobody_there()}/bot")

    assert judge(error).kind == "not_sent"
    assert "ClientConnectorError" in judge(error).reason
    assert TOKEN not in told(error)


async def test_a_name_nobody_knows_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with layer() as request:
        error = await failure(request, "http://telegram.invalid/bot")

    assert judge(error).kind == "not_sent"
    assert "ClientConnectorDNSError" in judge(error).reason
    assert TOKEN not in told(error)


async def test_a_connection_that_is_not_made_in_time_is_not_sent() -> None:
    async with serving(is_silent) as server, layer(4, SHORT) as request:
        error = await failure(request, server.base.replace("http:", "https:"))

        assert judge(error).kind == "not_sent"
        assert "ConnectionTimeoutError" in judge(error).reason
        assert not server.bodies
    assert TOKEN not in told(error)


async def test_aiohttps_own_error_holds_the_token_so_the_tests_here_can_fail() -> None:
    waits = aiohttp.ClientTimeout(sock_connect=0.3)
    async with serving(is_silent) as server, aiohttp.ClientSession(timeout=waits) as session:
        with pytest.raises(aiohttp.ConnectionTimeoutError) as raised:
            await session.post(f"https://127.0.0.1:{server.port}/bot{TOKEN}/sendMessage")

    assert TOKEN in told(raised.value)


async def test_a_server_that_is_not_the_one_it_should_be_is_told_nothing() -> None:
    async def no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listening = await asyncio.start_server(no_tls, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with layer() as request:
        error = await failure(request, f"https://127.0.0.1:{port}/bot")
    listening.close()

    assert judge(error).kind == "not_sent"
    assert TOKEN not in told(error)


async def test_a_request_that_found_no_free_connection_is_not_sent() -> None:
    patience = Patience(pool=0.2, connect=0.2, write=10, media_write=10, read=10)
    async with serving(is_silent) as server, layer(1, patience) as request:
        bot = make_bot(TOKEN, server.base, request, request)
        first = asyncio.create_task(bot.call("sendMessage"))
        while not server.bodies:
            await asyncio.sleep(0.01)
        error = await failure(request, server.base)
        first.cancel()

        assert judge(error).kind == "not_sent"
        assert len(server.bodies) == 1
    assert TOKEN not in told(error)


@pytest.mark.parametrize("act", [hangs_up, resets], ids=["closed", "reset"])
async def test_a_kept_connection_that_breaks_is_not_tried_again_behind_our_back(act: Act) -> None:
    async with serving(answers(), act) as server, layer() as request:
        bot = make_bot(TOKEN, server.base, request, request)
        await bot.call("sendMessage", {"text": "one"})
        error = await failure(request, server.base, text="two")

        assert server.connections == 1
        assert [json.loads(body) for body in server.bodies] == [{"text": "one"}, {"text": "two"}]
    assert judge(error).kind == "unsure"


async def test_what_may_be_repeated_is_so_the_test_above_can_fail() -> None:
    async with serving(answers(), hangs_up) as server, layer() as request:
        await request.do_request(f"http://127.0.0.1:{server.port}/file", "GET")
        await request.do_request(f"http://127.0.0.1:{server.port}/file", "GET")

        assert len(server.heads) == 3


async def test_a_file_that_nobody_reads_is_given_up_and_unsure() -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    listening = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    port = listening.sockets[0].getsockname()[1]
    async with layer(4, SHORT) as request:
        bot = make_bot(TOKEN, f"http://127.0.0.1:{port}/bot", request, request)
        with pytest.raises(TelegramError) as raised:
            await bot.call("sendDocument", file=b"x" * 30_000_000, file_name="big.ics")
    listening.close()

    assert judge(raised.value).kind == "unsure"
    assert TOKEN not in told(raised.value)


async def test_parameters_travel_as_json_which_costs_less_than_a_form() -> None:
    async with serving() as server, layer() as request:
        bot = make_bot(TOKEN, server.base, request, request)
        await bot.call("sendMessage", {"text": "é & ü", "reply_markup": {"a": [1]}, "chat_id": 7})

        [body] = server.bodies
        assert json.loads(body) == {"text": "é & ü", "reply_markup": {"a": [1]}, "chat_id": 7}
        assert "application/json" in server.heads[0]


async def test_a_file_keeps_its_name_and_its_bytes() -> None:
    async with serving() as server, layer() as request:
        bot = make_bot(TOKEN, server.base, request, request)
        await bot.call("sendDocument", {"caption": "é"}, file=b"BEGIN\r\n\0END", file_name="Gespräch 1.ics")

        assert "multipart/form-data; boundary=" in server.heads[0]
        assert 'filename="Gespräch 1.ics"'.encode() in server.bodies[0]
        assert b"\r\n\r\nBEGIN\r\n\0END\r\n--" in server.bodies[0]
        assert "é".encode() in server.bodies[0]


@pytest.mark.parametrize("with_file", [False, True], ids=["form", "file"])
async def test_words_that_cannot_be_written_are_refused_and_not_shown(with_file: bool) -> None:
    data = form(text="secret \ud83d")
    if with_file:
        data = form(text="secret \ud83d", document=InputFile(b"x", filename="a.ics"))
    async with serving() as server, layer() as request:
        with pytest.raises(TelegramError) as raised:
            await request.post(f"{server.base}{TOKEN}/sendDocument", data)

        assert judge(raised.value).kind == "refused"
        assert not server.bodies
    assert "secret" not in told(raised.value)


async def test_the_clock_of_every_answer_is_told() -> None:
    heard: list[datetime] = []
    when = {"Date": "Sun, 22 Nov 2026 12:00:01 GMT"}
    no = b'{"ok": false, "description": "no"}'
    async with (
        serving(answers(**when), answers(no, "400 Bad Request", **when), answers(Date="soon"), answers())
        as server,
        layer(on_date=heard.append) as request,
    ):  # fmt: skip
        bot = make_bot(TOKEN, server.base, request, request)
        await bot.call("getMe")
        await failure(request, server.base)
        await bot.call("getMe")
        await bot.call("getMe")

    assert heard == [datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC)] * 2


async def test_an_answer_counts_even_where_the_observer_of_its_date_fails() -> None:
    def broken(_: datetime) -> None:
        raise RuntimeError

    async with (
        serving(answers(Date="Sun, 22 Nov 2026 12:00:01 GMT")) as server,
        layer(on_date=broken) as request,
    ):
        assert await make_bot(TOKEN, server.base, request, request).call("getMe") is True


async def test_time_outs_given_with_a_request_go_before_the_usual_ones() -> None:
    patience = Patience(read=60)
    async with serving(is_silent) as server, layer(4, patience) as request:
        bot = make_bot(TOKEN, server.base, request, request)
        began = asyncio.get_running_loop().time()
        with pytest.raises(TelegramError):
            await bot.call("getUpdates", read_timeout=0.2)

        assert asyncio.get_running_loop().time() - began < 20
        assert request.read_timeout == 60


async def test_connections_are_kept_and_closed_at_the_end() -> None:
    async with serving() as server, layer() as request:
        bot = make_bot(TOKEN, server.base, request, request)
        for _ in range(3):
            await bot.call("getMe")
        await request.shutdown()
        await request.shutdown()
        error = await failure(request, server.base)
        await request.initialize()
        await bot.call("getMe")

        assert server.connections == 2
    assert judge(error).kind == "not_sent"


async def test_a_proxy_of_the_operator_is_used_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as proxy, serving() as server, layer() as request:
        for name in ("http_proxy", "no_proxy", "NO_PROXY", "REQUEST_METHOD"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTP_PROXY", f"http://user:word@127.0.0.1:{proxy.port}")
        await make_bot(TOKEN, "http://telegram.invalid/bot", request, request).call("getMe")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        await make_bot(TOKEN, server.base, request, request).call("getMe")

        assert proxy.heads[0].startswith(f"POST http://telegram.invalid/bot{TOKEN}/getMe")
        assert "Proxy-Authorization: Basic dXNlcjp3b3Jk" in proxy.heads[0]
        assert (len(proxy.heads), len(server.heads)) == (1, 1)


async def test_a_proxy_that_refuses_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(answers(b"", "403 Forbidden")) as proxy, layer() as request:
        for name in ("https_proxy", "no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        error = await failure(request, "https://telegram.invalid/bot")

        assert proxy.heads[0].startswith("CONNECT telegram.invalid:443")
    assert judge(error).kind == "not_sent"
    assert TOKEN not in told(error)
