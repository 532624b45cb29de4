"""What a long test found, as one line of the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """The number of the catalogue, what was done how often, and what came of it."""

    number: str
    what: str
    runs: int
    lost: int
    doubled: int
    figure: str
    ok: bool
    seconds: float
