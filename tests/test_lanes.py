"""The long tests have lanes, and an end: what takes too long is ended, with all that it started."""

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from tests.torture.lanes import played
from tests.torture.result import Result

LIVES = """
import sys, time
while True:
    with open(sys.argv[1], "a") as mark:
        mark.write("I")
    time.sleep(0.05)
"""


def quick(number: str) -> Result:
    """Ends at once."""
    return Result(number, "quick", 1, 0, 0, "", True, 0.0)


def endless(mark: Path) -> Result:
    """Waits for a process of its own that never ends, and shows that it lives."""
    subprocess.run([sys.executable, "-c", LIVES, mark])
    return quick("D01")


def broken() -> Result:
    """Has a fault."""
    raise ValueError


def test_what_takes_too_long_is_ended_and_the_others_are_told_as_they_are(
    tmp_path: Path,
) -> None:
    mark = tmp_path / "begun"
    tests = {"D01": partial(endless, mark), "D02": broken, "D03": partial(quick, "D03")}

    found = {one.number: one for one in played({"L02": partial(quick, "L02")}, tests, 15.0)}

    well = {"L02": True, "D01": False, "D02": False, "D03": True}
    assert {number: one.ok for number, one in found.items()} == well
    assert found["D01"].what == "not ended: no time was left"
    assert found["D02"].what == "broke off: ValueError"
    lived = mark.read_text()
    time.sleep(1)
    assert lived
    assert mark.read_text() == lived
