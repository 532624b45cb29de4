"""What tests of the strict table share: an example of everything in it, and both sides of each limit."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from bot.local.limits import (
    Among,
    Count,
    Distinct,
    Grid,
    Limit,
    Matching,
    Octets,
    Range,
    Units,
    WebhookAddress,
)
from bot.local.schema import Field, Many, Plain, Shape, Thing
from bot.local.table import METHODS, OBJECTS

PLAIN = {
    Plain.INTEGER: 5,
    Plain.TEXT: "https://example.org/",
    Plain.BOOLEAN: True,
    Plain.TRUE: True,
    Plain.CHAT: 7,
    Plain.FILE: "BQACAgIAAx",
}
FORMS = {
    r"(https?|tg)://[^\s/]\S*": (
        ["https://example.org/?a=1", "http://example.org", "tg://user?id=1"],
        ["ftp://example.org", "example.org", "https://"],
    ),
    "r|w?[dD]?[tT]?": (["r", "wDT", ""], ["rw", "x", "TD"]),
    "[a-z0-9_]{1,32}": (["c" * 32, "a_1"], ["c" * 33, "", "Next", "a-b", "é"]),
    "([a-z]{2})?": (["", "es"], ["ES", "esp", "e", "pt-br"]),
    "[A-Za-z0-9_-]*": (["aZ09_-"], ["a b", "a+b", "é"]),
}
"""For each form in the table: values that have it, and values that do not."""


class Case(NamedTuple):
    """A limit in its place, with values it takes and values it refuses; of a list, or of each in it."""

    owner: str
    name: str
    limit: Limit
    taken: list[Any]
    refused: list[Any]
    each: bool

    def __str__(self) -> str:
        return f"{self.owner}.{self.name}-{type(self.limit).__name__}"

    def request(self, value: Any) -> tuple[str, dict[str, Any]]:
        """A request that is sound but for this value."""
        given = {self.name: [value] if self.each else value}
        return within(self.owner, minimal(self.owner, **given))


def everything() -> Iterator[tuple[str, Shape]]:
    """Every method and object of the table."""
    yield from METHODS.items()
    yield from OBJECTS.items()


def cases() -> list[Case]:
    """Both sides of every limit in the table. Raises where a new kind of limit has no sides yet."""
    return [
        Case(owner, name, limit, *_sides(limit, place), each)
        for owner, shape in everything()
        for name, field in shape.fields.items()
        for place, each in _places(field)
        for limit in place.limits
    ]


def _places(field: Field) -> Iterator[tuple[Field, bool]]:
    yield field, False
    if isinstance(field.type, Many):
        yield field.type.of, True


def _sides(limit: Limit, field: Field) -> tuple[list[Any], list[Any]]:
    """What is just within a limit, and what is just beyond it."""
    match limit:
        case Units(least=least, most=most):
            long = ["x" * most, "😀" * (most // 2), "<&>" + "x" * (most - 3)]
            beyond = ["x" * (most + 1), "😀" * (most // 2) + "x" * (most % 2 + 1)]
            return (["x" * max(least, 1), *long], ["", " \n", *beyond] if least else beyond)
        case Octets(least=least, most=most):
            return (["x" * least, "x" * most], ["x" * (most + 1), *([""] if least else [])])
        case Range(least=least, most=most):
            return ([least, most], [least - 1, most + 1])
        case Count(most=most):
            return ([[example(of(field))] * most], [[example(of(field))] * (most + 1)])
        case Grid(row=row, total=total):
            key = example(of(of(field)))
            rows = [[key] * row] * (total // row) + [[key] * (total % row)]
            return ([rows, [[key] * row]], [[*rows, [key]], [[key] * (row + 1)], [[]]])
        case Distinct():
            asks = [{"text": "x", limit.asking: {limit.number: number}} for number in (1, 2, 1)]
            return ([[asks[:2]], [asks[:1], asks[1:2]]], [[asks], [asks[:1], asks[2:]]])
        case Matching(pattern=pattern):
            return FORMS[pattern]
        case Among(values=values):
            return (list(values), ["nothing_of_these", values[0].swapcase(), ""])
        case WebhookAddress(ports=ports):
            good = [f"https://example.org:{port}/hook" for port in ports]
            bad = ["http://example.org/", "https://example.org:8080/", "https://", "x", "https://a:b/"]
            return ([*good, "https://example.org/", "http://127.0.0.1:5000/", ""], bad)
    raise NotImplementedError(f"{limit!r}: say what is just within this limit and what is just beyond it")


def of(field: Field) -> Field:
    """What a list is made of."""
    assert isinstance(field.type, Many)
    return field.type.of


def example(field: Field) -> Any:
    """A sound value of a field, as JSON."""
    match field.type:
        case Thing(names=names):
            return minimal(names[0])
        case Many(of=inner):
            return [[example(inner.type.of)]] if isinstance(inner.type, Many) else [example(inner)]
    for limit in field.limits:
        return _sides(limit, field)[0][0]
    return PLAIN[field.type]


def minimal(name: str, /, **given: Any) -> dict[str, Any]:
    """The least that this method or object takes, with these fields as they are given."""
    shape = METHODS.get(name) or OBJECTS[name]
    needed = [one for one, field in shape.fields.items() if field.required]
    choice = shape.choice
    if choice is not None and choice.least and not set(choice.names) & set(given):
        needed.append(choice.names[0])
    whole = {one: example(shape.fields[one]) for one in needed if one not in given} | given
    more = shape.needs.get(str(whole.get("type")))
    return whole if more is None or more in whole else {**whole, more: example(shape.fields[more])}


def within(name: str, value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A request that carries this object as deep inside as it takes; a method is its own."""
    if name in METHODS:
        return name, value
    for owner, shape in everything():
        for field_name, field in shape.fields.items():
            depth, names = _names(field)
            if name in names:
                inner: Any = value
                for _ in range(depth):
                    inner = [inner]
                return within(owner, minimal(owner, **{field_name: inner}))
    raise AssertionError(f"{name} is in the table and nothing carries it")


def _names(field: Field) -> tuple[int, tuple[str, ...]]:
    if isinstance(field.type, Many):
        depth, names = _names(field.type.of)
        return depth + 1, names
    return 0, field.type.names if isinstance(field.type, Thing) else ()
