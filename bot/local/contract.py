"""Holds every request against the strict table: decodes what came as a form, refuses what is not allowed."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from bot.local.decoding import decoded
from bot.local.limits import Units, units
from bot.local.refusal import Broken, broken
from bot.local.schema import Field, Many, Plain, Shape, Thing
from bot.local.table import METHODS, OBJECTS
from bot.local.texts import read

_BY_NAME: Final = {name.lower(): name for name in METHODS}
_MARKUP: Final = re.compile(r"<[^<>]*>|&#?\w+;?")
_UPLOAD: Final = "attach://"

Json = Mapping[str, Any]


def named(method: str) -> str:
    """A method's name as the documents write it; any case will do. Raises Broken (404)."""
    try:
        return _BY_NAME[method.lower()]
    except KeyError:
        raise Broken(404, "Not Found: method not found") from None


def checked(method: str, params: Json) -> dict[str, Any]:
    """The fields of a request as JSON values, without those that are null.

    Raises Broken: 404 for a method that is not in the table, 400 for whatever breaks it.
    """
    name = named(method)
    return _Reading(name, METHODS[name], form=True).read(_attached(METHODS[name], params))


def _attached(shape: Shape, params: Json) -> dict[str, Any]:
    """The fields with each file in its own place, where it came under a name of its own."""
    given = {name: value for name, value in params.items() if value is not None}
    for name, field in shape.fields.items():
        value = given.get(name)
        if field.type is Plain.FILE and isinstance(value, str) and value.startswith(_UPLOAD):
            part = value.removeprefix(_UPLOAD)
            if part not in given or isinstance(given[part], str):
                raise broken("wrong file identifier/HTTP URL specified")
            given[name] = given.pop(part)
    return given


class _Reading:
    """One object on its way through the table. `form`: numbers and objects may have come as text."""

    def __init__(self, name: str, shape: Shape, form: bool = False) -> None:
        self.name, self.shape, self.form = name, shape, form

    def read(self, given: Json) -> dict[str, Any]:
        """The fields, decoded."""
        strange = sorted(set(given) - set(self.shape.fields))
        if strange:
            raise broken(f'unknown field "{strange[0]}" of {self.name}')
        found: dict[str, Any] = {}
        for name, field in self.shape.fields.items():
            if given.get(name) is not None:
                found[name] = self._value(name, field, given[name])
            elif field.required:
                raise self._missing(name, field)
        self._limits(found)
        self._whole(found)
        return found

    def _limits(self, found: dict[str, Any]) -> None:
        for name, value in found.items():
            field = self.shape.fields[name]
            self._within(name, field, value, found)

    def _within(self, name: str, field: Field, value: Any, found: Json) -> None:
        for limit in field.limits:
            told = value
            if isinstance(limit, Units) and limit.parsed:
                told = _unmarked(value, found.get(limit.parsed), limit.most)
            fault = limit.fault(told)
            if fault is not None:
                raise broken(fault or f'field "{name}" of {self.name} breaks its limit')

    def _whole(self, found: Json) -> None:
        choice = self.shape.choice
        if choice is not None:
            taken = [name for name in choice.names if found.get(name)]
            if not choice.least <= len(taken) <= 1:
                raise broken(choice.words or f"{self.name} has more than one of {', '.join(choice.names)}")
        needed = self.shape.needs.get(str(found.get("type")))
        if needed and needed not in found:
            raise self._missing(needed, self.shape.fields[needed])

    def _missing(self, name: str, field: Field) -> Broken:
        if self.form:
            return broken(field.missing or f'parameter "{name}" is required')
        return broken(f"can't parse {self.shape.said or self.name}: Can't find field \"{name}\"")

    def _value(self, name: str, field: Field, value: Any) -> Any:
        kind = field.type
        if isinstance(kind, Many):
            return self._list(name, kind.of, self._parsed(name, value))
        if isinstance(kind, Thing):
            return _object(name, kind, self._parsed(name, value))
        found = decoded(kind, value, self.form)
        if found is None and kind is Plain.CHAT:
            raise broken("chat not found" if value else "chat_id is empty")
        if found is None:
            raise self._wrong(name, kind)
        return found

    def _list(self, name: str, of: Field, values: Any) -> list[Any]:
        if not isinstance(values, list):
            raise broken(f'field "{name}" of {self.name} must be an Array')
        inner = _Reading(self.name, self.shape)
        found = [inner._value(name, of, value) for value in values]
        for value in found:
            self._within(name, of, value, {})
        return found

    def _parsed(self, name: str, value: Any) -> Any:
        if not self.form or not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            what = "reply keyboard markup" if name == "reply_markup" else name.replace("_", " ")
            raise broken(f"can't parse {what} JSON object") from None

    def _wrong(self, name: str, kind: Plain) -> Broken:
        fault = f'Field "{name}" must be of type {kind.value}'
        if self.form:
            return broken(f"{fault[0].lower()}{fault[1:]}")
        return broken(f"can't parse {self.shape.said or self.name}: {fault}")


def _unmarked(text: str, mode: str | None, most: int) -> str:
    """What counts of a text. Markup only makes it longer: it is not parsed where that changes nothing."""
    if units(text) <= most and _MARKUP.sub("", text).strip():
        return text
    return read(text, mode, None)[0]


def _object(name: str, kind: Thing, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise broken(
            "object expected as reply markup"
            if name == "reply_markup"
            else f'field "{name}" must be an Object'
        )
    given = {key: one for key, one in value.items() if one is not None}
    return _Reading(shape := _shape(kind, given), OBJECTS[shape]).read(given)


def _shape(kind: Thing, given: Json) -> str:
    """The first of the shapes whose needed fields are there, with its own `type`; else the first."""
    for name in kind.names:
        needed = {key: field for key, field in OBJECTS[name].fields.items() if field.required}
        typed = needed.get("type") if len(kind.names) > 1 else None
        own = typed is None or all(limit.fault(given.get("type")) is None for limit in typed.limits)
        if set(needed) <= set(given) and own:
            return name
    return kind.names[0]
