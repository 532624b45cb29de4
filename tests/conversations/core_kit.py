"""What the tests of the core share: the real script and words, and a seeker who can be driven."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.building import build
from bot.words import Words
from conversations import Nudge, Script, Seeker, advance, plan
from conversations.effects import Button, Draft, Effect, Say, Value
from conversations.events import Chose, Commanded, Event, NudgesDue, Started, Wrote
from conversations.saving import dump
from conversations.saving import load as read
from conversations.state import Person

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday, nine in the morning in Chicago, the week of Thanksgiving."""


@cache
def the_coach() -> tuple[Script, Words]:
    """The script and the words, as the coach runs them."""
    return build()


def the_words() -> Words:
    """All words."""
    return the_coach()[1]


def the_script() -> Script:
    """The script."""
    return the_coach()[0]


def said(value: Value | Draft, language: str = "en") -> str:
    """The words of a value or a draft."""
    words = the_words()
    if not isinstance(value, Draft):
        return words.say(value, language)
    subject = words.say(value.subject, value.language) + "\n" if value.subject else ""
    return subject + words.say(value.body, value.language)


@dataclass
class Driven:
    """A seeker who is driven by the words on the buttons, at a clock that only the test moves."""

    seeker: Seeker = field(default_factory=Seeker)
    now: datetime = MONDAY
    effects: tuple[Effect, ...] = ()
    buttons: tuple[Button, ...] = ()

    def do(self, event: Event) -> "Driven":
        """Let something happen; whatever it leaves is saved and loaded again."""
        self.seeker, self.effects = advance(the_script(), self.seeker, event, self.now)
        assert read(dump(self.seeker)) == self.seeker
        offered = [one.buttons for one in self.effects if isinstance(one, Say) and one.buttons]
        self.buttons = offered[-1] if offered else self.buttons
        return self

    def press(self, *labels: str) -> "Driven":
        """Press buttons by their words, one after another."""
        for label in labels:
            found = {said(one.label): one for one in self.buttons}
            assert label in found, f"no button {label!r} at {self.seeker.at}: {list(found)}"
            one = found[label]
            self.do(Chose(one.step, one.option, one.person, one.entered))
        return self

    def choose(self, option: str) -> "Driven":
        """Press the newest button with this option."""
        one = next((b for b in self.buttons if b.option.partition("~")[0] == option), None)
        assert one, f"no option {option!r} at {self.seeker.at}: {[b.option for b in self.buttons]}"
        return self.do(Chose(one.step, one.option, one.person, one.entered))

    def type(self, *words: str) -> "Driven":
        """Type messages, one after another."""
        for one in words:
            self.do(Wrote(one))
        return self

    def command(self, name: str) -> "Driven":
        """Give a command."""
        return self.do(Commanded(name))

    def wait(self, **time: float) -> "Driven":
        """Let time pass without a bell."""
        self.now += timedelta(**time)
        return self

    def plan(self) -> tuple[Nudge, ...]:
        """Every nudge still owed."""
        return plan(the_script(), self.seeker, self.now)

    def next(self, rule: str) -> Nudge | None:
        """The soonest nudge of a rule that is still owed."""
        return next((one for one in self.plan() if one.rule == rule), None)

    def ring(self) -> "Driven":
        """Ring the bell now, for all that is due."""
        due = tuple((one.rule, one.person) for one in self.plan() if one.due <= self.now)
        return self.do(NudgesDue(due))

    def them(self, number: int = 1) -> Person:
        """One of the seeker's people."""
        return next(one for one in self.seeker.people if one.id == number)

    def words(self) -> str:
        """All that was said in the last turn."""
        return "\n".join(said(p) for e in self.effects if isinstance(e, Say) for p in e.parts)


def welcomed() -> Driven:
    """A seeker in Chicago who looks for work in nursing, with two people on the list."""
    one = Driven().do(Started("en", "Dana")).choose("situation").type("nursing")
    one.type("Maria Lopez, nurse at Mercy\nSam Chen").choose("enough").choose("close").choose("some")
    return one


def asked() -> Driven:
    """The same seeker, who has sent a message to Maria Lopez."""
    one = welcomed().choose("person").press("Text or chat message").choose("as_is").choose("sent")
    return one.type("Chicago")


def agreed() -> Driven:
    """Maria Lopez said yes, and is asked for a phone call."""
    return asked().choose("answered").choose("agreed").choose("phone")


def with_talk(when: str = "2026-12-01 12:00") -> Driven:
    """A talk with Maria Lopez is set."""
    return agreed().type(when).choose("right").choose("skip")


def met() -> Driven:
    """The talk with Maria Lopez is over, a quarter of an hour ago."""
    one = with_talk()
    one.now = datetime(2026, 12, 1, 18, 35, tzinfo=UTC)
    one.command("talks")
    return one.choose("person").choose("happened").choose("yes")


def debriefed() -> Driven:
    """All that was said in the talk is noted: one name, a promise of either side, what comes next."""
    one = met().choose("good").type("Start as an aide").choose("partly")
    one.type("Ana Ruiz, head nurse\nSam Chen").choose("same").choose("yes")
    return (
        one.type("send me the form")
        .choose("days")
        .type("write about it")
        .choose("week")
        .type("call the school")
    )


def thanked() -> Driven:
    """The thank-you to Maria Lopez is sent, and Ana Ruiz, whom she named, is written to."""
    one = debriefed().choose("sent").choose("person").press("Text or chat message").choose("sent")
    return one.choose("week")
