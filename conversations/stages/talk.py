"""The talk: confirming it, the pocket card, notes while it runs, and what to do if it does not."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from conversations import letters, sheet
from conversations.changes import REWORDED, changed, named, reworded, stepped, talk_changed
from conversations.drafts import aim_of, values_of
from conversations.effects import Draft, SendCalendarFile, Text, Value, When
from conversations.readers import a_note
from conversations.stages.time import calendar_file
from conversations.state import MOST_NOTES, Seeker, Talk, with_person
from conversations.steps import HOME, STAY, Ask, Choose, Fork, Here, Stage, Tell
from conversations.times import end_of, start_of, when_of

TIME_CHECK = 15


def _talk(here: Here) -> Talk:
    return here.them.talk or Talk()


def _page_says(here: Here) -> Text:
    when = when_of(here, here.them)
    if when:
        return Text("talk.page", {**named(here), "when": when})
    return Text("talk.page.open", named(here))


def _page_options(here: Here) -> tuple[str, ...]:
    if when_of(here, here.them) is None:
        return ("time", "questions") if may_be_set(here) else ("questions",)
    return ("card", "questions", "confirm", "where", "move", "cancelled", "happened")


def may_be_set(here: Here) -> bool:
    """Whether a time may be set: there was no talk yet, or all that follows the last one is done."""
    return not _talk(here).met or here.them.thanks.sent is not None


def is_open(here: Here) -> bool:
    """Whether the talk at hand has not taken place as far as anybody said."""
    return not _talk(here).met


def _since(here: Here) -> str:
    return "done" if here.them.debrief.done else "open"


def _when(here: Here) -> When:
    return when_of(here, here.them) or When(here.now)


def confirm_draft(here: Here) -> Draft:
    """The line that confirms the talk."""
    return letters.confirmation(here, _when(here))


def _sheet_fill(here: Here) -> Mapping[str, Value]:
    return {**named(here), "when": _when(here)}


def confirmed(here: Here, tail: str) -> Seeker:
    """The confirmation went out."""
    return stepped(here, talk_changed(here, confirmed=here.moment))


def is_ahead(here: Here) -> bool:
    """Whether the talk at hand is still to come."""
    start = start_of(here, here.them.talk)
    return bool(start and start > here.now and not _talk(here).met)


def card(here: Here) -> Mapping[str, Value]:
    """Everything on the pocket card: when and where, opening, purpose, questions, time check, close."""
    person = here.them
    values = values_of(here, person)
    found = person.sheet if person.sheet.musts else sheet.planned(here, person)
    shown = sheet.shown(here, replace(person, sheet=found))
    purpose = Text(f"drafts.pocket.purpose.{aim_of(here)}", values)
    return {
        **named(here),
        "tip": Text(f"drafts.pocket.{_talk(here).way}", values),
        "opening": Text("drafts.pocket.opening", values, person.id),
        "purpose": purpose,
        "sheet": shown,
        "check": Text("drafts.pocket.time_check", values),
        "minute": min(TIME_CHECK, max(5, _talk(here).minutes - 5)),
        "close": Text("drafts.pocket.close", values),
        "when": when_of(here, person) or Text("talk.card_no_time"),
        "where": Text("talk.card_where", {"where": _talk(here).where}) if _talk(here).where
        else Text("talk.card_no_where"),
    }  # fmt: skip


def _note(here: Here, words: object) -> Seeker:
    return changed(here, notes=(*here.them.notes, str(words))[-MOST_NOTES:])


def _happened_says(here: Here) -> Text:
    return Text("talk.happened", named(here))


def met(here: Here, tail: str) -> Seeker:
    """The talk took place; it ended when it should have, or just now."""
    end = end_of(here, here.them.talk)
    over = end if end and end <= here.now else here.now
    return stepped(here, talk_changed(here, met=over.astimezone(UTC), missed=_talk(here).missed))


def _no_time(here: Here, **facts: Any) -> Seeker:
    return talk_changed(here, start=None, confirmed=None, agreed=None, freed=here.moment, **facts)


def missed(here: Here, tail: str) -> Seeker:
    """They did not come or call: the time is open again."""
    return stepped(here, _no_time(here, missed=_talk(here).missed + 1))


def _moved(here: Here, tail: str) -> Seeker:
    return stepped(here, _no_time(here, moved=_talk(here).moved + 1))


def _called_off(here: Here) -> Seeker:
    return _moved(here, "")


def _no_file(here: Here) -> tuple[SendCalendarFile, ...]:
    return tuple(replace(one, cancelled=True) for one in calendar_file(here))


def _lines(kind: str) -> Callable[[Here], Draft]:
    return lambda here: letters.change(here, kind)


def _asked_anew(here: Here, tail: str) -> Seeker:
    return talk_changed(here, offered=here.moment)


def _moved_and_asked(here: Here, tail: str) -> Seeker:
    moved = _moved(here, tail)
    talk = replace(_talk(here), start=None, confirmed=None, agreed=None, freed=here.moment,
                   moved=_talk(here).moved + 1, offered=here.moment)  # fmt: skip
    return with_person(moved, replace(here.them, talk=talk))


def _give_up(here: Here, tail: str) -> Seeker:
    ask = replace(here.them.ask, answer="not_now", answered=here.moment)
    return changed(here, talk=None, ask=ask, rests_until=here.moment + timedelta(days=42))


STAGE = Stage("talk", (
    Choose(id="talk.page", says=_page_says, options=_page_options,
           then={"card": "talk.card", "questions": "questions.start", "confirm": "talk.confirm",
                 "move": "talk.move", "cancelled": "talk.called_off",
                 "happened": "talk.happened", "time": "time.start", "where": "time.where"}),
    Choose(id="talk.confirm", kept=True, fill=_sheet_fill, draft=confirm_draft,
           anytime=True, fits=is_ahead, otherwise="talk.page",
           options=("sent", "move", "cancelled", "questions"),
           then={"sent": "talk.confirmed", "move": "talk.move", "cancelled": "talk.called_off",
                 "questions": "questions.start"},
           does={"sent": confirmed}),
    Choose(id="talk.confirmed", fill=named, options=("card", "that_is_all"),
           then={"card": "talk.card", "that_is_all": HOME}),
    Choose(id="talk.card", kept=True, fill=card, options=("notes", "happened"), anytime=True,
           fits=is_open, otherwise="talk.since",
           then={"notes": "talk.notes", "happened": "talk.happened"}),
    Ask(id="talk.notes", fill=named, reads=a_note, keeps=_note, next="talk.noted",
        options=("over",), then={"over": "talk.happened"}),
    Ask(id="talk.noted", reads=a_note, keeps=_note, next="talk.noted",
        options=("over",), then={"over": "talk.happened"}),
    Choose(id="talk.happened", says=_happened_says, options=("yes", "no_show", "move", "cancelled"),
           fits=is_open, otherwise="talk.since",
           then={"yes": "debrief.feel", "no_show": "talk.no_show", "move": "talk.move",
                 "cancelled": "talk.called_off"},
           does={"yes": met, "no_show": missed}),
    Fork(id="talk.since", by=_since, ways={"open": "debrief.feel", "done": "person.page"}),
    Choose(id="talk.no_show", kept=True,
           fill=lambda here: {"care": Text("care.no_show", pick=_talk(here).missed)},
           draft=_lines("no_call"), fits=is_open, otherwise="person.page",
           options=("new_time", "waiting", REWORDED, "let_go"),
           then={"new_time": "time.day", "waiting": HOME, "let_go": HOME, "other_words": STAY},
           does={"other_words": reworded, "let_go": _give_up, "waiting": _asked_anew}),
    Choose(id="talk.move", kept=True, fill=named, draft=_lines("move"), fits=is_open,
           otherwise="person.page",
           options=("new_time", "offer", "waiting", REWORDED),
           then={"new_time": "time.day", "offer": "time.their_zone", "waiting": HOME, "other_words": STAY},
           does={"other_words": reworded, "new_time": _moved, "offer": _moved, "waiting": _moved_and_asked}),
    # What they did is noted at once: a talk that is off must not be reminded of.
    Tell(id="talk.called_off", says=lambda here: None, extra=_no_file, changes=_called_off),
    Choose(id="talk.cancelled", kept=True, fill=named, draft=_lines("moved_by_them"), fits=is_open,
           otherwise="person.page",
           options=("new_time", "waiting", REWORDED, "let_go"),
           then={"new_time": "time.day", "waiting": HOME, "let_go": HOME, "other_words": STAY},
           does={"other_words": reworded, "let_go": _give_up, "waiting": _asked_anew}),
), about="person")  # fmt: skip
