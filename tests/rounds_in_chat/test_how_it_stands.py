"""What a coordinator reads of a step that is over: words that are true of what it asked for, and of nobody in it."""

import pytest

from bot.conversation.cards import ChoiceInput
from storage.tables.rounds import Asks, Ending, Round, RoundStep
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.running import on_page, renewed
from tests.rounds_in_chat.sprint import NEEDS, alone, channel
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, TEAM, Heard, TeamRoom
from tests.rounds_in_chat.test_every_challenge import filled


def line(room: TeamRoom, title: str) -> str:
    [found] = [one for one in read(room.press("round.open", "1")).splitlines() if one.startswith(f"{title}: ")]
    return found.removeprefix(f"{title}: ")


@pytest.mark.parametrize(("handed_in", "said"), [(True, "klart, inlämnat"), (False, "klart, inget inlämnat")])
async def test_what_the_team_hands_in_once_is_handed_in_or_not(room: TeamRoom, handed_in: bool, said: str) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    assert line(room, "Välj en väg att gå") == "pågår"
    if handed_in:
        form = form_in(room.press_on(monday, "contribution.open", who=BO))
        room.send(form, who=BO, **filled(form, BO))
    for moment in [one.prompt_at for one in room.rows(RoundStep)] + [room.rows(Round)[0].ends_at]:
        await room.clock(moment)
    assert line(room, "Välj en väg att gå") == said


@pytest.mark.parametrize(
    ("writers", "said"),
    [((), "klart, för få"), ((BO,), "klart, 1 av 5"), (TEAM, "klart, tillräckligt många var med")],
    ids=["nobody", "one", "all"],
)
async def test_a_number_is_never_all_or_none(room: TeamRoom, writers: tuple[str, ...], said: str) -> None:
    """Either would tell what each of them has done."""
    room.begin(*TEAM)
    heard = await room.at_clock(2026, 3, 2, 10)
    for who in writers:
        form = form_in(room.press_on(alone(heard, who), "contribution.open", who=who))
        room.send(form, who=who, in_need=NEEDS[BO])
    await room.at_clock(2026, 3, 2, 15)
    assert line(room, "Skriv behovet") == said


async def test_where_one_is_enough_it_is_not_said_that_none_came(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="user-shadowing")
    for step in room.rows(RoundStep):
        await room.clock(step.prompt_at)
        if step.key == "observe":
            assert step.opens_at is not None
            await room.clock(step.opens_at)
            break
    titles = [one for one in read(room.press("round.open", "1")).splitlines() if one.endswith(": klart")]
    assert len(titles) == 1, "and neither that it was too few"


async def test_where_there_was_nothing_to_answer_no_proposal_is_said_to_lack_an_answer(room: TeamRoom) -> None:
    room.begin(*TEAM)
    for moment in [one.prompt_at for one in room.rows(RoundStep)] + [room.rows(Round)[0].ends_at]:
        await room.clock(moment)
    assert line(room, "Svara på alla idéer") == "klart, svar saknas"


async def test_a_step_that_was_under_way_when_it_was_ended_is_not_said_to_be_done(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    on_page(room, "round.end", room.round_page())
    assert line(room, "Skriv behovet") == "avbröts"
    assert line(room, "Välj ett behov") == "blev inte av"


async def test_ending_it_is_said_to_be_told_to_the_team(room: TeamRoom) -> None:
    room.begin(*TEAM)
    page = room.round_page()
    assert "säger jag det i kanalen nästa arbetsdag" in repr(page)
    assert "Inget mer skickas" not in repr(page)


async def finished_with_a_tie(room: TeamRoom) -> tuple[Heard, Heard]:
    """An idea sprint in which every idea gets the same points. Return the tally and the ending."""
    room.begin(*TEAM)
    tally: list[Heard] = []
    for step in room.rows(RoundStep):
        await room.clock(step.prompt_at)
        action = "vote.open" if step.asks is Asks.VOTE else "contribution.open"
        for who in TEAM[:3] if step.key == "answer" else TEAM:
            form = form_in(room.press(action, step.id, who=who))
            values = filled(form, who)
            if step.key == "answer":
                [about, *_rest] = [one for one in form.body if isinstance(one, ChoiceInput)]
                for option in about.options:
                    room.send(form, who=who, **(values | {"about": option.value}))
            room.send(form, who=who, **values)
        for moment in (step.opens_at, step.closes_at):
            if moment is not None:
                heard = await room.clock(moment)
                tally = heard if step.key == "choose" else tally
    [round_] = room.rows(Round)
    await room.clock(round_.ends_at)
    return channel(tally), channel(await room.at_clock(2026, 3, 10, 10))


async def test_a_last_tie_that_nobody_has_settled_is_said_when_it_ends_and_can_still_be_settled(room: TeamRoom) -> None:
    tally, ending = await finished_with_a_tie(room)
    assert [one.ending for one in room.rows(Round)] == [Ending.FINISHED]
    assert "Ni har valt en idé" not in ending.text
    assert "Det blev lika i steget ”Nu väljer vi”, och inget är valt än." in ending.text
    form = form_in(room.press_on(ending, "round.settle", who=ANNA))
    [choice] = [part for part in form.body if isinstance(part, ChoiceInput)]
    anew = renewed(room.send(form, who=ANNA, choice=choice.options[1].value))
    assert ending.message in anew
    assert "Det blev lika i steget" not in anew[ending.message]
    assert choice.options[1].text in anew[tally.message]
    assert f"Idén vi tar vidare: {choice.options[1].text}" in read(room.press_on(ending, "wrap_up.open", who=CIA))


async def test_an_ending_whose_morning_knuff_was_down_is_told_later_that_day(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    on_page(room, "round.end", room.round_page())
    assert "avslutad i förtid" in channel(await room.at_clock(2026, 3, 3, 16)).text
