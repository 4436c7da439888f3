"""Relays as they may stand, for whatever draws or tells them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from storage.relay_reading import Baton, Chain, Leg, Words
from storage.tables.relays import LegState, RelayState

NORTH = Words(
    learning="Vi väntade oss klagomål. Ingen saknade köplappen.",
    sign_of_value="Tolv föräldrar slapp ringa två gånger.",
    question="Vad gör ni som gör att folk vågar fråga?",
    invitation="Kom och se vår morgonrunda på torsdagar.",
    tested=True,
)


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 10, tzinfo=UTC)


def leg(number: int, state: LegState, *, day: int = 2, words: Words | None = None, stalled: bool = False) -> Leg:
    """A leg that was over, began, or begins on a day of March."""
    is_over = state in (LegState.HANDED_OVER, LegState.SKIPPED)
    return Leg(
        id=number * 10,
        position=number,
        team_id=number,
        team=f"Lag {number}",
        organisation="Alvsunda kommun",
        zone="Europe/Stockholm",
        can_run=True,
        is_disconnected=False,
        state=state,
        round_id=None if state in (LegState.WAITING, LegState.SKIPPED) else number,
        round_ending=None,
        planned_on=date(2026, 3, day),
        starts_on=date(2026, 3, day),
        deadline=date(2026, 3, min(day + 10, 31)),
        begun_at=None if state in (LegState.WAITING, LegState.SKIPPED) else at(day),
        acknowledged_at=None,
        reminded_at=None,
        stalled_at=at(day) if stalled else None,
        passes_on_at=at(day) if stalled else None,
        ended_at=at(day) if is_over else None,
        is_approved=False,
        baton=Baton(id=number, words=words, written_at=at(12)) if words is not None else None,
        commitment=None,
        questions=(),
    )


def a_chain(*legs: Leg, state: RelayState = RelayState.RUNNING) -> Chain:
    return Chain(
        id=7,
        organisation_id=1,
        name="Färre väntar",
        question="Hur slipper människor vänta i onödan?",
        document_id=1,
        starts_on=date(2026, 3, 2),
        closing_on=None,
        state=state,
        ending=None,
        made_at=at(1),
        ended_at=None,
        legs=legs,
    )


A_STALL_AND_A_SKIP = a_chain(
    leg(1, LegState.HANDED_OVER, day=13, words=NORTH),
    leg(2, LegState.HANDED_OVER, day=27),
    leg(3, LegState.SKIPPED, day=28),
    leg(4, LegState.RUNNING, day=30, stalled=True),
    leg(5, LegState.WAITING, day=31),
)
EVERY_STANDING = (
    leg(1, LegState.WAITING),
    leg(1, LegState.RUNNING),
    leg(1, LegState.RUNNING, stalled=True),
    leg(1, LegState.HANDED_OVER, words=NORTH),
    leg(1, LegState.HANDED_OVER),
    leg(1, LegState.SKIPPED),
)


def named(one: Leg, team: str) -> Leg:
    return replace(one, team=team)
