"""The people side of the stand-in: they type, press, share and block, as in a real chat."""

import itertools
from typing import TYPE_CHECKING, Any

from tests.telegram.standin_methods import Chat

if TYPE_CHECKING:
    from tests.telegram.standin import StandIn

Json = dict[str, Any]
_QUERIES = itertools.count(1)


class Person:
    """One seeker with their private chat."""

    def __init__(self, standin: "StandIn", chat: Chat, language: str) -> None:
        self._standin = standin
        self.chat = chat
        self.user: Json = {
            "id": chat.id,
            "is_bot": False,
            "first_name": chat.first_name,
            "language_code": language,
        }

    def types(self, text: str) -> Json:
        """Sends words or a command; gives the update."""
        message: Json = {"text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.sends(**message)

    def sends(self, **content: Any) -> Json:
        """Sends a message of any kind."""
        return self._standin.updates.put("message", self.chat.add({"from": self.user, **content}))

    def shares(self, first_name: str, phone: str, **more: Any) -> Json:
        """Shares a contact from the attachment menu."""
        return self.sends(contact={"first_name": first_name, "phone_number": phone, **more})

    def presses(self, label: str) -> Json:
        """Presses the newest button with this label. Raises LookupError where there is none."""
        for message in reversed(list(self.chat.messages.values())):
            for key in keys_of(message):
                if key["text"] == label and "callback_data" in key:
                    return self.sends_press(message, key["callback_data"])
        raise LookupError(f"no button {label!r}; there are {self.buttons()}")

    def sends_press(self, message: Json, data: str) -> Json:
        """A press with this data, whether or not such a button exists."""
        query = str(next(_QUERIES))
        self._standin.methods.open_queries[query] = 0
        shown = {key: value for key, value in message.items() if key != "html"}
        return self._standin.updates.put(
            "callback_query",
            {"id": query, "from": self.user, "message": shown, "chat_instance": "1", "data": data},
        )

    def blocks(self) -> Json:
        """Blocks the bot."""
        return self._turns("member", "kicked", True)

    def unblocks(self) -> Json:
        """Lets the bot in again."""
        return self._turns("kicked", "member", False)

    def deletes(self, number: int) -> None:
        """Deletes a message from the chat."""
        del self.chat.messages[number]

    def received(self) -> list[str]:
        """The plain texts of what the bot sent, as they stand now."""
        messages = self.chat.messages.values()
        return [m.get("text", "") for m in messages if m["from"]["is_bot"]]

    def buttons(self) -> list[str]:
        """The labels of every button in the chat."""
        return [key["text"] for m in self.chat.messages.values() for key in keys_of(m)]

    def _turns(self, before: str, after: str, blocked: bool) -> Json:
        self.chat.blocked = blocked
        change = {
            "chat": self.chat.as_json(),
            "from": self.user,
            "date": 0,
            "old_chat_member": {"status": before},
            "new_chat_member": {"status": after},
        }
        return self._standin.updates.put("my_chat_member", change)


def keys_of(message: Json) -> list[Json]:
    """The buttons of a message, row after row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [key for row in rows for key in row]
