"""A seeker who does anything at any time: whatever happens, the coach keeps its promises."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.words import Words
from conversations import Seeker, advance, plan
from conversations.calendar import is_quiet
from conversations.effects import Button, Draft, Effect, Notice, Say, SendCalendarFile, Text, Value
from conversations.elsewhere import COMMANDS
from conversations.events import (
    CameBack,
    Chose,
    ClocksChanged,
    Commanded,
    Event,
    Left,
    NudgesDue,
    SharedContact,
    Showed,
    Started,
    Withdrawn,
    Wrote,
)
from conversations.nudges import zone_of
from conversations.rules import RULES
from conversations.saving import dump, load
from conversations.script import families
from conversations.state import Nudging
from conversations.steps import Ask, Choose
from tests.conversations.core_kit import (
    MONDAY,
    Driven,
    agreed,
    asked,
    debriefed,
    met,
    thanked,
    the_script,
    the_words,
    welcomed,
    with_talk,
)

LONG = bool(os.environ.get("TWENTY_LONG_TESTS"))
NASTY = (
    "", " ", "\xa0", "\u200b", "\ufeff", "\xad", "\u2060", "\u3164", "\u2800", "\u115f",
    "\U000e0041\U000e007f",
    "\u1680", "a\0b", "\a", "\x1b[31m", "\x7f", "\x85", "\x9b2J", "\r\n", "\u2028", "\u2029",
    "\ufff9x\ufffay\ufffb", "\u202etxt.exe", "\u202d", "\u202ax", "\u2066x", "\u2069", "\u2067abc\u2069",
    "\u200fabc", "\u061c", "\u0645\u062d\u0645\u062f (5)", "\u05e9\u05dc\u05d5\u05dd, Bob 12:30",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937", "Z" + "\u0315" * 200,
    "\u0301x", "\u034f", "\U0001d160", "\ufdfa", "e\u0301", "\u1ea2",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f1fa\U0001f1e6",
    "\U0001f44d\U0001f3ff",
    "1\ufe0f\u20e3", "\U00020000", "\U0001f600" * 4096, "\ud83d", "\ude00", "\ude00\ud83d", "\ufffe",
    "\U0010ffff", "\udcc3(", "\u0130stanbul", "stra\xdfe", "\u038c\u03a3\u039f\u03a3",
    '</b><a href="tg://user?id=1">x</a>&amp;#60; <3 {0} %s ${x} {{7*7}} {person}',
    "=cmd|'/c calc'!A1", "'; DROP TABLE n;--", "../../etc/passwd",
)  # fmt: skip
DESPAIR = ("I want to die", "i dont want to live anymore", "quiero morir")
LIFE = (
    "Maria Lopez, nurse at Mercy, old neighbor", "Sam Chen\nAna Ruiz, head nurse\nJoe", "Sam Chen",
    "maria lopez", "José Núñez, baker; Li Wei", "nursing", "Chicago", "London", "Tokyo", "Kathmandu",
    "2026-12-04 15:00", "2026-12-24", "2027-03-14 02:30", "2027-01-11 07:30", "2027-06-01 22:00", "0000-1-1",
    "15:00", "3:30 pm", "25:00", "7am", "23:45", "call the school", "send me the form", "I have no idea",
    "x" * 5000, "A, " * 60, "7",
)  # fmt: skip
CONTACTS = ("Ana Ruiz", "Sam Chen", "\U0001f600", "Joe\nBloggs", "\u3164", "L" * 300)
AWAY = ("home", "back")
STAGES_OF_LIFE = (Driven, welcomed, asked, agreed, with_talk, met, debriefed, thanked)
MEMORY = 60
"""How many older buttons may still be pressed."""


def texts_in(value: Value | Draft | None) -> list[Text]:
    """Every text inside a value."""
    if isinstance(value, Draft):
        return [*texts_in(value.subject), *texts_in(value.body)]
    if isinstance(value, Text):
        return [value, *(one for inner in value.values.values() for one in texts_in(inner))]
    inner = getattr(value, "items", None) or getattr(value, "choices", None) or ()
    return [one for each in inner for one in texts_in(each)]


def gaps_left(words: Words, text: Text, language: str) -> set[str]:
    """The gaps of a text that nothing fills."""
    form = words.form(text.key, text.language or language, text.pick, text.count)
    given = set(text.values) | ({"count"} if text.count is not None else set())
    return set(re.findall(r"\{(\w+)\}", form)) - given


def facts_of(seeker: Seeker) -> Seeker:
    """The seeker without what tells only where they are: what a second press may not change."""
    people = tuple(replace(one, at=None) for one in seeker.people)
    return replace(
        seeker, turn=0, entered=0, at=Seeker().at, trail=(), calls=(), marks=(), last_seen=None,
        people=people, nudging=replace(seeker.nudging, unanswered=0, waiting=(), moved=""), stepped=None,
    )  # fmt: skip


class RandomSeeker(RuleBasedStateMachine):
    """Anything a seeker, a channel or the bell can do, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.script, self.words = the_script(), the_words()
        self.seeker, self.now = Seeker(), MONDAY
        self.newest: tuple[Button, ...] = ()
        self.older: list[Button] = []
        self.last_event = self.now
        self.last_nudge: datetime | None = None
        self.told: set[tuple[str, int, str]] = set()

    # --- what can happen -------------------------------------------------------------------------

    @initialize(stage=st.sampled_from(STAGES_OF_LIFE), discreet=st.booleans())
    def begin(self, stage: Callable[[], Driven], discreet: bool) -> None:
        """Some begin at the very beginning, some in the middle of things."""
        driven = stage()
        self.seeker, self.now, self.newest = driven.seeker, driven.now, driven.buttons
        self.seeker = replace(self.seeker, discreet=discreet)
        self.last_event = self.now

    @rule(event=st.sampled_from((Started("es", "Dana"), Started("xx"), *map(Showed, ("voice", "photo")))))
    def start_or_show(self, event: Event) -> None:
        self.heard(event)

    @precondition(lambda self: self.newest)
    @rule(number=st.integers(0, 30))
    def press(self, number: int) -> None:
        self.heard(self.chosen(self.newest[number % len(self.newest)]))

    @precondition(lambda self: [b for b in self.newest if b.option not in AWAY])
    @rule(number=st.integers(0, 30))
    def go_on(self, number: int) -> None:
        onward = [one for one in self.newest if one.option not in AWAY]
        self.heard(self.chosen(onward[number % len(onward)]))

    @precondition(lambda self: self.newest)
    @rule(number=st.integers(0, 30))
    def press_twice(self, number: int) -> None:
        event = self.chosen(self.newest[number % len(self.newest)])
        self.heard(event)
        once = facts_of(self.seeker)
        self.heard(event)
        assert facts_of(self.seeker) == once, f"{event} did something twice"

    @precondition(lambda self: self.older)
    @rule(number=st.integers(0, MEMORY))
    def press_an_older_button(self, number: int) -> None:
        self.heard(self.chosen(self.older[number % len(self.older)]))

    @rule(option=st.sampled_from(("home", "back", "sent", "", "x~9", "person~99")), person=st.integers(0, 4),
          number=st.integers(0, 200))  # fmt: skip
    def press_what_was_never_there(self, option: str, person: int, number: int) -> None:
        steps = [one.id for stage in self.script.stages for one in stage.steps] + ["no.such", ""]
        self.heard(Chose(steps[number % len(steps)], option, person, number))

    @rule(words=st.sampled_from(LIFE), edited=st.sampled_from((False, False, False, True)))
    def type(self, words: str, edited: bool) -> None:
        self.heard(Wrote(words, edited))

    @rule(number=st.integers(0, 30))
    def go_on_and_on(self, number: int) -> None:
        for turn in range(3):
            onward = [one for one in self.newest if one.option not in (*AWAY, "erase")]
            if onward:
                self.heard(self.chosen(onward[(number + turn) % len(onward)]))

    @precondition(lambda self: isinstance(self.script.step(self.seeker.at.step), Ask))
    @rule(words=st.sampled_from(LIFE))
    def answer(self, words: str) -> None:
        self.heard(Wrote(words))

    @rule(words=st.lists(st.sampled_from(LIFE), min_size=4, max_size=4), number=st.integers(0, 30))
    def answer_and_go_on(self, words: list[str], number: int) -> None:
        for one in words:
            if isinstance(self.script.step(self.seeker.at.step), Ask):
                self.answer(one)
            self.go_on_and_on(number)

    @rule(words=st.one_of(st.sampled_from(NASTY), st.sampled_from(DESPAIR), st.text(max_size=20)))
    def type_anything(self, words: str) -> None:
        self.heard(Wrote(words))

    @rule(name=st.sampled_from((*COMMANDS, "nonsense", "")))
    def command(self, name: str) -> None:
        self.heard(Commanded(name))

    @rule(name=st.sampled_from((*CONTACTS, *NASTY)), phone=st.sampled_from(("", "+1 555 0100", "\x1b" * 99)))
    def share(self, name: str, phone: str) -> None:
        self.heard(SharedContact(name, phone))

    @rule(back=st.booleans())
    def leave(self, back: bool) -> None:
        self.heard(Left())
        assert self.seeker.left
        assert not plan(self.script, self.seeker, self.now), "a seeker who left is let alone"
        if back:
            self.heard(CameBack())
            assert not self.seeker.left

    @rule(time=st.sampled_from((1, 7, 31, 60, 240, 800, 1440, 3000, 10_000, 57_600)))
    def time_passes_and_the_bell_rings(self, time: int) -> None:
        until = self.now + timedelta(minutes=time)
        for _ in range(200):
            due = [one.due for one in plan(self.script, self.seeker, self.now) if one.due <= until]
            if not due:
                break
            self.now = max(self.now, min(due))
            before = self.seeker
            self.ring()
            assert self.seeker != before, "a nudge that is due is said, or else not planned"
        else:
            raise AssertionError("the bell does not come to rest")
        self.now = until

    @rule()
    def the_next_nudge_rings(self) -> None:
        planned = plan(self.script, self.seeker, self.now)
        if planned:
            self.now = max(self.now, planned[0].due)
            self.ring()

    @rule(days=st.integers(1, 40), minutes=st.integers(0, 1440))
    def nothing_rings_for_days(self, days: int, minutes: int) -> None:
        self.now += timedelta(days=days, minutes=minutes)
        self.ring()
        self.ring()

    @rule(days=st.integers(0, 20), rules=st.sets(st.sampled_from([one.name for one in RULES])))
    def the_bell_rings_for_what_was_planned_long_ago(self, days: int, rules: set[str]) -> None:
        self.now += timedelta(days=days)
        self.ring(tuple((name, person) for name in sorted(rules) for person in (0, 1, 2, 99)))

    @rule(days=st.integers(0, 9))
    def a_nudge_does_not_go_out(self, days: int) -> None:
        planned = plan(self.script, self.seeker, self.now)
        if not planned:
            return
        self.now = max(self.now, planned[0].due)
        before, owed = self.seeker, plan(self.script, self.seeker, self.now)
        last, told = self.last_nudge, set(self.told)
        self.ring()
        self.withdraw(self.seeker.turn)
        stood = (before.at, before.entered, before.trail, before.nudging.pauses, before.nudging.unanswered)
        now = self.seeker
        assert stood == (now.at, now.entered, now.trail, now.nudging.pauses, now.nudging.unanswered)
        assert set(owed) <= set(plan(self.script, now, self.now)), "what never went out is owed as before"
        self.last_nudge, self.told = last, told
        self.now += timedelta(days=days)

    @precondition(lambda self: self.seeker.nudging.said)
    @rule(back=st.integers(0, 4))
    def it_turns_out_that_an_older_nudge_did_not_go_out(self, back: int) -> None:
        self.withdraw(self.seeker.nudging.said[-1 - min(back, len(self.seeker.nudging.said) - 1)].turn)

    @rule()
    def a_law_moves_the_clocks(self) -> None:
        moved = tuple((one.rule, one.person) for one in plan(self.script, self.seeker, self.now))
        self.seeker, effects = advance(self.script, self.seeker, ClocksChanged(moved), self.now)
        assert not effects

    # --- what must hold --------------------------------------------------------------------------

    def chosen(self, button: Button) -> Chose:
        return Chose(button.step, button.option, button.person, button.entered)

    def heard(self, event: Event) -> None:
        before = self.seeker
        self.seeker, effects = advance(self.script, before, event, self.now)
        if not isinstance(event, Left):
            self.last_event = self.now
        if not self.seeker.nudging.said:
            self.told.clear()
        self.check(before, effects)

    def withdraw(self, turn: int) -> None:
        before = self.seeker
        self.seeker, effects = advance(self.script, before, Withdrawn(turn), self.now)
        assert not effects
        self.told &= {(one.rule, one.person, one.anchor) for one in self.seeker.nudging.said}
        self.last_nudge = None
        self.check(before, effects)

    def ring(self, stale: tuple[tuple[str, int], ...] = ()) -> None:
        due = tuple(
            (one.rule, one.person) for one in plan(self.script, self.seeker, self.now) if one.due <= self.now
        )
        due = (*due, *stale)
        before = self.seeker
        self.seeker, effects = advance(self.script, before, NudgesDue(due), self.now)
        assert sum(isinstance(one, Say) for one in effects) <= 1, "one message for each bell"
        if effects:
            self.check_nudge(before, effects)
        self.check(before, effects)

    def check(self, before: Seeker, effects: tuple[Effect, ...]) -> None:
        assert load(dump(self.seeker)) == self.seeker, "a restart changes something"
        self.seeker = load(dump(self.seeker))
        for one in effects:
            self.check_words(one)
            if isinstance(one, Say) and one.buttons:
                self.check_buttons(one)
        said = [one for one in effects if isinstance(one, Say)]
        assert not said or said[-1].buttons, "the last message has a way on"
        if said:
            self.older = [*self.older, *self.newest][-MEMORY:]
            self.newest = said[-1].buttons
        assert all(one.due >= self.now for one in plan(self.script, self.seeker, self.now))

    def check_buttons(self, say: Say) -> None:
        options = {one.option for one in say.buttons}
        step = self.script.step(say.buttons[0].step)
        assert options - {"back", "home"} or isinstance(step, Ask), f"{step.id} is a dead end"
        if self.seeker.welcomed and step.id != "home.home":
            assert "home" in options, f"there is no way home from {step.id}"
        assert isinstance(step, Choose)
        known = {*families(step), "back", "home"}
        assert {one.partition("~")[0] for one in options} <= known, f"{step.id} offers more than it names"
        for one in say.buttons:
            data = f"{one.step}|{one.option}|{one.person}|{one.entered}"
            assert data.isascii(), data
            assert len(data) <= 64, data

    def check_words(self, effect: Effect) -> None:
        values: list[Value | Draft] = []
        if isinstance(effect, Say):
            values = [*effect.parts, *(one.label for one in effect.buttons)]
        elif isinstance(effect, Notice):
            values = [effect.text]
        elif isinstance(effect, SendCalendarFile):
            values = [effect.title, effect.about]
        for value in values:
            for text in texts_in(value):
                left = gaps_left(self.words, text, self.seeker.language)
                assert not left, f"{text.key} has unfilled gaps {left}"
            body = value.body if isinstance(value, Draft) else value
            words = self.words.say(body, self.seeker.language)
            assert words.strip() or value == "", f"{value} says nothing"
            words.encode()

    def check_nudge(self, before: Seeker, effects: tuple[Effect, ...]) -> None:
        local = self.now.astimezone(zone_of(self.script, before))
        assert not is_quiet(local), f"a nudge at {local:%H:%M}"
        assert self.now - self.last_event >= timedelta(minutes=30), "a nudge inside a conversation"
        assert before.welcomed
        assert not before.left
        new = self.seeker.nudging.said[len(before.nudging.said) :] or self.seeker.nudging.said[-1:]
        people = {one.id for one in self.seeker.people} | {0}
        paused = {(one.rule, one.person) for one in before.nudging.pauses}
        for one in new:
            assert one.rule not in before.nudging.stopped, f"{one.rule} was stopped"
            assert one.person in people, "a nudge about somebody who was taken off the list"
            key = (one.rule, one.person, one.anchor)
            assert key not in self.told or key[:2] in paused, f"{key} was said before"
            self.told.add(key)
        self.check_rhythm(before.nudging, [one.rule for one in new if not one.late])
        if before.discreet:
            self.check_discretion(effects)

    def check_rhythm(self, before: Nudging, rules: list[str]) -> None:
        appointments = {one.name for one in RULES if one.appointment}
        others = [one for one in rules if one not in appointments]
        if not others:
            return
        assert not before.off, "reminders are off"
        assert before.unanswered < 4, f"{others} after four unanswered"
        if others == ["weekly"] and before.unanswered < 2:
            return  # the seeker chose this moment, whatever came that morning
        if self.last_nudge and before.last == self.last_nudge:
            least = 40 if before.unanswered >= 2 else 20
            assert self.now - self.last_nudge >= timedelta(hours=least), f"{others} too soon"
        self.last_nudge = self.now

    def check_discretion(self, effects: tuple[Effect, ...]) -> None:
        say = next(one for one in effects if isinstance(one, Say))
        seen = "\n\n".join(self.words.say(p, self.seeker.language) for p in say.parts[:1])[:60].casefold()
        forms = (self.words.form("nudges.discreet", self.seeker.language, turn) for turn in range(3))
        plain = set(re.findall(r"\w+", " ".join(forms).casefold()))
        for one in self.seeker.people:
            hidden = [w for w in re.findall(r"\w+", one.name.casefold()) if w not in plain]
            assert not any(word in re.findall(r"\w+", seen) for word in hidden), "a name in the preview"
        assert len(seen) == 60, "the preview shows more than the discreet line"
        assert self.seeker.situation not in seen


SIZE = {"max_examples": 400, "derandomize": False} if LONG else {"max_examples": 25, "derandomize": True}
RandomSeeker.TestCase.settings = settings(
    stateful_step_count=200, deadline=None, database=None, suppress_health_check=list(HealthCheck),
    **SIZE,
)  # fmt: skip
TestRandomSeeker = RandomSeeker.TestCase
