"""Checks the conversation as a whole: every way leads on, every key is there, and every key is used.

Pure: each check takes the script, the files or the words and gives what an author should mend.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content import Entry, Files
from conversations import Script
from conversations.content import NEEDED, Content
from conversations.listening import COMMANDS
from conversations.rules import RULES
from conversations.script import families, ways_out
from conversations.steps import BACK, HOME, RESUME, STAY, Call, Choose, Fork, Step, Target

ROOT = Path(__file__).resolve().parent.parent
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
DOORS = ("welcome.hello", HOME, "home.home", "care.despair", "people.noted", "ask.start")
"""Where a turn can begin besides commands and nudges: /start, home, despair, a contact, a person."""


@dataclass(frozen=True)
class Problem:
    """Something an author should mend: in which file, what it is, and what to write there."""

    file: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what} {self.remedy}"


def script_problems(script: Script, files: Files, sources: Mapping[str, str]) -> list[Problem]:
    """Everything wrong with the tables and with the keys that they and the code name."""
    return [
        *targets(script), *reachable(script), *homeward(script), *offered(script),
        *missing(script, files.entries, sources), *unused(script, files, sources),
    ]  # fmt: skip


def read_sources(root: Path = ROOT) -> dict[str, str]:
    """The code of the coach by path: what names keys."""
    paths = (path for part in ("conversations", "bot") for path in sorted((root / part).rglob("*.py")))
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in paths}


def steps_of(script: Script) -> Iterator[Step]:
    """Every step, in the order of the journey."""
    return (step for stage in script.stages for step in stage.steps)


def _file(step: str) -> str:
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
                    yield Problem(_file(step.id), what, "Name a step of a stage, or add this one.")


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
    doors = (*DOORS, *COMMANDS.values(), *(rule.step for rule in RULES))
    seen = _spread(_edges(script), doors)
    for step in steps_of(script):
        if step.id not in seen:
            what = f"nothing leads to `{step.id}`."
            yield Problem(_file(step.id), what, "Give another step a way to it, or take it out.")


def homeward(script: Script) -> Iterator[Problem]:
    """From every step one can come home."""
    against: dict[str, set[str]] = {}
    for step, found in _edges(script).items():
        for to in found:
            against.setdefault(to, set()).add(step)
    seen = _spread(against, ("home.home",))
    for step in steps_of(script):
        if step.id not in seen:
            what = f"no way leads home from `{step.id}`."
            yield Problem(_file(step.id), what, "Let one of its ways lead to HOME or BACK.")


def offered(script: Script) -> Iterator[Problem]:
    """Every family of options has a target, and everything that is done belongs to a family."""
    for step in steps_of(script):
        if not isinstance(step, Choose):
            continue
        onward = step.next or script.after(step.id)
        for name in families(step):
            if name not in step.then and not onward:
                what = f"the option `{name}` of `{step.id}` leads nowhere."
                yield Problem(_file(step.id), what, f'Add "{name}" to its `then`.')
        for name in set(step.does) - set(families(step)):
            if isinstance(step.options, tuple):
                what = f"`{step.id}` does something at `{name}`, which it does not offer."
                yield Problem(_file(step.id), what, f'Add "{name}" to its `options`.')


# --- Keys ----------------------------------------------------------------------------------------


def _constants(tree: ast.AST) -> dict[str, str]:
    """Names that stand for one pattern of a key, such as key = f"drafts.phone.{name}"."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            pattern = _pattern(node.value, {})
            if pattern and KEY.match(pattern.split("[")[0].replace("\\", "") + "x"):
                name = node.targets[0].id
                found[name] = f"{found[name]}|{pattern}" if name in found else pattern
    return {name: f"(?:{pattern})" for name, pattern in found.items()}


def _pattern(node: ast.AST | None, names: Mapping[str, str]) -> str:
    """A string of the code as a pattern of keys; a gap stands for one part of a key."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts = []
    for one in node.values:
        if isinstance(one, ast.FormattedValue):
            name = one.value.id if isinstance(one.value, ast.Name) else ""
            parts.append(names.get(name, "[^.]+"))
        else:
            parts.append(_pattern(one, names))
    return "".join(parts)


def patterns(source: str) -> Iterator[tuple[str, bool]]:
    """Every pattern of a key that code names, and whether it is said there for certain."""
    tree = ast.parse(source)
    names = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            yield _pattern(node.args[0], names) if node.args else "", True
        elif isinstance(node, (ast.JoinedStr, ast.Constant)):
            yield _pattern(node, names), False
        if isinstance(node, ast.IfExp):
            yield from ((_pattern(one, names), False) for one in (node.body, node.orelse))


def missing(script: Script, entries: Mapping[str, Entry], sources: Mapping[str, str]) -> Iterator[Problem]:
    """Every key that a step or the code says is in the content."""
    for step in steps_of(script):
        needed = [] if isinstance(step, Fork) or step.says else [step.id]
        if isinstance(step, Choose) and isinstance(step.options, tuple):
            needed += [f"{step.id}.{name}" for name in step.options]
        for key in needed:
            if key not in entries:
                yield _no_words(key, _file(step.id))
    for path, source in sources.items():
        for pattern, is_said in patterns(source):
            if is_said and pattern and not pattern.startswith("[") and not _any(pattern, entries):
                yield _no_words(pattern.replace("\\", ""), path)


def _any(pattern: str, entries: Mapping[str, Entry]) -> bool:
    return any(re.fullmatch(pattern, key) for key in entries)


def _no_words(key: str, path: str) -> Problem:
    stage, _, rest = key.partition(".")
    file = f"conversations/prompts/{stage}.toml"
    return Problem(
        file, f"`{key}` has no words, and {path} says it.", f"Add [{rest}] with `text` and `note`."
    )


def content_keys(content: Content) -> Iterator[str]:
    """Every key that the values of the content name."""
    for one in content.situations.values():
        yield from (one.key(name) for name in NEEDED)
        yield from (prompt.key for prompt in one.walk)
        yield from (question.key for question in one.questions)
        yield from (key for unsaid in one.unsaid for key in (unsaid, f"{unsaid}.instead"))
        yield from (*one.plain, *one.week)
        yield from (key for place in one.help for key in (place.key, f"{place.key}.who"))
    yield from (one.key for one in content.bank)
    yield from (key for place in content.humans for key in (place.key, f"{place.key}.who"))


def unused(script: Script, files: Files, sources: Mapping[str, str]) -> Iterator[Problem]:
    """Every key of the content is used by something."""
    known = set(content_keys(files.content))
    known |= {step.id for step in steps_of(script) if not isinstance(step, Fork)}
    known |= {f"{s.id}.{name}" for s in steps_of(script) if isinstance(s, Choose) for name in families(s)}
    found = {one for source in sources.values() for one, _ in patterns(source)}
    shapes = [re.compile(one) for one in found if "\\." in one and not one.startswith(("[", "\\."))]
    for entry in files.entries.values():
        if entry.key not in known and not any(one.fullmatch(entry.key) for one in shapes):
            remedy = "Say it in a step, or take it out."
            yield Problem(f"conversations/{entry.file}", f"nothing says `{entry.key}`.", remedy)
