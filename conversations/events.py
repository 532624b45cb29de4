"""What can happen to a seeker: facts, told to the core by a channel or by the bell."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Started:
    """The seeker opened the coach (/start). What the channel knows of them is a hint only."""

    language: str = ""
    first_name: str = ""


@dataclass(frozen=True)
class Commanded:
    """The seeker gave a command such as `people`, without the slash."""

    name: str


@dataclass(frozen=True)
class Chose:
    """The seeker pressed a button.

    `entered` is the turn in which the step was entered that offered the button; it tells an
    old button from a new one.
    """

    step: str
    option: str
    person: int = 0
    entered: int = 0


@dataclass(frozen=True)
class Wrote:
    """The seeker typed words, or changed words typed before (`edited`)."""

    words: str
    edited: bool = False


@dataclass(frozen=True)
class SharedContact:
    """The seeker shared a person from their phone."""

    name: str
    phone: str = ""


@dataclass(frozen=True)
class Showed:
    """The seeker sent something the coach cannot use: a sticker, a voice message, a photo."""

    kind: str


@dataclass(frozen=True)
class NudgesDue:
    """The bell rang: each planned nudge that is due, as (rule, person)."""

    due: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Left:
    """The seeker blocked the coach; it falls silent and keeps everything."""


@dataclass(frozen=True)
class CameBack:
    """The seeker let the coach in again."""


@dataclass(frozen=True)
class Overdue:
    """The seeker is there before the bell: each planned nudge that was due by now, as (rule, person)."""

    due: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Withdrawn:
    """What the coach said unasked in this turn did not go out after all, and no longer shall."""

    turn: int


@dataclass(frozen=True)
class ClocksChanged:
    """A law moved the clocks where the seeker lives: these nudges come at another moment now."""

    moved: tuple[tuple[str, int], ...]


Event = (
    Started | Commanded | Chose | Wrote | SharedContact | Showed | NudgesDue | Left | CameBack
    | Overdue | Withdrawn | ClocksChanged
)  # fmt: skip
