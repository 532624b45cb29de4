"""Effects into Telegram requests: pure, within every limit, each press answered first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from telegram.constants import CallbackQueryLimit, ParseMode

from bot.channel import Kind, Outgoing, Stage
from bot.telegram.callback import encode
from bot.telegram.drafts import draft_html, draft_keys
from bot.telegram.html import HTML, UNMARKED, Words, units
from bot.telegram.keyboard import Key, keyboard
from bot.telegram.splitting import split
from conversations.effects import (
    Button,
    Draft,
    Effect,
    Erase,
    Notice,
    Say,
    SendCalendarFile,
    SendExport,
    Text,
)

NOTICE_LIMIT: Final = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
WAYS_OUT: Final = ("back", "home")
# A message needs a text even where an author gave buttons only.
_NO_WORDS: Final = "…"


def show(effects: Sequence[Effect], stage: Stage, words: Words) -> list[Outgoing]:
    """The requests that show these effects, in order; the answer to a press comes first.

    Raises KeyError when an effect sends a file that `stage.files` does not hold.
    """
    showing = _Showing(stage, words)
    for effect in effects:
        showing.add(effect)
    return showing.requests()


def message(chat: int, html: str, markup: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The payload of one message: HTML, no preview of links."""
    payload: dict[str, Any] = {
        "chat_id": chat,
        "text": html,
        "parse_mode": str(ParseMode.HTML),
        "link_preview_options": {"is_disabled": True},
    }
    return payload if markup is None else {**payload, "reply_markup": dict(markup)}


@dataclass
class _Showing:
    """One turn on its way to requests: what was said so far decides edit or send."""

    stage: Stage
    words: Words
    made: list[Outgoing] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    edits: bool = False
    new_screen: bool = False

    def __post_init__(self) -> None:
        press, screen = self.stage.press, self.stage.screen
        self.edits = press is not None and screen is not None and press.message == screen

    def add(self, effect: Effect) -> None:
        """Takes the next effect of the turn."""
        match effect:
            case Say():
                self._say(effect)
            case Notice():
                self._notice(effect)
            case SendCalendarFile():
                self._send("sendDocument", file="calendar", file_name="talk.ics")
            case SendExport():
                self._send("sendDocument", file="export", file_name="twenty-minutes.json")
            case Erase():
                pass

    def requests(self) -> list[Outgoing]:
        """Everything of the turn: the answer, the messages, then the old keyboard taken away."""
        return [*self._answer(), *self.made, *self._stripped()]

    def _answer(self) -> list[Outgoing]:
        if self.stage.press is None:
            return []
        payload = {"callback_query_id": self.stage.press.query}
        if self.notices:
            payload["text"] = "\n".join(self.notices)
        return [Outgoing("answerCallbackQuery", payload)]

    def _stripped(self) -> list[Outgoing]:
        if self.stage.screen is None or not self.new_screen:
            return []
        payload = {"chat_id": self.stage.chat, "message_id": self.stage.screen}
        return [Outgoing("editMessageReplyMarkup", payload)]

    def _notice(self, notice: Notice) -> None:
        said = self._plain(notice.text)
        room = NOTICE_LIMIT - units("\n".join((*self.notices, "")))
        if self.stage.press is not None and units(said) <= room:
            self.notices.append(said)
            return
        for part in split(self._html(notice.text)):
            self._send("sendMessage", message(self.stage.chat, part))

    def _say(self, say: Say) -> None:
        markup = self._keyboard(say)
        parts = split("\n\n".join(self._part(part) for part in say.parts))
        if not parts and markup:
            parts = [_NO_WORDS]
        kind: Kind = "nudge" if say.manner == "nudge" else "reply"
        screen = say.manner == "screen"
        for number, part in enumerate(parts, 1):
            last = number == len(parts)
            payload = message(self.stage.chat, part, markup if last else None)
            if screen and self.edits:
                self._edit(payload, screen=last)
            else:
                # What has buttons of its own ends those of the screen above it. A nudge does not: the
                # seeker may be in the middle of something there.
                asks = screen or (bool(say.buttons) and kind == "reply")
                self.new_screen |= asks and last and not self._is_edited()
                self._send(
                    "sendMessage", payload, kind, screen=screen and last, lasting=not screen, until=say.until
                )

    def _edit(self, payload: dict[str, Any], screen: bool) -> None:
        self.edits = False
        payload = {**payload, "message_id": self.stage.screen}
        self.made.append(Outgoing("editMessageText", payload, screen=screen))

    def _is_edited(self) -> bool:
        return any(request.method == "editMessageText" for request in self.made)

    def _send(
        self,
        method: str,
        payload: Mapping[str, Any] | None = None,
        kind: Kind = "reply",
        *,
        screen: bool = False,
        lasting: bool = False,
        file: str = "",
        file_name: str = "",
        until: datetime | None = None,
    ) -> None:
        # Whatever stands below the screen hides it: from here on an edit would go unseen.
        self.edits = False
        content = self.stage.files[file] if file else b""
        lasting = lasting or bool(file)
        payload = payload or {"chat_id": self.stage.chat}
        self.made.append(Outgoing(method, payload, kind, screen, lasting, content, file_name, until))

    def _part(self, part: object) -> str:
        if isinstance(part, Draft):
            return draft_html(part, self.words, self.stage.language)
        return self._html(part)

    def _keyboard(self, say: Say) -> dict[str, Any] | None:
        language = self.stage.language
        first = [
            key
            for part in say.parts
            if isinstance(part, Draft)
            for key in draft_keys(part, self.words, language)
        ]
        body = [self._key(button) for button in say.buttons if button.option not in WAYS_OUT]
        out = [self._key(button) for button in say.buttons if button.option in WAYS_OUT]
        return keyboard(body, out, language, first)

    def _key(self, button: Button) -> Key:
        label = self.words.say(button.label, self.stage.language, UNMARKED)
        return {"text": label, "callback_data": encode(button)}

    def _html(self, value: Any) -> str:
        return self.words.say(value, self.stage.language, HTML)

    def _plain(self, text: Text) -> str:
        return self.words.say(text, self.stage.language, UNMARKED)
