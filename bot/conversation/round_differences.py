"""What is different about a round that is changed, a line for everything that happens at another time."""

from datetime import datetime

from bot.conversation.round_view import step_called
from bot.conversation.texts import Words
from scheduler.round_changes import UnderWay
from scheduler.timeline_changes import Changed, Difference, Moment
from storage.moments import local_day

MOST_LINES = 30


def lines_of(words: Words, one: UnderWay, changed: Changed) -> list[str]:
    """Return the lines in the order of when things were to happen: reminders follow what they remind of."""
    told = [line for difference in changed.differences if (line := _line(words, one, difference)) is not None]
    if (more := len(told) - MOST_LINES) > 0:
        return [*told[:MOST_LINES], words("coordinating.diff_more", number=more)]
    return told


def _line(words: Words, one: UnderWay, difference: Difference) -> str | None:
    if difference.moment is Moment.REMINDER or difference.after is None:
        return None
    after = _when(words, difference.after, one.team.zone)
    title = words.of(step_called(one.challenge, difference.key).title) if difference.key is not None else ""
    if difference.before is None:
        is_new = difference.moment is Moment.PROMPT
        return words("round_changes.diff_prompt_at_new", title=title, after=after) if is_new else None
    before = _when(words, difference.before, one.team.zone)
    return words(f"round_changes.diff_{difference.moment.value}", title=title, before=before, after=after)


def _when(words: Words, moment: datetime, zone: str) -> str:
    return words("rounds.clock_on", day=words.day(local_day(moment, zone)), clock=words.clock(moment, zone))
