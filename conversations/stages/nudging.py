"""What the coach starts: each nudge carries one finished action, and can be put off or stopped."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from conversations import drafts, letters, sheet
from conversations.changes import named
from conversations.duties import duties, name_of
from conversations.effects import Draft, Stack, Text, Value
from conversations.naming import unasked
from conversations.rules import still_owed
from conversations.stages import after, ask, talk, thanks
from conversations.state import Pause, Person, Seeker, person_of, with_person
from conversations.steps import HOME, Change, Choose, Fork, Here, Option, Stage, Tell
from conversations.times import is_over, slots

LATER = timedelta(hours=20)
SOON = timedelta(hours=1)
SYSTEM = ("later", "skip", "stop", "why")
RULE_OF_REASON = {
    "promise_mine": "promise", "promise_theirs": "promise", "report_met": "report",
    "report_asked": "report",
}  # fmt: skip


def _pick(here: Here) -> int:
    return len(here.seeker.nudging.said)


def lead(rule: str, **more: Value) -> Callable[[Here], Value]:
    """The one or two sentences a nudge opens with; the wording turns from nudge to nudge."""
    return lambda here: Text(f"nudges.{rule}", {**_names(here), **more}, _pick(here))


def _names(here: Here) -> Mapping[str, Value]:
    if here.person is None:
        return {}
    by = person_of(here.seeker, here.person.named_by)
    other = _other(here)
    return {
        **named(here),
        "introducer": by.name if by else here.person.name,
        "other": other.name if other else "",
    }


def _other(here: Here) -> Person | None:
    """The next person to ask: never the one this nudge is about."""
    mine = here.person.id if here.person else 0
    return next((one for one in unasked(here) if one.id != mine), None)


def put_off(rule: str, by: timedelta) -> Change:
    """Not now: the same nudge comes back later, at the chosen moment."""

    def keep(here: Here, tail: str) -> Seeker:
        name = rule or here.about
        person = here.person.id if here.person else 0
        others = tuple(
            one for one in here.seeker.nudging.pauses if (one.rule, one.person) != (name, person)
        )
        pause = Pause(name, person, here.now + by)
        return replace(
            here.seeker, nudging=replace(here.seeker.nudging, pauses=(*others, pause)[-100:])
        )

    return keep


def stop(rule: str) -> Change:
    """No more nudges of this rule."""

    def keep(here: Here, tail: str) -> Seeker:
        stopped = here.seeker.nudging.stopped | {rule or here.about}
        return replace(here.seeker, nudging=replace(here.seeker.nudging, stopped=stopped))

    return keep


def _labels(options: tuple[str | Option, ...], rule: str) -> tuple[Option, ...]:
    made = []
    for one in options:
        option = Option(one) if isinstance(one, str) else one
        label = option.label or Text(f"nudges.button.{option.slug}", dict(option.values))
        made.append(replace(option, label=label))
    return tuple(made) + tuple(
        Option(name, label=Text(f"nudges.button.{name}"), about=rule if name == "why" else "")
        for name in SYSTEM
    )


def nudge(
    rule: str,
    main: Callable[[Here], tuple[str | Option, ...]] | tuple[str | Option, ...],
    then: Mapping[str, str],
    does: Mapping[str, Change] | None = None,
    *,
    says: Callable[[Here], Value] | None = None,
    draft: Callable[[Here], Draft | None] | None = None,
    below: Callable[[Here], Value | None] | None = None,
    later: timedelta = LATER,
    open_while: Callable[[Here], bool] | None = None,
) -> Choose:
    """One rule's step: its own buttons first, then later, not this one, stop these, why now."""

    def options(here: Here) -> tuple[Option, ...]:
        return _labels(main(here) if callable(main) else main, rule)

    return Choose(
        id=f"nudges.{rule}",
        says=says or lead(rule),
        draft=draft,
        below=below,
        options=options,
        then={
            **then, "later": "nudges.later", "skip": "nudges.skipped", "stop": "nudges.stopped",
            "why": "nudges.reason",
        },
        does={**(does or {}), "later": put_off(rule, later), "stop": stop(rule)},
        anytime=open_while,
    )  # fmt: skip


def _sent_other(here: Here, tail: str) -> Seeker:
    person = person_of(here.seeker, int(tail))
    if person is None or person.ask.sent:
        return here.seeker
    now = here.now
    asked = replace(person.ask, sent=now, drafted=person.ask.drafted or now)
    return replace(with_person(here.seeker, replace(person, ask=asked)), stepped=now)


def _other_buttons(here: Here) -> tuple[str | Option, ...]:
    other = _other(here)
    if other is None:
        return ("names",)
    number = str(other.id)
    return (Option("sent_other", number, label=Text("nudges.button.sent")),
            Option("person", number, label=Text("nudges.button.change")))  # fmt: skip


def _other_draft(here: Here) -> Draft | None:
    other = _other(here)
    return drafts.ask_draft(here, other) if other else None


def _next_says(here: Here) -> Value:
    return lead("next_person" if _other(here) else "next_walk")(here)


def _unsent_draft(here: Here) -> Draft:
    return drafts.ask_draft(here, drafts.shorter(here.them))


def _sheet_below(here: Here) -> Value | None:
    person = here.them
    return sheet.shown(here, person) if person.sheet.musts else None


def _weekly_says(here: Here) -> Value:
    first = duties(here)[0]
    own = Text(f"situations.{here.seeker.situation}.nudges.weekly", pick=_pick(here))
    step = Text(f"home.duty.{first.name}", {"person": name_of(here, first)})
    return Stack((own, step))


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
    own = Text(f"situations.{here.seeker.situation}.nudges.back", pick=_pick(here))
    return Stack((Text("nudges.quiet", pick=_pick(here)), own))


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


def _thanks_buttons(here: Here) -> tuple[str | Option, ...]:
    return ("sent", "change") if here.them.debrief.done else ("sent", "tell", "change")


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


REPORT = {"then": {"sent": "after.reported"}, "does": {"sent": after.reported},
          "draft": after.report_draft, "open_while": after.owes_report}  # fmt: skip
PROMISE = {"then": {"done": "after.promise_noted", "drop": "nudges.skipped"},
           "does": {"done": after.promise_kept, "drop": after.promise_dropped},
           "draft": letters.promised, "open_while": after.has_promise}  # fmt: skip
OTHER = {"then": {"sent_other": "nudges.done", "person": "ask.start", "names": "people.next",
                  "go": "home.next"},
         "does": {"sent_other": _sent_other}}  # fmt: skip

NUDGES = (
    nudge("two_hours", ("done", "move", "cancelled"),
          {"done": HOME, "move": "talk.move", "cancelled": "talk.cancelled"},
          says=_card_says, later=SOON, open_while=talk.is_ahead),
    nudge("day_before", ("sent", "move", "cancelled", "questions"),
          {"sent": "talk.confirmed", "move": "talk.move", "cancelled": "talk.cancelled",
           "questions": "questions.start"},
          {"sent": talk.confirmed}, draft=talk.confirm_draft, below=_sheet_below, later=SOON,
          open_while=talk.is_ahead),
    nudge("after_talk", ("yes", "no_show", "move", "cancelled"),
          {"yes": "debrief.feel", "no_show": "talk.no_show", "move": "talk.move",
           "cancelled": "talk.cancelled"},
          {"yes": talk.met, "no_show": talk.missed}, later=SOON * 3, open_while=_over_open),
    nudge("thanks", _thanks_buttons,
          {"sent": "thanks.give_back", "change": "thanks.change", "tell": "debrief.feel"},
          {"sent": thanks.mark_thanked}, draft=letters.thanks, later=SOON * 3,
          open_while=thanks.is_unthanked),
    nudge("no_time", ("sent", "they_chose"), {"sent": "time.offered", "they_chose": "time.day"},
          draft=lambda here: letters.times(here, slots(here)), open_while=_no_time_open),
    nudge("promise_mine", ("done", "drop"), **PROMISE),
    nudge("promise_theirs", ("done", "drop"), **PROMISE),
    nudge("report_met", ("sent",), **REPORT),
    nudge("report_asked", ("sent",), **REPORT),
    nudge("reminder", ("sent", "answered"), {"sent": "ask.rests", "answered": "ask.reply"},
          {"sent": ask.reminded}, draft=letters.reminder, open_while=_reminder_open),
    nudge("next_person", lambda here: (*_other_buttons(here), "answered"),
          {**OTHER["then"], "answered": "ask.reply"}, OTHER["does"], says=_next_says,
          draft=_other_draft, open_while=_silent_open),
    nudge("unsent", ("sent", "change"), {"sent": "ask.sent", "change": "ask.change"},
          {"sent": ask.mark_sent}, draft=_unsent_draft, open_while=ask.is_unsent),
    nudge("month", ("sent",), {"sent": "after.month_noted"}, {"sent": after.updated},
          draft=letters.month_after, open_while=after.owes_update),
    nudge("weekly", _weekly_buttons, OTHER["then"], OTHER["does"], says=_weekly_says,
          draft=_weekly_draft, open_while=lambda here: True),
    nudge("quiet", ("go", "found"), {"go": "home.next", "found": "home.found"}, says=_quiet_says,
          open_while=lambda here: True),
)  # fmt: skip

STAGE = Stage("nudges", (
    *NUDGES,
    Fork(id="nudges.next", by=_next_rule, whom=_next_whom, changes=_next_shown,
         ways={"none": "home.home", **{step.id.partition(".")[2]: step.id for step in NUDGES}}),
    Choose(id="nudges.reason", says=_reason_says, options=("go_on",), then={"go_on": "nudges.again"}),
    Tell(id="nudges.later", next=HOME),
    Tell(id="nudges.skipped", next=HOME),
    Tell(id="nudges.stopped", next=HOME),
    Tell(id="nudges.done", says=lambda here: Text("nudges.done", pick=_pick(here)), next=HOME),
    Fork(id="nudges.again", by=_again, ways={step.id.partition(".")[2]: step.id for step in NUDGES}),
), about="either")  # fmt: skip
