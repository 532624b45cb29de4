"""What somebody does on the page, by name: write, press, share, let time pass, let things go wrong."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, Final, Protocol
from zoneinfo import available_timezones

from bot.local.entities import utf16
from bot.local.people import Person
from bot.local.texts import LONGEST
from bot.page.scene import NotDone, Scene

Given = Mapping[str, Any]
Act = Callable[[Given], Awaitable[None]]
LONGEST_NAME: Final = 64
LONGEST_PASS: Final = timedelta(days=800)


class Time(Protocol):
    """How time is let pass (`bot.page.passing.Passage`)."""

    async def pass_(self, span: timedelta) -> None:
        """So much time goes by, with everything that becomes due in it."""

    async def to_next_nudge(self) -> None:
        """Time goes by until a nudge comes. Raises NotDone where none is planned."""


class Acts:
    """Everything that can be done; `do` raises NotDone, with words for whoever did it."""

    def __init__(self, scene: Scene, time: Time, languages: Mapping[str, str]) -> None:
        self._scene, self._time, self._languages = scene, time, languages
        self._by_name: dict[str, Act] = {
            "begin": self._begin, "add": self._add, "change": self._change, "write": self._write,
            "edit": self._edit, "press": self._press, "letters": self._letters, "contact": self._contact,
            "pick": self._pick, "unlock": self._unlock,
            "block": self._block, "pass": self._pass, "next_nudge": self._next_nudge,
            "faults": self._faults, "once": self._once,
        }  # fmt: skip

    async def do(self, given: Given) -> None:
        """Do what is asked for."""
        act = self._by_name.get(str(given.get("do")))
        if act is None:
            raise NotDone("The page asked for something that is not known here. Load it again.")
        await act(given)
        self._scene.tell()

    async def _begin(self, given: Given) -> None:
        if not self._scene.people:
            await self._add(given)

    async def _add(self, given: Given) -> None:
        self._scene.newcomer(*self._who(given))

    async def _change(self, given: Given) -> None:
        person = self._person(given)
        name, language, zone = self._who(given)
        person.user.update(first_name=name, language_code=language)
        person.chat.first_name = name
        self._scene.zones[person.chat.id] = zone

    async def _write(self, given: Given) -> None:
        person, words = self._person(given), _words(given, "text")
        if not words:
            raise NotDone("Write something first.")
        for part in parts(words):
            person.types(part)

    async def _edit(self, given: Given) -> None:
        words = _words(given, "text")
        if not words or utf16(words) > LONGEST:
            raise NotDone(f"A message has between 1 and {LONGEST} signs.")
        try:
            self._person(given).edits(words, _number(given, "message") or -1)
        except LookupError:
            raise NotDone("Only your own words can be changed.") from None

    async def _press(self, given: Given) -> None:
        person, number = self._person(given), _number(given, "message")
        message = person.chat.messages.get(number, {"message_id": number})
        person.sends_press(message, _words(given, "data"))

    async def _letters(self, given: Given) -> None:
        try:
            self._person(given).presses_letters(_words(given, "text"))
        except LookupError:
            raise NotDone("This button is no longer there.") from None

    async def _contact(self, given: Given) -> None:
        first, last, phone = (_words(given, one) for one in ("first_name", "last_name", "phone"))
        if not first or not phone:
            raise NotDone("A contact needs a first name and a phone number.")
        if max(map(utf16, (first, last, phone))) > LONGEST_NAME:
            raise NotDone(f"Each part of a contact has at most {LONGEST_NAME} signs.")
        self._person(given).shares(first, phone, **({"last_name": last} if last else {}))

    async def _pick(self, given: Given) -> None:
        names = given.get("names")
        if not isinstance(names, list) or not names:
            raise NotDone("Choose at least one person.")
        found = [{"user_id": 5000 + at, "first_name": _whole(str(name))} for at, name in enumerate(names)]
        try:
            self._person(given).picks(*found, request=_number(given, "request"))
        except LookupError:
            raise NotDone("The coach does not ask for people at this moment.") from None

    async def _unlock(self, given: Given) -> None:
        self._scene.locked.pop(self._person(given).chat.id, None)

    async def _block(self, given: Given) -> None:
        person, on = self._person(given), bool(given.get("on"))
        if on != person.chat.blocked:
            (person.blocks if on else person.unblocks)()

    async def _pass(self, given: Given) -> None:
        seconds = given.get("seconds")
        if not isinstance(seconds, int) or not 0 < seconds <= LONGEST_PASS.total_seconds():
            raise NotDone("Time only passes forwards, and at most two years at once.")
        await self._time.pass_(timedelta(seconds=seconds))

    async def _next_nudge(self, given: Given) -> None:
        await self._time.to_next_nudge()

    async def _faults(self, given: Given) -> None:
        self._scene.faults.set(away=bool(given.get("away")), slow=bool(given.get("slow")))

    async def _once(self, given: Given) -> None:
        faults = self._scene.faults
        once = {"repeat": faults.repeat, "lose": faults.lose_answer, "haste": faults.refuse_haste}
        act = once.get(str(given.get("what")))
        if act is None:
            raise NotDone("There is no such fault here.")
        act()

    def _person(self, given: Given) -> Person:
        return self._scene.person(given.get("seeker"))

    def _who(self, given: Given) -> tuple[str, str, str]:
        name, language, zone = (_words(given, one) for one in ("first_name", "language", "zone"))
        if not name or utf16(name) > LONGEST_NAME:
            raise NotDone(f"A first name has between 1 and {LONGEST_NAME} signs.")
        if zone not in _zones():
            raise NotDone("Choose a time zone of the list, such as America/Chicago.")
        return name, language if language in self._languages else next(iter(self._languages)), zone


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def parts(words: str) -> list[str]:
    """Words as Telegram sends them: what is longer than one message becomes several."""
    found, rest = [], words
    while rest:
        end = len(rest)
        while utf16(rest[:end]) > LONGEST:
            end -= max(1, (utf16(rest[:end]) - LONGEST) // 2)
        if end < len(rest):
            blank = max(rest.rfind(sign, end // 2, end + 1) for sign in " \n")
            end = blank if blank > 0 else end
        found.append(rest[:end].strip())
        rest = rest[end:].strip()
    return found


def _words(given: Given, name: str) -> str:
    value = given.get(name, "")
    return _whole(value).strip() if isinstance(value, str) else ""


def _whole(words: str) -> str:
    """Without halves of signs, which a browser can make and nobody can send."""
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(given: Given, name: str) -> int:
    value = given.get(name)
    return value if isinstance(value, int) else 0
