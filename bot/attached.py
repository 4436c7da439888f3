"""One chat platform as `knuff serve` runs it: what it sends with, what listens to it, what goes on beside."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from bot.connection import Connection
from bot.conversation.visiting import House
from bot.ports import ChatPlatform
from bot.receiving import Intake
from scheduler.lanes import SendingRules

Endpoint = Callable[[Request], Awaitable[Response]]
Parts = Mapping[str, Callable[[], Coroutine[Any, Any, None]]]
"""What runs until it is cancelled, by the name that is logged when it fails."""


class Attached(Protocol):
    @property
    def platform(self) -> ChatPlatform: ...
    @property
    def connection(self) -> Connection: ...
    @property
    def rules(self) -> SendingRules: ...
    def house(self, house: House) -> House:
        """Return what conversations there need to know about this installation."""
        ...

    def endpoint(self, intake: Intake) -> Endpoint | None:
        """Return what answers the platform's requests, if it makes any. To be called once, before the parts."""
        ...

    def from_the_start(self) -> Parts: ...
    def once_connected(self) -> Parts: ...
    async def is_listening(self) -> bool:
        """Whether what people do reaches us, as far as that is for us to see."""
        ...

    async def close(self) -> None: ...
