"""Buttons pressed by typing their words or their number: the same event as a tap."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.words import Words
from conversations import Script, Seeker
from conversations.effects import Button
from conversations.events import Chose, Event, Wrote
from conversations.hearing import after, bare
from conversations.readers import clean
from conversations.steps import Ask, Choose, Here
from conversations.walking import Walk, buttons_of

#: Kinds of answers that stand for a button which is one of them, up to its comma.
SAYINGS: Final = ("yes", "no", "sent", "answered", "talked", "cancelled", "chat")
COMMA: Final = re.compile(r"[,，、،]")
QUESTIONS: Final = ("?", "؟", "？")
SHORTEST: Final = 3  # letters that may stand for a button
MOST: Final = 12  # words that may mean a button


def buttons_now(script: Script, words: Words, seeker: Seeker, now: datetime) -> list[tuple[Button, str]]:
    """The buttons of where the seeker stands, each with its label in their language."""
    step = script.step(seeker.at.step) if script.has(seeker.at.step) else None
    if not isinstance(step, Choose):
        return []
    buttons = buttons_of(_walk(script, seeker, now), seeker.at, step)
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
        found = _meant(_walk(script, seeker, now).here(), bare(typed), labels)
    return press(buttons[found[0]][0]) if found else event


def _walk(script: Script, seeker: Seeker, now: datetime) -> Walk:
    return Walk(script, seeker, now.astimezone(script.calendar.zone(seeker.zone)))


def _named(typed: str, labels: list[str]) -> list[int]:
    """`email` names the button E-mail."""
    squeezed = typed.replace(" ", "")
    return [at for at, label in enumerate(labels) if squeezed and bare(label).replace(" ", "") == squeezed]


def _meant(here: Here, typed: str, labels: list[str]) -> list[int]:
    """The one button that an answer means: by its number, a saying, or some of its words."""
    if typed.isdecimal():
        return [int(typed) - 1] if 0 < int(typed) <= len(labels) else []
    if len(typed.split()) > MOST:
        return []
    said = _says(here, typed)
    sayings = [here.script.phrases(kind, here.seeker.language) for kind in SAYINGS]
    meant = [phrases for phrases in sayings if said & set(phrases)]
    found = next((found for phrases in meant if (found := _headed(phrases, labels))), [])
    return found if meant else _worded(here, typed, labels)


def _says(here: Here, typed: str) -> set[str]:
    """The words, and what is left of `I think yes` and `yea hes in`; not of `yes and no`."""
    answers = {one for kind in ("yes", "no") for one in here.script.phrases(kind, here.seeker.language)}
    parts = typed.split()
    if parts and parts[0] in answers:
        return {typed, "yes"} if _agrees(here, typed) else {typed}
    starts = (at for at in range(len(parts)) if not after(here, " ".join(parts[:at]), "leads"))
    return {" ".join(parts[at:]) for at in starts}


def _agrees(here: Here, typed: str) -> bool:
    """Whether words begin with a yes, and only such follow as go along with it: `yea hes in`."""
    first, *others = typed.split() or [""]
    yes, along = (here.script.phrases(kind, here.seeker.language) for kind in ("yes", "along"))
    return first in yes and set(others) <= set(along)


def _headed(phrases: Sequence[str], labels: list[str]) -> list[int]:
    """`she said yes` means the button Yes, or else the one that begins so: `Yes, take off`."""
    for part in (str, lambda label: COMMA.split(label)[0]):
        found = [at for at, label in enumerate(labels) if label and bare(part(label)) in phrases]
        if len(found) == 1:
            return found
    return []


def _worded(here: Here, typed: str, labels: list[str]) -> list[int]:
    """`text` means the button Text or chat message; `I did` does not mean I did not ask."""
    negations = here.script.phrases("not", here.seeker.language)
    begun = [at for at, label in enumerate(labels) if f"{bare(label)} ".startswith(f"{typed} ")]
    inside = [at for at, label in enumerate(labels) if f" {typed} " in f" {bare(label)} "
              and len(bare(label).split()) - len(typed.split()) <= 1]  # fmt: skip
    found = begun or inside
    if len(typed) < SHORTEST or len(found) != 1:
        return []
    others = f" {bare(labels[found[0]])} ".replace(f" {typed} ", " ", 1).split()
    return [] if set(others) & set(negations) else found


def press(button: Button) -> Chose:
    """The event of pressing this button."""
    return Chose(button.step, button.option, button.person, button.entered)
