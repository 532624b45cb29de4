"""What somebody tries the coach on: seekers with phones, what is wrong with Telegram, and who watches."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from bot.local.api import Api
from bot.local.faults import dropped, slow, too_many
from bot.local.people import Person

SLOW_SECONDS: Final = 5.0
HASTE_SECONDS: Final = 5


class NotDone(Exception):
    """What was asked of the page cannot be done; the message says why, and what can."""


class Scene:
    """The seekers by the numbers of their chats, with the zone of each phone.

    `locked`: the messages that a locked phone shows, by chat.
    """

    def __init__(self, api: Api) -> None:
        self.api = api
        self.people: dict[int, Person] = {}
        self.zones: dict[int, str] = {}
        self.locked: dict[int, list[int]] = {}
        self.faults = Faults(api)
        self._news = asyncio.Event()
        api.on_change = self.tell

    def tell(self) -> None:
        """Something is new: whoever watches looks again."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    def news(self) -> asyncio.Event:
        """Set as soon as something is new, from now on."""
        return self._news

    def person(self, number: object) -> Person:
        """The seeker with this chat. Raises NotDone."""
        if not isinstance(number, int) or number not in self.people:
            raise NotDone("There is no such seeker here any more. Load the page again.")
        return self.people[number]

    def newcomer(self, first_name: str, language: str, zone: str) -> Person:
        """A new seeker, with a phone."""
        person = self.api.person(first_name, language)
        self.people[person.chat.id] = person
        self.zones[person.chat.id] = zone
        return person

    def newest(self) -> dict[int, int]:
        """The number of the last message in each chat."""
        return {number: person.chat.last for number, person in self.people.items()}

    def lock(self, since: dict[int, int]) -> None:
        """The phones were away in a pocket: what came after these messages is on their locked screens."""
        for number, last in since.items():
            chat = self.people[number].chat
            came = [one for one in chat.messages if one > last and chat.messages[one]["from"]["is_bot"]]
            if came:
                self.locked[number] = [*self.locked.get(number, []), *came]


@dataclass
class Faults:
    """What is wrong with Telegram, as the coach meets it; the page itself is not touched by it."""

    api: Api
    away: bool = False
    slow: bool = False

    def set(self, *, away: bool, slow: bool) -> None:
        """From now on; what was to go wrong once no longer does."""
        self.away, self.slow = away, slow
        self._hang()

    def lose_answer(self) -> None:
        """The next message arrives, and the coach never hears so."""
        self.api.faults.next("sendMessage", dropped(acts=True))

    def refuse_haste(self) -> None:
        """The next message is refused, with a time to wait."""
        self.api.faults.next("sendMessage", too_many(HASTE_SECONDS))

    def repeat(self) -> None:
        """The last update comes once more. Raises NotDone where there was none."""
        if not self.api.updates.held:
            raise NotDone("Nobody has written or pressed anything yet, so there is nothing to repeat.")
        self.api.updates.put_again(self.api.updates.held[-1])

    def as_json(self) -> dict[str, Any]:
        """Which of them stand."""
        return {"away": self.away, "slow": self.slow}

    def _hang(self) -> None:
        self.api.faults.clear()
        if self.away:
            self.api.faults.always("*", dropped(acts=False))
        elif self.slow:
            self.api.faults.always("*", slow(SLOW_SECONDS))
