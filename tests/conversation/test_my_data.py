import json
from collections.abc import Callable
from datetime import timedelta
from inspect import getmembers, isfunction, signature
from typing import Any

from sqlmodel import Session, select

from bot.conversation.cards import Paragraph
from bot.conversation.shows import Say
from storage import answers, looking_back, my_data
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import Delivery
from storage.tables.people import Person
from storage.tables.web import WebLink
from tests.conversation.builders import (
    MORNING,
    Answer,
    FollowUp,
    Plan,
    Reflection,
    Town,
    a_follow_up,
    a_house,
    a_nudge,
    a_person,
    a_town,
    buttons_of,
    press,
    press_in,
    said,
    send,
    the_form,
    type_,
    written,
)


def a_life(town: Town, name: str, mark: str) -> None:
    """Leave one of everything in somebody's name."""
    nudge = a_nudge(town, name, lesson="L02")
    press_in(town, nudge, "nudge.doing", person=name)
    type_(town, f"{mark} svar", person=name)
    plan = the_form(press_in(town, a_nudge(town, name, lesson="L04", rides_on=nudge), "nudge.plan", person=name))
    send(town, plan, person=name, cue=f"{mark} säger något", cue_on="2026-03-05", action="frågar jag varför")
    press_in(town, a_follow_up(town, name), "follow_up.done", person=name)


def test_everything_about_me_is_there_as_json_and_nothing_of_others(town: Town) -> None:
    a_person(town, "U2")
    a_life(town, "U1", "Mitt")
    a_life(town, "U2", "Ditt")
    shows = type_(town, "mina data json")
    paragraphs = [part for show in shows if isinstance(show, Say) for part in show.card.parts]
    text = "".join(part.text for part in paragraphs if isinstance(part, Paragraph))
    data = json.loads(text)
    assert (len(data["answers"]), len(data["plans"]), len(data["follow_ups"])) == (3, 1, 3)
    assert [row["body"] for row in data["reflections"]] == ["Mitt svar"]
    assert data["programmes"][0]["name"] == "Våren"
    assert "Ditt" not in text


def test_my_data_is_readable_without_knowing_json(town: Town) -> None:
    a_life(town, "U1", "Mitt")
    page = written(the_form(town.happens(press("my_data.open", at=MORNING + timedelta(hours=1)))))
    assert "**Nyttan i en mening** Mitt svar" in page
    assert "Jag gör det." in page
    assert "Om Mitt säger något, då frågar jag varför." in page


def test_with_a_page_of_our_own_json_is_a_link_and_only_its_hash_is_kept() -> None:
    town = a_town(a_house(page_address="https://knuff.example.se/"))
    a_person(town)
    [show] = type_(town, "mina data json")
    assert isinstance(show, Say)
    [button] = buttons_of(show.card)
    assert button.url is not None
    assert button.url.startswith("https://knuff.example.se/open/")
    [link] = town.rows(WebLink)
    assert link.leads_to == "/my/data.json"
    assert link.token_hash not in button.url
    town.store.close()


def test_deleting_takes_everything_of_mine_and_nothing_of_others(town: Town) -> None:
    a_person(town, "U2")
    a_life(town, "U1", "Mitt")
    a_life(town, "U2", "Ditt")
    assert "radera" in said(type_(town, "radera"))
    assert len(town.rows(Plan)) == 2
    shows = type_(town, "radera allt")
    assert "Svar: 3. Egna texter: 1. Planer: 1." in said(shows)
    someone_else = town.person("U2").id
    tables: tuple[Any, ...] = (Answer, Reflection, Plan, FollowUp)
    for table in tables:
        assert {row.person_id for row in town.rows(table)} == {someone_else}
    mine = [row for row in town.rows(Delivery) if row.person_id == town.person().id]
    assert len(mine) == 3
    assert {(row.lesson_id, row.message_id) for row in mine} == {(None, None)}
    assert town.person().stopped_at is not None


def test_what_was_deleted_is_counted_and_never_who_or_what(town: Town) -> None:
    a_life(town, "U1", "Mitt")
    town.happens(press("my_data.delete"))
    [entry] = town.rows(AuditEntry)
    assert (entry.action, entry.actor_id) == ("data_erased", None)
    assert entry.detail == {"answers": 3, "reflections": 1, "plans": 1, "follow_ups": 3}


def test_an_old_message_after_deletion_is_a_sentence(town: Town) -> None:
    nudge = a_nudge(town)
    type_(town, "radera allt")
    assert "finns inte längre" in said(town.happens(press("nudge.doing", nudge, on="m1")))


def test_deleting_asks_first_and_says_what_happens() -> None:
    from bot.conversation.my_data import delete_button
    from bot.conversation.texts import Words

    for language, stops in (("sv", "inga fler övningar"), ("en", "no more exercises")):
        confirm = delete_button(Words(language)).confirm
        assert confirm is not None
        assert stops in confirm.text
        assert len(confirm.text) <= 300


def _public(module: Any) -> list[Callable[..., Any]]:
    return [
        function
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def test_every_query_over_answers_is_about_one_person() -> None:
    for function in [*_public(answers), *_public(looking_back), *_public(my_data)]:
        names = list(signature(function).parameters)
        assert "person" in names or "person_id" in names, function.__name__


def test_no_query_returns_what_belongs_to_somebody_else(town: Town) -> None:
    """Everything of U2 is asked for in the name of U1, by its true ids."""
    a_person(town, "U2")
    a_life(town, "U2", "Ditt")

    def ask(session: Session) -> None:
        me = session.exec(select(Person).where(Person.external_id == "U1")).one()
        follow_up = session.exec(select(FollowUp)).first()
        plan = session.exec(select(Plan)).one()
        assert follow_up is not None
        assert answers.find_follow_up(session, me, follow_up.id or 0) is None
        assert answers.find_plan(session, me, plan.id or 0) is None
        assert answers.find_delivery(session, me, follow_up.source_delivery_id) is None
        assert answers.follow_up_message(session, me, follow_up) is None
        assert answers.follow_up_of_plan(session, me, plan) is None
        assert answers.latest_answer_to(session, me, follow_up) is None
        assert answers.open_follow_ups(session, me) == []
        assert answers.open_plans(session, me) == []
        assert looking_back.latest_answer(session, me) is None
        assert list(looking_back.latest_sent(session, me, since=MORNING.date())) == []
        assert looking_back.latest_reflections(session, me, limit=9) == []
        assert answers.reflection_from(session, me, conversation_id="D1", message_id="u1") is None
        assert answers.find_reflection(session, me, session.exec(select(Reflection.id)).one() or 0) is None
        assert looking_back.lessons_taken(session, me) == set()
        assert looking_back.lessons_sent(session, me) == (set(), [])
        assert looking_back.promised(session, me, since=MORNING.date(), until=MORNING.date()) == []
        assert looking_back.action_moments(session, me, since=MORNING - timedelta(days=9)) == []
        assert not looking_back.has_taken_since(session, me.id or 0, "L02", MORNING - timedelta(days=9))
        assert my_data.collect(session, me)["answers"] == []
        assert set(my_data.counts(session, me).values()) == {0}

    town.write(ask)
