"""The baselines of Teams: botbuilder's CloudAdapter as it comes, in a process of its own.

    python -m bench.bare_cloud_adapter serve STAND_IN PORT          answers pressed buttons, on the same server as ours
    python -m bench.bare_cloud_adapter send STAND_IN COUNT AT_ONCE  `continue_conversation`, so many at once
    python -m bench.bare_cloud_adapter hold STAND_IN                prints for how many ms its event loop stood still
                                                                    while it fetched the keys for one request

Authentication is on. Two things are made easier for it than they are in life: its own token is given to it (msal asks
for one with each message it sends, and takes no address but Microsoft's), and instead of its `process`, which answers
500 to a pressed button, a route of a few lines calls its `process_activity`.
"""

import asyncio
import sys
from typing import Any

import uvicorn
import uvloop
from botbuilder.core import CardFactory, MessageFactory, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import (
    Activity,
    AdaptiveCardInvokeResponse,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
)
from botframework.connector.auth import AppCredentials, ServiceClientCredentialsFactory
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench import machine
from bench.programs import SERVER_CORE
from bench.teams_messages import a_card, chat, press, token_from
from bench.teams_stand_in import APP_ID, ISSUER, TENANT, connector_at
from bench.ticking import LongestHold
from bot.teams import dress

MESSAGE = "application/vnd.microsoft.activity.message"


class Credentials(AppCredentials):  # type: ignore[misc]  # botbuilder has no types
    def get_access_token(self, force_refresh: bool = False) -> str:
        return "invented"


class GivenToken(ServiceClientCredentialsFactory):  # type: ignore[misc]  # the same
    def __init__(self) -> None:
        self._credentials = Credentials(app_id=APP_ID)

    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id == APP_ID

    async def is_authentication_disabled(self) -> bool:
        return False

    async def create_credentials(self, *_args: Any, **_more: Any) -> Credentials:
        return self._credentials


class Bot(TeamsActivityHandler):  # type: ignore[misc]  # the same
    async def on_adaptive_card_invoke(self, turn_context: TurnContext, invoke_value: Any) -> AdaptiveCardInvokeResponse:
        return AdaptiveCardInvokeResponse(status_code=200, type=MESSAGE, value={"text": "Mottaget."})


def adapter(stand_in: str) -> CloudAdapter:
    class Configuration:
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = ISSUER
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = f"{stand_in}/openid"
        TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = f"{stand_in}/openid"
        TO_CHANNEL_FROM_BOT_LOGIN_URL = "https://login.microsoftonline.com/botframework.com"
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = ISSUER
        OAUTH_URL = ISSUER

    return CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration(), credentials_factory=GivenToken()))


def application(stand_in: str) -> Starlette:
    stock, bot = adapter(stand_in), Bot()

    async def messages(request: Request) -> Response:
        activity = Activity().deserialize(await request.json())
        answer = await stock.process_activity(request.headers["authorization"], activity, bot.on_turn)
        return JSONResponse(answer.body, status_code=int(answer.status))

    return Starlette(routes=[Route("/api/messages", messages, methods=["POST"])])


async def send(stand_in: str, count: int, *, at_once: int) -> None:
    """Begin `count` chats anew, `at_once` of them at any time, as the documentation of proactive messages shows."""
    stock, content = adapter(stand_in), dress.message(a_card())["attachments"][0]["content"]
    numbers = iter(range(1, count + 1))

    async def sends() -> None:
        for number in numbers:
            reference = ConversationReference(
                bot=ChannelAccount(id=f"28:{APP_ID}"),
                conversation=ConversationAccount(id=chat(number), tenant_id=TENANT),
                channel_id="msteams",
                service_url=connector_at(stand_in),
            )

            async def say(context: TurnContext) -> None:
                await context.send_activity(MessageFactory.attachment(CardFactory.adaptive_card(content)))

            await stock.continue_conversation(reference, say, APP_ID)

    await asyncio.gather(*(sends() for _ in range(at_once)))


async def hold(stand_in: str, token: str) -> float:
    stock, bot = adapter(stand_in), Bot()
    activity = Activity().deserialize(press(1, run="hold", connector=connector_at(stand_in)))
    async with LongestHold() as longest:
        await stock.process_activity(f"Bearer {token}", activity, bot.on_turn)
    return longest.milliseconds


def main(arguments: list[str]) -> None:
    match arguments:
        case ["serve", stand_in, port]:
            uvicorn.run(
                application(stand_in), port=int(port), http="httptools", loop="uvloop", log_level="warning",
                access_log=False,
            )  # fmt: skip
        case ["send", stand_in, count, at_once]:
            machine.pin(0, core=SERVER_CORE)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(send(stand_in, int(count), at_once=int(at_once)))
        case ["hold", stand_in]:
            machine.pin(0, core=SERVER_CORE)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                print(runner.run(hold(stand_in, token_from(stand_in))))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
