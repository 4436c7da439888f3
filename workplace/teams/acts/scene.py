"""Where a person acts: lookups that see only what the person sees."""

from dataclasses import dataclass
from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.teams.deliveries import Deliveries
from workplace.teams.records import Conversation, Dialog, Message, Person
from workplace.teams.tenant import Tenant

NOTHING_SENT = Answer(reason=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Every lookup raises NotPossible, in words, for what the person cannot see or do."""

    tenant: Tenant
    deliveries: Deliveries
    service_url: str

    def person(self, person_id: str) -> Person:
        person = self.tenant.people.get(person_id)
        if person is None:
            raise NotPossible(f"there is nobody called {person_id}")
        return person

    def place(self, person: Person, conversation_id: str | None) -> Conversation:
        """Return the conversation named, or the person's chat with the bot; nobody sees another's."""
        if conversation_id is None:
            chat = self.tenant.personal(person)
            if chat is None:
                raise NotPossible(f"{person.name} has no chat with {self.tenant.bot_name}: the app is not installed")
            return chat
        found = self.tenant.conversation(conversation_id)
        if found is None or person not in self.tenant.members(found):
            raise NotPossible(f"{person.name} is not in {conversation_id}")
        return found

    def within_reach(self, person: Person, conversation: Conversation) -> None:
        """Raise NotPossible where what the person does cannot reach the bot."""
        if why := self.out_of_reach(person, conversation):
            raise NotPossible(why)

    def out_of_reach(self, person: Person, conversation: Conversation) -> str | None:
        """Return why what the person does cannot reach the bot; None where it can."""
        if conversation.team_id:
            is_here = self.tenant.teams[conversation.team_id].installed
            return None if is_here else f"{self.tenant.bot_name} is not in this team"
        if person.disabled:
            return f"an administrator has taken {self.tenant.bot_name} from {person.name}"
        if not person.installed:
            return f"{person.name} has removed {self.tenant.bot_name}"
        return f"{person.name} has blocked {self.tenant.bot_name}" if person.blocked else None

    def message(self, conversation: Conversation, message_id: str) -> Message:
        message = self.tenant.message(conversation, message_id)
        if message is None:
            raise NotPossible(f"there is no message {message_id} in {conversation.id}")
        return message

    def own_message(self, person: Person, conversation: Conversation, message_id: str) -> Message:
        message = self.message(conversation, message_id)
        if message.author != person.id:
            raise NotPossible("only one's own messages can be changed")
        return message

    def dialog(self, person: Person) -> Dialog:
        dialog = self.tenant.dialogs.get(person.id)
        if dialog is None:
            raise NotPossible(f"{person.name} has no dialog open")
        return dialog

    def everybody(self) -> frozenset[str]:
        """Return who can be chosen where a card asks for people."""
        return frozenset(self.tenant.people)

    def done(self, answer: Answer, **more: Any) -> Done:
        self.tenant.changes.happened()
        return Done(answer, more)
