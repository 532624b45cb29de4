"""The strict table, part two: the objects inside requests, such as keyboards; data only."""

from collections.abc import Mapping
from typing import Final

from bot.local.limits import Among, Count, Distinct, Grid, Matching, Octets, Range, Units
from bot.local.schema import CHAT, FLAG, YES, Choice, Shape, many, number, text, thing

_INT32: Final = Range(-(2**31), 2**31 - 1)
_SIZE: Final = Range(0, 2**31 - 1)
_LABEL: Final = text(Units(1, 4096))
_HINT: Final = text(Units(1, 64))
_STYLE: Final = text(Among(("danger", "success", "primary"), "BUTTON_STYLE_INVALID"))
_SCHEME: Final = "inline keyboard button URL '{}' is invalid: Unsupported URL protocol"
_NO_ACTION: Final = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
_NO_DATA: Final = "BUTTON_DATA_INVALID"
_NO_COPY: Final = "BUTTON_COPY_TEXT_INVALID"
_ENTITIES: Final = """
mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough
spoiler blockquote expandable_blockquote code pre text_link date_time
"""
PARSE_MODE: Final = text(Among(("HTML",), "unsupported parse_mode"))
ENTITIES: Final = many(thing("MessageEntity"), Count(100))

_KEYBOARDS: Final = {
    "InlineKeyboardMarkup": Shape(
        {
            "inline_keyboard": many(
                many(thing("InlineKeyboardButton")), Grid(8, 100, "reply markup is too long")
            ).needed()
        },
        said="inline keyboard",
    ),
    "InlineKeyboardButton": Shape(
        {
            "text": _LABEL.needed(),
            "style": _STYLE,
            "url": text(Matching(r"(https?|tg)://[^\s/]\S*", _SCHEME)),
            "callback_data": text(Octets(1, 64, _NO_DATA, _NO_DATA)),
            "copy_text": thing("CopyTextButton"),
        },
        Choice(("url", "callback_data", "copy_text"), least=1, words=_NO_ACTION),
        said="inline keyboard button",
    ),
    "CopyTextButton": Shape({"text": text(Units(1, 256, _NO_COPY, _NO_COPY)).needed()}),
    "ReplyKeyboardMarkup": Shape(
        {
            "keyboard": many(
                many(thing("KeyboardButton")),
                Grid(8, 100, "reply markup is too long"),
                Distinct("request_users", "request_id"),
            ).needed(),
            "is_persistent": FLAG,
            "resize_keyboard": FLAG,
            "one_time_keyboard": FLAG,
            "input_field_placeholder": _HINT,
            "selective": FLAG,
        },
        said="reply keyboard",
    ),
    "KeyboardButton": Shape(
        {
            "text": _LABEL.needed(),
            "style": _STYLE,
            "request_users": thing("KeyboardButtonRequestUsers"),
            "request_contact": FLAG,
        },
        Choice(("request_users", "request_contact"), least=0),
        said="keyboard button",
    ),
    "KeyboardButtonRequestUsers": Shape(
        {
            "request_id": number(_INT32).needed(),
            "user_is_bot": FLAG,
            "user_is_premium": FLAG,
            "max_quantity": number(Range(1, 10)),
            "request_name": FLAG,
            "request_username": FLAG,
            "request_photo": FLAG,
        }
    ),
    "ReplyKeyboardRemove": Shape({"remove_keyboard": YES.needed(), "selective": FLAG}),
    "ForceReply": Shape({"force_reply": YES.needed(), "input_field_placeholder": _HINT, "selective": FLAG}),
}

_WORDS: Final = {
    "LinkPreviewOptions": Shape(
        {
            "is_disabled": FLAG,
            "url": text(),
            "prefer_small_media": FLAG,
            "prefer_large_media": FLAG,
            "show_above_text": FLAG,
        }
    ),
    "MessageEntity": Shape(
        {
            "type": text(Among(tuple(_ENTITIES.split()))).needed(),
            "offset": number(_SIZE).needed(),
            "length": number(Range(1, 2**31 - 1)).needed(),
            "url": text(),
            "language": text(),
            "unix_time": number(_SIZE),
            "date_time_format": text(Matching("r|w?[dD]?[tT]?")),
        },
        needs={"text_link": "url", "date_time": "unix_time"},
        said="MessageEntity",
    ),
    "ReplyParameters": Shape(
        {
            "message_id": number(Range(1, 2**31 - 1)).needed(),
            "chat_id": CHAT,
            "allow_sending_without_reply": FLAG,
            "quote": text(Units(0, 1024, parsed="quote_parse_mode")),
            "quote_parse_mode": PARSE_MODE,
            "quote_entities": ENTITIES,
            "quote_position": number(_SIZE),
        },
        said="reply parameters",
    ),
}

_COMMANDS: Final = {
    "BotCommand": Shape(
        {
            "command": text(Matching("[a-z0-9_]{1,32}", "BOT_COMMAND_INVALID")).needed(),
            "description": text(
                Units(
                    1,
                    256,
                    "command description must be non-empty",
                    "command description length must not exceed 256",
                )
            ).needed(),
        },
        said="BotCommand",
    ),
}


def _scope(kind: str, *more: str) -> Shape:
    fields = {"chat_id": CHAT.needed(), "user_id": number(Range(1, 2**52)).needed()}
    kept = {name: fields[name] for name in more}
    return Shape({"type": text(Among((kind,))).needed(), **kept}, said="BotCommandScope")


SCOPES: Final[Mapping[str, Shape]] = {
    "BotCommandScopeDefault": _scope("default"),
    "BotCommandScopeAllPrivateChats": _scope("all_private_chats"),
    "BotCommandScopeAllGroupChats": _scope("all_group_chats"),
    "BotCommandScopeAllChatAdministrators": _scope("all_chat_administrators"),
    "BotCommandScopeChat": _scope("chat", "chat_id"),
    "BotCommandScopeChatAdministrators": _scope("chat_administrators", "chat_id"),
    "BotCommandScopeChatMember": _scope("chat_member", "chat_id", "user_id"),
}
OBJECTS: Final[Mapping[str, Shape]] = {**_KEYBOARDS, **_WORDS, **_COMMANDS, **SCOPES}
