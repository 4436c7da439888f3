"""Our own page: open it with a link from the chat, answer an exercise, read, take along or delete everything. No
script needed.

The forms are the conversation's own, dressed as HTML: what is sent takes the same road as a form sent in chat.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

import orjson
import structlog
from sqlmodel import col, select
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from bot.conversation.answering import task_of
from bot.conversation.cards import ChoiceInput, Facts, Form, Input, Paragraph, Part
from bot.conversation.events import AnyEvent, Pressed, Submitted
from bot.conversation.exercise_parts import the_exercise
from bot.conversation.home import Thought, exercises_now, grouped, thoughts_of
from bot.conversation.my_data import entries_of
from bot.conversation.references import Reference
from bot.conversation.reflections import reflection_form, reply_form
from bot.conversation.rhythm import facts, rhythm_of
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Visit
from bot.logs import where
from bot.web.rendering import HEADERS, HERE, both_languages, go_to, page
from bot.web.visits import NoSession, NotOurForm, Reader, Visits
from storage import my_data, pages
from storage.tables.answers import Prompt, Reflection

MOST_THOUGHTS = 20
log = structlog.get_logger()


class Intake(Protocol):
    """Where what is sent here goes: the same place as what is sent in chat."""

    async def handle_at_once(self, event: AnyEvent) -> list[Show] | None: ...
    def show(self, event: AnyEvent, shows: list[Show]) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPage:
    """What the page of one exercise shows."""

    title: str
    parts: tuple[Part, ...]
    written: tuple[str, ...]
    forms: tuple[tuple[str, Form], ...]


def routes(visits: Visits, intake: Intake) -> list[BaseRoute]:
    """Return the routes of our own page."""

    async def link(request: Request) -> Response:
        """Show a button: a program that looks at links in a chat must not use them up."""
        token, now = request.path_params["token"], visits.clock.now()
        person = await visits.store.read(lambda session: pages.whose_link(session, token, now))
        if person is None:
            return both_languages("expired", status=HTTPStatus.GONE)
        words = Words(person.language)
        return page("open", words, title=words("pages.open_title"), token=token)

    async def open_link(request: Request) -> Response:
        token, now = request.path_params["token"], visits.clock.now()
        opened = await visits.store.write(lambda session: pages.use_link(session, token, now))
        if opened is None:
            return both_languages("expired", status=HTTPStatus.GONE)
        key, leads_to = opened
        answer = go_to(leads_to)
        answer.set_cookie(
            visits.cookie, key, max_age=int(pages.SESSION_GOOD_FOR.total_seconds()),
            httponly=True, secure=visits.secure, samesite="strict", path="/",
        )  # fmt: skip
        return answer

    async def home(request: Request, reader: Reader) -> Response:
        exercises, thoughts = await visits.look(reader, _home)
        title = reader.words("pages.home_title")
        return page(
            "home", reader.words, title=title, exercises=exercises, thoughts=thoughts, form_token=reader.form_token,
            is_home=True,
        )  # fmt: skip

    async def answer(request: Request, reader: Reader) -> Response:
        delivery_id: int = request.path_params["delivery_id"]
        if request.method == "GET":
            saved = reader.words("pages.answer_saved") if request.query_params.get("saved") else None
            return await _answer_page(visits, reader, delivery_id, saved=saved)
        form = await visits.form(request, reader)
        shown = await visits.look(reader, lambda visit: _answer(visit, delivery_id))
        sent = next((of for _, of in shown.forms if of.name == form.get("form")), None)
        if sent is None:
            raise NotOurForm
        event = _submitted(reader, sent, form, now=visits.clock.now())
        shows = await intake.handle_at_once(event)
        if shows and (refused := next((show for show in shows if isinstance(show, Refuse)), None)):
            return await _answer_page(
                visits, reader, delivery_id, sent_form=sent.name, values=_all_values(form), errors=refused.errors
            )
        intake.show(event, [show for show in shows or [] if not isinstance(show, OpenForm)])
        return go_to(f"/my/answer/{delivery_id}?saved=1")

    async def data(request: Request, reader: Reader) -> Response:
        rhythm, numbers, entries = await visits.look(reader, _data)
        return page(
            "data", reader.words, title=reader.words("pages.data_title"), rhythm=rhythm, numbers=numbers,
            entries=entries, form_token=reader.form_token, is_data=True,
        )  # fmt: skip

    async def data_json(request: Request, reader: Reader) -> Response:
        collected = await visits.look(reader, lambda visit: my_data.collect(visit.session, visit.person))
        body = orjson.dumps(collected, option=orjson.OPT_INDENT_2)
        named = {"Content-Disposition": 'attachment; filename="knuff.json"'}
        return Response(body, media_type="application/json", headers=HEADERS | named)

    async def delete(request: Request, reader: Reader) -> Response:
        words = reader.words
        if request.method == "GET":
            return page("delete", words, title=words("pages.delete_title"), form_token=reader.form_token)
        await visits.form(request, reader)
        event = Pressed(
            key=f"page:{hashlib.sha256(reader.key.encode()).hexdigest()[:16]}:delete",
            platform=reader.platform,
            workspace=reader.workspace,
            person=reader.person,
            at=visits.clock.now(),
            action="my_data.delete",
            value="",
        )
        shows = await intake.handle_at_once(event)
        intake.show(event, shows or [])
        answer = page("plain", words, title=words("pages.deleted_title"), paragraphs=[words("pages.deleted_text")])
        answer.delete_cookie(visits.cookie, path="/", secure=visits.secure, httponly=True, samesite="strict")
        return answer

    async def leave(request: Request, reader: Reader) -> Response:
        await visits.form(request, reader)
        await visits.store.write(lambda session: pages.end_session(session, reader.key))
        words = reader.words
        answer = page("plain", words, title=words("pages.left_title"), paragraphs=[words("pages.left_text")])
        answer.delete_cookie(visits.cookie, path="/", secure=visits.secure, httponly=True, samesite="strict")
        return answer

    async def style(_request: Request) -> Response:
        kept = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return FileResponse(HERE / "static" / "knuff.css", media_type="text/css", headers=kept)

    def known(endpoint: Callable[[Request, Reader], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Let only somebody with an open page in, and answer what goes wrong with a page, never with details."""

        async def guarded(request: Request) -> Response:
            try:
                return await endpoint(request, await visits.reader(request))
            except NoSession:
                return both_languages("again", status=HTTPStatus.UNAUTHORIZED)
            except NotOurForm:
                return both_languages("again", status=HTTPStatus.FORBIDDEN)
            except CannotAnswer:
                return both_languages("gone", status=HTTPStatus.NOT_FOUND)
            except Exception as error:  # the boundary of one request: the reader gets a page, the operator a class
                log.error("page_failed", path=request.scope["route"].path, error=where(error))
                return both_languages("trouble", status=HTTPStatus.INTERNAL_SERVER_ERROR)

        return guarded

    return [
        Route("/open/{token}", link, methods=["GET"]),
        Route("/open/{token}", open_link, methods=["POST"]),
        Route("/my", known(home)),
        Route("/my/answer/{delivery_id:int}", known(answer), methods=["GET", "POST"]),
        Route("/my/data", known(data)),
        Route("/my/data.json", known(data_json)),
        Route("/my/data/delete", known(delete), methods=["GET", "POST"]),
        Route("/my/leave", known(leave), methods=["POST"]),
        Route("/static/knuff.css", style),
    ]


async def _answer_page(
    visits: Visits,
    reader: Reader,
    delivery_id: int,
    *,
    saved: str | None = None,
    sent_form: str | None = None,
    values: Mapping[str, list[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    shown = await visits.look(reader, lambda visit: _answer(visit, delivery_id))
    return page(
        "answer",
        reader.words,
        title=reader.words("pages.answer_title"),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        parts=shown.parts,
        written=shown.written,
        forms=shown.forms,
        here=f"/my/answer/{delivery_id}",
        saved=saved,
        sent_form=sent_form,
        values=values or {},
        errors=errors or {},
        form_token=reader.form_token,
    )


def _home(visit: Visit) -> tuple[list[tuple[int, str]], list[list[Thought]]]:
    exercises = [
        (exercise.ref.delivery_id, visit.words.of(exercise.lesson.title))
        for exercise in exercises_now(visit)
        if exercise.ref.delivery_id is not None
    ]
    return exercises, grouped(thoughts_of(visit, limit=MOST_THOUGHTS))


def _answer(visit: Visit, delivery_id: int) -> AnswerPage:
    """Return the exercise with its forms. Raises CannotAnswer when it is gone or somebody else's."""
    task = task_of(visit, Reference(delivery_id=delivery_id))
    lesson, words, saves = task.exercise.lesson, visit.words, visit.person.saves_text
    reply = _without_title(reply_form(lesson, words, about=str(task.exercise.ref), saves_text=saves))
    forms = [(words("pages.reply_heading"), reply)]
    follow_up = pages.follow_up_of(visit.session, visit.person, delivery_id)
    if follow_up is not None:
        reflection = reflection_form(lesson, words, about=str(follow_up.id), saves_text=saves)
        forms.append((words("pages.reflection_heading"), reflection))
    about_it = col(Reflection.delivery_id) == delivery_id
    if follow_up is not None:
        about_it |= col(Reflection.follow_up_id) == follow_up.id
    written = visit.session.exec(
        select(Reflection).where(Reflection.person_id == visit.person.id, about_it).order_by(col(Reflection.id))
    ).all()
    return AnswerPage(
        title=words.of(lesson.title),
        parts=tuple(the_exercise(lesson, words)),
        written=tuple(
            row.body if row.prompt is Prompt.REPLY else f"{words(f'reflections.{row.prompt}')}\n{row.body}"
            for row in written
        ),
        forms=tuple(forms),
    )


def _without_title(form: Form) -> Form:
    """The exercise stands above the form already."""
    return replace(form, body=tuple(item for item in form.body if not isinstance(item, Paragraph)))


def _data(visit: Visit) -> tuple[Facts, Facts, list[str]]:
    collected = my_data.collect(visit.session, visit.person)
    numbers = [
        (visit.words(f"my_data.{name}"), str(len(collected[name]))) for name in ("answers", "reflections", "plans")
    ]
    return Facts(tuple(facts(rhythm_of(visit), visit.words))), Facts(tuple(numbers)), entries_of(visit, collected)


def _submitted(reader: Reader, of: Form, form: FormData, *, now: datetime) -> Submitted:
    """Return what was sent, as the event a platform would have made of it."""
    values = {item.name: _value(item, form) for item in of.body if isinstance(item, Input)}
    digest = hashlib.sha256(orjson.dumps([of.name, of.about, values], option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    who = hashlib.sha256(reader.key.encode()).hexdigest()[:16]
    return Submitted(
        key=f"page:{who}:{digest}",
        platform=reader.platform,
        workspace=reader.workspace,
        person=reader.person,
        at=now,
        form=of.name,
        about=of.about,
        values=values,
    )


def _value(item: Input, form: FormData) -> str | tuple[str, ...]:
    given = [text.replace("\r\n", "\n") for text in form.getlist(item.name) if isinstance(text, str)]
    if isinstance(item, ChoiceInput):
        known = {option.value for option in item.options}
        given = [text for text in given if text in known]
        return tuple(given) if item.many else (given[0] if given else "")
    return given[0] if given else ""


def _all_values(form: FormData) -> dict[str, list[str]]:
    return {name: [text for text in form.getlist(name) if isinstance(text, str)] for name in form}
