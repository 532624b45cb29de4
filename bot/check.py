"""Checks everything an author can get wrong: the tables, the keys and the words; each says the remedy."""

from collections.abc import Mapping
from pathlib import Path

from bot.check_keys import missing, unused
from bot.check_lengths import long_drafts, long_messages
from bot.check_tables import homeward, offered, reachable, targets
from bot.check_words import doubles, labels, notes, previews, tone, translations
from bot.content import Files
from bot.problems import Problem
from bot.words import Words
from conversations import Script

ROOT = Path(__file__).resolve().parent.parent


def problems(script: Script, files: Files, words: Words, sources: Mapping[str, str]) -> list[Problem]:
    """Everything that is wrong with the conversation. `sources` is the code that names keys."""
    return [*script_problems(script, files, sources), *word_problems(script, words)]


def script_problems(script: Script, files: Files, sources: Mapping[str, str]) -> list[Problem]:
    """Everything wrong with the tables and with the keys that they and the code name."""
    return [
        *targets(script), *reachable(script), *homeward(script), *offered(script),
        *missing(script, files.entries, sources), *unused(script, files, sources),
    ]  # fmt: skip


def word_problems(script: Script, words: Words) -> list[Problem]:
    """Everything wrong with the words, in every language."""
    entries = words.entries
    return [
        *notes(entries), *translations(words), *labels(script, words), *tone(entries), *previews(words),
        *doubles(script, entries), *long_drafts(script, words), *long_messages(script, words),
    ]  # fmt: skip


def read_sources(root: Path = ROOT) -> dict[str, str]:
    """The code of the coach by path: what names keys."""
    paths = (path for part in ("conversations", "bot") for path in sorted((root / part).rglob("*.py")))
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in paths}
