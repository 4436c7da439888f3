"""How Teams is answered: in words, within three seconds, and with dialogs that keep what was filled in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest

from bot.conversation.cards import Audience, Button, Buttons, Card, Form, Paragraph, PeopleInput, TextInput
from bot.conversation.events import MessageRef, Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show
from bot.conversation.texts import Words
from bot.teams import dress
from bot.teams.again import pack
from tests.teams import payloads
from tests.teams.incoming import Json, Teams, teams_calling
from tests.teams.limits import faults, texts

FORM = Form(
    name="plan",
    title="Plan",
    submit="Spara",
    close="Avbryt",
    about="12",
    body=(
        Paragraph("En plan."),
        TextInput(name="cue", label="Om", most=200),
        Buttons((Button(text="Visa fler", action="library.more", value="2"),)),
    ),
)
NEXT = Form(name="taken", title="Tagen", submit=None, close="Stäng", body=(Paragraph("Den är din."),))
SAY = Say(Card(summary="Sparat.", parts=(Paragraph("Sparat."),)))


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with teams_calling() as teams:
        yield teams


def dialog_in(answer: Json) -> Json:
    assert answer["task"]["type"] == "continue"
    dialog: Json = answer["task"]["value"]
    assert faults("dialog", dialog) == []
    return dialog


async def test_a_button_opens_a_dialog_in_the_answer_itself(teams: Teams) -> None:
    teams.intake.says = [OpenForm(FORM), SAY]
    dialog = dialog_in(await teams.answer(payloads.fetch()))
    assert dialog["title"] == "Plan"
    assert teams.intake.shown == [SAY]


async def test_a_button_that_opens_nothing_after_all_says_where_the_answer_is(teams: Teams) -> None:
    teams.intake.says = [SAY]
    answer = await teams.answer(payloads.fetch())
    assert answer == {"task": {"type": "message", "value": "Svaret står i chatten."}}
    assert teams.intake.shown == [SAY]


async def test_where_no_dialog_can_be_opened_an_anonymous_form_is_not_said_to_be_received(teams: Teams) -> None:
    said = await teams.answer(payloads.press("proposal.open", value="1:sv:token"))
    assert said["value"].startswith("Formuläret gick inte att öppna")
    assert (await teams.answer(payloads.press()))["value"] == "Mottaget."


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Got it."), ("sv", "Mottaget."), (None, "Mottaget."), (["en"], "Mottaget.")]
)
async def test_a_press_is_answered_in_the_language_of_the_card_whatever_the_client_speaks(
    teams: Teams, language: object, said: str
) -> None:
    pressed = payloads.press()
    pressed["value"]["action"]["data"]["knuff"]["language"] = language
    assert (await teams.answer(pressed))["value"] == said
    opened = payloads.fetch()
    opened["value"]["data"]["knuff"]["language"] = language
    teams.intake.says = [SAY]
    words = Words("en" if language == "en" else "sv")
    assert (await teams.answer(opened))["task"]["value"] == words("intake.in_the_chat")


@pytest.mark.parametrize("action", ["nudge.plan", None, 7, {"data": {"knuff": {"language": "en"}}}])
async def test_what_else_stands_beside_a_button_says_nothing_of_its_language(teams: Teams, action: object) -> None:
    opened = payloads.fetch()
    opened["value"]["action"] = action
    teams.intake.says = [SAY]
    assert (await teams.answer(opened))["task"]["value"] == "Svaret står i chatten."


async def test_a_button_in_a_dialog_is_answered_with_the_next_one(teams: Teams) -> None:
    teams.intake.says = [OpenForm(NEXT)]
    assert dialog_in(await teams.answer(payloads.press_in_dialog()))["title"] == "Tagen"
    [pressed] = teams.intake.kept
    assert isinstance(pressed, Pressed)
    assert pressed.view == "dialog"


async def opened(teams: Teams) -> Json:
    says, teams.intake.says = teams.intake.says, [OpenForm(FORM)]
    dialog = dialog_in(await teams.answer(payloads.fetch(id=f"f:{monotonic()}")))
    teams.intake.says = says
    teams.intake.kept.clear()
    return dialog


async def test_a_form_that_is_taken_closes_the_dialog(teams: Teams) -> None:
    teams.intake.says = [SAY]
    assert await teams.answer(payloads.submission(await opened(teams), cue="När mötet börjar")) is None
    [submitted] = teams.intake.kept
    assert isinstance(submitted, Submitted)
    assert (submitted.form, submitted.about, submitted.values) == ("plan", "12", {"cue": "När mötet börjar"})
    assert teams.intake.shown == [SAY]


async def test_a_form_with_a_fault_stays_open_with_the_sentence_first_and_what_was_filled_in(teams: Teams) -> None:
    teams.intake.says = [Refuse({"cue": "Skriv **när** det händer."})]
    answer = await teams.answer(payloads.submission(await opened(teams), cue="Strax?"))
    again = dialog_in(answer)
    assert texts(again).splitlines()[0] == "Om: Skriv när det händer."
    [asked] = [element for element in again["card"]["content"]["body"] if element.get("id") == "cue"]
    assert asked["value"] == "Strax?"


async def test_a_link_that_was_refused_stands_there_as_it_was_written(teams: Teams) -> None:
    link = "https://teams.microsoft.com/l/channel/19%3Aabc%40thread.tacv2/Allm%C3%A4nt https://exempel.se/"
    audience = PeopleInput(name="audience", label="Kanal", audience=Audience.CHANNEL)
    teams.intake.says = [OpenForm(replace(FORM, body=(*FORM.body, audience)))]
    dialog = dialog_in(await teams.answer(payloads.fetch()))
    teams.intake.says = [Refuse({"audience": "Knuff kommer inte åt den ena."})]
    again = dialog_in(await teams.answer(payloads.submission(dialog, cue="A", audience=link)))
    [asked] = [element for element in again["card"]["content"]["body"] if element.get("id") == "audience"]
    assert asked["value"] == link


async def test_a_form_that_was_refused_can_be_corrected_and_sent_again(teams: Teams) -> None:
    teams.intake.says = [Refuse({"cue": "Skriv en situation."})]
    refused = dialog_in(await teams.answer(payloads.submission(await opened(teams), cue="?")))
    teams.intake.says = []
    assert await teams.answer(payloads.submission(refused, cue="När mötet börjar")) is None
    [submitted] = teams.intake.kept
    assert isinstance(submitted, Submitted)
    assert submitted.values == {"cue": "När mötet börjar"}


async def test_a_form_is_followed_by_the_next(teams: Teams) -> None:
    teams.intake.says = [OpenForm(NEXT)]
    assert dialog_in(await teams.answer(payloads.submission(await opened(teams), cue="A")))["title"] == "Tagen"


async def test_a_form_sent_twice_is_kept_once_and_answered_alike(teams: Teams) -> None:
    teams.intake.says = [OpenForm(NEXT), SAY]
    sent = payloads.submission(await opened(teams), cue="A")
    first, second = await teams.answer(sent), await teams.answer({**sent, "id": "f:again"})
    assert first == second
    assert len(teams.intake.kept) == 1
    assert teams.intake.shown == [SAY]


async def test_a_form_sent_twice_at_the_same_moment_is_answered_alike(teams: Teams) -> None:
    dialog = await opened(teams)
    teams.intake.says, teams.intake.seconds, teams.intake.handling_seconds = [OpenForm(NEXT)], 0.1, 0.3
    sent = payloads.submission(dialog, cue="A")
    first, second = await asyncio.gather(teams.answer(sent), teams.answer(sent))
    assert dialog_in(first) == dialog_in(second)
    assert len(teams.intake.kept) == 1


async def test_a_form_refused_alike_when_sent_twice(teams: Teams) -> None:
    teams.intake.says = [Refuse({"cue": "Skriv en situation."})]
    sent = payloads.submission(await opened(teams), cue="?")
    assert await teams.answer(sent) == await teams.answer(sent)


async def test_a_form_of_another_version_of_us_is_answered_kindly_and_not_kept(teams: Teams) -> None:
    old = payloads.sent({"knuff": {"form": "plan", "about": "12", "token": "t", "again": "AAAA"}, "cue": "Något"})
    answer = await teams.answer(old)
    assert answer["task"]["type"] == "message"
    assert "inget är sparat" in answer["task"]["value"]
    english = await teams.answer({**old, "entities": [], "locale": "en-US"})
    assert "nothing has been saved" in english["task"]["value"]
    assert teams.intake.kept == []


async def test_a_form_that_somebody_made_up_is_refused_in_words(teams: Teams) -> None:
    """What a form carries comes back from people's own clients."""
    made_up = Form(name="plan", title="Plan", submit=None, close="Nej", body=(TextInput(name="cue", label="Om"),))
    teams.intake.says = [Refuse({"cue": "Skriv en _situation_."})]
    knuff = {"form": "plan", "about": "12", "token": "t", "again": pack(made_up)}
    answer = await teams.answer(payloads.sent({"knuff": knuff, "cue": "?"}))
    assert answer == {"task": {"type": "message", "value": "Skriv en situation."}}


async def test_a_replaced_card_is_shown_after_the_dialog_closed(teams: Teams) -> None:
    replaced = Replace(message=MessageRef(conversation=payloads.CHAT, message=payloads.CARD), card=SAY.card)
    teams.intake.says = [replaced]
    assert await teams.answer(payloads.submission(await opened(teams), cue="A")) is None
    assert teams.intake.shown == [replaced]


async def test_the_dialog_that_is_opened_is_what_dress_makes_of_the_form(teams: Teams) -> None:
    teams.intake.says = [OpenForm(FORM)]
    dialog = dialog_in(await teams.answer(payloads.fetch()))
    [submit] = dialog["card"]["content"]["actions"]
    made = dress.dialog(FORM, submit["data"]["knuff"]["token"], language="sv")
    assert dialog == made


async def test_a_message_that_cannot_be_kept_is_not_acknowledged(teams: Teams) -> None:
    teams.intake.fails = True
    assert (await teams.post(payloads.written())).status == 503


async def test_a_press_that_cannot_be_kept_is_answered_in_words(teams: Teams) -> None:
    teams.intake.fails = True
    assert "gick inte att spara" in (await teams.answer(payloads.press()))["value"]
    assert "gick inte att öppna" in (await teams.answer(payloads.fetch()))["task"]["value"]


async def test_a_form_that_cannot_be_kept_stays_open_with_what_was_filled_in(teams: Teams) -> None:
    dialog = await opened(teams)
    teams.intake.fails = True
    sent = payloads.submission(dialog, cue="När mötet börjar")
    again = texts(dialog_in(await teams.answer(sent)))
    assert "gick inte att spara" in again.splitlines()[0]
    assert "När mötet börjar" in again
    teams.intake.fails, teams.intake.says = False, [OpenForm(NEXT)]
    taken = await teams.answer(sent)
    assert dialog_in(taken)["title"] == "Tagen"
    assert await teams.answer(sent) == taken
    assert len(teams.intake.kept) == 1


@pytest.mark.parametrize(
    ("says", "said"),
    [
        ([OpenForm(NEXT), SAY], [OpenForm(NEXT), SAY]),
        ([Refuse({"cue": "Skriv en situation."})], ["Skriv en situation."]),
    ],
)
async def test_what_takes_too_long_is_answered_in_three_seconds_and_goes_on_in_the_chat(
    teams: Teams, says: list[Show], said: list[Any]
) -> None:
    dialog = await opened(teams)
    teams.intake.says, teams.intake.handling_seconds = says, 3.0
    began = monotonic()
    answer = await teams.answer(payloads.submission(dialog, cue="A"))
    assert monotonic() - began < 3.0
    assert answer["task"]["type"] == "message"
    assert "i chatten" in answer["task"]["value"]
    assert teams.intake.shown == []
    async with asyncio.timeout(3):
        while not teams.intake.shown:  # noqa: ASYNC110 - nobody waits for it any more
            await asyncio.sleep(0.02)
    assert [show.card.summary if isinstance(show, Say) and show != SAY else show for show in teams.intake.shown] == said


async def test_what_is_not_kept_in_time_is_asked_for_again_and_a_form_stays_open(teams: Teams) -> None:
    """Nothing is acknowledged before it is kept."""
    dialog = await opened(teams)
    teams.intake.seconds = 3.0
    began = monotonic()
    pressed, sent = await asyncio.gather(
        teams.answer(payloads.press()), teams.answer(payloads.submission(dialog, cue="När mötet börjar"))
    )
    assert monotonic() - began < 3.0
    assert "gick inte att spara" in pressed["value"]
    assert "gick inte att spara" in texts(dialog_in(sent)).splitlines()[0]
    assert "När mötet börjar" in texts(dialog_in(sent))


async def test_what_fails_after_its_time_is_said_in_the_chat(teams: Teams) -> None:
    dialog = await opened(teams)
    teams.intake.handling_seconds, teams.intake.handling_fails = 2.7, True
    answer = await teams.answer(payloads.submission(dialog, cue="A"))
    assert "i chatten" in answer["task"]["value"]
    async with asyncio.timeout(3):
        while not teams.intake.shown:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    [said] = teams.intake.shown
    assert isinstance(said, Say)
    assert "gick inte att spara" in said.card.summary


async def test_a_form_that_teams_could_not_show_takes_nothing_of_what_was_done_with_it(teams: Teams) -> None:
    never = replace(NEXT, body=(TextInput(name="cue", label="Om"),))  # nothing to send it with
    teams.intake.says = [OpenForm(never), SAY]
    answer = await teams.answer(payloads.submission(await opened(teams), cue="A"))
    assert answer == {"task": {"type": "message", "value": "Svaret står i chatten."}}
    assert teams.intake.shown == [SAY]
    teams.intake.says = [OpenForm(never)]
    assert "gick inte att öppna" in (await teams.answer(payloads.fetch()))["task"]["value"]


async def test_a_form_is_answered_in_its_own_language(teams: Teams) -> None:
    teams.intake.says = [OpenForm(replace(FORM, language="en"))]
    dialog = dialog_in(await teams.answer(payloads.fetch()))
    teams.intake.fails = True
    again = dialog_in(await teams.answer(payloads.submission(dialog, cue="A")))
    assert "could not be saved" in texts(again).splitlines()[0]


async def test_whatever_somebody_does_in_their_chat_says_which_it_is(teams: Teams) -> None:
    for activity in (payloads.written(), payloads.fetch(), payloads.submission(await opened(teams), cue="A")):
        teams.chats.pop(payloads.KARI, None)
        await teams.answer(activity)
        assert teams.chats.get(payloads.KARI) == payloads.CHAT
    teams.chats.pop(payloads.KARI, None)
    await teams.answer(payloads.in_channel())
    assert teams.chats.get(payloads.KARI) is None


async def test_of_an_endless_name_the_beginning_is_kept(teams: Teams) -> None:
    somebody = {"id": "29:1kari", "name": "K" * 300, "aadObjectId": payloads.KARI}
    await teams.answer(payloads.written() | {"from": somebody})
    assert teams.names[payloads.KARI] == "K" * 200


IN_CHANNEL = {"conversationType": "channel", "isGroup": True, "tenantId": payloads.TENANT, "id": payloads.THREAD}


@pytest.mark.parametrize("activity", [payloads.press(), payloads.press_in_old_client()])
async def test_a_press_in_a_channel_is_kept_as_one_and_nothing_said_there_but_that(
    teams: Teams, activity: Json
) -> None:
    answer = await teams.answer(activity | {"conversation": IN_CHANNEL})
    if activity["type"] == "invoke":
        assert answer["value"] == "Mottaget."
    assert [event.in_channel for event in teams.intake.kept] == [True]


async def test_a_button_in_a_channel_that_opens_nothing_says_that_the_answer_is_elsewhere(teams: Teams) -> None:
    teams.intake.says = [SAY]
    answer = await teams.answer(payloads.fetch() | {"conversation": IN_CHANNEL})
    assert answer == {"task": {"type": "message", "value": "Svaret står i vår egen chatt."}}


async def test_a_form_sent_from_a_channel_closes_and_what_is_said_comes_after_it(teams: Teams) -> None:
    teams.intake.says = [OpenForm(FORM)]
    dialog = dialog_in(await teams.answer(payloads.fetch() | {"conversation": IN_CHANNEL}))
    teams.intake.says = [SAY]
    sent = payloads.submission(dialog, cue="När mötet börjar")
    assert await teams.answer(sent | {"conversation": IN_CHANNEL}) is None
    assert teams.intake.shown == [SAY]


async def test_that_a_channel_is_gone_teaches_us_nobodys_name(teams: Teams) -> None:
    data = {"tenant": {"id": payloads.TENANT}, "eventType": "channelDeleted", "channel": {"id": payloads.CHANNEL}}
    told = payloads.activity("conversationUpdate", conversation=IN_CHANNEL, channelData=data)
    await teams.answer(told)
    assert dict(teams.names) == {}
    assert [event.person for event in teams.intake.kept] == [""]
