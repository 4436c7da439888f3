"""What some challenges want settled before they begin, and whoever says yes or no for the team."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from bot.conversation.cards import ChoiceInput, PeopleInput, TextInput
from bot.conversation.shows import OpenForm, Replace
from bot.conversation.texts import LANGUAGES, texts_in
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import Delivery, Kind
from storage.tables.people import Person
from storage.tables.rounds import Contribution, Ending, Round
from storage.tables.teams import Team
from tests.coordinating.office import SAM, Picked, form_in, home, read, refusal_in, somebody
from tests.rounds_in_chat.rule import MANAGER
from tests.rounds_in_chat.sprint import alone, channel
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, TEAM, Heard, TeamRoom

OF_TEAMS = ("rounds", "round_changes", "relays", "teams", "pairs")
TRIED: dict[str, Any] = {"in_tried": "Ett nytt schema", "in_learned": "Fråga först", "in_now": "Jag frågar"}


async def to_the_answer(room: TeamRoom) -> Heard:
    """An assumption test up to the day on which the manager answers. Return what the channel heard first."""
    room.begin(*TEAM, challenge="assumption-test", mandate=MANAGER)
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    form = form_in(room.press_on(monday, "contribution.open", who=BO))
    room.send(form, who=BO, in_belief="Kvällstid hjälper", in_at_stake="Hela idén")
    await room.at_clock(2026, 3, 2, 10, 1)
    tuesday = channel(await room.at_clock(2026, 3, 3, 10))
    form = form_in(room.press_on(tuesday, "contribution.open", who=BO))
    room.send(form, who=BO, in_test="Öppet till sju", in_go_on="Tio kommer", in_change="Fem", in_stop="Ingen")
    await room.at_clock(2026, 3, 3, 10, 1)
    return monday


def test_a_round_begins_only_with_a_yes_to_what_must_be_agreed_and_the_audit_says_whose(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    preview = form_in(room.choose(challenge="swap"))
    [asked] = [part for part in preview.body if isinstance(part, ChoiceInput)]
    assert asked.label == "Har cheferna för båda enheterna sagt ja till besöken?"
    assert asked.initial == ()
    for answer in ("no", ""):
        assert refusal_in(room.send(preview, consent=answer)) == {
            "consent": "Utmaningen kan starta först när svaret är ja."
        }
    assert room.rows(Round) == []
    assert "är bestämd" in read(room.send(preview, consent="yes")), "a no took nothing away"
    given = [one for one in room.rows(AuditEntry) if one.action == "round_consent_given"]
    assert [(one.actor_id, one.at, one.detail["challenge"]) for one in given] == [
        (room.person(SAM).id, room.now, "swap")
    ]


def test_a_preview_that_leaves_the_question_out_begins_nothing(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    preview = form_in(room.choose(challenge="swap"))
    without = replace(preview, body=tuple(part for part in preview.body if not isinstance(part, ChoiceInput)))
    assert "gäller inte längre" in read(room.send(without))
    assert room.rows(Round) == []


def test_what_asks_for_no_consent_is_begun_without(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    preview = form_in(room.choose(challenge="idea-sprint"))
    assert not any(isinstance(part, ChoiceInput) for part in preview.body)
    assert "är bestämd" in read(room.send(preview))
    assert not any(one.action == "round_consent_given" for one in room.rows(AuditEntry))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_plain_words_that_somebody_can_say_yes_or_no(language: str) -> None:
    said = {key: text for key, text in texts_in(language).items() if key.split(".")[0] in OF_TEAMS}
    assert len(said) > 500
    assert [key for key, text in said.items() if "mandat" in text.lower()] == []


def test_a_challenge_that_needs_a_yes_or_no_asks_who_can_give_it(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    assert "Välj en person." in refusal_in(room.choose(challenge="assumption-test"))["mandate"]
    asked = form_in(room.press("round.new", f"{room.team_id()}:assumption-test"))
    [picker] = [part for part in asked.body if isinstance(part, PeopleInput)]
    assert picker.name == "mandate"
    assert "program" not in read([OpenForm(asked)]), "a team has none"
    other = form_in(room.press("round.new", f"{room.team_id()}:swap"))
    assert not [part for part in other.body if isinstance(part, PeopleInput)], "only where somebody is to answer"
    two: Picked = {"mandate": (somebody(MANAGER), somebody("U0TVA"))}
    refused = room.send(asked, profiles=two, starts_on="2026-03-02")
    assert refusal_in(refused)["mandate"] == "Välj bara en person."
    bot: Picked = {"mandate": (somebody("UBOT", is_bot=True),)}
    assert "mandate" in refusal_in(room.send(asked, profiles=bot, starts_on="2026-03-02"))
    assert room.rows(Round) == []


def test_who_says_yes_or_no_is_kept_for_the_next_time_and_can_be_changed(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="assumption-test", mandate=MANAGER)
    assert [team.mandate_id for team in room.rows(Team)] == [room.person(MANAGER).id]
    room.press("round.end", "1")
    asked = form_in(room.press("round.new", f"{room.team_id()}:assumption-test"))
    [picker] = [part for part in asked.body if isinstance(part, PeopleInput)]
    assert picker.initial == (MANAGER,)
    other: Picked = {"mandate": (somebody("U0NYCHEF"),)}
    preview = form_in(room.send(asked, profiles=other, starts_on="2026-03-09"))
    assert "U0NYCHEF" in repr(preview)
    assert [team.mandate_id for team in room.rows(Team)] == [room.person(MANAGER).id], "a preview changes nothing"
    room.send(preview, consent="yes")
    assert [team.mandate_id for team in room.rows(Team)] == [room.person("U0NYCHEF").id]


async def test_the_team_is_told_who_it_is_and_they_are_asked_alone_without_being_in_it(room: TeamRoom) -> None:
    monday = await to_the_answer(room)
    assert MANAGER in repr(monday.card)
    assert MANAGER in repr(room.press_on(monday, "round.about", who=CIA))
    wednesday = await room.at_clock(2026, 3, 4, 10)
    assert {one.who for one in wednesday} == {None, MANAGER}
    private = alone(wednesday, MANAGER)
    assert "säga ja eller nej till det som laget Hemtjänst norr föreslår" in private.text
    assert "Laget vill göra ett litet test" in private.text
    assert "Ingen ser vem som har svarat" not in private.text
    assert MANAGER not in repr(channel(wednesday).card), "told once"


async def test_nobody_is_named_in_the_channel_on_a_day_on_which_they_hear_of_us_alone(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="failure-sharing", mandate=MANAGER)
    monday = await room.at_clock(2026, 3, 2, 10)
    assert {one.who for one in monday} == {None, MANAGER}
    assert MANAGER not in repr(channel(monday).card), "named, they would be notified twice"
    assert MANAGER in repr(room.press_on(channel(monday), "round.about", who=CIA))


async def test_nobody_else_answers_for_them_and_they_see_what_they_answer(room: TeamRoom) -> None:
    await to_the_answer(room)
    wednesday = await room.at_clock(2026, 3, 4, 10)
    for who in (ANNA, BO, "U0ANNAN"):
        assert "den på som kan säga ja eller nej" in read(
            room.press_on(channel(wednesday), "contribution.open", who=who)
        )
    form = form_in(room.press_on(alone(wednesday, MANAGER), "contribution.open", who=MANAGER))
    assert "Kvällstid hjälper" in read([OpenForm(form)]), "whoever is not in the channel reads it here"
    yes: dict[str, Any] = {"in_answer": "yes", "in_limits": "En avdelning", "in_approved": "yes"}
    assert "den på som kan säga ja eller nej" in read(room.send(form, who=BO, **yes)), "also with the form of another"
    assert "laget får se det" in read(room.send(form, who=MANAGER, **yes))
    [told] = await room.at_clock(2026, 3, 4, 11)
    assert "Det här är inlämnat i steget" in told.text
    assert "**Får laget göra testet?** Ja\n**Ramar eller skäl:** En avdelning\n" in told.text


async def test_what_is_handed_in_again_is_changed_where_the_channel_reads_it(room: TeamRoom) -> None:
    await to_the_answer(room)
    wednesday = await room.at_clock(2026, 3, 4, 10)
    form = form_in(room.press_on(alone(wednesday, MANAGER), "contribution.open", who=MANAGER))
    room.send(form, who=MANAGER, in_answer="no", in_limits="", in_approved="")
    [told] = await room.at_clock(2026, 3, 4, 11)
    shows = room.send(form, who=MANAGER, in_answer="smaller", in_limits="", in_approved="")
    [changed] = [show for show in shows if isinstance(show, Replace)]
    assert changed.message.message == told.message
    assert "Ja, till något mindre" in repr(changed.card)
    assert await room.at_clock(2026, 3, 4, 12) == [], "told once"
    told_of = [one.round_step_id for one in room.rows(Delivery) if one.kind is Kind.ROUND and one.occurrence == 2]
    assert len(told_of) == len(set(told_of)) == 3


async def test_an_answer_that_is_missing_may_come_later_and_one_that_is_there_stays(room: TeamRoom) -> None:
    await to_the_answer(room)
    wednesday = await room.at_clock(2026, 3, 4, 10)
    assert "Öppet till torsdag 5 mars klockan 10.00." in alone(wednesday, MANAGER).text
    thursday = await room.at_clock(2026, 3, 5, 10)
    assert "öppet än" in alone(thursday, MANAGER).text
    assert "Öppet till" not in alone(thursday, MANAGER).text, "it may come as long as it is missing"
    form = form_in(room.press_on(alone(thursday, MANAGER), "contribution.open", who=MANAGER))
    assert "laget får se det" in read(room.send(form, who=MANAGER, in_answer="yes", in_limits="", in_approved=""))
    assert "stängt nu" in read(room.send(form, who=MANAGER, in_answer="no", in_limits="", in_approved=""))
    assert "stängt nu" in read(room.press_on(alone(thursday, MANAGER), "contribution.open", who=MANAGER))
    assert room.rows(Contribution)[-1].inputs["answer"] == "yes"


async def test_whoever_coordinates_is_told_that_nobody_can_answer_and_never_why(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="assumption-test", mandate=MANAGER)
    unreached = "Jag når inte den som kan säga ja eller nej."
    assert unreached not in read(room.press("round.open", "1"))
    for fields in ({"unreachable_at": room.now}, {"unreachable_at": None, "left_at": room.now}):
        _change(room, MANAGER, fields)
        assert unreached in read(room.press("round.open", "1"))
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    assert MANAGER not in repr(monday.card)
    assert "är inte kvar" in read(room.press_on(monday, "round.about", who=CIA))
    await room.at_clock(2026, 3, 3, 10)
    [morning] = [one for one in await room.at_clock(2026, 3, 4, 10) if "Ett ja med ramar" in one.text]
    assert "Den som kunde säga ja eller nej är inte kvar." in morning.text, "the team is told too"
    _change(room, MANAGER, {"left_at": None})
    for private in ({"paused_until": home(2026, 4, 1).date()}, {"stopped_at": room.now}):
        _change(room, MANAGER, private)
        assert unreached not in read(room.press("round.open", "1")), "that is nobody's business"


@pytest.mark.parametrize("manager_tells", [True, False])
async def test_without_what_must_be_there_the_round_goes_no_further(room: TeamRoom, manager_tells: bool) -> None:
    room.begin(*TEAM, challenge="failure-sharing", mandate=MANAGER)
    monday = await room.at_clock(2026, 3, 2, 10)
    if manager_tells:
        form = form_in(room.press_on(alone(monday, MANAGER), "contribution.open", who=MANAGER))
        room.send(form, who=MANAGER, **TRIED)
        [told] = await room.at_clock(2026, 3, 2, 10, 5)
        assert "Ett nytt schema" in told.text, "the team sees it as soon as it is sent"
    tuesday = await room.at_clock(2026, 3, 3, 10)
    [round_] = room.rows(Round)
    if manager_tells:
        assert {one.who for one in tuesday} == {None, *TEAM}
        assert round_.ending is None
        return
    assert {one.who for one in tuesday} == {SAM}, "whoever began it is told, and nobody is asked"
    assert round_.ending is Ending.NOT_MADE
    [ending] = await room.at_clock(2026, 3, 4, 10)
    assert "Ni stannar här, och det går bra." in ending.text


async def test_where_whoever_wants_to_hands_in_nobody_is_reminded_or_counted(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="failure-sharing", mandate=MANAGER)
    monday = await room.at_clock(2026, 3, 2, 10)
    room.send(form_in(room.press_on(alone(monday, MANAGER), "contribution.open", who=MANAGER)), who=MANAGER, **TRIED)
    tuesday = await room.at_clock(2026, 3, 3, 10)
    form = form_in(room.press_on(alone(tuesday, BO), "contribution.open", who=BO))
    room.send(form, who=BO, in_tried="", in_learned="Ring först", in_now="")
    wednesday = await room.at_clock(2026, 3, 4, 10)
    assert wednesday == [], "nobody is reminded"
    opened = channel(await room.at_clock(2026, 3, 4, 15))
    assert "\n**Det här lärde jag mig:** Ring först\n" in opened.text, "what was left empty is not told"
    page = read(room.press("round.open", "1"))
    assert "Den som vill berättar: klart\n" in page + "\n"
    assert " av 5" not in page
    thursday = channel(await room.at_clock(2026, 3, 5, 10))
    assert "Här finns bara det du själv har skrivit." in read(room.press_on(thursday, "contribution.open", who=BO))
    reply = form_in(room.press_on(thursday, "contribution.open", who=CIA))
    about = next(part for part in reply.body if isinstance(part, ChoiceInput))
    assert [option.text for option in about.options] == ["Ring först"], "the first thing written in it"
    assert [part.optional for part in reply.body if isinstance(part, TextInput)] == [True]


async def test_with_nothing_to_be_about_there_is_no_form(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="failure-sharing", mandate=MANAGER)
    monday = await room.at_clock(2026, 3, 2, 10)
    room.send(form_in(room.press_on(alone(monday, MANAGER), "contribution.open", who=MANAGER)), who=MANAGER, **TRIED)
    for day in (3, 4):
        await room.at_clock(2026, 3, day, 10)
    await room.at_clock(2026, 3, 4, 15)
    thursday = channel(await room.at_clock(2026, 3, 5, 10))
    page = form_in(room.press_on(thursday, "contribution.open", who=CIA))
    assert page.submit is None
    assert "inget att välja bland" in read([OpenForm(page)])


def _change(room: TeamRoom, who: str, fields: Mapping[str, object]) -> None:
    def change(session: Session) -> None:
        person = session.get_one(Person, person_id)
        for name, value in fields.items():
            setattr(person, name, value)

    person_id = room.person(who).id
    room.look(change)
