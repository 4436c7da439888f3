"""Did every baton come to those it was for? Judged by the words that were written and by what each channel then heard.

From the database come only how each leg ended and whether its team handed over words of its own: not which, and not to
whom.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rehearsal.rounds.judging import Message
from bot.rehearsal.rounds.writing import Written, words_in
from storage.tables.deliveries import Kind

A_BATON = "relay.write"
"""What the form for a baton is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LegHeld:
    """A leg as it went."""

    team: str
    channel: str
    begun_at: datetime | None
    ended_at: datetime | None
    has_own_words: bool
    """Handed over with words of its own."""
    is_over: bool
    has_channel: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayHeld:
    question: str
    is_over: bool
    legs: Sequence[LegHeld]


def broken(relay: RelayHeld, messages: Sequence[Message], written: Sequence[Written]) -> Iterator[str]:
    """Return a sentence for each leg that did not get the latest words before it, and for each that never ended."""
    if not relay.is_over:
        yield "the relay has not ended"
    latest: tuple[str, ...] = ()
    known = {one.word for one in written}
    for leg in relay.legs:
        if not leg.is_over:
            yield f"the leg of {leg.team} has not ended"
        if leg.begun_at is not None and leg.has_channel:
            came = _arrived(leg, messages)
            if came is None:
                yield f"{leg.team} never heard that the baton has come"
            elif tuple(dict.fromkeys(word for word in words_in(came.text) if word in known)) != latest:
                yield f"{leg.team} did not get {len(latest)} words as they were handed over"
            elif relay.question not in came.text:
                yield f"{leg.team} did not get the relay's question"
        if leg.has_own_words:
            latest = _handed_over(leg, written)
            if not latest:
                yield f"{leg.team} handed over words that nobody wrote"
    yield from _not_in_closing(relay, messages, written)


def _arrived(leg: LegHeld, messages: Sequence[Message]) -> Message | None:
    """Return the first that the channel heard of the relay since it was this team's turn."""
    begun = leg.begun_at
    return next(
        (
            one
            for one in messages
            if one.channel == leg.channel
            and one.kind in (Kind.RELAY, Kind.ROUND)
            and begun is not None
            and one.at >= begun
        ),
        None,
    )


def _handed_over(leg: LegHeld, written: Sequence[Written]) -> tuple[str, ...]:
    """Return the words of the last form that was sent before the team handed over."""
    own = [
        one
        for one in written
        if one.form == A_BATON
        and one.task.channel == leg.channel
        and leg.ended_at is not None
        and one.at <= leg.ended_at
    ]
    if not own:
        return ()
    last = own[-1]
    return tuple(one.word for one in own if (one.person, one.at) == (last.person, last.at))


def _not_in_closing(relay: RelayHeld, messages: Sequence[Message], written: Sequence[Written]) -> Iterator[str]:
    """What each team learned is in the last that every channel hears: the whole chain."""
    learned: Mapping[str, str] = {
        leg.team: words[0] for leg in relay.legs if leg.has_own_words and (words := _handed_over(leg, written))
    }
    for leg in relay.legs:
        if not leg.has_channel:
            continue
        told = [one for one in messages if one.channel == leg.channel and one.kind == Kind.RELAY]
        whole = next((one for one in reversed(told) if set(learned.values()) <= set(words_in(one.text))), None)
        if whole is None:
            yield f"{leg.team} never saw the whole chain"
