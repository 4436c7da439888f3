"""Was it of use, and what should be changed? Asked under an exercise that has been answered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.cards import Card
from bot.conversation.events import Submitted
from bot.conversation.nameless import is_nameless
from bot.conversation.shows import Replace, Show
from storage import suggestions
from storage.tables.feedback import Feedback, SignedSuggestion, Suggestion, Useful
from storage.tables.people import Person
from tests.conversation.builders import (
    MORNING,
    Town,
    a_follow_up,
    a_nudge,
    a_person,
    buttons_of,
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

ASKS = "Var övningen till nytta?"
WORDS = "Ge ett exempel från hemtjänsten."


def useful(town: Town) -> list[tuple[str, Useful]]:
    return [(one.lesson_id, one.useful) for one in town.rows(Feedback)]


def actions(shows: Sequence[Show]) -> list[str]:
    return [button.action for show in shows if isinstance(show, Replace) for button in buttons_of(show.card)]


def test_nothing_is_asked_about_an_exercise_before_it_has_been_answered(town: Town) -> None:
    nudge = a_nudge(town, lesson="L02", message_id="m1")
    assert ASKS not in replaced(press_in(town, nudge, "nudge.doing"))
    assert ASKS in replaced(type_(town, "Vi provade på torsdag."))


def test_a_quiz_is_asked_about_as_soon_as_it_has_been_answered(town: Town) -> None:
    quiz = next(one.id for one in town.house.library.lessons.values() if one.choices)
    nudge = a_nudge(town, lesson=quiz)
    assert ASKS in replaced(press_in(town, nudge, "nudge.choice", f"{nudge}:0"))


def test_it_is_asked_beside_how_it_went_but_not_of_whoever_let_it_go(town: Town) -> None:
    for name, is_asked in (("done", True), ("tried", True), ("let_go", False), ("not_yet", False)):
        asked = a_follow_up(town, day=MORNING.date() + timedelta(days=len(name)))
        assert (ASKS in replaced(press_in(town, asked, f"follow_up.{name}"))) is is_asked, name


def test_an_answer_is_kept_once_shown_and_may_be_changed(town: Town) -> None:
    nudge = a_nudge(town, lesson="L02", message_id="m1")
    type_(town, "Vi provade.")
    for chosen, told in (("yes", "var till nytta"), ("no", "inte var till nytta"), ("partly", "delvis var till nytta")):
        shows = press_in(town, nudge, "feedback.give", f"{nudge}:{chosen}")
        assert f"Du har svarat att övningen {told}." in replaced(shows)
        assert useful(town) == [("L02", Useful(chosen))]
        values = [button.value for show in shows if isinstance(show, Replace) for button in buttons_of(show.card)]
        assert f"{nudge}:{chosen}" not in values, "what is chosen is no longer a choice"


def test_under_how_it_went_and_from_the_library_it_is_the_same_answer(town: Town) -> None:
    asked = a_follow_up(town, lesson="L02")
    press_in(town, asked, "follow_up.done")
    assert "var till nytta" in replaced(press_in(town, asked, "feedback.give", f"{asked}:yes"))
    later = MORNING + timedelta(days=3)
    type_(town, "ta L02", at=later)
    type_(town, "Mitt svar", at=later + timedelta(minutes=1))
    shows = town.happens(press("feedback.give", f"lib:L02:{later:%Y-%m-%d}:no", on="m9", at=later))
    assert "inte var till nytta" in replaced(shows)
    assert useful(town) == [("L02", Useful.NO)]


def test_nobody_answers_for_somebody_else_or_with_something_else(town: Town) -> None:
    a_person(town, "U2")
    nudge = a_nudge(town, lesson="L02")
    assert "finns inte längre" in said(press_in(town, nudge, "feedback.give", f"{nudge}:yes", person="U2"))
    for value in (f"{nudge}:maybe", f"{nudge}", "x:yes", "lib:L999:2026-03-02:yes"):
        assert said(press_in(town, nudge, "feedback.give", value)), value
    assert useful(town) == []


@pytest.mark.parametrize(
    ("words", "kept"),
    [("Till nytta.", Useful.YES), ("nytta delvis", Useful.PARTLY), ("nytta nej", Useful.NO), ("useful no", Useful.NO)],
)
def test_it_can_be_typed(town: Town, words: str, kept: Useful) -> None:
    a_nudge(town, lesson="L02")
    type_(town, "Vi provade.")
    shows = type_(town, words, at=MORNING + timedelta(minutes=9))
    assert "Nyttan i en mening" in said(shows)
    assert useful(town) == [("L02", kept)]
    assert "suggestion.open" in actions(shows)


def test_typed_after_how_it_went_it_is_about_that_and_shown_there(town: Town) -> None:
    asked = a_follow_up(town, lesson="L05")
    press_in(town, asked, "follow_up.done")
    shows = type_(town, "nytta ja", at=MORNING + timedelta(days=2, minutes=9))
    assert useful(town) == [("L05", Useful.YES)]
    assert "var till nytta" in replaced(shows)


def test_typed_with_nothing_to_think_of_it_is_a_sentence(town: Town) -> None:
    assert "ingen övning att svara på" in said(type_(town, "nytta ja"))


def opened(town: Town, lesson: str = "L02") -> Submitted:
    """The form as somebody sends it, not signed."""
    form = the_form(town.happens(press("suggestion.open", f"{lesson}:sv:")))
    send(town, form, body="", signature="")
    return Submitted(
        key="f", platform="slack", workspace="T1", person="U1", at=MORNING,
        form=form.name, about=form.about, values={"body": WORDS, "signature": ""},
    )  # fmt: skip


def test_whether_a_suggestion_has_an_author_is_seen_from_the_form_alone(town: Town) -> None:
    unsigned = opened(town)
    for signature, nameless in (("", True), ("  ", True), ("Kim Ek", False)):
        for form in (unsigned.form, f"{unsigned.form}_again"):
            event = replace(unsigned, form=form, values={"body": WORDS, "signature": signature})
            assert is_nameless(event) is nameless
    assert is_nameless(press("suggestion.open", "L02:sv:"))
    assert not is_nameless(press("feedback.give", "1:yes"))


def test_an_unsigned_suggestion_meets_nobody_and_keeps_nothing_but_words_lesson_and_month(town: Town) -> None:
    before = len(town.rows(Person))
    stranger = replace(opened(town), person="U0NOBODY")
    assert "inte sparat vem" in written(the_form(town.happens(stranger)))
    [kept] = town.rows(Suggestion)
    assert (kept.lesson_id, kept.body, kept.month.isoformat()) == ("L02", WORDS, "2026-03-01")
    assert len(town.rows(Person)) == before, "not even that they were there"
    assert town.rows(SignedSuggestion) == []
    town.happens(stranger)
    assert len(town.rows(Suggestion)) == 1, "the same twice is one"


def test_a_signed_suggestion_is_kept_with_the_name_they_wrote(town: Town) -> None:
    signed = replace(opened(town), values={"body": WORDS, "signature": " Kim Ek "})
    for _ in range(2):
        assert "undertecknat Kim Ek." in written(the_form(town.happens(signed)))
    [kept] = town.rows(SignedSuggestion)
    assert (kept.name, kept.body, kept.person_id) == ("Kim Ek", WORDS, town.person().id)
    assert town.rows(Suggestion) == []


@pytest.mark.parametrize("signature", ["", "Kim Ek"])
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "Skriv vad du vill ändra."),
        ("a" * 501, "Korta den till högst 500"),
        ("Ring 070-123 45 67", "telefonnummer"),
    ],
)
def test_what_cannot_be_sent_is_said_at_the_words_and_nothing_is_kept(
    town: Town, signature: str, body: str, told: str
) -> None:
    errors = refused(town.happens(replace(opened(town), values={"body": body, "signature": signature})))
    assert told in errors["body"]
    assert town.rows(Suggestion) == []
    assert town.rows(SignedSuggestion) == []


@pytest.mark.parametrize("signature", ["", "Kim Ek"])
def test_words_about_somebodys_health_are_asked_about_once_and_then_taken(town: Town, signature: str) -> None:
    values: dict[str, str | tuple[str, ...]] = {"body": "En kollega med cancer kan inte.", "signature": signature}
    asked = the_form(town.happens(replace(opened(town), values=values)))
    assert "någons hälsa" in written(asked)
    assert town.rows(Suggestion) == []
    assert "skickat" in written(the_form(send(town, asked, values=values)))
    assert len(town.rows(Suggestion)) + len(town.rows(SignedSuggestion)) == 1


def test_of_an_exercise_that_is_gone_and_from_a_workplace_that_is_not_ours_nothing_is_taken(town: Town) -> None:
    sent = opened(town)
    for event in (replace(sent, about="L999:sv:"), replace(sent, workspace="T0THEIRS")):
        assert "gick inte att skicka" in written(the_form(town.happens(event)))
    assert town.rows(Suggestion) == []


def test_when_many_wait_unread_no_more_unsigned_ones_are_taken(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "MOST_UNSIGNED", 2)
    shows = [town.happens(replace(opened(town), values={"body": f"{WORDS} {n}", "signature": ""})) for n in range(3)]
    assert "Skriv under med ditt namn" in refused(shows[-1])["body"]
    assert len(town.rows(Suggestion)) == 2


def test_the_form_is_in_the_language_of_the_card_it_was_opened_from(town: Town) -> None:
    assert "What would make" in str(the_form(town.happens(press("suggestion.open", "L02:en:"))))
    assert "Vad skulle göra" in str(the_form(town.happens(press("suggestion.open", "L02:sv:"))))


def test_what_is_typed_to_suggest_leads_to_the_form(town: Town) -> None:
    a_nudge(town, lesson="L02")
    shows = type_(town, "föreslå en ändring")
    assert "Nyttan i en mening" in said(shows)
    assert [button.action for button in buttons_of(_only(shows))] == ["suggestion.open"]


def _only(shows: Sequence[Show]) -> Card:
    [card] = [card for show in shows if isinstance(card := getattr(show, "card", None), Card)]
    return card
