"""What the coach starts: each nudge carries one finished action, and can be put off or stopped."""

from collections.abc import Mapping
from dataclasses import replace

from conversations import drafts, letters, sheet
from conversations.duties import duties, name_of
from conversations.effects import Draft, Stack, Text, Value
from conversations.naming import anew, may_be_asked, rested
from conversations.promises import due_promise, owed_report
from conversations.rules import still_owed
from conversations.stages import after, ask, talk, thanks, wording
from conversations.stages.nudge import SOON, lead, nudge, other_of, turn_of
from conversations.state import Person, Seeker, person_of, with_person
from conversations.steps import HOME, Change, Choose, Fork, Here, Option, Stage, Tell
from conversations.times import is_over, slots, start_of

RULE_OF_REASON = {
    "promise_mine": "promise", "promise_theirs": "promise", "report_met": "report",
    "report_asked": "report",
}  # fmt: skip


def _sent_other(here: Here, tail: str) -> Seeker:
    person = person_of(here.seeker, int(tail))
    if person is None or not may_be_asked(here, person):
        return here.seeker
    fresh, now = anew(person) if rested(here, person) else person, here.moment
    asked = replace(fresh.ask, sent=now, drafted=fresh.ask.drafted or now)
    return replace(with_person(here.seeker, replace(fresh, ask=asked)), stepped=now)


def _other_buttons(here: Here) -> tuple[str | Option, ...]:
    other = other_of(here)
    if other is None:
        return ("names",)
    number = str(other.id)
    return (Option("sent_other", number, label=Text("nudges.button.sent")),
            Option("person", number, label=Text("nudges.button.change")))  # fmt: skip


def _other_draft(here: Here) -> Draft | None:
    other = other_of(here)
    return drafts.ask_draft(here, other) if other else None


def _next_says(here: Here) -> Value:
    return lead("next_person" if other_of(here) else "next_walk")(here)


def _instead(here: Here) -> Person | None:
    """A different person, where the same draft was put off before."""
    mine = ("unsent", here.them.id)
    often = sum((one.rule, one.person) == mine for one in here.seeker.nudging.said)
    return other_of(here) if often > 1 else None


def _unsent_says(here: Here) -> Value:
    return lead("unsent_other" if _instead(here) else "unsent")(here)


def _unsent_buttons(here: Here) -> tuple[str | Option, ...]:
    return _other_buttons(here) if _instead(here) else ("sent", "change")


def _unsent_draft(here: Here) -> Draft:
    return drafts.ask_draft(here, _instead(here) or drafts.shorter(here.them))


def _sheet_below(here: Here) -> Value | None:
    person = here.them
    return sheet.shown(here, person) if person.sheet.musts else None


ASKING = ("ask", "draft", "names", "sort")


def _weekly_says(here: Here) -> Value:
    first = duties(here)[0]
    own = Text(f"situations.{here.seeker.situation}.nudges.weekly", pick=turn_of(here))
    # The situation speaks of asking; what is to be done this week may be something else.
    frame = own if first.name in ASKING else Text("nudges.weekly", pick=turn_of(here))
    step = Text(f"home.duty.{first.name}", {"person": name_of(here, first)})
    return Stack((frame, step))


def _weekly_draft(here: Here) -> Draft | None:
    first = duties(here)[0]
    person = person_of(here.seeker, first.person)
    ready = person is not None and first.name in ("ask", "draft") and bool(here.seeker.name)
    return drafts.ask_draft(here, person) if ready and person else None


def _weekly_buttons(here: Here) -> tuple[str | Option, ...]:
    draft = _weekly_draft(here)
    if draft is None:
        return ("go",)
    number = str(duties(here)[0].person)
    return (Option("sent_other", number, label=Text("nudges.button.sent")),
            Option("person", number, label=Text("nudges.button.change")))  # fmt: skip


def _quiet_says(here: Here) -> Value:
    own = Text(f"situations.{here.seeker.situation}.nudges.back", pick=turn_of(here))
    return Stack((Text("nudges.quiet", pick=turn_of(here)), own))


def _card_says(here: Here) -> Value:
    return Stack((lead("two_hours")(here), Text("talk.card", talk.card(here))))


def _no_time_open(here: Here) -> bool:
    person = here.them
    return person.ask.answer == "agreed" and not (person.talk and person.talk.start)


def _silent_open(here: Here) -> bool:
    return bool(here.them.ask.sent and not here.them.ask.answer)


def _reminder_open(here: Here) -> bool:
    return _silent_open(here) and not here.them.ask.reminded


def _over_open(here: Here) -> bool:
    return is_over(here, here.them)


def _reason_says(here: Here) -> Value:
    rule = here.about or "weekly"
    return Text(f"nudges.{RULE_OF_REASON.get(rule, rule)}.why")


def _reason_options(here: Here) -> tuple[Option, ...]:
    return (Option("go_on", about=here.about),)


def _thanks_buttons(here: Here) -> tuple[str | Option, ...]:
    return ("sent", "change") if here.them.debrief.done else ("sent", "tell", "change")


def _thanks_says(here: Here) -> Value:
    return lead("thanks_poor" if here.them.debrief.feel == "bad" else "thanks")(here)


def _no_time_draft(here: Here) -> Draft | None:
    """Three times to offer; none while it is not known where the seeker lives."""
    return letters.times(here, slots(here)) if here.seeker.zone else None


def _no_time_buttons(here: Here) -> tuple[str, ...]:
    return ("sent", "they_chose") if here.seeker.zone else ("they_chose",)


def _is_unmet(here: Here) -> bool:
    return bool(start_of(here, here.them.talk)) and not (here.them.talk and here.them.talk.met)


def _next_waiting(here: Here) -> tuple[str, int] | None:
    waiting = here.seeker.nudging.waiting
    return next((one for one in waiting if still_owed(here, *one)), None)


def _next_rule(here: Here) -> str:
    found = _next_waiting(here)
    return found[0] if found else "none"


def _next_whom(here: Here) -> int:
    found = _next_waiting(here)
    return found[1] if found else 0


def _next_shown(here: Here) -> Seeker:
    found, waiting = _next_waiting(here), here.seeker.nudging.waiting
    left = waiting[waiting.index(found) + 1 :] if found else ()
    return replace(here.seeker, nudging=replace(here.seeker.nudging, waiting=left))


def _again(here: Here) -> str:
    return here.about or "weekly"


def _promise(rule: str, theirs: bool) -> Choose:
    def is_due(here: Here) -> bool:
        return due_promise(here.them, theirs) is not None

    return nudge(
        rule, lambda here: after.promise_options(here, "done", "drop", theirs=theirs),
        {"done": "after.promise_noted", "drop": "nudges.skipped"},
        {"done": after.promise_kept, "drop": after.promise_dropped},
        draft=lambda here: letters.promised(here, theirs), open_while=is_due,
    )  # fmt: skip


def _report(rule: str, event: str) -> Choose:
    return nudge(
        rule, lambda here: after.report_options(here, "sent"), {"sent": "after.reported"},
        {"sent": after.reported}, draft=after.report_draft,
        open_while=lambda here: owed_report(here.seeker, here.them) == event,
    )  # fmt: skip


OTHER_WAYS = {"sent_other": "nudges.done", "person": "ask.start", "names": "people.think", "go": "home.next"}
OTHER_DOES: Mapping[str, Change] = {"sent_other": _sent_other}

NUDGES = (
    nudge("two_hours", ("done", "move", "cancelled"),
          {"done": HOME, "move": "talk.move", "cancelled": "talk.called_off"},
          says=_card_says, later=SOON, open_while=_is_unmet),
    nudge("day_before", ("sent", "move", "cancelled", "questions"),
          {"sent": "talk.confirmed", "move": "talk.move", "cancelled": "talk.called_off",
           "questions": "questions.start"},
          {"sent": talk.confirmed}, draft=talk.confirm_draft, below=_sheet_below, later=SOON,
          open_while=talk.is_ahead),
    nudge("after_talk", ("yes", "no_show", "move", "cancelled"),
          {"yes": "debrief.feel", "no_show": "talk.no_show", "move": "talk.move",
           "cancelled": "talk.called_off"},
          {"yes": talk.met, "no_show": talk.missed}, later=SOON * 3, open_while=_over_open),
    nudge("thanks", _thanks_buttons,
          {"sent": "thanks.give_back", "change": "thanks.change", "tell": "debrief.feel"},
          {"sent": thanks.mark_thanked}, says=_thanks_says, draft=letters.thanks, later=SOON * 3,
          open_while=thanks.is_unthanked),
    nudge("no_time", _no_time_buttons, {"sent": "time.sent", "they_chose": "time.start"},
          draft=_no_time_draft, open_while=_no_time_open),
    _promise("promise_mine", theirs=False),
    _promise("promise_theirs", theirs=True),
    _report("report_met", "met"),
    _report("report_asked", "asked"),
    nudge("reminder", ("sent", "answered"), {"sent": "nudges.done", "answered": "ask.reply"},
          {"sent": ask.reminded}, draft=letters.reminder, open_while=_reminder_open),
    nudge("next_person", lambda here: (*_other_buttons(here), "answered"),
          {**OTHER_WAYS, "answered": "ask.reply"}, OTHER_DOES, says=_next_says,
          draft=_other_draft, open_while=_silent_open),
    nudge("unsent", _unsent_buttons, {**OTHER_WAYS, "sent": "ask.sent", "change": "ask.change"},
          {"sent": ask.mark_sent, **OTHER_DOES}, says=_unsent_says, draft=_unsent_draft,
          open_while=wording.is_unsent),
    nudge("month", ("sent",), {"sent": "after.month_noted"}, {"sent": after.updated},
          draft=letters.month_after, open_while=after.owes_update),
    nudge("weekly", _weekly_buttons, OTHER_WAYS, OTHER_DOES, says=_weekly_says,
          draft=_weekly_draft, about="seeker"),
    nudge("quiet", ("go", "found"), {"go": "home.next", "found": "home.found"}, says=_quiet_says,
          about="seeker"),
)  # fmt: skip

STAGE = Stage("nudges", (
    *NUDGES,
    Fork(id="nudges.next", by=_next_rule, whom=_next_whom, changes=_next_shown,
         ways={"none": "home.home", **{step.id.partition(".")[2]: step.id for step in NUDGES}}),
    Choose(id="nudges.reason", says=_reason_says, options=_reason_options,
           then={"go_on": "nudges.again"}),
    Choose(id="nudges.missed", options=("next",), then={"next": "home.next"}),
    Tell(id="nudges.later", next=HOME),
    Tell(id="nudges.soon", next=HOME),
    Tell(id="nudges.skipped", next=HOME),
    Tell(id="nudges.stopped", next=HOME),
    Tell(id="nudges.done", says=lambda here: Text("nudges.done", pick=turn_of(here)), next=HOME),
    Fork(id="nudges.again", by=_again,
         ways={step.id.partition(".")[2]: step.id for step in NUDGES}),
), about="either")  # fmt: skip
