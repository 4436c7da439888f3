"""The teams somebody is in: joined with a button, left quietly, looked up by typing."""

from bot.conversation import pairing_choices
from bot.conversation.cards import Button, Buttons, Card, Confirm, Note, Paragraph, Part
from bot.conversation.events import Pressed
from bot.conversation.references import number
from bot.conversation.round_pages import said
from bot.conversation.shows import Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from storage import teams
from storage.tables.teams import Team
from storage.teams import TeamNotFound


def join(visit: Visit, event: Pressed) -> list[Show]:
    """Let in whoever presses in the team's own channel, where what the team hands in can be read anyhow. Nobody is
    told, and doing it twice changes nothing."""
    team = _team(visit, event.value)
    if not _is_in_channel_of(team, event):
        return said(visit, visit.words("teams.join_in_channel"))
    if not teams.join(visit.session, visit.person, team.id, visit.now):
        return said(visit, visit.words("teams.cannot_join"))
    return said(visit, visit.words("teams.joined", team=team.name), _leave(visit, team))


def leave(visit: Visit, event: Pressed) -> list[Show]:
    team = _team(visit, event.value)
    teams.leave(visit.session, visit.person, team.id, visit.now)
    return said(visit, visit.words("teams.left", team=team.name))


def say_own(visit: Visit, typed: Typed) -> list[Show]:
    return [Say(Card(summary=visit.words("teams.own_summary"), parts=tuple(_own(visit))))]


def invitation(team: Team) -> Card:
    """What is said in a team's channel when somebody asks for us there: this is the team's, and how to join."""
    words = Words(team.language)
    text = words("teams.invitation", team=team.name)
    join_button = Button(text=words("teams.join"), action="team.join", value=str(team.id), opens_form=True)
    parts = (Paragraph(text), Buttons((join_button,)), Note(words("teams.invitation_note")))
    return Card(summary=text, parts=parts, language=words.language)


def _own(visit: Visit) -> list[Part]:
    words = visit.words
    mine = teams.of_person(visit.session, visit.person)
    if not mine:
        return [Paragraph(words("teams.none")), *pairing_choices.in_no_team(visit)]
    parts: list[Part] = []
    for team in mine[:MOST_LISTED]:
        parts += [
            Paragraph(f"**{team.name}**"),
            Buttons((_leave(visit, team),)),
            *pairing_choices.in_own_team(visit, team),
        ]
    return [*parts, *pairing_choices.in_own_teams(visit), Note(words("teams.own_note"))]


def _leave(visit: Visit, team: Team) -> Button:
    words = visit.words
    sure = Confirm(
        title=words("teams.leave_title"),
        text=words("teams.leave_text"),
        yes=words("teams.leave"),
        no=words("teams.stay"),
    )
    return Button(
        text=words("teams.leave"),
        action="team.leave",
        value=str(team.id),
        spoken=f"{words('teams.leave')}: {team.name}"[:75],
        confirm=sure,
        opens_form=True,
    )


def _is_in_channel_of(team: Team, event: Pressed) -> bool:
    return event.in_channel and event.message is not None and event.message.channel == team.channel_id


def _team(visit: Visit, value: str) -> Team:
    try:
        team = teams.find(visit.session, visit.person.organisation_id, number(value))
    except TeamNotFound:
        raise CannotAnswer("teams.gone") from None
    return team


MOST_LISTED = 20

ROUTES = Routes(
    presses={"team.join": join, "team.leave": leave},
    forms={},
    commands={"teams": say_own},
    in_channels=frozenset({"team.join", "team.leave"}),
)
