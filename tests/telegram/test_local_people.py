"""People of the local Telegram: what they do is what the bot is told, and what it does is what they see."""

from typing import Any

import pytest

from tests.telegram.local_kit import Bot, local

ASKS = {"keyboard": [[{"text": "Somebody", "request_users": {"request_id": 7, "max_quantity": 2}}],
                     [{"text": "Me", "request_contact": True}, {"text": "Later"}]],
        "one_time_keyboard": True}  # fmt: skip
GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "a"}]]}


async def sends(bot: Bot, chat: int, **more: Any) -> int:
    """The number of a message."""
    return int((await bot.call("sendMessage", chat_id=chat, text="x", **more))["message_id"])


async def test_what_they_write_and_change() -> None:
    async with local() as (standin, bot, time):
        dana = standin.person("Dana", "es")
        written = dana.types("/start now")["message"]
        time.passes(minutes=1)
        edited = dana.edits("hello")["edited_message"]

        [first, second] = await bot.call("getUpdates")
        assert (first["message"], second["edited_message"]) == (written, edited)
        assert written["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
        assert written["from"] == {"id": dana.chat.id, "is_bot": False, "first_name": "Dana",
                                   "language_code": "es"}  # fmt: skip
        assert edited["message_id"] == written["message_id"]
        assert edited["edit_date"] == edited["date"] + 60
        assert (written["text"], edited["text"]) == ("/start now", "hello")


async def test_they_press_the_newest_button_with_a_label() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person()
        await sends(bot, dana.chat.id, reply_markup=GO)
        newer = await sends(bot, dana.chat.id, reply_markup=GO)

        press = dana.presses("Go")["callback_query"]

        assert (press["data"], press["message"]["message_id"]) == ("a", newer)
        with pytest.raises(LookupError, match="there are"):
            dana.presses("Stop")


async def test_a_press_on_a_message_that_is_gone_tells_only_its_number() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person()
        await sends(bot, dana.chat.id, reply_markup=GO)
        screen = dana.screen()
        dana.deletes(screen["message_id"])

        press = dana.sends_press(screen, "a")["callback_query"]

        assert press["message"] == {"message_id": 1, "date": 0, "chat": dana.chat.as_json()}


async def test_buttons_in_place_of_the_letters() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person("Dana")
        await sends(bot, dana.chat.id, reply_markup=ASKS)
        assert dana.buttons() == ["Somebody", "Me", "Later"]

        users = [{"user_id": 5, "first_name": "Maria"}]
        assert dana.picks(*users)["message"]["users_shared"] == {"request_id": 7, "users": users}
        await sends(bot, dana.chat.id, reply_markup=ASKS)
        assert dana.presses("Me")["message"]["contact"]["user_id"] == dana.chat.id
        await sends(bot, dana.chat.id, reply_markup=ASKS)
        assert dana.presses("Later")["message"]["text"] == "Later"

        assert dana.buttons() == []
        with pytest.raises(LookupError):
            dana.picks(*users)


async def test_the_bot_takes_its_keyboard_away() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person()
        await sends(bot, dana.chat.id, reply_markup=ASKS)

        await sends(bot, dana.chat.id, reply_markup={"remove_keyboard": True})

        assert dana.buttons() == []


async def test_they_share_a_contact_and_a_file() -> None:
    async with local() as (standin, _, _time):
        dana = standin.person()

        contact = dana.shares("Maria", "+1312555", last_name="Lopez")["message"]["contact"]
        document = dana.sends_file("me.vcf", b"BEGIN")["message"]["document"]

        assert contact == {"phone_number": "+1312555", "first_name": "Maria", "last_name": "Lopez"}
        assert document["file_size"] == 5


async def test_they_block_and_let_in_again() -> None:
    async with local() as (standin, _, _time):
        dana = standin.person()

        turns = [dana.blocks()["my_chat_member"], dana.unblocks()["my_chat_member"]]

        assert [
            (one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in turns
        ] == [("member", "kicked"), ("kicked", "member")]  # fmt: skip


async def test_an_update_does_not_change_after_it_was_sent() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person()
        await sends(bot, dana.chat.id, reply_markup=GO)
        press = dana.presses("Go")

        await bot.call("editMessageText", chat_id=dana.chat.id, message_id=1, text="y")

        assert press["callback_query"]["message"]["text"] == "x"
        assert dana.received() == ["y"]


async def test_they_press_a_button_in_place_of_the_letters_by_its_name() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person("Dana")
        await sends(bot, dana.chat.id, reply_markup=GO)
        await sends(bot, dana.chat.id, reply_markup={**ASKS, "one_time_keyboard": False})

        with pytest.raises(LookupError):
            dana.presses_letters("Go")
        with pytest.raises(LookupError, match="picks"):
            dana.presses_letters("Somebody")

        assert dana.presses_letters("Me")["message"]["contact"]["phone_number"] == dana.phone
        assert dana.presses_letters("Later")["message"]["text"] == "Later"
        assert dana.buttons() == ["Go", "Somebody", "Me", "Later"]


async def test_a_keyboard_for_one_time_is_gone_after_any_button_of_it() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person("Dana")
        for act in (lambda: dana.picks({"user_id": 5}), lambda: dana.presses_letters("Me"),
                    lambda: dana.presses_letters("Later")):  # fmt: skip
            await sends(bot, dana.chat.id, reply_markup=ASKS)
            assert len(dana.buttons()) == 3

            act()

            assert dana.buttons() == []


async def test_they_pick_for_the_button_they_pressed() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person("Dana")
        keys = [{"text": str(one), "request_users": {"request_id": one}} for one in (7, 8)]
        await sends(bot, dana.chat.id, reply_markup={"keyboard": [keys]})

        picked = [dana.picks({"user_id": 5}, **more) for more in ({}, {"request": 8})]

        assert [one["message"]["users_shared"]["request_id"] for one in picked] == [7, 8]
        with pytest.raises(LookupError):
            dana.picks({"user_id": 5}, request=9)


async def test_they_change_an_older_message_but_only_one_of_theirs() -> None:
    async with local() as (standin, bot, time):
        dana = standin.person("Dana")
        first, second = (dana.types(one)["message"]["message_id"] for one in ("one", "two"))
        answer = await sends(bot, dana.chat.id)
        dana.sends_file("x.txt", b"x")
        time.passes(minutes=1)

        edited = dana.edits("ONE", first)["edited_message"]

        assert (edited["message_id"], edited["text"]) == (first, "ONE")
        assert dana.edits("TWO")["edited_message"]["message_id"] == second
        for other in (answer, answer + 1, 99):
            with pytest.raises(LookupError, match="theirs"):
                dana.edits("not mine", other)
        assert dana.received() == ["x"]


async def test_a_picture_and_a_file_with_its_kind_are_kept_as_they_are() -> None:
    async with local() as (standin, bot, _):
        dana = standin.person()

        [size] = dana.sends_picture("a.png", b"\x89PNG", 3, 2)["message"]["photo"]
        page = dana.sends_file("a.bin", b"x", "text/html")["message"]["document"]
        plain = dana.sends_file("a.vcf", b"x")["message"]["document"]

        assert (size["width"], size["height"], size["file_size"]) == (3, 2, 4)
        assert (page["mime_type"], plain["mime_type"]) == ("text/html", "text/vcard")
        told = await bot.call("getFile", file_id=size["file_id"])
        assert standin.files.fetched(told["file_path"]) == b"\x89PNG"


async def test_their_phone_numbers_are_their_own() -> None:
    async with local() as (standin, _, _time):
        people = [standin.person(name) for name in ("Dana", "Ana")]

        assert len({one.phone for one in people}) == 2
        assert all(one.phone.startswith("+1555") and len(one.phone) == 12 for one in people)
