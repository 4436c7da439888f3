"""The app comes and goes in somebody's chat, and is spoken to where others read."""

from datetime import timedelta
from typing import Any

import pytest

from bot import kept_events
from bot.conversation.events import AnyEvent, Joined, Left, Mentioned, MessageRef, Profile, Wrote
from storage import people
from storage.tables.answers import Reflection
from storage.tables.people import Person
from tests.conversation.acting import MORNING, press, send
from tests.conversation.builders import Town
from tests.conversation.reading import said, the_form

WHO: dict[str, Any] = {"platform": "slack", "workspace": "T1", "at": MORNING}


def test_whoever_takes_the_app_out_is_not_written_to_until_it_is_back(town: Town) -> None:
    assert town.happens(Left(key="left", person="U1", **WHO)) == []
    assert town.person().unreachable_reason == "not_installed"
    assert town.person().conversation_id is None
    back = WHO | {"at": MORNING + timedelta(hours=1)}
    assert town.happens(Joined(key="joined", person="U1", conversation="a:new", **back)) == []
    assert (town.person().unreachable_at, town.person().conversation_id) == (None, "a:new")


def test_a_departure_that_reaches_us_after_a_later_sign_of_life_is_no_departure(town: Town) -> None:
    town.happens(press("home.refresh", at=MORNING + timedelta(minutes=1)), now=MORNING + timedelta(minutes=1))
    town.happens(Left(key="left", person="U1", **WHO), now=MORNING + timedelta(minutes=2))
    assert town.person().unreachable_at is None


def test_a_departure_that_an_arrival_has_overtaken_is_no_departure(town: Town) -> None:
    back, gone = MORNING + timedelta(seconds=41), MORNING + timedelta(seconds=40)
    town.happens(Joined(key="joined", person="U1", conversation="a:new", **WHO | {"at": back}))
    town.happens(Left(key="left", person="U1", done_at=gone, **WHO | {"at": back + timedelta(seconds=1)}))
    assert town.person().unreachable_at is None


def test_a_stranger_who_leaves_is_not_met_by_it(town: Town) -> None:
    before = len(town.rows(Person))
    assert town.happens(Left(key="left", person="U9", **WHO)) == []
    assert len(town.rows(Person)) == before


def test_a_stranger_whose_chat_we_come_to_is_known_and_told_nothing(town: Town) -> None:
    assert town.happens(Joined(key="joined", person="U9", conversation="a:9", **WHO)) == []
    assert town.person("U9").conversation_id == "a:9"
    assert town.person("U9").welcomed_at is None


@pytest.mark.parametrize(
    ("person", "language", "words"), [("U1", None, "Jag pratar med var och en"), ("U9", "en", "I talk with each")]
)
def test_spoken_to_where_others_read_we_say_where_to_write_and_keep_nothing(
    town: Town, person: str, language: str | None, words: str
) -> None:
    before = len(town.rows(Person))
    profile = Profile(external_id=person, zone=None, language=language)
    where = MessageRef(conversation="19:ledare@thread.tacv2", message="1")
    shows = town.happens(Mentioned(key="mention", person=person, message=where, profile=profile, **WHO))
    assert words in said(shows)
    assert len(town.rows(Person)) == before
    assert town.rows(Reflection) == []


def test_a_zone_told_with_what_somebody_writes_is_followed_until_they_choose_their_own(town: Town) -> None:
    def write(zone: str) -> None:
        profile = Profile(external_id="U1", zone=zone, language=None)
        where = MessageRef(conversation="D1", message=f"m-{zone}")
        town.happens(Wrote(key=zone, person="U1", text="hjälp", message=where, profile=profile, **WHO))

    def zone() -> str:
        person = town.person()
        return town.write(lambda session: people.rhythm_of(session, person).zone)

    write("Europe/Helsinki")
    assert zone() == "Europe/Helsinki"
    write("Nowhere/City")
    assert zone() == "Europe/Helsinki"
    form = the_form(town.happens(press("rhythm.open")))
    send(town, form, zone="Europe/London", slot="08:15", days=("0", "1"), pace="daily", language="sv", save="yes")
    write("Europe/Stockholm")
    assert zone() == "Europe/London"


@pytest.mark.parametrize(
    "event",
    [
        Joined(key="1", person="U1", conversation="a:1", **WHO),
        Left(key="2", person="U1", **WHO),
        Mentioned(
            key="3", person="U1", message=MessageRef(conversation="19:x", message="1"),
            profile=Profile(external_id="U1", zone="Europe/Stockholm", language="sv"), **WHO,
        ),
    ],
    ids=lambda event: type(event).__name__,
)  # fmt: skip
def test_what_happened_survives_the_inbox(event: AnyEvent) -> None:
    assert kept_events.from_json(kept_events.to_json(event)) == event
