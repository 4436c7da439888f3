"""The judge of relays goes red when a baton is lost or read too early: what was seen is forged, each time with one
fault."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.conversation.cards import Button, Buttons, Form, Paragraph, Part
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm
from bot.conversation.texts import Words
from bot.rehearsal.rounds.baton_sights import opened_early, seen_elsewhere
from bot.rehearsal.rounds.chain import LegHeld, RelayHeld, broken
from bot.rehearsal.rounds.deeds import A_BATON, Deed, Did, Own, deeds_of, own_words
from bot.rehearsal.rounds.eyes import Sight
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
SV = Words("sv")
TEAM = frozenset({"p1", "p2", "p3", "p4"})


def over_at(number: int) -> datetime:
    return BEGAN + TEN_DAYS * number - timedelta(days=1)


def own(number: int, **other: Any) -> Own:
    words = WORDS[f"C-{number}"]
    ready_at = over_at(number) - timedelta(hours=4)
    return replace(Own(words=words, written=words, ready_at=ready_at, handed_over_at=over_at(number)), **other)


def leg(number: int, **other: Any) -> LegHeld:
    as_it_went = LegHeld(
        team=f"Lag {number}",
        channel=f"C-{number}",
        readers=frozenset({f"pC-{number}", f"C-{number}"}),
        begun_at=BEGAN + TEN_DAYS * (number - 1),
        is_over=True,
        has_channel=True,
        own=own(number),
        is_said_over=True,
        set_aside_at=None,
    )
    return replace(as_it_went, **other)


def without_words(number: int, **other: Any) -> LegHeld:
    return leg(number, **{"own": None, "is_said_over": False} | other)


def heard(number: int, *words: str, at: datetime | None = None, heading: str = "Pinnen är hos er") -> Message:
    return Message(
        at=at or BEGAN + TEN_DAYS * (number - 1),
        person=None,
        channel=f"C-{number}",
        zone="Europe/Stockholm",
        kind=Kind.RELAY,
        heading=heading,
        text=" ".join((QUESTION, *words)),
    )


def gone_on(number: int) -> Message:
    return heard(number, at=over_at(number), heading=SV("relays.passed_on_title"))


def written() -> list[Written]:
    return [
        Written(
            word=word,
            person=f"p{channel}",
            label="Lärdom",
            form=A_BATON,
            task=Task(channel=channel, heading="Skriv pinnen", day=date(2026, 3, 12)),
            at=over_at(int(channel[-1])) - timedelta(days=1),
        )
        for channel, words in WORDS.items()
        for word in words
    ]


def closing(*batons_of: str) -> list[Message]:
    learned = [WORDS[channel][0] for channel in batons_of or WORDS]
    return [heard(number, *learned, at=BEGAN + TEN_DAYS * 4) for number in (1, 2, 3)]


def a_relay(*legs: LegHeld, is_over: bool = True) -> RelayHeld:
    return RelayHeld(question=QUESTION, is_over=is_over, legs=legs or (leg(1), leg(2), leg(3)))


def faults(*messages: Message, legs: tuple[LegHeld, ...] = (), is_over: bool = True) -> list[str]:
    return list(broken(a_relay(*legs, is_over=is_over), messages, written()))


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
    legs = (leg(1), without_words(2), leg(3))
    first, second, *_ = as_promised()
    rest = [gone_on(2), *closing("C-1", "C-3")]
    assert faults(first, second, heard(3, *WORDS["C-1"]), *rest, legs=legs) == []
    assert faults(first, second, heard(3), *rest, legs=legs) == ["Lag 3 did not get 2 words as they were handed over"]


def test_a_team_that_is_not_told_that_the_relay_has_gone_on_is_found() -> None:
    legs = (leg(1), without_words(2), leg(3))
    said = [heard(1), heard(2, *WORDS["C-1"]), heard(3, *WORDS["C-1"]), *closing("C-1", "C-3")]
    assert faults(*said, legs=legs) == ["Lag 2 never heard that the relay has gone on without its words"]
    assert list(broken(a_relay(*legs), said, written(), frozenset({"C-2"}))) == [], "it is explained why"


def test_a_team_that_the_relay_goes_past_for_no_reason_is_found() -> None:
    past = without_words(2, begun_at=None)
    said = [heard(1), heard(3, *WORDS["C-1"]), *closing("C-1", "C-3")]
    went_past = ["the relay went past Lag 2, and nothing stood in its way"]
    assert faults(*said, legs=(leg(1), past, leg(3))) == went_past
    too_late = replace(past, set_aside_at=BEGAN + TEN_DAYS * 2 + timedelta(days=1))
    assert faults(*said, legs=(leg(1), too_late, leg(3))) == went_past
    assert faults(*said, legs=(leg(1), replace(past, set_aside_at=BEGAN), leg(3))) == []


def test_words_that_were_not_approved_and_words_that_were_changed_are_found() -> None:
    first, second, *_ = as_promised()
    early = without_words(2, is_said_over=True)
    said = [first, second, gone_on(2), heard(3, *WORDS["C-1"]), *closing("C-1", "C-3")]
    assert faults(*said, legs=(leg(1), early, leg(3))) == ["Lag 2 handed over words that it had not approved"]
    changed = leg(2, own=own(2, written=WORDS["C-3"]))
    assert faults(*as_promised(), legs=(leg(1), changed, leg(3))) == [
        "Lag 2 was shown other words to hand over than it wrote"
    ]


def test_a_leg_that_never_ends_is_found() -> None:
    assert faults(*as_promised(), legs=(leg(1), leg(2), leg(3, is_over=False))) == ["the leg of Lag 3 has not ended"]
    assert faults(*as_promised(), is_over=False) == ["the relay has not ended"]


def test_a_channel_that_never_sees_the_whole_chain_is_found() -> None:
    *said, _last = as_promised()
    assert faults(*said) == ["Lag 3 never saw the whole chain"]


def sight(by: str, at: datetime) -> Sight:
    return Sight(word=WORDS["C-1"][0], by=by, at=at)


def found(*sights: Sight, first: LegHeld | None = None, messages: tuple[Message, ...] = ()) -> tuple[int, int]:
    """Return how many were opened early and seen elsewhere."""
    relay = a_relay(first or leg(1), leg(2), leg(3))
    early = list(opened_early(relay, sights, written(), messages))
    return len(early), len(list(seen_elsewhere(relay, sights, written(), frozenset({"coordinator"}))))


@pytest.mark.parametrize("by", ["C-2", "pC-2", "coordinator"])
def test_a_baton_is_read_by_others_from_when_it_is_handed_over(by: str) -> None:
    assert found(sight(by, over_at(1) - timedelta(minutes=1))) == (1, 0)
    assert found(sight(by, over_at(1))) == (0, 0)


def test_a_baton_is_its_own_teams_from_the_first_and_never_a_strangers() -> None:
    assert found(sight("pC-1", BEGAN), sight("C-1", BEGAN)) == (0, 0)
    assert found(sight("p0099", over_at(1))) == (0, 1)


def test_words_that_were_never_handed_over_are_nobody_elses() -> None:
    assert found(sight("coordinator", BEGAN + TEN_DAYS * 5), first=without_words(1)) == (1, 0)
    other = leg(1, own=own(1, words=WORDS["C-1"][1:]))
    assert found(sight("coordinator", BEGAN + TEN_DAYS * 5), first=other) == (1, 0), "written anew meanwhile"


def test_words_that_nobody_hands_over_go_on_by_themselves_on_the_day_that_was_said() -> None:
    by_itself = leg(1, own=own(1, handed_over_at=None))
    day = date(2026, 3, 17)
    stalled = heard(1, SV.day(day), at=over_at(1), heading=SV("relays.stalled_title"))
    on_that_day = datetime(2026, 3, 16, 23, tzinfo=UTC)
    assert found(sight("C-2", on_that_day - timedelta(minutes=1)), first=by_itself, messages=(stalled,)) == (1, 0)
    assert found(sight("C-2", on_that_day), first=by_itself, messages=(stalled,)) == (0, 0)


def deed(what: Did, person: str = "p1", *words: str) -> Deed:
    return Deed(what=what, leg_id=7, person=person, at=BEGAN, words=words)


def approved(*people: str) -> list[Deed]:
    return [deed(Did.APPROVED, person) for person in people]


def test_words_are_the_teams_own_when_three_have_approved_or_the_window_offers_to_hand_them_over() -> None:
    wrote = deed(Did.WROTE, "p1", "a", "b")
    ready = Own(words=("a", "b"), written=("a", "b"), ready_at=BEGAN, handed_over_at=None)
    assert own_words([wrote, *approved("p1", "p2")], steady=TEAM) is None
    assert own_words([wrote, *approved("p1", "p2", "p2")], steady=TEAM) is None
    assert own_words([wrote, *approved("p1", "p2", "p3")], steady=TEAM) == ready
    assert own_words([wrote, *approved("p1", "p2", "p9")], steady=TEAM) is None, "who left approves of nothing"
    window = deed(Did.SAW_IT_READY, "p2", "a", "b")
    assert own_words([wrote, *approved("p1", "p2"), window], steady=TEAM) == ready


def test_other_words_are_approved_anew() -> None:
    first, then = deed(Did.WROTE, "p1", "a"), deed(Did.WROTE, "p1", "b")
    assert own_words([first, *approved("p1", "p2"), then, *approved("p3")], steady=TEAM) is None
    own = own_words([first, *approved("p1", "p2"), then, *approved("p1", "p2", "p3")], steady=TEAM)
    assert own is not None
    assert own.words == ("b",)


def window(*texts: str, offers: tuple[str, ...] = ()) -> OpenForm:
    buttons = Buttons(tuple(Button(text=action, action=action, value="7") for action in offers))
    body: tuple[Part, ...] = (*(Paragraph(text) for text in texts), *([buttons] if offers else []))
    return OpenForm(Form(name="relay.page", title="Pinnen", submit=None, close="Stäng", body=body))


WHO: dict[str, Any] = {"key": "e1", "platform": "slack", "workspace": "w", "person": "p1", "at": BEGAN}


@pytest.mark.parametrize("words", [Words("sv"), Words("en")], ids=["sv", "en"])
def test_what_is_done_is_what_the_window_says_is_done(words: Words) -> None:
    first, second = WORDS["C-1"]
    values: dict[str, str | tuple[str, ...]] = {"learning": f"Vi ser {first}", "question": f"Vi ser {second}"}
    sent = Submitted(**WHO, form=A_BATON, about="7/seen", values=values)
    kept, refused = window(words("relays.baton_kept")), window(words("relays.not_approved"))
    assert [(one.what, one.leg_id, one.words) for one in deeds_of(sent, kept, BEGAN)] == [
        (Did.WROTE, 7, (first, second))
    ]
    assert list(deeds_of(sent, refused, BEGAN)) == []

    approves = Pressed(**WHO, action="relay.approve", value="7:abc")
    offered = window(f"**{words('relays.approved_now')}**", f"Lärdom: {first}", offers=("relay.hand_over",))
    assert [(one.what, one.leg_id, one.words) for one in deeds_of(approves, offered, BEGAN)] == [
        (Did.APPROVED, 7, ()),
        (Did.SAW_IT_READY, 7, (first,)),
    ]
    over = Pressed(**WHO, action="relay.hand_over", value="7")
    said = window(words("relays.handed_over", team="Lag 2"))
    assert [one.what for one in deeds_of(over, said, BEGAN)] == [Did.HANDED_OVER]
    last = window(words("relays.handed_over_last"))
    assert [one.what for one in deeds_of(over, last, BEGAN)] == [Did.HANDED_OVER]
    assert list(deeds_of(over, window(words("relays.not_not_approved")), BEGAN)) == []
