"""A seeker as JSON and back, with a format number; older formats are read for ever.

`tests/saved/` keeps one file of each released format. A field or step that gets another name is
an entry in RENAMED; a field that goes away is simply no longer read.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from conversations.state import Place, Seeker

FORMAT = 1
RENAMED: Mapping[str, str] = {}


def dump(seeker: Seeker) -> str:
    """The seeker as one JSON text; what has its default value is left out."""
    return json.dumps({"format": FORMAT, "seeker": _plain(seeker)}, ensure_ascii=False)


def load(text: str) -> Seeker:
    """The seeker from JSON of this format or an older one; ValueError where it is neither."""
    try:
        saved = json.loads(text)
        number = saved["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("this is not a saved seeker") from error
    if not isinstance(number, int) or number > FORMAT:
        raise ValueError(f"this seeker was saved by a newer version (format {number})")
    seeker = _read(Seeker, saved["seeker"])
    assert isinstance(seeker, Seeker)
    return seeker


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        told = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: _plain(item) for one, item in told if item != _default(one)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (tuple, frozenset)):
        return [_plain(one) for one in (sorted(value) if isinstance(value, frozenset) else value)]
    return value


def _default(one: Any) -> Any:
    return one.default if one.default is not MISSING else MISSING


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(one for one in get_args(kind) if one is not type(None))
        return None if value is None else _read(inner, value)
    if origin is Literal:
        return value
    if origin in (tuple, frozenset):
        return _read_many(kind, origin, value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]  # a dataclass type is a type
        known = {name: _read(hints[name], one) for name, one in value.items() if name in hints}
        return _renamed(kind(**known))  # type: ignore[operator]  # and can be called
    if kind in (datetime, date, time):
        return kind.fromisoformat(value)
    return value


def _read_many(kind: Any, origin: Any, value: Any) -> Any:
    inner = get_args(kind)
    if origin is tuple and inner[-1] is not Ellipsis:
        return tuple(_read(one, item) for one, item in zip(inner, value, strict=True))
    return origin(_read(inner[0], item) for item in value)


def _renamed(value: Any) -> Any:
    if isinstance(value, Place) and value.step in RENAMED:
        return Place(RENAMED[value.step], value.person, value.about)
    return value
