"""The catalogue of what may go wrong: every number is there, and every mark names one of them."""

import ast
import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.catalogue import TIERS, Held, by_number, entries, lines
from tests.torture.__main__ import BEGIN, END, written
from tests.torture.longest import TESTS
from tests.torture.result import Result

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("test_*.py"))
COUNTS = {"D": 22, "S": 19, "T": 20, "C": 13, "U": 15, "A": 12, "W": 9, "I": 8, "Y": 13, "L": 7, "O": 11}


def numbers_in(path: Path) -> set[str]:
    """The numbers that the marks of a file name."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
             and node.func.attr == "holds"]  # fmt: skip
    return {one.value for call in calls for one in call.args if isinstance(one, ast.Constant)}


def test_the_catalogue_is_whole() -> None:
    counted = dict.fromkeys(COUNTS, 0)
    for number in entries():
        assert re.fullmatch(r"[A-Z]\d\d", number)
        counted[number[0]] += 1

    assert counted == COUNTS


def test_every_entry_says_what_and_when() -> None:
    for one in entries().values():
        assert one.what
        assert one.tier in TIERS, f"{one.number} has the tier {one.tier}. There are: {', '.join(TIERS)}."


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.relative_to(HERE).as_posix())
def test_every_mark_names_a_number_that_exists(path: Path) -> None:
    unknown = numbers_in(path) - set(entries())

    assert not unknown, f"{path.name} holds {sorted(unknown)}: see tests/catalogue.toml for what there is."


def test_every_long_test_names_a_number_that_exists() -> None:
    assert set(TESTS) <= set(entries())


def test_every_promise_names_tests_that_hold_it() -> None:
    """docs/reliability.md promises nothing that is only written there."""
    page = (HERE.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
    held = {number for path in FILES for number in numbers_in(path)} | set(TESTS)
    promises = [line.split("|") for line in page.splitlines() if re.match(r"\| \d+ \|", line)]

    assert len(promises) > 10
    for _, number, _, _, holding, measured, _ in promises:
        named = holding.split()
        assert named, f"promise {number} names no test"
        assert set(named) <= held, f"promise {number}: {sorted(set(named) - held)} are held by nothing"
        assert measured.strip(" –")


def test_a_number_that_nobody_holds_is_printed_as_such() -> None:
    catalogue = {number: one for number, one in entries().items() if number in ("D02", "C13")}
    holding = by_number([Held("a test", ("D02",)), Held("a test", ("D02",))])

    told = lines(catalogue, holding)

    assert [line.strip() for line in told if line.startswith(" ")] == ["a test", "not yet"]
    assert told[-1] == "1 of 2 are held, 1 not yet"


def test_the_report_keeps_what_is_around_its_part_and_the_numbers_that_were_not_run() -> None:
    day = datetime(2027, 1, 1)
    old = written("# Before\n", [Result("D02", "a", 1, 0, 0, "x", True, 1.0)], day) + "after\n"

    new = written(old, [Result("D03", "b", 2, 0, 0, "y", False, 2.0)], day)

    assert new.startswith("# Before\n")
    assert new.endswith(f"{END}\nafter\n")
    assert new.count(BEGIN) == 1
    assert "| D02 | a | 1 | 0 | 0 | x | 1 | yes |" in new
    assert "| D03 | b | 2 | 0 | 0 | y | 2 | NO |" in new
