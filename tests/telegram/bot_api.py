"""The Bot API as aiogram reads it: in what a part of the strict table differs from that."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import aiogram.methods
import aiogram.types
from aiogram.client.default import Default

from bot.local.limits import Count, Octets, Range, Units
from bot.local.schema import Field, Many, Plain, Shape, Thing
from bot.local.table import METHODS

PLAIN = {
    frozenset({"int"}): Plain.INTEGER,
    frozenset({"str"}): Plain.TEXT,
    frozenset({"bool"}): Plain.BOOLEAN,
    frozenset({"True"}): Plain.TRUE,
    frozenset({"int", "str"}): Plain.CHAT,
    frozenset({"InputFile", "str"}): Plain.FILE,
}
UPDATE_KINDS = set(aiogram.types.Update.model_fields) - {"update_id"}


def differences(owner: str, shape: Shape) -> list[str]:
    """Where this method or object is other than the Bot API has it, or asks less than that does."""
    found = model(owner)
    if found is None or (owner in METHODS and found.__api_method__ != owner):
        return [f"{owner} is not in the Bot API"]
    lacking = needed(owner) - {name for name, field in shape.fields.items() if field.required}
    return [
        *(f"{owner} needs {name}" for name in sorted(lacking)),
        *(fault for name, field in shape.fields.items() for fault in _of_field(owner, name, field)),
    ]


def model(owner: str) -> Any:
    """Aiogram's model of a method or an object; None where it has none."""
    if owner in METHODS:
        return getattr(aiogram.methods, owner[0].upper() + owner[1:], None)
    return getattr(aiogram.types, owner, None)


def needed(owner: str) -> set[str]:
    """The fields that a method or an object cannot do without; a fixed value is one of them."""
    fields = model(owner).model_fields
    return {name for name, one in fields.items() if one.is_required() or _is_fixed(one.annotation)}


def _is_fixed(annotation: Any) -> bool:
    return get_origin(annotation) is Literal


def _of_field(owner: str, name: str, field: Field) -> Iterator[str]:
    info = model(owner).model_fields.get(name)
    if info is None:
        yield f"{owner} has no {name}"
        return
    if not agrees(field, info.annotation):
        yield f"{owner}.{name} is {info.annotation}"
    if (info.json_schema_extra or {}).get("deprecated"):
        yield f"{owner}.{name} goes out of use"
    yield from (f"{owner}.{name}: {limit}" for limit in stated(owner, name) if not _holds(field, *limit))


def agrees(field: Field, annotation: Any) -> bool:
    """Whether a field has the type that aiogram gives it."""
    found = _parts(annotation)
    if isinstance(field.type, Many):
        [one] = found
        return get_origin(one) is list and agrees(field.type.of, get_args(one)[0])
    if isinstance(field.type, Thing):
        return {one.__name__ for one in found} == set(field.type.names)
    return PLAIN.get(frozenset(map(_name, found))) is field.type


def _parts(annotation: Any) -> list[Any]:
    """What a type is one of, without None and what stands for a default."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _parts(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [part for one in get_args(annotation) for part in _parts(one)]
    return [] if annotation in (NoneType, Default) else [annotation]


def _name(one: Any) -> str:
    if not _is_fixed(one):
        return str(one.__name__)
    return "True" if get_args(one) == (True,) else "str"


def stated(owner: str, name: str) -> list[tuple[int, int, str]]:
    """The limits that the documents state of a field: least, most, and what is counted."""
    said = _told(owner).get(name, "")
    ranges = re.findall(r"(\d+)-(\d+)(?: (characters|bytes))?", said)
    counts = re.findall(r"[Aa]t most (\d+)", said)
    return [
        *((int(least), int(most), what) for least, most, what in ranges),
        *((0, int(most), "items") for most in counts),
    ]


def _holds(field: Field, least: int, most: int, what: str) -> bool:
    if what == "items":
        return Count(most) in field.limits
    kinds = {"bytes": (Octets,), "characters": (Units, Octets)}.get(what, (Range,))
    sized = [one for one in field.limits if isinstance(one, kinds)]
    spelled = any(f"{{{least},{most}}}" in getattr(one, "pattern", "") for one in field.limits)
    return spelled or any(one.least >= least and one.most <= most for one in sized)


@cache
def _told(owner: str) -> dict[str, str]:
    """What the documents say of each field, without links and samples."""
    whole = ast.parse(textwrap.dedent(inspect.getsource(model(owner)))).body[0]
    assert isinstance(whole, ast.ClassDef)
    return {
        one.target.id: re.sub("`[^`]*`|ISO 639-1", "", str(ast.literal_eval(after.value)))
        for one, after in pairwise(whole.body)
        if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(one.target, ast.Name)
    }
