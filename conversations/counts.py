"""Honest counts of one seeker: asked, answered, met, names given, thanked. Numbers, no words."""

from dataclasses import dataclass

from conversations.state import Seeker


@dataclass(frozen=True)
class Counts:
    """How many people were listed, asked, answered, met, named by others, and thanked."""

    listed: int
    asked: int
    answered: int
    met: int
    named: int
    thanked: int


def counts(seeker: Seeker) -> Counts:
    """The counts as they stand; a silence is no answer yet and counts as nothing else."""
    people = seeker.people
    return Counts(
        listed=len(people),
        asked=sum(one.ask.sent is not None for one in people),
        answered=sum(bool(one.ask.answer) for one in people),
        met=sum(one.talks_before + bool(one.talk and one.talk.met) for one in people),
        named=sum(bool(one.named_by) for one in people),
        thanked=sum(one.thanks.sent is not None for one in people),
    )
