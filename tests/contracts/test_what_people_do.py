"""What people do in Slack and in Teams reaches us once, over every way there is, through the real bolt app and real
signatures, whatever goes wrong on the way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.cards import Button, Buttons, Card
from bot.conversation.composing import delivery_card
from bot.conversation.events import Deleted, Edited, Pressed, Submitted, Wrote
from bot.conversation.home import home_card
from bot.conversation.home_view import HomeView
from bot.conversation.letters import Exercise, Letter, Recall
from bot.conversation.references import Reference
from bot.conversation.sample_data import RHYTHM
from bot.conversation.texts import Words
from lessons.library import load_library
from tests.contracts.lines import LINES, Line, open_line

pytestmark = pytest.mark.contract

CARD = Card(
    summary="Dagens knuff.",
    parts=(
        Buttons((
            Button(text="Jag gör det", action="nudge.doing", value="12"),
            Button(text="Planera", action="nudge.plan", value="12", opens_form=True),
        )),
    ),
)  # fmt: skip


@pytest.fixture(params=LINES)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with open_line(request.param) as line:
        yield line


async def test_everything_a_person_can_do_reaches_us_and_is_acknowledged(line: Line) -> None:
    hand = line.hand
    message = await line.platform.send(hand.person, CARD, delivery_id=12)
    done = [await hand.press(message, "nudge.doing")]
    written, acknowledged = await hand.write("Jag sa <det> & tyckte *så*")
    done += [acknowledged, await hand.edit(written, "Jag sa det"), await hand.delete(written)]
    done += await hand.do_what_is_done_there_only()
    assert done == [True] * len(done)
    for kind, times in {Pressed: 1, Wrote: 1, Edited: 1, Deleted: 1, **hand.own_ways}.items():
        await line.until_kept(kind, times)
    [wrote] = line.intake.events(Wrote)
    assert isinstance(wrote, Wrote)
    assert wrote.text == "Jag sa <det> & tyckte *så*"
    [pressed] = line.intake.events(Pressed)
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.value, pressed.message) == ("nudge.doing", "12", message)
    [edited], [deleted] = line.intake.events(Edited), line.intake.events(Deleted)
    assert isinstance(edited, Edited)
    assert isinstance(deleted, Deleted)
    assert edited.message == deleted.message == wrote.message
    assert {(event.workspace, event.person) for event in line.intake.kept.values()} == {
        (hand.person.workspace, hand.person.person)
    }


async def test_the_answer_to_a_case_reaches_us_whole_from_a_weeks_message_and_from_home(line: Line) -> None:
    library, words = load_library(), Words("sv")
    lessons = [library.lessons[name] for name in ("L06", "L07", "L08", "L09", "L10")]
    week = tuple(Exercise(ref=Reference(delivery_id=12), lesson=lesson) for lesson in lessons)
    case = library.case("L01").model_copy(update={"choices": library.case("L01").choices[:1]})  # one button to find
    in_week = Recall(ref=Reference(delivery_id=12), case=case)
    at_home = replace(in_week, ref=Reference(lesson_id="L01", taken_on=date(2026, 3, 9)))
    for card in (
        delivery_card(Letter(exercises=week, recall=in_week), words),
        home_card(HomeView(rhythm=RHYTHM, case=at_home), words),
    ):
        message = await line.platform.send(line.hand.person, card, delivery_id=None)
        assert await line.hand.press(message, "recall.choice")
    await line.until_kept(Pressed, 2)
    values = [event.value for event in line.intake.events(Pressed) if isinstance(event, Pressed)]
    assert values == ["12:0", "lib:L01:2026-03-09:0"]


async def test_a_press_opens_a_form_which_is_refused_and_then_taken(line: Line) -> None:
    message = await line.platform.send(line.hand.person, CARD, delivery_id=12)
    assert await line.hand.open(message, "nudge.plan")
    assert "Skriv en situation." in await line.hand.send(cue="?")
    assert await line.hand.has_form()
    assert await line.hand.send(cue="När mötet, det långa, börjar") == ""
    assert not await line.hand.has_form()
    submitted = line.intake.events(Submitted)[-1]
    assert isinstance(submitted, Submitted)
    assert (submitted.form, submitted.values) == ("plan", {"cue": "När mötet, det långa, börjar"})


async def test_what_comes_twice_late_and_out_of_order_is_kept_once(line: Line) -> None:
    message = await line.platform.send(line.hand.person, CARD, delivery_id=12)
    await line.hand.everything_goes_wrong_on_the_way()
    for number in range(10):
        await line.hand.write(f"Svar {number}")
    await line.hand.press(message, "nudge.doing")
    await line.hand.do_what_is_done_there_only()
    await line.until_kept(Wrote, 10)
    await asyncio.sleep(1.0)  # what is still on its way comes a second time
    texts = [event.text for event in line.intake.events(Wrote) if isinstance(event, Wrote)]
    assert sorted(texts) == sorted(f"Svar {number}" for number in range(10))
    for kind, times in {Pressed: 1, **line.hand.own_ways}.items():
        assert len(line.intake.events(kind)) == times
    assert line.intake.seen_again > 0
