"""The sheet: which questions fit the minutes, the aim and how warm the person is."""

from dataclasses import replace

from conversations.content import Question
from conversations.drafts import aim_of
from conversations.effects import Stack, Text, Value
from conversations.naming import circle_of
from conversations.state import Person, Sheet, Talk
from conversations.steps import Here

MUSTS = 5
SPARES = 3
CLOSING_MINUTES = 4
OPENING_MINUTES = 2
CUT = 2
CLOSING = ("names", "use_name", "keep_in_touch")


def minutes_for_questions(talk: Talk | None) -> int:
    """Minutes left for questions, once the opening and the closing asks have theirs."""
    return (talk.minutes if talk else 20) - OPENING_MINUTES - CLOSING_MINUTES


def fitting(here: Here, person: Person) -> list[Question]:
    """Every question that may be asked of this person, the best first, topics in turn."""
    content, aim = here.script.content, aim_of(here)
    situation = content.situations[here.seeker.situation].questions
    order = ("path", here.seeker.situation, "my_plan", "day", "getting_in", "differently",
             "future", "place", "people")  # fmt: skip
    pool = [
        one for one in (*content.bank, *situation)
        if one.aim in ("any", aim) and circle_of(person) <= one.circle and one.topic in order
    ]  # fmt: skip
    by_topic = {topic: [one for one in pool if one.topic == topic] for topic in order}
    rounds = max((len(group) for group in by_topic.values()), default=0)
    return [by_topic[topic][turn] for turn in range(rounds) for topic in order
            if turn < len(by_topic[topic])]  # fmt: skip


def planned(here: Here, person: Person) -> Sheet:
    """Five musts that fit the minutes, and three spares.

    The first three stand in the order of a good talk; the fourth and fifth turn from person to
    person, so that not everybody is asked the same.
    """
    pool = fitting(here, person)
    start, rest = pool[:3], pool[3:]
    turn = (person.id * 2) % max(1, len(rest))
    left, musts = minutes_for_questions(person.talk), list[Question]()
    for one in (*start, *rest[turn:], *rest[:turn]):
        if len(musts) < MUSTS and one.minutes <= left:
            musts.append(one)
            left -= one.minutes
    spares = [one for one in pool if one not in musts][:SPARES]
    return replace(
        person.sheet,
        musts=tuple(one.id for one in musts),
        spares=tuple(one.id for one in spares),
        seen=here.moment,
    )


def words_of(here: Here, person: Person, question: str) -> Value | None:
    """The words of a question on a sheet: from the bank, or the seeker's own."""
    if question.startswith("own-"):
        number = int(question.removeprefix("own-"))
        own = person.sheet.own
        return own[number] if number < len(own) else None
    found = here.script.content.questions.get(question)
    return Text(found.key) if found else None


def _numbered(here: Here, person: Person, ids: tuple[str, ...], first: int) -> tuple[Value, ...]:
    words = [said for one in ids if (said := words_of(here, person, one)) is not None]
    return tuple(
        Text("questions.line", {"number": first + place, "question": said})
        for place, said in enumerate(words)
    )


def closing(here: Here, person: Person) -> tuple[Value, ...]:
    """The closing asks, a ladder: names first, resume and reference only where they were chosen."""
    more = (*(("resume",) if person.sheet.resume else ()),
            *(("reference",) if person.sheet.reference else ()))  # fmt: skip
    return tuple(
        Text("questions.closing_line", {"question": Text(f"bank.closing.{name}")})
        for name in (*CLOSING, *more)
    )


def shown(here: Here, person: Person) -> Stack:
    """The sheet as paragraphs: musts, the cut, spares, closing asks."""
    musts = _numbered(here, person, person.sheet.musts, 1)
    spares = _numbered(here, person, person.sheet.spares, len(musts) + 1)
    kept = min(CUT, len(musts))
    parts: list[Value] = [
        Stack((Text("questions.head_musts"), *musts), gap=1),
        Text("questions.cut", {"number": kept}),
    ]
    if spares:
        parts.append(Stack((Text("questions.head_spares"), *spares), gap=1))
    parts.append(Stack((Text("questions.head_closing"), *closing(here, person)), gap=1))
    return Stack(tuple(parts))
