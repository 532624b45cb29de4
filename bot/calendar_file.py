"""Writes the calendar file of a talk, with its alarms. The only user of icalendar."""

from datetime import UTC, datetime, timedelta

from bot.words import Words
from conversations.effects import SendCalendarFile

ALARMS = (timedelta(days=-1), timedelta(hours=-2))


def calendar_file(effect: SendCalendarFile, words: Words, language: str, now: datetime) -> bytes:
    """One event as an .ics file. `now` (aware) is its stamp."""
    from icalendar import Alarm, Calendar, Event  # heavy: only once somebody has a talk

    title = words.say(effect.title, language)
    event = Event()
    event.add("uid", f"{effect.uid}@twenty-minutes")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", title)
    event.add("description", words.say(effect.about, language))
    event.add("dtstart", effect.start.astimezone(UTC))
    event.add("dtend", effect.start.astimezone(UTC) + timedelta(minutes=effect.minutes))
    if effect.where:
        event.add("location", effect.where)
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", before)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Twenty Minutes//coach//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
