"""Who Slack says we are, as our `Connection` asks it."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.connection import Identify, NotLetIn, Who
from bot.slack.calls import identity
from bot.slack.errors import DISCONNECTED, NO_ANSWER, cause_of
from bot.slack.manifest import SCOPES

MISSING_SCOPE = "missing_scope"


def identify(client: AsyncWebClient) -> Identify:
    """Return what asks Slack whose token this is."""

    async def ask(*, lost_because: str | None) -> Who:
        try:
            who = await identity(client)
        except NO_ANSWER as error:
            code = cause_of(error)
            raise NotLetIn(code, is_refusal=code in DISCONNECTED) from error
        # The token is good whatever scopes it has: without this we would connect and be thrown out every five minutes.
        if lost_because == MISSING_SCOPE and who.scopes and (missing := sorted(SCOPES.keys() - who.scopes)):
            raise NotLetIn(MISSING_SCOPE, is_refusal=True, missing_scopes=missing)
        return Who(workspace=who.workspace, name=who.workspace_name)

    return ask
