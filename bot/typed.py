"""Buttons pressed by typing their words or their number: the same event as a tap."""

from datetime import datetime

from bot.words import Words
from conversations import Script, Seeker
from conversations.effects import Button
from conversations.events import Chose, Event, Wrote
from conversations.readers import clean, folded
from conversations.steps import Ask, Choose
from conversations.walking import Walk, buttons_of


def buttons_now(script: Script, words: Words, seeker: Seeker, now: datetime) -> list[tuple[Button, str]]:
    """The buttons of where the seeker stands, each with its label in their language."""
    walk = Walk(script, seeker, now.astimezone(script.calendar.zone(seeker.zone)))
    step = script.step(seeker.at.step) if script.has(seeker.at.step) else None
    if not isinstance(step, Choose):
        return []
    buttons = buttons_of(walk, seeker.at, step)
    return [(one, words.say(one.label, seeker.language)) for one in buttons]


def understood(script: Script, words: Words, seeker: Seeker, event: Event, now: datetime) -> Event:
    """The event as it is, or the press of a button whose label or number was typed."""
    if not isinstance(event, Wrote) or event.edited:
        return event
    typed = folded(clean(event.words)).strip(" .[]")
    buttons = buttons_now(script, words, seeker, now)
    for button, label in buttons:
        if folded(label).strip(" .") == typed:
            return press(button)
    asks = script.has(seeker.at.step) and isinstance(script.step(seeker.at.step), Ask)
    # A bare number may be an answer where words are waited for.
    if not asks and typed.isdecimal() and 0 < int(typed) <= len(buttons):
        return press(buttons[int(typed) - 1][0])
    return event


def press(button: Button) -> Chose:
    """The event of pressing this button."""
    return Chose(button.step, button.option, button.person, button.entered)
