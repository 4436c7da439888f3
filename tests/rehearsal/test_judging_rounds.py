"""The judge of rounds goes red when a promise is broken: what was seen is forged, each time with one fault planted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from bot.conversation.texts import Words
from bot.rehearsal.rounds.eyes import Eyes, Sight
from bot.rehearsal.rounds.judging import Explained, Held, Message, RoundFindings, judge
from bot.rehearsal.rounds.timetable import Span, timetable
from bot.rehearsal.rounds.writing import Pen, Task, Written
from lessons.challenges import Challenge
from lessons.library import load_library
from storage.tables.deliveries import Kind

CHANNEL, ANNA, BO, STRANGER = "C-alm", "p0001", "p0002", "p0099"
MONDAY = date(2026, 3, 2)
HOME = "Europe/Stockholm"


@cache
def challenge(id: str = "idea-sprint") -> Challenge:
    return load_library().challenges[id]


@cache
def spans(id: str = "idea-sprint") -> list[Span]:
    return timetable(challenge(id), starts_on=MONDAY, slot="10:00", closed=frozenset())


def held(id: str = "idea-sprint", **other: Any) -> Held:
    as_it_went = Held(
        channel=CHANNEL,
        challenge=challenge(id),
        spans=spans(id),
        closed=frozenset(),
        readers=frozenset({ANNA, BO}),
        ending="finished",
        ended_at=datetime(2026, 3, 9, 15, 30, tzinfo=UTC),
        has_channel=True,
        down=(),
        steady=frozenset({ANNA, BO}),
    )
    return replace(as_it_went, **other)


def message(span: Span, at: datetime, *, person: str | None = None, kind: Kind = Kind.ROUND) -> Message:
    return Message(
        at=at,
        person=person,
        channel=None if person else CHANNEL,
        zone=HOME,
        kind=kind,
        heading=span.step.title.sv,
        text=span.step.prompt.sv,
    )


def the_ending(text: str | None = None) -> Message:
    finished = challenge().ending.finished.sv
    last = message(spans()[-1], datetime(2026, 3, 10, 9, tzinfo=UTC))
    return replace(last, heading=challenge().title.sv, text=text or finished)


def as_promised() -> list[Message]:
    """An idea sprint of two people, without a fault."""
    said = [message(span, span.begins_at) for span in spans()]
    said += [message(span, span.shows_at) for span in spans() if span.shows_at is not None]
    alone = [span for span in spans() if span.step.private is not None]
    said += [message(span, span.begins_at, person=person) for span in alone for person in (ANNA, BO)]
    return [*said, the_ending()]


def judged(messages: list[Message] | None = None, **other: Any) -> RoundFindings:
    one = other.pop("held", held())
    given: dict[str, Any] = {"explained": (), "sights": (), "written": ()} | other
    return judge([one], messages=as_promised() if messages is None else messages, **given)


def wrong(found: RoundFindings) -> dict[str, int]:
    return {name: len(some) for name, some in found.every.items() if some}


def test_a_round_as_promised_is_not_found_fault_with() -> None:
    assert wrong(judged()) == {}


def test_two_messages_to_one_person_on_one_day_are_found() -> None:
    nudge = message(spans()[0], datetime(2026, 3, 2, 8, tzinfo=UTC), person=ANNA, kind=Kind.NUDGE)
    assert wrong(judged([*as_promised(), nudge])) == {"prompts_over_one_a_day": 1}


def test_a_channel_that_hears_before_the_hour_is_found() -> None:
    first, *rest = as_promised()
    early = replace(first, at=datetime(2026, 3, 2, 8, 59, tzinfo=UTC))
    assert wrong(judged([early, *rest])) == {"opened_early": 1}


def test_votes_that_are_counted_an_hour_early_are_found() -> None:
    vote = next(span for span in spans() if span.step.vote is not None)
    early = message(vote, datetime(2026, 3, 3, 13, tzinfo=UTC))
    said = [early if one.at == vote.shows_at else one for one in as_promised()]
    assert wrong(judged(said)) == {"opened_early": 1}


def a_text(span: Span, *, person: str = ANNA, label: str = "") -> Written:
    task = Task(channel=CHANNEL, heading=span.step.title.sv, day=span.day)
    return Written(word=Pen().word(), person=person, label=label, form="contribution.new", task=task, at=span.begins_at)


@pytest.mark.parametrize(
    ("by", "minute", "found"),
    [
        pytest.param(CHANNEL, 59, {"opened_early": 1}, id="a minute early, in the channel"),
        pytest.param(BO, 59, {"opened_early": 1}, id="a minute early, by somebody else"),
        pytest.param(ANNA, 59, {}, id="by its author"),
        pytest.param(CHANNEL, 60, {}, id="on time"),
        pytest.param(STRANGER, 60, {"seen_elsewhere": 1}, id="by somebody who is not in the channel"),
    ],
)
def test_a_text_is_seen_by_others_from_its_hour_on_and_by_the_team_alone(
    by: str, minute: int, found: dict[str, int]
) -> None:
    one = a_text(spans()[0])
    at = datetime(2026, 3, 2, 13 + minute // 60, minute % 60, tzinfo=UTC)
    assert wrong(judged(written=[one], sights=[Sight(word=one.word, by=by, at=at)])) == found


def test_what_is_shown_to_nobody_is_found_in_front_of_others_at_any_time() -> None:
    after = spans("innovationsfika")[-1]
    assert after.step.hand_in is not None
    unshown = next(one for one in after.step.hand_in.inputs if not one.shown)
    one = a_text(after, label=unshown.label.en)
    sight = Sight(word=one.word, by=BO, at=datetime(2026, 4, 1, tzinfo=UTC))
    found = judge([held("innovationsfika", ending=None)], messages=[], explained=[], sights=[sight], written=[one])
    assert len(found.seen_elsewhere) == 1


def test_what_opens_only_with_enough_is_found_when_it_opens_with_less() -> None:
    rules = next(span for span in spans("kill-rule") if span.step.key == "rules")
    five = [
        replace(a_text(rules, person=f"p{number}"), word=f"kvitt{letter * 6}") for number, letter in enumerate("abcde")
    ]
    seen = [Sight(word=five[0].word, by=CHANNEL, at=datetime(2026, 3, 5, 15, tzinfo=UTC))]

    def found(*some: Written) -> RoundFindings:
        return judge([held("kill-rule", ending=None)], messages=[], explained=[], sights=seen, written=some)

    assert len(found(*five[:4]).opened_early) == 1
    assert found(*five).opened_early == ()


def test_a_channel_that_hears_the_same_twice_is_found() -> None:
    morning = as_promised()[0]
    again = replace(morning, at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    assert "duplicates" in wrong(judged([*as_promised(), again]))


def test_somebody_who_is_asked_twice_is_found() -> None:
    asked = next(one for one in as_promised() if one.person == ANNA)
    assert wrong(judged([*as_promised(), asked])) == {"duplicates": 1, "prompts_over_one_a_day": 1}


def test_somebody_who_is_neither_asked_nor_has_it_explained_is_found() -> None:
    asked = next(one for one in as_promised() if one.person == ANNA)
    said = [one for one in as_promised() if one is not asked and one != asked]
    assert wrong(judged(said)) == {"lost": 1}
    explained = Explained(person=ANNA, channel=None, day=MONDAY, kind=Kind.ROUND)
    assert wrong(judged(said, explained=[explained])) == {}


def test_a_morning_that_is_neither_heard_nor_explained_is_found() -> None:
    _, *said = as_promised()
    late = [one for one in said if one.channel is None or one.at.date() != MONDAY]
    assert wrong(judged(late)) == {"lost": 1}
    explained = Explained(person=None, channel=CHANNEL, day=MONDAY, kind=Kind.ROUND)
    assert wrong(judged(late, explained=[explained])) == {}


def test_nothing_is_expected_after_the_round_has_ended() -> None:
    ended_at = spans()[1].begins_at
    said = [one for one in as_promised() if one.at < ended_at]
    early = held(ending="ended_early", ended_at=ended_at)
    assert wrong(judged([*said, the_ending(Words("sv")("rounds.ended_ended_early"))], held=early)) == {}


def test_a_round_without_a_named_ending_is_found() -> None:
    assert wrong(judged(held=held(ending=None))) == {"endings": 1}


@pytest.mark.parametrize("times", [0, 2])
def test_an_ending_is_told_once(times: int) -> None:
    *said, _ending = as_promised()
    assert wrong(judged([*said, *[the_ending()] * times])) == {"endings": 1}


def test_an_ending_that_is_told_as_another_is_found() -> None:
    *said, _ending = as_promised()
    assert wrong(judged([*said, the_ending(challenge().ending.not_made.sv)])) == {"endings": 1}


def test_a_channel_that_is_gone_is_told_nothing() -> None:
    *said, _ending = as_promised()
    assert wrong(judged(said, held=held(ending="channel_gone", has_channel=False))) == {}


def test_a_message_in_a_channel_at_the_wrong_hour_is_found() -> None:
    first, *rest = as_promised()
    night = replace(first, at=datetime(2026, 3, 2, 18, tzinfo=UTC))
    assert wrong(judged([night, *rest])) == {"outside_hours": 1}


def test_a_timetable_waits_where_a_team_does_not_work() -> None:
    closed = frozenset({date(2026, 4, 1)})
    laid_out = timetable(challenge(), starts_on=date(2026, 3, 31), slot="09:00", closed=closed)
    # 1 April is closed; Maundy Thursday ends at noon, then comes Easter until the Tuesday.
    assert [span.day.isoformat()[5:] for span in laid_out[:3]] == ["03-31", "04-07", "04-08"]
    assert laid_out[0].begins_at == datetime(2026, 3, 31, 7, tzinfo=UTC)
    assert laid_out[0].shows_at == datetime(2026, 3, 31, 13, tzinfo=UTC)


def test_a_word_is_known_again_wherever_it_is_seen() -> None:
    pen, eyes = Pen(), Eyes()
    words = {pen.word() for _ in range(50)}
    assert len(words) == 50
    word = next(iter(words))
    eyes.see(f"('Vi ser {word} hos oss', …)", by=CHANNEL, at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    eyes.see(f"{word}, igen", by=CHANNEL, at=datetime(2026, 3, 2, 10, tzinfo=UTC))
    assert eyes.sights == [Sight(word=word, by=CHANNEL, at=datetime(2026, 3, 2, 9, tzinfo=UTC))]


def test_an_ending_that_is_explained_was_not_forgotten() -> None:
    *said, _ending = as_promised()
    explained = Explained(person=None, channel=CHANNEL, day=date(2026, 3, 10), kind=Kind.ROUND)
    assert wrong(judged(said, explained=[explained])) == {}


def test_a_round_that_ends_when_knuff_is_up_again_was_not_to_tell_of_the_day_it_was_down() -> None:
    second = spans()[1]
    down = (second.begins_at - timedelta(hours=1), second.begins_at + timedelta(days=1))
    said = [one for one in as_promised() if one.at < second.begins_at and one.heading == spans()[0].step.title.sv]
    gone = held(ending="channel_gone", ended_at=down[1], has_channel=False)
    assert wrong(judged(said, held=gone))["lost"] > 0
    assert wrong(judged(said, held=replace(gone, down=[down]))) == {}


@pytest.mark.parametrize(
    ("up_again", "days"),
    [
        pytest.param("2026-03-03T07:00", ["03-02", "03-03", "03-04"], id="before the hour of the next day"),
        pytest.param("2026-03-03T15:00", ["03-02", "03-03", "03-04"], id="while it can still be said on its day"),
        pytest.param("2026-03-04T05:00", ["03-02", "03-04", "03-05"], id="early the day after"),
        pytest.param("2026-03-06T12:00", ["03-02", "03-09", "03-10"], id="after the hour, before a weekend"),
    ],
)
def test_a_day_that_knuff_was_down_is_given_back_and_what_comes_after_waits_as_long(
    up_again: str, days: list[str]
) -> None:
    down = (datetime(2026, 3, 3, 4, tzinfo=UTC), datetime.fromisoformat(up_again).replace(tzinfo=UTC))
    laid_out = timetable(challenge("relay"), starts_on=MONDAY, slot="10:00", closed=frozenset(), down=[down])
    assert [span.day.isoformat()[5:] for span in laid_out[:3]] == days


def test_a_vote_that_closed_while_knuff_was_down_is_held_the_day_after() -> None:
    down = (datetime(2026, 3, 3, 4, tzinfo=UTC), datetime(2026, 3, 3, 15, tzinfo=UTC))
    laid_out = timetable(challenge(), starts_on=MONDAY, slot="10:00", closed=frozenset(), down=[down])
    vote = next(span for span in laid_out if span.step.vote is not None)
    assert (vote.day, vote.shows_at) == (date(2026, 3, 4), datetime(2026, 3, 4, 14, tzinfo=UTC))
