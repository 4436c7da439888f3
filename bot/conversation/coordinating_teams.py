"""Teams, for whoever coordinates: made, looked at, added to, ended. Nobody in one is ever listed."""

from collections.abc import Callable
from typing import Any

from bot.conversation import facilitators
from bot.conversation.answering import about as about_message
from bot.conversation.answering import was_about
from bot.conversation.cards import (
    Button,
    Buttons,
    Channel,
    Confirm,
    Divider,
    Facts,
    Form,
    Heading,
    Note,
    Paragraph,
    Part,
    Style,
)
from bot.conversation.cohort_choices import Fault
from bot.conversation.coordinating import back_to_list, number, refusal
from bot.conversation.coordinating_setup import refuse
from bot.conversation.events import Pressed, Profile, Submitted
from bot.conversation.long_lists import MOST_LISTED, more_parts
from bot.conversation.own_teams import invitation
from bot.conversation.round_pages import page
from bot.conversation.round_view import challenge_of
from bot.conversation.shows import OpenForm, Refuse, Replace, Show
from bot.conversation.team_choices import choices_from, lacks_us, picked
from bot.conversation.team_forms import new_team, pick_people
from bot.conversation.texts import Words
from bot.conversation.visiting import Handler, Visit
from storage import enrolments, known_members, people, round_reading, team_audit, team_channels, teams
from storage.cohorts import CohortNotFound, DraftNotFound
from storage.enrolments import Newcomer
from storage.moments import local_day
from storage.rounds import RoundNotFound, RoundUnderWay, TeamHasEnded
from storage.tables.people import Person
from storage.tables.rounds import Round, RoundState
from storage.tables.teams import Team
from storage.teams import ChannelTaken, NewTeam, TeamNotFound


def for_teams(handler: Handler) -> Handler:
    """Tell whoever reaches for a team, a round or a preview that is not there any more what to do."""

    def guarded(visit: Visit, event: Any) -> list[Show]:
        try:
            return handler(visit, event)
        except (TeamNotFound, RoundNotFound, CohortNotFound):
            return refusal(visit, event, visit.words("teams.gone"))
        except DraftNotFound:
            return refusal(visit, event, visit.words("teams.draft_gone"))
        except TeamHasEnded:
            return refusal(visit, event, visit.words("teams.has_ended"))
        except ChannelTaken:
            return refusal(visit, event, visit.words("teams.channel_taken"))
        except RoundUnderWay:
            return refusal(visit, event, visit.words("teams.round_under_way"))

    return guarded


def show_teams(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(_list_form(visit, number(event.value) if event.value else 0))]


def show_team(visit: Visit, event: Pressed) -> list[Show]:
    team_id, _, skip = event.value.partition(":")
    return [OpenForm(team_form(visit, own_team(visit, team_id), skip=number(skip) if skip else 0))]


def ask_for_choices(visit: Visit, event: Pressed) -> list[Show]:
    """Open the form for a new team: in the channel where it was asked for, or in one to be picked."""
    reads = visit.house.extra_audiences
    begun_in = about_message(event.value, event.message) if event.value else ""
    return [OpenForm(new_team(visit.words, begun_in=begun_in, reads_channels=reads))]


def make(visit: Visit, event: Submitted) -> list[Show]:
    choices, faults = choices_from(event, reads_channels=visit.house.extra_audiences)
    if choices is None:
        return [refuse(visit.words, faults)]
    if teams.in_channel(visit.session, visit.workspace.id, choices.channel_id) is not None:
        return [refuse(visit.words, [Fault("name" if event.about else "channel", "teams.channel_taken")])]
    new = NewTeam(
        name=choices.name,
        channel_id=choices.channel_id,
        language=choices.language,
        zone=people.DEFAULT_ZONE,
        slot=f"{choices.slot:%H:%M}",
        calendar=choices.calendar.to_choices(),
    )
    team = teams.make(visit.session, met(visit, choices.facilitator), new, visit.now)
    if lacks_us(event):
        _lost_here(visit, team)
    joined = _join(visit, team, choices.members)
    team_audit.write_down(visit.session, visit.person, "team_made", visit.now, team=team.id, people=joined)
    made = visit.words("teams.made", name=team.name)
    _channel, at = was_about(event.about)
    again = [Replace(at, invitation(team))] if at is not None else []  # it says that the channel has no team
    if event.in_channel:  # where nothing else of the coordinator's is taken
        parts = Paragraph(f"**{made}**"), Paragraph(visit.words("teams.made_go_on"))
        return [OpenForm(page(visit, "teams.page_title", *parts)), *again]
    return [OpenForm(team_form(visit, team, saying=made)), *again]


def ask_whom_to_add(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(pick_people(visit.words, team_id=own_team(visit, event.value).id, subject="add"))]


def ask_whom_to_remove(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(pick_people(visit.words, team_id=own_team(visit, event.value).id, subject="remove"))]


def add(visit: Visit, event: Submitted) -> list[Show]:
    team = own_team(visit, event.about)
    faults: list[Fault] = []
    chosen = picked(event, "people", faults)
    if faults:
        return [refuse(visit.words, faults)]
    if not chosen:
        return [Refuse({"people": visit.words("coordinating.people_missing")})]
    if team.ended_at is not None:
        raise TeamHasEnded(team.id)
    joined = _join(visit, team, chosen)
    team_audit.write_down(visit.session, visit.person, "team_people_added", visit.now, team=team.id, people=joined)
    return [OpenForm(team_form(visit, team, saying=visit.words("teams.added_now")))]


def remove(visit: Visit, event: Submitted) -> list[Show]:
    """Take people out. The same is said whether or not somebody had left already."""
    team = own_team(visit, event.about)
    chosen = event.profiles.get("people", ())
    if not chosen:
        return [Refuse({"people": visit.words("coordinating.people_missing")})]
    known_members.take_out(visit.session, [met(visit, one).id for one in chosen], team.id, visit.now)
    number_of = len(chosen)
    team_audit.write_down(visit.session, visit.person, "team_people_removed", visit.now, team=team.id, people=number_of)
    return [OpenForm(team_form(visit, team, saying=visit.words("teams.removed_now")))]


def end(visit: Visit, event: Pressed) -> list[Show]:
    team = own_team(visit, event.value)
    ended = teams.end(visit.session, visit.person.organisation_id, team.id, visit.now)
    if ended:
        team_audit.write_down(visit.session, visit.person, "team_ended", visit.now, team=team.id)
    said = "ended_now" if ended else "still_running" if team.ended_at is None else "has_ended"
    visit.session.refresh(team)
    return [OpenForm(team_form(visit, team, saying=visit.words(f"teams.{said}")))]


def own_team(visit: Visit, value: str) -> Team:
    """Return a team of the coordinator's workspace. Raises TeamNotFound."""
    team = teams.find(visit.session, visit.person.organisation_id, number(value))
    if team.workspace_id != visit.workspace.id:
        raise TeamNotFound(team.id)
    return team


def team_form(visit: Visit, team: Team, *, saying: str | None = None, skip: int = 0) -> Form:
    """One team, with its rounds and what can be done with it. How many are in it is not said: whoever added them knows,
    and two looks would tell who has left. `saying` is what has just happened."""
    words = visit.words
    said: tuple[Part, ...] = (Paragraph(f"**{saying}**"), Divider()) if saying else ()
    rounds = round_reading.rounds_of(visit.session, team)
    return Form(
        name="team.page",
        title=words("teams.page_title"),
        submit=None,
        close=words("coordinating.close"),
        body=(
            *said,
            Heading(team.name),
            *lost_parts(visit, team),
            *_channel(words, team),
            Facts(
                (
                    (words("teams.page_slot"), words.slot(team.slot)),
                    (words("teams.page_language"), words(f"teams.language_{team.language}")),
                )
            ),
            *facilitators.named(visit.session, team, words("teams.page_facilitator")),
            *_rounds(visit, team, rounds, skip),
            *(() if team.ended_at is not None else _actions(visit, team, rounds)),
            Buttons((button(visit, "back", "team.list"),)),
            Note(words("teams.page_privacy")),
        ),
    )


def button(
    visit: Visit,
    text: str,
    action: str,
    about: int | None = None,
    *,
    style: Style = Style.PLAIN,
    confirm: Confirm | None = None,
    spoken: str | None = None,
) -> Button:
    label = visit.words(f"teams.{text}")
    return Button(
        text=label,
        action=action,
        value=str(about) if about is not None else "",
        style=style,
        confirm=confirm,
        opens_form=True,
        spoken=f"{label}: {spoken}"[:75] if spoken else None,
    )


def sure(visit: Visit, what: str) -> Confirm:
    words: Callable[[str], str] = visit.words
    return Confirm(
        title=words(f"teams.{what}_title"),
        text=words(f"teams.{what}_text"),
        yes=words(f"teams.{what}_yes"),
        no=words("coordinating.cancel"),
    )


def round_line(visit: Visit, round_: Round) -> str:
    words = visit.words
    title = words.of(challenge_of(visit.session, round_).title)
    ending = round_.ending
    state = words(f"teams.state_{round_.state.value}") if ending is None else words(f"teams.ending_{ending.value}")
    return words("teams.round_line", title=title, day=words.day(round_.starts_on), state=state)


def _under_way(rounds: list[Round]) -> Round | None:
    return next((one for one in rounds if one.state is not RoundState.ENDED), None)


def _list_form(visit: Visit, skip: int) -> Form:
    words = visit.words
    every = round_reading.teams_here(visit.session, visit.person)
    parts: list[Part] = []
    for team in every[skip : skip + MOST_LISTED]:
        parts += [
            Paragraph(_team_line(visit, team)),
            Buttons((button(visit, "open", "team.open", team.id, spoken=team.name),)),
        ]
    if not every:
        parts.append(Paragraph(words("teams.list_none")))
    parts += more_parts(words, "team.list", "", skip, len(every))
    return Form(
        name="team.list",
        title=words("teams.list_title"),
        submit=None,
        close=words("coordinating.close"),
        body=(
            *parts,
            Divider(),
            Buttons((button(visit, "new", "team.new", style=Style.PRIMARY),)),
            back_to_list(visit),
            Note(words("teams.page_privacy")),
        ),
    )


def _team_line(visit: Visit, team: Team) -> str:
    if team.ended_at is not None:
        return visit.words("teams.team_line", name=team.name, state=visit.words("teams.state_ended"))
    if team.channel_lost_at is not None:
        return visit.words("teams.team_line", name=team.name, state=visit.words("round_changes.channel_lost_short"))
    return f"**{team.name}**"


def lost_parts(visit: Visit, team: Team) -> list[Part]:
    """That we cannot write in the channel, since when, and what to do. In one just chosen we never could."""
    if team.channel_lost_at is None or team.ended_at is not None:
        return []
    if team.channel_lost_at <= team.made_at:
        return [Paragraph(visit.words("round_changes.channel_not_yet"))]
    day = visit.words.day(local_day(team.channel_lost_at, team.zone))
    return [Paragraph(visit.words("round_changes.channel_lost", day=day))]


def _edit(visit: Visit, team: Team) -> Button:
    return Button(text=visit.words("round_changes.edit"), action="team.edit", value=str(team.id), opens_form=True)


def _rounds(visit: Visit, team: Team, rounds: list[Round], skip: int) -> list[Part]:
    parts: list[Part] = [Divider(), Heading(visit.words("teams.rounds_title"))]
    if not rounds:
        parts.append(Paragraph(visit.words("teams.rounds_none")))
    for one in rounds[skip : skip + MOST_LISTED]:
        line = round_line(visit, one)
        parts += [Paragraph(line), Buttons((button(visit, "round_open", "round.open", one.id, spoken=line),))]
    return [*parts, *more_parts(visit.words, "team.open", f"{team.id}:", skip, len(rounds))]


def _channel(words: Words, team: Team) -> list[Part]:
    if team.channel_id is None:
        return []
    unnamed = words("teams.page_channel_unnamed")
    return [Channel(words("teams.page_channel"), team.channel_id, unnamed=unnamed)]


def _actions(visit: Visit, team: Team, rounds: list[Round]) -> list[Part]:
    running = _under_way(rounds) is not None
    start = [] if running else [button(visit, "round_new", "round.new", team.id, style=Style.PRIMARY)]
    ending = (
        [] if running else [button(visit, "end", "team.end", team.id, style=Style.DANGER, confirm=sure(visit, "end"))]
    )
    return [
        Divider(),
        Buttons(
            (
                *start,
                _edit(visit, team),
                button(visit, "add", "team.add", team.id),
                button(visit, "remove", "team.remove", team.id),
                *ending,
            )
        ),
    ]


def _join(visit: Visit, team: Team, profiles: tuple[Profile, ...]) -> int:
    newcomers = [Newcomer(external_id=one.external_id, zone=one.zone, language=one.language) for one in profiles]
    ids = enrolments.met(
        visit.session,
        visit.workspace,
        newcomers,
        slot=people.DEFAULT_SLOT,
        saves_text=visit.house.saves_text,
        now=visit.now,
    )
    return known_members.add(visit.session, ids, team.id, visit.now)


def _lost_here(visit: Visit, team: Team) -> None:
    """Note that we are not in the team's channel, as far as we were told."""
    team_channels.lost(
        visit.session,
        platform=visit.workspace.platform,
        workspace=visit.workspace.external_id,
        channel=team.channel_id or "",
        now=visit.now,
    )
    visit.session.refresh(team)


def met(visit: Visit, profile: Profile) -> Person:
    """Return somebody who was picked, known to us from now on."""
    return people.person_met(
        visit.session,
        workspace=visit.workspace,
        external_id=profile.external_id,
        zone=profile.zone,
        language=profile.language,
        saves_text=visit.house.saves_text,
        now=visit.now,
    )
