"""What the page shows, as flat JSON things by name: `seeker:1001`, `message:1001:7`, `call:12` …"""

import json
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from bot.local.api import Api, Call
from bot.local.files import Upload
from bot.local.people import Person
from bot.page.scene import Scene

Json = dict[str, Any]
MOST_CALLS: Final = 200
MOST_ANSWERS: Final = 30


def things(scene: Scene) -> Json:
    """Everything there is to show, at this moment."""
    found: Json = {"faults": scene.faults.as_json()}
    unread = _unread(scene.api)
    for person in scene.people.values():
        found[f"seeker:{person.chat.id}"] = _seeker(scene, person)
        found |= {f"message:{person.chat.id}:{one}": _message(person, one, unread)
                  for one in person.chat.messages}  # fmt: skip
    for one in scene.api.world.answers[-MOST_ANSWERS:]:
        number = str(one["callback_query_id"])
        found[f"answer:{number}"] = {**one, "user": scene.api.world.queries[number].user}
    return found | dict(_calls(scene.api))


def _seeker(scene: Scene, person: Person) -> Json:
    chat, language = person.chat, person.user["language_code"]
    menu = scene.api.menu
    return {
        "id": chat.id,
        "first_name": person.user["first_name"],
        "language": language,
        "zone": scene.zones[chat.id],
        "blocked": chat.blocked,
        "action": chat.action,
        "keyboard": chat.keyboard,
        "locked": scene.locked.get(chat.id, []),
        "name": menu.line("Name", language),
        "about": menu.line("Description", language),
        "commands": menu.shown(chat.id, language),
    }


def _unread(api: Api) -> set[tuple[int, int]]:
    """The chats and numbers of messages that the coach has not fetched: one tick instead of two."""
    waiting = (one["message"] for one in api.updates.waiting if "message" in one)
    return {(one["chat"]["id"], one["message_id"]) for one in waiting}


def _message(person: Person, number: int, unread: Set[tuple[int, int]]) -> Json:
    message = person.chat.messages[number]
    mine = message["from"]["id"] == person.user["id"]
    return {**message, "mine": mine, "read": mine and (person.chat.id, number) not in unread}


def _calls(api: Api) -> Iterator[tuple[str, Json]]:
    """The last requests. A poll that found nothing tells nothing, and is left out."""
    told = [pair for pair in enumerate(api.calls) if not _found_nothing(pair[1])]
    for number, call in told[-MOST_CALLS:]:
        yield (
            f"call:{number}",
            {
                "number": number,
                "at": call.at.timestamp(),
                "method": call.method,
                "params": {name: _readable(value) for name, value in call.params.items()},
                "status": call.status,
                "answer": _parsed(call.answer),
            },
        )


def _found_nothing(call: Call) -> bool:
    return call.method.lower() == "getupdates" and call.answer == b'{"ok":true,"result":[]}'


def _readable(value: object) -> object:
    return f"{value.name} ({len(value.content)} bytes)" if isinstance(value, Upload) else value


def _parsed(answer: bytes) -> object:
    try:
        return json.loads(answer)
    except ValueError:
        return answer.decode("utf-8", "replace")


def changed(before: Mapping[str, str], now: Mapping[str, Any]) -> tuple[dict[str, str], Json, list[str]]:
    """`now` as text, then the things that differ from what was told before, and those that are gone."""
    told = {name: json.dumps(thing, ensure_ascii=False) for name, thing in now.items()}
    differ = {name: now[name] for name, text in told.items() if before.get(name) != text}
    return told, differ, [name for name in before if name not in now]
