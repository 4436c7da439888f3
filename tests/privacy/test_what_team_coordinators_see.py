"""Everything a coordinator can press and send about teams, rounds and relays, while people write, vote and leave."""

import re
from collections.abc import Iterator

import pytest

from bot.conversation import relay_routes, team_routes
from bot.conversation.cards import ChoiceInput, Form
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from lessons.library import Library
from storage.database import Store
from storage.tables.rounds import Round, RoundStep
from tests.coordinating.office import Picked, form_in, home, read, somebody
from tests.in_memory import connection_of, in_memory
from tests.relays_in_chat.relay_room import NORTH, RelayRoom
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, DAG, TEAM

MARK = "Hemligheten"
PRESSES = {**team_routes.ROUTES.presses, **relay_routes.ROUTES.presses}
LAST = ("relay.end", "round.end", "team.end")
"""Pressed in this order when all else has been looked at."""
PICKED: Picked = {"people": (somebody("U0NEW"),), "facilitator": (somebody("U0NEW"),)}
"""Whom the coordinator picks in a form. Whoever is picked may be named back."""
PRIVATE = re.compile(r"\b(?:FROM|JOIN)\s+(contribution|proposal|vote|token_given|wrap_up_approval|baton_approval)\b")
COUNTING = {"round.end", "relay.end"}
"""What is over is counted: the numbers are all that stays."""
SAID_AGAIN = "round.extend > round.change"
"""What the channel has read already is said again there, with its new hour."""


async def a_room(library: Library, store: Store, *, leaves: str = "never") -> RelayRoom:
    """A relay whose first team writes, and an idea sprint in which three of five write and vote. Bo does neither."""
    room = RelayRoom(store=store, library=library)
    room.make_teams()
    room.begin()
    room.make_team(*TEAM, name="Väst")
    if leaves == "before":
        room.press("team.leave", room.team_id(), who=BO)
    room.send(form_in(room.choose()))
    await room.come(home(2026, 3, 2, 10))
    if leaves == "while they write":
        room.press("team.leave", room.team_id(), who=BO)
    for who in (ANNA, CIA, DAG):
        room.send(form_in(room.press("contribution.open", step_of(room, "need"), who=who)), who=who, in_need=MARK)
    room.write_baton(1, NORTH[0], learning=MARK)
    await room.come(home(2026, 3, 2, 15))
    await room.come(home(2026, 3, 3, 10))
    if leaves == "while they vote":
        room.press("team.leave", room.team_id(), who=BO)
    for who in (ANNA, CIA):
        form = form_in(room.press("vote.open", step_of(room, "choose_need"), who=who))
        [choice] = [part for part in form.body if isinstance(part, ChoiceInput)]
        room.send(form, who=who, choice=choice.options[0].value)
    return room


def step_of(room: RelayRoom, key: str) -> int:
    return next(step.id for step in room.rows(RoundStep) if step.key == key)


def everything_shown(room: RelayRoom) -> Iterator[tuple[str, list[Show]]]:
    """Press every button and send every form it leads to, for the sprint's team and round, and for the relay."""
    [sprint] = [one for one in room.rows(Round) if one.id == max(each.id for each in room.rows(Round))]
    about = {"team": sprint.team_id, "round": sprint.id, "relay": 1}
    values = {"round.new": sprint.team_id, "relay.skip": room.leg(2), "team.new": "C0NEW"}
    for action in [*sorted(PRESSES.keys() - set(LAST)), *LAST]:
        yield from _followed(room, action, room.press(action, values.get(action, about[action.partition(".")[0]])))
    for action, skip in (("team.list", "20"), ("team.open", f"{sprint.team_id}:20"), ("relay.list", "20")):
        yield from _followed(room, f"{action} more", room.press(action, skip))


def _followed(room: RelayRoom, action: str, shows: list[Show]) -> Iterator[tuple[str, list[Show]]]:
    yield action, shows
    while (form := _to_send(shows)) is not None:
        shows = room.send(form, profiles=PICKED, **({"name": "Nya"} if form.name == "team.new" else {}))
        yield f"{action} > {form.name}", shows


def _to_send(shows: list[Show]) -> Form | None:
    return next((show.form for show in shows if isinstance(show, OpenForm) and show.form.submit), None)


async def test_no_button_or_form_about_teams_shows_who_is_in_one_what_they_wrote_or_how_they_voted(
    library: Library, store: Store
) -> None:
    seen = {}
    for name, shows in everything_shown(await a_room(library, store)):
        seen[name] = shown = repr(to_coordinator(shows))
        assert MARK not in shown, name
        # Who facilitates a team is no secret: a coordinator chose them.
        assert re.findall(r"\bU(?:0(?:BO|CIA|DAG|EVA)|N[2-9]|S[2-9])\b", shown) == [], name
    assert PRESSES.keys() <= seen.keys()
    sent = {name.partition(" > ")[2] for name in seen} - {""}
    assert sent >= {"team.new", "team.add", "team.remove", "team.edit", "round.extend", "relay.closing_day"}
    assert "klart, 3 av 5" in seen["round.open"], "and something is shown"


async def test_no_statement_run_for_a_coordinator_of_teams_reads_what_was_written_or_voted(
    library: Library, store: Store
) -> None:
    room = await a_room(library, store)
    statements: list[str] = []
    # The driver's own trace: what `Prepared` runs passes SQLAlchemy's events by.
    connection_of(store).set_trace_callback(statements.append)
    reading = set()
    for name, _shows in everything_shown(room):
        if any(PRIVATE.search(one) for one in statements):
            reading.add(name)
        words = [one for one in statements if re.search(r"SELECT[^()]*\binputs\b.*FROM", one, re.DOTALL)]
        assert name == SAID_AGAIN or not words, name
        statements.clear()
    assert reading <= COUNTING | {SAID_AGAIN}


@pytest.mark.parametrize("leaves", ["before", "while they write", "while they vote"])
async def test_whether_somebody_has_left_quietly_changes_nothing_that_a_coordinator_reads(
    library: Library, store: Store, leaves: str
) -> None:
    other = in_memory()
    stays, leaving = await a_room(library, store), await a_room(library, other, leaves=leaves)
    for (name, shown), (_name, shown_too) in zip(everything_shown(stays), everything_shown(leaving), strict=True):
        assert said(shown_too) == said(shown), name
    other.close()


def to_coordinator(shows: list[Show]) -> list[Show]:
    """What is shown to whoever pressed: not what is said again in the channel."""
    return [show for show in shows if isinstance(show, OpenForm | Refuse | Say)]


def said(shows: list[Show]) -> str:
    return read(to_coordinator(shows)) + str([show.errors for show in shows if isinstance(show, Refuse)])
