"""Who reads our own page: a session's person, seen as the conversation sees them."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.conversation.texts import Words
from bot.conversation.visiting import House, Visit
from scheduler.clock import Clock
from storage import pages
from storage.database import Store

T = TypeVar("T")
LARGEST_FORM = 200_000


class NoSession(Exception):
    """Nobody we know: the page must be opened from the chat."""


class NotOurForm(Exception):
    """A form that our page did not make, or one too large to be ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Somebody whose page is open."""

    key: str
    form_token: str
    platform: str
    workspace: str
    person: str
    words: Words
    organisation: str


class Visits:
    def __init__(self, *, store: Store, house: House, clock: Clock, secure: bool) -> None:
        self.store = store
        self.clock = clock
        self.secure = secure
        self._house = house

    @property
    def organisation(self) -> str:
        return self._house.organisation_name

    @property
    def cookie(self) -> str:
        """The name tells a browser to keep the cookie to this host and to encrypted connections."""
        return "__Host-knuff" if self.secure else "knuff"

    async def reader(self, request: Request) -> Reader:
        """Return who reads. Raises NoSession."""
        key, now = request.cookies.get(self.cookie, ""), self.clock.now()
        found = await self.store.read(lambda session: pages.find_session(session, key, now)) if key else None
        if found is None:
            raise NoSession
        web, person, workspace = found
        return Reader(
            key=key,
            form_token=web.form_token,
            platform=workspace.platform.value,
            workspace=workspace.external_id,
            person=person.external_id,
            words=Words(person.language),
            organisation=self.organisation,
        )

    async def form(self, request: Request, reader: Reader) -> FormData:
        """Return a form that our own page made for this reader. Raises NotOurForm."""
        if int(request.headers.get("content-length") or LARGEST_FORM + 1) > LARGEST_FORM:
            raise NotOurForm
        try:
            form = await request.form(max_files=0, max_fields=50)
        except HTTPException as refused:  # what cannot be read as a form, or has more fields than any of ours
            raise NotOurForm from refused
        given = form.get("form_token")
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), reader.form_token.encode()):
            raise NotOurForm
        return form

    async def look(self, reader: Reader, what: Callable[[Visit], T]) -> T:
        """Read what belongs to the reader, in one unit of work. Raises NoSession when the session has ended
        meanwhile."""
        now = self.clock.now()
        return await self.store.read(lambda session: what(self._visit(session, reader, now)))

    def _visit(self, session: Session, reader: Reader, now: datetime) -> Visit:
        found = pages.find_session(session, reader.key, now)
        if found is None:
            raise NoSession
        _, person, workspace = found
        return Visit(
            session=session, house=self._house, workspace=workspace, person=person, words=reader.words, now=now
        )
