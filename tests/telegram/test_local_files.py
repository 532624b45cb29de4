"""Files in the local Telegram: up, down, by their number again, and how large they may be."""

import pytest

from bot.local.files import LARGEST_DOWN, LARGEST_UP
from tests.telegram.local_kit import Bot, local


async def up(bot: Bot, chat: int, name: str = "a.ics", content: bytes = b"BEGIN") -> object:
    """The answer to a document."""
    answer = await bot.http.post(
        bot.url("sendDocument"), data={"chat_id": str(chat)}, files={"document": (name, content)}
    )
    return answer.json()


async def test_a_file_can_be_fetched_as_it_was_sent() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        sent = alice.sends_file("Maria López.vcf", b"BEGIN:VCARD\xff")["message"]["document"]

        told = await bot.call("getFile", file_id=sent["file_id"])
        answer = await bot.http.get(bot.url(told["file_path"], "/file"))

        assert answer.content == b"BEGIN:VCARD\xff"
        assert told["file_size"] == sent["file_size"] == 12
        assert sent["file_name"] == "Maria López.vcf"


async def test_a_document_of_the_bot_arrives_whole() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()

        await up(bot, alice.chat.id)

        document = alice.screen()["document"]
        assert standin.files.content(document["file_id"]) == b"BEGIN"
        assert (document["file_name"], document["mime_type"]) == ("a.ics", "text/calendar")


async def test_a_file_under_another_name_in_the_request_and_by_its_number() -> None:
    async with local() as (standin, bot, _):
        chat = standin.person().chat.id
        fields = {"chat_id": str(chat), "document": "attach://part"}
        answer = await bot.http.post(bot.url("sendDocument"), data=fields, files={"part": ("b.txt", b"x")})
        number = answer.json()["result"]["document"]["file_id"]

        again = await bot.call("sendDocument", chat_id=chat, document=number)

        assert again["document"]["file_name"] == "b.txt"
        assert standin.files.content(again["document"]["file_id"]) == b"x"


async def test_a_file_of_20_mb_can_be_fetched_and_no_larger_one() -> None:
    async with local() as (standin, bot, _):
        alice = standin.person()
        most, more = (
            alice.sends_file("x", bytes(size))["message"]["document"]["file_id"]
            for size in (LARGEST_DOWN, LARGEST_DOWN + 1)
        )

        told = await bot.call("getFile", file_id=most)

        assert told["file_size"] == 20 * 2**20
        assert await bot.fault("getFile", file_id=more) == "Bad Request: file is too big"


async def test_what_cannot_be_a_file_is_refused() -> None:
    async with local() as (standin, bot, _):
        standin.expects_refusals()
        chat = standin.person().chat.id

        assert "file must be non-empty" in str(await up(bot, chat, content=b""))
        assert "no document in the request" in await bot.fault("sendDocument", chat_id=chat)
        assert "wrong file" in await bot.fault("sendDocument", chat_id=chat, document="BQAC0")
        assert "wrong file_id" in await bot.fault("getFile", file_id="BQAC0")


@pytest.mark.parametrize("path", ["documents/nothing", "../../etc/passwd", "documents/", "x"])
async def test_there_is_nothing_at_other_paths(path: str) -> None:
    async with local() as (standin, bot, _):
        answer = await bot.http.get(bot.url(path, "/file"))

        assert answer.status_code == 404
        assert standin.calls == []


async def test_an_upload_over_50_mb_is_refused() -> None:
    async with local() as (standin, bot, _):
        answer = await up(bot, standin.person().chat.id, content=bytes(LARGEST_UP + 1))

        assert answer == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
