"""Were the promises of rounds kept? Judged by what the platforms showed and by a timetable of its own: none of the
planner's code is used here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.cards import Heading
from bot.conversation.texts import Words
from bot.rehearsal.checking import why_outside
from bot.rehearsal.paper import Received
from bot.rehearsal.rounds.eyes import Sight
from bot.rehearsal.rounds.timetable import HOME, Span, span_of
from bot.rehearsal.rounds.writing import Written
from lessons.challenge_steps import Audience
from lessons.challenges import Challenge
from storage.tables.deliveries import Kind
from storage.tables.rounds import Ending

A_TICK = timedelta(seconds=10)
"""A round that cannot go on ends when its next step was to begin, or a little later."""
REMINDER = Kind.ROUND_REMINDER
HANDED_IN = {"contribution", "proposal"}
"""What the names of forms begin with that hand something in to a step."""
UNTOLD = {"channel_gone"}
"""Who has no channel is told of no ending."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A round as it went: from what was decided when it began, and how it ended."""

    channel: str
    challenge: Challenge
    spans: Sequence[Span]
    closed: frozenset[date]
    """The team's own closed days."""
    readers: frozenset[str]
    """Who could read the channel."""
    ending: str | None
    ended_at: datetime | None
    has_channel: bool
    """Still, at the end of it all."""
    down: Sequence[tuple[datetime, datetime]]
    """From when until when Knuff was."""
    steady: frozenset[str]
    """Who was in the team from beginning to end, whatever else happened to them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message that we started, as the platform showed it. `person` is None in a channel."""

    at: datetime
    person: str | None
    channel: str | None
    zone: str
    kind: str
    heading: str
    text: str

    @property
    def day(self) -> date:
        return self.at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A promise of a round that was not sent."""

    person: str | None
    channel: str | None
    day: date
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundFindings:
    """What was wrong; each entry is a sentence for whoever looks into it."""

    prompts_over_one_a_day: tuple[str, ...] = ()
    opened_early: tuple[str, ...] = ()
    """Shown, counted or asked before its hour."""
    seen_elsewhere: tuple[str, ...] = ()
    """What is its author's alone, or the team's, in front of somebody else."""
    duplicates: tuple[str, ...] = ()
    outside_hours: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    """Rounds without a named ending, and endings that were told twice, not at all, or as another."""

    @property
    def every(self) -> Mapping[str, tuple[str, ...]]:
        return {name: getattr(self, name) for name in self.__slots__}


def judge(
    rounds: Sequence[Held],
    *,
    messages: Sequence[Message],
    explained: Sequence[Explained],
    sights: Sequence[Sight],
    written: Sequence[Written],
    coordinators: frozenset[str] = frozenset(),
) -> RoundFindings:
    in_channels = [one for one in messages if one.person is None]
    written = [one for one in written if one.form.partition(".")[0] in HANDED_IN]
    alone = [one for one in messages if one.person is not None]
    return RoundFindings(
        prompts_over_one_a_day=tuple(_over_one_a_day(alone)),
        opened_early=(*_seen_early(rounds, sights, written), *_told_early(rounds, in_channels)),
        seen_elsewhere=tuple(_seen_elsewhere(rounds, sights, written, coordinators)),
        duplicates=(*_twice_in_channels(rounds, in_channels), *_twice_alone(rounds, alone)),
        outside_hours=tuple(_outside_hours(rounds, in_channels)),
        lost=(*_not_asked(rounds, alone, explained), *_not_told(rounds, in_channels, explained)),
        endings=tuple(_endings(rounds, in_channels, explained)),
    )


def message_of(one: Received, kind: str) -> Message:
    heading = next((part.text for part in one.card.parts if isinstance(part, Heading)), "")
    return Message(
        at=one.at,
        person=one.person,
        channel=one.channel,
        zone=one.zone,
        kind=kind,
        heading=heading,
        text=repr(one.card.parts),
    )


def _over_one_a_day(alone: Iterable[Message]) -> Iterator[str]:
    days = Counter((one.person, one.day) for one in alone)
    for (person, day), times in days.items():
        yield from [f"{person} {day}: {times} messages"] * (times - 1)


def _seen_early(rounds: Sequence[Held], sights: Iterable[Sight], written: Sequence[Written]) -> Iterator[str]:
    """What was handed in, in front of somebody else before the hour that the file says; or before enough had come."""
    by_word = {one.word: one for one in written}
    held = {one.channel: one for one in rounds}
    for sight in sights:
        one = by_word.get(sight.word)
        here = held.get(one.task.channel) if one is not None else None
        if one is None or here is None or sight.by == one.person:
            continue
        span = span_of(here.spans, one.task.heading, one.task.day)
        if span is None or span.shows_at is None or not span.is_hidden:
            continue
        if sight.at < span.shows_at:
            yield f"{sight.word} ({span.step.key}) seen by {sight.by} {sight.at}, to open {span.shows_at}"
        elif (least := _opens_with(span)) and _come_by(written, here.channel, span, sight.at) < least:
            yield f"{sight.word} ({span.step.key}) seen by {sight.by} before {least} had come"


def _opens_with(span: Span) -> int:
    return (span.step.hand_in.opens_with or 0) if span.step.hand_in is not None else 0


def _come_by(written: Iterable[Written], channel: str, span: Span, moment: datetime) -> int:
    """Return how many hand-ins of a step had come. (One may be several texts, all sent at once.)"""
    titles = (span.step.title.sv, span.step.title.en)
    same = (one for one in written if one.task.channel == channel and one.task.heading in titles)
    return len({(one.person, one.at) for one in same if one.at <= moment})


def _told_early(rounds: Sequence[Held], in_channels: Sequence[Message]) -> Iterator[str]:
    """A channel that heard of a step before its morning, or how it went before its hour."""
    for held, span, told in _by_span(rounds, in_channels):
        for number, message in enumerate(told):
            moment = span.begins_at if number == 0 or span.shows_at is None else span.shows_at
            if message.at < moment:
                yield f"{held.channel} heard of {span.step.key} at {message.at}, not to be told before {moment}"


def _by_span(rounds: Sequence[Held], in_channels: Sequence[Message]) -> Iterator[tuple[Held, Span, list[Message]]]:
    """Return what each channel heard of each span, but for reminders and what comes long after."""
    for held in rounds:
        here = [one for one in in_channels if one.channel == held.channel and one.kind == Kind.ROUND]
        for span in held.spans:
            told = [one for one in here if span_of(held.spans, one.heading, one.day) is span]
            yield held, span, told


def _seen_elsewhere(
    rounds: Sequence[Held], sights: Iterable[Sight], written: Iterable[Written], coordinators: frozenset[str]
) -> Iterator[str]:
    """What each wrote is the team's at most. What a team wrote together goes further: on its wrap-up, on a baton."""
    by_word = {one.word: one for one in written}
    held = {one.channel: one for one in rounds}
    for sight in sights:
        one = by_word.get(sight.word)
        here = held.get(one.task.channel) if one is not None else None
        if one is None or here is None or sight.by == one.person:
            continue
        span = span_of(here.spans, one.task.heading, one.task.day)
        if span is None or not span.is_hidden:
            continue
        if _is_unshown(span, one.label):
            yield f"{sight.word} ({span.step.key}), shown to nobody, seen by {sight.by}"
        elif sight.by not in here.readers | {here.channel} | coordinators:
            yield f"{sight.word} ({span.step.key}) of {here.channel} seen by {sight.by}"


def _is_unshown(span: Span, label: str) -> bool:
    inputs = span.step.hand_in.inputs if span.step.hand_in is not None else ()
    return any(not one.shown and label in (one.label.sv, one.label.en) for one in inputs)


def _twice_in_channels(rounds: Sequence[Held], in_channels: Sequence[Message]) -> Iterator[str]:
    for held, span, told in _by_span(rounds, in_channels):
        most = 1 if span.step.hand_in is None and span.step.vote is None else 2
        if len(told) > most:
            yield f"{held.channel} heard of {span.step.key} on {span.day} {len(told)} times"
    reminded = Counter((one.channel, one.heading) for one in in_channels if one.kind == REMINDER)
    for (channel, heading), times in reminded.items():
        if times > 1:
            yield f"{channel} reminded of {heading!r} {times} times"


def _twice_alone(rounds: Sequence[Held], alone: Iterable[Message]) -> Iterator[str]:
    """A step asks each once, and reminds once. In two teams with the same challenge somebody is asked for each."""
    asked: Counter[tuple[object, ...]] = Counter()
    for one in alone:
        for held in rounds:
            span = span_of(held.spans, one.heading, one.day)
            if span is not None and one.kind in (Kind.ROUND, REMINDER):
                asked[one.person, one.kind, span.step.key, span.day, held.channel] += 1
    teams_of = Counter(person for held in rounds for person in held.readers)
    for (person, kind, key, day, channel), times in asked.items():
        if times > max(1, teams_of[str(person)]):
            yield f"{person} had {kind} of {key} on {day} {times} times, for {channel}"


def _outside_hours(rounds: Sequence[Held], in_channels: Iterable[Message]) -> Iterator[str]:
    closed = {held.channel: held.closed for held in rounds}
    for one in in_channels:
        line = {"at": one.at.isoformat(), "zone": HOME.key}
        if why := why_outside(line, closed.get(one.channel or "", frozenset())):
            yield f"{one.channel} {one.kind} {one.at}: {why}"


def _not_asked(rounds: Sequence[Held], alone: Sequence[Message], explained: Iterable[Explained]) -> Iterator[str]:
    """Whoever was in the team all the time, and was neither asked what each is asked alone nor had it explained."""
    expected: Counter[tuple[str, date]] = Counter()
    for held in rounds:
        for span in _spans_until_the_end(held):
            if span.step.private is not None and span.step.audience is Audience.MEMBERS:
                expected.update((person, span.day) for person in held.steady)
    of_rounds = (one for one in alone if one.kind == Kind.ROUND)
    # A day where we are: what is said alone may come when another day has begun where somebody else is.
    there = Counter((str(one.person), one.at.astimezone(HOME).date()) for one in of_rounds)
    there.update((one.person, one.day) for one in explained if one.person and one.kind == Kind.ROUND)
    for (person, day), times in expected.items():
        if there[person, day] < times:
            yield f"{person} {day}: asked {there[person, day]} of {times} times"


def _not_told(rounds: Sequence[Held], in_channels: Sequence[Message], explained: Sequence[Explained]) -> Iterator[str]:
    """A morning that the channel neither heard of nor has an explanation for."""
    gone = {(one.channel, one.day) for one in explained if one.channel is not None}
    for held, span, told in _by_span(rounds, in_channels):
        if span in _spans_until_the_end(held) and not told and (held.channel, span.day) not in gone:
            yield f"{held.channel} never heard of {span.step.key} on {span.day}"


def _spans_until_the_end(held: Held) -> list[Span]:
    """Return what was to be said before the round ended: once Knuff was up, where it was down."""
    if held.ended_at is None:
        return [*held.spans]
    ended_at = held.ended_at
    return [span for span in held.spans if _when_up(held, span.begins_at) + A_TICK < ended_at]


def _when_up(held: Held, moment: datetime) -> datetime:
    return next((until for since, until in held.down if since <= moment < until), moment)


def _endings(rounds: Sequence[Held], in_channels: Sequence[Message], explained: Sequence[Explained]) -> Iterator[str]:
    of_relays = [one for one in in_channels if one.kind == Kind.RELAY]
    for held in rounds:
        here = [one for one in in_channels if one.channel == held.channel and one.kind == Kind.ROUND]
        told = [name for one in here if (name := _said(held.challenge, one.text)) is not None]
        if held.ending is None:
            yield f"{held.channel} has no ending"
            continue
        if held.ending in UNTOLD:
            continue
        heard = any(span_of(held.spans, one.heading, one.day) is not None for one in here)
        if not told and any(one.channel == held.channel and _is_after(one.day, held) for one in explained):
            continue  # Knuff was down when it was to be told
        if not told and any(one.channel == held.channel and _is_after(one.day, held) for one in of_relays):
            continue  # where the baton is now says it
        if len(told) > 1 or (heard and held.has_channel and not told):
            yield f"{held.channel} was told {len(told)} times that it ended"
        yield from (f"{held.channel} ended {held.ending}, and was told {name}" for name in told if name != held.ending)


def _is_after(day: date, held: Held) -> bool:
    return held.ended_at is not None and day > held.ended_at.astimezone(HOME).date()


def _said(challenge: Challenge, text: str) -> str | None:
    """Return which ending a message tells; None for a message that tells none."""
    for ending in Ending:
        match ending:
            case Ending.FINISHED:
                told = (challenge.ending.finished.sv, challenge.ending.finished.en)
            case Ending.NOT_MADE:
                told = (challenge.ending.not_made.sv, challenge.ending.not_made.en)
            case _:
                told = (Words("sv")(f"rounds.ended_{ending.value}"), Words("en")(f"rounds.ended_{ending.value}"))
        if any(repr(words)[1:-1] in text for words in told):
            return ending.value
    return None
