"""Home: the next step, honest counts, and where everything is; a way back from anywhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from conversations.content import shown_help
from conversations.counts import counts
from conversations.duties import STEPS, duties, is_awaited, name_of
from conversations.effects import Fitting, SendExport, Stack, Text, Value
from conversations.helping import help_lines
from conversations.stages.after import NEXT_TO_THANK, to_thank
from conversations.stages.people import LONGEST_LIST, described, paged
from conversations.state import Person, Seeker, person_of
from conversations.steps import HOME, STAY, Call, Choose, Fork, Here, Option, Stage
from conversations.times import when_of

WAITING_HOURS = 24


def _door(here: Here) -> str:
    seeker = here.seeker
    if seeker.welcomed:
        return "waiting" if _waits_behind(here) else "home"
    return "aim" if seeker.situation else "situation"


def _waits_behind(here: Here) -> bool:
    """Whether several nudges came together within the last day, and some are still to be shown."""
    nudging = here.seeker.nudging
    since = max((one.at for one in nudging.said), default=None)
    return bool(nudging.waiting and since and here.now - since < timedelta(hours=WAITING_HOURS))


def _home(here: Here) -> Mapping[str, Value]:
    first = duties(here)[0]
    next_step = Text(f"home.duty.{first.name}", {"person": name_of(here, first)})
    return {"next": next_step, "counts": counts_line(here)}


def counts_line(here: Here) -> Value:
    """The honest counts in one line, or the sentence for a beginning."""
    told = counts(here.seeker)
    if not told.asked:
        return Text("home.counts.none", {"listed": told.listed})
    values = {"asked": told.asked, "answered": told.answered, "met": told.met, "named": told.named}
    return Text("home.counts", values)


def _next(here: Here) -> str:
    """The most pressing duty; before the welcome is over, that is the welcome."""
    return duties(here)[0].name if here.seeker.welcomed else "welcome"


def _next_whom(here: Here) -> int:
    return duties(here)[0].person


def _waiting(here: Here) -> Mapping[str, Value]:
    open_asks = [one for one in here.seeker.people if is_awaited(here, one)]
    lines = tuple(Text("people.line", {"person": described(one)}) for one in open_asks[:10])
    return {"people": Stack(lines, gap=1)}


def _with_talks(here: Here) -> list[Person]:
    return [one for one in here.seeker.people if one.ask.answer == "agreed"]


def _talks_says(here: Here) -> Text:
    people = _with_talks(here)
    lines = []
    for one in people[:10]:
        when = when_of(here, one)
        name = "set" if when else "met" if one.talk and one.talk.met else "open"
        lines.append(Text(f"home.talk_{name}", {"person": one.name, **({"when": when} if when else {})}))
    return Text("home.talks", {"talks": Stack(tuple(lines), gap=1)}) if lines else Text("home.talks.none")


def _talks(here: Here) -> tuple[str | Option, ...]:
    people = tuple(Option("person", str(one.id), label=one.name) for one in _with_talks(here))
    return (*paged(here, people), "next")


def _questions_says(here: Here) -> Text:
    return Text("home.questions" if _asked(here) else "home.questions.none")


def _asked(here: Here) -> list[Person]:
    return [one for one in here.seeker.people if one.ask.sent or one.talk]


def _questions(here: Here) -> tuple[str | Option, ...]:
    people = tuple(Option("person", str(one.id), label=one.name) for one in _asked(here))
    return (*paged(here, people), "next")


def _progress(here: Here) -> Mapping[str, Value]:
    told = counts(here.seeker)
    tree = _tree(here)
    return {
        "listed": told.listed, "asked": told.asked, "answered": told.answered, "met": told.met,
        "named": told.named, "thanked": told.thanked,
        "tree": _fitting(tree) if tree else Text("home.tree_none"),
    }  # fmt: skip


def _fitting(tree: tuple[Value, ...]) -> Value:
    """As much of the tree as a message holds, the newest of it."""
    return Fitting(tuple(Stack(tree[-most:], gap=1) for most in (40, 20, 10)), LONGEST_LIST)


def _tree(here: Here) -> tuple[Value, ...]:
    return tuple(
        Text("home.tree_line", {"introducer": by.name, "person": one.name})
        for one in here.seeker.people[-40:]
        if (by := person_of(here.seeker, one.named_by))
    )


def _local(here: Here) -> Text:
    situation = here.script.content.situations.get(here.seeker.situation)
    entries = shown_help(situation.help, here.seeker.country, here.now.date()) if situation else ()
    if not entries:
        return Text("home.local.none")
    return Text("home.local", {"places": help_lines(entries)})


def _situation(here: Here) -> Mapping[str, Value]:
    found = here.script.content.situations[here.seeker.situation]
    unsaid = tuple(
        Text("home.unsaid_line", {"unsaid": Text(key), "instead": Text(f"{key}.instead")})
        for key in found.unsaid
    )
    return {"happened": Text(found.key("happened")), "unsaid": Stack(unsaid, gap=1)}


def _plain(here: Here) -> Mapping[str, Value]:
    found = here.script.content.situations[here.seeker.situation]
    return {"pairs": Stack(tuple(Text("home.plain_line", {"pair": Text(key)}) for key in found.plain), gap=1)}


def _found(here: Here, tail: str) -> Seeker:
    nudging = replace(here.seeker.nudging, off=True)
    return replace(here.seeker, found_work=True, nudging=nudging)


def _found_says(here: Here) -> Text:
    return Text("home.found" if to_thank(here) else "home.found.nobody")


def _found_options(here: Here) -> tuple[str, ...]:
    return ("thank" if to_thank(here) else "on", "not_yet")


def _help_options(here: Here) -> tuple[str, ...]:
    about = ("talking", "words", "local") if here.seeker.situation else ()
    return (*about, "hard", "commands", "privacy")


STAGE = Stage("home", (
    Fork(id="home.door", by=_door,
         ways={"waiting": "nudges.next", "home": "home.home", "situation": "welcome.situation",
               "aim": "welcome.aim"}),
    Choose(id="home.home", fill=_home,
           options=("next", "people", "talks", "questions", "progress", "plan", "settings", "help"),
           then={"next": "home.next", "people": "people.list", "talks": "home.talks",
                 "questions": "home.questions", "progress": "home.progress", "plan": "plan.show",
                 "settings": "settings.menu", "help": "home.help"}),
    Fork(id="home.next", by=_next, whom=_next_whom, ways={**STEPS, "welcome": HOME}),
    Choose(id="home.waiting", fill=_waiting, options=("names", "plan", "hard"),
           then={"names": "people.think", "plan": "plan.show", "hard": "care.menu"}),
    Choose(id="home.talks", says=_talks_says, options=_talks,
           then={"person": "talk.page", "page": STAY, "next": "home.next"}),
    Choose(id="home.questions", says=_questions_says, options=_questions,
           then={"person": "questions.start", "page": STAY, "next": "home.next"}),
    Choose(id="home.progress", fill=_progress, options=("next", "found"),
           then={"next": "home.next", "found": "home.found"}),
    Choose(id="home.found", says=_found_says, options=_found_options,
           then={"thank": "home.thank_next", "on": HOME, "not_yet": "home.progress"},
           does={"thank": _found, "on": _found}),
    NEXT_TO_THANK,
    Choose(id="home.thanked", options=("on",), then={"on": HOME}),
    Choose(id="home.help", options=_help_options,
           then={"talking": "home.talking", "words": "home.words", "local": "home.local",
                 "hard": "care.menu", "commands": "home.commands", "privacy": "home.privacy"}),
    Choose(id="home.commands", options=("help",), then={"help": "home.help"}),
    Choose(id="home.talking", fill=_situation, options=("help",), then={"help": "home.help"}),
    Choose(id="home.words", fill=_plain, options=("help",), then={"help": "home.help"}),
    Choose(id="home.local", says=_local, options=("help",), then={"help": "home.help"}),
    Choose(id="home.privacy", options=("export", "erase"),
           then={"export": "home.export", "erase": Call("settings.erase", "home.privacy")}),
    Choose(id="home.export", kept=True, extra=lambda here: (SendExport(),), options=("privacy",),
           then={"privacy": "home.privacy"}),
))  # fmt: skip
