"""Who is told what beside the steps: a part that goes to somebody else, a round that ends by itself, a channel that
Knuff is not in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, update

from bot.conversation.cards import Buttons, Channel, People
from storage.round_notes import Note
from storage.tables.deliveries import Delivery, Kind
from storage.tables.rounds import Ending, Round
from storage.tables.teams import Team
from tests.coordinating.office import SAM, Picked, form_in, home, read, somebody
from tests.rounds_in_chat.rule import MANAGER
from tests.rounds_in_chat.running import without_days
from tests.rounds_in_chat.sprint import alone, channel, to_the_vote
from tests.rounds_in_chat.team_room import ANNA, BO, CHANNEL, CIA, TEAM, Heard, TeamRoom, buttons_in
from tests.rounds_in_chat.test_mandate_and_consent import to_the_answer

OTHERS = ("U0HUGO", "U0INGA", "U0JON", "U0KAJSA")
GUN, NEW_MANAGER = "U0GUN", "U0NYCHEF"


def given_to(room: TeamRoom, role: str, who: str) -> str:
    """The coordinator gives a part to somebody else. Return what is shown before it is done."""
    people: Picked = {role: (somebody(who),)}
    difference = room.send(form_in(room.press("team.edit", "1")), profiles=people)
    assert "Laget är ändrat." in read(room.send(form_in(difference)))
    return read(difference)


def named_in(heard: Heard) -> list[tuple[str, tuple[str, ...]]]:
    return [(part.label, part.external_ids) for part in heard.card.parts if isinstance(part, People)]


def notes(room: TeamRoom) -> list[Delivery]:
    return [row for row in room.rows(Delivery) if row.kind is Kind.ROUND and row.occurrence in set(Note)]


async def test_a_new_facilitator_is_told_at_once_and_the_team_in_its_next_morning(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    room.now = home(2026, 3, 3, 10, 30)
    assert "Den nya får ett eget meddelande" in given_to(room, "facilitator", GUN)
    [told] = await room.at_clock(2026, 3, 3, 10, 31)
    assert told.who == GUN
    assert "Du är samtalsledare i laget." in told.text
    assert "en bot som Alvsunda kommun använder" in told.text, "they have had no message of ours before"
    assert "någon annan än du" in read(room.press_on(tuesday, "round.facilitate", who=ANNA))
    assert "Samtalsledarens kort" not in read(room.press_on(tuesday, "round.facilitate", who=ANNA))
    wednesday = await room.at_clock(2026, 3, 4, 10)
    assert "Laget har en ny samtalsledare." in channel(wednesday).text
    assert GUN not in repr(channel(wednesday).card), "they hear of us alone: a name would notify them twice"
    assert GUN in repr(room.press_on(channel(wednesday), "round.about", who=CIA))
    assert "Du är samtalsledare" not in alone(wednesday, GUN).text, "they know by now"
    thursday = channel(await room.at_clock(2026, 3, 5, 10))
    assert "samtalsledare." not in thursday.text
    assert named_in(thursday) == []


async def test_on_a_morning_when_nobody_is_asked_alone_the_new_facilitator_is_named(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    given_to(room, "facilitator", BO)
    tuesday = channel(await room.at_clock(2026, 3, 3, 10))
    assert named_in(tuesday) == [("Ny samtalsledare", (BO,))]
    assert named_in(channel(await room.at_clock(2026, 3, 4, 10))) == []


async def test_whoever_is_asked_alone_before_their_note_comes_reads_it_there_and_once(room: TeamRoom) -> None:
    await to_the_vote(room)
    room.now = home(2026, 3, 3, 17)
    given_to(room, "facilitator", BO)
    [note] = notes(room)
    assert note.occurrence == Note.FACILITATES
    assert note.day.isoformat() == "2026-03-06", "each day before it has a question, or a reminder of one"
    assert "Du är samtalsledare i laget." in alone(await room.at_clock(2026, 3, 4, 10), BO).text
    for day in (5, 6, 9):
        heard = await room.at_clock(2026, 3, day, 10)
        assert not any("Du är samtalsledare" in one.text for one in heard)
    assert notes(room) == []


async def test_whoever_lost_the_part_again_before_they_were_told_is_not_told(room: TeamRoom) -> None:
    await to_the_vote(room)
    room.now = home(2026, 3, 3, 17)
    for who in (GUN, ANNA):
        given_to(room, "facilitator", who)
    for day in (4, 5, 6):
        for one in await room.at_clock(2026, 3, day, 10):
            assert one.who != GUN or "Du är samtalsledare" not in one.text


async def test_before_a_round_begins_nobody_is_told_since_its_first_morning_says_it(room: TeamRoom) -> None:
    room.begin(*TEAM)
    assert "eget meddelande" not in given_to(room, "facilitator", BO)
    assert notes(room) == []
    assert "Du är samtalsledare i laget." in alone(await room.at_clock(2026, 3, 2, 10), BO).text
    assert "ny samtalsledare" not in channel(await room.at_clock(2026, 3, 3, 10)).text


async def test_whoever_gets_the_mandate_is_told_alone_and_the_team_in_its_channel(room: TeamRoom) -> None:
    await to_the_answer(room)
    room.now = home(2026, 3, 3, 11)
    given_to(room, "mandate", NEW_MANAGER)
    [told] = await room.at_clock(2026, 3, 3, 11, 1)
    assert told.who == NEW_MANAGER
    assert "Nu är det du som kan säga ja eller nej" in told.text
    wednesday = await room.at_clock(2026, 3, 4, 10)
    assert "Någon annan säger ja eller nej från och med nu." in channel(wednesday).text
    assert {one.who for one in wednesday} == {None, NEW_MANAGER}
    assert "någon annan än du" in read(room.press_on(alone(wednesday, NEW_MANAGER), "contribution.open", who=MANAGER))


async def test_whoever_gets_the_mandate_on_the_day_of_the_answer_is_asked_with_it(room: TeamRoom) -> None:
    await to_the_answer(room)
    await room.at_clock(2026, 3, 4, 10)
    given_to(room, "mandate", NEW_MANAGER)
    [told] = await room.at_clock(2026, 3, 4, 10, 30)
    assert told.who == NEW_MANAGER
    assert "contribution.open" in told.buttons


async def test_a_challenge_without_a_mandate_tells_nobody_of_it_and_says_so(room: TeamRoom) -> None:
    await to_the_vote(room)
    assert "eget meddelande" not in given_to(room, "mandate", MANAGER)
    assert notes(room) == []


async def test_whoever_has_the_part_already_is_told_of_nothing_and_it_is_not_said(room: TeamRoom) -> None:
    await to_the_vote(room)
    shown = room.send(form_in(room.press("team.edit", "1")), profiles={"facilitator": (somebody(ANNA),)})
    assert "eget meddelande" not in read(shown)
    assert notes(room) == []


async def test_after_the_last_step_only_the_message_is_promised_and_nothing_in_the_channel(room: TeamRoom) -> None:
    await to_the_vote(room)
    assert "Laget ser det i kanalen" in given_to(room, "facilitator", BO)
    for day in (4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
    shown = given_to(room, "facilitator", GUN)
    assert "Den nya får ett eget meddelande." in shown
    assert "i kanalen" not in shown


async def test_the_exercise_comes_back_to_whoever_loses_the_part_before_they_are_told(room: TeamRoom) -> None:
    await to_the_vote(room)
    room.now = home(2026, 3, 3, 17)
    given_to(room, "facilitator", GUN)
    assert len(notes(room)) == 1
    given_to(room, "facilitator", ANNA)
    assert [one.person_id for one in notes(room)] == [room.person(ANNA).id]


async def test_where_nobody_has_the_mandate_it_is_not_said_that_somebody_else_has(room: TeamRoom) -> None:
    await to_the_answer(room)
    wednesday = await room.at_clock(2026, 3, 4, 10)
    room.look(_without_mandate)
    said = read(room.press_on(alone(wednesday, MANAGER), "contribution.open", who=MANAGER))
    assert "Den som kunde säga ja eller nej är inte kvar." in said
    assert "någon annan än du" not in said


async def test_whoever_began_a_round_is_told_when_it_ends_though_nobody_chose_that(room: TeamRoom) -> None:
    room.begin(*TEAM)
    for day in (2, 3, 4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
    room.heard.clear()
    await room.at_clock(2026, 3, 9, 16, 30)
    assert [one.ending for one in room.rows(Round)] == [Ending.NOT_MADE]
    tuesday = await room.at_clock(2026, 3, 10, 10)
    told = alone(tuesday, SAM)
    assert told.text.splitlines()[0] == (
        "Utmaningen ”Idésprinten” i laget Hemtjänst norr är avslutad: laget hann inte hela vägen den här gången."
    )
    assert not any(one in repr(told.card) for one in TEAM)
    assert "stannade på vägen" in read(room.press_on(told, "round.open", who=SAM))
    assert "Tio minuter tillsammans" in repr(channel(tuesday).card), "and the team hears it as ever"


async def test_what_ends_on_one_evening_is_one_message_to_whoever_began_it_all(room: TeamRoom) -> None:
    room.begin(*TEAM)
    room.make_team(GUN, *OTHERS, facilitator=GUN, name="Hemtjänst söder", channel="C0SOUTH")
    room.send(form_in(room.choose()))
    for day in (2, 3, 4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
    await room.at_clock(2026, 3, 9, 16, 30)
    told = alone(await room.at_clock(2026, 3, 10, 10), SAM)
    assert told.text.count("i laget Hemtjänst norr är avslutad") == 2, "in the notification, and in the message"
    assert told.text.count("i laget Hemtjänst söder är avslutad") == 1
    shows = [button for part in told.card.parts if isinstance(part, Buttons) for button in part.buttons]
    assert sorted(button.value for button in shows) == ["1", "2"]
    assert SAM not in {one.who for one in await room.at_clock(2026, 3, 11, 10)}


async def test_whoever_began_a_round_is_told_that_its_channel_is_gone(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    room.look(_without_channel)
    [told] = await room.at_clock(2026, 3, 3, 10)
    assert told.who == SAM
    assert "jag kommer inte åt lagets kanal" in told.text


@pytest.mark.parametrize("chosen", ["round.end", "finished"])
async def test_of_an_ending_that_somebody_chose_or_all_hoped_for_nobody_is_told_beside_the_team(
    room: TeamRoom, chosen: str
) -> None:
    room.begin(*TEAM, challenge="innovationsfika" if chosen == "finished" else "idea-sprint")
    await room.at_clock(2026, 3, 2, 10)
    if chosen != "finished":
        room.press(chosen, "1")
    for day in range(3, 20):
        await room.at_clock(2026, 3, day, 10)
        await room.at_clock(2026, 3, day, 16, 30)
    assert room.rows(Round)[0].ending is not None
    assert SAM not in {one.who for one in room.heard}


async def test_the_teams_page_and_the_difference_say_which_channel(room: TeamRoom) -> None:
    room.begin(*TEAM)
    page = form_in(room.press("team.open", "1"))
    [shown] = [part for part in page.body if isinstance(part, Channel)]
    assert (shown.label, shown.conversation) == ("Kanal", CHANNEL)
    assert "Nämn mig i en kanal, så svarar jag vilket lag den hör till." in shown.unnamed
    difference = form_in(room.send(form_in(room.press("team.edit", "1")), channel="C0EAST"))
    assert Channel("Ny kanal", "C0EAST") in difference.body


async def test_where_slack_tells_that_knuff_is_not_in_the_channel_it_is_said_and_not_refused(room: TeamRoom) -> None:
    room.extra_audiences = True
    asked = form_in(room.press("team.new"))
    facilitator: Picked = {"facilitator": (somebody(ANNA),), "people": tuple(map(somebody, TEAM))}
    members = tuple(map(somebody, TEAM))
    without_us = room.send(asked, profiles={"channel": members, **facilitator}, name="Norr", channel=CHANNEL)
    assert "Än kommer Knuff inte åt lagets kanal" in read(without_us), "it never could: no day since when"
    assert "kommer Knuff inte åt lagets kanal" in read(room.choose())
    room.now += timedelta(days=1)
    edit = form_in(room.press("team.edit", "1"))
    elsewhere = read(room.send(form_in(room.send(edit, profiles={"channel": members}, channel="C0NORTH"))))
    assert "Än kommer Knuff inte åt lagets kanal" in elsewhere, "nor could it ever in the new one"
    assert "en som redan pågår slutar när nästa steg ska komma" in elsewhere, "there may be one by now"
    bot = somebody("UBOT", is_bot=True)
    edit = form_in(room.press("team.edit", "1"))
    with_us = room.send(edit, profiles={"channel": (*members, bot)}, channel="C0EAST")
    assert "kommer Knuff inte åt" not in read(room.send(form_in(with_us)))
    assert "kommer Knuff inte åt" not in read(room.choose())
    back = room.send(form_in(room.press("team.edit", "1")), profiles={"channel": members}, channel="C0SOUTH")
    assert "kommer Knuff inte åt" in read(room.send(form_in(back)))


def test_a_challenge_is_chosen_by_name_length_and_size_and_the_rest_is_asked_after(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    first = str(form_in(room.press("round.new", room.team_id())).body)
    assert "Idésprinten: 6 dagar, 4–8 personer" in first
    assert "Innovationsfika: 5 dagar, minst 4 personer" in first
    assert "Vilken dag börjar ni?" not in first
    second = form_in(room.send(form_in(room.press("round.new", room.team_id())), challenge="idea-sprint"))
    assert "Vilken dag börjar ni?" in str(second.body)
    assert "Vem kan säga ja" not in str(second.body)
    assert buttons_in(second) == []


def test_a_forged_or_old_choice_of_a_challenge_is_refused_in_words(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    asked = form_in(room.press("round.new", room.team_id()))
    assert "Välj" in str(room.send(asked, challenge="relay"))
    plan = form_in(room.send(asked, challenge="idea-sprint"))
    forged = replace(plan, about=f"{room.team_id()}:relay")
    assert "gäller inte längre" in read(room.send(forged, starts_on="2026-03-02"))
    assert "Första dagen" in read(room.send(plan, starts_on="2026-03-02"))


def test_a_team_whose_calendar_has_no_days_begins_nothing_and_the_coordinator_reads_why(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    team_id = room.team_id()
    room.look(without_days)
    plan = form_in(room.press("round.new", f"{team_id}:idea-sprint"))
    assert "Vilken dag börjar ni?" in str(plan.body)
    assert "för få arbetsdagar i sin kalender" in str(room.send(plan, starts_on="2026-03-02"))


def _without_mandate(session: Session) -> None:
    session.connection().execute(update(Team).values(mandate_id=None))


def _without_channel(session: Session) -> None:
    session.connection().execute(update(Team).values(channel_id=None))
