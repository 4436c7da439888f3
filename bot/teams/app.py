"""Everything Teams sends, undressed, kept and answered. What opens or answers a dialog is handled at once: Teams opens
dialogs in the answer itself and nowhere else.

An invoke is answered within three seconds and in words. What takes longer goes on, and what came of it is said in the
chat.
"""

import asyncio

import orjson
import structlog
from starlette.responses import Response

from bot.conversation.events import AnyEvent, Pressed, Submitted
from bot.conversation.nameless import is_nameless
from bot.conversation.shows import Refuse
from bot.conversation.texts import Words
from bot.logs import where
from bot.receiving import THE_FORM, Answers, Intake
from bot.teams import undress
from bot.teams.happenings import language_of
from bot.teams.invokes import (
    NOTHING,
    Invoke,
    after_it,
    answer_to,
    in_chat,
    in_chat_already,
    invoke_of,
    refused,
    sentence,
    try_again,
)
from bot.teams.people import Chats, Names
from bot.teams.text import Json
from scheduler.clock import Clock
from storage.people import DEFAULT_LANGUAGE

ANSWER_WITHIN_SECONDS = 2.5
NAME_TEXT = 200
log = structlog.get_logger()


class Reception:
    def __init__(self, intake: Intake, *, tenant: str, names: Names, chats: Chats, clock: Clock) -> None:
        self._intake = intake
        self._tenant = tenant
        self._names = names
        self._chats = chats
        self._clock = clock
        self._answers: Answers[Json] = Answers()
        self._working: set[asyncio.Task[Json]] = set()

    async def answer(self, activity: Json) -> Response:
        """Take an activity that is surely Teams' own, and our tenant's."""
        try:
            event = undress.event(activity, workspace=self._tenant, now=self._clock.now())
            if event is None:
                return _answered(NOTHING)
            self._note(activity, event)
            if activity["type"] == "invoke" and isinstance(event, Pressed | Submitted):
                return _answered(await self._in_time(invoke_of(activity, event)))
            await self._intake.keep(event)
        except undress.MalformedPayload as error:
            log.warning("teams_payload_malformed", error=str(error))
            return Response(status_code=400)
        except undress.NotOurForm as error:
            log.warning("teams_form_not_ours", error=str(error))
            text = Words(language_of(activity) or DEFAULT_LANGUAGE)("intake.not_our_form")
            return _answered({"task": {"type": "message", "value": text}})
        except Exception as error:  # nothing was kept, so nothing is acknowledged
            log.error("teams_payload_not_kept", error=where(error))
            return Response(status_code=503)
        return _answered(NOTHING)

    async def _in_time(self, invoke: Invoke) -> Json:
        working = asyncio.create_task(self._worked(invoke))
        self._working.add(working)  # the loop itself keeps only a weak reference
        working.add_done_callback(self._working.discard)
        done, _ = await asyncio.wait({working}, timeout=ANSWER_WITHIN_SECONDS)
        if done:
            return working.result()
        invoke.is_waited_for = False
        log.warning("teams_answer_takes_longer", event_kind=type(invoke.event).__name__)
        if not invoke.is_kept:  # nothing is acknowledged before that
            return refused(invoke, {THE_FORM: try_again(invoke)}, names=self._names)
        return sentence(invoke, "intake.takes_longer")

    async def _worked(self, invoke: Invoke) -> Json:
        """Return the answer, in words also when it fails: what Teams says by itself helps nobody."""
        try:
            if invoke.event.trigger is None:
                await self._intake.keep(invoke.event)
                # An anonymous form is never kept for later: where it cannot be opened, nothing has come of the press.
                return sentence(invoke, "typed.form_not_opened" if is_nameless(invoke.event) else "intake.received")
            seen_before = sentence(invoke, "typed.form_not_opened") if invoke.form is None else NOTHING
            return await self._answers.given(invoke.event.key, lambda: self._handled(invoke), otherwise=seen_before)
        except Exception as error:  # the boundary of one invoke: whoever did it can do it again
            log.error("teams_payload_not_kept", error=where(error))
            fault = {THE_FORM: try_again(invoke)}
            if not invoke.is_waited_for and invoke.is_kept:
                self._intake.show(invoke.event, [in_chat(Refuse(fault))])
            return refused(invoke, fault, names=self._names)

    async def _handled(self, invoke: Invoke) -> Json | None:
        """Return the answer, having begun to show what comes after it. None: seen before, or kept to be tried again."""
        shows = await self._intake.handle_at_once(invoke.event, kept=invoke.kept)
        if shows is None:
            return None
        if not invoke.is_waited_for:
            self._intake.show(invoke.event, [in_chat(show) for show in shows])
            return NOTHING
        if rest := after_it(shows):
            self._intake.show(invoke.event, rest)
        try:
            return answer_to(invoke, shows, names=self._names)
        except ValueError as error:  # what they did is recorded, so it must not be called undone
            log.error("teams_answer_not_dressed", error=where(error))
            return sentence(invoke, in_chat_already(invoke) if rest else "typed.form_not_opened")

    def _note(self, activity: Json, event: AnyEvent) -> None:
        if not event.person:
            return
        name, where_it_is = activity["from"].get("name"), activity["conversation"]
        if isinstance(name, str):
            self._names.told(event.person, name[:NAME_TEXT])
        if where_it_is.get("conversationType") == "personal":
            self._chats[event.person] = where_it_is["id"]


def _answered(answer: Json) -> Response:
    return Response(orjson.dumps(answer) if answer else b"", media_type="application/json" if answer else None)
