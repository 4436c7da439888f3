"""Whoever writes is told who can read it, and whoever facilitates that they do, before anything is written."""

import pytest

from bot.conversation.cards import People
from bot.conversation.shows import OpenForm
from bot.conversation.texts import Words
from lessons.library import Library
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.sprint import alone, channel
from tests.rounds_in_chat.team_room import ANNA, BO, TEAM, Heard, TeamRoom

ALL_READERS = {
    "sv": ("i lagets kanal", "lla som kan läsa kanalen ser det"),
    "en": ("in the team’s channel", "verybody who can read the channel sees it"),
}


async def test_who_reads_the_channel_is_said_before_anything_is_written(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = alone(await room.at_clock(2026, 3, 2, 10), BO)
    form = form_in(room.press_on(heard, "contribution.open", who=BO))
    own = read(room.send(form, who=BO, in_need="Nycklarna"))
    where, who = ALL_READERS["sv"]
    for said in (heard.text, read([OpenForm(form)]), own):
        assert where in said
        assert who in said


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("key", ["first_message", "first_message_mandate", "hidden_until", "seen_at_once"])
def test_it_is_said_in_both_languages(language: str, key: str) -> None:
    said = Words(language)(f"rounds.{key}", organisation="Älvsunda", team="Norr", when="15.00")
    assert all(part in said for part in ALL_READERS[language])


async def test_what_is_written_for_all_of_the_team_is_read_in_the_channel(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    said = read([OpenForm(form_in(room.press_on(monday, "contribution.open", who=BO)))])
    assert "Det du skriver visas i lagets kanal. Alla som kan läsa kanalen ser det." in said


def test_no_prompt_says_that_only_the_team_reads_what_opens_in_its_channel(library: Library) -> None:
    of_the_team = ("ser alla i laget", "för laget", "till laget", "laget ser", "to the team", "the team sees")
    prompts = [
        (challenge.id, step.key, text)
        for challenge in library.challenges.values()
        for step in challenge.steps
        for prompt in (step.prompt, step.private)
        if prompt is not None
        for text in (prompt.sv.casefold(), prompt.en.casefold())
    ]
    assert [one for one in prompts if any(said in one[2] for said in of_the_team)] == []


def people_in(heard: Heard) -> list[tuple[str, ...]]:
    return [part.external_ids for part in heard.card.parts if isinstance(part, People)]


async def test_the_facilitator_is_named_where_they_hear_nothing_of_us_alone_that_day(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    assert people_in(monday) == [(ANNA,)]
    assert "Samtalsledaren håller i samtalen" in monday.text
    tuesday = await room.at_clock(2026, 3, 3, 10)
    assert all(people_in(one) == [] for one in tuesday), "once"


async def test_where_nothing_is_voted_on_the_facilitator_is_not_said_to_settle_a_vote(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="swap")
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    for said in (monday.text, read(room.press_on(monday, "round.about", who=BO))):
        assert "Samtalsledaren håller i samtalen och skriver avslutningskortet." in said


async def test_where_each_is_asked_alone_the_facilitator_reads_there_that_they_are_it(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = await room.at_clock(2026, 3, 2, 10)
    assert "Du är samtalsledare i laget." in alone(monday, ANNA).text
    assert "Du är samtalsledare" not in alone(monday, BO).text
    assert people_in(channel(monday)) == [], "it would notify them twice"
    assert ANNA in str(room.press_on(channel(monday), "round.about", who=BO))
    reminder = alone(await room.at_clock(2026, 3, 3, 10), ANNA)
    assert "Du är samtalsledare" not in reminder.text, "once"


def test_whoever_coordinates_reads_on_the_teams_page_whom_they_made_facilitator(room: TeamRoom) -> None:
    page = room.make_team(*TEAM)
    [people] = [part for part in page.body if isinstance(part, People)]
    assert people.external_ids == (ANNA,)
    assert "Berätta för samtalsledaren redan nu" in read([OpenForm(form_in(room.send(form_in(room.choose()))))])
