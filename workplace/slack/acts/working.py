"""Joining, changing one's profile, leaving; and removing the bot."""

from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.seed import SeedPerson
from workplace.slack import wire
from workplace.slack.acts.scene import Scene
from workplace.slack.records import Person


async def change_profile(scene: Scene, person_id: str, **changes: Any) -> Done:
    """Change zone, locale, name or whether someone is deactivated; the bot hears `user_change`."""
    person = scene.workspace.change_person(scene.person(person_id), **changes)
    return scene.done(await _tell_of(scene, person, "user_change"))


async def join(scene: Scene, seed: SeedPerson) -> Done:
    if seed.id in scene.workspace.people:
        raise NotPossible(f"{seed.id} works here already")
    return scene.done(await _tell_of(scene, scene.workspace.add_person(seed), "team_join"))


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


async def _tell_of(scene: Scene, person: Person, event_type: str) -> Answer:
    user = wire.user(scene.workspace, person, with_locale=True)
    ts = scene.workspace.conversations.new_ts(scene.workspace.now())
    return await scene.deliveries.event({"type": event_type, "user": user, "cache_ts": person.updated, "event_ts": ts})
