"""Who saw the words of a baton, and when: its own team at once, everybody in the relay since it was handed over."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from bot.conversation.texts import LANGUAGES, Words
from bot.rehearsal.rounds.chain import LegHeld, RelayHeld
from bot.rehearsal.rounds.deeds import A_BATON, says
from bot.rehearsal.rounds.eyes import Sight
from bot.rehearsal.rounds.judging import Message
from bot.rehearsal.rounds.timetable import HOME
from bot.rehearsal.rounds.writing import Written

STALLED = ("relays.stalled_title", "relays.question_stalled_title")
LONGEST_PATIENCE_DAYS = 30
"""A team is told until when it waits for it, and that is sooner, whatever days it is free."""


def opened_early(
    relay: RelayHeld, sights: Sequence[Sight], written: Sequence[Written], messages: Sequence[Message]
) -> Iterator[str]:
    """Words that somebody outside the team saw before they were handed over; and what never was, at any time."""
    for leg, sight in _by_others(relay, sights, written):
        goes_on_at = _goes_on_at(leg, sight.word, messages)
        if goes_on_at is None:
            yield f"{sight.word} of {leg.team}, never handed over, seen by {sight.by} {sight.at}"
        elif sight.at < goes_on_at:
            yield f"{sight.word} of {leg.team} seen by {sight.by} {sight.at}, handed over {goes_on_at}"


def seen_elsewhere(
    relay: RelayHeld, sights: Sequence[Sight], written: Sequence[Written], coordinators: frozenset[str]
) -> Iterator[str]:
    """Words that somebody saw who is in none of the relay's teams, and does not coordinate it."""
    for leg, sight in _by_others(relay, sights, written):
        if sight.by not in relay.readers | coordinators:
            yield f"{sight.word} of {leg.team} seen by {sight.by}"


def _by_others(
    relay: RelayHeld, sights: Sequence[Sight], written: Sequence[Written]
) -> Iterator[tuple[LegHeld, Sight]]:
    legs = {leg.channel: leg for leg in relay.legs}
    of_baton = {one.word: legs[one.task.channel] for one in written if one.form == A_BATON and one.task.channel in legs}
    for sight in sights:
        leg = of_baton.get(sight.word)
        if leg is not None and sight.by not in leg.readers:
            yield leg, sight


def _goes_on_at(leg: LegHeld, word: str, messages: Sequence[Message]) -> datetime | None:
    """Return from when on others may see a word of a team's; None: never."""
    if leg.own is None or word not in leg.own.words:
        return None
    if leg.own.handed_over_at is not None:
        return leg.own.handed_over_at
    return next((day for one in messages if (day := _day_told(leg, one)) is not None), leg.own.ready_at)


def _day_told(leg: LegHeld, message: Message) -> datetime | None:
    """Return the day on which a team's words go on by themselves, where this is the message that says so."""
    if message.channel != leg.channel or not any(says(message.heading, key) for key in STALLED):
        return None
    days = (message.day + timedelta(days=number) for number in range(LONGEST_PATIENCE_DAYS))
    told = (day for day in days if any(Words(language).day(day) in message.text for language in LANGUAGES))
    return next((datetime.combine(day, time(), HOME) for day in told), None)
