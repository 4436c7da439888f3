"""What a team can take along from its round: its meetings as a calendar file, and a sheet for the wall. No chat carries
files on both platforms, so they lie on our own page, behind a link for one use."""

import hashlib

from bot.conversation import own_page
from bot.conversation.cards import Button, Buttons, Note, Paragraph, Style
from bot.conversation.events import Pressed
from bot.conversation.references import number
from bot.conversation.round_pages import page
from bot.conversation.round_view import challenge_of, step_called
from bot.conversation.shows import OpenForm, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.challenges import Challenge, Form
from lessons.huddle import huddle_card
from lessons.models import Language
from scheduler.calendar_file import Meeting, calendar_file
from storage import round_reading, round_steps, rounds, teams
from storage.rounds import RoundNotFound
from storage.tables.people import Workspace
from storage.tables.rounds import Round, RoundState, RoundStep
from storage.tables.teams import Team


def show_calendar(visit: Visit, event: Pressed) -> list[Show]:
    return _offered(visit, event.value, "calendar", "meetings.ics")


def show_huddle(visit: Visit, event: Pressed) -> list[Show]:
    return _offered(visit, event.value, "huddle", "huddle")


def document_buttons(visit: Visit, round_: Round) -> tuple[Button, ...]:
    """Return the buttons to them; none where there is no page of our own. Once it is over, a calendar file has only
    meetings to take away again."""
    if visit.house.page_address is None:
        return ()
    last = round_reading.steps(visit.session, round_.id)[-1]
    changes_a_calendar = round_.state is not RoundState.ENDED or _is_called_off(round_, last)
    names = ("calendar", "huddle") if changes_a_calendar else ("huddle",)
    return tuple(
        Button(text=visit.words(f"round_changes.{name}"), action=f"round.{name}", value=str(round_.id), opens_form=True)
        for name in names
    )


def meetings_file(visit: Visit, value: str) -> str:
    """Return the round's meetings for a calendar. Raises CannotAnswer for a round the reader has no part in."""
    round_, team = _own(visit, value)
    challenge = challenge_of(visit.session, round_)
    return calendar_file(_meetings(visit, round_, team, challenge), now=visit.now)


def huddle_page(visit: Visit, value: str) -> str:
    """Return the round's challenge on one sheet, as an HTML page of its own. Raises as above."""
    round_, team = _own(visit, value)
    return huddle_card(challenge_of(visit.session, round_), Language(team.language))


def _offered(visit: Visit, value: str, what: str, path: str) -> list[Show]:
    round_, _team = _own(visit, value)
    words, address = visit.words, own_page.link(visit, f"/my/round/{round_.id}/{path}")
    if address is None:
        raise CannotAnswer("own_page.none")
    text = words(f"round_changes.{what}_open")
    opens = Button(text=text, action="own_page.open", url=address, style=Style.PRIMARY)
    parts = Paragraph(words(f"round_changes.{what}_link")), Buttons((opens,)), Note(words("round_changes.link_good"))
    return [OpenForm(page(visit, "rounds.title", *parts))]


def _own(visit: Visit, value: str) -> tuple[Round, Team]:
    """Return a round of a team the person is in, plays a part for, or coordinates."""
    try:
        round_ = rounds.find(visit.session, visit.person.organisation_id, number(value))
    except RoundNotFound:
        raise CannotAnswer("rounds.gone") from None
    team = teams.find(visit.session, visit.person.organisation_id, round_.team_id)
    coordinates = visit.is_by_coordinator and team.workspace_id == visit.workspace.id
    plays_a_part = visit.person.id in (team.facilitator_id, team.mandate_id)
    if not (coordinates or plays_a_part or round_steps.is_member(visit.session, visit.person, team.id)):
        raise CannotAnswer("rounds.not_in_team")
    return round_, team


def _meetings(visit: Visit, round_: Round, team: Team, challenge: Challenge) -> list[Meeting]:
    """The first and the last time the team sits together. Who is in it stands nowhere."""
    rows = round_reading.steps(visit.session, round_.id)
    last = "hand_over" if challenge.form is Form.RELAY else "last"
    wanted = [("first", rows[0])] if len(rows) == 1 else [("first", rows[0]), (last, rows[-1])]
    return [_meeting(visit, round_, team, challenge, name, row) for name, row in wanted]


def _meeting(visit: Visit, round_: Round, team: Team, challenge: Challenge, name: str, row: RoundStep) -> Meeting:
    words, step = visit.words, step_called(challenge, row.key)
    called_off = _is_called_off(round_, row)
    # The same meeting whatever its day and wherever it is read, and nobody else's: not even another Knuff's.
    home = visit.session.get_one(Workspace, team.workspace_id)
    whose = f"{home.platform.value}:{home.external_id}:{round_.id}:{name}"
    return Meeting(
        uid=f"{hashlib.sha256(whose.encode()).hexdigest()[:32]}@knuff",
        times_changed=round_.times_changed + called_off,
        starts_at=row.prompt_at,
        minutes=step.minutes,
        title=words(f"round_changes.meeting_{name}", title=words.of(challenge.title)),
        text=words("round_changes.meeting_text", team=team.name, step=words.of(step.title)),
        is_cancelled=called_off,
    )


def _is_called_off(round_: Round, row: RoundStep) -> bool:
    return round_.state is RoundState.ENDED and (round_.ended_at is None or row.prompt_at > round_.ended_at)


ROUTES = Routes(
    presses={"round.calendar": show_calendar, "round.huddle": show_huddle},
    forms={},
    commands={},
    in_channels=frozenset({"round.calendar", "round.huddle"}),
)
