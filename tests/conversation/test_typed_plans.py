"""A plan typed in the chat follows its message: edited, deleted and undone there, so is the plan."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.conversation.texts import Words
from storage.tables.answers import AnswerKind
from storage.tables.people import Person
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    FollowUp,
    FollowUpState,
    Plan,
    Reflection,
    Town,
    a_follow_up,
    a_nudge,
    a_person,
    edit,
    press,
    press_in,
    replaced,
    said,
    send,
    take_away,
    the_form,
    type_,
    written,
)

TYPED = "Om någon föreslår en lösning på mötet på torsdag, då frågar jag vem som får nytta av den."
CUE = "någon föreslår en lösning på mötet på torsdag"
GONE = {("", "")}


def typed(town: Town) -> int:
    """Type a plan and return the id of the nudge it answers."""
    nudge = a_nudge(town, lesson="L04")
    type_(town, TYPED, message="u1")
    assert [row.cue for row in town.rows(Plan)] == [CUE]
    return nudge


def words_kept(town: Town) -> set[tuple[str, str]]:
    return {(row.cue, row.action) for row in town.rows(Plan)}


def is_taken_back(town: Town) -> bool:
    """Whether nothing is left of any plan: no words, nothing to be reminded of or asked about, nothing taken on."""
    plans, questions = town.rows(Plan), town.rows(FollowUp)
    return (
        words_kept(town) == GONE
        and all(plan.closed_at for plan in plans)
        and {row.state for row in questions} == {FollowUpState.LET_GO}
        and [row for row in town.rows(Answer) if row.kind is AnswerKind.DOING] == []
    )


def test_the_plan_goes_with_its_message(town: Town) -> None:
    typed(town)
    shows = take_away(town, message="u1")
    assert is_taken_back(town)
    assert "[Gör min plan]" in replaced(shows)
    assert "lösning på mötet" not in said(type_(town, "mina uppgifter"))


def test_an_edit_that_is_still_a_plan_changes_the_words(town: Town) -> None:
    typed(town)
    shows = edit(town, "Om Kim föreslår en lösning på mötet på torsdag, då frågar jag varför.", message="u1")
    assert "Om Kim föreslår" in replaced(shows)
    assert words_kept(town) == {("Kim föreslår en lösning på mötet på torsdag", "frågar jag varför")}
    assert [row.cue_on for row in town.rows(Plan)] == [date(2026, 3, 5)]
    assert "Du har slutat" not in said(shows)
    type_(town, "sluta")
    shows = edit(town, TYPED.replace("torsdag", "nästa torsdag"), message="u1", at=MORNING + timedelta(minutes=19))
    assert "Du har slutat" in said(shows)


@pytest.mark.parametrize(
    ("day", "now", "cue_on"),
    [
        ("lördag", MORNING, date(2026, 3, 6)),
        ("torsdag", MORNING, date(2026, 3, 5)),
        ("torsdag", MORNING + timedelta(weeks=10), date(2026, 5, 13)),  # Ascension Day is the 14th
    ],
)
def test_a_plan_for_a_day_one_does_not_work_is_shown_on_the_working_day_before(
    town: Town, day: str, now: datetime, cue_on: date
) -> None:
    a_nudge(town, lesson="L04", day=now.date())
    told = said(type_(town, TYPED.replace("torsdag", day), message="u1", at=now))
    assert [row.cue_on for row in town.rows(Plan)] == [cue_on]
    assert f"Jag visar planen igen {Words('sv').day(cue_on)}." in told


def test_a_plan_for_a_day_before_which_one_works_no_more_is_asked_for_again(town: Town) -> None:
    friday = MORNING + timedelta(days=4)
    a_nudge(town, lesson="L04", day=friday.date())
    told = said(type_(town, TYPED.replace("torsdag", "lördag"), message="u1", at=friday))
    assert "Jag skriver inte till dig lördag 7 mars. Välj en annan dag." in told
    assert town.rows(Plan) == []


def test_an_edit_that_names_another_day_moves_the_plan_and_its_question(town: Town) -> None:
    typed(town)
    shows = edit(town, TYPED.replace("torsdag", "fredag"), message="u1")
    assert "Jag visar planen igen fredag 6 mars." in said(shows)
    old, new = town.rows(Plan)
    assert (old.cue, old.closed_at is None, new.closed_at, new.cue_on) == ("", False, None, date(2026, 3, 6))
    assert [(row.plan_id, row.due_on) for row in town.rows(FollowUp)] == [(new.id, date(2026, 3, 9))]


def test_a_day_chosen_with_the_button_stays_when_the_words_are_edited(town: Town) -> None:
    typed(town)
    form = the_form(town.happens(press("plan.change", town.rows(Plan)[0].id)))
    send(town, form, cue=CUE, cue_on="2026-03-09", action="frågar jag varför")
    edit(town, TYPED.replace("någon", "Kim"), message="u1")
    old, new = town.rows(Plan)
    assert (old.cue, new.cue) == ("", "Kim föreslår en lösning på mötet på torsdag")
    assert new.cue_on == date(2026, 3, 9)
    take_away(town, message="u1", at=MORNING + timedelta(minutes=10))
    assert is_taken_back(town)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Jag pratade med gruppen i stället.", "inte längre en om–då-plan"),
        ("Om snart, då frågar jag.", "som du känner igen"),
        ("Om 20100102-1234 kommer till mötet, då frågar jag.", "personnummer"),
        ("Kim är 20100102-1234", "personnummer"),
    ],
)
def test_an_edit_that_is_no_plan_any_more_takes_it_back_and_says_so(town: Town, text: str, sentence: str) -> None:
    typed(town)
    shows = edit(town, text, message="u1")
    assert sentence in said(shows)
    assert "planen är borttagen" in said(shows)
    assert is_taken_back(town)
    assert town.rows(Reflection) == []


def test_whoever_saves_nothing_any_more_has_the_words_of_the_plan_taken_away_by_an_edit(town: Town) -> None:
    typed(town)
    town.write(lambda session: setattr(session.exec(select(Person)).one(), "saves_text", False))
    assert "orden är inte sparade" in said(edit(town, TYPED.replace("någon", "Kim"), message="u1"))
    assert words_kept(town) == GONE
    assert [row.closed_at for row in town.rows(Plan)] == [None]


def test_undo_takes_the_plan_and_leaves_the_older_reply(town: Town) -> None:
    a_nudge(town, lesson="L04")
    type_(town, "Det här vill jag ha kvar", at=MORNING)
    type_(town, TYPED)
    assert "Planen till _När mötet fastnar i lösningar_ är borttagen." in said(type_(town, "ångra"))
    assert is_taken_back(town)
    assert "inget att ångra" in said(type_(town, "ångra"))
    assert [row.body for row in town.rows(Reflection)] == ["Det här vill jag ha kvar"]


def test_undo_takes_a_newer_reply_and_leaves_the_plan(town: Town) -> None:
    typed(town)
    type_(town, "Och en tanke till", at=MORNING + timedelta(minutes=6))
    for _ in range(2):
        type_(town, "ångra", at=MORNING + timedelta(minutes=7))
    assert town.rows(Reflection) == []
    assert words_kept(town) == {(CUE, "frågar jag vem som får nytta av den")}


def test_undo_on_the_receipt_takes_the_plan_as_it_stands_and_it_can_be_made_anew(town: Town) -> None:
    typed(town)
    first = town.rows(Plan)[0].id
    edit(town, TYPED.replace("torsdag", "fredag"), message="u1")
    assert "Planen är borttagen." in replaced(town.happens(press("plan.undo", first, on="said")))
    assert is_taken_back(town)
    assert "Den planen är avslutad." in said(town.happens(press("plan.undo", first, on="said")))
    assert "Jag visar planen igen torsdag 5 mars" in said(type_(town, TYPED, at=MORNING + timedelta(minutes=20)))


def test_nobody_undoes_a_plan_of_somebody_elses(town: Town) -> None:
    a_person(town, "U2")
    typed(town)
    assert "avslutad" in said(town.happens(press("plan.undo", town.rows(Plan)[0].id, person="U2", on="said")))
    assert words_kept(town) != GONE


def test_deleting_the_message_afterwards_takes_the_words_and_not_what_was_done(town: Town) -> None:
    nudge = typed(town)
    asked = a_follow_up(town, lesson="L04", plan_id=town.rows(Plan)[0].id, day=date(2026, 3, 6))
    press_in(town, asked, "plan.came", at=MORNING + timedelta(days=4))
    take_away(town, message="u1", at=MORNING + timedelta(days=5))
    assert words_kept(town) == GONE
    assert {AnswerKind.DOING, AnswerKind.MOMENT_CAME} == {row.kind for row in town.rows(Answer)}
    assert nudge


def test_words_that_are_not_to_be_saved_any_more_leave_every_plan_before_it_too(town: Town) -> None:
    typed(town)
    for hour, save in ((1, "yes"), (2, "no")):
        form = the_form(town.happens(press("plan.change", town.rows(Plan)[-1].id)))
        words = {"cue": CUE, "action": "frågar jag varför", "save": save}
        send(town, form, at=MORNING + timedelta(hours=hour), cue_on="2026-03-06", values=words)
    assert len(town.rows(Plan)) == 3
    assert words_kept(town) == GONE
    assert town.rows(Plan)[-1].closed_at is None
    assert "lösning på mötet" not in said(type_(town, "mina uppgifter"))
    assert "Orden är inte sparade." in written(the_form(town.happens(press("my_data.open"))))


@pytest.mark.parametrize("way", ["typed", "button"])
def test_an_edit_after_undo_saves_nothing_and_says_so(town: Town, way: str) -> None:
    typed(town)
    if way == "typed":
        type_(town, "ångra", at=MORNING + timedelta(minutes=6))
    else:
        town.happens(press("plan.undo", town.rows(Plan)[0].id, on="said"))
    assert "Ändringen sparades inte" in said(edit(town, TYPED.replace("någon", "Kim"), message="u1"))
    assert is_taken_back(town)
    assert "personnummer" in said(edit(town, TYPED.replace("någon", "20100102-1234"), message="u1"))
    assert is_taken_back(town)


def a_plan_by_form(town: Town, ref: object, *, person: str = "U1", at: datetime = MORNING) -> None:
    form = the_form(town.happens(press("nudge.plan", ref, person=person, at=at)))
    send(town, form, person=person, at=at, values={"cue": CUE, "action": "frågar jag", "cue_on": "2026-03-06"})


def a_plan_let_go(town: Town, *, person: str, message: str) -> None:
    """Take the exercise from the library, type its plan and let it go, all at one moment."""
    town.happens(press("library.take", "L04", person=person))
    type_(town, TYPED, person=person, at=MORNING, message=message)
    town.happens(press("plan.let_go", town.rows(Plan)[-1].id, person=person))


def test_a_plan_let_go_still_follows_its_message_whatever_else_was_planned_and_by_whom(town: Town) -> None:
    a_person(town, "U2")
    a_plan_let_go(town, person="U2", message="u2")
    a_plan_let_go(town, person="U1", message="u1")
    a_plan_by_form(town, f"lib:L04:{MONDAY + timedelta(days=1)}", person="U2")
    a_plan_by_form(town, f"lib:L09:{MONDAY}")
    a_plan_by_form(town, a_nudge(town, lesson="L04"))
    a_plan_by_form(town, f"lib:L04:{MONDAY + timedelta(days=1)}", at=MORNING + timedelta(days=1))
    before = [(row.cue, row.closed_at is None) for row in town.rows(Plan)]
    assert before == [(CUE, False), (CUE, False), *[(CUE, True)] * 4]
    shows = edit(town, TYPED.replace("någon", "Kim"), message="u1", at=MORNING + timedelta(days=1))
    assert said(shows) == ""
    assert [row.cue for row in town.rows(Plan)] == [CUE, CUE.replace("någon", "Kim"), *[CUE] * 4]
    take_away(town, message="u1", at=MORNING + timedelta(days=1))
    assert [row.cue for row in town.rows(Plan)] == [CUE, "", *[CUE] * 4]


def test_an_edit_back_to_a_plan_after_one_that_was_none_saves_nothing_and_says_so(town: Town) -> None:
    typed(town)
    edit(town, "Jag pratade med gruppen i stället.", message="u1")
    assert "Ändringen sparades inte" in said(edit(town, TYPED, message="u1"))
    assert is_taken_back(town)


def test_in_a_pause_a_plan_is_for_a_day_after_it(town: Town) -> None:
    a_nudge(town, lesson="L04")
    type_(town, "paus till och med fredag")
    assert "Jag skriver inte till dig torsdag 5 mars. Välj en annan dag." in said(type_(town, TYPED, message="u1"))
    told = said(type_(town, TYPED.replace("på torsdag", "hos Kim"), message="u2"))
    assert "Jag visar planen igen måndag 9 mars." in told
    assert [(row.due_on) for row in town.rows(FollowUp)] == [date(2026, 3, 10)]
