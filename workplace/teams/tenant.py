"""One tenant in memory: its people, teams, conversations, dialogs, and the bot."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from workplace.changes import Changes
from workplace.clock import Clock
from workplace.seed import Seed
from workplace.settings import Secrets
from workplace.teams.records import Conversation, Dialog, Message, Person, Team, opaque

_THREAD = ";messageid="


class Tenant:
    """Every message id is unique and greater than all before it, whatever the conversation."""

    def __init__(self, seed: Seed, *, secrets: Secrets, clock: Clock, changes: Changes) -> None:
        self.id = secrets.teams_tenant_id
        self.name = seed.team.name
        self.app_id = secrets.teams_app_id
        self.bot_id = f"28:{secrets.teams_app_id}"
        self.bot_name = seed.app.name
        self.clock = clock
        self.changes = changes
        self.people = {p.id: Person.from_seed(p, app_id=self.app_id) for p in seed.teams.people}
        self.teams = {
            team.id: Team(
                id=team.id,
                name=team.name,
                group_id=team.group_id,
                members=team.members,
                channels=((team.id, "Allmänt"), *((channel.id, channel.name) for channel in team.channels)),
                installed=team.installed,
            )
            for team in seed.teams.teams
        }
        self.dialogs: dict[str, Dialog] = {}
        self._by_teams_id = {person.teams_id: person.id for person in self.people.values()}
        self._messages: dict[str, dict[str, Message]] = {}
        self._deleted: dict[tuple[str, str], Message] = {}
        self._last_id = 0
        self._conversations = {
            channel_id: Conversation(id=channel_id, name=name, team_id=team.id)
            for team in self.teams.values()
            for channel_id, name in team.channels
        }
        for person in self.people.values():
            if person.installed:
                self.open_personal(person)

    def somebody(self, any_id: str) -> Person | None:
        """Return who has this Entra id, or this id of Teams'."""
        return self.people.get(self._by_teams_id.get(any_id, any_id).lower())

    def change_person(self, person: Person, **changes: Any) -> Person:
        changed = replace(person, **{name: value for name, value in changes.items() if value is not None})
        self.people[person.id] = changed
        return changed

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Return the conversation with this id; the id of a thread in a channel leads to the channel."""
        return self._conversations.get(conversation_id.partition(_THREAD)[0])

    def delete_channel(self, channel: Conversation) -> None:
        """Take a channel away, with all that was said in it."""
        self._conversations.pop(channel.id)
        self._messages.pop(channel.id, None)
        team = self.teams[channel.team_id or ""]
        self.teams[team.id] = replace(team, channels=tuple(one for one in team.channels if one[0] != channel.id))

    def conversations(self) -> list[Conversation]:
        return list(self._conversations.values())

    def personal(self, person: Person) -> Conversation | None:
        """Return the person's chat with the bot; None where the app has never been installed."""
        return self._conversations.get(_personal_id(self.app_id, person))

    def open_personal(self, person: Person) -> Conversation:
        """Return the person's chat with the bot, always the same one."""
        chat = self.chat_of(person)
        return self._conversations.setdefault(chat.id, chat)

    def chat_of(self, person: Person) -> Conversation:
        """Return the person's chat with the bot as it is, or would be; nothing is opened."""
        return Conversation(id=_personal_id(self.app_id, person), name=self.bot_name, person_id=person.id)

    def members(self, conversation: Conversation) -> list[Person]:
        """Return the people in a conversation; bots are not among them."""
        ids = (conversation.person_id,) if conversation.person_id else self.teams[conversation.team_id or ""].members
        return [self.people[person_id] for person_id in ids if person_id]

    def new_id(self) -> str:
        self._last_id = max(int(self.clock.seconds() * 1000), self._last_id + 1)
        return str(self._last_id)

    def keep(self, message: Message) -> Message:
        self._messages.setdefault(message.conversation_id, {})[message.id] = message
        return message

    def remove(self, message: Message) -> None:
        self._deleted[message.conversation_id, message.id] = self._messages[message.conversation_id].pop(message.id)

    def restore(self, conversation: Conversation, message_id: str) -> Message | None:
        """Bring a deleted message back, at the end of the conversation; None when there is none."""
        found = self._deleted.pop((conversation.id, message_id), None)
        return self.keep(found) if found else None

    def deleted(self, conversation: Conversation, message_id: str) -> Message | None:
        return self._deleted.get((conversation.id, message_id))

    def message(self, conversation: Conversation, message_id: str) -> Message | None:
        return self._messages.get(conversation.id, {}).get(message_id)

    def oldest_first(self, conversation: Conversation) -> Iterator[Message]:
        return iter(list(self._messages.get(conversation.id, {}).values()))

    def newest_first(self, conversation: Conversation) -> Iterator[Message]:
        return reversed(self._messages.get(conversation.id, {}).values())


def thread_of(conversation_id: str) -> str | None:
    """Return the message that a thread's conversation id names; None for a chat or a channel itself."""
    return conversation_id.partition(_THREAD)[2] or None


def thread_id(conversation: Conversation, root: str) -> str:
    """Return the conversation id of the thread under `root`."""
    return f"{conversation.id}{_THREAD}{root}"


def _personal_id(app_id: str, person: Person) -> str:
    return f"a:1{opaque(app_id, person.id, 'personal')}"
