"""Prints drafts to be read aloud: every situation, aim, channel, circle and tone, in a language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from bot.words import Words
from conversations import Script, Seeker
from conversations.drafts import ask_draft
from conversations.effects import Channel
from conversations.state import Ask, Person, Tone
from conversations.steps import Here

CHANNELS: tuple[Channel, ...] = ("chat", "email", "linkedin", "phone", "in_person")
TONES: tuple[Tone, ...] = ("plain", "warmer", "formal")
AIMS = {"field": "nursing", "advice": ""}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def drafts(script: Script, words: Words, language: str) -> Iterator[str]:
    """Each combination once, under a heading that says which it is; the wordings turn."""
    kinds = product(script.content.situations, AIMS, CHANNELS, (1, 2, 3), TONES)
    for turn, (situation, aim, channel, circle, tone) in enumerate(kinds):
        if tone != "plain" and channel not in ("chat", "email"):
            continue
        person = Person(turn + 1, "Maria Lopez", NOON, circle=circle)
        person = replace(person, ask=Ask(channel=channel, tone=tone, spin=turn))
        seeker = Seeker(situation=situation, aim="field" if aim == "field" else "advice",
                        field=AIMS[aim], name="Dana", language=language, people=(person,))  # fmt: skip
        draft = ask_draft(Here(script, seeker, NOON, person))
        subject = f"{words.say(draft.subject, language)}\n\n" if draft.subject else ""
        yield f"# {situation}, {aim}, {channel}, circle {circle}, {tone}"
        yield f"{subject}{words.say(draft.body, language)}\n"
