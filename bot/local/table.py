"""The strict table: the methods and fields of the Bot API that the coach may use; data only.

A method or field that is not here is refused, also where Telegram knows it. Limits are those of
the Bot API 10.3; a test compares all of it with another reading of the same documents.
"""

from collections.abc import Mapping
from typing import Final

from bot.local.limits import Among, Count, Matching, Octets, Range, Units, WebhookAddress
from bot.local.objects import ENTITIES, OBJECTS, PARSE_MODE, SCOPES
from bot.local.schema import CHAT, FILE, FLAG, Field, Shape, many, number, text, thing

__all__ = ["METHODS", "OBJECTS", "UPDATE_KINDS"]

_UPDATES: Final = """
message edited_message channel_post edited_channel_post business_connection business_message
edited_business_message deleted_business_messages message_reaction message_reaction_count
inline_query chosen_inline_result callback_query shipping_query pre_checkout_query
purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request chat_boost
removed_chat_boost
"""
_ACTIONS: Final = """
typing upload_photo record_video upload_video record_voice upload_voice upload_document
choose_sticker find_location record_video_note upload_video_note
"""
UPDATE_KINDS: Final = tuple(_UPDATES.split())

_TO: Final = CHAT.needed("chat_id is empty")
_MESSAGE: Final = number(Range(1, 2**31 - 1, "MESSAGE_ID_INVALID")).needed(
    "message identifier is not specified"
)
_TEXT: Final = text(
    Units(1, 4096, "message text is empty", "message is too long", parsed="parse_mode")
).needed("message text is empty")
_PREVIEW: Final = thing("LinkPreviewOptions")
_INLINE: Final = thing("InlineKeyboardMarkup")
_MARKUP: Final = thing("InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ForceReply")
_KINDS: Final = many(text(Among(UPDATE_KINDS)), Count(100))
_LANGUAGE: Final = text(Matching("([a-z]{2})?", "invalid language code specified"))
_FILE_ID: Final = text(Octets(1, 1024, "file_id not specified", "invalid file_id"))
_SECRET: Final = text(
    Octets(1, 256, long="secret token is too long"),
    Matching("[A-Za-z0-9_-]*", "secret token contains unallowed characters"),
)
_SENDING: Final[Mapping[str, Field]] = {
    "chat_id": _TO,
    "disable_notification": FLAG,
    "protect_content": FLAG,
    "reply_parameters": thing("ReplyParameters"),
    "reply_markup": _MARKUP,
}
_WRITING: Final[Mapping[str, Field]] = {
    "text": _TEXT,
    "parse_mode": PARSE_MODE,
    "entities": ENTITIES,
    "link_preview_options": _PREVIEW,
}
_WHERE: Final[Mapping[str, Field]] = {"scope": thing(*SCOPES), "language_code": _LANGUAGE}


def _about(name: str, most: int) -> dict[str, Shape]:
    """The pair of methods that set and get one line about the bot, per language."""
    what = "".join(part.title() for part in name.split("_"))
    return {
        f"setMy{what}": Shape({name: text(Units(0, most)), "language_code": _LANGUAGE}),
        f"getMy{what}": Shape({"language_code": _LANGUAGE}),
    }


METHODS: Final[Mapping[str, Shape]] = {
    "getMe": Shape({}),
    "getUpdates": Shape(
        {
            "offset": number(Range(-(2**31), 2**31 - 1)),
            "limit": number(Range(1, 100)),
            # Telegram takes more and waits 50 seconds all the same: whoever asks for more errs.
            "timeout": number(Range(0, 50)),
            "allowed_updates": _KINDS,
        }
    ),
    "setWebhook": Shape(
        {
            "url": text(WebhookAddress((443, 80, 88, 8443))).needed(),
            "max_connections": number(Range(1, 100)),
            "allowed_updates": _KINDS,
            "drop_pending_updates": FLAG,
            "secret_token": _SECRET,
        }
    ),
    "deleteWebhook": Shape({"drop_pending_updates": FLAG}),
    "getWebhookInfo": Shape({}),
    "sendMessage": Shape({**_SENDING, **_WRITING}),
    "sendDocument": Shape(
        {
            **_SENDING,
            "document": FILE.needed("there is no document in the request"),
            "caption": text(Units(0, 1024, long="message caption is too long", parsed="parse_mode")),
            "parse_mode": PARSE_MODE,
            "caption_entities": ENTITIES,
            "disable_content_type_detection": FLAG,
        }
    ),
    "editMessageText": Shape({"chat_id": _TO, "message_id": _MESSAGE, "reply_markup": _INLINE, **_WRITING}),
    "editMessageReplyMarkup": Shape({"chat_id": _TO, "message_id": _MESSAGE, "reply_markup": _INLINE}),
    "deleteMessage": Shape({"chat_id": _TO, "message_id": _MESSAGE}),
    "answerCallbackQuery": Shape(
        {
            "callback_query_id": text(Octets(1, 64)).needed(),
            "text": text(Units(0, 200, long="MESSAGE_TOO_LONG")),
            "show_alert": FLAG,
            "cache_time": number(Range(0, 86_400)),
        }
    ),
    "sendChatAction": Shape(
        {
            "chat_id": _TO,
            "action": text(Among(tuple(_ACTIONS.split()), "wrong parameter action in request")).needed(
                "wrong parameter action in request"
            ),
        }
    ),
    "getFile": Shape({"file_id": _FILE_ID.needed("file_id not specified")}),
    "setMyCommands": Shape({"commands": many(thing("BotCommand"), Count(100)).needed(), **_WHERE}),
    "getMyCommands": Shape(_WHERE),
    "deleteMyCommands": Shape(_WHERE),
    **_about("name", 64),
    **_about("description", 512),
    **_about("short_description", 120),
}
