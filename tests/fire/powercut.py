"""Power cuts: every way the files of a recorded story may lie on the disk when the current stops."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fire.crashing import Recording
from tests.fire.images import VARIANTS, Damaged, Image, Platter, lay, rows_in


@dataclass
class Verdict:
    """What was found in the files after power cuts."""

    images: int = 0
    corrupt: int = 0
    lost: int = 0
    between: int = 0

    def sound(self) -> bool:
        """Nothing corrupt, nothing acknowledged missing, nothing half done."""
        return not (self.corrupt or self.lost or self.between)


def cuts(recording: Recording, share: int, seed: int = 1) -> Iterator[tuple[int, Image]]:
    """Six images for every `share`-th length of the trace: how long it was, and the files."""
    platter = Platter(recording.start)
    for length, call in enumerate(recording.trace, 1):
        platter.take(call)
        if length % share == 0 or length == len(recording.trace):
            for variant in range(VARIANTS):
                yield length, platter.cut(variant, random.Random(f"{seed} {length} {variant}"))


def judge(recording: Recording, place: Path, verdict: Verdict, share: int = 1) -> Verdict:
    """Open every image and compare it with what had been acknowledged by then."""
    places: dict[str, list[int]] = {}
    for number, rows in enumerate(recording.rows):
        places.setdefault(rows, []).append(number)
    for length, image in cuts(recording, share):
        verdict.images += 1
        try:
            found = rows_in(lay(image, place))
        except Damaged:
            verdict.corrupt += 1
            continue
        _compare(places.get(found, []), recording.acknowledged(length), verdict)
    return verdict


def _compare(found: list[int], acknowledged: int, verdict: Verdict) -> None:
    if acknowledged in found or acknowledged + 1 in found:
        return
    if found and max(found) < acknowledged:
        verdict.lost += 1
    else:
        verdict.between += 1
