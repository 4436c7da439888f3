"""Teams and their challenges, as a coordinator sets them up: what is refused, previewed, and never shown."""

from dataclasses import replace

import pytest

from bot.conversation.events import Mentioned, MessageRef
from bot.conversation.shows import OpenForm
from storage.tables.rounds import ChallengeDocument, Ending, Round
from storage.tables.teams import Team
from tests.coordinating.office import KARIN, SAM, Picked, form_in, home, read, refusal_in, somebody
from tests.rounds_in_chat.team_room import ANNA, BO, CHANNEL, CIA, EVA, TEAM, TeamRoom, buttons_in


def test_a_team_is_made_seen_added_to_and_ended(room: TeamRoom) -> None:
    made = read(room.send(form_in(room.press("team.new")), name=" "))
    assert "Ge laget ett namn." in made
    assert "Välj en kanal." in made
    assert "Välj en person." in made
    page = room.make_team(*TEAM)
    assert "Laget Hemtjänst norr finns nu" in str(page)
    assert "Hemtjänst norr" in read(room.press("team.list"))
    add = form_in(room.press("team.add", room.team_id()))
    room.send(add, profiles={"people": (somebody("U0FIA"),)})
    assert "Antal i laget: 5 eller fler" in read(room.press("team.open", room.team_id()))
    remove = form_in(room.press("team.remove", room.team_id()))
    room.send(remove, profiles={"people": (somebody("U0FIA"), somebody(BO), somebody(CIA))})
    said = read(room.press("team.open", room.team_id()))
    assert "Antal i laget: färre än 5" in said
    assert "Laget är avslutat." in read(room.press("team.end", room.team_id()))
    assert "avslutat" in read(room.press("team.list"))
    assert "går inte att ändra" in read(room.press("round.new", room.team_id()))


def test_two_looks_at_a_team_never_tell_that_somebody_has_left_and_come_back(room: TeamRoom) -> None:
    room.make_team(*TEAM, "U0FIA")

    def seen() -> str:
        return read([*room.press("team.open", room.team_id()), *room.press("team.list")])

    before = seen()
    room.press("team.leave", room.team_id(), who=BO)
    assert seen() == before
    add = form_in(room.press("team.add", room.team_id()))
    added = [read(room.send(add, profiles={"people": (somebody(one),)})) for one in (BO, CIA)]
    assert added[0] == added[1]
    assert seen() == before


def test_a_channel_has_one_team(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    asked = form_in(room.press("team.new"))
    people: Picked = {"people": (somebody(BO),), "facilitator": (somebody(ANNA),)}
    assert "har redan ett lag" in refusal_in(room.send(asked, profiles=people, name="Nya", channel=CHANNEL))["channel"]
    assert len(room.rows(Team)) == 1


def test_everybody_in_the_channel_is_in_it_when_that_is_chosen_and_the_channel_can_be_read(room: TeamRoom) -> None:
    asked = form_in(room.press("team.new"))
    chosen = {"name": "Norr", "channel": CHANNEL, "everybody": "yes"}
    facilitator = {"facilitator": (somebody(ANNA),)}
    unread = room.send(asked, profiles={"channel": (somebody(CHANNEL),), **facilitator}, **chosen)
    assert "kommer inte åt" in refusal_in(unread)["everybody"]
    readable = tuple(somebody(one, is_bot=one == "UBOT") for one in (*TEAM, "UBOT"))
    page = read(room.send(asked, profiles={"channel": readable, **facilitator}, **chosen))
    assert "Antal i laget: 5 eller fler" in page


def test_a_team_has_one_channel_and_one_that_knuff_gets_at(room: TeamRoom) -> None:
    room.extra_audiences = True
    asked = form_in(room.press("team.new"))
    facilitator: Picked = {"facilitator": (somebody(ANNA),)}
    two = room.send(asked, profiles=facilitator, name="Norr", channel=(CHANNEL, "C0EAST"))
    assert "bara en kanal" in refusal_in(two)["channel"]
    for told in ((), (somebody(CHANNEL),)):
        unread = room.send(asked, profiles={"channel": told, **facilitator}, name="Norr", channel=CHANNEL)
        assert "kommer inte åt den kanalen" in refusal_in(unread)["channel"]
    assert room.rows(Team) == []
    room.send(asked, profiles={"channel": (somebody(BO),), **facilitator}, name="Norr", channel=CHANNEL)
    assert [team.channel_id for team in room.rows(Team)] == [CHANNEL]


@pytest.mark.parametrize(
    ("members", "starts_on", "why"),
    [
        ((ANNA,), "2026-03-02", "minst 4 personer"),
        (tuple(f"U{one}" for one in range(9)), "2026-03-02", "högst 8 personer"),
        (TEAM, "2026-04-03", "Närmaste möjliga dag är tisdag 7 april"),
        (TEAM, "2026-02-26", "Närmaste möjliga dag är måndag 2 mars"),
        (TEAM, "2028-03-01", "Välj en dag inom ett år."),
        (TEAM, "", "Välj en dag."),
    ],
)
def test_what_cannot_be_begun_is_refused_with_what_to_do(
    room: TeamRoom, members: tuple[str, ...], starts_on: str, why: str
) -> None:
    room.now = home(2026, 2, 27, 16)
    room.make_team(*members)
    assert why in "".join(refusal_in(room.choose(starts_on=starts_on)).values())
    assert room.rows(Round) == []


def test_the_preview_shows_every_day_and_the_days_of_rest_and_promises_nothing(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    assert "måndag 4 maj" in read(room.choose(starts_on="2026-04-30")), "a day that ends at noon is no day of a round"
    preview = read(room.choose(starts_on="2026-04-29"))
    assert "onsdag 29 april 10.00: Skriv behovet · öppnas 15.00" in preview
    assert "Första maj" in preview
    assert "Det är frivilligt att vara med" in preview
    assert room.rows(Round) == []


def test_two_teams_never_ask_the_same_person_on_a_day_and_nobody_is_told_whom(room: TeamRoom) -> None:
    room.begin(*TEAM)
    asked = form_in(room.press("team.new"))
    others = ("U0X", "U0Y", "U0Z", BO)
    people = {"people": tuple(map(somebody, others)), "facilitator": (somebody("U0X"),)}
    room.send(asked, profiles=people, name="Öst", channel="C0EAST")
    refused = "".join(refusal_in(room.choose(starts_on="2026-03-09")).values())
    assert "1 person i laget" in refused
    assert BO not in refused
    assert "Första dagen" in read(room.choose(starts_on="2026-03-10"))


def test_what_was_confirmed_is_kept_and_a_preview_is_confirmed_once(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    preview = form_in(room.choose())
    assert "börjar måndag 2 mars" in read(room.send(preview))
    assert "gäller inte längre" in read(room.send(preview))
    [kept] = room.rows(ChallengeDocument)
    assert kept.challenge_id == "idea-sprint"
    assert [button.action for button in buttons_in(form_in(room.press("team.open", room.team_id())))].count(
        "round.new"
    ) == 0


def test_a_preview_that_lay_open_overnight_begins_nothing_late(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    preview = form_in(room.choose())
    room.now = home(2026, 3, 2, 11)
    said = read(room.send(preview))
    assert "Inget har startats" in said
    assert "tisdag 3 mars" in said
    assert room.rows(Round) == []


def test_a_team_that_ended_meanwhile_begins_nothing(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    preview = form_in(room.choose())
    room.press("team.end", room.team_id())
    assert "går inte att ändra" in read(room.send(preview))
    assert room.rows(Round) == []


async def test_how_it_stands_is_words_until_a_step_is_over_and_below_five_people_afterwards(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    step = buttons_in(form_in(room.press("round.see", "2", who=ANNA)))
    assert step == []
    room.send(form_in(room.press("contribution.open", "1", who=BO)), who=BO, in_need="Nycklarna")
    page = read([*room.press("round.open", "1")])
    assert "Skriv behovet: pågår, inte tillräckligt många än" in page
    assert "Nycklarna" not in page
    await room.at_clock(2026, 3, 2, 15)
    assert "Skriv behovet: klart, 1 av 5" in read(room.press("round.open", "1"))
    room.press("team.leave", room.team_id(), who=EVA)
    page = read(room.press("round.open", "1"))
    assert "Skriv behovet: klart, inte tillräckligt många än" in page


async def test_a_round_is_ended_early_and_the_team_hears_it_and_nothing_more(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    assert "avslutad i förtid" in read(room.press("round.end", "1"))
    assert room.rows(Round)[0].ending is Ending.ENDED_EARLY
    how_it_went = read(room.press("round.open", "1"))
    assert "Välj ett behov: blev inte av" in how_it_went
    assert "börjar" not in how_it_went, "of what has ended nothing begins"
    assert await room.at_clock(2026, 3, 2, 15) == []
    [said] = await room.at_clock(2026, 3, 3, 10)
    assert "avslutad i förtid" in said.text
    assert said.who is None


def test_teams_are_for_coordinators(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    for action in ("team.list", "team.open", "team.new", "team.add", "team.end", "round.new", "round.open"):
        assert "sköts av samordnare" in read(room.press(action, "1", who=KARIN))


def test_whoever_mentions_us_in_a_teams_channel_gets_a_button_to_join(room: TeamRoom) -> None:
    def mentioned(who: str) -> str:
        where = MessageRef(conversation=f"{CHANNEL};messageid=1", message="1")
        shows = room.tell(Mentioned(**room._who(who), message=where))  # type: ignore[arg-type]
        return read(shows)

    room.press("team.list")
    assert "[Skapa ett lag här]" in mentioned(SAM)
    assert "[Skapa ett lag här]" not in mentioned(KARIN)
    room.make_team(*TEAM)
    assert "[Jag vill vara med]" in mentioned(KARIN)


def test_a_team_made_in_its_channel_need_not_pick_it(room: TeamRoom) -> None:
    asked = form_in(room.in_channel("team.new", CHANNEL, who=SAM))
    sent = room.filled(asked, profiles={"facilitator": (somebody(ANNA),)}, name="Norr")
    made = form_in(room.tell(replace(sent, in_channel=True)))
    assert [team.channel_id for team in room.rows(Team)] == [CHANNEL]
    assert "i vår egen chatt" in read([OpenForm(made)])
    assert buttons_in(made) == [], "in a channel nothing more of the coordinator's is taken"


def test_a_coordinator_we_have_not_met_may_make_a_team_in_a_channel(room: TeamRoom) -> None:
    where = MessageRef(conversation=CHANNEL, message="1")
    shows = room.tell(Mentioned(**room._who(SAM), message=where))  # type: ignore[arg-type]
    assert "[Skapa ett lag här]" in read(shows)
