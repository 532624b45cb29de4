"""Draws the documents that are made from the code: the map, the settings, the languages.

Each stands between two marks in a page that people write by hand; `python -m bot check --fix`
rewrites what is between them, and a test compares it.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bot import catalogs
from bot.building import build
from bot.content import load
from bot.languages import read_catalog
from bot.settings import Settings
from bot.words import Words
from conversations import Script
from conversations.rules import RULES
from conversations.script import ways_out
from conversations.steps import BACK, RESUME, STAY, Ask, Call, Choose, Fork, Stage, Step

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.S)
SHAPES = ((Ask, "[/", "/]"), (Choose, "[", "]"), (Fork, "{", "}"))


def fix(root: Path = ROOT) -> list[Path]:
    """Rewrite every made document and catalogue that is not current; the paths of those."""
    changed = []
    for path, text in made(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def made(root: Path = ROOT) -> dict[Path, str]:
    """What every made document should contain now, by path."""
    script, words = build()
    drawn: dict[str, Callable[[], str]] = {
        "map": lambda: _map(script),
        "nudges": lambda: _nudges(),
        "settings": _settings,
        "languages": lambda: _languages(words),
    }
    pages = ("conversations/README.md", "deploy/README.md", "locales/README.md")
    texts = {root / page: (root / page).read_text(encoding="utf-8") for page in pages}
    filled = {path: MARK.sub(lambda found: _between(found, drawn), text) for path, text in texts.items()}
    return {**filled, **catalogs.written(load().entries, root / "locales")}


def _between(found: re.Match[str], drawn: dict[str, Callable[[], str]]) -> str:
    return f"{found[1]}{drawn[found[2]]()}\n{found[3]}"


def _map(script: Script) -> str:
    return "\n\n".join(_stage(script, stage) for stage in script.stages)


def _stage(script: Script, stage: Stage) -> str:
    """One stage as a Mermaid chart: boxes wait for a button, slanted ones for words too."""
    lines = [f"### {stage.name}", "", "```mermaid", "flowchart TD"]
    lines.extend(f"  {_box(step)}" for step in stage.steps)
    for step in stage.steps:
        lines.extend(f"  {_name(step.id)} -->{_label(way)} {to}" for way, to in _ways(script, step))
    return "\n".join((*lines, "```"))


def _box(step: Step) -> str:
    left, right = next(((a, b) for kind, a, b in SHAPES if isinstance(step, kind)), ("(", ")"))
    return f"{_name(step.id)}{left}{step.id}{right}"


def _name(step: str) -> str:
    return step.replace(".", "_")


def _label(way: str) -> str:
    return f"|{way}|" if way else ""


def _ways(script: Script, step: Step) -> Iterator[tuple[str, str]]:
    """Each way out once; several options that lead to one place stand together."""
    together: dict[str, list[str]] = {}
    for way, target in ways_out(script, step).items():
        to = target.to if isinstance(target, Call) else str(target)
        if to and to != STAY:
            together.setdefault(_place(step, to), []).append(way)
    for to, ways in together.items():
        yield ", ".join(way for way in ways if way), to


def _place(step: Step, to: str) -> str:
    if to == BACK:
        return "back([back])"
    if to == RESUME:
        return "resume([where it was left])"
    same = to.partition(".")[0] == step.id.partition(".")[0]
    return _name(to) if same else f"{_name(to)}([{to}])"


def _nudges() -> str:
    rows = ["| rule | step | of use for | kept up when others fade out |", "|---|---|---|---|"]
    for rule in RULES:
        days = f"{rule.life.days} days"
        rows.append(f"| `{rule.name}` | `{rule.step}` | {days} | {'yes' if rule.appointment else 'no'} |")
    return "\n".join(rows)


def _settings() -> str:
    rows = ["| name | what it is for | if not set |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "none" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{name.upper()}` | {field.description} | {default} |")
    return "\n".join(rows)


def _languages(words: Words) -> str:
    rows = ["| code | language | translated |", "|---|---|---|"]
    total = sum(1 for entry in words.entries.values() for _ in entry.parts())
    for code, name in words.languages:
        done = total if words.catalog(code) is None else _translated(code)
        rows.append(f"| `{code}` | {name} | {done} of {total} |")
    return "\n".join(rows)


def _translated(code: str) -> int:
    catalog = read_catalog(ROOT / "locales" / code / "LC_MESSAGES" / "messages.po")
    strings = (one.string for one in catalog if one.id)
    return sum(all(one) if isinstance(one, (list, tuple)) else bool(one) for one in strings)
