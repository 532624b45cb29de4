"""Welcome: what this is, where the seeker comes from, and what kind of work they look for."""

from collections.abc import Mapping
from dataclasses import replace

from conversations.effects import Erase, Text, Value
from conversations.sayings import a_field
from conversations.state import Seeker
from conversations.steps import Ask, Call, Choose, Here, Option, Stage, Tell


def situations(here: Here) -> tuple[Option, ...]:
    """A button for each situation, in the order of their files."""
    return tuple(
        Option("situation", one.id, label=Text(one.key("label")))
        for one in here.script.content.situations.values()
    )


def situation_or_language(here: Here) -> tuple[str | Option, ...]:
    """The situations, and another language where there is one."""
    more = ("language",) if len(here.script.languages) > 1 else ()
    return (*situations(here), *more)


def keep_situation(here: Here, tail: str) -> Seeker:
    """The seeker said where they come from."""
    return replace(here.seeker, situation=tail, walked=())


def keep_field(here: Here, field: object) -> Seeker:
    """The seeker knows what kind of work they look for."""
    return replace(here.seeker, aim="field", field=str(field))


def general_advice(here: Here, tail: str) -> Seeker:
    """The seeker does not know yet, which is a full answer."""
    return replace(here.seeker, aim="advice", field="")


def _welcomed(here: Here) -> Seeker:
    return replace(here.seeker, welcomed=True)


def _glad(here: Here) -> Text:
    return Text(f"situations.{here.seeker.situation}.hello")


def _ready(here: Here) -> Text:
    values: Mapping[str, Value] = {"field": here.seeker.field}
    return Text("welcome.ready.field", values) if here.seeker.field else Text("welcome.ready")


STAGE = Stage("welcome", (
    Tell(id="welcome.hello", apart=True),
    Choose(id="welcome.situation", options=situation_or_language,
           then={"situation": "welcome.glad", "language": Call("settings.language", "welcome.hello")},
           does={"situation": keep_situation}),
    Tell(id="welcome.glad", says=_glad),
    Ask(id="welcome.aim", reads=a_field, keeps=keep_field, options=("not_yet",), hears={"unsure": "not_yet"},
        does={"not_yet": general_advice}),
    Tell(id="welcome.ready", says=_ready, changes=_welcomed, next="people.why"),
    Choose(id="welcome.gone", options=("begin",), extra=lambda here: (Erase(),),
           then={"begin": "welcome.hello"}),
))  # fmt: skip
