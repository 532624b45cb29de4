"""What travels in a button: a step, an option and two numbers, never words."""

import re
from typing import Final

from telegram.constants import InlineKeyboardButtonLimit

from conversations.effects import Button
from conversations.events import Chose

LIMIT: Final = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
_BAR: Final = "|"
_DIGITS: Final = 18
_SLUG: Final = re.compile("[!-~]+")


def encode(button: Button) -> str:
    """The callback data of a button: `step|option|person|entered`, at most 64 bytes of ASCII.

    Raises ValueError when an author's slugs do not fit; a test walks every button of the script.
    """
    data = _BAR.join((button.step, button.option, str(button.person), str(button.entered)))
    if decode(data) is None:
        raise ValueError(f"button {button.step!r}/{button.option!r} does not fit callback data")
    return data


def decode(data: object) -> Chose | None:
    """What a callback data says; None for anything `encode` would not have written."""
    if not isinstance(data, str) or not data.isascii() or len(data) > LIMIT:
        return None
    parts = data.split(_BAR)
    if len(parts) != 4 or not all(_SLUG.fullmatch(part) for part in parts[:2]):
        return None
    person, entered = _number(parts[2]), _number(parts[3])
    if person is None or entered is None:
        return None
    return Chose(step=parts[0], option=parts[1], person=person, entered=entered)


def _number(part: str) -> int | None:
    canonical = part.isdigit() and len(part) <= _DIGITS and (part == "0" or part[0] != "0")
    return int(part) if canonical else None
