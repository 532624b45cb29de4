"""The ask: the channel, the finished words, and what the person answered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from conversations import drafts, letters, naming
from conversations.changes import REWORDED, ask_changed, changed, given_a_name, named, reworded, stepped
from conversations.effects import Draft, Text, Value
from conversations.names import a_greeting, names, own_name
from conversations.naming import REST_DAYS, first_name, unasked
from conversations.rules import REMINDER_DAYS, is_silent
from conversations.stages import wording
from conversations.stages.people import any_double, same_person
from conversations.state import Answer, Person, Seeker, with_person
from conversations.steps import (
    HOME,
    STAY,
    Ask,
    Call,
    Change,
    Choose,
    Fork,
    Here,
    Option,
    Stage,
    Step,
    Tell,
)

CHANNELS = ("chat", "email", "linkedin", "phone", "in_person")
NOT_NOW_DAYS = 42


def standing(person: Person) -> str:
    """Where the ask of a person stands: new, drafted, asked, agreed, declined or passed."""
    ask = person.ask
    if ask.answer:
        return ask.answer
    if ask.sent:
        return "asked"
    return "drafted" if ask.drafted else "new"


def _start(here: Here) -> str:
    person = here.them
    if naming.rested(here, person):
        return "new"
    return standing(person)


def _fresh(here: Here) -> Seeker:
    """Somebody who has rested is asked anew; what was before is over."""
    person = here.them
    if not naming.rested(here, person):
        return here.seeker
    return with_person(here.seeker, naming.anew(person))


def _channel(name: str) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return ask_changed(here, channel=name)

    return keep


def _channels(here: Here) -> tuple[str, ...]:
    return CHANNELS


def _name_known(here: Here) -> str:
    return "known" if here.seeker.name else "unknown"


def _own_name(here: Here, name: object) -> Seeker:
    return replace(here.seeker, name=str(name))


def suggested_name(here: Here) -> tuple[Option, ...]:
    """The name the channel knows, as a button."""
    first = here.seeker.first_name
    return (Option("as_is", label=first),) if first else ()


def take_suggested(here: Here, tail: str) -> Seeker:
    """The seeker goes by the name the channel knows."""
    return replace(here.seeker, name=here.seeker.first_name)


def _drafted(here: Here) -> Seeker:
    return ask_changed(here, drafted=here.them.ask.drafted or here.moment)


def _draft_says(here: Here) -> Text:
    ask = here.them.ask
    if ask.own and ask.channel not in wording.SPOKEN:
        return Text("ask.draft.lead_own", named(here))
    return Text(f"ask.draft.lead_{ask.channel}", named(here))


def _draft(here: Here) -> Draft | None:
    return drafts.ask_draft(here)


def draft_options(here: Here) -> tuple[Option | str, ...]:
    """Sent, change it, not today; said the way the channel asks for."""
    word = {"phone": "called", "in_person": "asked"}.get(here.them.ask.channel, "sent")
    sent = Option("sent", label=Text(f"ask.draft.{word}"))
    return (sent, "change", "not_today")


def mark_sent(here: Here, tail: str) -> Seeker:
    """The ask went out: the clock starts."""
    return stepped(here, ask_changed(here, sent=here.moment, drafted=here.them.ask.drafted or here.moment))


def _spoken(here: Here) -> str:
    return "spoken" if here.them.ask.channel in wording.SPOKEN else "written"


def _zone_known(here: Here) -> str:
    return "known" if here.seeker.zone else "unknown"


def _sent_options(here: Here) -> tuple[str | Option, ...]:
    best = unasked(here)[:1]
    first = tuple(Option("person", str(one.id), values={"person": first_name(one)}) for one in best)
    return (*first, "answered", "week")


def _answers(answer: Answer) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        now = here.moment
        rest = {"declined": 365, "not_now": NOT_NOW_DAYS, "passed": REST_DAYS}.get(answer)
        until = now + timedelta(days=rest) if rest else None
        ask = replace(here.them.ask, answer=answer, answered=now, sent=here.them.ask.sent or now)
        talk = here.them.talk if answer == "agreed" else None
        return stepped(here, changed(here, ask=ask, rests_until=until, talk=talk))

    return keep


def _nothing(here: Here, tail: str) -> Seeker:
    ask = replace(here.them.ask, answer="", answered=None)
    return changed(here, ask=ask, talk=None)


def _is_unmet(here: Here) -> bool:
    return not (here.them.talk and here.them.talk.met)


def _may_remind(here: Here) -> bool:
    ask = here.them.ask
    return bool(ask.sent and not ask.reminded and not ask.answer)


def reminded(here: Here, tail: str) -> Seeker:
    """The one reminder went out; then this person rests."""
    until = here.moment + timedelta(days=REST_DAYS)
    ask = replace(here.them.ask, reminded=here.moment)
    return stepped(here, changed(here, ask=ask, rests_until=until))


def _silent_options(here: Here) -> tuple[str | Option, ...]:
    remind = ("remind",) if _may_remind(here) and is_silent(here, here.them, REMINDER_DAYS) else ()
    best = [one for one in unasked(here) if one.id != here.them.id][:1]
    first = tuple(Option("person", str(one.id), values={"person": first_name(one)}) for one in best)
    names = () if first else ("names",)
    return (*first, *names, *remind, "low")


def _next_options(here: Here) -> tuple[str | Option, ...]:
    best = [one for one in unasked(here) if one.id != here.them.id][:1]
    first = tuple(Option("person", str(one.id), values={"person": first_name(one)}) for one in best)
    return (*(first or ("names",)), *_rewordable(here), "low")


def _rewordable(here: Here) -> tuple[Option, ...]:
    """Other words for the reply; after the reminder nothing is left to send."""
    return () if here.them.ask.reminded else (REWORDED,)


def _passed_to(here: Here, found: object) -> Seeker:
    assert isinstance(found, list)
    return naming.add(here, found[:5], circle=3, by=here.them.id)


def _passed_options(here: Here) -> tuple[str | Option, ...]:
    mine = [one for one in here.seeker.people if one.named_by == here.them.id and not one.ask.sent]
    new = tuple(Option("person", str(one.id), values={"person": first_name(one)}) for one in mine[-3:])
    return (*new, "that_is_all")


def _mention(here: Here) -> Seeker:
    people = tuple(
        replace(one, may_mention=True) if one.named_by == here.them.id else one for one in here.seeker.people
    )
    return replace(here.seeker, people=people)


def _agreed_says(here: Here) -> Text:
    return Text("ask.agreed_aloud" if _spoken(here) == "spoken" else "ask.agreed", named(here))


def _agreed_draft(here: Here) -> Draft | None:
    return letters.reply(here, "yes") if _spoken(here) == "written" else None


def _declined(here: Here) -> Mapping[str, Value]:
    return {"care": Text("care.declined", pick=here.them.id), **named(here)}


def _silence(here: Here) -> Mapping[str, Value]:
    return {"care": Text("care.silence", pick=here.seeker.turn), **named(here)}


STEPS: tuple[Step, ...] = (
    Fork(id="ask.start", by=_start, changes=_fresh,
         ways={"new": "ask.channel", "drafted": "ask.draft", "asked": "ask.reply",
               "agreed": "person.page", "declined": "person.page", "not_now": "person.page",
               "passed": "person.page"}),
    Choose(id="ask.channel", fits=wording.is_unsent, otherwise="ask.start", fill=named, options=_channels,
           then=dict.fromkeys(CHANNELS, "ask.whom"),
           does={name: _channel(name) for name in CHANNELS}),
    Fork(id="ask.whom", by=lambda here: "nameless" if naming.lacks_a_name(here, here.them) else "named",
         ways={"nameless": "ask.called", "named": "ask.whose"}),
    Ask(id="ask.called", fill=named, reads=a_greeting, keeps=given_a_name),
    Fork(id="ask.whose", by=_name_known, ways={"known": "ask.ready", "unknown": "ask.name"}),
    Ask(id="ask.name", reads=own_name, keeps=_own_name, options=suggested_name,
        does={"as_is": take_suggested}, then={"as_is": "ask.ready"}),
    Fork(id="ask.ready", by=lambda here: "draft", changes=_drafted, ways={"draft": "ask.draft"}),
    Choose(id="ask.draft", kept=True, says=_draft_says, draft=_draft, options=draft_options,
           anytime=True, fits=wording.is_unsent, otherwise="ask.start",
           then={"sent": "ask.sent", "change": "ask.change", "not_today": HOME},
           does={"sent": mark_sent}),
    *wording.STEPS,
    Fork(id="ask.sent", by=_zone_known,
         ways={"known": "ask.clock", "unknown": Call("settings.zone", "ask.clock")}),
    Fork(id="ask.clock", by=_spoken, ways={"spoken": "ask.reply", "written": "ask.waiting"}),
    Choose(id="ask.waiting", fill=named, options=_sent_options,
           then={"person": "ask.start", "answered": "ask.reply", "week": HOME}),
    Choose(id="ask.reply", fits=_is_unmet, otherwise="person.page", fill=named,
           options=("agreed", "nothing", "not_now", "declined", "passed"),
           then={"agreed": "ask.agreed", "declined": "ask.declined", "not_now": "ask.not_now",
                 "nothing": "ask.nothing", "passed": "ask.passed"},
           does={"agreed": _answers("agreed"), "declined": _answers("declined"),
                 "not_now": _answers("not_now"), "nothing": _nothing,
                 "passed": _answers("passed")}),
    Tell(id="ask.agreed", says=_agreed_says, draft=_agreed_draft, kept=True,
         next="time.start"),
    Choose(id="ask.declined", kept=True, fill=_declined,
           draft=lambda here: letters.reply(here, "no"), options=_next_options,
           then={"person": "ask.start", "names": "people.think", "low": "care.low", "other_words": STAY},
           does={"other_words": reworded}),
    Choose(id="ask.not_now", kept=True, fill=named,
           draft=lambda here: letters.reply(here, "not_now"), options=_next_options,
           then={"person": "ask.start", "names": "people.think", "low": "care.low", "other_words": STAY},
           does={"other_words": reworded}),
    Choose(id="ask.nothing", fill=_silence, options=_silent_options,
           then={"person": "ask.start", "names": "people.think", "remind": "ask.reminder",
                 "low": "care.low"}),
    Choose(id="ask.reminder", kept=True, fill=named, draft=letters.reminder,
           options=("sent", REWORDED, "not_today"),
           then={"sent": "ask.rests", "not_today": HOME, "other_words": STAY},
           does={"sent": reminded, "other_words": reworded}, anytime=True, fits=_may_remind,
           otherwise="person.page"),
    Choose(id="ask.rests", fill=named, options=_next_options,
           then={"person": "ask.start", "names": "people.think", "low": "care.low"}),
    Ask(id="ask.passed", fill=named, reads=names, keeps=_passed_to, next="ask.passed_on",
        options=("no_name",), then={"no_name": HOME}, hears={"none": "no_name"}),
    Fork(id="ask.passed_on", by=any_double, changes=_mention,
         ways={"double": "ask.same", "none": "ask.introduced"}),
    same_person("ask.same", "ask.passed_on"),
    Choose(id="ask.introduced", kept=True, fill=named, draft=letters.reply_passed,
           options=_passed_options, then={"person": "ask.start", "that_is_all": HOME}),
)  # fmt: skip

STAGE = Stage("ask", STEPS, about="person")
