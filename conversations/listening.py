"""Hearing the seeker: commands, buttons, words, and what the coach cannot use."""

from dataclasses import replace

from conversations import naming
from conversations.effects import Notice, Text
from conversations.elsewhere import COMMANDS, meant
from conversations.events import Chose, Commanded, SharedContact, Showed, Started, Wrote
from conversations.hearing import means, refuses, sounds_like_despair, sounds_low
from conversations.names import Named, a_name
from conversations.readers import Unclear, clean, line
from conversations.state import Place, person_of
from conversations.steps import HOME, Ask, Choose, Option
from conversations.walking import Walk

RETURNING = ("language", "erase")  # what these lead to ends where the seeker was
LONGEST_PHONE = 32
LONGEST_SIGH = 200  # longer words are notes or a message, not a sigh
OPEN_TO_ALL = ("language", "help", "privacy", "export", "erase")


def started(walk: Walk, event: Started) -> None:
    """A new seeker is welcomed; a known one is shown home, or where the welcome was left."""
    seeker = walk.seeker
    codes = [code for code, _ in walk.script.languages]
    if not seeker.language_chosen and not seeker.welcomed and event.language in codes:
        seeker = replace(seeker, language=event.language)
    walk.seeker = replace(seeker, first_name=event.first_name or seeker.first_name)
    walk.jump(Place(HOME if seeker.welcomed else "welcome.hello"))


def commanded(walk: Walk, event: Commanded) -> None:
    """A known command goes where it says; before the welcome is over, most lead back to it."""
    target = COMMANDS.get(event.name)
    if target is None:
        return _unclear(walk, Text("unclear.command"))
    if not walk.seeker.welcomed and event.name not in OPEN_TO_ALL:
        return walk.show()
    if target == "home.home":
        return home(walk)
    if event.name in RETURNING and walk.seeker.at.step != target:
        walk.seeker = replace(walk.seeker, calls=(*walk.seeker.calls, walk.seeker.at)[-5:])
    walk.visit(Place(target))


def home(walk: Walk) -> None:
    """Home itself: whoever asks for it is not shown the nudges that wait behind another one."""
    walk.seeker = replace(walk.seeker, nudging=replace(walk.seeker.nudging, waiting=()))
    walk.jump(Place(HOME))


def chose(walk: Walk, event: Chose) -> None:
    """A button that fits does what it says; any other shows where the seeker stands."""
    place = Place(event.step, event.person)
    if event.option == "home":
        return home(walk)
    if _is_current(walk, event):
        place = walk.seeker.at
        if event.option == "back" and walk.seeker.trail:
            return walk.back()
    elif not _works_anytime(walk, place):
        return _stale(walk)
    option = walk.offered(place).get(event.option)
    if option is None:
        return _stale(walk)
    _choose(walk, place, option)


def _choose(walk: Walk, place: Place, option: Option) -> None:
    walk.stand_at(place)
    step = walk.script.step(place.step)
    assert isinstance(step, Choose)
    if option.slug in step.does:
        walk.seeker = step.does[option.slug](walk.here(place), option.tail)
    target = step.then.get(option.slug, step.next or walk.script.after(step.id))
    person = int(option.tail) if option.slug == "person" else 0
    about = option.about or ("" if option.slug == "person" else option.tail)
    walk.go(target, person, about)


def _is_current(walk: Walk, event: Chose) -> bool:
    at = walk.seeker.at
    same = (event.step, event.person) == (at.step, at.person)
    if not same or event.entered != walk.seeker.entered or not walk.script.has(at.step):
        return False
    step = walk.script.step(at.step)
    return isinstance(step, Choose) and walk.fits(at, step)


def _works_anytime(walk: Walk, place: Place) -> bool:
    if not walk.script.has(place.step) or place == walk.seeker.at:
        return False
    step = walk.script.step(place.step)
    if not isinstance(step, Choose) or not step.anytime:
        return False
    needed = walk.script.about(place.step) == "person" or bool(place.person)
    if needed and person_of(walk.seeker, place.person) is None:
        return False
    return walk.fits(place, step)


def _stale(walk: Walk) -> None:
    walk.effects.append(Notice(Text("unclear.old_button")))
    walk.show()


def wrote(walk: Walk, event: Wrote) -> None:
    """Words go to the step that waits for them. Words of despair come before everything."""
    words = clean(event.words)
    at = walk.seeker.at
    if sounds_like_despair(words, walk.script.alarms, walk.seeker.language):
        if at.step != "care.despair":
            walk.seeker = replace(walk.seeker, calls=(*walk.seeker.calls, at)[-5:])
        return walk.enter(Place("care.despair"))
    step = walk.script.step(at.step) if walk.script.has(at.step) else None
    here = walk.here()
    if event.edited:
        return _unclear(walk, Text("unclear.edited"))
    if sounds_low(here, words) and len(words) < LONGEST_SIGH:
        return _care(walk)
    if means(here, words, "back") and walk.seeker.trail:
        return walk.back()
    if isinstance(step, Ask) and words:
        return _answered(walk, step, words)
    if not _found_a_way(walk, words):
        _unclear(walk, Text("unclear.button" if words else "unclear.nothing"))


def _found_a_way(walk: Walk, words: str) -> bool:
    """Where only buttons wait, words may still name a language, or mean something."""
    match meant(walk, words):
        case Chose() as press:
            chose(walk, press)
        case Commanded() as command:
            commanded(walk, command)
        case Place() as page:
            walk.visit(page)
        case str() as code:
            _speak(walk, code)
        case None:
            return False
    return True


def _speak(walk: Walk, code: str) -> None:
    """The language that was named, as if its button had been pressed; the welcome is said again in it."""
    walk.seeker = replace(walk.seeker, language=code, language_chosen=True)
    if not walk.seeker.welcomed:
        return walk.jump(Place("welcome.hello"))
    walk.say(Text("settings.language_set"))
    walk.show()


def _answered(walk: Walk, step: Ask, words: str) -> None:
    here, at = walk.here(), walk.seeker.at
    stands_for = [slug for kind, slug in step.hears.items()
                  if means(here, words, kind) or (kind == "no" and refuses(here, words))]  # fmt: skip
    for slug in stands_for:
        if slug in walk.offered(at):
            return _choose(walk, at, walk.offered(at)[slug])
    try:
        answer = step.reads(here, words)
    except Unclear as unclear:
        return _unclear(walk, Text(unclear.key, unclear.values))
    walk.seeker = step.keeps(here, answer)
    walk.go(step.next or walk.script.after(step.id))


def _care(walk: Walk) -> None:
    """A hard day comes before the question; the way back leads to it."""
    if walk.seeker.at.step.startswith("care."):
        return walk.enter(Place("care.low"))
    walk.visit(Place("care.low"))


def _unclear(walk: Walk, why: Text) -> None:
    walk.say(why)
    walk.show()


def shared(walk: Walk, event: SharedContact) -> None:
    """A shared contact becomes a person, wherever the seeker stands."""
    if not walk.seeker.welcomed:
        return _unclear(walk, Text("unclear.contact"))
    try:
        name = a_name(walk.here(), clean(event.name))
    except Unclear as unclear:
        return _unclear(walk, Text(unclear.key, unclear.values))
    seeker = naming.add(walk.here(), [Named(name, phone=line(clean(event.phone), LONGEST_PHONE))])
    walk.seeker = replace(seeker, walking=walk.seeker.at.step == "people.walk")
    walk.go("people.noted")


def showed(walk: Walk, event: Showed) -> None:
    """Something that is neither words nor a button: say so kindly, and go on."""
    _unclear(walk, Text("unclear.kind"))
