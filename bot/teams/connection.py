"""Who Teams says we are, as our `Connection` asks it: an app whose id and password give a token for the tenant."""

from bot.connection import Identify, NotLetIn, Who
from bot.teams.connector import Connector
from bot.teams.credentials import Credentials, NoToken, TokenRefused
from bot.teams.errors import DISCONNECTED, TOKENS_IN_VAIN
from scheduler.ports import DeliveryError, Disconnected, Refused, Unreachable

NO_CHAT = "a:knuff-is-let-in"
"""A chat that does not exist: to ask about it shows nobody anything."""


def identify(credentials: Credentials, connector: Connector, *, tenant: str) -> Identify:
    """Return what asks for a new token; the first one, at start, is in time for the first message."""

    async def ask(*, lost_because: str | None) -> Who:
        try:
            await credentials.fetch()
        except NoToken as error:
            raise NotLetIn(str(error), is_refusal=isinstance(error, TokenRefused)) from error
        # Entra gives tokens whatever the connector thinks of us: we would be let in and lost every five minutes.
        if lost_because in DISCONNECTED or lost_because == TOKENS_IN_VAIN:
            await _knock(connector, tenant)
        return Who(workspace=tenant, name=tenant)

    return ask


async def _knock(connector: Connector, tenant: str) -> None:
    """Make one harmless call. Raises NotLetIn unless Teams itself says that there is no such chat."""
    try:
        async with connector.to(tenant, conversation=NO_CHAT) as conversations:
            await conversations.get_conversation_paged_members(NO_CHAT, page_size=1)
    except (Unreachable, Refused):
        return
    except DeliveryError as error:
        raise NotLetIn(str(error), is_refusal=isinstance(error, Disconnected)) from error
