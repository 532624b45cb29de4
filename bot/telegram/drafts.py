"""Words for a person, shown apart: copied by one tap, or opened in the chat with them."""

from typing import Final
from urllib.parse import quote

from telegram.constants import InlineKeyboardButtonLimit

from bot.telegram.html import HTML, UNMARKED, Words, units
from bot.telegram.keyboard import Key
from conversations.effects import Draft, Text

COPY_LIMIT: Final = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
URL_LIMIT: Final = 2000


def draft_html(draft: Draft, words: Words, language: str) -> str:
    """The draft in `<pre>`; an e-mail's subject in one of its own, as it has its own field.

    A draft in another language than the seeker's stands below it in theirs too, to be understood.
    """
    told = [words.say(draft.body, draft.language, UNMARKED)]
    if draft.subject is not None:
        told.insert(0, words.say(draft.subject, draft.language, UNMARKED))
    shown = [f"<pre>{HTML.escape(text)}</pre>" for text in told]
    if draft.language != language:
        meaning = words.say(draft.body, language, HTML)
        shown.append(f"<blockquote expandable>{meaning}</blockquote>")
    return "\n".join(shown)


def draft_keys(draft: Draft, words: Words, language: str) -> list[Key]:
    """The copy button where the body fits one, and the way to the chat where there is one."""
    body = words.say(draft.body, draft.language, UNMARKED)
    keys: list[Key] = []
    if 0 < units(body) <= COPY_LIMIT:
        label = words.say(Text("buttons.copy"), language, UNMARKED)
        keys.append({"text": label, "copy_text": {"text": body}})
    url = _chat_url(draft, body)
    if url:
        label = words.say(Text("buttons.open_chat"), language, UNMARKED)
        keys.append({"text": label, "url": url})
    return keys


def _chat_url(draft: Draft, body: str) -> str:
    digits = "".join(sign for sign in draft.phone if sign.isascii() and sign.isdigit())
    if draft.channel != "chat" or not digits:
        return ""
    # Telegram reads a leading @ as an inline query to a bot; a space before it keeps it text.
    text = f" {body}" if body.startswith("@") else body
    url = f"https://t.me/+{digits}?text={quote(text, safe='')}"
    return url if len(url) < URL_LIMIT else ""
