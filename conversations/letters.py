"""Words for a person after the ask: replies, times, thanks, reports back, promises."""

from conversations.drafts import aim_of, letter, opening_pick, values_of, written
from conversations.effects import Draft, Listing, Stack, Text, Value, When
from conversations.promises import due_promise
from conversations.state import Person, Tone, person_of
from conversations.steps import Here


def _letter(here: Here, person: Person, *body: Value, subject: str = "talk") -> Draft:
    """A letter in the tone this person was asked in, unless the thank-you has one of its own."""
    return written(here, person, letter(here, person, *body, tone=_tone(person)), subject)


def _tone(person: Person) -> Tone:
    return person.thanks.tone if person.thanks.tone != "plain" else person.ask.tone


def reply(here: Here, kind: str) -> Draft:
    """The answer to their yes, no or not now."""
    person = here.them
    words = Text(f"drafts.reply.{kind}", values_of(here, person), opening_pick(here, person))
    return _letter(here, person, words)


def reply_passed(here: Here) -> Draft:
    """The answer to someone who passed the seeker on to somebody else."""
    person = here.them
    named = [one for one in here.seeker.people if one.named_by == person.id]
    other = named[-1].name if named else ""
    words = Text("drafts.reply.passed", {"other": other}, opening_pick(here, person))
    return _letter(here, person, words)


def reminder(here: Here) -> Draft:
    """One kind reminder."""
    person = here.them
    words = Text("drafts.reminder", pick=opening_pick(here, person))
    return _letter(here, person, words, subject="again")


def times(here: Here, slots: tuple[Value, ...]) -> Draft:
    """Three times to offer."""
    lines = Stack(slots, gap=1)
    return _letter(here, here.them, Stack((Text("drafts.times"), lines), gap=1), Text("drafts.times.close"))


def confirmation(here: Here, when: When) -> Draft:
    """The line that confirms a talk the day before."""
    talk = here.them.talk
    way = talk.way if talk else "phone"
    return _letter(here, here.them, Text(f"drafts.confirm.{way}", {"when": when}))


def change(here: Here, kind: str) -> Draft:
    """What to write when a talk must move, was cancelled, or did not happen."""
    return _letter(here, here.them, Text(f"drafts.{kind}", pick=opening_pick(here, here.them)))


def thanks(here: Here) -> Draft:
    """The thank-you, from what was said in the talk."""
    person = here.them
    if person.thanks.own:
        return written(here, person, person.thanks.own, "thanks")
    poor = person.debrief.feel == "bad"
    body = _poor(person) if poor else _short(person) if person.thanks.short else _full(here)
    return _letter(here, person, *body, subject="thanks")


def _way(person: Person) -> str:
    return person.talk.way if person.talk else "phone"


def _poor(person: Person) -> tuple[Value, ...]:
    return (Text("drafts.thanks.poor", pick=person.id + person.thanks.spin),)


def _short(person: Person) -> tuple[Value, ...]:
    return (Text(f"drafts.thanks.short.{_way(person)}", pick=person.id + person.thanks.spin),)


def _full(here: Here) -> tuple[Value, ...]:
    person = here.them
    pick = person.id + person.thanks.spin
    told = person.debrief
    formal = _tone(person) == "formal"
    body: list[Value] = [Text("drafts.thanks.formal" if formal else f"drafts.thanks.{_way(person)}",
                              pick=pick)]  # fmt: skip
    if _tone(person) == "warmer":
        body.append(Text("drafts.thanks.warm", pick=pick))
    if told.helped:
        body.append(Text("drafts.thanks.helped", {"helped": told.helped}, pick))
    if told.will_do:
        body.append(Text("drafts.thanks.will_do", {"will_do": told.will_do}, pick))
    named = tuple(one.name for one in here.seeker.people if one.named_by == person.id)
    if named:
        body.append(Text("drafts.thanks.names", {"names": Listing(named)}, pick))
    offered = next((one for one in person.promises if one.theirs and not one.kept), None)
    if offered:
        body.append(Text("drafts.thanks.offered", {"promise": offered.what}, pick))
    return (*body, Text("drafts.thanks.give_back", pick=pick))


def promised(here: Here, theirs: bool | None = None) -> Draft:
    """The sentence that goes with a promise that is due: of either side, or of one."""
    promise = due_promise(here.them, theirs)
    assert promise is not None  # the steps with this draft fit only while one is open
    side = "theirs" if promise.theirs else "mine"
    words = Text(f"drafts.promise.{side}", {"promise": promise.what}, promise.id + here.them.ask.spin)
    return _letter(here, here.them, words)


def report(here: Here, person: Person, event: str) -> Draft:
    """What the one who gave this person's name is told: that they were asked, or met."""
    by = person_of(here.seeker, person.named_by)
    assert by is not None
    body: list[Value] = [Text(f"drafts.report.{event}", {"person": person.name}, person.id + person.ask.spin)]
    if event == "met" and person.debrief.helped:
        helped = {"helped": person.debrief.helped}
        body.append(Text("drafts.report.met.helped", helped, person.id))
    return _letter(here, by, *body)


def month_after(here: Here) -> Draft:
    """A short update, a month after the talk."""
    will_do = here.them.debrief.will_do
    key = "drafts.month" if will_do else "drafts.month.plain"
    return _letter(here, here.them, Text(key, {"will_do": will_do}, here.them.id + here.them.ask.spin))


def found_work(here: Here) -> Draft:
    """The last thank-you: the seeker has found work."""
    return _letter(here, here.them, Text("drafts.found", pick=here.them.id), subject="thanks")


def resume_ask(here: Here) -> Draft:
    """Asking for a look at the resume, afterwards and in writing."""
    return _letter(here, here.them, Text("drafts.resume", pick=here.them.id))


def referee_note(here: Here) -> Draft:
    """A page that makes it easy to be a reference."""
    values = values_of(here, here.them)
    work = (Text("drafts.referee.work", values),) if aim_of(here) == "field" else ()
    body = (Text("drafts.referee.intro", values), *work, Text("drafts.referee.points", values),
            Text("drafts.referee.close", values))  # fmt: skip
    return _letter(here, here.them, *body)
