from datetime import date, timedelta

import pytest

from bot.conversation.cards import ChoiceInput, TextInput
from bot.conversation.plan_words import is_vague, without_lead
from bot.conversation.shows import Say
from storage.tables.answers import AnswerKind
from storage.tables.deliveries import Kind
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    FollowUp,
    FollowUpState,
    Plan,
    Town,
    a_delivery,
    a_follow_up,
    a_nudge,
    a_person,
    buttons_of,
    look_home,
    press,
    press_in,
    refused,
    replaced,
    said,
    send,
    the_form,
    type_,
    written,
)

CUE = "någon föreslår en lösning på teammötet"
ACTION = "frågar jag vem som får nytta av den"


def planned(town: Town, day: date = MONDAY, /, **changes: str) -> int:
    """Make the plan of the default nudge and return the nudge's id."""
    nudge = a_nudge(town, lesson="L04", day=day)
    form = the_form(press_in(town, nudge, "nudge.plan"))
    send(town, form, values={"cue": CUE, "cue_on": "2026-03-05", "action": ACTION, **changes})
    return nudge


def test_the_form_offers_the_next_five_working_days_and_a_suggested_action(town: Town) -> None:
    form = the_form(press_in(town, a_nudge(town, lesson="L04"), "nudge.plan"))
    days = next(part for part in form.body if isinstance(part, ChoiceInput))
    assert [option.text for option in days.options] == [
        "tisdag 3 mars",
        "onsdag 4 mars",
        "torsdag 5 mars",
        "fredag 6 mars",
        "måndag 9 mars",
    ]
    action = next(part for part in form.body if isinstance(part, TextInput) and part.name == "action")
    lesson = town.house.library.lesson("L04")
    assert lesson.action is not None
    assert action.initial == lesson.action.sv


def test_a_plan_is_shown_as_one_sentence_and_asked_about_the_working_day_after(town: Town) -> None:
    planned(town)
    assert f"Om {CUE}, då {ACTION}." in replaced(town.shows)
    assert "Jag visar planen igen torsdag 5 mars." in said(town.shows)
    [plan], [follow_up] = town.rows(Plan), town.rows(FollowUp)
    assert plan.cue_on == date(2026, 3, 5)
    assert (follow_up.plan_id, follow_up.due_on) == (plan.id, date(2026, 3, 6))


def test_a_plan_whose_day_has_been_is_said_to_have_been_for_it_and_stands_after_what_is_to_come(town: Town) -> None:
    for number, cue_on in enumerate(("2026-03-05", "2026-03-06", "2026-03-09")):
        planned(town, MONDAY - timedelta(days=number), cue_on=cue_on)
    on_the_day, after = (MORNING + timedelta(days=days) for days in (3, 5))
    assert "Planen gäller torsdag 5 mars." in written(look_home(town, at=on_the_day))
    for listed in (written(look_home(town, at=after)), said(type_(town, "planer", at=after))):
        first, second, third = (
            listed.index(line)
            for line in ("gäller måndag 9 mars.", "Planen gällde fredag 6 mars.", "Planen gällde torsdag 5 mars.")
        )
        assert first < second < third


def test_whether_the_moment_came_is_not_asked_on_home_as_if_it_were_an_exercise(town: Town) -> None:
    planned(town)
    a_follow_up(town, lesson="L04", plan_id=town.rows(Plan)[0].id, day=date(2026, 3, 6))
    home = look_home(town, at=MORNING + timedelta(days=5))
    assert "Planen gällde torsdag 5 mars." in written(home)
    assert not any(button.action.startswith("follow_up.") for button in buttons_of(home))
    assert "frågar jag hur det gick" not in written(home)


@pytest.mark.parametrize(
    ("changes", "where", "sentence"),
    [
        ({"cue": ""}, "cue", "vid vilket tillfälle"),
        ({"cue": "snart"}, "cue", "som du känner igen"),
        ({"cue": "när jag hinner"}, "cue", "som du känner igen"),
        ({"cue": "ord " * 26}, "cue", "högst 25 ord"),
        ({"action": " "}, "action", "vad du ska göra"),
        ({"action": "ringer jag 070-123 45 67"}, "action", "telefonnummer"),
        ({"cue_on": "2026-03-02"}, "cue_on", "från och med i morgon"),
        ({"cue_on": "2025-03-05"}, "cue_on", "från och med i morgon"),
        ({"cue_on": ""}, "cue_on", "Välj en dag"),
        ({"cue_on": "2026-03-07"}, "cue_on", "Jag skriver inte till dig lördag 7 mars. Välj en annan dag."),
        ({"cue_on": "2026-04-03"}, "cue_on", "Jag skriver inte till dig fredag 3 april. Välj en annan dag."),
    ],
)
def test_a_plan_that_cannot_work_stays_open_with_a_sentence(
    town: Town, changes: dict[str, str], where: str, sentence: str
) -> None:
    planned(town, **changes)
    assert sentence in refused(town.shows)[where]
    assert town.rows(Plan) == []


def test_the_form_sent_twice_makes_one_plan(town: Town) -> None:
    form = the_form(press_in(town, a_nudge(town, lesson="L04"), "nudge.plan"))
    for _ in range(2):
        send(town, form, cue=CUE, cue_on="2026-03-05", action=ACTION)
    assert len(town.rows(Plan)) == len(town.rows(FollowUp)) == 1


def test_om_and_da_written_by_habit_are_not_doubled(town: Town) -> None:
    planned(town, cue=f"Om {CUE},", action=f"då {ACTION}.")
    assert f"Om {CUE}, då {ACTION}." in said(town.shows)


def test_a_plan_can_be_typed_as_a_sentence(town: Town) -> None:
    a_nudge(town, lesson="L04")
    shows = type_(town, "Om någon föreslår en lösning på mötet på torsdag, då frågar jag vem som får nytta av den.")
    assert "Jag visar planen igen torsdag 5 mars" in said(shows)
    assert town.rows(Plan)[0].cue_on == date(2026, 3, 5)


def test_writing_the_plan_once_more_is_a_rehearsal_and_not_a_second_plan(town: Town) -> None:
    planned(town)
    type_(town, f"Om {CUE}, då {ACTION}.")
    assert len(town.rows(Plan)) == 1
    assert "Sparat till" in said(town.shows)


def test_i_will_do_it_typed_to_a_plan_says_how_a_plan_is_made(town: Town) -> None:
    a_nudge(town, lesson="L04")
    assert "Den här övningen är en plan." in said(type_(town, "jag gör det"))


def asked_about(town: Town) -> int:
    plan = town.rows(Plan)[0]
    return a_follow_up(town, lesson="L04", plan_id=plan.id, day=date(2026, 3, 6))


def test_the_moment_came_closes_the_plan_and_asks_for_a_reflection(town: Town) -> None:
    planned(town)
    shows = press_in(town, asked_about(town), "plan.came", at=MORNING + timedelta(days=4))
    assert "Tillfället kom." in replaced(shows)
    assert town.house.library.lesson("L04").reflection.sv in replaced(shows)
    assert town.rows(Plan)[0].closed_at is not None


def test_the_moment_did_not_come_and_the_plan_gets_a_new_day(town: Town) -> None:
    friday = MORNING + timedelta(days=4)
    planned(town)
    asked = asked_about(town)
    shows = press_in(town, asked, "plan.did_not_come", at=friday)
    assert "[Välj en ny dag] [Släpp planen]" in replaced(shows)
    form = the_form(town.happens(press("plan.change", town.rows(Plan)[0].id, at=friday, on="m9")))
    shows = send(town, form, at=friday, cue=CUE, cue_on="2026-03-10", action=ACTION)
    assert "Jag hör av mig igen tisdag 10 mars." in replaced(shows)
    old, new = town.rows(Plan)
    assert old.closed_at is not None
    assert (new.closed_at, new.cue_on) == (None, date(2026, 3, 10))
    assert [row.due_on for row in town.rows(FollowUp) if row.plan_id == new.id] == [date(2026, 3, 11)]


def test_changing_a_plan_before_its_day_moves_its_question_along(town: Town) -> None:
    nudge = planned(town)
    form = the_form(press_in(town, nudge, "plan.change", town.rows(Plan)[0].id))
    shows = send(town, form, cue="mötet börjar i tid", cue_on="2026-03-09", action=ACTION)
    assert "Om mötet börjar i tid" in replaced(shows)
    [follow_up] = town.rows(FollowUp)
    assert follow_up.due_on == date(2026, 3, 10)


def test_letting_a_plan_go_means_it_is_never_asked_about(town: Town) -> None:
    planned(town)
    assert "Planen är släppt" in said(town.happens(press("plan.let_go", town.rows(Plan)[0].id)))
    assert town.rows(FollowUp)[0].state == FollowUpState.LET_GO
    assert "Den planen är avslutad" in said(town.happens(press("plan.let_go", town.rows(Plan)[0].id)))


def test_nobody_sees_or_changes_somebody_elses_plan(town: Town) -> None:
    a_person(town, "U2")
    planned(town)
    for action in ("plan.change", "plan.let_go"):
        assert "avslutad" in said(town.happens(press(action, town.rows(Plan)[0].id, person="U2")))
    assert CUE not in written(look_home(town, person="U2"))
    assert "Du har inga öppna planer" in said(type_(town, "planer", person="U2"))


def test_did_the_moment_come_can_be_typed(town: Town) -> None:
    planned(town)
    asked_about(town)
    assert "Tillfället kom." in said(type_(town, "tillfället kom", at=MORNING + timedelta(days=4)))
    assert town.rows(Answer)[-1].kind == AnswerKind.MOMENT_CAME


def test_open_plans_can_be_typed_for(town: Town) -> None:
    planned(town)
    assert CUE in said(type_(town, "planer"))


def test_a_plan_rides_with_the_mornings_exercise(town: Town) -> None:
    planned(town)
    nudge = a_nudge(town, lesson="L02", day=date(2026, 3, 5))
    a_delivery(town, kind=Kind.PLAN, subject_id=town.rows(Plan)[0].id, day=date(2026, 3, 5), rides_on=nudge)
    card = replaced(press_in(town, nudge, "nudge.doing", at=MORNING + timedelta(days=3)))
    assert f"**Din plan i dag:** Om {CUE}" in card


@pytest.mark.parametrize("cue", ["någon gång", "snart.", "När det passar", "mötet", "when I have time"])
def test_an_occasion_nobody_can_recognise_is_vague(cue: str) -> None:
    assert is_vague(cue)


@pytest.mark.parametrize("cue", ["när mötet börjar", "any time a solution is proposed", "Om Kim öppnar dörren"])
def test_a_definite_occasion_is_not_vague(cue: str) -> None:
    assert not is_vague(cue)


def test_words_that_only_begin_like_om_are_kept() -> None:
    assert without_lead("omorganisationen börjar", "cue") == "omorganisationen börjar"
    assert MONDAY.weekday() == 0


def test_a_plan_whose_words_are_not_to_be_saved_comes_back_without_them(town: Town) -> None:
    planned(town, save="no")
    [plan] = town.rows(Plan)
    assert (plan.cue, plan.action, plan.cue_on) == ("", "", date(2026, 3, 5))
    assert "orden är inte sparade. Jag påminner dig torsdag 5 mars." in said(town.shows)
    assert CUE not in repr(town.shows)
    assert ACTION not in repr(town.shows)
    assert "Planen hör till" in written(look_home(town))
    form = the_form(town.happens(press("plan.change", plan.id)))
    send(town, form, cue_on="2026-03-06")
    assert [str(row.cue_on) for row in town.rows(Plan)] == ["2026-03-05", "2026-03-06"]


def test_a_plan_changed_so_that_its_words_are_not_saved_leaves_none_behind(town: Town) -> None:
    planned(town)
    form = the_form(town.happens(press("plan.change", town.rows(Plan)[0].id)))
    send(town, form, cue=CUE, cue_on="2026-03-06", action=ACTION, save="no")
    assert [(row.cue, row.action) for row in town.rows(Plan)] == [("", ""), ("", "")]
    assert CUE not in said(type_(town, "mina uppgifter"))


def test_whoever_saves_nothing_has_that_chosen_on_the_plan_too(town: Town) -> None:
    a_person(town, "U2", saves_text=False)
    form = the_form(press_in(town, a_nudge(town, "U2", lesson="L04"), "nudge.plan", person="U2"))
    [save] = [part for part in form.body if isinstance(part, ChoiceInput) and part.name == "save"]
    assert save.initial == ("no",)
    shows = type_(town, f"Om {CUE}, då {ACTION}.", person="U2")
    assert [row.cue for row in town.rows(Plan)] == [""]
    assert "orden är inte sparade" in said(shows)


def test_the_notification_of_a_plan_that_was_made_has_none_of_its_words(town: Town) -> None:
    planned(town)
    [said_so] = [show for show in town.shows if isinstance(show, Say)]
    assert CUE in written(said_so.card)
    assert CUE not in said_so.card.summary


def test_an_action_that_is_a_question_keeps_its_own_end(town: Town) -> None:
    planned(town, action="frågar jag: vad ändrar vi?")
    listed = said(type_(town, "planer"))
    assert "vad ändrar vi?" in listed
    assert "?." not in listed
