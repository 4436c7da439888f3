"""What a team reads in a challenge is true where it stands: the day, until when, where it is read, and how it ended."""

from dataclasses import replace
from typing import Any

import pytest

from bot.conversation.cards import ChoiceInput, Form, Heading, Note, Paragraph, TextInput
from bot.conversation.round_cards import private_parts
from bot.conversation.round_view import step_of_message
from bot.conversation.shows import OpenForm, Replace
from bot.conversation.texts import Words
from lessons.challenges import Challenge
from lessons.library import Library
from scheduler import round_news
from storage import rounds
from storage.tables.rounds import Ending, RoundStep
from tests.coordinating.office import form_in, read, refusal_in
from tests.rounds_in_chat.running import asked, on_page, renewed
from tests.rounds_in_chat.sprint import NEEDS, alone, approve, channel, choose, to_the_vote, wrapped_up
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, DAG, TEAM, Heard, TeamRoom


def choices_of(form: Form) -> list[ChoiceInput]:
    return [part for part in form.body if isinstance(part, ChoiceInput)]


async def on_day(room: TeamRoom, day: int, hour: int = 10) -> list[Heard]:
    return await room.at_clock(2026, 3, day, hour)


def with_a_daily_step(library: Library) -> Library:
    """The challenge in which somebody is followed on days four to seven, asked anew on each of them."""
    challenge: Challenge = library.challenge("user-shadowing")
    steps = tuple(
        step.model_copy(update={"daily": True}) if step.key == "observe" else step for step in challenge.steps
    )
    changed = challenge.model_copy(update={"steps": steps})
    return replace(library, challenges={**library.challenges, challenge.id: changed})


async def test_a_step_that_comes_every_day_says_each_day_which_day_it_is(room: TeamRoom) -> None:
    room.library = with_a_daily_step(room.library)
    room.begin(*TEAM, challenge="user-shadowing")
    said: dict[int, str] = {}
    for day in (2, 3, 4, 5, 6, 9, 10, 11):
        for one in await on_day(room, day):
            found = [part.text for part in one.card.parts if isinstance(part, Note) and " · dag " in part.text]
            said |= {day: found[0].partition(" · ")[2]} if found else {}
    assert [said[day] for day in (5, 6, 9, 10, 11)] == [f"dag {number} av 10" for number in (4, 5, 6, 7, 8)]


async def test_a_round_that_was_given_more_time_says_so_in_the_days_it_counts(room: TeamRoom) -> None:
    room.begin(*TEAM)
    assert "Idésprinten · dag 1 av 6" in channel(await on_day(room, 2)).text
    room.send(form_in(room.send(asked(room, "round.extend"), step="need", days="2")))
    assert "Idésprinten · dag 4 av 8" in channel(await on_day(room, 5)).text


async def test_what_a_round_waited_while_knuff_was_away_is_not_counted_as_days_of_it(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await on_day(room, 2)
    assert await on_day(room, 11) == [], "told on the next day"
    assert "Idésprinten · dag 2 av 6" in channel(await on_day(room, 12)).text


async def test_a_team_is_reminded_in_a_line_and_told_no_hour_that_is_now(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await on_day(room, 2))
    asked_then = "Öppet till tisdag 3 mars klockan 10.00."
    assert asked_then in monday.text
    [reminder] = [one for one in await on_day(room, 3) if "inget inlämnat än" in one.text]
    assert "klockan" not in reminder.text
    prompt = next(step.prompt.sv for step in room.library.challenge("service-walk").steps)
    assert prompt not in reminder.text, "it stands there since yesterday"
    form = form_in(room.press_on(reminder, "contribution.open", who=BO))
    assert "gäller det som skrevs sist" in read(room.send(form, who=BO, in_service="Kön", in_whose_way="En förälder"))


async def test_what_comes_late_on_the_day_it_opened_is_read_in_the_channel_that_day(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = await on_day(room, 2)
    for who in (ANNA, BO):
        form = form_in(room.press_on(alone(monday, who), "contribution.open", who=who))
        room.send(form, who=who, in_need=NEEDS[who])
    opened = channel(await on_day(room, 2, 15))
    late = form_in(room.press_on(channel(monday), "contribution.open", who=CIA))
    assert "laget kan läsa det nu" in read(room.send(late, who=CIA, in_need=NEEDS[CIA]))
    for said in (NEEDS[ANNA], NEEDS[BO], NEEDS[CIA]):
        assert said in read(room.press_on(opened, "round.opened", who=DAG))


@pytest.mark.parametrize(("language", "said"), [("sv", "I korthet: "), ("en", "In short: ")])
async def test_whoever_comes_late_reads_what_is_asked_in_short(room: TeamRoom, language: str, said: str) -> None:
    """A label may be a question, an instruction or a name: whatever it is, it stands after these words."""
    room.begin(*TEAM)
    await on_day(room, 2)
    await on_day(room, 2, 15)
    need = room.rows(RoundStep)[0].id
    at = room.look(lambda session: step_of_message(session, need))
    assert at.step.hand_in is not None
    [label] = [Words(language).of(one.label) for one in at.step.hand_in.inputs]
    late = private_parts(at, Words(language))
    assert Paragraph(f"{said}{label}") in late


async def test_also_where_nothing_had_come_when_it_opened(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = channel(await on_day(room, 2))
    opened = channel(await on_day(room, 2, 15))
    room.send(form_in(room.press_on(monday, "contribution.open", who=CIA)), who=CIA, in_need=NEEDS[CIA])
    assert NEEDS[CIA] in read(room.press_on(opened, "round.opened", who=DAG))


async def to_the_answers(room: TeamRoom) -> Heard:
    """An idea sprint up to its last morning, with three ideas, each of them built on."""
    vote = await to_the_vote(room)
    for who in (ANNA, BO, CIA):
        choose(room, vote, who, NEEDS[BO])
    await on_day(room, 3, 15)
    for day, key in ((4, "in_idea"), (5, "in_built")):
        heard = channel(await on_day(room, day))
        for who in (ANNA, BO, CIA):
            form = form_in(room.press_on(heard, "contribution.open", who=who))
            given: dict[str, Any] = {part.name: part.options[0].value for part in choices_of(form)}
            room.send(form, who=who, **given | {key: f"{key} av {who}"})
        await on_day(room, day, 15)
    friday = channel(await on_day(room, 6))
    form = form_in(room.press_on(friday, "vote.open", who=ANNA))
    assert [part.text for part in form.body if isinstance(part, Heading)] == [
        f"Förslag {number} av 3" for number in (1, 2, 3)
    ], "somewhere to rest the eyes"
    assert friday.buttons["vote.open"].text == form.title == "Sätt poäng"
    return channel(await on_day(room, 9))


async def test_every_idea_gets_a_yes_a_no_or_a_later_and_words_alone_are_no_answer(room: TeamRoom) -> None:
    last = await to_the_answers(room)
    form = form_in(room.press_on(last, "contribution.open", who=BO))
    about, answer = choices_of(form)
    assert (answer.name, answer.optional) == ("in_answer", False)
    assert [part.optional for part in form.body if isinstance(part, TextInput)] == [True]
    assert "Det räcker att du fyller i ett av fälten." not in read([OpenForm(form)])
    chosen = about.options[0].value
    refused = room.send(form, who=BO, about=chosen, in_answer="", in_reason="Bara ett skäl")
    assert refusal_in(refused) == {"in_answer": "Välj ett av alternativen."}
    assert "Bara ett skäl" not in read(room.press_on(last, "round.see", who=CIA))
    assert "Två förslag har inget svar än" in read(room.send(form, who=BO, about=chosen, in_answer="no", in_reason=""))


async def test_what_was_said_of_an_idea_says_what_it_is(room: TeamRoom) -> None:
    last = await to_the_answers(room)
    form = form_in(room.press_on(last, "contribution.open", who=BO))
    assert "**Bygg vidare:** in_built av U0BO" in [part.text for part in form.body if isinstance(part, Note)]
    about = choices_of(form)[0].options[0].value
    room.send(form, who=BO, about=about, in_answer="later", in_reason="Nämnden beslutar")
    said = read(room.press_on(last, "round.see", who=CIA))
    assert "**Vilket svar får idén?** Senare\n**Varför?** Nämnden beslutar" in said


async def test_what_was_chosen_for_all_of_the_team_is_one_thing_with_a_label_to_each_part(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await on_day(room, 2))
    form = form_in(room.press_on(monday, "contribution.open", who=BO))
    room.send(form, who=BO, in_service="Förskolekön", in_whose_way="En förälder")
    tuesday = channel(await on_day(room, 3))
    label = "**Vems väg går ni, och vad vill personen få gjort?**"
    assert Paragraph(f"**Vilken tjänst?** Förskolekön\n{label} En förälder") in tuesday.card.parts


async def test_a_tie_is_settled_from_the_morning_card_also_where_its_tally_was_never_sent(room: TeamRoom) -> None:
    vote = await to_the_vote(room)
    for who, need in ((ANNA, NEEDS[BO]), (BO, NEEDS[BO]), (CIA, NEEDS[CIA]), (DAG, NEEDS[CIA])):
        choose(room, vote, who, need)
    wednesday = channel(await on_day(room, 4))
    assert not any("Det blev lika mellan" in one.text for one in room.heard), "Knuff was down when it was counted"
    assert "Det blev lika i steget ”Välj ett behov”, och inget är valt än." in wednesday.text
    thursday = channel(await on_day(room, 5))
    form = form_in(room.press_on(thursday, "round.settle", who=ANNA))
    [choice] = choices_of(form)
    shown = renewed(room.send(form, who=ANNA, choice=choice.options[0].value))
    for morning in (wednesday, thursday):
        assert f"Ni har valt: {choice.options[0].text}" in shown[morning.message]
        assert "round.settle" not in shown[morning.message]


@pytest.mark.parametrize("ending", list(Ending))
async def test_the_last_ten_minutes_speak_of_what_was_done_only_where_it_was(room: TeamRoom, ending: Ending) -> None:
    room.begin(*TEAM, challenge="user-shadowing")
    await on_day(room, 2)
    room.look(lambda session: rounds.end(session, 1, ending, room.now) and round_news.tell_ending(session, 1, room.now))
    last = channel(await on_day(room, 3))
    assert "Tio minuter tillsammans" in last.text
    is_finished = ending is Ending.FINISHED
    assert ("Vad väntade ni er att få se?" in last.text) == is_finished
    assert ("Vad trodde ni skulle hända?" in last.text) == (not is_finished)


async def test_what_waited_to_be_approved_says_so_when_it_has_been(room: TeamRoom) -> None:
    await to_the_vote(room)
    for day in (4, 5, 6, 9):
        await on_day(room, day)
    await room.at_clock(2026, 3, 9, 16, 30)
    ending = channel(await on_day(room, 10))
    page = form_in(room.press_on(ending, "wrap_up.open", who=ANNA))
    asked_for = form_in(on_page(room, "wrap_up.ask", page, who=ANNA))
    hints = {part.label: part.hint for part in asked_for.body if isinstance(part, TextInput)}
    assert hints["Vem som håller i testet"] == "Skriv rollen, inte namnet. Högst 10 ord."
    wrapped_up(room, ending, BO)
    [waits] = await room.at_clock(2026, 3, 10, 10, 5)
    assert "Läs det och godkänn det" in waits.text
    for who in (ANNA, BO):
        approve(room, ending, who)
    page = form_in(room.press_on(ending, "wrap_up.open", who=CIA))
    [button] = [one for part in page.body for one in getattr(part, "buttons", ()) if one.action == "wrap_up.approve"]
    shown = {
        show.message.message: str(show.card)
        for show in room.press(button.action, button.value, who=CIA)
        if isinstance(show, Replace)
    }
    assert shown.keys() == {waits.message, ending.message}
    for card in shown.values():
        assert "Avslutningskortet är skrivet, och laget har godkänt det." in card
        assert "Läs det och godkänn" not in card


def test_what_is_asked_is_short_and_how_to_write_it_stands_in_the_form_alone(room: TeamRoom) -> None:
    for challenge in room.library.challenges.values():
        asked_for = [one for step in challenge.steps if step.hand_in is not None for one in step.hand_in.inputs]
        for label in (*(one.label for one in asked_for), *(line.label for line in challenge.wrap_up)):
            for instruction in ("Skriv en roll", "Skriv rollen", "inte namnet", "Inga namn"):
                assert instruction not in label.sv, challenge.id


async def test_whoever_names_a_role_reads_in_the_form_that_it_is_none_of_a_person(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="user-shadowing")
    form = form_in(room.press_on(channel(await on_day(room, 2)), "contribution.open", who=BO))
    hints = {part.label: part.hint for part in form.body if isinstance(part, TextInput)}
    assert hints["Vems vardag?"] == "Skriv en roll, inte ett namn. Högst 12 ord."
    assert hints["Vilken stund vill ni vara med?"] == "Högst 25 ord."


@pytest.mark.parametrize(
    ("language", "said"), [("sv", ["1", "två", "tolv", "13"]), ("en", ["1", "two", "twelve", "13"])]
)
def test_numbers_up_to_twelve_are_words_in_running_text(language: str, said: list[str]) -> None:
    assert [Words(language).number(one) for one in (1, 2, 12, 13)] == said
