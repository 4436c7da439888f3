"""Why did I get nothing on Tuesday? The last two weeks in words, from the person's own promises."""

from datetime import date, timedelta
from itertools import groupby

from bot.conversation import days, pages
from bot.conversation.cards import Facts, Input, Note, Part
from bot.conversation.events import Pressed
from bot.conversation.shows import Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Typed, Visit
from scheduler.calendar import Calendar
from storage import looking_back, people
from storage.tables.deliveries import Delivery, Reason, State

DAYS = 14


def why(visit: Visit, event: Pressed | Typed) -> list[Show]:
    parts: list[Part | Input] = [lately(visit), Note(visit.words("reasons.note"))]
    return pages.shown(visit, event, name="why", title=visit.words("reasons.title"), parts=parts)


def lately(visit: Visit) -> Facts:
    """Return the reader's last two weeks, day by day."""
    today = days.today(visit)
    rows = looking_back.promised(visit.session, visit.person, since=today - timedelta(days=DAYS - 1), until=today)
    return days_in_words(rows, today, people.rhythm_of(visit.session, visit.person).zone, visit.words)


def days_in_words(rows: list[Delivery], today: date, zone: str, words: Words) -> Facts:
    """Return each of the last fourteen days that was a weekday or had something promised, newest first."""
    by_day = {
        day: list(group) for day, group in groupby(sorted(rows, key=lambda row: row.day), key=lambda row: row.day)
    }
    lines = []
    for back in range(DAYS):
        day = today - timedelta(days=back)
        if day in by_day or day.weekday() < 5:
            lines.append((words.day(day), day_in_words(by_day.get(day, []), day, zone, words)))
    return Facts(tuple(lines))


def day_in_words(rows: list[Delivery], day: date, zone: str, words: Words) -> str:
    """Say what came that day, or why nothing did: what came, or may have come, is never called nothing."""
    sent = next((row for row in rows if row.state is State.SENT and row.sent_at), None)
    if sent is not None and sent.sent_at is not None:
        return words("reasons.sent", clock=words.clock(sent.sent_at, zone))
    if any(row.state is State.UNKNOWN for row in rows):
        return words("reasons.unclear")
    if any(row.state is not State.EXPLAINED for row in rows):
        return words("reasons.on_its_way")
    reasons = dict.fromkeys(row.reason for row in rows if row.reason)
    if Reason.OUTCOME_UNKNOWN in reasons:
        return words("reasons.outcome_unknown")
    if reasons:
        said = words.listed([reason_in_words(reason, day, words) for reason in reasons])
        return words("reasons.because", reasons=said)
    return words("reasons.nothing")


def reason_in_words(reason: Reason, day: date, words: Words) -> str:
    said = words(f"reasons.{reason}")
    if reason in (Reason.RED_DAY, Reason.EVE) and (name := Calendar().name_of(day, words.language)):
        return words("reasons.named", reason=said, name=name)
    return said


ROUTES = Routes(presses={"home.why": why}, forms={}, commands={"why": why})
