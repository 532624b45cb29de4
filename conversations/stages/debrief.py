"""The debrief: ten minutes after the talk, by taps and a few words; care first when it went badly."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from conversations import naming
from conversations.changes import debriefed, named
from conversations.days import a_day
from conversations.effects import Day, Text, Value
from conversations.names import names
from conversations.promises import due_on, just_made, not_promised, promised
from conversations.readers import some_words
from conversations.sayings import an_offer, what_was_said
from conversations.stages.people import noted, same_person
from conversations.state import Seeker
from conversations.steps import RESUME, Ask, Change, Choose, Fork, Here, Stage, Tell, Values

SOON = (("tomorrow", 1), ("days", 3), ("week", 7), ("weeks", 14))


def _feel(feel: str) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return debriefed(here, feel=feel)

    return keep


def _helped(here: Here, words: object) -> Seeker:
    return debriefed(here, helped=str(words))


def _fits(fits: str) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return debriefed(here, fits=fits)

    return keep


def _will_do(here: Here, words: object) -> Seeker:
    return debriefed(here, will_do=str(words))


def _named(here: Here, found: object) -> Seeker:
    assert isinstance(found, list)
    return naming.add(here, found, circle=3, by=here.them.id)


def _any_named(here: Here) -> str:
    if here.seeker.doubles:
        return "double"
    return "named" if here.seeker.fresh else "none"


def _may_use(here: Here, tail: str) -> Seeker:
    people = tuple(
        replace(one, may_mention=True) if one.id in here.seeker.fresh else one for one in here.seeker.people
    )
    return debriefed(replace(here, seeker=replace(here.seeker, people=people)), may_use_name=True)


def _theirs(here: Here, what: object) -> Seeker:
    return promised(here, what, theirs=True)


def _mine(here: Here, what: object) -> Seeker:
    return promised(here, what, theirs=False)


def _due(days: int) -> Change:
    def keep(here: Here, tail: str) -> Seeker:
        return _due_on(here, here.now.date() + timedelta(days=days))

    return keep


def _due_on(here: Here, day: object) -> Seeker:
    assert isinstance(day, date)
    return due_on(here, day, theirs=here.seeker.at.step == "debrief.theirs_when")


def _due_day(theirs: bool) -> Values:
    return lambda here: {"day": Day(promise.due if (promise := just_made(here, theirs)) else here.now.date())}


def _asked_ladder(here: Here) -> str:
    found, told = here.them.sheet, here.them.debrief
    if found.resume and not told.resume:
        return "resume"
    if found.reference and not told.reference:
        return "reference"
    return "over"


def _resume(answer: str) -> Change:
    return lambda here, tail: debriefed(here, resume=answer)


def _reference(answer: str) -> Change:
    return lambda here, tail: debriefed(here, reference=answer)


def _done(here: Here) -> Seeker:
    return debriefed(here, done=here.moment)


def is_met(here: Here) -> bool:
    """Whether the talk took place: before that there is nothing to tell about it."""
    return bool(here.them.talk and here.them.talk.met)


def _after_feel(here: Here) -> str:
    return "care" if here.them.debrief.feel == "bad" else "on"


def _bad(here: Here) -> Mapping[str, Value]:
    return {"care": Text("care.bad_talk", pick=here.them.id)}


WHEN = {name: _due(days) for name, days in SOON}


def _left_at(here: Here) -> str:
    at = here.them.at
    return "there" if at and at.step.startswith("debrief.") else "begin"


STAGE = Stage("debrief", (
    Fork(id="debrief.again", by=_left_at, ways={"there": RESUME, "begin": "debrief.feel"}),
    Choose(id="debrief.feel", fits=is_met, otherwise="person.page", fill=named,
           options=("good", "fair", "bad"),
           then=dict.fromkeys(("good", "fair", "bad"), "debrief.felt"),
           does={name: _feel(name) for name in ("good", "fair", "bad")}),
    Fork(id="debrief.felt", by=_after_feel, ways={"care": "debrief.bad", "on": "debrief.helped"}),
    Choose(id="debrief.bad", fill=_bad, options=("on", "thanks", "low"),
           then={"on": "debrief.helped", "thanks": "debrief.over",
                 "low": "care.low"}),
    Ask(id="debrief.helped", fill=named, reads=what_was_said, keeps=_helped, options=("nothing",),
        hears={"none": "nothing"}),
    Choose(id="debrief.fits", options=("yes", "partly", "no", "unsure"),
           does={name: _fits(name) for name in ("yes", "partly", "no", "unsure")}),
    Ask(id="debrief.names", fill=named, reads=names, keeps=_named, options=("none",),
        hears={"none": "none", "enough": "none"}, then={"none": "debrief.they_promised"}),
    Tell(id="debrief.named", says=noted),
    Fork(id="debrief.noted", by=_any_named,
         ways={"double": "debrief.same", "named": "debrief.use_name",
               "none": "debrief.they_promised"}),
    same_person("debrief.same", "debrief.noted"),
    Choose(id="debrief.use_name", fill=named, options=("yes", "not_asked"),
           does={"yes": _may_use}),
    Ask(id="debrief.they_promised", fill=named, reads=an_offer, keeps=_theirs, options=("none",),
        hears={"none": "none", "no": "none"}, then={"none": "debrief.i_promised"},
        does={"none": lambda here, tail: not_promised(here, theirs=True)}),
    Ask(id="debrief.theirs_when", reads=a_day, keeps=_due_on, options=tuple(WHEN), does=WHEN,
        hears={"unsure": "week"}),
    Tell(id="debrief.theirs_due", fill=_due_day(theirs=True)),
    Ask(id="debrief.i_promised", fill=named, reads=an_offer, keeps=_mine, options=("none",),
        hears={"none": "none", "no": "none"}, then={"none": "debrief.ladder"},
        does={"none": lambda here, tail: not_promised(here, theirs=False)}),
    Ask(id="debrief.mine_when", reads=a_day, keeps=_due_on, options=tuple(WHEN), does=WHEN,
        hears={"unsure": "week"}),
    Tell(id="debrief.mine_due", fill=_due_day(theirs=False)),
    Fork(id="debrief.ladder", by=_asked_ladder,
         ways={"resume": "debrief.resume", "reference": "debrief.reference",
               "over": "debrief.will_do"}),
    Choose(id="debrief.resume", options=("yes", "no", "not_asked"),
           then=dict.fromkeys(("yes", "no", "not_asked"), "debrief.ladder"),
           does={name: _resume(name) for name in ("yes", "no", "not_asked")}),
    Choose(id="debrief.reference", options=("yes", "no", "not_asked"),
           then=dict.fromkeys(("yes", "no", "not_asked"), "debrief.ladder"),
           does={name: _reference(name) for name in ("yes", "no", "not_asked")}),
    Ask(id="debrief.will_do", reads=some_words, keeps=_will_do, options=("skip",), hears={"unsure": "skip"}),
    Tell(id="debrief.over", changes=_done, next="thanks.start"),
), about="person")  # fmt: skip
