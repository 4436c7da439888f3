"""The judge of relays goes red when a baton is lost: what each channel heard is forged, each time with one fault."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.rehearsal.rounds.chain import A_BATON, LegHeld, RelayHeld, broken
from bot.rehearsal.rounds.judging import Message
from bot.rehearsal.rounds.writing import Task, Written
from storage.tables.deliveries import Kind

QUESTION = "Hur får fler vara med?"
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN_DAYS = timedelta(days=14)
WORDS = {
    "C-1": ("kvittaaaaab", "kvittaaaaac"),
    "C-2": ("kvittaaaaad", "kvittaaaaae"),
    "C-3": ("kvittaaaaaf", "kvittaaaaag"),
}


def leg(number: int, **other: Any) -> LegHeld:
    as_it_went = LegHeld(
        team=f"Lag {number}",
        channel=f"C-{number}",
        begun_at=BEGAN + TEN_DAYS * (number - 1),
        ended_at=BEGAN + TEN_DAYS * number - timedelta(days=1),
        has_own_words=True,
        is_over=True,
        has_channel=True,
    )
    return replace(as_it_went, **other)


def heard(number: int, *words: str, at: datetime | None = None) -> Message:
    return Message(
        at=at or BEGAN + TEN_DAYS * (number - 1),
        person=None,
        channel=f"C-{number}",
        zone="Europe/Stockholm",
        kind=Kind.RELAY,
        heading="Pinnen är hos er",
        text=" ".join((QUESTION, *words)),
    )


def written() -> list[Written]:
    return [
        Written(
            word=word,
            person=f"p{channel}",
            label="Lärdom",
            form=A_BATON,
            task=Task(channel=channel, heading="Skriv pinnen", day=date(2026, 3, 12)),
            at=BEGAN + TEN_DAYS * int(channel[-1]) - timedelta(days=2),
        )
        for channel, words in WORDS.items()
        for word in words
    ]


def closing() -> list[Message]:
    learned = [words[0] for words in WORDS.values()]
    return [heard(number, *learned, at=BEGAN + TEN_DAYS * 4) for number in (1, 2, 3)]


def faults(*messages: Message, legs: list[LegHeld] | None = None, is_over: bool = True) -> list[str]:
    relay = RelayHeld(question=QUESTION, is_over=is_over, legs=legs or [leg(1), leg(2), leg(3)])
    return list(broken(relay, messages, written()))


def as_promised() -> list[Message]:
    return [heard(1), heard(2, *WORDS["C-1"]), heard(3, *WORDS["C-2"]), *closing()]


def test_a_relay_as_promised_is_not_found_fault_with() -> None:
    assert faults(*as_promised()) == []


def test_a_lost_hand_over_is_found() -> None:
    first, _lost, *rest = as_promised()
    assert faults(first, *rest) == ["Lag 2 did not get 2 words as they were handed over"], "it hears of it at closing"
    never = [one for one in rest if one.channel != "C-2"]
    assert "Lag 2 never heard that the baton has come" in faults(first, *never)


def test_a_baton_with_other_words_than_were_handed_over_is_found() -> None:
    first, second, _third, *rest = as_promised()
    assert faults(first, second, heard(3, *WORDS["C-1"]), *rest) == [
        "Lag 3 did not get 2 words as they were handed over"
    ]


def test_a_team_without_words_of_its_own_passes_on_what_it_received() -> None:
    legs = [leg(1), leg(2, has_own_words=False), leg(3)]
    first, second, _third, *rest = as_promised()
    assert faults(first, second, heard(3, *WORDS["C-1"]), *rest, legs=legs) == []
    assert faults(first, second, heard(3), *rest, legs=legs) == ["Lag 3 did not get 2 words as they were handed over"]


def test_a_leg_that_never_ends_is_found() -> None:
    assert faults(*as_promised(), legs=[leg(1), leg(2), leg(3, is_over=False)]) == ["the leg of Lag 3 has not ended"]
    assert faults(*as_promised(), is_over=False) == ["the relay has not ended"]


def test_a_channel_that_never_sees_the_whole_chain_is_found() -> None:
    *said, _last = as_promised()
    assert faults(*said) == ["Lag 3 never saw the whole chain"]
