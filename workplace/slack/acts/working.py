"""Joining, changing one's profile, leaving; and removing the bot."""

from dataclasses import replace
from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.seed import SeedPerson
from workplace.slack import wire
from workplace.slack.acts.scene import Scene
from workplace.slack.records import Channel, Person


async def change_profile(scene: Scene, person_id: str, **changes: Any) -> Done:
    """Change zone, locale, name or whether someone is deactivated; the bot hears `user_change`."""
    person = scene.workspace.change_person(scene.person(person_id), **changes)
    return scene.done(await _tell_of(scene, person, "user_change"))


async def join(scene: Scene, seed: SeedPerson) -> Done:
    if seed.id in scene.workspace.people:
        raise NotPossible(f"{seed.id} works here already")
    return scene.done(await _tell_of(scene, scene.workspace.add_person(seed), "team_join"))


async def archive(scene: Scene, channel_id: str, *, archived: bool) -> Done:
    """Archive a channel, or bring it back."""
    channel = _channel(scene, channel_id)
    scene.workspace.conversations.change_channel(replace(channel, is_archived=archived))
    event_type = "channel_archive" if archived else "channel_unarchive"
    return await _tell_of_channel(scene, channel, event_type, user=next(iter(channel.members), ""))


async def delete_channel(scene: Scene, channel_id: str) -> Done:
    channel = _channel(scene, channel_id)
    scene.workspace.conversations.delete_channel(channel)
    return await _tell_of_channel(scene, channel, "channel_deleted")


async def invite(scene: Scene, channel_id: str, *, here: bool) -> Done:
    """Take the bot into a channel, or (not `here`) out of it."""
    channel = scene.workspace.conversations.change_channel(replace(_channel(scene, channel_id), bot_is_member=here))
    user = next(iter(channel.members), "")
    if not here:
        return await _tell_of_channel(scene, channel, "channel_left", force=True, actor_id=user)
    bot = scene.workspace.app.bot_user_id
    return await _tell_of_channel(scene, channel, "member_joined_channel", user=bot, inviter=user, channel_type="C")


async def uninstall(scene: Scene) -> Done:
    """Remove the bot: every call is refused from now on. Slack sends these two events in any order."""
    tokens = {"oauth": [], "bot": [scene.workspace.app.bot_user_id]}
    await scene.deliveries.event({"type": "tokens_revoked", "tokens": tokens})
    answer = await scene.deliveries.event({"type": "app_uninstalled"})
    scene.workspace.installed = False
    return scene.done(answer)


def install(scene: Scene) -> Done:
    """Put the bot back; what it said before is still there."""
    scene.workspace.installed = True
    return scene.done(Answer(reason=None))


def _channel(scene: Scene, channel_id: str) -> Channel:
    found = scene.workspace.conversations.channel(channel_id)
    if found is None or found.is_direct:
        raise NotPossible(f"there is no channel {channel_id}")
    return found


async def _tell_of_channel(
    scene: Scene, channel: Channel, event_type: str, *, force: bool = False, **more: Any
) -> Done:
    """Tell the bot what has become of a channel it is in, or (`force`) was in until now."""
    ts = scene.workspace.conversations.new_ts(scene.workspace.now())
    event = {"type": event_type, "channel": channel.id, "event_ts": ts, **more}
    answer = await scene.deliveries.event(event) if channel.bot_is_member or force else Answer(reason=None)
    return scene.done(answer, channel=channel.id)


async def _tell_of(scene: Scene, person: Person, event_type: str) -> Answer:
    user = wire.user(scene.workspace, person, with_locale=True)
    ts = scene.workspace.conversations.new_ts(scene.workspace.now())
    return await scene.deliveries.event({"type": event_type, "user": user, "cache_ts": person.updated, "event_ts": ts})
