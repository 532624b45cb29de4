"""What each method about messages does to the world."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from bot.local.files import Files, Upload
from bot.local.keyboards import inline, replace_letters
from bot.local.refusal import bad
from bot.local.texts import read_caption, read_text
from bot.local.world import Chat, World

Json = dict[str, Any]
Params = Mapping[str, Any]
Act = Callable[[Params], Any]

DELETABLE: Final = timedelta(hours=48)
#: Telegram does not say how long a tap can be answered; clients show that they wait for about this.
ANSWERABLE: Final = timedelta(seconds=15)
_CONTENT: Final = ("text", "entities", "reply_markup", "link_preview_options")
_SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_OLD: Final = "query is too old and response timeout expired or query ID is invalid"


class Methods:
    """The methods about messages, by their names in small letters."""

    def __init__(self, world: World, files: Files, answerable: timedelta = ANSWERABLE) -> None:
        self._world, self._files = world, files
        self.answerable = answerable
        self.table: dict[str, Act] = {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "senddocument": self._send_document,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete,
            "answercallbackquery": self._answer,
            "sendchataction": self._act,
            "getfile": files.told,
        }

    @property
    def answers(self) -> list[Json]:
        """The answers to taps, in order."""
        return self._world.answers

    def _get_me(self, params: Params) -> Json:
        abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries",
                     "can_connect_to_business", "has_main_web_app")  # fmt: skip
        return {**self._world.bot, **dict.fromkeys(abilities, False)}

    def _send_message(self, params: Params) -> Json:
        content = _written(params)
        chat = self._world.chat(params.get("chat_id"))
        return self._sent(chat, params, content)

    def _send_document(self, params: Params) -> Json:
        caption = read_caption(params)
        chat = self._world.chat(params.get("chat_id"))
        given = params.get("document")
        if not isinstance(given, Upload | str):
            raise bad("there is no document in the request")
        document = self._files.keep(given) if isinstance(given, Upload) else self._files.again(given)
        return self._sent(chat, params, {"document": document, **caption})

    def _sent(self, chat: Chat, params: Params, content: Json) -> Json:
        head = {"from": self._world.bot, **self._replied(chat, params)}
        protected = {"has_protected_content": True} if params.get("protect_content") else {}
        message = self._world.add(chat, {**head, **content, **protected, **inline(params)})
        replace_letters(chat, params, message["message_id"])
        chat.action = ""
        return message

    def _replied(self, chat: Chat, params: Params) -> Json:
        asked = params.get("reply_parameters") or {}
        if not asked:
            return {}
        found = chat.messages.get(int(asked.get("message_id", 0)))
        if found is None and not asked.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        whole = {key: value for key, value in (found or {}).items() if key != "reply_to_message"}
        return {"reply_to_message": whole} if found else {}

    def _edit_text(self, params: Params) -> Json:
        content = _written(params)
        message = self._editable(params)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self._change(message, {**content, **inline(params)})

    def _edit_markup(self, params: Params) -> Json:
        message = self._editable(params)
        kept: Json = {key: message[key] for key in _CONTENT if key in message and key != "reply_markup"}
        return self._change(message, {**kept, **inline(params)})

    def _editable(self, params: Params) -> Json:
        chat = self._world.chat(params.get("chat_id"))
        message = chat.messages.get(int(params.get("message_id", 0)))
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != self._world.bot["id"]:
            raise bad("message can't be edited")
        return message

    def _change(self, message: Json, content: Json) -> Json:
        now = {key: message[key] for key in _CONTENT if key in message}
        if now == content:
            raise bad(_SAME)
        for key in now:
            del message[key]
        message.update(content, edit_date=self._world.unix())
        return message

    def _delete(self, params: Params) -> bool:
        chat = self._world.chat(params.get("chat_id"))
        message = chat.messages.get(int(params.get("message_id", 0)))
        if message is None:
            raise bad("message to delete not found")
        if self._world.age(message) >= DELETABLE:
            raise bad("message can't be deleted")
        del chat.messages[message["message_id"]]
        return True

    def _answer(self, params: Params) -> bool:
        query = self._world.queries.get(str(params.get("callback_query_id")))
        if query is None or self._world.clock.now() - query.at > self.answerable:
            raise bad(_OLD)
        query.answers += 1
        self._world.answers.append(dict(params))
        return True

    def _act(self, params: Params) -> bool:
        self._world.chat(params.get("chat_id")).action = str(params.get("action"))
        return True


def _written(params: Params) -> Json:
    preview = params.get("link_preview_options")
    return {**read_text(params), **({"link_preview_options": preview} if preview else {})}
