"""What every platform hands its events to, and the answers it gives in the same request."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from bot.conversation.events import AnyEvent
from bot.conversation.shows import Show
from bot.latest import Latest

ANSWERS_REMEMBERED = 500
REMEMBERED_SECONDS = 60.0
"""Whoever asks twice does so soon, and an answer may hold what somebody has written."""
THE_FORM = ""
"""A fault that is about the form as a whole, and about no input of it."""
Answer = TypeVar("Answer")


def nobody_asks() -> None:
    """What is called where nobody wants to know that something was kept."""


class Intake(Protocol):
    """Where events go. Both return after the commit that keeps the event."""

    async def keep(self, event: AnyEvent) -> bool:
        """Keep the event for its turn. False: seen before."""
        ...

    async def handle_at_once(self, event: AnyEvent, *, kept: Callable[[], None] = nobody_asks) -> list[Show] | None:
        """Keep and handle the event. None: seen before, or kept to be tried again. `kept` is called in between."""
        ...

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        """Carry out what was decided, without waiting for it."""
        ...


class Answers(Generic[Answer]):
    """The latest answers, for a minute, so that what reaches us twice is answered twice alike."""

    def __init__(self, *, seconds: float = REMEMBERED_SECONDS) -> None:
        self._seconds = seconds
        self._answers: Latest[str, asyncio.Future[Answer]] = Latest(most=ANSWERS_REMEMBERED)

    async def given(self, key: str, work: Callable[[], Awaitable[Answer | None]], *, otherwise: Answer) -> Answer:
        """Return what `work` answers. None from it means that the same came before: then what that was answered, or is
        about to be, and `otherwise` where nobody here knows."""
        mine: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        first = self._answers.setdefault(key, mine)
        answer = otherwise
        try:
            found = await work()
            if found is not None:
                answer = found
            elif first is not mine:
                answer = await asyncio.shield(first)
        except BaseException as error:
            if self._answers.get(key) is mine:
                del self._answers[key]
            if isinstance(error, Exception):
                mine.set_exception(error)
                mine.exception()  # that nobody else waits for it is no fault
            else:  # we are being stopped
                mine.set_result(otherwise)
            raise
        mine.set_result(answer)
        if found is not None:
            self._answers[key] = mine  # a form that was refused may come again and be answered otherwise
        asyncio.get_running_loop().call_later(self._seconds, self._forget, key, mine)
        return answer

    def _forget(self, key: str, answer: "asyncio.Future[Answer]") -> None:
        if self._answers.get(key) is answer:
            del self._answers[key]
