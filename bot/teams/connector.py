"""How Teams' connector is called: botbuilder's own client for each service address, over one shared session with
timeouts of its own, no retries, each call in its turn, and its errors as ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import ClientSession, ClientTimeout, TCPConnector
from botframework.connector import models
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from msrest import Deserializer, Serializer
from msrest.pipeline import Request, Response
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.pipeline.universal import RawDeserializer
from msrest.universal_http import ClientRequest
from msrest.universal_http.async_abc import AsyncClientResponse
from sqlalchemy.exc import SQLAlchemyError
from yarl import URL

from bot.latest import Latest
from bot.pacing import LONGEST_WAIT_SECONDS, Pacing, obey
from bot.teams.addresses import Addresses
from bot.teams.credentials import Credentials, NoToken, TokenRefused
from bot.teams.errors import NOT_ACCEPTED, TOKENS_IN_VAIN, Declined, TokenNotAccepted, Waits, code_in, ours
from scheduler.buckets import POST
from scheduler.clock import Clock
from scheduler.ports import Disconnected, NotSent, RateLimited

TIMEOUT = ClientTimeout(total=15, connect=5)
MOST_CONNECTIONS = 100
MOST_ADDRESSES = 16
_MODELS = {name: model for name, model in vars(models).items() if isinstance(model, type)}


def open_session() -> ClientSession:
    """Open the shared session; whoever opens it closes it. Must be called on the running loop."""
    return ClientSession(timeout=TIMEOUT, connector=TCPConnector(limit=MOST_CONNECTIONS))


class Connector:
    """What every call to Teams goes through: it waits its turn, bears our token, and its errors become ours."""

    def __init__(
        self,
        session: ClientSession,
        *,
        tenant: str,
        credentials: Credentials,
        addresses: Addresses,
        clock: Clock,
        pacing: Pacing,
    ) -> None:
        self._sender = _Sender(session, credentials)
        self._tenant = tenant
        self._credentials = credentials
        self._addresses = addresses
        self._clock = clock
        self._pacing = pacing
        self._waits = Waits()
        self._clients: Latest[str, _Client] = Latest(most=MOST_ADDRESSES)

    @asynccontextmanager
    async def to(
        self,
        workspace: str,
        *,
        conversation: str | None = None,
        is_post: bool = False,
        within_seconds: float = LONGEST_WAIT_SECONDS,
        has_waited: bool = False,
    ) -> AsyncIterator[ConversationsOperations]:
        """Make one call inside, with what is given. A 429 keeps every process from posting in that chat, or from
        all calls, for as long as Teams says.

        Teams counts all calls of an app in a tenant together, and the posts in one conversation for themselves. Raises
        RateLimited, having called nothing, when its turn would not come `within_seconds`.
        """
        if workspace != self._tenant:  # one of before: our token is for another
            raise Disconnected("other_tenant")
        channel = conversation if is_post else None
        try:
            if not has_waited:
                await self._pacing.wait_for(workspace, POST, channel=channel, within_seconds=within_seconds)
            client = self._client(await self._addresses.of(workspace))
        except SQLAlchemyError as error:  # nothing was called
            raise NotSent("database") from error
        try:
            with ours(conversation=conversation, is_post=is_post, clock=self._clock, waits=self._waits):
                yield client
        except RateLimited as limited:
            await obey(self._pacing, workspace, limited)
            raise
        except TokenNotAccepted as error:
            raise await self._after_new_token(error) from error

    async def _after_new_token(self, error: TokenNotAccepted) -> Disconnected | RateLimited:
        """Have a new token for whoever calls next. This call was refused, so it may be made again."""
        if self._credentials.are_in_vain:
            return Disconnected(TOKENS_IN_VAIN)
        try:
            await self._credentials.get()
        except TokenRefused as refused:
            return Disconnected(str(refused))
        except NoToken:
            pass  # the next call asks again
        return RateLimited(str(error), until=self._clock.now() + self._waits.next(NOT_ACCEPTED), bucket=NOT_ACCEPTED)

    def _client(self, address: str) -> ConversationsOperations:
        """Return botbuilder's client for that address. Making one takes milliseconds, so the latest are kept."""
        client = self._clients.get(address) or _Client(address, self._sender)
        self._clients[address] = client
        return client.conversations


class _Client(ConnectorClient):  # type: ignore[misc]  # botbuilder has no types
    def __init__(self, address: str, sender: "_Sender") -> None:
        # It asks for credentials and does nothing with them: the sender has them.
        super().__init__(
            object(),
            base_url=address,
            pipeline_type=lambda config: AsyncPipeline([config.user_agent_policy, RawDeserializer()], sender),
        )
        self.conversations = ConversationsOperations(self._client, self.config, _AsDressed(), _AsAnswered())


class _AsDressed(Serializer):
    """What `dress` returns is what goes over the wire: to go through all of it once more takes a millisecond a card."""

    def __init__(self) -> None:
        super().__init__(_MODELS)  # type: ignore[no-untyped-call]

    def body(self, data: Any, data_type: str, **more: Any) -> Any:
        return data if isinstance(data, dict) else super().body(data, data_type, **more)  # type: ignore[no-untyped-call]


class _AsAnswered(Deserializer):
    """What should be a text is one: else a list becomes the text "['x']", and an id that nobody gave."""

    def __init__(self) -> None:
        super().__init__(_MODELS)  # type: ignore[no-untyped-call]

    @staticmethod
    def deserialize_unicode(data: Any) -> Any:
        if not isinstance(data, str):
            raise TypeError("not a text")
        return data


class _Sender(AsyncHTTPSender[ClientRequest, AsyncClientResponse]):
    """The end of botbuilder's pipeline: our session, our token. Raises Declined for whatever is not done."""

    def __init__(self, session: ClientSession, credentials: Credentials) -> None:
        self._session = session
        self._credentials = credentials

    async def __aexit__(self, *_: object) -> None:
        """The session is closed by whoever opened it."""

    async def send(
        self, request: Request[ClientRequest], **_config: Any
    ) -> Response[ClientRequest, AsyncClientResponse]:
        asked = request.http_request
        token = await self._credentials.get()
        # Encoded already, and ids must arrive as they are.
        async with self._session.request(
            asked.method,
            URL(asked.url, encoded=True),
            headers={**asked.headers, "Authorization": f"Bearer {token}"},
            data=asked.data,
            allow_redirects=False,  # our token is for this address and no other
        ) as answer:
            body = await answer.read()
        if not 200 <= answer.status < 300:
            if answer.status == 401:
                self._credentials.not_accepted(token)
            else:
                self._credentials.accepted(token)
            raise Declined(answer.status, code_in(_decoded(body), answer.status), answer.headers.get("Retry-After"))
        self._credentials.accepted(token)
        return Response(request, _Answer(asked, answer.status, answer.headers.get("Content-Type"), body))


class _Answer(AsyncClientResponse):
    def __init__(self, request: ClientRequest, status: int, content_type: str | None, body: bytes) -> None:
        super().__init__(request, None)
        self.status_code = status
        self.headers = {"content-type": content_type} if content_type else {}
        self._body = body

    def body(self) -> bytes:
        return self._body


def _decoded(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except ValueError:  # a page of something between us
        return None
