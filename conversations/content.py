"""Content that words alone do not carry: situations, the bank of questions, local help.

The shell opens the files and hands over plain tables; here they are read into values, and a
mistake of their author is named with file, key and remedy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Table = Mapping[str, Any]
CONNECTIONS = (
    "family", "friend", "neighbour", "school", "work", "service", "group", "helper", "introduced",
    "unknown", "known",
)  # fmt: skip
FORMS = ("short", "fuller", "knows")


class ContentError(Exception):
    """A content file that cannot be used. The message names file, key and remedy."""


@dataclass(frozen=True)
class WalkPrompt:
    """A prompt of the memory walk. `circle` is how close such people usually are."""

    id: str
    key: str
    circle: int
    connection: str


@dataclass(frozen=True)
class Question:
    """A question for the talk: `minutes` it takes, the least close `circle` it may be asked."""

    id: str
    key: str
    minutes: int
    circle: int
    aim: Literal["field", "advice", "any"]
    topic: str


@dataclass(frozen=True)
class Help:
    """A place to get help, in one country. Shown with `checked`, and for two years after it.

    `crisis`: somebody is there at once for a person in despair. `first_for`: the situation whose
    seekers see this one before the others.
    """

    key: str
    country: str
    source: str
    checked: date
    contact: str
    crisis: bool = False
    first_for: str = ""


@dataclass(frozen=True)
class Situation:
    """Where a seeker comes from, with everything that follows from it."""

    id: str
    order: int
    walk: tuple[WalkPrompt, ...]
    questions: tuple[Question, ...]
    unsaid: tuple[str, ...]
    plain: tuple[str, ...]
    week: tuple[str, ...]
    help: tuple[Help, ...]

    def key(self, name: str) -> str:
        """The key of one of this situation's texts."""
        return f"situations.{self.id}.{name}"


@dataclass(frozen=True)
class Content:
    """All situations, the general bank, and the people to turn to in a bad hour."""

    situations: Mapping[str, Situation]
    bank: tuple[Question, ...]
    humans: tuple[Help, ...] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)


NEEDED = (
    "label", "hello", "ask.field", "ask.field.short", "ask.advice", "ask.advice.short",
    "sentence.short", "sentence.fuller", "sentence.knows", "sentence.when_not", "happened",
    "nudges.weekly", "nudges.back",
)  # fmt: skip
LEAST = {"walk": 10, "questions": 6, "unsaid": 4, "plain": 12, "week": 5, "help": 1}


def read_content(situations: Mapping[str, Table], bank: Table, humans: Table) -> Content:
    """Everything from the tables of the files; ContentError on an author's mistake."""
    read = {name: read_situation(name, table) for name, table in situations.items()}
    ordered = dict(sorted(read.items(), key=lambda pair: pair[1].order))
    questions = tuple(
        _question("bank.toml", f"bank.{topic}.{name}", table, topic)
        for topic, group in bank.items()
        for name, table in _tables(group)
    )
    everything = [*questions, *(one for each in ordered.values() for one in each.questions)]
    return Content(
        situations=ordered,
        bank=questions,
        humans=tuple(_help("humans.toml", f"humans.{name}", table) for name, table in _tables(humans)),
        questions={one.id: one for one in everything},
    )


def read_situation(name: str, table: Table) -> Situation:
    """One situation from the table of its file."""
    file = f"situations/{name}.toml"
    for key in NEEDED:
        _at(file, table, key)
    for group, least in LEAST.items():
        if len(_tables(table.get(group, {}))) < least:
            raise ContentError(
                f"{file} has fewer than {least} entries in [{group}.*]: "
                "add some; _example.toml shows the form."
            )
    key = f"situations.{name}"
    return Situation(
        id=name,
        order=_number(file, table, "order", 0, 10_000),
        walk=tuple(_prompt(file, key, one, inner) for one, inner in _tables(table["walk"])),
        questions=tuple(
            _question(file, f"{key}.questions.{one}", inner, name)
            for one, inner in _tables(table["questions"])
        ),
        unsaid=tuple(f"{key}.unsaid.{one}" for one, _ in _tables(table["unsaid"])),
        plain=tuple(f"{key}.plain.{one}" for one, _ in _tables(table["plain"])),
        week=tuple(f"{key}.week.{one}" for one, _ in _tables(table["week"])),
        help=tuple(_help(file, f"{key}.help.{one}", inner) for one, inner in _tables(table["help"])),
    )


def shown_help(entries: tuple[Help, ...], country: str, today: date, situation: str = "") -> tuple[Help, ...]:
    """The entries for a country that were checked within the last two years; a situation's own first."""
    shown = (
        one for one in entries
        if one.country in (country or "US", "") and (today - one.checked).days <= 730
    )  # fmt: skip
    return tuple(sorted(shown, key=lambda one: not one.first_for or one.first_for != situation))


def _tables(group: Table) -> list[tuple[str, Table]]:
    return [(name, inner) for name, inner in group.items() if isinstance(inner, Mapping)]


def _at(file: str, table: Table, key: str) -> Table:
    found: Any = table
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or not ({"text", "variants", "one"} & set(found)):
        raise ContentError(f"{file} has no `{key}`: copy it from _example.toml and put in your words.")
    return found


def _number(file: str, table: Table, key: str, least: int, most: int) -> int:
    value = table.get(key)
    if not isinstance(value, int) or not least <= value <= most:
        raise ContentError(f"{file}: `{key}` must be a number from {least} to {most}.")
    return value


def _one_of(file: str, table: Table, key: str, allowed: tuple[str, ...]) -> str:
    value = table.get(key)
    if value not in allowed:
        raise ContentError(f"{file}: `{key}` is {value!r}; it must be one of {', '.join(allowed)}.")
    return str(value)


def _prompt(file: str, key: str, name: str, table: Table) -> WalkPrompt:
    where = f"{file} [walk.{name}]"
    return WalkPrompt(
        id=name,
        key=f"{key}.walk.{name}",
        circle=_number(where, table, "circle", 1, 3),
        connection=_one_of(where, table, "connection", CONNECTIONS),
    )


def _question(file: str, key: str, table: Table, topic: str) -> Question:
    where = f"{file} [{key}]"
    aim = _one_of(where, {"aim": table.get("aim", "any")}, "aim", ("field", "advice", "any"))
    return Question(
        id=f"{topic}-{key.rpartition('.')[2]}",
        key=key,
        minutes=_number(where, table, "minutes", 1, 5),
        circle=_number(where, table, "circle", 1, 3),
        aim=aim,  # type: ignore[arg-type]  # _one_of has just checked it
        topic=topic,
    )


def _help(file: str, key: str, table: Table) -> Help:
    where = f"{file} [{key}]"
    checked = table.get("checked")
    if not isinstance(checked, date):
        raise ContentError(f"{where}: `checked` must be a date such as 2026-11-22.")
    for need in ("country", "source", "contact"):
        if not isinstance(table.get(need), str):
            raise ContentError(f"{where}: `{need}` is missing; write it as text in quotation marks.")
    crisis = table.get("kind") == "crisis"
    first_for = str(table.get("first_for", ""))
    return Help(key, table["country"], table["source"], checked, table["contact"], crisis, first_for)
