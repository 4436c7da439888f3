"""A text that seems to be about somebody's health is asked about before it is saved, and taken the second time."""

import pytest

from bot.conversation.cards import Form, TextInput
from bot.conversation.health import mentions_health
from bot.conversation.shows import Say
from tests.conversation.builders import (
    FollowUp,
    Plan,
    Reflection,
    Town,
    a_follow_up,
    a_nudge,
    buttons_of,
    press,
    press_in,
    said,
    send,
    the_form,
    type_,
    written,
)

ABOUT_SOMEBODY = "En elev med adhd fick vara med och välja."


@pytest.mark.parametrize(
    "text",
    [
        ABOUT_SOMEBODY,
        "Jag tänkte på patienten som fick sin cancerdiagnos i går.",
        "Min kollega är sjukskriven för utmattning.",
        "Klientens missbruk kom upp",
        "A colleague told me about her depression",
        "Two pupils with autism joined us.",
        "The resident's dementia makes it hard",
        "Medarbetarnas utmattning kom på tal.",
        "Vi pratade om elevernas adhd",
        "Patienternas diabetes styr matsedeln",
        "Brukarnas demens gör det svårt",
        "En anställds missbruk blev känt",
        "Elevens psykos oroade oss",
        "En brukare med dement mamma kom hit",
        "Medarbetaren är deprimerad",
    ],
)
def test_an_illness_and_a_person_in_one_sentence_are_noticed(text: str) -> None:
    assert mentions_health(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vi frågade tre patienter vad de får ut av det.",
        "Eleverna valde själva, och det gick bra.",
        "Vi provade på diabetesmottagningen.",
        "Depressionen på trettiotalet. Sedan pratade jag med en kollega.",
        "I asked two colleagues and a student.",
        "Elva personer kom, och ingen var klient hos oss.",
        "Vi behöver bli bättre på att ställa rätt diagnos på problemet.",
        "Vi frågade medarbetarna om den psykosociala arbetsmiljön.",
        "Vi deprioriterade två förslag från medarbetarna.",
        "We deprioritised what our colleagues asked for",
        "Jag dementerade ryktet för en kollega.",
        "",
    ],
)
def test_work_with_patients_pupils_and_clients_is_not_taken_for_their_health(text: str) -> None:
    assert not mentions_health(text)


def asks(form: Form) -> bool:
    return "Vill du ändra den? Annars skickar du den som den är." in written(form)


def test_the_form_comes_back_once_with_what_was_written_and_is_taken_the_second_time(town: Town) -> None:
    nudge = a_nudge(town)
    press_in(town, nudge, "nudge.doing")
    form = the_form(press_in(town, nudge, "reply.open"))
    again = the_form(send(town, form, reply=ABOUT_SOMEBODY, save="yes"))
    assert asks(again)
    assert [one.initial for one in again.body if isinstance(one, TextInput)] == [ABOUT_SOMEBODY]
    assert town.rows(Reflection) == []
    send(town, again, reply=ABOUT_SOMEBODY, save="yes")
    assert [row.body for row in town.rows(Reflection)] == [ABOUT_SOMEBODY]


def test_nobody_is_asked_about_what_is_not_to_be_saved(town: Town) -> None:
    form = the_form(press_in(town, a_nudge(town), "reply.open"))
    assert "är sparat" in said(send(town, form, reply=ABOUT_SOMEBODY, save="no"))
    assert town.rows(Reflection) == []


def test_every_form_with_free_text_asks(town: Town) -> None:
    asked = a_follow_up(town)
    press_in(town, asked, "follow_up.done")
    form = the_form(press_in(town, asked, "reflect.open", town.rows(FollowUp)[0].id))
    again = the_form(send(town, form, happened=ABOUT_SOMEBODY, expected="Tystnad", save="yes"))
    assert asks(again)
    send(town, again, happened=ABOUT_SOMEBODY, expected="Tystnad", save="yes")
    assert len(town.rows(Reflection)) == 2
    change = the_form(town.happens(press("home.edit", town.rows(Reflection)[0].id)))
    again = the_form(send(town, change, body=f"Nytt. {ABOUT_SOMEBODY}"))
    assert asks(again)
    assert "Ändringen är inte sparad än." in written(again)
    plan = the_form(press_in(town, a_nudge(town, lesson="L04", rides_on=asked), "nudge.plan"))
    words = {"cue": "en elev berättar om sin ångest", "cue_on": "2026-03-05", "action": "lyssnar jag", "save": "yes"}
    again = the_form(send(town, plan, values=words))
    assert asks(again)
    assert town.rows(Plan) == []
    send(town, again, values=words)
    [kept] = town.rows(Plan)
    change = the_form(town.happens(press("plan.change", kept.id)))
    again = the_form(send(town, change, values=words | {"action": "frågar jag"}))
    assert asks(again)
    assert "Ändringen är inte sparad än." in written(again)


def test_nobody_is_asked_again_about_words_that_are_saved_already(town: Town) -> None:
    nudge = a_nudge(town)
    type_(town, ABOUT_SOMEBODY)
    change = the_form(town.happens(press("home.edit", town.rows(Reflection)[0].id)))
    assert "Ändringen är sparad." in said(send(town, change, body=ABOUT_SOMEBODY))
    plan = the_form(press_in(town, a_nudge(town, lesson="L04", rides_on=nudge), "nudge.plan"))
    words = {"cue": "en elev berättar om sin ångest", "cue_on": "2026-03-05", "action": "lyssnar jag", "save": "yes"}
    send(town, the_form(send(town, plan, values=words)), values=words)
    change = the_form(town.happens(press("plan.change", town.rows(Plan)[0].id)))
    assert "fredag 6 mars" in said(send(town, change, values=words | {"cue_on": "2026-03-06"}))


def test_what_is_typed_is_saved_with_the_question_and_a_way_back(town: Town) -> None:
    """It stands in the chat already: there is no before."""
    a_nudge(town)
    shows = type_(town, ABOUT_SOMEBODY)
    assert "Ändra ditt meddelande i chatten, eller tryck på Ångra." in said(shows)
    [receipt] = [show for show in shows if isinstance(show, Say)]
    assert [button.action for button in buttons_of(receipt.card)] == ["reply.undo"]


def test_a_plan_that_is_typed_is_kept_with_the_question_and_a_way_back(town: Town) -> None:
    a_nudge(town, lesson="L04")
    shows = type_(town, "Om en elev berättar om sin ångest, då lyssnar jag.")
    assert "Ändra ditt meddelande i chatten, eller tryck på Ångra." in said(shows)
    assert [row.cue for row in town.rows(Plan)] == ["en elev berättar om sin ångest"]
    [receipt] = [show for show in shows if isinstance(show, Say)]
    assert [button.action for button in buttons_of(receipt.card)] == ["plan.undo"]
