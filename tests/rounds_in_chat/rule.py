"""What a team does when it kills a rule: six members, a manager beside them, and forms that know nobody."""

from bot.conversation.cards import Form
from bot.conversation.shows import Show
from tests.coordinating.office import form_in
from tests.rounds_in_chat.sprint import alone
from tests.rounds_in_chat.team_room import TEAM, Heard, TeamRoom

FIA = "U0FIA"
SIX = (*TEAM, FIA)
MANAGER = "U0CHEFEN"


async def first_morning(room: TeamRoom, *members: str) -> list[Heard]:
    room.begin(*(members or SIX), challenge="kill-rule", mandate=MANAGER)
    return await room.at_clock(2026, 3, 2, 10)


def opened(room: TeamRoom, heard: list[Heard], who: str) -> Form:
    return form_in(room.press_on(alone(heard, who), "proposal.open", who=who))


def handed_in(room: TeamRoom, heard: list[Heard], who: str, rule: str, cost: str = "") -> list[Show]:
    return room.send(opened(room, heard, who), who=who, in_rule=rule, in_cost=cost)


async def with_five_rules(room: TeamRoom) -> list[Heard]:
    """Five write a rule. Return what is heard on the morning on which they are sorted."""
    monday = await first_morning(room)
    for number, who in enumerate(SIX[:5]):
        handed_in(room, monday, who, f"Regel nummer {number}", "En timme i veckan")
    await room.at_clock(2026, 3, 3, 15)
    return await room.at_clock(2026, 3, 4, 10)
