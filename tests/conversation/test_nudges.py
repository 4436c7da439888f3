from dataclasses import replace
from datetime import timedelta

from bot.conversation.events import MessageRef
from bot.conversation.shows import Replace
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Answer,
    FollowUp,
    Reason,
    Town,
    a_house,
    a_nudge,
    a_person,
    a_promise,
    a_town,
    buttons_of,
    press,
    press_in,
    replaced,
    said,
    type_,
    written,
)


def test_taking_on_an_exercise_says_when_we_ask_and_replaces_the_buttons(town: Town) -> None:
    nudge = a_nudge(town, lesson="L02", message_id="m1")
    shows = press_in(town, nudge, "nudge.doing")
    assert isinstance(shows[0], Replace)
    assert shows[0].message == MessageRef(conversation="D1", message="m1")
    assert "Du har valt att göra övningen. Jag hör av mig onsdag 4 mars och frågar hur det gick." in replaced(shows)
    assert [button.action for button in buttons_of(shows[0].card)] == ["reply.open", "method.read"]
    [follow_up] = town.rows(FollowUp)
    assert follow_up.due_on == MONDAY + timedelta(days=2)


def test_the_follow_up_skips_weekends_and_red_days(town: Town) -> None:
    maundy_thursday = MONDAY + timedelta(days=31)
    nudge = a_nudge(town, lesson="L02", day=maundy_thursday)
    press_in(town, nudge, "nudge.doing", at=MORNING + timedelta(days=31))
    assert town.rows(FollowUp)[0].due_on.isoformat() == "2026-04-08"


def test_pressing_twice_is_answering_once(town: Town) -> None:
    nudge = a_nudge(town)
    first = press_in(town, nudge, "nudge.doing")
    assert press_in(town, nudge, "nudge.doing") == first
    assert len(town.rows(Answer)) == 1
    assert len(town.rows(FollowUp)) == 1


def test_not_today_leaves_the_exercise_open_for_a_change_of_mind(town: Town) -> None:
    nudge = a_nudge(town)
    shows = press_in(town, nudge, "nudge.not_today")
    assert "Inte i dag. Övningen ligger kvar" in replaced(shows)
    assert "[Jag gör det]" in replaced(shows)
    press_in(town, nudge, "nudge.doing")
    assert len(town.rows(FollowUp)) == 1


def test_not_today_after_taking_it_on_is_refused_in_a_sentence(town: Town) -> None:
    nudge = a_nudge(town)
    press_in(town, nudge, "nudge.doing")
    assert "redan svarat" in said(press_in(town, nudge, "nudge.not_today"))


def test_another_one_prefers_what_no_day_had_room_for(town: Town) -> None:
    a_promise(town, reason=Reason.RED_DAY, lesson="L13", day=MONDAY - timedelta(days=4))
    nudge = a_nudge(town, lesson="L02")
    shows = press_in(town, nudge, "nudge.another")
    wanted = town.house.library.lesson("L13")
    assert wanted.title.sv in replaced(shows)
    press_in(town, nudge, "nudge.doing" if wanted.kind != "if-then" else "nudge.not_today")
    assert town.rows(Answer)[-1].lesson_id == "L13"


def test_another_one_again_and_again_never_comes_back_to_one_that_was_shown(town: Town) -> None:
    # What is in the programme is enough: to press through a whole library takes its time.
    library = town.house.library
    few = {step.lesson_id: library.lesson(step.lesson_id) for step in library.programme("eight-weeks").steps()}
    town.house = replace(town.house, library=replace(library, lessons=few))
    nudge = a_nudge(town, lesson="L02")
    for _ in range(len(few)):
        press_in(town, nudge, "nudge.another")
    shown = [answer.value for answer in town.rows(Answer)]
    assert len(shown) == len(set(shown)) > 10
    assert "Du har sett alla övningar" in said(town.shows)


def test_a_quiz_shows_the_reason_at_once_whatever_was_chosen(town: Town) -> None:
    lesson = town.house.library.lesson("L01")
    assert lesson.reason is not None
    wrong = next(index for index, choice in enumerate(lesson.choices) if not choice.right)
    right = next(choice for choice in lesson.choices if choice.right)
    nudge = a_nudge(town, lesson="L01")
    shows = press_in(town, nudge, "nudge.choice", f"{nudge}:{wrong}")
    assert lesson.reason.sv in replaced(shows)
    assert right.text.sv in replaced(shows)
    assert lesson.question.sv in replaced(shows)


def test_a_quiz_is_answered_once(town: Town) -> None:
    nudge = a_nudge(town, lesson="L01")
    press_in(town, nudge, "nudge.choice", f"{nudge}:0")
    assert "redan svarat" in said(press_in(town, nudge, "nudge.choice", f"{nudge}:1"))
    assert [answer.value for answer in town.rows(Answer)] == ["0"]


def test_a_quiz_choice_that_does_not_exist_is_a_sentence(town: Town) -> None:
    nudge = a_nudge(town, lesson="L01")
    for nonsense in ("7", "-1", "x", "", "²"):
        assert "fungerar inte längre" in said(press_in(town, nudge, "nudge.choice", f"{nudge}:{nonsense}"))
    assert town.rows(Answer) == []


def test_nobody_answers_somebody_elses_nudge(town: Town) -> None:
    a_person(town, "U2")
    nudge = a_nudge(town, "U1")
    shows = press_in(town, nudge, "nudge.doing", person="U2")
    assert "finns inte längre" in said(shows)
    assert town.rows(Answer) == []


def test_an_unknown_button_and_a_value_that_is_no_id_are_sentences(town: Town) -> None:
    assert "fungerar inte längre" in said(town.happens(press("nudge.dance", "1", on="m1")))
    for value in ("", "abc", "9" * 40, "-3", "lib:", "lib:L999:2026-03-02", "lib:L01:yesterday"):
        shows = town.happens(press("nudge.doing", value, on="m1"))
        assert "Skriv _hem_" in said(shows)


def test_the_week_gathered_is_one_card_and_each_exercise_opens_by_itself(town: Town) -> None:
    carrier = a_nudge(town, lesson="L02")
    rider = a_nudge(town, lesson="L05", rides_on=carrier)
    week = press_in(town, carrier, "nudge.show")
    assert town.house.library.lesson("L02").title.sv in said(week)
    own_card = press_in(town, rider, "nudge.show")
    assert "[Jag gör det]" in said(own_card)
    shows = town.happens(press("nudge.doing", rider, on="the-opened-one"))
    [opened, whole] = [show for show in shows if isinstance(show, Replace)]
    assert opened.message.message == "the-opened-one"
    assert "Du har valt att göra övningen." in written(opened.card)
    assert "Veckans övningar" in written(whole.card)
    assert "Du har valt att göra övningen." in written(whole.card)


def test_an_exercise_of_the_gathered_week_can_be_typed_by_number(town: Town) -> None:
    carrier = a_nudge(town, lesson="L02")
    a_nudge(town, lesson="L05", rides_on=carrier)
    assert town.house.library.lesson("L05").title.sv in said(type_(town, "2"))


def test_everything_is_said_in_the_persons_language() -> None:
    town = a_town(a_house())
    a_person(town, language="en")
    nudge = a_nudge(town)
    assert "You’ve chosen to do this exercise. On Wednesday 4 March I’ll ask how it went." in replaced(
        press_in(town, nudge, "nudge.doing")
    )
    town.store.close()


def test_an_answer_shows_even_before_we_know_where_the_message_arrived(town: Town) -> None:
    nudge = a_nudge(town, conversation_id=None, message_id=None)
    shows = town.happens(press("nudge.doing", nudge, on="just-now"))
    assert [show.message.message for show in shows if isinstance(show, Replace)] == ["just-now"]
