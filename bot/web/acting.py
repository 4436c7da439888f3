"""What is pressed and sent on our own page, as the events a platform would have made of it.

They go through the intake to the same desk as those from the chat. What it says in answer is shown on the page; only
the messages in the chat that have changed are shown there too.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

import orjson
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.cards import ChoiceInput, Form, Input, Part
from bot.conversation.events import AnyEvent, Pressed, Submitted
from bot.conversation.health import AGAIN
from bot.conversation.routes import ROUTES
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show
from bot.receiving import Intake
from bot.web.page_parts import CHOICE, OPENS, PRESSES, form_on_page, on_page, page_about
from bot.web.rendering import go_to, page
from bot.web.screens import screen
from bot.web.visits import NotOurForm, Reader, Visits

HOME = "/my"
_OURS = re.compile(r"/my(?:/data|/answer/[A-Za-z0-9:_-]{1,80})?")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Acting:
    def __init__(self, visits: Visits, intake: Intake) -> None:
        self._visits = visits
        self._intake = intake

    async def press(self, request: Request, reader: Reader) -> Response:
        """A button. Raises NotOurForm for one that is not on our page."""
        sent = await self._visits.form(request, reader)
        action, value, back = _text(sent, "action"), _text(sent, "value"), _back(_text(sent, "back"))
        if action not in PRESSES:
            raise NotOurForm
        if action == CHOICE and not value:
            missing = {"value": reader.words("pages.choice_missing")}
            return await screen(self._visits, reader, back, errors=missing)
        event = self._pressed(reader, action, value, key=_key(reader, sent, [action, value]))
        shows = await self._handled(event)
        said = _said(shows)
        about = page_about(action, value, said)
        return await self._after(reader, about or back, said=() if about and _is_the_exercise(said) else said)

    async def form(self, request: Request, reader: Reader) -> Response:
        """A form to read, or one that is sent. Raises NotOurForm for one that no button of our page opens."""
        action, value = request.path_params["action"], request.query_params.get("value", "")
        back = _back(request.query_params.get("back", ""))
        if action not in OPENS:
            raise NotOurForm
        form = await self._opened(reader, action, value)
        if request.method == "GET":
            return go_to(back) if form is None else _form_page(reader, form, back, _address(action, value, back))
        sent = await self._visits.form(request, reader)
        if form is not None and _text(sent, "form") == f"{form.name}{AGAIN}":
            form = replace(form, name=f"{form.name}{AGAIN}")  # as it was shown once more, with a question
        if form is None or form.submit is None or form.name != _text(sent, "form"):
            return await self._after(reader, back)
        event = self._submitted(reader, form, sent)
        shows = await self._handled(event)
        address = _address(action, value, back)
        for show in shows:
            match show:
                case Refuse(errors):
                    return _form_page(reader, form, back, address, values=_all(sent), errors=errors)
                case OpenForm(opened):
                    return _form_page(reader, form_on_page(opened, reader.words), back, address)
                case _:
                    continue
        return await self._after(reader, back, said=_said(shows), status="answer_saved")

    async def _handled(self, event: AnyEvent) -> list[Show]:
        """Return what to show on the page; messages in the chat that have changed are shown anew there."""
        shows = await self._intake.handle_at_once(event) or []
        self._intake.show(event, [show for show in shows if isinstance(show, Replace)])
        return shows

    async def _after(
        self, reader: Reader, path: str, *, said: tuple[Part, ...] = (), status: str = "answer_handled"
    ) -> Response:
        """Go on to a page; to show what was said, it is the answer itself."""
        if said:
            return await screen(self._visits, reader, path, said=said)
        return go_to(f"{path}?{urlencode({'done': status.removeprefix('answer_')})}")

    async def _opened(self, reader: Reader, action: str, value: str) -> Form | None:
        """Return the form a button opens, or None when there is nothing to open any more."""
        event = self._pressed(reader, action, value, key="page:look")
        shows = await self._visits.look(reader, lambda visit: ROUTES.presses[action](visit, event))
        opened = next((show.form for show in shows if isinstance(show, OpenForm)), None)
        return form_on_page(opened, reader.words) if opened else None

    def _pressed(self, reader: Reader, action: str, value: str, *, key: str) -> Pressed:
        return Pressed(
            key=key, platform=reader.platform, workspace=reader.workspace, person=reader.person,
            at=self._visits.clock.now(), on_page=True, action=action, value=value,
        )  # fmt: skip

    def _submitted(self, reader: Reader, form: Form, sent: FormData) -> Submitted:
        values = {item.name: _value(item, sent) for item in form.body if isinstance(item, Input)}
        return Submitted(
            key=_key(reader, sent, [form.name, form.about, values]), platform=reader.platform,
            workspace=reader.workspace, person=reader.person, at=self._visits.clock.now(), on_page=True,
            form=form.name, about=form.about, values=values,
        )  # fmt: skip


def _form_page(
    reader: Reader,
    form: Form,
    back: str,
    address: str,
    *,
    values: Mapping[str, list[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    parts = on_page(form.body, reader.words) if form.submit is None else ()
    return page(
        "form", reader.words, organisation=reader.organisation, title=form.title, of=form, parts=parts, here=back,
        action=address, values=values or {}, errors=errors or {}, form_token=reader.form_token,
    )  # fmt: skip


def _key(reader: Reader, sent: FormData, what: object) -> str:
    """Return the event's key: the same copy of a form with the same in it is the same event."""
    given = _text(sent, "key")
    if not _KEY.fullmatch(given):
        raise NotOurForm
    who = hashlib.sha256(reader.key.encode()).hexdigest()[:16]
    digest = hashlib.sha256(orjson.dumps(what, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    return f"page:{who}:{given}:{digest}"


def _value(item: Input, sent: FormData) -> str | tuple[str, ...]:
    given = [text.replace("\r\n", "\n") for text in _all(sent).get(item.name, [])]
    if isinstance(item, ChoiceInput):
        known = {option.value for option in item.options}
        given = [text for text in given if text in known]
        return tuple(given) if item.many else (given[0] if given else "")
    return given[0] if given else ""


def _said(shows: list[Show]) -> tuple[Part, ...]:
    return tuple(part for show in shows if isinstance(show, Say) for part in show.card.parts)


def _is_the_exercise(said: tuple[Part, ...]) -> bool:
    """Whether what is said is an exercise, which has a page of its own, and not a sentence about one."""
    return page_about("", "", said) is not None


def _address(action: str, value: str, back: str) -> str:
    return f"/my/form/{action}?{urlencode({'value': value, 'back': back})}"


def _back(path: str) -> str:
    return path if _OURS.fullmatch(path) else HOME


def _text(sent: FormData, name: str) -> str:
    given = sent.get(name)
    return given if isinstance(given, str) else ""


def _all(sent: FormData) -> dict[str, list[str]]:
    return {name: [text for text in sent.getlist(name) if isinstance(text, str)] for name in sent}
