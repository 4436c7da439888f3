"""What a team takes along: its meetings as a calendar file and a sheet for the wall, behind a link for one use."""

import pytest
from sqlmodel import Session

from bot.conversation.round_documents import huddle_page, meetings_file
from bot.conversation.shows import OpenForm
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Visit
from storage import people
from storage.tables.people import Platform, Workspace
from storage.tables.web import WebLink
from tests.coordinating.office import SAM, form_in, read
from tests.rounds_in_chat.running import RoomWithPage, asked, on_page
from tests.rounds_in_chat.team_room import ANNA, BO, TEAM, TeamRoom, buttons_in
from tests.scheduler.test_calendar_file import read as events_in


@pytest.fixture
def room(room: TeamRoom) -> TeamRoom:
    return RoomWithPage(store=room.store, library=room.library)


def file_for(room: TeamRoom, who: str, round_id: str = "1", *, read_in: Workspace | None = None) -> str:
    def read_file(session: Session) -> str:
        found = people.find(session, platform="slack", workspace="T0", person=who)
        assert found is not None
        workspace, person = found
        visit = Visit(
            session=session,
            house=room.house(),
            workspace=read_in or workspace,
            person=person,
            words=Words("sv"),
            now=room.now,
        )
        assert "Idésprinten" in huddle_page(visit, round_id)
        return meetings_file(visit, round_id)

    return room.look(read_file)


async def test_the_round_and_its_facilitator_lead_to_a_file_and_a_sheet_by_a_link_for_one_use(room: TeamRoom) -> None:
    room.begin(*TEAM)
    [heard] = [one for one in await room.at_clock(2026, 3, 2, 10) if one.who is None]
    facilitators = form_in(room.press_on(heard, "round.facilitate", who=ANNA))
    for who, page in ((SAM, room.round_page()), (ANNA, facilitators)):
        for action, path in (("round.calendar", "/my/round/1/meetings.ics"), ("round.huddle", "/my/round/1/huddle")):
            shown = form_in(on_page(room, action, page, who=who))
            [button] = buttons_in(shown)
            assert button.url is not None
            assert button.url.startswith("https://knuff.example.se/open/")
            assert room.rows(WebLink)
            assert path in {link.leads_to for link in room.rows(WebLink)}
    assert len({link.token_hash for link in room.rows(WebLink)}) == 4


async def test_a_meeting_that_is_moved_is_the_same_meeting_and_newer(room: TeamRoom) -> None:
    room.begin(*TEAM)
    first, last = events_in(file_for(room, BO))
    assert (first["SUMMARY"], last["SUMMARY"]) == ("Idésprinten: uppstart", "Idésprinten: avslutning")
    assert (first["DTSTART"], last["DTSTART"]) == ("20260302T090000Z", "20260309T090000Z")
    assert first["UID"] != last["UID"]
    room.send(form_in(room.send(asked(room, "round.move"), starts_on="2026-03-03")))
    moved = events_in(file_for(room, BO))
    assert [one["UID"] for one in moved] == [first["UID"], last["UID"]]
    assert [one["DTSTART"] for one in moved] == ["20260303T090000Z", "20260310T090000Z"]
    assert [one["SEQUENCE"] for one in (first, *moved)] == ["0", "1", "1"]


def test_whoever_reads_it_in_another_workspace_has_the_same_meetings_as_the_team(room: TeamRoom) -> None:
    room.begin(*TEAM)
    elsewhere = Workspace(
        id=99, organisation_id=1, platform=Platform.TEAMS, external_id="another tenant", created_at=room.now
    )
    here, there = (events_in(file_for(room, BO, read_in=one)) for one in (None, elsewhere))
    assert [one["UID"] for one in here] == [one["UID"] for one in there]


async def test_what_will_not_be_held_is_called_off(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    room.press("round.end", "1")
    first, last = events_in(file_for(room, BO))
    assert (first["STATUS"], last["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert int(last["SEQUENCE"]) > 0


async def test_nobody_is_named_in_it_and_nobody_else_gets_it(room: TeamRoom) -> None:
    room.begin(*TEAM)
    assert not any(one in file_for(room, SAM) for one in TEAM)
    room.press("team.list", who="U0NY")
    for round_id in ("1", "99", "x"):
        with pytest.raises(CannotAnswer):
            file_for(room, "U0NY", round_id)
    assert "med i laget" in read(room.press("round.calendar", "1", who="U0NY"))
    assert room.rows(WebLink) == []


def test_without_a_page_of_our_own_there_are_no_links(room: TeamRoom) -> None:
    bare = TeamRoom(store=room.store, library=room.library)
    bare.begin(*TEAM)
    actions = {button.action for button in buttons_in(bare.round_page())}
    assert actions.isdisjoint({"round.calendar", "round.huddle"})
    assert "ingen egen sida" in read(bare.press("round.calendar", "1"))


async def test_a_round_that_was_held_to_its_end_has_nothing_to_say_to_a_calendar(room: TeamRoom) -> None:
    room.begin(*TEAM)
    for day in (2, 3, 4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
    assert "round.calendar" in {button.action for button in buttons_in(room.round_page())}
    await room.at_clock(2026, 3, 9, 16, 30)
    actions = {button.action for button in buttons_in(form_in(room.press("round.open", "1")))}
    assert "round.huddle" in actions
    assert "round.calendar" not in actions


async def test_meetings_that_were_called_off_are_taken_out_of_a_calendar_afterwards_too(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    page = form_in(room.press("round.end", "1"))
    assert "round.calendar" in {button.action for button in buttons_in(page)}
    assert read([OpenForm(page)]).count("Idésprinten") == 1, "said once"
