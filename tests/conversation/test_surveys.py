"""Somebody is asked about their programme: few questions at a time, all of them voluntary, and nobody else's to see."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import Card, ChoiceInput
from bot.conversation.shows import Say, ShowHome
from bot.conversation.survey_parts import survey_card
from bot.conversation.survey_samples import a_survey as a_view
from bot.conversation.texts import Words
from bot.courier import Envelope, compose
from lessons import models as lessons
from lessons.surveys import Wave
from scheduler import surveys as waves
from scheduler.ports import NotNeeded
from storage import focus, my_data, survey_waves
from storage.tables.people import Person
from storage.tables.programmes import Cohort, Enrolment, Role
from storage.tables.surveys import SurveyResponse, SurveyWave
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Kind,
    Reason,
    State,
    Town,
    a_delivery,
    a_nudge,
    a_person,
    buttons_of,
    look_home,
    press,
    press_in,
    replaced,
    said,
    send,
    the_form,
    type_,
    written,
)

T0, T1, T2 = MONDAY, date(2026, 4, 22), date(2026, 7, 13)
"""When the waves of the eight weeks open."""


@pytest.fixture
def asked(town: Town) -> Town:
    """The cohort of U1 has its waves."""

    def lay(session: Session) -> None:
        cohort = session.get_one(Cohort, town.cohort_id)
        library = town.house.library
        programme, questions = library.programme("eight-weeks"), library.survey_document()
        waves.lay_out(session, cohort, programme, questions, today=MONDAY, now=MORNING)

    town.write(lay)
    return town


def wave(town: Town, opens_on: date = T0) -> int:
    return next(row.id for row in town.rows(SurveyWave) if row.opens_on == opens_on)


def a_survey(town: Town, opens_on: date = T0, *, rides_on: int | None = None, **values: Any) -> int:
    """Return the id of what was sent to U1 about a wave."""
    return a_delivery(
        town, kind=Kind.SURVEY, day=opens_on, survey_wave_id=wave(town, opens_on), rides_on=rides_on, **values
    )


def at(day: date) -> datetime:
    return MORNING + (day - MONDAY) + timedelta(minutes=5)


def answer(town: Town, survey: int, item: str, key: str, *, about: str = "", day: date = T0) -> list[Any]:
    return press_in(town, survey, "survey.answer", f"{wave(town, day)}:{item}:{about}:{key}", at=at(day))


def composed(town: Town, delivery: int) -> Card | NotNeeded:
    made = town.write(partial(compose, house=town.house, delivery_id=delivery, now=MORNING))
    return made.card if isinstance(made, Envelope) else made


def given(town: Town) -> dict[tuple[str, str], str | None]:
    return {(row.item_id, row.about): row.value for row in town.rows(SurveyResponse)}


def close(town: Town, opens_on: date = T0) -> None:
    assert town.write(partial(survey_waves.close, wave_id=wave(town, opens_on), now=MORNING, release=lambda _: {}))


def labels(town: Town, opens_on: date = T0) -> list[str]:
    shows = town.happens(press("survey.open", wave(town, opens_on), at=at(opens_on)))
    return [part.label for part in the_form(shows).body if isinstance(part, ChoiceInput)]


def test_the_card_says_how_long_until_when_and_who_sees_it(asked: Town) -> None:
    a_person(asked, "U2")
    survey = a_survey(asked, state=State.SENDING)
    card = composed(asked, survey)
    assert isinstance(card, Card)
    text = written(card)
    assert "6 frågor, ungefär 2 minuter" in text
    assert "till och med fredag 13 mars" in text
    assert "Bara du ser dina svar" in text
    assert "minst fem" in text
    assert text.count("Känner du till vårt arbete med innovation?") == 1
    assert "[Ja] [Nej] [Vet inte]" in text
    assert "Jag kan förklara" not in text, "one question at a time"
    assert "innovation" not in card.summary, "nothing of it on a locked screen"


def test_it_comes_after_the_exercise_it_rides_on(asked: Town) -> None:
    nudge = a_nudge(asked, state=State.SENDING, sent_at=None)
    a_survey(asked, rides_on=nudge, state=State.SENDING)
    card = composed(asked, nudge)
    assert isinstance(card, Card)
    text = written(card)
    assert text.index(asked.house.library.lesson("L02").title.sv) < text.index("Enkät")
    assert asked.house.library.lesson("L02").title.sv in card.summary, "as without it"


def test_three_answers_in_the_card_and_the_rest_in_the_form(asked: Town) -> None:
    survey = a_survey(asked)
    assert "2 av 6" in replaced(answer(asked, survey, "S5", "1"))
    assert "3 av 6" in replaced(answer(asked, survey, "S8", "2"))
    text = replaced(answer(asked, survey, "S9", "4"))
    assert "Du har svarat på 3 av 6 frågor" in text
    assert "[Svara på resten]" in text
    assert given(asked) == {("S5", ""): "1", ("S8", ""): "2", ("S9", ""): "4"}
    shows = press_in(asked, survey, "survey.open", wave(asked))
    form = the_form(shows)
    inputs = [part for part in form.body if isinstance(part, ChoiceInput)]
    assert [one.initial for one in inputs] == [("1",), ("2",), ("4",), (), (), ()]
    assert all(one.optional for one in inputs)
    rest = {one.name: "no-occasion" for one in inputs[3:]}
    assert "Tack. Till och med" in replaced(send(asked, form, values={"S8": "5", **rest}))
    assert given(asked)["S8", ""] == "5"
    assert len(given(asked)) == 6


def test_an_answer_is_changed_until_it_closes_and_then_refused_in_one_sentence(asked: Town) -> None:
    survey = a_survey(asked)
    answer(asked, survey, "S5", "1")
    answer(asked, survey, "S5", "0")
    assert given(asked) == {("S5", ""): "0"}
    close(asked)
    shows = answer(asked, survey, "S5", "1")
    assert "stängd och öppnas inte igen" in said(shows)
    assert given(asked) == {("S5", ""): "0"}


def test_whoever_was_taken_out_is_told_so_and_nothing_more_is_kept(asked: Town) -> None:
    survey = a_survey(asked)
    answer(asked, survey, "S5", "1")

    def take_out(session: Session) -> None:
        session.exec(select(Enrolment)).one().ends_on = MONDAY

    asked.write(take_out)
    for pressed in (
        answer(asked, survey, "S8", "2"),
        press_in(asked, survey, "survey.decline", wave(asked)),
        press_in(asked, survey, "survey.open", wave(asked)),
    ):
        assert "Du är inte med i programmet längre" in said(pressed)
    assert given(asked) == {("S5", ""): "1"}
    assert said(type_(asked, "enkät")) == "Ingen enkät är öppen just nu."
    assert "nkät" not in written(look_home(asked))
    close(asked)
    assert "stängd och öppnas inte igen" in said(answer(asked, survey, "S8", "2"))


def test_who_declines_declines_all_and_may_change_their_mind(asked: Town) -> None:
    survey = a_survey(asked)
    text = replaced(press_in(asked, survey, "survey.decline", wave(asked)))
    assert "Inga svar från dig är sparade" in text
    assert "[Svara ändå]" in text
    assert set(given(asked).values()) == {None}
    form = the_form(press_in(asked, survey, "survey.open", wave(asked)))
    send(asked, form, values={"S8": "3"})
    assert given(asked)["S8", ""] == "3"
    assert given(asked)["S5", ""] is None


def test_declining_the_rest_takes_no_answer_away(asked: Town) -> None:
    survey = a_survey(asked)
    assert "[Svara på resten] [Jag avstår från resten]" in replaced(answer(asked, survey, "S5", "1"))
    text = replaced(press_in(asked, survey, "survey.decline", wave(asked)))
    assert "Tack. Till och med" in text
    assert given(asked)["S5", ""] == "1"
    assert [value for value in given(asked).values() if value is not None] == ["1"]


def test_all_answers_can_be_taken_away_and_that_is_asked_first_and_said_afterwards(asked: Town) -> None:
    survey = a_survey(asked)
    answer(asked, survey, "S5", "1")
    assert "[Svara] [Ta bort mina svar]" in written(look_home(asked))
    press_in(asked, survey, "survey.decline", wave(asked))
    for card in (look_home(asked), *(show.card for show in type_(asked, "enkät") if isinstance(show, Say))):
        [remove] = [button for button in buttons_of(card) if button.action == "survey.remove"]
        assert remove.text == "Ta bort mina svar"
        assert remove.confirm
    assert "Inga svar från dig är sparade" in replaced(press_in(asked, survey, "survey.remove", wave(asked)))
    assert set(given(asked).values()) == {None}


def test_what_was_taken_away_at_home_is_gone_there(asked: Town) -> None:
    asked.happens(press("survey.answer", f"{wave(asked)}:S5::1", on="typed"))
    shows = asked.happens(press("survey.remove", wave(asked)))
    assert "Inga svar från dig är sparade" in said(shows)
    assert "[Svara ändå]" in written(next(show.card for show in shows if isinstance(show, ShowHome)))


def test_a_survey_of_one_question_does_not_count_it_or_offer_all_at_once(asked: Town) -> None:
    questions = asked.house.library.survey_document()
    assert questions is not None
    text = written(survey_card(a_view(questions, Wave.DAY, lessons.Role.MANAGER), Words("sv")))
    assert "**Hur nöjd är du med dagen som helhet?**" in text
    assert "1 av 1" not in text
    assert "Du kan också svara senare eller avstå." in text
    assert "på en gång" not in text
    assert "[Jag avstår]" in text


def test_an_empty_form_is_not_an_answer(asked: Town) -> None:
    survey = a_survey(asked)
    form = the_form(press_in(asked, survey, "survey.open", wave(asked)))
    [show] = send(asked, form, values={"S8": "99"})
    assert "S5" in show.errors  # type: ignore[union-attr]
    assert given(asked) == {}


def test_in_words_it_is_asked_for_and_answered_where_it_was_shown(asked: Town) -> None:
    assert "1 av 6" in said(type_(asked, "enkät"))
    shows = asked.happens(press("survey.answer", f"{wave(asked)}:S5::1", on="typed"))
    assert "2 av 6" in replaced(shows)


def test_without_an_open_one_that_is_said(town: Town) -> None:
    assert said(type_(town, "survey")) == "Ingen enkät är öppen just nu."


def test_home_has_a_quiet_line_for_as_long_as_it_is_open(asked: Town) -> None:
    assert "[Svara]" in written(look_home(asked))
    asked.happens(press("survey.decline", wave(asked)))
    text = written(look_home(asked))
    assert "Inga svar från dig är sparade" in text
    assert "[Svara ändå]" in text
    assert "Ändra mina svar" not in text
    close(asked)
    assert "nkät" not in written(look_home(asked))


def test_whoever_answered_before_it_went_out_is_not_asked(asked: Town) -> None:
    survey = a_survey(asked, state=State.SENDING)
    asked.happens(press("survey.decline", wave(asked)))
    made = composed(asked, survey)
    assert made == NotNeeded(reason=Reason.ALREADY_ANSWERED)


def test_it_asks_about_the_behaviours_the_person_has_chosen(asked: Town) -> None:
    usual = labels(asked)[3:]
    assert len(usual) == 3, "those that the programme practises most"
    _choose(asked, ["invite_dissent", "close_loop"])
    behaviour = asked.house.library.taxonomy.behaviours["invite_dissent"].infinitive.sv
    chosen = labels(asked)[3:]
    assert len(chosen) == 2
    assert chosen[0].endswith(f"har du gjort så här: {behaviour}?")


def test_what_was_asked_at_first_is_asked_at_last_so_that_a_change_can_be_seen(asked: Town) -> None:
    survey = a_survey(asked)
    about = _abouts(asked)[0]
    answer(asked, survey, "S10", "2", about=about)
    _choose(asked, [key for key in asked.house.library.taxonomy.behaviours if key != about][:3])
    assert _abouts(asked, T1)[0] == about
    assert len(_abouts(asked, T1)) == 3


def test_who_chooses_other_behaviours_with_the_form_open_loses_no_answer(asked: Town) -> None:
    survey, usual = a_survey(asked), _abouts(asked)
    first, about, other = usual
    form = the_form(press_in(asked, survey, "survey.open", wave(asked)))
    _choose(asked, [key for key in asked.house.library.taxonomy.behaviours if key not in usual][:3])
    send(asked, form, values={"S8": "3", f"S10.{about}": "2"})
    answer(asked, survey, "S10", "1", about=other)
    assert given(asked) == {("S8", ""): "3", ("S10", about): "2", ("S10", other): "1"}
    [chosen] = {*_abouts(asked)} - {about, other}
    for one in (chosen, first):
        answer(asked, survey, "S10", "1", about=one)
    assert {*_abouts(asked)} == {*usual, chosen}, "and each can be changed"


def _choose(town: Town, behaviours: list[str]) -> None:
    def work(session: Session) -> None:
        mine = session.exec(select(Enrolment)).one()
        focus.choose(session, person_id=mine.person_id, enrolment_id=mine.id, behaviours=behaviours, now=MORNING)

    town.write(work)


def _abouts(town: Town, opens_on: date = T0) -> list[str]:
    form = the_form(town.happens(press("survey.open", wave(town, opens_on), at=at(opens_on))))
    names = [part.name for part in form.body if isinstance(part, ChoiceInput)]
    return [name.removeprefix("S10.") for name in names if name.startswith("S10.")]


def test_the_kept_behaviour_is_asked_about_only_when_there_is_one(asked: Town) -> None:
    assert not any("utan att behöva påminna mig" in label for label in labels(asked, T2))
    _keep(asked)
    kept = [label for label in labels(asked, T2) if "utan att behöva påminna mig" in label]
    assert len(kept) == 1


def _keep(town: Town) -> None:
    me = town.person()
    kept = partial(focus.keep, person_id=me.id, organisation_id=me.organisation_id)
    town.write(partial(kept, behaviour="close_loop", now=MORNING))


def test_who_has_declined_it_all_is_not_asked_of_a_behaviour_they_keep_after_that(asked: Town) -> None:
    asked.happens(press("survey.decline", wave(asked, T2), at=at(T2)))
    _keep(asked)
    assert not any("utan att behöva påminna mig" in label for label in labels(asked, T2))
    text = next(written(show.card) for show in type_(asked, "enkät", at=at(T2)) if isinstance(show, Say))
    assert "Inga svar från dig är sparade" in text


def test_who_has_declined_it_all_is_not_asked_of_behaviours_they_choose_after_that(asked: Town) -> None:
    _choose(asked, ["invite_dissent"])
    asked.happens(press("survey.decline", wave(asked), at=at(T0)))
    _choose(asked, ["invite_dissent", "close_loop"])
    text = next(written(show.card) for show in type_(asked, "enkät", at=at(T0)) if isinstance(show, Say))
    assert "Inga svar från dig är sparade" in text
    answer(asked, a_survey(asked), "S10", "2", about="invite_dissent")
    assert _abouts(asked) == ["invite_dissent", "close_loop"], "until they answer something after all"


def test_what_was_declined_is_not_said_to_be_answered(asked: Town) -> None:
    asked.happens(press("survey.answer", f"{wave(asked, T2)}:S5::1", at=at(T2)))
    asked.happens(press("survey.decline", wave(asked, T2), at=at(T2)))
    _keep(asked)
    text = next(written(show.card) for show in type_(asked, "enkät", at=at(T2)) if isinstance(show, Say))
    assert "Du har svarat på 1 av 7 frågor." in text


def test_only_members_of_a_team_are_asked_how_it_is_there(asked: Town) -> None:
    assert not any("Idéer får ett svar" in label for label in labels(asked))

    def become(session: Session) -> None:
        session.exec(select(Enrolment)).one().role = Role.TEAM_MEMBER

    asked.write(become)
    assert any("Idéer får ett svar" in label for label in labels(asked))


@pytest.mark.parametrize("value", ["", "x", "1:S5::7", "1:S99::1", "1:S5::", "999:S5::1", "1:S10:nothing:1"])
def test_a_button_that_was_never_ours_is_a_sentence_and_nothing_is_kept(asked: Town, value: str) -> None:
    survey = a_survey(asked)
    assert said(press_in(asked, survey, "survey.answer", value))
    assert given(asked) == {}


def test_nobody_answers_in_anothers_name_or_sees_what_they_answered(asked: Town) -> None:
    survey = a_survey(asked)
    answer(asked, survey, "S5", "0")
    a_person(asked, "U2")
    form = the_form(asked.happens(press("survey.open", wave(asked), person="U2")))
    assert all(part.initial == () for part in form.body if isinstance(part, ChoiceInput))
    asked.happens(press("survey.answer", f"{wave(asked)}:S5::1", person="U2"))
    assert [row.value for row in asked.rows(SurveyResponse)] == ["0", "1"]
    asked.happens(press("my_data.delete"))
    assert [row.value for row in asked.rows(SurveyResponse)] == ["1"]


def test_my_data_says_what_i_answered_in_words(asked: Town) -> None:
    survey = a_survey(asked)
    answer(asked, survey, "S5", "unsure")
    text = said(type_(asked, "mina uppgifter"))
    assert "Känner du till vårt arbete med innovation? Vet inte" in text
    me = asked.person().external_id
    data = asked.write(
        lambda session: my_data.collect(session, session.exec(select(Person).where(Person.external_id == me)).one())
    )
    assert [(row["item_id"], row["value"]) for row in data["survey_responses"]] == [("S5", "unsure")]


def test_in_english_it_is_as_plain(asked: Town) -> None:
    a_person(asked, "U2", language="en")
    text = said(type_(asked, "survey", person="U2"))
    assert "6 questions, about 2 minutes" in text
    assert "up to and including Friday 13 March" in text
    assert "[Yes] [No] [I do not know]" in text
