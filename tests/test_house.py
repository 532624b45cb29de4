"""The house: what may import what, how long things are, and that the core stays pure."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = sorted((ROOT / "conversations").rglob("*.py"))
SHELL = sorted((ROOT / "bot").rglob("*.py"))
ALLOWED = {
    "collections", "dataclasses", "datetime", "functools", "itertools", "json", "re", "types", "typing",
    "unicodedata",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "sleep", "open", "print", "input", "localtime", "monotonic"}
ONE_PLACE = {
    "telegram": ("bot/telegram/",),
    "aiohttp": ("bot/telegram/request.py",),
    "certifi": ("bot/telegram/request.py",),
    "starlette": ("bot/local/server.py", "bot/local/fields.py", "bot/page/site.py"),
    "uvicorn": ("bot/local/server.py",),
    "aiosqlite": ("bot/store/driver.py",),
    "apscheduler": ("bot/bell.py",),
    "babel": ("bot/words.py", "bot/catalogs.py", "bot/languages.py"),
    "pydantic_settings": ("bot/settings.py",),
    "prompt_toolkit": ("bot/terminal/",),
    "holidays": ("bot/calendars.py",),
    "icalendar": ("bot/calendar_file.py",),
}
LINES, FUNCTION = 200, 25
LONGER = {
    "conversations/state.py": "one value, whole: to read it in one place is what it is for",
    "conversations/stages/ask.py": "one room: a table of a dozen steps and what they need",
    "conversations/stages/nudging.py": "one table: a nudge for each rule, and what it carries",
    "conversations/stages/people.py": "one room: a table of a dozen steps and what they need",
    "conversations/walking.py": "one class, the walk through one turn",
    "conversations/rules.py": "one table of rules, each with what it owes",
    "conversations/content.py": "the shapes of all content, and what their authors may get wrong",
}
"""Modules that may be longer, each with the reason."""


def name(path: Path) -> str:
    """A path as it is written in this house."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """A module as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """The modules that a module imports, at its top or later."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def docstrings(module: ast.Module) -> set[int]:
    """The lines on which docstrings and other bare strings begin."""
    return {n.value.lineno for n in ast.walk(module)
            if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}  # fmt: skip


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_imports_itself_and_a_few_modules_of_python(path: Path) -> None:
    for one in imports(path):
        first = one.partition(".")[0]
        assert first == "conversations" or first in ALLOWED, (
            f"{name(path)} imports {one}. The core is pure: let the shell (bot/) do it and hand over values."
        )


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_has_no_clock_and_no_outside(path: Path) -> None:
    for node in ast.walk(tree(path)):
        assert not isinstance(node, (ast.AsyncFunctionDef, ast.Await)), (
            f"{name(path)}:{node.lineno} is async. The core only reckons; waiting belongs to bot/."
        )
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in CLOCKS, (
                f"{name(path)}:{node.lineno} calls {called}(). The moment is `here.now`."
            )


@pytest.mark.parametrize("path", CORE, ids=name)
def test_the_core_names_no_sentence(path: Path) -> None:
    module = tree(path)
    free = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, (ast.Raise, ast.Assert)):
            free |= {inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Constant)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno not in free:
            assert not re.search(r"[A-Za-z']+( [A-Za-z']+){3,}", node.value), (
                f"{name(path)}:{node.lineno} says “{node.value}”. Move it to prompts/ and say its key."
            )


@pytest.mark.parametrize("path", SHELL, ids=name)
def test_each_library_is_imported_in_one_place(path: Path) -> None:
    for one in imports(path):
        places = ONE_PLACE.get(one.partition(".")[0])
        assert places is None or name(path).startswith(places), (
            f"{name(path)} imports {one}. Only {' and '.join(places)} may: ask it for what you need."
        )


def test_every_library_is_known_to_the_house() -> None:
    known = {
        *ONE_PLACE,
        "bot",
        "conversations",
        "cryptography",
        "pydantic",
        "typst",
        *sys.stdlib_module_names,
    }
    found = {one.partition(".")[0]: name(path) for path in SHELL for one in imports(path)}
    strange = {library: path for library, path in found.items() if library not in known}
    assert not strange, f"{strange}: add each library to ONE_PLACE with the one module that imports it."


@pytest.mark.parametrize("path", [*CORE, *SHELL], ids=name)
def test_modules_are_short_and_say_what_they_are_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    told = ast.get_docstring(ast.parse(text)) or ""

    assert told, f"{name(path)} does not say what it is for. Open it with one sentence."
    assert told[0].isupper(), f"{name(path)}: begin its first sentence with a capital."
    count = len(text.splitlines())
    assert count <= LINES or name(path) in LONGER, (
        f"{name(path)} has {count} lines. Split it by meaning, or give a reason in LONGER."
    )


@pytest.mark.parametrize("path", [*CORE, *SHELL], ids=name)
def test_functions_are_short(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            told = node.body[0] if ast.get_docstring(node) is not None else None
            doc = (told.end_lineno or 0) - told.lineno + 1 if told else 0
            count = (node.end_lineno or 0) - node.lineno + 1 - doc
            assert count <= FUNCTION, (
                f"{name(path)}:{node.lineno} {node.name} has {count} lines. Give a part of it a name."
            )


def test_nothing_longer_is_excused_in_vain() -> None:
    for one in LONGER:
        count = len((ROOT / one).read_text(encoding="utf-8").splitlines())
        assert count > LINES, f"{one} has {count} lines now: take it out of LONGER."


def test_both_lock_files_choose_the_same_versions() -> None:
    """Whoever runs the coach runs what was tested; and neither file names a registry."""
    run, test = ((ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    pins, tested = (dict(re.findall(r"^(\S+)==(\S+)", text, re.M)) for text in (run, test))

    assert pins and {name: tested.get(name) for name in pins} == pins, "choose them together: make lock"
    assert "://" not in run + test
