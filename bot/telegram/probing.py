"""Asks Telegram whether a message is where it might be, in a way that does not change it."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from bot.telegram.client import Caller
from bot.telegram.outcomes import cannot_edit, judge, says

Found = Literal["found", "not_found", "unclear", "closed"]
_SAME: Final = "message is not modified"


async def probe(bot: Caller, chat: int, number: int, sent: Mapping[str, Any]) -> Found:
    """Whether the message with this number in a chat is the one that `sent` asked for.

    It is asked to take the very keyboard, or the very words, that it should have: "not modified"
    proves that it is there, and nothing else does. Raises TokenRefused.
    """
    keyboard = sent.get("reply_markup")
    method = "editMessageReplyMarkup" if keyboard else "editMessageText"
    changed = {"reply_markup": keyboard} if keyboard else sent
    try:
        await bot.call(method, {**changed, "chat_id": chat, "message_id": number})
    except Exception as error:
        if says(error, _SAME):
            return "found"
        if cannot_edit(error):
            return "not_found"
        return "closed" if judge(error, method).kind == "refused" else "unclear"
    # It had another keyboard, or other words: most likely another message of ours, which has lost
    # them now. To ask on would only do more harm.
    return "closed"
