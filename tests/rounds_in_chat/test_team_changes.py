"""A team is changed while it has a challenge: what that does to it is shown first, and holds from tomorrow on."""

import pytest

from bot.conversation.events import ChannelJoined, ChannelLeft, Mentioned, MessageRef
from storage.round_news import News
from storage.tables.deliveries import Delivery
from storage.tables.rounds import Ending, Round
from storage.tables.teams import Team
from tests.coordinating.office import KIM, Picked, form_in, home, read, refusal_in, somebody
from tests.rounds_in_chat.running import renewed
from tests.rounds_in_chat.sprint import channel, to_the_vote
from tests.rounds_in_chat.team_room import ANNA, BO, CHANNEL, EVA, TEAM, TeamRoom


async def test_a_day_is_closed_and_the_round_follows_from_tomorrow_on(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = await room.at_clock(2026, 3, 2, 10)
    edit = form_in(room.press("team.edit", "1"))
    difference = room.send(edit, closed="2026-03-02\n2026-03-04")
    said = read(difference)
    assert "onsdag 4 mars: laget vilar." in said
    assert "måndag 2 mars: laget vilar" not in said, "today stays as it was"
    assert "kommer torsdag 5 mars klockan 10.00 i stället för onsdag 4 mars klockan 10.00." in said
    assert "Skriv behovet" not in said
    done = room.send(form_in(difference))
    assert "Laget är ändrat." in read(done)
    assert renewed(done) == {}, "what is open today is open until the same hour"
    assert monday
    await room.at_clock(2026, 3, 2, 15)
    assert "vote.open" in channel(await room.at_clock(2026, 3, 3, 10)).buttons
    assert await room.at_clock(2026, 3, 4, 10) == []
    assert "idé" in channel(await room.at_clock(2026, 3, 5, 10)).text.lower()


async def test_name_hour_language_channel_and_people_are_changed(room: TeamRoom) -> None:
    room.begin(*TEAM)
    edit = form_in(room.press("team.edit", "1"))
    people: Picked = {"facilitator": (somebody("U0GUN"),), "channel": (somebody(BO),), "mandate": (somebody("U0CHEF"),)}
    chosen = {"name": "Hemtjänst öst", "slot": "09:00", "language": "en", "channel": "C0EAST"}
    difference = room.send(edit, profiles=people, **chosen)
    said = read(difference)
    for line in (
        "Laget heter Hemtjänst öst i stället för Hemtjänst norr.",
        "Dagens steg kommer 09.00 i stället för 10.00, från och med i morgon.",
        "Språket i kanalen blir engelska i stället för svenska.",
        "Nya steg kommer i den nya kanalen.",
        "Laget får en ny samtalsledare",
        "Laget får en ny person som kan säga ja eller nej.",
        "Skriv behovet: kommer måndag 2 mars klockan 09.00 i stället för måndag 2 mars klockan 10.00.",
    ):
        assert line in said
    assert "U0GUN" not in said
    [team] = room.rows(Team)
    assert (team.name, team.channel_id) == ("Hemtjänst norr", CHANNEL), "nothing is changed yet"
    room.send(form_in(difference))
    [team] = room.rows(Team)
    assert (team.name, team.slot, team.language, team.channel_id) == ("Hemtjänst öst", "09:00", "en", "C0EAST")
    assert team.facilitator_id == room.person("U0GUN").id
    assert team.mandate_id == room.person("U0CHEF").id
    heard = await room.at_clock(2026, 3, 2, 9)
    assert "The idea sprint" in channel(heard).text
    assert "U0GUN" in {one.who for one in heard}, "who facilitates is in the team"
    assert "U0CHEF" not in {one.who for one in heard}


def test_an_edit_that_changes_nothing_or_cannot_be_says_so(room: TeamRoom) -> None:
    room.begin(*TEAM)
    edit = form_in(room.press("team.edit", "1"))
    assert "Det här ändrar inget från och med i morgon." in read(room.send(edit))
    two: Picked = {"facilitator": (somebody(BO), somebody(EVA))}
    refused = refusal_in(room.send(edit, profiles=two, name=" ", slot="06:00", language="no", closed="snart"))
    assert refused.keys() == {"name", "slot", "language", "closed", "facilitator"}
    assert "Välj en tidigare tid" in refusal_in(room.send(edit, slot="15:30"))["slot"]
    other: Picked = {"people": (somebody("U0X"),), "facilitator": (somebody("U0X"),)}
    room.send(form_in(room.press("team.new")), profiles=other, name="Öst", channel="C0EAST")
    assert "har redan ett lag" in refusal_in(room.send(edit, channel="C0EAST"))["channel"]
    assert [team.slot for team in room.rows(Team)] == ["10:00", "10:00"]


def test_a_team_that_has_become_another_since_is_looked_at_again(room: TeamRoom) -> None:
    room.begin(*TEAM)
    edit = form_in(room.press("team.edit", "1"))
    first, second = (form_in(room.send(edit, name=name)) for name in ("Ett", "Två"))
    assert "gäller inte längre" in read(room.send(first)), "a newer one was shown"
    assert "Laget är ändrat." in read(room.send(second))
    stale = form_in(room.send(form_in(room.press("team.edit", "1")), closed="2026-03-04"))
    room.now = home(2026, 3, 4, 9)
    assert "Titta en gång till." in read(room.send(stale))


@pytest.mark.parametrize("role", ["facilitator", "mandate"])
def test_a_team_that_has_got_somebody_else_in_a_role_since_is_looked_at_again(room: TeamRoom, role: str) -> None:
    """Two coordinators: the last one does not win without a word."""
    room.begin(*TEAM)
    theirs: Picked = {role: (somebody(EVA),)}
    stale = form_in(room.send(form_in(room.press("team.edit", "1")), profiles={role: (somebody(BO),)}))
    edit = form_in(room.press("team.edit", "1", who=KIM))
    assert "Laget är ändrat." in read(room.send(form_in(room.send(edit, who=KIM, profiles=theirs)), who=KIM))
    assert "Titta en gång till." in read(room.send(stale))
    [team] = room.rows(Team)
    assert getattr(team, f"{role}_id") == room.person(EVA).id


async def test_two_closed_days_never_lead_to_two_questions_on_one_day(room: TeamRoom) -> None:
    room.begin(*TEAM)
    people: Picked = {"people": tuple(map(somebody, ("U0X", "U0Y", "U0Z", BO))), "facilitator": (somebody("U0X"),)}
    room.send(form_in(room.press("team.new")), profiles=people, name="Öst", channel="C0EAST")
    room.send(form_in(room.choose(starts_on="2026-03-10")))
    refused = refusal_in(room.send(form_in(room.press("team.edit", "1")), closed="2026-03-05"))["closed"]
    assert "Någon i laget får redan frågor" in refused
    assert BO not in refused


async def test_what_is_said_after_the_end_keeps_off_the_days_the_team_rests_too(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    room.send(form_in(room.press("round.stop", tuesday.buttons["vote.open"].value, who=ANNA)), who=ANNA)
    await room.clock(room.now)
    edit = form_in(room.press("team.edit", "1"))
    assert "är ändrat" in read(room.send(form_in(room.send(edit, closed="2026-03-31", slot="09:00"))))
    assert await room.at_clock(2026, 3, 31, 10) == []
    assert await room.at_clock(2026, 4, 1, 8, 30) == []
    assert "kommit till nytta" in channel(await room.at_clock(2026, 4, 1, 9)).text


async def test_an_ending_that_follows_the_teams_new_hour_may_still_come_for_a_week(room: TeamRoom) -> None:
    await to_the_vote(room)
    for day in (4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
    await room.at_clock(2026, 3, 9, 16, 30)
    edit = form_in(room.press("team.edit", "1"))
    assert "är ändrat" in read(room.send(form_in(room.send(edit, slot="09:00"))))
    [ending] = [one for one in room.rows(Delivery) if one.occurrence == News.ENDING]
    assert (ending.due_at, ending.late_after) == (home(2026, 3, 10, 9), home(2026, 3, 17, 16, 30))


@pytest.mark.parametrize("heals", ["mention", "joined", "channel"])
async def test_a_channel_that_is_lost_is_said_with_its_day_and_a_round_ends_only_if_it_stays_so(
    room: TeamRoom, heals: str
) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    who = {"platform": "slack", "workspace": "T0", "at": room.now}
    room.tell(ChannelLeft(key="gone", person="", channel="C0ELSE", **who))  # type: ignore[arg-type]
    assert "kommer Knuff inte åt" not in read(room.press("team.open", "1"))
    room.tell(ChannelLeft(key="left", person="", channel=CHANNEL, **who))  # type: ignore[arg-type]
    assert "Sedan måndag 2 mars kommer Knuff inte åt lagets kanal." in read(room.press("team.open", "1"))
    assert "Knuff kommer inte åt kanalen" in read(room.press("team.list"))
    assert [one.ending for one in room.rows(Round)] == [None]
    if heals == "mention":
        at = MessageRef(conversation=CHANNEL, message="1.1")
        room.tell(Mentioned(key="here", person=ANNA, message=at, **who))  # type: ignore[arg-type]
    elif heals == "joined":
        room.tell(ChannelJoined(key="elsewhere", person="", channel="C0ELSE", **who))  # type: ignore[arg-type]
        assert "kommer Knuff inte åt" in read(room.press("team.open", "1"))
        room.tell(ChannelJoined(key="joined", person="", channel=CHANNEL, **who))  # type: ignore[arg-type]
    else:
        edit = form_in(room.press("team.edit", "1"))
        room.send(form_in(room.send(edit, channel="C0NEW")))
    assert "kommer Knuff inte åt" not in read(room.press("team.open", "1"))


def test_a_team_with_a_round_under_way_is_not_ended_and_one_that_has_is_not_changed(room: TeamRoom) -> None:
    room.begin(*TEAM)
    assert "Avsluta den först" in read(room.press("team.end", "1"))
    edit = form_in(room.press("team.edit", "1"))
    seen = form_in(room.send(edit, name="Nytt"))
    room.press("round.end", "1")
    assert [one.ending for one in room.rows(Round)] == [Ending.ENDED_EARLY]
    room.press("team.end", "1")
    assert "går inte att ändra" in read(room.press("team.edit", "1"))
    assert "går inte att ändra" in read(room.send(seen))
