"""Where a person acts: lookups that see only what the person sees, and what became of an act."""

from dataclasses import dataclass
from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.shapes import Json
from workplace.slack import wire
from workplace.slack.deliveries import Deliveries
from workplace.slack.records import Channel, Message, Person, View
from workplace.slack.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Every lookup raises NotPossible, in words, for what the person cannot see or do."""

    workspace: Workspace
    deliveries: Deliveries
    base_url: str

    def person(self, person_id: str) -> Person:
        person = self.workspace.people.get(person_id)
        if person is None:
            raise NotPossible(f"there is nobody called {person_id}")
        return person

    def active(self, person_id: str) -> Person:
        person = self.person(person_id)
        if person.deleted:
            raise NotPossible(f"{person.real_name} is deactivated and can do nothing")
        if person.is_bot:
            raise NotPossible(f"{person.real_name} is a bot and does nothing here")
        return person

    def place(self, person_id: str, channel_id: str | None) -> Channel:
        """Return the channel named, or the person's direct messages with the bot; nobody sees another's."""
        if channel_id is None:
            return self.workspace.conversations.open_direct(self.active(person_id).id)
        channel = self.workspace.conversations.channel(channel_id)
        if channel is None or person_id not in wire.members(self.workspace, channel):
            raise NotPossible(f"{person_id} is not in {channel_id}")
        return channel

    def open_place(self, person_id: str, channel_id: str | None) -> Channel:
        """Return the place, where something can still be said or pressed."""
        channel = self.place(person_id, channel_id)
        if channel.is_archived:
            raise NotPossible(f"#{channel.name} is archived: it can only be read")
        return channel

    def seen_message(self, person_id: str, channel: Channel, ts: str) -> Message:
        message = self.workspace.conversations.message(channel.id, ts)
        if message is None or message.only_for not in (None, person_id):
            raise NotPossible(f"there is no message {ts} in {channel.id}")
        return message

    def own_message(self, person_id: str, channel: Channel, ts: str) -> Message:
        message = self.seen_message(person_id, channel, ts)
        if message.user_id != person_id:
            raise NotPossible("only one's own messages can be changed")
        return message

    def view(self, person_id: str, view_id: str | None) -> View:
        view = self.workspace.surfaces.find(view_id=view_id) if view_id else self.workspace.surfaces.top(person_id)
        if view is None or view.person_id != person_id:
            raise NotPossible(f"{person_id} has no view {view_id or 'open'}")
        return view

    def top(self, person_id: str, view_id: str | None) -> View:
        top = self.workspace.surfaces.top(person_id)
        if top is None or view_id not in (None, top.id):
            raise NotPossible(f"{person_id} has no form {view_id or 'open'} on top")
        return top

    async def tell(self, channel: Channel, event: Json) -> Answer:
        """Tell the bot what was said where it can hear it."""
        self.workspace.changes.happened()
        if not channel.bot_is_member:
            return Answer(reason=None)
        return await self.deliveries.event(event)

    def done(self, answer: Answer, **more: Any) -> Done:
        self.workspace.changes.happened()
        return Done(answer, more)
