"""Care: what is said in hard moments, one small step, and people to turn to."""

from collections.abc import Callable, Mapping

from conversations.content import Help, shown_help
from conversations.effects import Stack, Text, Value
from conversations.helping import help_lines
from conversations.steps import BACK, HOME, Choose, Here, Stage


def _turned(key: str) -> Callable[[Here], Text]:
    return lambda here: Text(key, pick=here.seeker.turn)


def _lines(here: Here, entries: tuple[Help, ...]) -> Stack:
    seeker = here.seeker
    return help_lines(shown_help(entries, seeker.country, here.now.date(), seeker.situation))


def _people(here: Here) -> Mapping[str, Value]:
    return {"lead": Text("care.human"), "people": _lines(here, here.script.content.humans)}


def _despair(here: Here) -> Text:
    lines = tuple(one for one in here.script.content.humans if one.crisis)
    return Text("care.crisis", {"words": Text("care.despair"), "people": _lines(here, lines)})


def _small(here: Here) -> Mapping[str, Value]:
    return {"step": Text("care.small_step", pick=here.seeker.turn)}


STAGE = Stage("care", (
    Choose(id="care.menu", options=("silence", "refused", "bad_talk", "hard_day", "human"),
           then={"silence": "care.silence", "refused": "care.declined", "bad_talk": "care.bad_talk",
                 "hard_day": "care.low", "human": "care.people"}),
    Choose(id="care.silence", says=_turned("care.silence"), options=("step", "rest", "human"),
           then={"step": "home.next", "rest": "care.rest", "human": "care.people"}),
    Choose(id="care.declined", says=_turned("care.declined"), options=("step", "rest", "human"),
           then={"step": "home.next", "rest": "care.rest", "human": "care.people"}),
    Choose(id="care.bad_talk", says=_turned("care.bad_talk"), options=("step", "rest", "human"),
           then={"step": "home.next", "rest": "care.rest", "human": "care.people"}),
    Choose(id="care.low", says=_turned("care.low"), options=("tiny", "rest", "human"),
           then={"tiny": "care.tiny", "rest": "care.rest", "human": "care.people"}),
    Choose(id="care.tiny", fill=_small, options=("done", "rest"),
           then={"done": "care.rest", "rest": "care.rest"}),
    Choose(id="care.rest", options=("on",), then={"on": HOME}),
    Choose(id="care.people", fill=_people, options=("on", "rest"),
           then={"on": HOME, "rest": "care.rest"}),
    Choose(id="care.despair", says=_despair, options=("on", "rest"),
           then={"on": "care.on", "rest": "care.rest"}),
    Choose(id="care.on", fill=lambda here: {"words": Text("care.despair.after")},
           options=("go_on", "rest"), then={"go_on": BACK, "rest": "care.rest"}),
))  # fmt: skip
