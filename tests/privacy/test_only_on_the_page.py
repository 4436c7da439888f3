"""What is written on our own page is shown there and nowhere else: not on Home, in no card, form, receipt or export.

Everything that can be pressed, sent, typed or delivered is tried. The same walk, for the same words written in the
chat, finds them: so it looks in the right places.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import Form, Input
from bot.conversation.composing import delivery_card
from bot.conversation.desk import handle
from bot.conversation.events import AnyEvent, OpenedHome, Submitted, Wrote
from bot.conversation.gathering import letter_of
from bot.conversation.routes import ROUTES
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Typed, Visit
from storage import messages
from storage.tables.answers import FollowUp, Plan, Reflection
from storage.tables.deliveries import Delivery, Kind
from storage.tables.feedback import SignedSuggestion
from storage.tables.people import Person, Workspace
from storage.tables.web import WebLink
from tests.conversation.builders import (
    CHAT,
    MONDAY,
    MORNING,
    Town,
    a_delivery,
    a_follow_up,
    a_house,
    a_nudge,
    a_person,
    a_town,
    edit,
    look_home,
    press,
    press_in,
    said,
    take_away,
    the_form,
    type_,
    written,
)
from tests.coordinating.office import _initial

MARK = "Bara på sidan"
TYPED = "Om någon föreslår en lösning på mötet på torsdag, då frågar jag varför."
NOON = MORNING + timedelta(hours=5)
PLACES = {"home", "thoughts", "my_data", "home.edit", "plan.change", "plans", "card"}
"""Where, among others, the words are seen when they were written in the chat."""


class Enough(Exception):
    """Thrown out of a unit of work, so that nothing in it has happened."""

    def __init__(self, shows: list[Show]) -> None:
        super().__init__()
        self.shows = shows


@pytest.fixture
def town() -> Iterator[Town]:
    town = a_town(a_house(page_address="https://knuff.example.se"))
    a_person(town)
    yield town
    town.store.close()


def submitted(form: Form, *, on_page: bool, **values: str) -> Submitted:
    filled: dict[str, Any] = {one.name: _initial(one) for one in form.body if isinstance(one, Input)}
    return Submitted(
        key=f"{form.name}{on_page}", platform="slack", workspace="T1", person="U1", at=NOON, on_page=on_page,
        form=form.name, about=form.about, values=filled | values,
    )  # fmt: skip


def a_life_written(town: Town, *, on_page: bool) -> list[Show]:
    """Write an answer, thoughts and a plan, and let the plan come back on its morning. Return what was shown in the
    chat when the forms were sent."""
    shown: list[Show] = []
    nudge = a_nudge(town, lesson="L02")
    press_in(town, nudge, "nudge.doing")
    form = the_form(press_in(town, nudge, "reply.open"))
    shown += town.happens(submitted(form, on_page=on_page, reply=f"{MARK} svar", save="yes"))
    planned = a_nudge(town, lesson="L04", rides_on=nudge)
    form = the_form(press_in(town, planned, "nudge.plan"))
    words = {"cue": f"{MARK} kommer upp", "action": f"{MARK} frågar jag", "save": "yes"}
    shown += town.happens(submitted(form, on_page=on_page, **words))
    asked = a_follow_up(town, lesson="L02")
    press_in(town, asked, "follow_up.done")
    about = town.rows(Delivery)[-1].subject_id
    form = the_form(press_in(town, asked, "reflect.open", about))
    shown += town.happens(
        submitted(form, on_page=on_page, happened=f"{MARK} hände", change=f"{MARK} sedan", save="yes")
    )
    [plan] = town.rows(Plan)
    a_delivery(town, kind=Kind.PLAN, day=MONDAY + timedelta(days=3), subject_id=plan.id)
    a_follow_up(town, lesson="L04", plan_id=plan.id, day=MONDAY + timedelta(days=4))
    form = the_form(town.happens(press("suggestion.open", "L02:sv:")))
    told = town.happens(submitted(form, on_page=on_page, body=f"{MARK} förslag", signature=f"{MARK} namn"))
    shown += [show for show in told if not (on_page and isinstance(show, OpenForm))]
    assert len(town.rows(Reflection)) == 3
    assert len(town.rows(SignedSuggestion)) == 1
    return shown


def everything_shown(town: Town) -> Iterator[tuple[str, list[Show]]]:
    """Yield everything the chat can be made to show, each by itself, as if nothing before it had happened."""
    event = OpenedHome(key="home", platform="slack", workspace="T1", person="U1", at=NOON)
    yield "home", tried(town, event)
    for name in ROUTES.commands:
        yield name, commanded(town, name)
    for action in sorted(ROUTES.presses):
        for value in values_of(town):
            for message in ("m1", None):
                shows = tried(town, press(action, value, at=NOON, on=message))
                yield action, shows
                yield from _sent_from(town, action, shows)
            for show in tried(town, replace(press(action, value, at=NOON), on_page=True)):
                if not isinstance(show, OpenForm):  # that is for the page itself to show
                    yield f"{action} on the page", [show]
    for card in town.write(lambda session: _cards(session, town)):
        yield "card", [Say(card)]


def _sent_from(town: Town, action: str, shows: list[Show]) -> Iterator[tuple[str, list[Show]]]:
    for show in shows:
        if isinstance(show, OpenForm) and show.form.submit:
            yield f"{action} sent", tried(town, submitted(show.form, on_page=False, reply="x", body="y", words="möte"))


def tried(town: Town, event: AnyEvent) -> list[Show]:
    return _undone(town, lambda session: handle(session, town.house, event, None, NOON))


def commanded(town: Town, name: str) -> list[Show]:
    wrote: Any = Wrote(
        key=name, platform="slack", workspace="T1", person="U1", at=NOON, text=name,
        message=press("x", on="m1").message or pytest.fail(CHAT),
    )  # fmt: skip

    def work(session: Session) -> list[Show]:
        person = session.exec(select(Person)).first()
        workspace = session.exec(select(Workspace)).one()
        assert person
        visit = Visit(
            session=session, house=town.house, workspace=workspace, person=person, words=Words(person.language),
            now=NOON,
        )  # fmt: skip
        try:
            return ROUTES.commands[name](visit, Typed(rest="", event=wrote))
        except CannotAnswer:
            return []

    return _undone(town, work)


def _undone(town: Town, work: Callable[[Session], list[Show]]) -> list[Show]:
    def work_and_undo(session: Session) -> None:
        raise Enough(work(session))

    with pytest.raises(Enough) as enough:
        town.write(work_and_undo)
    return enough.value.shows


def values_of(town: Town) -> list[str]:
    """Return everything that a button of this person's can be about."""
    tables: tuple[Any, ...] = (Delivery, FollowUp, Plan, Reflection)
    ids = {str(row.id) for table in tables for row in town.rows(table)}
    return sorted({*ids, "0", "L02", f"lib:L02:{MONDAY}"})


def _cards(session: Session, town: Town) -> list[Any]:
    cards = []
    for delivery in session.exec(select(Delivery)).all():
        message = messages.find_message(session, delivery.id)
        assert message
        letter = letter_of(session, town.house, message, messages.records_of(session, message))
        cards.append(delivery_card(letter, Words(message.reader.language)))
    return cards


def test_what_is_written_on_our_own_page_is_shown_nowhere_in_the_chat(town: Town) -> None:
    when_sent = a_life_written(town, on_page=True)
    assert len(when_sent) > 3
    assert MARK not in repr(when_sent)
    walked = list(everything_shown(town))
    assert len(walked) > 300
    assert {name for name, shows in walked if MARK in repr(shows)} == set()


def test_the_same_walk_finds_what_was_written_in_the_chat(town: Town) -> None:
    assert MARK in repr(a_life_written(town, on_page=False))
    assert {name for name, shows in everything_shown(town) if MARK in repr(shows)} >= PLACES


def test_on_its_morning_the_plan_comes_back_with_the_way_to_its_words(town: Town) -> None:
    a_life_written(town, on_page=True)
    cards = [written(card) for card in town.write(lambda session: _cards(session, town))]
    [morning] = [card for card in cards if "I dag gäller din plan" in card]
    assert sum("Kom tillfället?" in card and "[Läs på vår egen sida]" in card for card in cards) == 1
    assert "I dag gäller din plan till _När mötet fastnar i lösningar_. Orden står på vår egen sida." in morning
    [show] = town.happens(press("own_page.read", at=NOON, on="m1"))
    assert "Den fungerar en gång" in said([show])
    assert [link.leads_to for link in town.rows(WebLink)] == ["/my"]


def test_in_the_chat_such_a_plan_gets_another_day_and_keeps_its_words_where_they_are(town: Town) -> None:
    a_life_written(town, on_page=True)
    [plan] = town.rows(Plan)
    form = the_form(town.happens(press("plan.change", plan.id, at=NOON, on="m1")))
    assert [one.name for one in form.body if isinstance(one, Input)] == ["cue_on"]
    town.happens(submitted(form, on_page=False, cue_on="2026-03-09"))
    assert "Orden står bara på vår egen sida. Jag påminner dig måndag 9 mars." in said(town.shows)
    old, new = town.rows(Plan)
    assert old.closed_at is not None
    assert (new.cue, new.written_on_page, str(new.cue_on)) == (f"{MARK} kommer upp", True, "2026-03-09")


def test_a_text_changed_on_the_page_belongs_there_from_then_on_and_the_other_way_round(town: Town) -> None:
    a_nudge(town)
    type_(town, "Skrivet i chatten", message="u1")
    [text] = town.rows(Reflection)
    form = the_form(town.happens(press("home.edit", text.id, at=NOON)))
    town.happens(submitted(form, on_page=True, body=MARK))
    assert MARK not in written(look_home(town, at=NOON))
    form = replace(form, about=str(text.id))
    town.happens(replace(submitted(form, on_page=False, body="Ändrat i chatten"), key="again"))
    assert "Ändrat i chatten" in written(look_home(town, at=NOON))


def test_a_text_moved_to_the_page_has_no_more_to_do_with_its_chat_message(town: Town) -> None:
    a_nudge(town)
    type_(town, "Skrivet i chatten", message="u1")
    [text] = town.rows(Reflection)
    form = the_form(town.happens(press("home.edit", text.id, at=NOON)))
    town.happens(submitted(form, on_page=True, body=MARK))
    edit(town, "Ändrat i chatten", message="u1")
    take_away(town, message="u1")
    shows = town.happens(press("reply.undo", text.id, at=NOON, on="said"))
    assert "Orden visas bara där." in said(shows)
    assert [row.body for row in town.rows(Reflection)] == [MARK]


def a_plan_moved_to_the_page(town: Town) -> None:
    """Type a plan in the chat and change it on the page."""
    a_nudge(town, lesson="L04")
    type_(town, TYPED, message="u1")
    form = the_form(town.happens(press("plan.change", town.rows(Plan)[0].id, at=NOON)))
    town.happens(submitted(form, on_page=True, cue=f"{MARK} kommer upp", cue_on="2026-03-09"))
    assert [row.written_on_page for row in town.rows(Plan)] == [False, True]


@pytest.mark.parametrize("new_text", [TYPED.replace("någon", "Kim"), "Ingen plan"])
def test_an_edit_in_the_chat_leaves_a_plan_moved_to_the_page_as_it_is_and_forgets_what_the_message_said(
    town: Town, new_text: str
) -> None:
    a_plan_moved_to_the_page(town)
    before = town.rows(Plan)[1]
    shows = edit(town, new_text, message="u1")
    assert said(shows) == (
        "Planen ändrades på vår egen sida och är som den var där. Ändra den där. "
        "Det som stod i meddelandet är borttaget här."
    )
    old, new = town.rows(Plan)
    assert (old.cue, old.action) == ("", "")
    assert new == before
    assert new.closed_at is None


def test_a_personal_number_in_an_edit_of_a_plan_moved_to_the_page_is_said_first(town: Town) -> None:
    a_plan_moved_to_the_page(town)
    shows = edit(town, TYPED.replace("någon", "20100102-1234"), message="u1")
    assert said(shows).startswith("Texten ser ut att innehålla ett personnummer.")
    assert said(shows).endswith("Det som stod i meddelandet är borttaget här.")
    assert [row.cue for row in town.rows(Plan)] == ["", f"{MARK} kommer upp"]


def test_of_a_plan_let_go_of_its_words_nobody_says_that_they_are_on_the_page(town: Town) -> None:
    a_plan_moved_to_the_page(town)
    form = the_form(town.happens(replace(press("plan.change", town.rows(Plan)[1].id, at=NOON), on_page=True)))
    form = replace(form, about=str(town.rows(Plan)[1].id))
    words = {"cue": "Kim föreslår något på mötet", "action": "frågar jag", "cue_on": "2026-03-10", "save": "no"}
    town.happens(replace(submitted(form, on_page=True, **words), key="again"))
    assert {(row.cue, row.written_on_page) for row in town.rows(Plan)} == {("", False)}
    shown = written(the_form(town.happens(press("my_data.open", at=NOON))))
    assert "Orden är inte sparade." in shown
    assert "Orden står på vår egen sida" not in shown


def test_changing_such_a_text_in_the_chat_leads_to_the_page(town: Town) -> None:
    a_life_written(town, on_page=True)
    home = written(look_home(town, at=NOON))
    assert "Skrivet på vår egen sida. Orden visas bara där.\n[Läs på vår egen sida] [Ta bort]" in home
    shows = town.happens(press("home.edit", town.rows(Reflection)[0].id, at=NOON))
    assert "[Öppna vår egen sida]" in said(shows)


def test_when_the_page_is_gone_the_words_stay_out_of_the_chat_and_that_is_said(town: Town) -> None:
    a_life_written(town, on_page=True)
    town.house = replace(town.house, page_address=None)
    assert "Det du skrev finns kvar åt dig." in said(town.happens(press("own_page.read", at=NOON, on="m1")))
    export = said(type_(town, "mina data json", at=NOON))
    assert export.count("Det du skrev finns kvar åt dig. Vänd dig till knuff@example.se om du behöver det.") == 7
    assert MARK not in export
