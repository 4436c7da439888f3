"""Why did I get nothing on Tuesday? The last seven days in words, from the person's own promises."""

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

DAYS = 7


def why(visit: Visit, event: Pressed | Typed) -> list[Show]:
    today = days.today(visit)
    rows = looking_back.promised(visit.session, visit.person, since=today - timedelta(days=DAYS - 1), until=today)
    zone = people.rhythm_of(visit.session, visit.person).zone
    return pages.shown(
        visit,
        event,
        name="why",
        title=visit.words("reasons.title"),
        parts=week_in_words(rows, today, zone, visit.words),
    )


def week_in_words(rows: list[Delivery], today: date, zone: str, words: Words) -> list[Part | Input]:
    """Return each of the last seven days that was a weekday or had something promised, newest first."""
    by_day = {
        day: list(group) for day, group in groupby(sorted(rows, key=lambda row: row.day), key=lambda row: row.day)
    }
    lines = []
    for back in range(DAYS):
        day = today - timedelta(days=back)
        if day in by_day or day.weekday() < 5:
            lines.append((words.day(day), day_in_words(by_day.get(day, []), day, zone, words)))
    return [Facts(tuple(lines)), Note(words("reasons.note"))]


def day_in_words(rows: list[Delivery], day: date, zone: str, words: Words) -> str:
    sent = next((row for row in rows if row.state is State.SENT and row.sent_at), None)
    if sent is not None and sent.sent_at is not None:
        return words("reasons.sent", clock=words.clock(sent.sent_at, zone))
    explained = dict.fromkeys(row.reason for row in rows if row.state is State.EXPLAINED and row.reason)
    if explained:
        return " ".join(reason_in_words(reason, day, words) for reason in explained)
    return words("reasons.on_its_way" if rows else "reasons.nothing")


def reason_in_words(reason: Reason, day: date, words: Words) -> str:
    if reason in (Reason.RED_DAY, Reason.EVE) and (name := Calendar().name_of(day, words.language)):
        return words("reasons.named", name=name)
    return words(f"reasons.{reason}")


ROUTES = Routes(presses={"home.why": why}, forms={}, commands={"why": why})
