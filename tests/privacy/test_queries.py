"""Promise 7 as a property of the query layer: what is a person's own is asked for in that person's name."""

from collections.abc import Callable
from datetime import timedelta
from inspect import getmembers, isfunction, signature
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlmodel import Session, select

from storage import (
    answers,
    chat_messages,
    facilitation,
    feedback,
    focus,
    looking_back,
    my_data,
    peers,
    plans,
    recalls,
    survey_waves,
    surveys,
    written,
)
from storage.tables.answers import AnswerKind, Prompt
from storage.tables.deliveries import Delivery, Kind
from storage.tables.feedback import Useful
from storage.tables.people import Person
from tests.conversation.builders import MORNING, FollowUp, Plan, Reflection, Town, a_person, look_home
from tests.privacy.lives import a_life
from tests.privacy.queries import WHOSE, functions_reaching_private_tables, storage_modules

WITHOUT_A_PERSON = {
    "all_promises.all_promises": "reads a rehearsal's simulated people; nothing else may import it, see below",
    "all_promises.answered": "a rehearsal counts its own simulated people; no words are read",
    "all_promises.cases_waiting": "as above",
    "ballots.close": "counts votes and deletes whose they were; returns numbers",
    "ballots.close_now": "as above",
    "batons.forget_unapproved": "deletes approvals of words that go nowhere; reads nothing",
    "batons.pass_on": "as above",
    "batons.settled": "whether enough of a team approve of its words, for the leg itself; returns the leg",
    "chat_messages.forget": "deletes after two days, reads nothing",
    "closing.still_asking": "how many, so that a cohort can end: a number",
    "closing.let_go_of_what_nobody_asks": "closes the questions of a cohort that is over; returns a number",
    "cohorts.end_enrolments": "takes back what was promised ahead to whoever is removed; returns numbers",
    "cohorts.set_state": "takes back what was promised ahead in a cohort; returns nothing of it",
    "commitments.promise_commitments": "plans everybody's follow-ups set by set; reads days, never words",
    "contributions.shown": "what has opened, for the team, without its authors: see tests/rounds/test_hidden_until.py",
    "disposing.dispose_of_cohort": "takes back which message something was about when that message goes; reads nothing",
    "disposing.dispose_of_no_cohort": "as above",
    "exclusions.among": "who of these people are not to be put together, for doing so: not whose choice it was",
    "unkept_plans.explain_plans": "explains everybody's plans set by set; reads days, never words",
    "facilitation.tell": "raises at least how many in a cohort have led an exercise, in steps of five, once a month",
    "feedback.take": "marks answers as counted, for the nightly sum: what each said goes no further than that",
    "feedback.uncounted": "which exercises five or more have said something of: no answers and nobody",
    "messages.records_of": "takes a message, which is one person's, and asks in that person's name",
    "messages.records_to_send": "takes a message, which is one person's, and asks for what that message is about",
    "next_moments.next_of_rounds": "a moment",
    "pairs.forget": "deletes after thirty days, reads nothing",
    "pairs.groups": "who is put together in a round, for whoever puts people together the next morning",
    "pairs.keep": "writes who meets whom; reads nothing",
    "pairs.there": "who can be put together: whoever sits out is as somebody who is away",
    "proposals.forget_forms": "deletes who was given a form; reads nothing",
    "relay_disposal.forget": "deletes relays that ended long ago, with who approved of what; returns a number",
    "round_messages.to_channel": "whether what is asked of a team once has come: a yes or no, for the lane",
    "round_messages.why_not_to_member": "takes a message, which is one person's: whether it need be sent any more",
    "round_numbers.keep": "writes down how many took part, of five or more, when a step is over; returns nothing",
    "round_promising.make_way": "explains what gives way to a round, set by set; returns nothing of it",
    "round_promising.promise": "promises a step's messages to all who are asked, set by set; returns a number",
    "round_progress.progress": "whether enough has come, for the round itself: see tests/rounds/test_what_is_told.py",
    "rounds.channel_gone": "ends a round, as below",
    "rounds.close_step": "forgets forms, as above; returns whether it closed",
    "rounds.due_closings": "which steps are to close: no words and nobody",
    "rounds.due_openings": "which steps are to open, that enough has come: no words and nobody",
    "rounds.end": "counts votes and forgets forms, as above; returns whether it ended",
    "rounds.next_moment": "a moment",
    "rounds.open_step": "forgets forms, as above; returns whether it opened",
    "rounds_due.reminders_due": "which steps are to be reminded of: no words and nobody",
    "all_promises.waves_answered": "as above",
    "survey_promising.explain_wave": "plans set by set; whether somebody has answered, never what; returns a number",
    "survey_promising.promise_wave": "as above",
    "survey_waves.answers_for_release": "everybody's answers, for `survey_waves.close` alone: see below",
    "survey_waves.call_off": "takes back the waves that nobody has answered yet; returns nothing",
    "survey_waves.end": "as above, when a cohort is ended",
    "survey_waves.lay": "as above, before it lays them out anew",
    "survey_waves.close": "hands them to the release, which keeps the rules of small groups; returns whether it closed",
    "sending.claim": "explains what need not be sent any more; returns the message only",
    "settling.settle_sent": "marks follow-ups of what was sent as asked; reads nothing",
    "suggestions.remove": "takes away what has been dealt with; reads nothing",
    "suggestions.waiting": "what people sent to whoever owns the content, with the name they put under it or none",
    "unknown.was_answered": "whether a message of unknown fate was answered: a yes or no, for the lane",
}
"""Every function that reaches what is a person's own without being told whose, and why it may."""
ASKED_FOR = (
    answers,
    chat_messages,
    facilitation,
    feedback,
    focus,
    looking_back,
    my_data,
    peers,
    plans,
    recalls,
    written,
    surveys,
)
CHANGES = {
    "respond",
    "ask",
    "keep",
    "heard",
    "all_deleted",
    "erase",
    "remove",
    "undo_no_more",
    "close_plan",
    "forget_words",
    "close_follow_up",
    "ask_again",
}


def test_every_query_over_what_is_a_persons_own_is_told_whose_it_is() -> None:
    reaching = dict(functions_reaching_private_tables(storage_modules()))
    assert len(reaching) > 40
    assert {name for name, is_told in reaching.items() if not is_told} - WITHOUT_A_PERSON.keys() == set()
    assert WITHOUT_A_PERSON.keys() - reaching.keys() == set(), "a reason that is no longer needed"


def test_what_reads_everybodys_promises_is_known_to_rehearsals_only() -> None:
    knows = [file for file in Path("bot").rglob("*.py") if "all_promises" in file.read_text(encoding="utf-8")]
    assert knows
    assert {file.parent.name for file in knows} == {"rehearsal"}


def test_a_query_that_forgets_whose_it_is_would_be_seen(tmp_path: Path) -> None:
    """The reading of the code itself is put to the test: straight, through a constant, through another function."""
    leaky = """
from sqlmodel import Session, select
from storage.tables.answers import Reflection
from storage import written
_ALL = select(Reflection)
def straight(session: Session): return session.exec(select(Reflection)).all()
def by_a_constant(session: Session): return session.exec(_ALL).all()
def by_another(session: Session): return _hidden(session)
def by_its_name(session: Session): return session.execute(metadata.tables["plan"].select())
def by_a_module(session: Session): return written.latest(session, None, limit=1)
def _hidden(session: Session): return straight(session)
def harmless(session: Session): return 1
"""
    found = dict(functions_reaching_private_tables([*storage_modules(), _module("storage.leaky", leaky, tmp_path)]))
    seen = {name.removeprefix("leaky.") for name in found if name.startswith("leaky.")}
    assert seen == {"straight", "by_a_constant", "by_another", "by_its_name", "by_a_module"}


def _module(name: str, code: str, folder: Path) -> ModuleType:
    """A module whose code can be read, and is not run."""
    file = folder / "leaky.py"
    file.write_text(code, encoding="utf-8")
    module = ModuleType(name)
    module.__file__ = str(file)
    return module


def test_nobody_gets_what_is_anothers_by_its_true_ids(empty_town: Town) -> None:
    """Everything of U2 is asked for in the name of U1, who has nothing, by every function that reads."""
    town = empty_town
    a_person(town, "U2")
    a_life(town, "U2", "Ditt")
    look_home(town, person="U1")
    asked = []

    def ask(session: Session) -> None:
        me = session.exec(select(Person).where(Person.external_id == "U1")).one()
        known = _everything_of_u2(session)
        for module in ASKED_FOR:
            for name, function in _readers(module):
                wanted = {"session": session, "person": me, "person_id": me.id} | known
                got = function(**{one: wanted[one] for one in signature(function).parameters})
                assert _is_nothing(got), name
                asked.append(name)

    town.write(ask)
    assert len(asked) > 20


def _readers(module: ModuleType) -> list[tuple[str, Callable[..., Any]]]:
    return [
        (name, function)
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and name not in CHANGES
        and "now" not in signature(function).parameters
        and signature(function).parameters.keys() & WHOSE
        and "value" not in signature(function).parameters
    ]


def _is_nothing(got: object) -> bool:
    """Whether it is nothing, or several nothings. Of what we hold about U1, only the person and rhythm are left."""
    if isinstance(got, dict):
        got = tuple(value for name, value in got.items() if name not in ("person", "rhythm"))
    return not any(got) if isinstance(got, tuple) else not got


def _everything_of_u2(session: Session) -> dict[str, Any]:
    """Return a true value of U2's for every parameter that the functions have."""
    text = session.exec(select(Reflection).where(Reflection.message_id != None)).first()  # noqa: E711
    plan = session.exec(select(Plan)).first()
    follow_up = session.exec(select(FollowUp).where(FollowUp.plan_id == None)).first()  # noqa: E711
    nudge = session.exec(select(Delivery).where(Delivery.kind == Kind.NUDGE)).first()
    assert text
    assert plan
    assert follow_up
    assert nudge
    whose = {"person_id": nudge.person_id or 0, "enrolment_id": nudge.enrolment_id or 0}
    recalls.ask(session, **whose, card_id="L01", delivery_id=nudge.id, day=nudge.day)
    assert recalls.asked_in(session, person_id=nudge.person_id or 0, delivery_id=nudge.id)
    u2 = session.get_one(Person, nudge.person_id)
    answers.give(session, u2, AnswerKind.RECALL, lesson_id="L01", value="1", now=MORNING)
    assert recalls.latest_choice(session, person_id=u2.id, card_id="L01") == 1
    assert focus.choose(session, **whose, behaviours=["ask_first"], now=MORNING)
    focus.keep(session, person_id=u2.id, organisation_id=u2.organisation_id, behaviour="close_loop", now=MORNING)
    peers.choose(session, u2, external_id="U1", name=None, now=MORNING)
    feedback.give(session, u2, text.lesson_id or "", Useful.YES, MORNING)
    facilitation.note(
        session, u2, led_on=nudge.day, method_id=None, name="Ditt", people=3, learned="Ditt", on_page=False, now=MORNING
    )
    [led] = facilitation.latest(session, u2)
    wave_id = _answered_a_survey(session, u2, nudge)
    return {
        "wave_id": wave_id,
        "on": nudge.day,
        "reflection": text,
        "reflection_id": text.id,
        "conversation_id": text.conversation_id,
        "message_id": text.message_id,
        "plan": plan,
        "plan_id": plan.id,
        "follow_up": follow_up,
        "follow_up_id": follow_up.id,
        "delivery_id": nudge.id,
        "card_id": "L01",
        "enrolment_id": nudge.enrolment_id,
        "before": MORNING.date() + timedelta(days=1),
        "lesson_id": text.lesson_id,
        "facilitation_id": led.id,
        "prompt": Prompt.HAPPENED,
        "since": MORNING - timedelta(days=9),
        "until": MORNING.date(),
        "today": MORNING.date(),
        "limit": 9,
        "skip": 0,
    }


def _answered_a_survey(session: Session, person: Person, nudge: Delivery) -> int:
    """Let somebody be asked in a wave, and answer. Return the wave."""
    organisation_id, cohort_id = person.organisation_id, nudge.cohort_id or 0
    document_id = survey_waves.stored_document(
        session, organisation_id, name="own-items", digest="d", body="{}", now=MORNING
    )
    laid = survey_waves.Laid(wave="t0", roles=("manager",), opens_on=nudge.day, closes_on=nudge.day)
    where = {"organisation_id": organisation_id, "cohort_id": cohort_id, "document_id": document_id}
    survey_waves.lay(session, **where, waves=[laid], today=nudge.day)
    [asked] = surveys.open_waves(session, person_id=person.id, on=nudge.day)
    question = surveys.Question("S10", "ask_first")
    assert surveys.respond(session, asked, {question: "1"}, person_id=person.id, now=MORNING)
    assert surveys.responses(session, person_id=person.id, wave_id=asked.wave_id)
    return asked.wave_id


def test_everybodys_answers_to_a_survey_are_read_by_what_closes_it_and_nothing_else() -> None:
    """What comes of them has passed the rules of small groups before anybody sees it."""
    callers = [
        file.as_posix()
        for room in ("bot", "scheduler", "storage", "lessons")
        for file in Path(room).rglob("*.py")
        if "answers_for_release" in file.read_text(encoding="utf-8")
    ]
    assert callers == ["storage/survey_waves.py"]
    reading = [name for name, one in getmembers(survey_waves, isfunction) if "answers_for_release" in _names_in(one)]
    assert reading == ["close"]


def _names_in(function: Callable[..., Any]) -> set[str]:
    """Return what a function calls, in what it is made of too."""
    inner = [one for one in function.__code__.co_consts if hasattr(one, "co_names")]
    return {name for code in (function.__code__, *inner) for name in code.co_names}
