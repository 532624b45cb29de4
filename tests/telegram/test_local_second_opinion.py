"""What the strict table accepts, a Bot API of other people accepts too; where they differ, it is said why."""

from pathlib import Path
from typing import Any

from aiohttp import ClientSession, FormData

from bot.clock import WallClock
from bot.local.contract import checked
from bot.words import Words
from conversations import Script
from tests.telegram.recording import as_form, menu, played
from tests.telegram.second_opinion import (
    REFUSED_THERE,
    TAKEN_THERE,
    TOKEN,
    Server,
    Visitor,
    listening,
)
from tests.telegram.table_kit import cases
from tests.telegram.test_telegram_journey import FIRST_ASK, running

TRANSCRIPTS = ("names_and_a_contact", "graduate_to_a_thanked_person", "language_changed_midway")
UPLOAD = {"file_name": "talk.ics", "content": b"BEGIN"}


async def asked(server: Server, http: ClientSession, method: str, params: dict[str, Any]) -> bool:
    """Whether it takes a request, as a form with the file in it."""
    form = FormData(default_to_multipart=True)
    for name, value in as_form(params).items():
        if isinstance(value, dict):
            form.add_field(name, value["content"], filename=value["file_name"])
        else:
            form.add_field(name, value)
    async with http.post(f"{server.base_url}{server.token}/{method}", data=form) as answer:
        return answer.status == 200


async def test_the_first_ask_goes_through_a_server_that_is_not_ours(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """/start to a finished message with the real coach, its client and its long poll."""
    async with listening() as server, running(server, script, words, tmp_path / "c.db", WallClock()):  # type: ignore[arg-type]  # it needs an address and a token
        dana = Visitor(server)
        for line, then in FIRST_ASK:
            await dana.does(line, then)

        assert server.opinion.refused == []
        methods = {method for method, _ in server.opinion.asked}
        assert {"getMe", "getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery"} <= methods
        for method, params in server.opinion.asked:
            assert checked(method, params) is not None


async def test_it_takes_every_request_that_the_coach_makes(
    script: Script, words: Words, tmp_path: Path
) -> None:
    """Of whole conversations, and of the menu."""
    made = [*await played(script, words, tmp_path, TRANSCRIPTS), *await menu(words)]

    async with listening() as server, ClientSession() as http:
        for method, params in made:
            assert await asked(server, http, method, params), server.opinion.requests[-1]

    assert {"sendDocument", "sendMessage", "setMyCommands", "setMyDescription"} <= {one for one, _ in made}


async def test_where_the_two_differ_it_is_said_why() -> None:
    """Both sides of every limit of the table: all differences are listed, and nothing besides."""
    taken_there, refused_there = set(), set()
    async with listening() as server, ClientSession() as http:
        for case in cases():
            for value, ours in [
                *((one, True) for one in case.taken),
                *((one, False) for one in case.refused),
            ]:
                method, params = case.request(value)
                # A poll that finds something does not wait.
                await server.opinion.enqueue_update({"message": {}}, token=TOKEN)
                theirs = await asked(server, http, method, with_file(params))
                await asked(server, http, "deleteWebhook", {"drop_pending_updates": True})
                if theirs != ours:
                    (taken_there if theirs else refused_there).add(f"{case.owner}.{case.name}")

    assert refused_there == set().union(*REFUSED_THERE.values())
    assert taken_there == set().union(*TAKEN_THERE.values())


def with_file(params: dict[str, Any]) -> dict[str, Any]:
    """The request with an upload, where it names a file that only Telegram has."""
    return {**params, "document": UPLOAD} if "document" in params else params
