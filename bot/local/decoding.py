"""Values without parts as requests bring them: JSON values, or text where they came in a form."""

import re
from typing import Any, Final

from bot.local.schema import Plain

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_CHANNEL: Final = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")


def decoded(kind: Plain, value: Any, form: bool) -> Any:
    """The value if it is of this kind; None if it is not. `form`: numbers may have come as text."""
    match kind:
        case Plain.INTEGER:
            return _whole_number(value, form)
        case Plain.TEXT:
            return value if isinstance(value, str) and _is_text(value) else None
        case Plain.BOOLEAN:
            return _truth(value, form)
        case Plain.TRUE:
            return True if value is True else None
        case Plain.CHAT:
            number = _whole_number(value, form=True)
            if number:
                return number
            return value if isinstance(value, str) and _CHANNEL.fullmatch(value) else None
        case Plain.FILE:
            return None if value == "" or isinstance(value, bool | int | float | list) else value


def _whole_number(value: Any, form: bool) -> int | None:
    if form and isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _truth(value: Any, form: bool) -> bool | None:
    if form and isinstance(value, str):
        return {"true": True, "false": False}.get(value)
    return value if isinstance(value, bool) else None


def _is_text(value: str) -> bool:
    """Whether it can travel: halves of surrogate pairs cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in value)
