"""An innovationsfika as people live it: chosen by a coordinator, told to each, asked about once, and done."""

from collections.abc import Iterator

import pytest

from bot.conversation.cards import Button, Buttons, ChoiceInput, Paragraph, PeopleInput
from bot.conversation.shows import Say, Show
from lessons.library import Library, load_library
from storage import sitting_out
from storage.database import Store
from storage.tables.pairs import SittingOut
from storage.tables.people import Person
from storage.tables.rounds import Contribution, Ending, Round
from tests.coordinating.office import form_in, home, read, refusal_in, somebody
from tests.in_memory import in_memory
from tests.pairs.room import FikaRoom, meets, to_each
from tests.rounds_in_chat.sprint import alone, channel
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, DAG, EVA, TEAM, Heard, buttons_in


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture
def kept() -> Iterator[Store]:
    store = in_memory()
    yield store
    store.close()


@pytest.fixture
def room(kept: Store, library: Library) -> FikaRoom:
    return FikaRoom(store=kept, library=library)


async def to_the_last_day(room: FikaRoom) -> list[Heard]:
    for day in (2, 3):
        await room.at_clock(2026, 3, day, 10)
    return await room.at_clock(2026, 3, 6, 10)


def test_a_fika_is_previewed_with_who_meets_whom_in_general_and_needs_a_yes(room: FikaRoom) -> None:
    room.make_team(*TEAM)
    preview = room.prepare()
    text = read([*room.send(preview, consent="no")])
    assert refusal_in(room.send(preview, consent="no")).keys() == {"consent"}, text
    assert "helst med någon från en annan enhet" in str(preview.body)
    assert "oavsett enhet" in str(room.prepare(across_units="no").body)
    assert not room.rows(Round)
    room.send(room.prepare(across_units="no"), consent="yes")
    assert [one.pairs_across_units for one in room.rows(Round)] == [False]


def test_three_people_are_too_few(room: FikaRoom) -> None:
    room.make_team(ANNA, BO, CIA)
    asked = form_in(room.press("round.new", room.team_id()))
    refused = refusal_in(room.send(asked, challenge="innovationsfika"))
    assert "4" in refused["challenge"]


async def test_from_the_first_morning_to_the_ending(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    first = await room.at_clock(2026, 3, 2, 10)
    told = to_each(first)
    assert set(told) == set(TEAM)
    for who, heard in told.items():
        assert all(who in (*meets(told[other]), *meets(heard)) for other in meets(heard))
        assert heard.text.count("klockan") == 3
        assert "Passar ingen av tiderna, föreslå en annan" in heard.text
        assert not heard.buttons, "there is nothing to hand in"
    assert sorted(len(meets(heard)) for heard in told.values()) == [1, 1, 2, 2, 2]
    assert any("Ni är tre" in str(heard.card) for heard in told.values())
    assert "Du är samtalsledare i laget." in told[ANNA].text
    assert "röstning" not in told[ANNA].text, "nothing is voted on"
    in_channel = channel(first)
    assert not any(who in str(in_channel.card) for who in TEAM), "the channel hears that it has begun, and no names"

    coffee = to_each(await room.at_clock(2026, 3, 3, 10))
    assert {who: meets(heard) for who, heard in coffee.items()} == {who: meets(heard) for who, heard in told.items()}
    assert "två frågor" in coffee[BO].text

    after = await room.at_clock(2026, 3, 6, 10)
    form = form_in(room.press_on(alone(after, BO), "contribution.open", who=BO))
    answered = read(room.send(form, who=BO, in_met="yes", in_taken="Skolan har en mall", in_again="yes"))
    assert "Skolan har en mall" in answered
    form = form_in(room.press_on(alone(after, CIA), "contribution.open", who=CIA))
    room.send(form, who=CIA, in_met="no", in_taken="", in_again="no")
    opened = channel(await room.at_clock(2026, 3, 6, 15))
    assert "Skolan har en mall" in opened.text
    paragraphs = [part.text for part in opened.card.parts if isinstance(part, Paragraph)]
    assert paragraphs[1:] == ["Skolan har en mall"], "whoever wrote nothing to show is not listed, nor counted"
    assert not any(word in opened.text for word in ("Blev det en fika", "ihopparad", "Nej"))
    assert not [one for one in await room.at_clock(2026, 3, 9, 10) if one.who is not None], "nobody is reminded"
    await room.clock(home(2026, 3, 6, 16, 30))
    assert [one.ending for one in room.rows(Round)] == [Ending.FINISHED]


async def test_whoever_does_not_want_to_again_is_left_out_quietly_until_they_come_back(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    after = await to_the_last_day(room)
    form = form_in(room.press_on(alone(after, BO), "contribution.open", who=BO))
    page = room.send(form, who=BO, in_met="yes", in_taken="", in_again="no")
    assert "jag parar inte ihop dig nästa gång" in read(page)
    assert "”lag”" in read(page)
    await room.clock(home(2026, 3, 6, 16, 30))
    room.send(room.prepare(starts_on="2026-03-16"), consent="yes")
    second = to_each(await room.at_clock(2026, 3, 16, 10))
    assert set(second) == {ANNA, CIA, DAG, EVA}
    assert not any(BO in meets(heard) for heard in second.values())

    own = read(room.write("lag", who=BO))
    assert "Jag parar inte ihop dig" in own
    assert "Jag parar inte ihop dig" not in read(room.write("lag", who=CIA))
    room.press("pairs.come_back", room.team_id(), who=BO)
    assert "Jag parar inte ihop dig" not in read(room.write("lag", who=BO))
    third = to_each(await room.at_clock(2026, 3, 17, 10))
    assert BO in third, "back the next morning, in the middle of a fika"
    assert meets(third[BO])


async def test_a_no_that_is_changed_or_taken_back_counts_no_more(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    after = await to_the_last_day(room)
    for who, action in ((BO, "contribution.change"), (CIA, "contribution.withdraw")):
        form = form_in(room.press_on(alone(after, who), "contribution.open", who=who))
        page = form_in(room.send(form, who=who, in_met="", in_taken="", in_again="no"))
        [button] = [one for one in buttons_in(page) if one.action == action]
        shown = room.press(action, button.value, who=who)
        if action == "contribution.change":
            room.send(form_in(shown), who=who, in_again="yes")
    assert room.rows(SittingOut) == []


async def test_a_no_that_is_cleared_in_a_change_counts_no_more(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    after = await to_the_last_day(room)
    form = form_in(room.press_on(alone(after, BO), "contribution.open", who=BO))
    page = form_in(room.send(form, who=BO, in_met="", in_taken="Kaffe", in_again="no"))
    assert room.rows(SittingOut)
    [button] = [one for one in buttons_in(page) if one.action == "contribution.change"]
    room.send(form_in(room.press(button.action, button.value, who=BO)), who=BO, in_taken="Te", in_again="")
    assert room.rows(SittingOut) == []


@pytest.mark.parametrize("action", ["contribution.change", "contribution.withdraw"])
async def test_who_chose_to_sit_out_earlier_still_does_when_they_take_back_what_they_wrote(
    room: FikaRoom, action: str
) -> None:
    """They never answered the question this time, so nothing of it is taken back."""
    room.begin_fika(*TEAM)
    cia = next(one for one in room.rows(Person) if one.external_id == CIA)
    team = int(room.team_id())
    room.look(lambda session: sitting_out.sit_out(session, cia, team))
    after = await to_the_last_day(room)
    form = form_in(room.press_on(channel(after), "contribution.open", who=CIA))
    page = form_in(room.send(form, who=CIA, in_met="", in_taken="Kaffe", in_again=""))
    [button] = [one for one in buttons_in(page) if one.action == action]
    shown = room.press(action, button.value, who=CIA)
    if action == "contribution.change":
        room.send(form_in(shown), who=CIA, in_taken="Te", in_again="")
    assert len(room.rows(SittingOut)) == 1


async def test_who_hears_of_it_for_the_first_time_on_the_second_day_is_told_of_no_change(room: FikaRoom) -> None:
    """Somebody who joined since: nothing was said to them before, and no others have heard the same."""
    room.begin_fika(*TEAM[:4])
    join = channel(await room.at_clock(2026, 3, 2, 10)).buttons["team.join"].value
    room.in_channel("team.join", join, who=EVA)
    told = to_each(await room.at_clock(2026, 3, 3, 10))
    assert "Så här är det nu." in told[EVA].text
    assert not any(claim in told[EVA].text for claim in ("ändrat", "sist", "har fått"))


def test_whoever_has_left_all_teams_can_still_clear_whom_not_to_meet(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    form = form_in(room.press("exclusions.open", who=BO))
    room.send(form, who=BO, profiles={"people": (somebody(ANNA),)})
    for who in (BO, CIA):
        room.press("team.leave", room.team_id(), who=who)

    def ways(who: str) -> list[str]:
        return [one.action for show in room.write("lag", who=who) for one in _buttons(show)]

    assert ways(BO) == ["exclusions.open"]
    assert ways(CIA) == [], "nothing was chosen"
    room.send(form_in(room.press("exclusions.open", who=BO)), who=BO, profiles={"people": ()})
    assert ways(BO) == []


def test_whom_not_to_meet_is_chosen_changed_and_cleared(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    [open_] = [one for show in room.write("lag", who=BO) for one in _buttons(show) if one.action == "exclusions.open"]
    form = form_in(room.press(open_.action, who=BO))
    assert "Bara du ser ditt val" in read(room.press(open_.action, who=BO))
    room.send(form, who=BO, profiles={"people": (somebody(ANNA), somebody(DAG))})
    [chosen] = [one for one in form_in(room.press(open_.action, who=BO)).body if isinstance(one, PeopleInput)]
    assert chosen.initial == (ANNA, DAG)
    [others] = [one for one in form_in(room.press(open_.action, who=ANNA)).body if isinstance(one, PeopleInput)]
    assert others.initial == ()
    many = tuple(somebody(f"U{number:03}") for number in range(51))
    assert refusal_in(room.send(form, who=BO, profiles={"people": many})).keys() == {"people"}
    room.send(form, who=BO, profiles={"people": ()})
    [chosen] = [one for one in form_in(room.press(open_.action, who=BO)).body if isinstance(one, PeopleInput)]
    assert chosen.initial == ()


async def test_whom_one_does_not_want_to_meet_one_does_not_meet(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    for who in (BO, CIA, DAG):
        form = form_in(room.press("exclusions.open", who=who))
        room.send(form, who=who, profiles={"people": (somebody(ANNA),)})
    told = to_each(await room.at_clock(2026, 3, 2, 10))
    assert set(meets(told[ANNA])) <= {EVA}
    assert not any(ANNA in meets(told[who]) for who in (BO, CIA, DAG))


def test_the_question_of_units_comes_where_people_are_put_together_and_nowhere_else(room: FikaRoom) -> None:
    room.make_team(*TEAM)
    form = form_in(room.press("round.new", f"{room.team_id()}:innovationsfika"))
    [across] = [one for one in form.body if isinstance(one, ChoiceInput) and one.name == "across_units"]
    assert across.initial == ("yes",)
    other = form_in(room.press("round.new", f"{room.team_id()}:idea-sprint"))
    assert not [one for one in other.body if isinstance(one, ChoiceInput)]


async def test_nothing_that_is_not_to_be_shown_is_kept_from_its_author(room: FikaRoom) -> None:
    room.begin_fika(*TEAM)
    after = await to_the_last_day(room)
    form = form_in(room.press_on(alone(after, BO), "contribution.open", who=BO))
    page = read(room.send(form, who=BO, in_met="no", in_taken="", in_again="yes"))
    assert "**Blev det en fika?** Nej" in page
    assert [one.inputs["met"] for one in room.rows(Contribution)] == ["no"]


def _buttons(show: Show) -> list[Button]:
    parts = show.card.parts if isinstance(show, Say) else ()
    return [one for part in parts if isinstance(part, Buttons) for one in part.buttons]
