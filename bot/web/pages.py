"""Our own page: open it with a link from the chat, answer an exercise, read, take along or delete everything. No
script needed.

The forms are the conversation's own, dressed as HTML: what is sent takes the same road as a form sent in chat.
"""

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.conversation.events import Pressed
from bot.conversation.sessions_coming import CALENDAR
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer
from bot.logs import where
from bot.receiving import Intake
from bot.web import method_files, round_files, session_files
from bot.web.acting import Acting
from bot.web.outcome_pages import outcomes_file, outcomes_page
from bot.web.relay_pages import relay_file, relay_page
from bot.web.rendering import HEADERS, STYLESHEET, both_languages, go_to, page, stylesheet
from bot.web.screens import screen
from bot.web.visits import NoSession, NotOurForm, Reader, Visits
from storage import my_data, pages

log = structlog.get_logger()


def routes(visits: Visits, intake: Intake) -> list[BaseRoute]:
    """Return the routes of our own page."""
    acting = Acting(visits, intake)
    short_page = partial(both_languages, organisation=visits.organisation)

    async def link(request: Request) -> Response:
        """Show a button: a program that looks at links in a chat must not use them up."""
        token, now = request.path_params["token"], visits.clock.now()
        person = await visits.store.read(lambda session: pages.whose_link(session, token, now))
        if person is None:
            return short_page("expired", status=HTTPStatus.GONE)
        words = Words(person.language)
        return page("open", words, organisation=visits.organisation, title=words("pages.open_title"), token=token)

    async def open_link(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return short_page("again", status=HTTPStatus.FORBIDDEN)  # pressed on somebody else's page
        token, now = request.path_params["token"], visits.clock.now()
        opened = await visits.store.write(lambda session: pages.use_link(session, token, now))
        if opened is None:
            return short_page("expired", status=HTTPStatus.GONE)
        key, leads_to = opened
        answer = go_to(leads_to)
        answer.set_cookie(
            visits.cookie, key, max_age=int(pages.SESSION_GOOD_FOR.total_seconds()),
            httponly=True, secure=visits.secure, samesite="strict", path="/",
        )  # fmt: skip
        return answer

    async def shown(request: Request, reader: Reader) -> Response:
        done = request.query_params.get("done")
        status = reader.words(f"pages.answer_{done}") if done in ("saved", "handled") else None
        return await screen(visits, reader, request.url.path, status=status)

    async def data_json(request: Request, reader: Reader) -> Response:
        collected = await visits.look(reader, lambda visit: my_data.collect(visit.session, visit.person))
        body = orjson.dumps(collected, option=orjson.OPT_INDENT_2)
        named = {"Content-Disposition": 'attachment; filename="knuff.json"'}
        return Response(body, media_type="application/json", headers=HEADERS | named)

    async def delete(request: Request, reader: Reader) -> Response:
        words = reader.words
        if request.method == "GET":
            return page(
                "delete",
                words,
                organisation=reader.organisation,
                title=words("pages.delete_title"),
                form_token=reader.form_token,
            )
        await visits.form(request, reader)
        event = Pressed(
            key=f"page:{hashlib.sha256(reader.key.encode()).hexdigest()[:16]}:delete",
            platform=reader.platform,
            workspace=reader.workspace,
            person=reader.person,
            at=visits.clock.now(),
            on_page=True,
            action="my_data.delete",
            value="",
        )
        shows = await intake.handle_at_once(event)
        intake.show(event, shows or [])
        return closed(reader, "deleted")

    async def leave(request: Request, reader: Reader) -> Response:
        await visits.form(request, reader)
        await visits.store.write(lambda session: pages.end_session(session, reader.key))
        return closed(reader, "left")

    def closed(reader: Reader, name: str) -> Response:
        """Return the last page of a session, and take its cookie away."""
        title, said = reader.words(f"pages.{name}_title"), [reader.words(f"pages.{name}_text")]
        answer = page("plain", reader.words, organisation=reader.organisation, title=title, paragraphs=said)
        answer.delete_cookie(visits.cookie, path="/", secure=visits.secure, httponly=True, samesite="strict")
        return answer

    async def with_slash(_request: Request) -> Response:
        return go_to("/my")

    async def nowhere(_request: Request) -> Response:
        return short_page("gone", status=HTTPStatus.NOT_FOUND)

    def known(endpoint: Callable[[Request, Reader], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Let only somebody with an open page in, and answer what goes wrong with a page, never with details."""

        async def guarded(request: Request) -> Response:
            try:
                return await endpoint(request, await visits.reader(request))
            except NoSession:
                return short_page("again", status=HTTPStatus.UNAUTHORIZED)
            except NotOurForm:
                return short_page("again", status=HTTPStatus.FORBIDDEN)
            except CannotAnswer:
                return short_page("gone", status=HTTPStatus.NOT_FOUND)
            except Exception as error:  # the boundary of one request: the reader gets a page, the operator a class
                log.error("page_failed", path=request.scope["route"].path, error=where(error))
                return short_page("trouble", status=HTTPStatus.INTERNAL_SERVER_ERROR)

        return guarded

    return [
        Route("/open/{token}", link, methods=["GET"]),
        Route("/open/{token}", open_link, methods=["POST"]),
        Route("/my", known(shown)),
        Route("/my/answer/{ref}", known(shown)),
        Route("/my/press", known(acting.press), methods=["POST"]),
        Route("/my/form/{action}", known(acting.form), methods=["GET", "POST"]),
        Route("/my/data", known(shown)),
        Route("/my/data.json", known(data_json)),
        Route("/my/data/delete", known(delete), methods=["GET", "POST"]),
        Route("/my/outcomes/{cohort}", known(partial(outcomes_page, visits))),
        Route("/my/outcomes/{cohort}/{file}", known(partial(outcomes_file, visits))),
        Route("/my/relay/{relay}", known(partial(relay_page, visits))),
        Route("/my/relay/{relay}/{file}", known(partial(relay_file, visits))),
        Route("/my/round/{round}/meetings.ics", known(partial(round_files.meetings, visits))),
        Route("/my/round/{round}/huddle", known(partial(round_files.huddle, visits))),
        Route(CALENDAR, known(partial(session_files.meetings, visits))),
        Route("/my/method/{method}", known(partial(method_files.card, visits))),
        Route("/my/leave", known(leave), methods=["POST"]),
        Route("/my/", with_slash),
        Route("/my/{rest:path}", nowhere, methods=["GET", "POST"]),
        Route("/open/{rest:path}", nowhere, methods=["GET", "POST"]),
        Route(STYLESHEET, stylesheet),
    ]
