"""One call of the connector, as an operation sees it; and what may be done with a conversation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workplace.shapes import Json, JsonList
from workplace.teams.records import Conversation, Message, Person
from workplace.teams.refusals import Refused
from workplace.teams.tenant import Tenant


@dataclass(slots=True)
class Call:
    """`note` is what the log will say of the call, besides how it went."""

    tenant: Tenant
    place: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    note: Json = field(default_factory=dict)

    def conversation(self) -> Conversation:
        found = self.tenant.conversation(self.place["conversation"])
        if found is None:
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        return found

    def own_message(self, conversation: Conversation) -> Message:
        """Return the bot's own message that the call names."""
        found = self.tenant.message(conversation, self.place["activity"])
        if found is None:
            raise Refused(404, "ActivityNotFoundInConversation", "Activity not found in the conversation.")
        if not found.by_bot:
            raise Refused(403, "NotEnoughPermissions", "A bot can change its own messages only.")
        return found

    def open_to_bot(self, conversation: Conversation) -> Conversation:
        """Return the conversation; refused where the bot may say nothing."""
        if conversation.person_id:
            self.open_to_bot_at(self.tenant.people[conversation.person_id])
        elif not self.tenant.teams[conversation.team_id or ""].installed:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        return conversation

    def open_to_bot_at(self, person: Person) -> None:
        if person.disabled:
            raise Refused(403, "BotDisabledByAdmin", "The tenant admin disabled this bot.")
        if not person.installed:
            raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
        if person.blocked:
            raise Refused(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """`limit` is which of the limits of a conversation counts it; `status` what a success is answered with."""

    name: str
    run: Callable[[Call], Json | JsonList]
    status: int = 200
    limit: str | None = None
