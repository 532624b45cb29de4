"""The terminal as a channel: the same turns as on Telegram, shown as lines of a transcript."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channel import Heard, Outgoing, Press, Stage
from bot.words import Words
from conversations.effects import (
    Draft,
    Effect,
    Erase,
    Notice,
    Say,
    SendCalendarFile,
    SendExport,
    Value,
)
from conversations.events import Chose, Commanded, Event, SharedContact, Showed, Started, Wrote

SEEKER = 1


class TerminalChannel:
    """Reads updates of the form {"update_id", "kind", …} and shows effects as plain blocks."""

    def __init__(self, words: Words, language: str = "", first_name: str = "") -> None:
        self._words = words
        self._language = language
        self._first_name = first_name

    def read(self, update: Mapping[str, Any]) -> Heard | None:
        """What a line says."""
        press = Press(f"tap {update['update_id']}", 0) if update["kind"] == "press" else None
        return Heard(SEEKER, SEEKER, self._event(update), press)

    def _event(self, update: Mapping[str, Any]) -> Event:
        match update["kind"]:
            case "press":
                return Chose(update["step"], update["option"], update["person"], update["entered"])
            case "command" if update["name"] == "start":
                return Started(self._language, self._first_name)
            case "command":
                return Commanded(update["name"])
            case "contact":
                return SharedContact(update["name"], update["phone"])
            case "show":
                return Showed(update["what"])
            case _:
                return Wrote(update["words"])

    def show(self, effects: Sequence[Effect], stage: Stage) -> list[Outgoing]:
        """Blocks of words with the labels of their buttons; files by name."""
        return [self._block(one, stage) for one in effects if not isinstance(one, Erase)]

    def _block(self, effect: Effect, stage: Stage) -> Outgoing:
        match effect:
            case Say():
                return self._say(effect, stage)
            case SendCalendarFile():
                return Outgoing("file", {}, file=stage.files["calendar"], file_name="talk.ics")
            case SendExport():
                name = "twenty-minutes.json"
                return Outgoing("file", {}, file=stage.files["export"], file_name=name)
            case Notice():
                words = self._words.say(effect.text, stage.language)
                return Outgoing("say", {"parts": [{"words": words}], "buttons": [], "nudge": False})
        raise TypeError(f"{type(effect).__name__} cannot be shown")

    def _say(self, say: Say, stage: Stage) -> Outgoing:
        parts = [self._part(one, stage.language) for one in say.parts]
        labels = [self._words.say(one.label, stage.language) for one in say.buttons]
        nudge = say.manner == "nudge"
        payload = {"parts": parts, "buttons": labels, "nudge": nudge}
        return Outgoing("say", payload, "nudge" if nudge else "reply")

    def _part(self, part: Value | Draft, language: str) -> dict[str, str]:
        if not isinstance(part, Draft):
            return {"words": self._words.say(part, language)}
        draft = {"draft": self._words.say(part.body, part.language)}
        if part.subject is not None:
            draft["subject"] = self._words.say(part.subject, part.language)
        if part.language != language:
            draft["meaning"] = self._words.say(part.body, language)
        return draft

    def elsewhere(self, heard: Heard, language: str) -> list[Outgoing]:
        """A terminal is always private."""
        return []
