"""Raw updates into what happened: pure, and deaf to everything malformed or unknown."""

from collections.abc import Mapping
from re import IGNORECASE, escape, search
from re import compile as pattern
from typing import Any, Final

from bot.channel import Heard, Press
from bot.telegram.callback import decode
from bot.telegram.html import storable
from bot.telegram.kinds import kind_of
from conversations.events import (
    CameBack,
    Chose,
    Commanded,
    Event,
    Left,
    SharedContact,
    Showed,
    Started,
    Wrote,
)

Json = Mapping[str, Any]
_COMMAND: Final = pattern(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?=\s|$)")
_LARGEST: Final = 2**63
_GROUPS: Final = ("group", "supergroup")


def read(update: Mapping[str, Any], username: str = "") -> Heard | None:
    """What a raw update says; None for one that concerns nobody. Never raises.

    `username` is the bot's own, without `@`: it tells in a group who is spoken to.
    """
    if not isinstance(update, Mapping):
        return None
    if message := _map(update, "message"):
        return _message(message, False, username)
    if message := _map(update, "edited_message"):
        return _message(message, True, username)
    if query := _map(update, "callback_query"):
        return _query(query)
    if change := _map(update, "my_chat_member"):
        return _membership(change)
    # As the coach keeps what was said in a group: no more than where.
    group = _number(update, "elsewhere")
    return None if group is None else Heard(group, group, None, elsewhere=True)


def _message(message: Json, edited: bool, username: str) -> Heard | None:
    chat = _map(message, "chat")
    if chat.get("type") != "private":
        return None if edited else _overheard(message, username)
    seeker = _alone_with(_map(message, "from"), chat)
    if seeker is None:
        return None
    event = _said(message, edited)
    if event is None:
        return None
    return Heard(seeker, seeker, event, number=_number(message, "message_id"))


def _said(message: Json, edited: bool) -> Event | None:
    text = _text(message, "text")
    if text:
        return _command(text, message) or Wrote(text, edited=edited)
    if edited:
        return None
    if contact := _map(message, "contact"):
        return _shared(contact) or Showed("contact")
    if picked := _map(message, "users_shared"):
        return _picked(picked) or Showed("users_shared")
    kind = kind_of(message)
    return Showed(kind) if kind else None


def _command(text: str, message: Json) -> Event | None:
    found = _COMMAND.match(text)
    if found is None:
        return None
    name = found[1].lower()
    if name != "start":
        return Commanded(name)
    sender = _map(message, "from")
    language = _text(sender, "language_code").lower().replace("_", "-").split("-")[0]
    known = language if len(language) == 2 and language.isascii() and language.isalpha() else ""
    return Started(language=known, first_name=_text(sender, "first_name"))


def _shared(person: Json) -> SharedContact | None:
    names = (_text(person, "first_name").strip(), _text(person, "last_name").strip())
    name = " ".join(part for part in names if part)
    typed = _text(person, "phone_number")
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())[:20]
    plus = "+" if digits and typed.lstrip().startswith("+") else ""
    return SharedContact(name=name, phone=plus + digits) if name else None


def _picked(picked: Json) -> SharedContact | None:
    users = picked.get("users")
    first = users[0] if isinstance(users, list) and users else None
    return _shared(first) if isinstance(first, Mapping) else None


def _query(query: Json) -> Heard | None:
    message = _map(query, "message")
    chat = _map(message, "chat")
    seeker = _alone_with(_map(query, "from"), chat)
    number, ident = _number(message, "message_id"), _text(query, "id")
    if chat.get("type") != "private" or seeker is None or number is None or not ident:
        return None
    # Data that no button of ours carries still gets an event: the press is answered and the
    # seeker is shown where they stand, as with any button that no longer fits.
    event = decode(query.get("data")) or Chose(step="", option="")
    press = Press(query=ident, message=number)
    return Heard(seeker, seeker, event, press, number=number, data=_text(query, "data"))


def _membership(change: Json) -> Heard | None:
    chat, sender = _map(change, "chat"), _map(change, "from")
    before = _text(_map(change, "old_chat_member"), "status")
    after = _text(_map(change, "new_chat_member"), "status")
    if chat.get("type") in _GROUPS:
        came = after == "member" and before not in ("member", "administrator", "restricted")
        return _elsewhere(chat, sender) if came else None
    seeker = _alone_with(sender, chat)
    if chat.get("type") != "private" or seeker is None:
        return None
    if after == "kicked":
        return Heard(seeker, seeker, Left())
    if after == "member" and before != "member":
        return Heard(seeker, seeker, CameBack())
    return None


def _overheard(message: Json, username: str) -> Heard | None:
    text = _text(message, "text")
    command = _COMMAND.match(text)
    named = command[2] if command else None
    called = command and (not named or not username or named.lower() == username.lower())
    mentioned = username and search(rf"@{escape(username)}\b", text, IGNORECASE)
    if not (called or mentioned):
        return None
    return _elsewhere(_map(message, "chat"), _map(message, "from"))


def _elsewhere(chat: Json, sender: Json) -> Heard | None:
    number = _number(chat, "id")
    if number is None or chat.get("type") not in (*_GROUPS, "channel"):
        return None
    return Heard(_number(sender, "id") or number, number, None, elsewhere=True)


def _alone_with(sender: Json, chat: Json) -> int | None:
    # In a private chat the chat's number is the seeker's own: anyone else is a forgery.
    number = _number(sender, "id")
    own = number is not None and number > 0 and number == _number(chat, "id")
    return number if own and sender.get("is_bot") is not True else None


def _map(outer: Json, key: str) -> Json:
    value = outer.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(outer: Json, key: str) -> str:
    value = outer.get(key)
    return storable(value) if isinstance(value, str) else ""


def _number(outer: Json, key: str) -> int | None:
    value = outer.get(key)
    real = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST
    return value if real else None
