"""Who Teams says we are, as our `Connection` asks it: an app whose id and password give a token for the tenant."""

from bot.connection import Identify, NotLetIn, Who
from bot.teams.credentials import Credentials, NoToken, TokenRefused


def identify(credentials: Credentials, *, tenant: str) -> Identify:
    """Return what asks for a new token; the first one, at start, is in time for the first message."""

    async def ask(*, lost_because: str | None) -> Who:
        try:
            await credentials.fetch()
        except NoToken as error:
            raise NotLetIn(str(error), is_refusal=isinstance(error, TokenRefused)) from error
        return Who(workspace=tenant, name=tenant)

    return ask
