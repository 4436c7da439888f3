"""Writing, changing and deleting messages; mentioning the bot in a team."""

from dataclasses import replace

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.teams import activities
from workplace.teams.acts.scene import NOTHING_SENT, Scene
from workplace.teams.records import Conversation, Message, Person


async def write(
    scene: Scene, person_id: str, text: str, *, conversation_id: str | None = None, thread: str | None = None
) -> Done:
    """Write to the bot, or in a channel, where the bot hears only what mentions it."""
    person = scene.person(person_id)
    conversation = scene.place(person, conversation_id)
    if conversation.is_personal:
        scene.within_reach(person, conversation)
    return await _say(scene, person, conversation, text, thread=thread, heard=conversation.is_personal)


async def mention(
    scene: Scene, person_id: str, text: str, *, team_id: str, channel_id: str | None = None, thread: str | None = None
) -> Done:
    """Mention the bot in a channel of a team, without `channel_id` in General."""
    if team_id not in scene.tenant.teams:
        raise NotPossible(f"there is no team {team_id}")
    person = scene.person(person_id)
    conversation = scene.place(person, channel_id or team_id)
    if conversation.team_id != team_id:
        raise NotPossible(f"{channel_id} is no channel of {team_id}")
    scene.within_reach(person, conversation)
    return await _say(scene, person, conversation, text, thread=thread, heard=True)


async def edit(scene: Scene, person_id: str, message_id: str, text: str, *, conversation_id: str | None = None) -> Done:
    person = scene.person(person_id)
    conversation = scene.place(person, conversation_id)
    before = scene.own_message(person, conversation, message_id)
    if not text.strip():
        raise NotPossible("an empty message cannot be sent")
    after = scene.tenant.keep(replace(before, text=text, edited=True))
    return await _changed(scene, person, conversation, after, event="editMessage")


async def delete(scene: Scene, person_id: str, message_id: str, *, conversation_id: str | None = None) -> Done:
    person = scene.person(person_id)
    conversation = scene.place(person, conversation_id)
    message = scene.own_message(person, conversation, message_id)
    scene.tenant.remove(message)
    return await _changed(scene, person, conversation, message, event="softDeleteMessage")


async def undelete(scene: Scene, person_id: str, message_id: str, *, conversation_id: str | None = None) -> Done:
    person = scene.person(person_id)
    conversation = scene.place(person, conversation_id)
    message = scene.tenant.deleted(conversation, message_id)
    if message is None or message.author != person.id:
        raise NotPossible(f"{person.name} has deleted no message {message_id}")
    scene.tenant.restore(conversation, message_id)
    return await _changed(scene, person, conversation, message, event="undeleteMessage")


async def _say(
    scene: Scene, person: Person, conversation: Conversation, text: str, *, thread: str | None, heard: bool
) -> Done:
    if not text.strip():
        raise NotPossible("an empty message cannot be sent")
    if thread is not None:
        scene.message(conversation, thread)
    tenant = scene.tenant
    said = tenant.keep(
        Message(
            conversation_id=conversation.id,
            id=tenant.new_id(),
            author=person.id,
            by_bot=False,
            text=text,
            at=tenant.clock.now(),
            heard=heard,
            thread=thread,
        )
    )
    tenant.changes.happened()
    answer = NOTHING_SENT
    if heard:
        activity = activities.message(tenant, person, conversation, said, service_url=scene.service_url)
        answer = await scene.deliveries.tell(activity)
    return _done(scene, answer, said)


async def _changed(scene: Scene, person: Person, conversation: Conversation, message: Message, *, event: str) -> Done:
    """Tell the bot of a change to what it has heard, where it can be told: the change is made all the same."""
    scene.tenant.changes.happened()
    answer = NOTHING_SENT
    if message.heard and scene.out_of_reach(person, conversation) is None:
        activity = activities.changed(
            scene.tenant, person, conversation, message, event=event, service_url=scene.service_url
        )
        answer = await scene.deliveries.tell(activity)
    return _done(scene, answer, message)


def _done(scene: Scene, answer: Answer, message: Message) -> Done:
    return scene.done(answer, conversation=message.conversation_id, id=message.id)
