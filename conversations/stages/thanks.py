"""Thanks: the note written from what was said, and a way to give something back."""

from typing import Any

from conversations import letters
from conversations.changes import named, stepped, thanks_changed
from conversations.effects import Draft, Text
from conversations.naming import first_name
from conversations.readers import a_note
from conversations.state import Seeker
from conversations.steps import HOME, Ask, Change, Choose, Here, Option, Stage, Tell


def _draft(here: Here) -> Draft:
    return letters.thanks(here)


def is_unthanked(here: Here) -> bool:
    """Whether the thank-you is still to be sent."""
    return here.them.thanks.sent is None and bool(here.them.talk and here.them.talk.met)


def mark_thanked(here: Here, tail: str) -> Seeker:
    """The thank-you went out."""
    return stepped(here, thanks_changed(here, sent=here.moment))


def _changes(here: Here) -> tuple[str, ...]:
    found = here.them.thanks
    if found.own:  # the seeker's own words are changed by nobody else
        return ("own", "suggested", "done")
    tones = tuple(name for name in ("warmer", "formal", "plain") if name != found.tone)
    length = "longer" if found.short else "shorter"
    return (*tones, length, "other_words", "own", "done")


def _toned(**facts: Any) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return thanks_changed(here, own="", **facts)

    return keep


def _other_words(here: Here, tail: str) -> Seeker:
    return thanks_changed(here, own="", spin=here.them.thanks.spin + 1)


def _own(here: Here, words: object) -> Seeker:
    return thanks_changed(here, own=str(words))


def _next_options(here: Here) -> tuple[str | Option, ...]:
    mine = [one for one in here.seeker.people if one.named_by == here.them.id and not one.ask.sent]
    new = tuple(Option("person", str(one.id), values={"person": first_name(one)}) for one in mine[:3])
    return (*new, "that_is_all")


def _given_says(here: Here) -> Text:
    poor = here.them.debrief.feel == "bad"
    return Text("thanks.give_back.poor" if poor else "thanks.give_back", named(here))


STAGE = Stage("thanks", (
    Tell(id="thanks.start"),
    Choose(id="thanks.draft", kept=True, fill=named, draft=_draft,
           options=("sent", "change", "not_today"), anytime=True, fits=is_unthanked,
           otherwise="person.page",
           then={"sent": "thanks.give_back", "change": "thanks.change", "not_today": HOME},
           does={"sent": mark_thanked}),
    Choose(id="thanks.change", options=_changes,
           fits=is_unthanked, otherwise="person.page",
           then={**dict.fromkeys(("warmer", "formal", "plain", "shorter", "longer"), "thanks.draft"),
                 **dict.fromkeys(("other_words", "suggested", "done"), "thanks.draft"), "own": "thanks.own"},
           does={"warmer": _toned(tone="warmer"), "formal": _toned(tone="formal"),
                 "plain": _toned(tone="plain"), "shorter": _toned(short=True),
                 "longer": _toned(short=False), "other_words": _other_words, "suggested": _toned()}),
    Ask(id="thanks.own", reads=a_note, keeps=_own, next="thanks.draft", options=("keep",),
        then={"keep": "thanks.draft"}),
    Choose(id="thanks.give_back", says=_given_says, options=_next_options,
           then={"person": "ask.start", "that_is_all": HOME}),
), about="person")  # fmt: skip
