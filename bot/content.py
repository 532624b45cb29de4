"""Opens the content files: prompts, situations, the bank, people to call, words of alarm."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conversations.content import Content, ContentError, read_content

HOME = Path(__file__).resolve().parent.parent / "conversations"


@dataclass(frozen=True)
class Entry:
    """One text as its author wrote it: one wording, several that rotate, or one for each count.

    `forms` are the wordings; where `plural`, they are the singular and the plural.
    """

    key: str
    forms: tuple[str, ...]
    note: str
    file: str
    plural: bool = False

    def parts(self) -> Iterator[tuple[str, str | tuple[str, str]]]:
        """Each piece for translators: its context, and the English of it."""
        if self.plural:
            yield self.key, (self.forms[0], self.forms[1])
        elif len(self.forms) == 1:
            yield self.key, self.forms[0]
        else:
            for number, form in enumerate(self.forms, 1):
                yield f"{self.key}#{number}", form


@dataclass(frozen=True)
class Files:
    """All content as read: the texts by key, and the values for the core."""

    entries: Mapping[str, Entry]
    content: Content
    alarms: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def load(home: Path = HOME) -> Files:
    """Everything under `conversations/`; ContentError names an author's mistake."""
    prompts = {path.stem: _read(path) for path in sorted((home / "prompts").glob("*.toml"))}
    situations = {
        path.stem: _read(path)
        for path in sorted((home / "situations").glob("*.toml"))
        if not path.stem.startswith("_")
    }
    bank, humans = _read(home / "bank.toml"), _read(home / "humans.toml")
    alarms = {code: tuple(table["phrases"]) for code, table in _read(home / "alarms.toml").items()}
    answers = {
        code: {kind: tuple(phrases) for kind, phrases in table.items()}
        for code, table in _read(home / "answers.toml").items()
    }
    trees = [(name, table, f"prompts/{name}.toml") for name, table in prompts.items()]
    trees += [(f"situations.{name}", table, f"situations/{name}.toml")
              for name, table in situations.items()]  # fmt: skip
    trees += [("bank", bank, "bank.toml"), ("humans", humans, "humans.toml")]
    entries = {one.key: one for name, table, file in trees for one in _entries(name, table, file)}
    return Files(entries, read_content(situations, bank, humans), alarms, answers)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path} is missing: take it from a fresh copy of the coach.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}. Mend the line it names.") from None


def _entries(key: str, table: Mapping[str, Any], file: str) -> Iterator[Entry]:
    note = str(table.get("note", ""))
    if "text" in table:
        yield Entry(key, (table["text"],), note, file)
    elif "variants" in table:
        yield Entry(key, tuple(table["variants"]), note, file)
    elif "one" in table or "other" in table:
        if not {"one", "other"} <= set(table):
            raise ContentError(f"{file}: [{key}] needs both `one` and `other`.")
        yield Entry(key, (table["one"], table["other"]), note, file, plural=True)
    for name, inner in table.items():
        if isinstance(inner, Mapping):
            yield from _entries(f"{key}.{name}", inner, file)
