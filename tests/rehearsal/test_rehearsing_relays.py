"""A small relay through the real planner, lanes and conversation, and engines that lose, show or skip what they must
not: the rehearsal names each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import select
from sqlmodel import Session

from bot.rehearsal import RoundsResult, rehearse_challenge, shown_rounds
from lessons.challenges import Challenge
from lessons.library import Library, load_library
from scheduler import relay_passing
from storage import relay_legs, relay_reading
from storage.relay_reading import Baton, Chain, Leg, Words
from storage.tables import metadata

MONDAY = date(2026, 3, 2)
ONE_TOO_SMALL, ALL_DO_IT, ONE_TRAVELS_FIRST = 2, 3, 12
"""Seeds: the second team's people leave; all three hand over; somebody has been abroad before they take part."""


@cache
def three_days() -> Library:
    """Our library with one week beside, and the relay's ten days cut to three: received, written, handed over."""
    library = load_library()
    eight = library.programme("eight-weeks")
    week = eight.model_copy(update={"id": "one-week", "weeks": eight.weeks[:1]})
    return replace(library, programmes={"one-week": week}, challenges={"relay": shortened(library.challenge("relay"))})


def shortened(relay: Challenge) -> Challenge:
    kept = [step for key in ("receive", "baton", "hand_over") if (step := relay.step(key)) is not None]
    steps = tuple(step.model_copy(update={"day": day}) for day, step in enumerate(kept, start=1))
    lines = tuple(
        line for line in relay.wrap_up if line.source is None or line.source.step in {step.key for step in steps}
    )
    return relay.model_copy(update={"length": len(steps), "steps": steps, "wrap_up": lines})


def rehearsed(seed: int) -> RoundsResult:
    return rehearse_challenge("relay", 3, MONDAY, seed, library=three_days(), programme_id="one-week")


@pytest.fixture(scope="module")
def relay() -> RoundsResult:
    return rehearsed(ONE_TOO_SMALL)


def test_every_baton_of_a_relay_comes_to_those_it_is_for(relay: RoundsResult) -> None:
    assert relay.wrong == {}
    assert relay.is_kept
    said = relay.as_json()
    assert (said["chain_complete"], said["opened_early"], said["seen_elsewhere"], said["lost"]) == (True, 0, 0, 0)
    assert said["batons"] == 2
    assert said["endings"] == {"finished": 2, "team_too_small": 1}


def test_whoever_has_travelled_before_we_met_them_is_written_to_at_their_own_hours() -> None:
    assert rehearsed(ONE_TRAVELS_FIRST).wrong == {}


def test_the_screen_says_that_no_baton_was_lost(relay: RoundsResult) -> None:
    screen = StringIO()
    Console(width=120, file=screen).print(shown_rounds(relay))
    assert "No baton was lost" in screen.getvalue()
    assert "Batons handed over" in screen.getvalue()


def loses_what_was_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand-over says that it is done, and the words are gone."""

    def skip_instead(session: Session, leg: Any, now: Any) -> None:
        if relay_legs.skip(session, leg.id, now):
            relay_passing._next(session, leg, now)

    monkeypatch.setattr(relay_passing, "hand_over", skip_instead)


def shows_what_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may see the relay sees a baton as soon as it is written."""
    baton, chain = metadata.tables["baton"], relay_reading.chain
    kept = [*Words.__dataclass_fields__]

    def with_words(session: Session, leg: Leg) -> Leg:
        wanted = select(baton.c.id, baton.c.written_at, *(baton.c[name] for name in kept))
        row = session.connection().execute(wanted.where(baton.c.leg_id == leg.id)).first()
        if row is None or row.learning is None:
            return leg
        words = Words(**{name: getattr(row, name) for name in kept})
        return replace(leg, baton=Baton(id=row.id, words=words, written_at=row.written_at))

    def peeking(session: Session, organisation_id: int, relay_id: int) -> Chain:
        whole = chain(session, organisation_id, relay_id)
        return replace(whole, legs=tuple(with_words(session, leg) for leg in whole.legs))

    monkeypatch.setattr(relay_reading, "chain", peeking)


def goes_past_the_second_team(monkeypatch: pytest.MonkeyPatch) -> None:
    """A team that could run is skipped, and hears nothing of it."""
    begin = relay_passing._begin

    def unless_second(session: Session, before: Any, leg: Any, now: Any) -> bool:
        return before.position + 1 != 2 and begin(session, before, leg, now)

    monkeypatch.setattr(relay_passing, "_begin", unless_second)


@pytest.mark.parametrize(
    ("plant", "name", "said"),
    [
        (loses_what_was_approved, "broken", ("words as they were handed over",)),
        (shows_what_is_written_at_once, "opened_early", ("seen by coordinator", "seen by p")),
        (goes_past_the_second_team, "broken", ("and nothing stood in its way",)),
    ],
)
def test_an_engine_that_breaks_a_relay_is_seen(
    plant: Callable[[pytest.MonkeyPatch], None], name: str, said: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    result = rehearsed(ALL_DO_IT)
    found = " ".join(result.wrong.get(name, ()))
    assert [one for one in said if one not in found] == [], result.wrong
    assert not result.is_kept
