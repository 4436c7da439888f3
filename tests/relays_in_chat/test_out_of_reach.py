"""A team in a workspace that lets Knuff in no more: whoever coordinates reads so, and when the relay goes on."""

from datetime import time

from sqlmodel import Session, col, select

from storage import settling, workspaces
from storage.tables.people import Workspace
from storage.tables.teams import Team
from tests.relays_in_chat.relay_room import CHANNELS, NORTH, RelayRoom, read_form
from tests.rounds_in_chat.team_room import buttons_in

UNREACHED = "Jag är inte ansluten till lagets chatt just nu och når det inte."


def workspace_of_east(session: Session) -> Workspace:
    found = session.exec(select(Team.workspace_id).where(col(Team.name) == "Öst")).one()
    return session.get_one(Workspace, found)


def close(room: RelayRoom) -> None:
    room.look(
        lambda session: settling.workspace_disconnected(
            session, workspace_of_east(session).id, reason="account_inactive", now=room.now
        )
    )


def open_again(room: RelayRoom) -> None:
    def connect(session: Session) -> None:
        lost = workspace_of_east(session)
        workspaces.connected(
            session,
            platform=lost.platform,
            external_id=lost.external_id,
            organisation_name="",
            now=room.now,
        )

    room.look(connect)


async def test_the_board_says_that_the_team_cannot_be_reached_and_when_the_relay_goes_on(room: RelayRoom) -> None:
    room.begin()
    close(room)
    assert UNREACHED not in read_form(room.board()), "it is not its turn"
    await room.run_leg(1, NORTH, 2026, 3, 12)
    assert read_form(room.board()).count(UNREACHED) == 1
    await room.until(2026, 3, 30, time(11))
    said = read_form(room.board())
    assert UNREACHED in said
    assert "Gör laget inget går stafetten vidare onsdag 8 april." in said, "five working days after its last"
    assert "3. Syd**, Alvsunda kommun: börjar torsdag 9 april, som det ser ut nu" in said
    offered = {(one.action, one.value) for one in buttons_in(room.board())}
    assert ("relay.skip", str(room.leg(2))) in offered, "and it need not be waited for"
    before = len(room.told)
    open_again(room)
    await room.until(2026, 3, 30, time(11))
    [stalled] = [one for one in room.told[before:] if one.channel == CHANNELS["Öst"]]
    assert "Gör ni inget går den vidare onsdag 1 april, som den är." in stalled.text
    said = read_form(room.board())
    assert UNREACHED not in said
    assert "Gör laget inget går stafetten vidare onsdag 1 april." in said
