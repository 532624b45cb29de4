"""`python -m tests.catalogue`: what may go wrong, by number, and the tests that hold each."""

import contextlib
import io
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILE = HERE / "catalogue.toml"
TIERS = {"test": "make test", "torture": "make torture", "release": "before a release"}


@dataclass(frozen=True)
class Entry:
    """One number: what may go wrong, and when it is tested."""

    number: str
    what: str
    tier: str


@dataclass(frozen=True)
class Held:
    """A test, and the numbers it says that it holds."""

    test: str
    numbers: tuple[str, ...]


def entries(text: str | None = None) -> dict[str, Entry]:
    """The whole catalogue, by number."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8") if text is None else text)
    return {
        letter + number: Entry(letter + number, one["what"], one["tier"])
        for letter, part in found.items()
        for number, one in part.items()
    }


class Collected:
    """A plug-in of pytest that looks at every test that was found."""

    def __init__(self) -> None:
        self.tests: list[Held] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """All tests are known."""
        for item in session.items:
            numbers = held_by(item)
            if numbers:
                self.tests.append(Held(item.nodeid.partition("[")[0], numbers))


def held_by(item: pytest.Item) -> tuple[str, ...]:
    """The numbers in the marks of a test."""
    return tuple(str(number) for mark in item.iter_markers("holds") for number in mark.args)


def collected() -> list[Held]:
    """Every test with a mark; pytest only looks for them, and says nothing."""
    seen = Collected()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(HERE)], [seen])
    return seen.tests


def long_tests() -> list[Held]:
    """Those of the torture."""
    from tests.torture.longest import TESTS

    return [Held(f"make torture: {number}", (number,)) for number in TESTS]


def by_number(tests: Sequence[Held]) -> dict[str, list[str]]:
    """Who holds each number, each once."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in tests:
        for number in one.numbers:
            if one.test not in found[number]:
                found[number].append(one.test)
    return dict(found)


def lines(catalogue: Mapping[str, Entry], holding: Mapping[str, Sequence[str]]) -> list[str]:
    """The catalogue as it is printed: each number, and below it who holds it."""
    told: list[str] = []
    for number, one in catalogue.items():
        told.append(f"{number}  {one.what} ({TIERS[one.tier]})")
        told += [f"       {test}" for test in holding.get(number, ())] or ["       not yet"]
    held = sum(number in holding for number in catalogue)
    return [*told, f"{held} of {len(catalogue)} are held, {len(catalogue) - held} not yet"]


def main() -> int:
    """Print it; 1 where a mark names a number that is not there."""
    catalogue, holding = entries(), by_number([*collected(), *long_tests()])
    print("\n".join(lines(catalogue, holding)))
    unknown = sorted(set(holding) - set(catalogue))
    if unknown:
        print(f"There is no {', '.join(unknown)} in {FILE.name}.")
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
