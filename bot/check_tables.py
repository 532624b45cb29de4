"""Checks the tables: every way leads to a step, every step is reached, and every way comes home. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from bot.problems import Problem
from conversations import Script
from conversations.elsewhere import COMMANDS
from conversations.nudges import MISSED
from conversations.rules import RULES
from conversations.script import families, ways_out
from conversations.steps import BACK, HOME, RESUME, STAY, Call, Choose, Step, Target

DOORS = ("welcome.hello", HOME, "home.home", "care.despair", "people.noted", "ask.start")
"""Where a turn can begin besides commands and nudges: /start, home, despair, a contact, a person."""


def steps_of(script: Script) -> Iterator[Step]:
    """Every step, in the order of the journey."""
    return (step for stage in script.stages for step in stage.steps)


def file_of(step: str) -> str:
    """The file of the stage that a step stands in."""
    stage = step.partition(".")[0]
    return f"conversations/stages/{'nudging' if stage == 'nudges' else stage}.py"


def _named(target: Target) -> tuple[str, ...]:
    names = (target.to, target.then) if isinstance(target, Call) else (target,)
    return tuple(one for one in names if one not in (BACK, RESUME, STAY))


def targets(script: Script) -> Iterator[Problem]:
    """Every target is a step."""
    for step in steps_of(script):
        for way, target in ways_out(script, step).items():
            for name in _named(target):
                if not script.has(name):
                    what = f"`{step.id}` leads by `{way}` to `{name}`, which is no step."
                    yield Problem(file_of(step.id), what, "Name a step of a stage, or add this one.")


def _edges(script: Script) -> dict[str, set[str]]:
    """From each step to those it can lead to; back leads to whoever called, or home."""
    calls = [
        way for step in steps_of(script) for way in ways_out(script, step).values() if isinstance(way, Call)
    ]
    special = {BACK: {HOME, *(one.then for one in calls)}, RESUME: {"ask.start"}, STAY: set[str]()}
    edges: dict[str, set[str]] = {}
    for step in steps_of(script):
        found = edges.setdefault(step.id, set())
        for target in ways_out(script, step).values():
            found |= special.get(target, set()) if isinstance(target, str) else set()
            found |= set(_named(target)) - {target.then if isinstance(target, Call) else ""}
    return edges


def _spread(edges: Mapping[str, Iterable[str]], start: Iterable[str]) -> set[str]:
    seen, left = set[str](), list(start)
    while left:
        step = left.pop()
        if step not in seen:
            seen.add(step)
            left.extend(edges.get(step, ()))
    return seen


def reachable(script: Script) -> Iterator[Problem]:
    """Every step can be reached from /start, a command or a nudge."""
    doors = (*DOORS, *COMMANDS.values(), *(rule.step for rule in RULES), MISSED)
    seen = _spread(_edges(script), doors)
    for step in steps_of(script):
        if step.id not in seen:
            what = f"nothing leads to `{step.id}`."
            yield Problem(file_of(step.id), what, "Give another step a way to it, or take it out.")


def homeward(script: Script) -> Iterator[Problem]:
    """From every step one can come home."""
    against: dict[str, set[str]] = {}
    for come_from, found in _edges(script).items():
        for to in found:
            against.setdefault(to, set()).add(come_from)
    seen = _spread(against, ("home.home",))
    for step in steps_of(script):
        if step.id not in seen:
            what = f"no way leads home from `{step.id}`."
            yield Problem(file_of(step.id), what, "Let one of its ways lead to HOME or BACK.")


def offered(script: Script) -> Iterator[Problem]:
    """Every family of options has a target, and everything that is done belongs to a family."""
    for step in steps_of(script):
        if not isinstance(step, Choose):
            continue
        onward = step.next or script.after(step.id)
        for name in families(step):
            if name not in step.then and not onward:
                what = f"the option `{name}` of `{step.id}` leads nowhere."
                yield Problem(file_of(step.id), what, f'Add "{name}" to its `then`.')
        for name in set(step.does) - set(families(step)):
            if isinstance(step.options, tuple):
                what = f"`{step.id}` does something at `{name}`, which it does not offer."
                yield Problem(file_of(step.id), what, f'Add "{name}" to its `options`.')
