"""Installing and removing the app, for oneself and in a team; changing one's profile."""

from dataclasses import replace
from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.teams import activities
from workplace.teams.acts.scene import NOTHING_SENT, Scene
from workplace.teams.records import Conversation, Person


async def install(scene: Scene, person_id: str) -> Done:
    """Install the app for oneself; the chat is the same as before, if there was one."""
    person = scene.person(person_id)
    if person.disabled:
        raise NotPossible(f"an administrator has taken {scene.tenant.bot_name} from {person.name}")
    if person.installed:
        raise NotPossible(f"{person.name} has {scene.tenant.bot_name} already")
    person = scene.tenant.change_person(person, installed=True, blocked=False)
    conversation = scene.tenant.open_personal(person)
    return scene.done(await _tell_of(scene, person, conversation, here=True), conversation=conversation.id)


async def uninstall(scene: Scene, person_id: str) -> Done:
    person = scene.person(person_id)
    conversation = scene.place(person, None)
    if not person.installed:
        raise NotPossible(f"{person.name} has no {scene.tenant.bot_name}")
    scene.tenant.change_person(person, installed=False)
    return scene.done(await _tell_of(scene, person, conversation, here=False), conversation=conversation.id)


async def install_in_team(scene: Scene, team_id: str, *, person_id: str | None = None, here: bool = True) -> Done:
    """Install the app in a team, or (not `here`) remove it; without a person, the first member does it."""
    team = scene.tenant.teams.get(team_id)
    if team is None:
        raise NotPossible(f"there is no team {team_id}")
    if team.installed == here:
        raise NotPossible(f"{scene.tenant.bot_name} is {'already' if here else 'not'} in {team.name}")
    if not team.members:
        raise NotPossible(f"nobody is in {team.name}")
    person = scene.person(person_id or team.members[0])
    general = scene.place(person, team.id)
    scene.tenant.teams[team.id] = replace(team, installed=here)
    return scene.done(await _tell_of(scene, person, general, here=here), conversation=general.id)


async def delete_channel(scene: Scene, channel_id: str) -> Done:
    """Delete a channel; the first member of its team does it. A team's General cannot be deleted."""
    channel = scene.tenant.conversation(channel_id)
    if channel is None or channel.team_id is None:
        raise NotPossible(f"there is no channel {channel_id}")
    team = scene.tenant.teams[channel.team_id]
    if channel.id == team.id:
        raise NotPossible(f"{team.name} needs its General channel")
    if not team.members:
        raise NotPossible(f"nobody is in {team.name}")
    person = scene.person(team.members[0])
    general = scene.place(person, team.id)
    scene.tenant.delete_channel(channel)
    if not team.installed:
        return scene.done(NOTHING_SENT, conversation=channel.id)
    activity = activities.channel_deleted(scene.tenant, person, channel, general, service_url=scene.service_url)
    return scene.done(await scene.deliveries.tell(activity), conversation=channel.id)


def change_profile(scene: Scene, person_id: str, **changes: Any) -> Done:
    """Change zone, language, name, or whether the bot is blocked or disabled; the bot hears nothing of it."""
    scene.tenant.change_person(scene.person(person_id), **changes)
    return scene.done(NOTHING_SENT)


async def _tell_of(scene: Scene, person: Person, conversation: Conversation, *, here: bool) -> Answer:
    """Tell the bot that it has come or gone, in two activities, and return the first answer that is a failure.

    Of being removed from a personal chat Teams tells in one.
    """
    installation = activities.installation(
        scene.tenant, person, conversation, action="add" if here else "remove", service_url=scene.service_url
    )
    answer = await scene.deliveries.tell(installation)
    if conversation.is_personal and not here:
        return answer
    membership = activities.membership(scene.tenant, person, conversation, added=here, service_url=scene.service_url)
    second = await scene.deliveries.tell(membership)
    return second if answer.acknowledged else answer
