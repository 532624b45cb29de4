"""The vocabulary of the script: Tell, Choose, Ask, Fork, and the tables they stand in.

A stage is a tuple of steps in the order a seeker lives it; the next step is the next line unless
a step says otherwise. Everything that can happen is in these tables, so that it can be walked,
checked and drawn.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from conversations.effects import Draft, Effect, Value
from conversations.state import Person, Seeker

if TYPE_CHECKING:
    from conversations.script import Script

HOME = "home.door"
BACK = "<back"  # to the place that called this one, or home
RESUME = "<resume"  # to where this person, or this stage, was left
STAY = "<stay"  # the same step again, with what changed
About = Literal["seeker", "person", "either"]


@dataclass(frozen=True)
class Here:
    """What a step may look at: the script, the seeker, the person it is about, and the moment.

    `now` is aware, in the seeker's own zone.
    """

    script: "Script"
    seeker: Seeker
    now: datetime
    person: Person | None = None
    about: str = ""

    @property
    def moment(self) -> datetime:
        """The moment as it is kept: in UTC, where no hour of it comes twice."""
        return self.now.astimezone(UTC)

    @property
    def them(self) -> Person:
        """The person this step is about. Steps about a person are never entered without one."""
        assert self.person is not None
        return self.person


@dataclass(frozen=True)
class Option:
    """A button whose number or words come from what the seeker has told.

    `slug` is a family named in the table, `tail` what tells its members apart (letters, digits,
    `-` and `_`). Without a `label`, the label is the text `<step>.<slug>` with `values`. `about`
    is a detail that the next step is entered with, such as the page of a list.
    """

    slug: str
    tail: str = ""
    label: Value | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True)
class Call:
    """Go to a step of another stage, and come back to `then` from there."""

    to: str
    then: str


Target = str | Call
Values = Callable[[Here], Mapping[str, Value]]
Change = Callable[[Here, str], Seeker]
Options = tuple["str | Option", ...] | Callable[[Here], tuple[str | Option, ...]]


def no_values(here: Here) -> Mapping[str, Value]:
    """For a step whose words have no gaps."""
    return {}


def no_effects(here: Here) -> tuple[Effect, ...]:
    """For a step that only speaks."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the script. Its words are the text of the same id, unless `says` picks one.

    `says` may give None: then the step has nothing to say this time. `draft` follows as words for a
    person, `below` stands under it; `extra` are files and the like. `about` is set where the step
    is about somebody else than its stage.
    """

    id: str
    fill: Values = no_values
    says: Callable[[Here], Value | None] | None = None
    draft: Callable[[Here], Draft | None] | None = None
    below: Callable[[Here], Value | None] | None = None
    extra: Callable[[Here], tuple[Effect, ...]] = no_effects
    next: Target = ""
    kept: bool = False
    about: About | None = None


@dataclass(frozen=True, kw_only=True)
class Tell(Step):
    """Says something and goes on. `apart`: as a message of its own."""

    apart: bool = False
    changes: Callable[[Here], Seeker] | None = None


@dataclass(frozen=True, kw_only=True)
class Choose(Step):
    """Offers buttons and waits. `then` says where each leads, `does` what it changes.

    `fits`: whether the step still makes sense; where it does not, the way leads `otherwise`.
    `anytime`: the buttons keep working after the seeker went elsewhere, while the step fits. `final`:
    what is chosen cannot be undone, so typed words must say it outright.
    """

    options: Options
    then: Mapping[str, Target] = field(default_factory=dict)
    does: Mapping[str, Change] = field(default_factory=dict)
    fits: Callable[[Here], bool] | None = None
    otherwise: str = HOME
    anytime: bool = False
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class Ask(Choose):
    """Waits for typed words, read by `reads` and kept by `keeps`; may offer buttons beside it.

    `reads` raises Unclear where it cannot read; the step is then asked again, kindly. `hears` says
    which button a common answer stands for: `none` ("nobody"), `unsure` ("I don't know").
    `again` is for a step that comes several times in a row: the seeker as before the last time, and
    what is said of it, for the way back that leads to this very step. `place`: a place is waited for,
    and `home` is one.
    """

    reads: Callable[[Here, str], object]
    keeps: Callable[[Here, object], Seeker]
    again: Callable[[Here], tuple[Seeker, Value | None]] | None = None
    options: Options = ()
    hears: Mapping[str, str] = field(default_factory=dict)
    place: bool = False


@dataclass(frozen=True, kw_only=True)
class Fork(Step):
    """Says nothing; `by` picks one of `ways`. All ways are in the table, so all are drawn.

    `whom` picks the person that the way goes on about.
    """

    ways: Mapping[str, Target]
    by: Callable[[Here], str]
    whom: Callable[[Here], int] | None = None
    changes: Callable[[Here], Seeker] | None = None


@dataclass(frozen=True)
class Stage:
    """A part of the journey. It runs about one person, about the seeker, or about either."""

    name: str
    steps: tuple[Step, ...]
    about: About = "seeker"
