"""The whole conversation: every stage, in the order a seeker lives it."""

from conversations.stages import (
    after,
    ask,
    care,
    debrief,
    home,
    nudging,
    people,
    person,
    plan,
    questions,
    settings,
    talk,
    thanks,
    time,
    welcome,
)

STAGES = (
    welcome.STAGE,
    people.STAGE,
    person.STAGE,
    ask.STAGE,
    time.STAGE,
    questions.STAGE,
    talk.STAGE,
    debrief.STAGE,
    thanks.STAGE,
    after.STAGE,
    plan.STAGE,
    home.STAGE,
    settings.STAGE,
    care.STAGE,
    nudging.STAGE,
)
