"""Everything a coordinator can press, send and write, in a cohort whose people have written: none of it is shown."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.conversation.cards import Form
from bot.conversation.coordinating_routes import ROUTES
from bot.conversation.shows import OpenForm, Show
from storage import answers, written
from storage.plans import make_plan
from storage.tables.answers import AnswerKind, Prompt
from storage.tables.people import Person
from tests.coordinating.office import Office, managers, somebody
from tests.in_memory import connection_of

MARK = "Hemligheten"
LAST = ("cohort.pause", "cohort.resume", "cohort.end")
"""Pressed in this order when all else has been looked at."""
PICKED = {"cohort.add": managers(9), "cohort.remove": managers(1), "cohort.colleague": (somebody("U0KIM"),)}
"""Whom the coordinator picks in a form. Whoever is picked may be named back."""


@pytest.fixture
def cohort(office: Office) -> int:
    """A cohort of eight who have all written, planned and answered."""
    started = office.start_cohort(managers(8))
    office.look(lambda session: _write(session, office))
    return started


def _write(session: Session, office: Office) -> None:
    for number, person in enumerate(session.exec(select(Person).where(col(Person.external_id).like("U000%"))).all()):
        mine = f"{MARK} {number}"
        answers.give(session, person, AnswerKind.DOING, lesson_id="L02", value=mine, now=office.now)
        written.write(session, person, mine, prompt=Prompt.REPLY, lesson_id="L02", now=office.now)
        plan = make_plan(
            session, person, lesson_id="L04", cue=mine, action=mine, cue_on=date(2026, 3, 5), now=office.now
        )
        answers.promise_to_ask(
            session, person, lesson_id="L04", due_on=date(2026, 3, 6), plan_id=plan.id, now=office.now
        )


def everything_shown(office: Office, cohort: int) -> Iterator[tuple[str, list[Show]]]:
    """Press every button, send every form it leads to, and write the coordinator's words."""
    yield "words", office.write("omgångar")
    for action in [*sorted(ROUTES.presses.keys() - set(LAST)), *LAST]:
        shows = office.press(action, cohort)
        yield action, shows
        while (form := _to_send(shows)) is not None:
            picked = {"people": PICKED[action]} if action in PICKED and form.name == action else None
            shows = office.send(form, profiles=picked)
            yield f"{action} > {form.name}", shows


def _to_send(shows: list[Show]) -> Form | None:
    return next((show.form for show in shows if isinstance(show, OpenForm) and show.form.submit), None)


@pytest.mark.parametrize("weeks", [0, 3])
def test_no_button_form_or_word_of_a_coordinator_shows_what_somebody_wrote_or_who_did_what(
    office: Office, cohort: int, weeks: int
) -> None:
    seen = set()
    for name, shows in everything_shown(office.at(office.now + timedelta(weeks=weeks)), cohort):
        seen.add(name)
        shown = repr(shows)
        assert MARK not in shown, name
        assert re.findall(r"\bU000\d\b", shown) == [], name
    assert {name.partition(" > ")[2] for name in seen} - {""} >= {"cohort.edit", "cohort.add", "cohort.remove"}
    assert ROUTES.presses.keys() <= seen


def test_no_statement_run_for_a_coordinator_reads_answers_or_texts(office: Office, cohort: int) -> None:
    statements: list[str] = []
    # The driver's own trace: what `Prepared` runs passes SQLAlchemy's events by.
    connection_of(office.store).set_trace_callback(statements.append)
    walked = list(everything_shown(office, cohort))
    private = re.compile(r"\b(?:FROM|JOIN)\s+(answer|reflection|chat_message|plan|follow_up)\b", re.IGNORECASE)
    assert walked
    assert len(statements) > 50
    assert [statement for statement in statements if private.search(statement)] == []
