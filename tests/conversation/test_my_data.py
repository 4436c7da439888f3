import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.conversation.cards import Paragraph
from bot.conversation.shows import Say
from storage import chat_messages, inbox, my_data, pages
from storage.inbox import NewEvent
from storage.sending import Claimed, Part
from storage.settling import settle_sent
from storage.tables import metadata
from storage.tables.answers import ChatMessage, MessageState
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import Attempt, Delivery, Kind, Reason, State
from storage.tables.inbox import InboxEvent
from storage.tables.people import Person
from storage.tables.programmes import CohortCoordinator, CohortDraft
from storage.tables.web import WebLink
from tests.conversation.builders import (
    MONDAY,
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
    edit,
    press,
    press_in,
    said,
    the_form,
    type_,
    written,
)
from tests.in_memory import in_memory
from tests.privacy.lives import a_life


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


def test_after_a_whole_programme_it_still_fits_in_the_chat(town: Town) -> None:
    for number in range(40):
        day, at = MONDAY + timedelta(days=2 * number), MORNING + timedelta(days=2 * number)
        press_in(town, a_nudge(town, day=day), "nudge.doing", at=at)
        type_(town, "Vi frågade tre som får nytta av det, och svaren förvånade oss alla.", at=at + timedelta(minutes=1))
        asked = a_follow_up(town, day=day + timedelta(days=1))
        press_in(town, asked, "follow_up.done", at=at + timedelta(days=1))
    shows = type_(town, "mina data json", at=MORNING + timedelta(days=81))
    paragraphs = [part for show in shows if isinstance(show, Say) for part in show.card.parts]
    data = json.loads("".join(part.text for part in paragraphs if isinstance(part, Paragraph)))
    assert (len(data["reflections"]), len(data["messages"])) == (40, 80)
    assert list(data).index("reflections") < list(data).index("messages")


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
    town.write(_wrote_in_the_chat)
    theirs = [row for row in town.rows(ChatMessage) if row.person_id != town.person().id]
    assert [(row.state, row.body) for row in theirs][-2:] == [
        (MessageState.HEARD, None), (MessageState.EDITED, "Ditt ord som väntar"),
    ]  # fmt: skip
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
    assert [row for row in town.rows(ChatMessage) if row.person_id == someone_else] == theirs


def test_deleting_takes_the_words_of_what_could_not_be_handled_and_nothing_of_others(town: Town) -> None:
    def could_not_be_handled(session: Session) -> None:
        for workspace, person in (("T1", "U1"), ("T1", "U2"), ("T2", "U1")):
            event = NewEvent(
                platform="slack", workspace=workspace, key=f"{workspace} {person}", person=person, body="ord",
                received_at=MORNING,
            )  # fmt: skip
            [event_id] = inbox.keep_all(session, [event])
            inbox.failed(session, event_id or 0, error="KeyError", is_last=True, now=MORNING)

    town.write(could_not_be_handled)
    type_(town, "radera allt")
    assert {row.key: row.body for row in town.rows(InboxEvent)} == {"T1 U1": None, "T1 U2": "ord", "T2 U1": "ord"}


def test_of_what_was_on_its_way_when_i_deleted_everything_no_place_and_no_exercise_stays(town: Town) -> None:
    on_its_way = a_nudge(town, state=State.SENDING, started_at=MORNING, sent_at=None)
    ahead = a_nudge(town, state=State.PLANNED, sent_at=None, day=MONDAY + timedelta(days=1))
    type_(town, "radera allt")
    claimed = Claimed(
        workspace_id=town.person().workspace_id,
        person_id=town.person().id,
        day=MONDAY,
        parts=(Part(id=on_its_way, kind=Kind.NUDGE, subject_id=None),),
        started_at=MORNING,
        attempts=1,
    )
    assert town.write(partial(settle_sent, claimed=claimed, conversation_id="D1", message_id="m1", now=MORNING))
    rows = {row.id: row for row in town.rows(Delivery)}
    assert [rows[on_its_way].state, rows[ahead].reason] == [State.SENT, Reason.STOPPED]
    assert {(row.lesson_id, row.conversation_id, row.message_id) for row in rows.values()} == {(None, None, None)}


def _wrote_in_the_chat(session: Session) -> None:
    """Let U2 have written two messages, one of which is edited and has yet to reach us."""
    person = session.exec(select(Person).where(Person.external_id == "U2")).one()
    at: dict[str, Any] = {"conversation_id": "D2", "at": MORNING, "now": MORNING}
    chat_messages.heard(session, person, message_id="v1", body="Ditt", **at)
    chat_messages.edited(session, person, message_id="v2", body="Ditt ord som väntar", has_come=False, **at)


@pytest.mark.parametrize(
    "table",
    [
        "answer",
        "reflection",
        "chat_message",
        "follow_up",
        "plan",
        "recall_memory",
        "survey_response",
        "enrolment_focus",
        "peer",
        "feedback",
        "signed_suggestion",
        "facilitation",
    ],
)
def test_deleting_reads_no_table_from_end_to_end(table: str) -> None:
    """Foreign keys among them: what points at a row that goes is looked up too."""
    with in_memory().engine.connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN DELETE FROM {table} WHERE person_id = 1")).all()  # noqa: S608
    steps = [row.detail for row in plan]
    assert steps
    assert [step for step in steps if not step.startswith("SEARCH")] == []


def test_an_edit_after_deletion_brings_no_words_back(town: Town) -> None:
    a_nudge(town)
    type_(town, "Mitt svar", message="u1")
    edit(town, "Mitt ord som väntar", message="u2")
    assert "Mitt ord som väntar" in [row.body for row in town.rows(ChatMessage)]
    type_(town, "radera allt", message="u3")
    for message in ("u1", "u2"):
        assert edit(town, "Mitt nya svar", message=message, at=MORNING + timedelta(minutes=20)) == []
    assert type_(town, "Mitt ord", message="u2", at=MORNING + timedelta(minutes=21)) == []
    assert town.rows(Reflection) == []
    assert {(row.state, row.body) for row in town.rows(ChatMessage)} == {(MessageState.DELETED, None)}
    long_ago = edit(town, "Mitt nya svar", message="u0", written_at=MORNING - timedelta(days=3))
    assert "inget var sparat från det meddelandet" in said(long_ago), "of that one we know nothing"
    assert town.rows(Reflection) == []


def test_after_deletion_my_data_shows_that_messages_are_gone_and_no_words_of_them(town: Town) -> None:
    a_nudge(town)
    type_(town, "Mitt svar", message="u1")
    type_(town, "radera allt", message="u2")
    data = town.write(lambda session: my_data.collect(session, session.exec(select(Person)).one()))
    assert [(row["message_id"], row["state"], row["body"]) for row in data["chat_messages"]] == [
        ("u1", "deleted", None),
        ("u2", "deleted", None),
    ]


def test_what_was_deleted_is_counted_and_never_who_or_what(town: Town) -> None:
    a_life(town, "U1", "Mitt")
    town.happens(press("my_data.delete"))
    [entry] = town.rows(AuditEntry)
    assert (entry.action, entry.actor_id) == ("data_erased", None)
    assert entry.detail == {"answers": 3, "reflections": 1, "plans": 1, "follow_ups": 3, "contributions": 0}


def test_an_old_message_after_deletion_is_a_sentence(town: Town) -> None:
    nudge = a_nudge(town)
    type_(town, "radera allt")
    assert "finns inte längre" in said(town.happens(press("nudge.doing", nudge, on="m1")))


def test_deleting_asks_first_and_says_what_happens() -> None:
    from bot.conversation.my_data import delete_button
    from bot.conversation.texts import Words

    for language, stops, remains, of_teams in (
        ("sv", "inga fler övningar", "vilka meddelanden du skrev", ("ett lag", "dina omgångar och lag")),
        ("en", "no more exercises", "which messages you wrote", ("a team", "your cohorts and teams")),
    ):
        words = Words(language)
        confirm = delete_button(words).confirm
        assert confirm is not None
        assert stops in confirm.text
        assert remains in confirm.text
        assert all(one in confirm.text for one in of_teams)
        for whole in (words("my_data.delete_text"), words("pages.delete_text")):
            assert remains in whole
            assert of_teams[0] in whole, "what the team has seen stays"
        assert len(confirm.text) <= 300


def test_what_i_did_as_a_coordinator_and_how_messages_were_sent_is_there_too_without_others(town: Town) -> None:
    a_person(town, "U2")
    nudge = a_nudge(town)

    def work(session: Session) -> dict[str, Any]:
        me, other = session.exec(select(Person).order_by(col(Person.id))).all()
        mine = {"organisation_id": me.organisation_id, "coordinator_id": me.id}
        session.add(CohortCoordinator(cohort_id=town.cohort_id, person_id=me.id))
        session.add(CohortDraft(**mine, body={"people": [other.external_id]}, made_at=MORNING))
        for actor in (me, other):
            entry: dict[str, Any] = {"organisation_id": me.organisation_id, "at": MORNING, "actor_id": actor.id}
            session.add(AuditEntry(**entry, action=f"by {actor.external_id}", cohort_id=town.cohort_id))
        session.add(Attempt(delivery_id=nudge, started_at=MORNING, ended_at=MORNING, outcome="sent"))
        pages.make_link(session, me.id, "/my/data", MORNING)
        session.flush()
        return my_data.collect(session, me)

    data = town.write(work)
    assert data["coordinates"] == ["Våren"]
    assert [row["action"] for row in data["done_as_coordinator"]] == ["by U1"]
    assert [row["made_at"] for row in data["unconfirmed_as_coordinator"]] == ["2026-03-02T07:15:00+00:00"]
    assert [row["outcome"] for row in data["attempts"]] == ["sent"]
    assert [row["leads_to"] for row in data["page_links"]] == ["/my/data"]
    assert "U2" not in repr(data)
    assert "token_hash" not in repr(data)


def test_every_table_that_knows_a_person_is_in_my_data_or_says_why_not(town: Town) -> None:
    """Whoever adds a table with somebody in it decides here what that person gets to see."""
    where = {
        "answer": "answers", "reflection": "reflections", "plan": "plans", "follow_up": "follow_ups",
        "chat_message": "chat_messages", "delivery": "messages", "enrolment": "programmes", "web_link": "page_links",
        "web_session": "page_sessions", "cohort_coordinator": "coordinates", "audit_entry": "done_as_coordinator",
        "cohort_draft": "unconfirmed_as_coordinator", "team": "teams", "team_member": "teams", "vote": "votes",
        "contribution": "contributions", "token_given": "anonymous_forms", "wrap_up_approval": "wrap_up_approvals",
        "paired": "pairs", "exclusion": "not_paired_with", "sitting_out": "not_paired_in",
        "relay": "relays", "baton_approval": "baton_approvals", "round": "challenges_begun",
        "recall_memory": "recall", "survey_response": "survey_responses",
        "enrolment_focus": "focus", "kept_behaviour": "kept_behaviour", "peer": "told",
        "feedback": "feedback", "signed_suggestion": "suggestions_signed", "facilitation": "exercises_led",
    }  # fmt: skip
    person = metadata.tables["person"]
    about_somebody = {
        table.name for table in metadata.sorted_tables for key in table.foreign_keys if key.references(person)
    }
    assert about_somebody == where.keys()
    me = town.person().external_id
    data = town.write(
        lambda session: my_data.collect(session, session.exec(select(Person).where(Person.external_id == me)).one())
    )
    assert data.keys() == {*where.values(), "person", "rhythm", "attempts"}
