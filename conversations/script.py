"""The conversation as one value: the stages in order, the content, the calendar, the languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from conversations.calendar import Calendar
from conversations.content import Content
from conversations.steps import BACK, About, Ask, Choose, Fork, Stage, Step, Target


@dataclass(frozen=True)
class Script:
    """Everything `advance` needs besides the seeker: what can be said, and when it is.

    `languages` are codes with their own names, such as ("es", "español").
    `alarms` are words, per language, after which the coach stops and looks after the seeker;
    `answers` are what people type instead of pressing a button, and words around names.
    """

    stages: tuple[Stage, ...]
    content: Content
    calendar: Calendar
    languages: tuple[tuple[str, str], ...] = (("en", "English"),)
    alarms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def phrases(self, kind: str, language: str) -> tuple[str, ...]:
        """What people type that means `kind`, in a language and in English."""
        if (kind, language) not in self._phrases:
            code = language.partition("_")[0].partition("@")[0]
            found = (self.answers.get(one, {}).get(kind, ()) for one in dict.fromkeys((code, "en")))
            self._phrases[kind, language] = tuple(phrase for group in found for phrase in group)
        return self._phrases[kind, language]

    @cached_property
    def _phrases(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {}

    @cached_property
    def _steps(self) -> Mapping[str, Step]:
        return {step.id: step for stage in self.stages for step in stage.steps}

    @cached_property
    def _following(self) -> Mapping[str, str]:
        pairs = ((stage.steps[i].id, stage.steps[i + 1].id) for stage in self.stages
                 for i in range(len(stage.steps) - 1))  # fmt: skip
        return dict(pairs)

    @cached_property
    def _stages(self) -> Mapping[str, Stage]:
        return {stage.name: stage for stage in self.stages}

    def has(self, step: str) -> bool:
        """Whether there is a step with this id."""
        return step in self._steps

    def step(self, step: str) -> Step:
        """The step with this id; KeyError where there is none."""
        return self._steps[step]

    def after(self, step: str) -> str:
        """The id of the next line of the same stage, or an empty string at its end."""
        return self._following.get(step, "")

    def stage_of(self, step: str) -> Stage:
        """The stage that a step stands in."""
        return self._stages[step.partition(".")[0]]

    def about(self, step: str) -> About:
        """Whom a step is about: the seeker, a person, or either."""
        return self._steps[step].about or self.stage_of(step).about


def families(step: Choose) -> tuple[str, ...]:
    """Every option family a step can ever offer, in the order of its table."""
    offered = step.options if isinstance(step.options, tuple) else ()
    static = (one if isinstance(one, str) else one.slug for one in offered)
    return tuple(dict.fromkeys((*static, *step.then)))


def ways_out(script: Script, step: Step) -> Mapping[str, Target]:
    """Where a step can lead: the name of each way, and its target."""
    onward = step.next or script.after(step.id) or BACK
    if isinstance(step, Fork):
        return step.ways
    if not isinstance(step, Choose):
        return {"": onward}
    ways = {name: step.then.get(name, onward) for name in families(step)}
    typed = {"typed": onward} if isinstance(step, Ask) else {}
    otherwise = {"otherwise": step.otherwise} if step.fits else {}
    return {**ways, **typed, **otherwise}
