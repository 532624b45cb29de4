"""Buttons pressed by typing their words or their number: the same event as a tap."""

import re
from collections.abc import Sequence
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

#: Kinds of answers that stand for a button which is one of them, up to its comma.
SAYINGS: Final = ("yes", "no", "sent")
COMMA: Final = re.compile(r"[,，、،]")
QUESTIONS: Final = ("?", "؟", "？")
SHORTEST: Final = 3  # letters that may be the beginning of a button


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

    Where words are waited for, that is only a button's whole label: all else may be an answer. Where
    something is deleted, it is the label or its beginning up to the comma, such as Yes.
    """
    if not isinstance(event, Wrote) or event.edited or not script.has(seeker.at.step):
        return event
    step, typed = script.step(seeker.at.step), clean(event.words)
    buttons = buttons_now(script, words, seeker, now)
    asked = typed.endswith(QUESTIONS)  # "Sent?" has not been sent
    labels = ["" if asked and not label.endswith(QUESTIONS) else label for _, label in buttons]
    if isinstance(step, Ask) and step.place:
        labels = [
            "" if one.option == "home" else label for (one, _), label in zip(buttons, labels, strict=True)
        ]
    found = _named(bare(typed), labels)
    if not found and isinstance(step, Choose) and step.final:
        found = _headed((bare(typed),), labels)
    elif not found and not isinstance(step, Ask):
        found = _meant(script, seeker, bare(typed), labels)
    return press(buttons[found[0]][0]) if found else event


def _named(typed: str, labels: list[str]) -> list[int]:
    """`email` names the button E-mail."""
    squeezed = typed.replace(" ", "")
    return [at for at, label in enumerate(labels) if squeezed and bare(label).replace(" ", "") == squeezed]


def _meant(script: Script, seeker: Seeker, typed: str, labels: list[str]) -> list[int]:
    """The one button that an answer means: by its number, a saying, or the beginning of its words."""
    if typed.isdecimal():
        return [int(typed) - 1] if 0 < int(typed) <= len(labels) else []
    for kind in SAYINGS:
        phrases = script.phrases(kind, seeker.language)
        if typed in phrases:
            return _headed(phrases, labels)
    return _begun(typed, labels, script.phrases("not", seeker.language))


def _headed(phrases: Sequence[str], labels: list[str]) -> list[int]:
    """`she said yes` means the button Yes, or else the one that begins so: `Yes, take off`."""
    for part in (str, lambda label: COMMA.split(label)[0]):
        found = [at for at, label in enumerate(labels) if label and bare(part(label)) in phrases]
        if len(found) == 1:
            return found
    return []


def _begun(start: str, labels: list[str], negations: Sequence[str]) -> list[int]:
    """`text` means the button Text or chat message; `I did` does not mean I did not ask."""
    found = [at for at, label in enumerate(labels) if f"{bare(label)} ".startswith(f"{start} ")]
    if len(start) < SHORTEST or len(found) != 1:
        return []
    then = bare(labels[found[0]]).removeprefix(start).split()[:1]
    return [] if then and then[0] in negations else found


def press(button: Button) -> Chose:
    """The event of pressing this button."""
    return Chose(button.step, button.option, button.person, button.entered)
