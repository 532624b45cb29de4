"""Checks the keys: what a step or the code says has words, and no words are left over. Pure."""

import ast
import re
from collections.abc import Iterator, Mapping

from bot.check_tables import file_of, steps_of
from bot.content import Entry, Files
from bot.problems import Problem
from conversations import Script
from conversations.content import NEEDED, Content
from conversations.script import families
from conversations.steps import Choose, Fork

KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")


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
            needed += [f"{step.id}.{name}" for name in step.options if isinstance(name, str)]
        for key in needed:
            if key not in entries:
                yield _no_words(key, file_of(step.id))
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
