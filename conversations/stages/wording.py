"""Changing the words of an ask: tone, length, own words, how we know each other, the honest sentence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conversations import drafts
from conversations.changes import ask_changed, changed, named
from conversations.effects import Text, Value
from conversations.readers import Unclear, a_note
from conversations.state import Seeker
from conversations.steps import Ask, Change, Choose, Here, Step

LINKS = ("family", "friend", "neighbour", "school", "work", "service", "group", "helper", "known")
SPOKEN = ("phone", "in_person")


def is_unsent(here: Here) -> bool:
    """Whether the draft at hand is still to be sent."""
    return here.them.ask.sent is None


def _changes(here: Here) -> tuple[str, ...]:
    ask = here.them.ask
    if ask.own:  # the seeker's own words are changed by nobody else
        return ("own", "suggested", "channel", "done")
    if ask.channel in SPOKEN or ask.channel == "linkedin":
        tone: tuple[str, ...] = ("other_words",)
    else:
        tones = tuple(name for name in ("warmer", "formal", "plain") if name != ask.tone)
        tone = (*tones, "longer" if ask.short else "shorter", "other_words")
    honest = () if ask.channel == "linkedin" else ("without",) if ask.honest else ("honest",)
    known = drafts.known_as(here, here.them) == "known" and ask.channel in ("chat", "email")
    link = ("link",) if known else ()
    return (*tone, "own", *link, *honest, "channel", "done")


def _link(kind: str) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return changed(here, connection=kind, ask=replace(here.them.ask, own=""))

    return keep


def _forms(here: Here) -> tuple[str, ...]:
    knows = ("knows",) if drafts.may_say_knows(here, here.them) else ()
    return ("leave_out", "short", "fuller", *knows)


def _toned(**facts: Any) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return ask_changed(here, own="", **facts)

    return keep


def _other_words(here: Here, tail: str) -> Seeker:
    return ask_changed(here, own="", spin=here.them.ask.spin + 1)


def _own_words(here: Here, words: object) -> Seeker:
    return ask_changed(here, own=str(words))


def _own_read(here: Here, words: str) -> str:
    """The seeker's own message; a LinkedIn note has little room, counted in UTF-16 units."""
    kept = a_note(here, words)
    units = len(kept.encode("utf-16-le")) // 2
    if here.them.ask.channel == "linkedin" and units > drafts.LINKEDIN_LIMIT:
        raise Unclear("unclear.linkedin_long")
    return kept


def _honest_fill(here: Here) -> Mapping[str, Value]:
    key = f"situations.{here.seeker.situation}.sentence"
    forms = {form: Text(f"{key}.{form}") for form in ("short", "fuller", "knows")}
    return {**forms, "when_not": Text(f"{key}.when_not")}


def _honest(form: str) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return ask_changed(here, honest=form, own="")

    return keep


STEPS: tuple[Step, ...] = (
    Choose(id="ask.change", fits=is_unsent, otherwise="ask.start", options=_changes,
           then={**dict.fromkeys(("warmer", "formal", "plain", "longer", "shorter"), "ask.draft"),
                 **dict.fromkeys(("other_words", "without", "suggested", "done"), "ask.draft"),
                 "own": "ask.own", "honest": "ask.honest", "channel": "ask.channel",
                 "link": "ask.link"},
           does={"warmer": _toned(tone="warmer"), "formal": _toned(tone="formal"),
                 "plain": _toned(tone="plain"), "longer": _toned(short=False),
                 "shorter": _toned(short=True), "without": _toned(honest=""),
                 "other_words": _other_words, "suggested": _toned()}),
    Ask(id="ask.own", reads=_own_read, keeps=_own_words, next="ask.draft", options=("keep",),
        then={"keep": "ask.draft"}),
    Choose(id="ask.link", fill=named, options=LINKS, then=dict.fromkeys(LINKS, "ask.draft"),
           does={name: _link(name) for name in LINKS}),
    Choose(id="ask.honest", fill=_honest_fill, options=_forms,
           then=dict.fromkeys(("short", "fuller", "knows", "leave_out"), "ask.draft"),
           does={name: _honest(name) for name in ("short", "fuller", "knows")}),
)  # fmt: skip
