"""`python -m tests.torture`: every long test, one line of a table each, for docs/reliability.md."""

import argparse
import os
import platform
import re
import sqlite3
import subprocess
import sys
import time as stopwatch
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.torture.lanes import played
from tests.torture.longest import COUNTED, TESTS, TIMED
from tests.torture.result import Result

REPORT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
MOST_MINUTES = 75
BEGIN, END = "<!-- torture -->", "<!-- end -->"
HEAD = ("number", "what", "runs", "lost", "doubled", "figure", "seconds", "ok")


def main(words: Sequence[str]) -> int:
    """Run them; 0 where all is well."""
    given = _parser().parse_args(words)
    chosen = set(given.only) or set(TESTS)
    unknown = chosen - set(TESTS)
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))} here. There are: {', '.join(sorted(TESTS))}.")
        return 2
    results, begun = list[Result](), stopwatch.monotonic()
    print(_line(HEAD), flush=True)
    alone, together = (
        {number: tests[number] for number in tests if number in chosen} for tests in (TIMED, COUNTED)
    )
    for result in played(alone, together, MOST_MINUTES * 60):
        results.append(result)
        print(_line(_cells(result)), flush=True)
    minutes = (stopwatch.monotonic() - begun) / 60
    print(f"{len(results)} in {minutes:.0f} minutes, {sum(not each.ok for each in results)} not well")
    if given.write:
        write(results, REPORT)
    return int(not all(each.ok for each in results))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NUMBER", help="such as D02")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reliability.md")
    return parser


def _cells(one: Result) -> tuple[str, ...]:
    return (one.number, one.what, str(one.runs), str(one.lost), str(one.doubled), one.figure,
            f"{one.seconds:.0f}", "yes" if one.ok else "NO")  # fmt: skip


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/').replace(chr(10), ' ') for cell in cells)} |"


def table(results: Sequence[Result]) -> str:
    """The results as a table."""
    dashes = "|" + "---|" * len(HEAD)
    return "\n".join((_line(HEAD), dashes, *(_line(_cells(each)) for each in results)))


def machine() -> str:
    """What it ran on: kinds and versions, no name."""
    cores = f"{os.cpu_count()} cores, {platform.system()} {platform.release()} ({platform.machine()})"
    return (f"{cores}, {file_system(Path.cwd())}, Python {platform.python_version()}, "
            f"SQLite {sqlite3.sqlite_version}")  # fmt: skip


def file_system(path: Path) -> str:
    """The kind of the file system that a path is on; where the system does not tell, that."""
    try:
        told = subprocess.run(["df", "-PT", path], capture_output=True, text=True, timeout=10, check=True)
        return told.stdout.splitlines()[1].split()[1]
    except Exception:
        return "a file system that is not told"


def written(text: str, results: Sequence[Result], day: datetime) -> str:
    """A document with the table in its marked part; what is there of other numbers stays."""
    part = re.search(f"{BEGIN}.*?{END}", text, re.DOTALL)
    kept = {row[2:5]: row for row in (part[0] if part else "").splitlines()
            if re.match(r"\| [A-Z]\d\d \|", row)}  # fmt: skip
    kept |= {each.number: _line(_cells(each)) for each in results}
    head = f"Last run {day:%Y-%m-%d} on {machine()}."
    rows = (_line(HEAD), "|" + "---|" * len(HEAD), *(kept[number] for number in sorted(kept)))
    made = "\n".join((BEGIN, head, "", *rows, END))
    return text.replace(part[0], made) if part else f"{text.rstrip()}\n\n{made}\n"


def write(results: Sequence[Result], path: Path) -> None:
    """Put the table into a document; where there is none, it is begun."""
    before = path.read_text(encoding="utf-8") if path.exists() else "# Reliability\n"
    path.parent.mkdir(exist_ok=True)
    path.write_text(written(before, results, datetime.now(UTC)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
