"""What the tests of showing share: effects shown in key words, each request within the limits."""

from bot.channel import Outgoing, Press, Stage
from bot.local import contract
from bot.local.files import Upload
from bot.telegram.showing import show
from conversations.effects import Button, Effect, Say, Text
from tests.telegram.telegram_kit import KeyWords

FRESH = Stage(chat=5, language="en")
TYPED = Stage(chat=5, language="en", screen=40)
PRESSED = Stage(chat=5, language="en", screen=40, press=Press("q1", 40))
HELLO = Say((Text("hello"),), (Button("s", "o", Text("go")),))


def shown(*effects: Effect, stage: Stage = TYPED) -> list[Outgoing]:
    """The requests for these effects; fails where Telegram would refuse one."""
    made = show(effects, stage, KeyWords())
    for request in made:
        file = {"document": Upload(request.file_name, request.file)} if request.file_name else {}
        contract.checked(request.method, {**request.payload, **file})
    return made


def methods(made: list[Outgoing]) -> list[str]:
    """The methods of requests, in order."""
    return [request.method for request in made]
