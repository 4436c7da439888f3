"""Teams and their challenges, as a coordinator sets them up: what is refused, previewed, and never shown."""

import re
from dataclasses import replace

import pytest

from bot.conversation.events import Mentioned, MessageRef
from bot.conversation.shows import OpenForm, Refuse, Replace, Say
from storage.tables.people import Person
from storage.tables.rounds import ChallengeDocument, Ending, Round, RoundStep
from storage.tables.teams import Team, TeamMember
from tests.coordinating.office import KARIN, KIM, SAM, Picked, form_in, home, read, refusal_in, somebody
from tests.rounds_in_chat.team_room import ANNA, BO, CHANNEL, CIA, DAG, EVA, TEAM, TeamRoom, buttons_in
from tests.rounds_in_chat.test_every_challenge import filled


def pick(room: TeamRoom, what: str, *who: str) -> str:
    """Add people, or take them out. Return what is said then."""
    form = form_in(room.press(f"team.{what}", room.team_id()))
    return read(room.send(form, profiles={"people": tuple(map(somebody, who))}))


def in_team(room: TeamRoom) -> set[str]:
    people = {person.id: person.external_id for person in room.rows(Person)}
    return {people[row.person_id] for row in room.rows(TeamMember) if row.left_at is None}


def test_a_team_is_made_seen_added_to_and_ended(room: TeamRoom) -> None:
    made = read(room.send(form_in(room.press("team.new")), name=" "))
    assert "Ge laget ett namn." in made
    assert "Välj en kanal." in made
    assert "Välj en person." in made
    page = room.make_team(*TEAM)
    assert "Laget Hemtjänst norr finns nu" in str(page)
    assert "Hemtjänst norr" in read(room.press("team.list"))
    pick(room, "add", "U0FIA")
    assert in_team(room) == {*TEAM, "U0FIA"}
    pick(room, "remove", "U0FIA", BO, CIA)
    assert in_team(room) == {ANNA, DAG, EVA}
    assert "Laget är avslutat." in read(room.press("team.end", room.team_id()))
    assert "avslutat" in read(room.press("team.list"))
    assert "går inte att ändra" in read(room.press("round.new", room.team_id()))


@pytest.mark.parametrize("members", [TEAM, TEAM[:4], (*TEAM, "U0FIA", "U0GUN", "U0HUR")])
def test_no_limit_tells_that_somebody_has_left_however_it_is_tried(room: TeamRoom, members: tuple[str, ...]) -> None:
    """Whoever adds and takes out colleagues one after another would else find out whom it was."""
    room.make_team(*members)

    def seen() -> str:
        preview = room.choose()
        refused = [show.errors for show in preview if isinstance(show, Refuse)]
        return read([*room.press("team.open", room.team_id()), *room.press("team.list"), *preview]) + str(refused)

    def tried() -> list[str]:
        found = [seen()]
        for what in ("remove", "add"):
            for one in members[1:]:
                found += [pick(room, what, one), seen()]
        for one in members[1:]:
            found += [pick(room, "remove", one), seen(), pick(room, "add", one), seen()]
        return found

    everybody_there = tried()
    room.press("team.leave", room.team_id(), who=BO)
    assert tried() == everybody_there
    assert in_team(room) == {*members} - {BO}, "and nobody brings them back"


def test_whoever_has_left_quietly_is_back_when_they_press_the_button_in_the_channel(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    room.press("team.leave", room.team_id(), who=BO)
    pick(room, "add", BO)
    assert "Hemtjänst norr" not in read(room.write("lag", who=BO))
    room.in_channel("team.join", room.team_id(), who=BO)
    assert "Hemtjänst norr" in read(room.write("lag", who=BO))
    pick(room, "remove", BO)
    pick(room, "add", BO)
    assert in_team(room) == {*TEAM}, "whom a coordinator took out, a coordinator brings back"


def test_a_channel_has_one_team(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    asked = form_in(room.press("team.new"))
    people: Picked = {"people": (somebody(BO),), "facilitator": (somebody(ANNA),)}
    assert "har redan ett lag" in refusal_in(room.send(asked, profiles=people, name="Nya", channel=CHANNEL))["channel"]
    assert len(room.rows(Team)) == 1


def test_everybody_in_the_channel_is_in_it_when_that_is_chosen_and_the_channel_can_be_read(room: TeamRoom) -> None:
    room.extra_audiences = True
    asked = form_in(room.press("team.new"))
    chosen = {"name": "Norr", "channel": CHANNEL, "everybody": "yes"}
    facilitator = {"facilitator": (somebody(ANNA),)}
    unread = room.send(asked, profiles={"channel": (somebody(CHANNEL),), **facilitator}, **chosen)
    assert "kommer inte åt" in refusal_in(unread)["channel"]
    assert "kan inte se vilka" in refusal_in(unread)["everybody"]
    readable = tuple(somebody(one, is_bot=one == "UBOT") for one in (*TEAM, "UBOT"))
    room.send(asked, profiles={"channel": readable, **facilitator}, **chosen)
    assert in_team(room) == {*TEAM}


def test_where_nobody_tells_who_is_in_a_channel_everybody_in_it_cannot_be_chosen(room: TeamRoom) -> None:
    assert "Alla som är i kanalen nu" not in str(form_in(room.press("team.new")))
    room.extra_audiences = True
    assert "Alla som är i kanalen nu" in str(form_in(room.press("team.new")))


def test_a_channel_that_only_the_team_reads_is_said_to_be_best(room: TeamRoom) -> None:
    said = str(form_in(room.press("team.new")))
    assert "Välj helst en kanal som bara laget läser." in said
    assert "Alla som kan läsa kanalen ser frågorna och det laget har skrivit." in said


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
    assert "Någon i laget får redan frågor" in refused
    assert not re.search(r"\d", refused)
    assert BO not in refused
    room.press("team.leave", "1", who=BO)
    assert "".join(refusal_in(room.choose(starts_on="2026-03-09")).values()) == refused, "nor who has left the other"
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


async def test_how_it_stands_is_a_word_until_a_step_is_over_and_then_a_number_that_stays(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    step = buttons_in(form_in(room.press("round.see", "2", who=ANNA)))
    assert step == []
    before = read(room.press("round.open", "1"))
    assert "Skriv behovet: pågår\n" in before
    for who in (BO, CIA, DAG):
        room.send(form_in(room.press("contribution.open", "1", who=who)), who=who, in_need="Nycklarna")
        assert read(room.press("round.open", "1")) == before
    await room.at_clock(2026, 3, 2, 15)
    after = read(room.press("round.open", "1"))
    assert "Skriv behovet: klart, 3 av 5" in after
    room.press("team.leave", room.team_id(), who=EVA)
    for what, who in (("add", DAG), ("add", EVA), ("remove", BO)):
        pick(room, what, who)
        assert read(room.press("round.open", "1")) == after


@pytest.mark.parametrize("writing", [True, False])
async def test_a_coordinator_who_takes_out_all_but_one_reads_nothing_of_that_one(room: TeamRoom, writing: bool) -> None:
    room.begin(*TEAM)
    pick(room, "remove", ANNA, CIA, DAG, EVA)
    pick(room, "add", "U6", "U7", "U8", "U9")
    await room.at_clock(2026, 3, 2, 10)
    if writing:
        room.send(form_in(room.press("contribution.open", "1", who=BO)), who=BO, in_need="Nycklarna")
    await room.at_clock(2026, 3, 2, 15)
    assert "Skriv behovet: klart\n" in read(room.press("round.open", "1"))


async def test_a_coordinator_in_a_small_team_does_not_see_when_the_other_one_writes(room: TeamRoom) -> None:
    """Two must have walked: the coordinator is one of them."""
    room.begin(ANNA, BO, CIA, SAM, challenge="service-walk")
    await room.at_clock(2026, 3, 2, 10)
    await room.at_clock(2026, 3, 3, 10)
    pick(room, "remove", ANNA, CIA)
    step = next(step.id for step in room.rows(RoundStep) if step.key == "walk")
    seen = {read(room.press("round.open", "1"))}
    for who in (SAM, BO):
        form = form_in(room.press("contribution.open", step, who=who))
        room.send(form, who=who, **filled(form, who))
        seen.add(read(room.press("round.open", "1")))
    assert len(seen) == 1
    await room.at_clock(2026, 3, 3, 15)
    walked = next(line for line in read(room.press("round.open", "1")).splitlines() if line.startswith("Gå hela"))
    assert walked.endswith(": klart")


def test_a_team_that_has_a_round_is_given_no_other_whichever_day_it_begins(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    first = form_in(room.choose())
    asked = form_in(room.press("round.new", f"{room.team_id()}:idea-sprint", who=KIM))
    second = form_in(room.send(asked, who=KIM, starts_on="2026-03-16"))
    room.send(first)
    assert "Laget har redan en utmaning" in read(room.send(second, who=KIM))
    assert "Laget har redan en utmaning" in read(room.press("round.new", room.team_id()))
    assert len(room.rows(Round)) == 1


def test_every_team_and_every_round_can_be_reached_however_many_there_are(room: TeamRoom) -> None:
    for number in range(45):
        room.make_team(BO, channel=f"C{number:02}", name=f"Lag {number:02}")
    shown = form_in(room.press("team.list"))
    found = [button.value for button in buttons_in(shown) if button.action == "team.open"]
    while more := [button for button in buttons_in(shown) if button.text == "Visa fler"]:
        shown = form_in(room.press(more[0].action, more[0].value))
        found += [button.value for button in buttons_in(shown) if button.action == "team.open"]
    assert sorted(found, key=int) == [str(team.id) for team in room.rows(Team)]
    assert "Visar 41–45 av 45." in read([OpenForm(shown)])
    [earlier] = [button for button in buttons_in(shown) if button.text == "Visa de förra"]
    assert "Visar 21–40 av 45." in read(room.press(earlier.action, earlier.value))


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
    shows = room.tell(replace(sent, in_channel=True))
    made = form_in(shows)
    assert [team.channel_id for team in room.rows(Team)] == [CHANNEL]
    assert "i vår egen chatt" in read([OpenForm(made)])
    assert buttons_in(made) == [], "in a channel nothing more of the coordinator's is taken"
    [asked_there] = [show for show in shows if isinstance(show, Replace)]
    assert asked_there.message == MessageRef(conversation=CHANNEL, message="m0")
    assert "[Jag vill vara med]" in read([Say(asked_there.card)]), "it said that the channel has no team"


def test_a_coordinator_we_have_not_met_may_make_a_team_in_a_channel(room: TeamRoom) -> None:
    where = MessageRef(conversation=CHANNEL, message="1")
    shows = room.tell(Mentioned(**room._who(SAM), message=where))  # type: ignore[arg-type]
    assert "[Skapa ett lag här]" in read(shows)
