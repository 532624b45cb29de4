"""Buttons pressed by typing their words or their number: the same event as a tap."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.words import Words
from conversations import Script, Seeker
from conversations.effects import Button
from conversations.events import Chose, Event, Wrote
from conversations.hearing import bare
from conversations.readers import clean
from conversations.steps import Ask, Choose
from conversations.walking import Walk, buttons_of

#: Kinds of answers that stand for a button which is one of them, or begins with the first of them.
SAYINGS: Final = ("yes", "no", "sent")


def buttons_now(script: Script, words: Words, seeker: Seeker, now: datetime) -> list[tuple[Button, str]]:
    """The buttons of where the seeker stands, each with its label in their language."""
    walk = Walk(script, seeker, now.astimezone(script.calendar.zone(seeker.zone)))
    step = script.step(seeker.at.step) if script.has(seeker.at.step) else None
    if not isinstance(step, Choose):
        return []
    buttons = buttons_of(walk, seeker.at, step)
    return [(one, words.say(one.label, seeker.language)) for one in buttons]


def understood(script: Script, words: Words, seeker: Seeker, event: Event, now: datetime) -> Event:
    """The event as it is, or the press of the button that the typed words mean.

    Where words are waited for, that is only a button's whole label: all else may be an answer.
    """
    if not isinstance(event, Wrote) or event.edited:
        return event
    typed = bare(clean(event.words))
    buttons = buttons_now(script, words, seeker, now)
    labels = [bare(label) for _, label in buttons]
    asks = script.has(seeker.at.step) and isinstance(script.step(seeker.at.step), Ask)
    found = _named(typed, labels)
    if not found and not asks:
        sayings = [script.phrases(kind, seeker.language) for kind in SAYINGS]
        found = _numbered(typed, labels) or _begun(typed, labels) or _said(typed, sayings, labels)
    return press(buttons[found[0]][0]) if found else event


def _named(typed: str, labels: list[str]) -> list[int]:
    """`email` names the button E-mail."""
    squeezed = typed.replace(" ", "")
    return [at for at, label in enumerate(labels) if squeezed and label.replace(" ", "") == squeezed]


def _numbered(typed: str, labels: list[str]) -> list[int]:
    return [int(typed) - 1] if typed.isdecimal() and 0 < int(typed) <= len(labels) else []


def _begun(start: str, labels: list[str]) -> list[int]:
    """`text` means the button Text or chat message, where no other one begins so."""
    found = [at for at, label in enumerate(labels) if f"{label} ".startswith(f"{start} ")]
    return found if start and len(found) == 1 else []


def _said(typed: str, sayings: Iterable[Sequence[str]], labels: list[str]) -> list[int]:
    """`she said yes` means the button Yes, or else the one that begins so."""
    for phrases in sayings:
        if typed in phrases:
            whole = [at for at, label in enumerate(labels) if label in phrases]
            return whole if len(whole) == 1 else _begun(phrases[0], labels)
    return []


def press(button: Button) -> Chose:
    """The event of pressing this button."""
    return Chose(button.step, button.option, button.person, button.entered)
