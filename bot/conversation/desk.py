"""The one door of the conversation: an event comes in, what to record is recorded, what to show goes out.

`handle` runs inside one unit of work and touches nothing but the session it is given.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.conversation import home, own_messages, own_teams, proposing, suggesting, typed
from bot.conversation.cards import Button, Card
from bot.conversation.composing import note_card
from bot.conversation.events import (
    AnyEvent,
    ChannelJoined,
    ChannelLeft,
    Commanded,
    Deleted,
    Edited,
    Joined,
    Left,
    Mentioned,
    OpenedHome,
    Pressed,
    Profile,
    ProfileChanged,
    Submitted,
    Uninstalled,
    Wrote,
)
from bot.conversation.nameless import is_nameless, is_suggestion, without_author
from bot.conversation.shows import OpenForm, Replace, Say, Show, ShowHome
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Handler, House, Routes, Typed, Visit
from storage import people, settling, team_channels, teams, workspaces
from storage.tables.people import Person, Workspace

__all__ = ["Handler", "House", "Routes", "Typed", "Visit", "handle"]


def handle(session: Session, house: House, event: AnyEvent, profile: Profile | None, now: datetime) -> list[Show]:
    """Record what the event means and return what to show. `profile` is given for somebody we have not met."""
    if is_nameless(event):
        answer = suggesting.answer if is_suggestion(event) else proposing.answer
        return answer(session, house, without_author(event), now)
    if isinstance(event, Uninstalled):
        workspaces.disconnected(
            session, platform=event.platform, external_id=event.workspace, reason="uninstalled", now=now
        )
        return []
    if isinstance(event, ChannelLeft):
        team_channels.lost(session, platform=event.platform, workspace=event.workspace, channel=event.channel, now=now)
        return []
    if isinstance(event, ChannelJoined):
        team_channels.found(session, platform=event.platform, workspace=event.workspace, channel=event.channel)
        return []
    known = people.find(session, platform=event.platform, workspace=event.workspace, person=event.person)
    if isinstance(event, ProfileChanged):
        if known is not None:
            _follow_profile(session, known[1], event.profile, now)
        return []
    if isinstance(event, Left):
        seen_at = known[1].last_seen_at if known else None
        if known is not None and (seen_at is None or (event.done_at or event.at) >= seen_at):
            settling.person_unreachable(session, known[1].id, reason="not_installed", now=now)
        return []
    if isinstance(event, Mentioned):
        team_channels.found(session, platform=event.platform, workspace=event.workspace, channel=event.message.channel)
        return [Say(_answer_in_channel(session, house, known, event))]
    if profile is not None and profile.is_bot:
        return []
    if known is None and people.is_foreign(session, platform=event.platform, workspace=event.workspace):
        return []  # not our people: nothing of them is kept, and nothing is said with our token
    workspace, person = known or _meet(session, house, event, profile, now)
    people.seen(session, person, at=event.at, now=now)
    if event.profile is not None:
        _follow_profile(session, person, event.profile, now)
    visit = Visit(
        session=session, house=house, workspace=workspace, person=person, words=Words(person.language), now=now
    )
    try:
        shows = _answer(visit, event)
    except CannotAnswer as why:
        shows = [Say(note_card(visit.words(why.key, **why.fields)))]
    session.flush()
    return [_as_shown(show, Words(person.language)) for show in shows]


def _answer(visit: Visit, event: AnyEvent) -> list[Show]:
    # Here and not above: the files that answer import what is in `visiting`, and some of them this file.
    from bot.conversation.routes import ROUTES

    match event:
        case Pressed(action=name) | Submitted(form=name) if event.in_channel and name not in ROUTES.in_channels:
            # It came by a card that was passed on, or made up: what is somebody's own is shown in no channel.
            return [Say(note_card(visit.words("typed.mentioned")))]
        case Pressed():
            handler = ROUTES.presses.get(event.action)
            shows = handler(visit, event) if handler else typed.unknown(visit)
            return shows + _home_again(visit, event, shows)
        case Submitted():
            handler = ROUTES.forms.get(event.form)
            return handler(visit, event) if handler else typed.unknown(visit)
        case Wrote():
            wrote = own_messages.as_it_stands(visit, event)
            return typed.wrote(visit, wrote, dict(ROUTES.commands)) if wrote else []
        case Commanded():
            return typed.commanded(visit, event, dict(ROUTES.commands))
        case Edited():
            return own_messages.edited(visit, event)
        case Deleted():
            return own_messages.deleted(visit, event)
        case OpenedHome():
            return home.show(visit)
        case Joined():
            visit.person.conversation_id = event.conversation
            return []
        case ProfileChanged() | Left() | Mentioned() | ChannelLeft() | ChannelJoined() | Uninstalled():
            return []


def _as_shown(show: Show, words: Words) -> Show:
    """Say in which language it is, and give a form the words for when it cannot be opened: nobody presses and hears
    nothing."""
    match show:
        case Say(card) | Replace(_, card) | ShowHome(card):
            return replace(show, card=replace(card, language=card.language or words.language))
        case OpenForm(form):
            too_late, not_opened = words("typed.form_too_late"), words("typed.form_not_opened")
            return OpenForm(replace(form, language=words.language), too_late=too_late, not_opened=not_opened)
        case _:
            return show


def _home_again(visit: Visit, event: Pressed, shows: list[Show]) -> list[Show]:
    """Show Home anew after a button on it, so that it says what was done."""
    from_home = event.message is None and event.view is None
    return home.show(visit) if from_home and not any(isinstance(show, OpenForm) for show in shows) else []


def _answer_in_channel(
    session: Session, house: House, known: tuple[Workspace, Person] | None, event: Mentioned
) -> Card:
    """Return what is said where everybody reads along: how to join the channel's team, or where else to write to us."""
    words = _words(known, event)
    workspace = people.find_workspace(session, platform=event.platform, workspace=event.workspace)
    channel = event.message.channel
    team = teams.in_channel(session, workspace.id, channel) if workspace is not None else None
    if team is not None:
        return own_teams.invitation(team)
    if event.person in house.coordinators or (known is not None and known[1].is_coordinator):
        new = Button(text=words("teams.new_here"), action="team.new", value=channel, opens_form=True)
        return note_card(words("teams.none_here"), new)
    return note_card(words("typed.mentioned"))


def _words(known: tuple[Workspace, Person] | None, event: Mentioned) -> Words:
    """Return our texts in the language of somebody we may not have met, and do not meet by this."""
    told = event.profile.language if event.profile else None
    return Words(known[1].language if known else told or people.DEFAULT_LANGUAGE)


def _meet(
    session: Session, house: House, event: AnyEvent, profile: Profile | None, now: datetime
) -> tuple[Workspace, Person]:
    workspace = people.workspace_met(
        session,
        platform=event.platform,
        workspace=event.workspace,
        organisation_name=house.organisation_name,
        now=now,
    )
    person = people.person_met(
        session,
        workspace=workspace,
        external_id=event.person,
        zone=profile.zone if profile else None,
        language=profile.language if profile else None,
        saves_text=house.saves_text,
        now=now,
    )
    return workspace, person


def _follow_profile(session: Session, person: Person, profile: Profile, now: datetime) -> None:
    people.profile_changed(
        session, person, zone=profile.zone, language=profile.language, is_gone=profile.is_gone, now=now
    )
