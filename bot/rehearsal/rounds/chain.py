"""Did every baton come to those it was for? Judged by what people were seen to write, approve and hand over, and by
what each channel then heard.

From the database come only which legs there are, whose turn came when, and whether all of it is over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rehearsal.rounds.deeds import A_BATON, Own, distinct_words, says
from bot.rehearsal.rounds.judging import Message
from bot.rehearsal.rounds.writing import Written, words_in
from storage.tables.deliveries import Kind

WENT_ON = ("relays.passed_on_title", "relays.skipped_title", "relays.finish_title")
"""What a team reads when the relay has gone on without words of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LegHeld:
    """A leg as it went."""

    team: str
    channel: str
    readers: frozenset[str]
    """Who may read what is the team's own, and its channel."""
    begun_at: datetime | None
    is_over: bool
    has_channel: bool
    own: Own | None
    """What the team was seen to approve."""
    is_said_over: bool
    """Whether somebody was told that they have handed over."""
    set_aside_at: datetime | None
    """Since when there is a reason to go past the team, if there is any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayHeld:
    question: str
    is_over: bool
    legs: Sequence[LegHeld]

    @property
    def readers(self) -> frozenset[str]:
        """Everybody in it, and their channels."""
        return frozenset().union(*(leg.readers for leg in self.legs))


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayFindings:
    handed_over: int
    """Batons that teams were seen to approve: where nothing is broken they came to those they were for."""
    broken: tuple[str, ...]
    opened_early: tuple[str, ...]
    """Words that somebody outside the team saw before they were handed over."""
    seen_elsewhere: tuple[str, ...]
    """Words that somebody saw who has nothing to do with the relay."""


def broken(
    relay: RelayHeld,
    messages: Sequence[Message],
    written: Sequence[Written],
    unheard: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Return a sentence for each leg that did not get the latest words before it, for each that never ended, and for
    each that the relay went past in silence. `unheard`: channels that it is explained of why they missed something."""
    if not relay.is_over:
        yield "the relay has not ended"
    latest: tuple[str, ...] = ()
    known = {one.word for one in written if one.form == A_BATON}
    for number, leg in enumerate(relay.legs):
        if not leg.is_over:
            yield f"the leg of {leg.team} has not ended"
        if leg.begun_at is None:
            if leg.is_over and not _is_set_aside(leg, relay.legs[number + 1 :]):
                yield f"the relay went past {leg.team}, and nothing stood in its way"
            continue
        if leg.has_channel:
            yield from _received(relay, leg, latest, messages, known)
        if leg.has_channel and leg.own is None and leg.is_over and leg.channel not in unheard:
            yield from _went_on(leg, messages)
        if leg.own is None and leg.is_said_over:
            yield f"{leg.team} handed over words that it had not approved"
        if leg.own is not None:
            latest = leg.own.words
            if latest != leg.own.written:
                yield f"{leg.team} was shown other words to hand over than it wrote"
    yield from _not_in_closing(relay, messages)


def _is_set_aside(leg: LegHeld, later: Sequence[LegHeld]) -> bool:
    """Whether there was a reason to go past a team by the time that the next one had its turn."""
    passed_at = min((one.begun_at for one in later if one.begun_at is not None), default=None)
    return leg.set_aside_at is not None and (passed_at is None or leg.set_aside_at <= passed_at)


def _received(
    relay: RelayHeld, leg: LegHeld, latest: tuple[str, ...], messages: Sequence[Message], known: set[str]
) -> Iterator[str]:
    came = next((one for one in _heard(leg, messages) if one.kind in (Kind.RELAY, Kind.ROUND)), None)
    if came is None:
        yield f"{leg.team} never heard that the baton has come"
    elif tuple(word for word in distinct_words(came.text) if word in known) != latest:
        yield f"{leg.team} did not get {len(latest)} words as they were handed over"
    elif relay.question not in came.text:
        yield f"{leg.team} did not get the relay's question"


def _went_on(leg: LegHeld, messages: Sequence[Message]) -> Iterator[str]:
    told = (one for one in _heard(leg, messages) if one.kind == Kind.RELAY)
    if not any(says(one.heading, key) for one in told for key in WENT_ON):
        yield f"{leg.team} never heard that the relay has gone on without its words"


def _heard(leg: LegHeld, messages: Sequence[Message]) -> Iterator[Message]:
    """Return what the channel heard since it was this team's turn."""
    begun = leg.begun_at
    return (one for one in messages if one.channel == leg.channel and begun is not None and one.at >= begun)


def _not_in_closing(relay: RelayHeld, messages: Sequence[Message]) -> Iterator[str]:
    """What each team learned is in the last that every channel hears: the whole chain."""
    learned = {leg.own.words[0] for leg in relay.legs if leg.own is not None and leg.own.words}
    for leg in relay.legs:
        if not leg.has_channel:
            continue
        told = [one for one in messages if one.channel == leg.channel and one.kind == Kind.RELAY]
        if not any(learned <= set(words_in(one.text)) for one in told):
            yield f"{leg.team} never saw the whole chain"
