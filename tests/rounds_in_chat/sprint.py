"""What a team does in an idea sprint, in one line each."""

from bot.conversation.cards import ChoiceInput
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, TEAM, Heard, TeamRoom, buttons_in

NEEDS = {ANNA: "Nattpersonalen behöver se schemat", BO: "Vikarien behöver hitta nycklarna", CIA: "Chefen behöver lugn"}


def channel(heard: list[Heard]) -> Heard:
    [one] = [one for one in heard if one.who is None]
    return one


def alone(heard: list[Heard], who: str) -> Heard:
    [one] = [one for one in heard if one.who == who]
    return one


async def to_the_vote(room: TeamRoom) -> Heard:
    """Three write their needs on Monday. Return the vote in the channel on Tuesday."""
    room.begin(*TEAM)
    heard = await room.at_clock(2026, 3, 2, 10)
    for who, need in NEEDS.items():
        form = form_in(room.press_on(alone(heard, who), "contribution.open", who=who))
        room.send(form, who=who, in_need=need)
    await room.at_clock(2026, 3, 2, 15)
    return channel(await room.at_clock(2026, 3, 3, 10))


def choose(room: TeamRoom, heard: Heard, who: str, text: str) -> str:
    form = form_in(room.press_on(heard, "vote.open", who=who))
    [choice] = [part for part in form.body if isinstance(part, ChoiceInput)]
    chosen = next(option.value for option in choice.options if option.text == text)
    return read(room.send(form, who=who, choice=chosen))


def wrapped_up(room: TeamRoom, ending: Heard, who: str, first_test: str = "Vi provar en vecka") -> str:
    """The facilitator writes the card. Return it as somebody reads it."""
    page = form_in(room.press_on(ending, "wrap_up.open", who=ANNA))
    [button] = [button for button in buttons_in(page) if button.action == "wrap_up.ask"]
    form = form_in(room.press(button.action, button.value, who=ANNA))
    room.send(form, who=ANNA, first_test=first_test, owner="Enhetschefen", test_day="Fredag vecka 12")
    return read(room.press_on(ending, "wrap_up.open", who=who))


def approve(room: TeamRoom, ending: Heard, who: str) -> None:
    page = form_in(room.press_on(ending, "wrap_up.open", who=who))
    for button in buttons_in(page):
        if button.action == "wrap_up.approve":
            room.press(button.action, button.value, who=who)


async def to_the_scores(room: TeamRoom, builders: tuple[str, ...]) -> tuple[Heard, Heard]:
    """Three have an idea each, and these build on one. Return what the channel hears on Thursday and on Friday."""
    vote = await to_the_vote(room)
    for who in (ANNA, BO, CIA):
        choose(room, vote, who, NEEDS[BO])
    await room.at_clock(2026, 3, 3, 15)
    ideas = await room.at_clock(2026, 3, 4, 10)
    for who in (ANNA, BO, CIA):
        form = form_in(room.press_on(alone(ideas, who), "contribution.open", who=who))
        room.send(form, who=who, in_idea=f"Idé från {who}")
    await room.at_clock(2026, 3, 4, 15)
    build = channel(await room.at_clock(2026, 3, 5, 10))
    for who in builders:
        form = form_in(room.press_on(build, "contribution.open", who=who))
        [about] = [part for part in form.body if isinstance(part, ChoiceInput)]
        room.send(form, who=who, about=about.options[0].value, in_built=f"Byggt av {who}")
    await room.at_clock(2026, 3, 5, 15)
    return build, channel(await room.at_clock(2026, 3, 6, 10))
