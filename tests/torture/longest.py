"""Every long test, by the number of the catalogue that it holds."""

from typing import Final

from tests.torture import (
    clocks,
    crowd,
    disk,
    full_disk,
    kills,
    load,
    moments,
    races,
    settlings,
    stopping,
    store,
    telegram,
)
from tests.torture.lanes import Long

#: Those that measure how quick something is: alone, and before the others.
TIMED: Final[dict[str, Long]] = {
    "L02": load.l02,
    "L03": load.l03,
    "L04": crowd.l04,
    "T15": telegram.a_day_away,
    "D17": stopping.d17,
}
#: Those that count what is lost and doubled: on every core at once, the longest first.
COUNTED: Final[dict[str, Long]] = {
    "D02": kills.d02,
    "S11": kills.s11,
    "T18": settlings.t18,
    "D01": disk.d01,
    "D06": full_disk.d06,
    "D03": moments.d03,
    "S13": races.s13,
    "D04": disk.d04,
    "T13": telegram.strange_updates,
    "D20": disk.d20,
    "D15": store.d15,
    "S09": clocks.a_blocked_loop,
    "C12": stopping.c12,
    "D07": full_disk.d07,
    "S02": clocks.every_zone,
    "S03": clocks.another_library,
    "T03": telegram.lost_answers,
    "T06": telegram.repeated_updates,
    "C07": store.c07,
    "T01": telegram.time_outs,
    "D08": full_disk.d08,
    "D14": store.d14,
    "T02": telegram.no_connection,
}
#: All of them.
TESTS: Final = {**TIMED, **COUNTED}
