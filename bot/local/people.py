"""The people of the local Telegram: they type, press, share, block, as in a real chat."""

from typing import Any, Protocol

from bot.local.files import Files, Upload
from bot.local.keyboards import keys_of, letters_of
from bot.local.updates import Updates
from bot.local.world import Chat, World

Json = dict[str, Any]
__all__ = ["Person", "keys_of"]


class Scene(Protocol):
    """What people act on (`bot.local.server.StandIn`)."""

    world: World
    files: Files
    updates: Updates


class Person:
    """One person with their private chat. What they do gives the update that the bot will see."""

    def __init__(self, scene: Scene, chat: Chat, language: str) -> None:
        self._scene = scene
        self.chat = chat
        self.user: Json = {
            "id": chat.id,
            "is_bot": False,
            "first_name": chat.first_name,
            "language_code": language,
        }

    @property
    def phone(self) -> str:
        """Their own number."""
        return f"+1555{self.chat.id:07}"

    def types(self, text: str) -> Json:
        """Sends words or a command."""
        message: Json = {"text": text}
        if text.startswith("/") and len(text) > 1:
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.sends(**message)

    def sends(self, **content: Any) -> Json:
        """Sends a message of any kind."""
        self._is_heard()
        message = self._scene.world.add(self.chat, {"from": self.user, **content})
        return self._scene.updates.put("message", dict(message))

    def edits(self, text: str, number: int = 0) -> Json:
        """Changes a message they wrote, the last one unless told. Raises LookupError without one."""
        for message in self.chat.newest():
            mine = message["from"]["id"] == self.user["id"] and "text" in message
            if mine and number in (0, message["message_id"]):
                self._is_heard()
                message.pop("entities", None)
                message.update(text=text, edit_date=self._scene.world.unix())
                return self._scene.updates.put("edited_message", dict(message))
        raise LookupError("there is no such message of theirs")

    def shares(self, first_name: str, phone: str, **more: Any) -> Json:
        """Shares a contact from the attachment menu."""
        return self.sends(contact={"phone_number": phone, "first_name": first_name, **more})

    def picks(self, *users: Json, request: int = 0) -> Json:
        """Picks people, for the first button that asks for them unless told. LookupError without one."""
        keys = [key["request_users"] for key in letters_of(self.chat) if "request_users" in key]
        asked = [one["request_id"] for one in keys if request in (0, one["request_id"])]
        if not asked:
            raise LookupError(f"no button asks for people; there are {self.buttons()}")
        self._has_pressed_letters()
        return self.sends(users_shared={"request_id": asked[0], "users": list(users)})

    def sends_file(self, name: str, content: bytes, mime: str = "") -> Json:
        """Sends a file from the attachment menu."""
        return self.sends(document=self._scene.files.keep(Upload(name, content, mime)))

    def sends_picture(self, name: str, content: bytes, width: int, height: int) -> Json:
        """Sends a picture; Telegram's own smaller copies of it are left out."""
        kept = self._scene.files.keep(Upload(name, content))
        named = {key: kept[key] for key in ("file_id", "file_unique_id", "file_size")}
        return self.sends(photo=[{**named, "width": width, "height": height}])

    def presses(self, label: str) -> Json:
        """Presses the newest button with this label. Raises LookupError where there is none."""
        for message in self.chat.newest():
            for key in keys_of(message):
                if key["text"] == label and "callback_data" in key:
                    return self.sends_press(message, key["callback_data"])
        return self.presses_letters(label)

    def presses_letters(self, label: str) -> Json:
        """Presses a button in place of the letters. Raises LookupError where there is none."""
        for key in letters_of(self.chat):
            if key["text"] == label:
                return self._presses_letters(key)
        raise LookupError(f"no button {label!r}; there are {self.buttons()}")

    def sends_press(self, message: Json, data: str) -> Json:
        """A press with this data, whether or not such a button exists."""
        self._is_heard()
        number = message["message_id"]
        gone: Json = {"message_id": number, "date": 0, "chat": self.chat.as_json()}
        press: Json = {"id": self._scene.world.new_query(self.chat.id), "from": self.user}
        press["message"] = dict(message) if number in self.chat.messages else gone
        return self._scene.updates.put("callback_query", {**press, "chat_instance": "1", "data": data})

    def blocks(self) -> Json:
        """Blocks the bot."""
        return self._turns("member", "kicked", True)

    def unblocks(self) -> Json:
        """Lets the bot in again."""
        return self._turns("kicked", "member", False)

    def closes(self) -> None:
        """Deletes their account."""
        self.chat.closed = True

    def deletes(self, number: int) -> None:
        """Deletes a message from the chat."""
        del self.chat.messages[number]

    def received(self) -> list[str]:
        """The plain texts of what the bot sent, as they stand now."""
        return [str(one.get("text", "")) for one in self._from_bot()]

    def buttons(self) -> list[str]:
        """The labels of every button in the chat, then those in place of the letters."""
        keys = [key for message in self.chat.messages.values() for key in keys_of(message)]
        return [str(key["text"]) for key in (*keys, *letters_of(self.chat))]

    def screen(self) -> Json:
        """The last message of the bot. Raises LookupError where there is none."""
        if not (found := self._from_bot()):
            raise LookupError("the bot has not written yet")
        return found[-1]

    def notices(self) -> list[str]:
        """What was shown for a moment after presses."""
        queries, answers = self._scene.world.queries, self._scene.world.answers
        mine = [one for one in answers if queries[one["callback_query_id"]].user == self.chat.id]
        return [str(one["text"]) for one in mine if one.get("text")]

    def _from_bot(self) -> list[Json]:
        return [one for one in self.chat.messages.values() if one["from"]["is_bot"]]

    def _presses_letters(self, key: Json) -> Json:
        if "request_users" in key:
            raise LookupError("this button asks for people: use picks(...)")
        self._has_pressed_letters()
        if key.get("request_contact"):
            return self.shares(self.chat.first_name, self.phone, user_id=self.chat.id)
        return self.types(key["text"])

    def _has_pressed_letters(self) -> None:
        if (self.chat.keyboard or {}).get("one_time_keyboard"):
            self.chat.keyboard = None

    def _is_heard(self) -> None:
        self.chat.heard_at = self._scene.world.clock.now()

    def _turns(self, before: str, after: str, blocked: bool) -> Json:
        self.chat.blocked = blocked
        change = {
            "chat": self.chat.as_json(),
            "from": self.user,
            "date": self._scene.world.unix(),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }
        return self._scene.updates.put("my_chat_member", change)

    def _member(self, status: str) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._scene.world.bot, "status": status, **until}
