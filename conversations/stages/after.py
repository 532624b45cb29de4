"""After: promises until they are kept, reports back, the update of a month later, found work."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from conversations import letters
from conversations.changes import REWORDED, changed, named, reworded, stepped
from conversations.effects import Draft, Text, Value
from conversations.promises import due_promise, owed_report
from conversations.state import Person, Seeker, person_of
from conversations.steps import HOME, STAY, Choose, Fork, Here, Option, Stage


def _promise_says(here: Here) -> Text:
    promise = due_promise(here.them)
    assert promise is not None  # the step fits only while one is open
    side = "theirs" if promise.theirs else "mine"
    return Text(f"after.promise.{side}", {**named(here), "promise": promise.what})


def _promise_draft(here: Here) -> Draft | None:
    return letters.promised(here) if due_promise(here.them) else None


def promise_options(here: Here, *slugs: str, theirs: bool | None = None) -> tuple[Option, ...]:
    """Buttons that name their promise, so that a second press never settles the next one."""
    due = due_promise(here.them, theirs)
    return tuple(Option(slug, str(due.id)) for slug in slugs) if due else ()


def _promise_options(here: Here) -> tuple[Option, ...]:
    return promise_options(here, "kept", "not_yet", "drop")


def _promise_changed(here: Here, number: str, **facts: Any) -> Seeker:
    promises = tuple(replace(one, **facts) if str(one.id) == number else one for one in here.them.promises)
    return changed(here, promises=promises)


def promise_kept(here: Here, tail: str) -> Seeker:
    """The promise was kept, or the line about it was sent."""
    return stepped(here, _promise_changed(here, tail, kept=here.moment))


def promise_later(here: Here, tail: str) -> Seeker:
    """The promise is brought up again in three days."""
    return _promise_changed(here, tail, due=here.now.date() + timedelta(days=3))


def promise_dropped(here: Here, tail: str) -> Seeker:
    """The promise no longer counts."""
    return _promise_changed(here, tail, dropped=True)


def has_promise(here: Here) -> bool:
    """Whether a promise with this person is still open."""
    return due_promise(here.them) is not None


def _on(here: Here) -> tuple[Option, ...]:
    return (Option("on", label=Text("after.promise.on")),)


def _introducer(here: Here) -> Mapping[str, Value]:
    by = person_of(here.seeker, here.them.named_by)
    return {**named(here), "introducer": by.name if by else here.them.name}


def report_draft(here: Here) -> Draft | None:
    """The line to the one who gave this person's name."""
    event = owed_report(here.seeker, here.them)
    return letters.report(here, here.them, event) if event else None


def reported(here: Here, tail: str) -> Seeker:
    """The introducer was told, or shall not be; whoever heard of the talk needs no older news."""
    told = here.moment
    met = owed_report(here.seeker, here.them) == "met"
    facts = {"told_asked": told, "told_met": told} if met else {"told_asked": told}
    return stepped(here, changed(here, **facts))


def owes_report(here: Here) -> bool:
    """Whether the introducer of this person is still to be told."""
    return bool(owed_report(here.seeker, here.them))


def report_options(here: Here, *slugs: str) -> tuple[Option, ...]:
    """Buttons that name what the introducer is told: that I wrote, or that we met."""
    return tuple(Option(slug, owed_report(here.seeker, here.them)) for slug in slugs)


def _report_options(here: Here) -> tuple[Option, ...]:
    return report_options(here, "sent", "later", "no")


def updated(here: Here, tail: str) -> Seeker:
    """The update of one month later went out, or shall not."""
    return stepped(here, changed(here, updated=here.moment))


def owes_update(here: Here) -> bool:
    """Whether the update of one month later is still to be sent."""
    return here.them.updated is None and here.them.thanks.sent is not None


def to_thank(here: Here) -> list[Person]:
    """Everybody who gave the seeker time, and has not heard of the new work yet."""
    return [one for one in here.seeker.people if one.talk and one.talk.met and not one.closed]


def _next_thanked(here: Here) -> str:
    return "next" if to_thank(here) else "over"


def _whom(here: Here) -> int:
    left = to_thank(here)
    return left[0].id if left else 0


def _told(here: Here, tail: str) -> Seeker:
    return changed(here, closed=True)


STAGE = Stage("after", (
    Choose(id="after.promise", kept=True, says=_promise_says, draft=_promise_draft,
           options=_promise_options, anytime=True, fits=has_promise, otherwise="after.no_promise",
           then={"kept": "after.promise_noted", "not_yet": HOME, "drop": HOME},
           does={"kept": promise_kept, "not_yet": promise_later, "drop": promise_dropped}),
    Choose(id="after.no_promise", says=lambda here: Text("after.promise.none", named(here)),
           options=_on, then={"on": HOME}),
    Choose(id="after.promise_noted", fill=named, options=("on",), then={"on": HOME}),
    Choose(id="after.report", kept=True, fill=_introducer, draft=report_draft,
           options=_report_options, anytime=True, fits=owes_report, otherwise="person.page",
           then={"sent": "after.reported", "later": HOME, "no": HOME},
           does={"sent": reported, "no": reported}),
    Choose(id="after.reported", fill=_introducer, options=("on",), then={"on": HOME}),
    Choose(id="after.month", kept=True, fill=named, draft=letters.month_after,
           options=("sent", REWORDED, "later", "no"), anytime=True, fits=owes_update, otherwise="person.page",
           then={"sent": "after.month_noted", "later": HOME, "no": HOME, "other_words": STAY},
           does={"other_words": reworded, "sent": updated, "no": updated}),
    Choose(id="after.month_noted", fill=named, options=("on",), then={"on": HOME}),
    Choose(id="after.referee", kept=True, fill=named, draft=letters.referee_note,
           options=("resume", "done"), then={"resume": "after.resume", "done": "person.page"}),
    Choose(id="after.resume", kept=True, fill=named, draft=letters.resume_ask,
           options=("done",), then={"done": "person.page"}),
    Choose(id="after.found", kept=True, fill=named, draft=letters.found_work,
           options=("sent", "skip"), then={"sent": "home.thank_next", "skip": "home.thank_next"},
           does={"sent": _told, "skip": _told}),
), about="person")  # fmt: skip

NEXT_TO_THANK = Fork(id="home.thank_next", by=_next_thanked, whom=_whom,
                     ways={"next": "after.found", "over": "home.thanked"})  # fmt: skip
