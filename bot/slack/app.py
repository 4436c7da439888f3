"""Bolt listeners on an app that is handed in. Each undresses, keeps, acknowledges; what opens or answers a form is
handled at once.

The listeners catch everything: what bolt finds no listener for it answers with 404, and does not acknowledge on a
socket at all.
"""

import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation.cards import Form, Paragraph
from bot.conversation.events import AnyEvent, Submitted
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.logs import where
from bot.slack import dress, undress
from bot.slack.mrkdwn import Json, cut, unmarked
from scheduler.clock import Clock

ANYTHING = re.compile(".*")
ERROR_TEXT = 2000
ANSWERS_REMEMBERED = 500
log = structlog.get_logger()


class Intake(Protocol):
    """Where events go. Both return after the commit that keeps the event."""

    async def keep(self, event: AnyEvent) -> bool:
        """Keep the event for its turn. False: seen before."""
        ...

    async def handle_at_once(self, event: AnyEvent) -> list[Show] | None:
        """Keep and handle the event. None: seen before, or kept to be tried again."""
        ...

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        """Carry out what was decided, without waiting for it."""
        ...


def bolt_app(client: AsyncWebClient) -> AsyncApp:
    """Return a bolt app that trusts its caller: requests are verified before they reach it, and its token is known."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=client.token)

    # Bolt logs whole payloads when something is wrong with them. We say it ourselves, without the words of people.
    logger = logging.getLogger("knuff.bolt")
    logger.setLevel(logging.CRITICAL + 1)
    return AsyncApp(
        name="knuff",
        client=client,
        authorize=authorize,
        logger=logger,
        # Otherwise bolt looks for the acknowledgement every ten milliseconds.
        process_before_response=True,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def register(bolt: AsyncApp, intake: Intake, clock: Clock) -> None:
    """Listen to everything Slack can send."""
    answers = _Answers()

    async def on_anything(body: Json, ack: AsyncAck) -> BoltResponse:
        event = undress.event(body, now=clock.now())
        if event is not None:
            await intake.keep(event)
        return await ack()

    async def on_press(body: Json, ack: AsyncAck) -> BoltResponse:
        if not undress.opens_form(body):
            return await on_anything(body, ack)
        return await on_command(body, ack)

    async def on_command(body: Json, ack: AsyncAck) -> BoltResponse:
        event = undress.event(body, now=clock.now())
        if event is not None and (shows := await intake.handle_at_once(event)):
            intake.show(event, shows)
        return await ack()

    async def on_submission(body: Json, ack: AsyncAck) -> BoltResponse:
        event = undress.event(body, now=clock.now())
        if not isinstance(event, Submitted):
            return await ack()
        shows = await intake.handle_at_once(event)
        if shows is None:
            return await ack(**answers.given_to(event))
        answer, rest = _answered(event, shows)
        answers.remember(event, answer)
        if rest:
            intake.show(event, rest)
        return await ack(**answer)

    bolt.event(ANYTHING)(_careful(on_anything))
    bolt.action(ANYTHING)(_careful(on_press))
    bolt.view_submission(ANYTHING)(_careful(on_submission))
    bolt.command(ANYTHING)(_careful(on_command))
    for other in (bolt.view_closed, bolt.options, bolt.shortcut):
        other(ANYTHING)(_careful(on_anything))


def _answered(event: Submitted, shows: list[Show]) -> tuple[Json, list[Show]]:
    """Split what is shown into the answer to the form itself and what comes after it."""
    rest: list[Show] = [show for show in shows if not isinstance(show, Refuse | OpenForm)]
    for show in shows:
        match show:
            case Refuse(errors) if event.values:
                return {"response_action": "errors", "errors": _errors(event, errors)}, rest
            case Refuse(errors):  # there is no input to show it at
                return {"response_action": "update", "view": dress.modal(_said(errors))}, rest
            case OpenForm(form):
                return {"response_action": "update", "view": dress.modal(form)}, rest
            case _:
                pass
    return {}, rest


def _said(errors: dict[str, str]) -> Form:
    body = tuple(Paragraph(text) for text in errors.values())
    return Form(name="refused", title="Knuff", submit=None, close="OK", body=body)


def _errors(event: Submitted, errors: dict[str, str]) -> dict[str, str]:
    """Slack shows an error at an input that is there; what is about none of them stands at the first."""
    first = next(iter(event.values), "")
    return {
        name if name in event.values else first: cut(unmarked(text), most=ERROR_TEXT) for name, text in errors.items()
    }


class _Answers:
    """The latest answers to forms, so that a form that reaches us twice is answered twice alike."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Json] = OrderedDict()

    def remember(self, event: Submitted, answer: Json) -> None:
        self._answers[event.key] = answer
        while len(self._answers) > ANSWERS_REMEMBERED:
            self._answers.popitem(last=False)

    def given_to(self, event: Submitted) -> Json:
        return self._answers.get(event.key, {})


Listener = Callable[[Json, AsyncAck], Awaitable[BoltResponse]]


def _careful(listener: Listener) -> Listener:
    """Answer a fault without a word about the payload: bolt itself would log it."""

    async def careful(body: Json, ack: AsyncAck) -> BoltResponse:
        try:
            return await listener(body, ack)
        except undress.MalformedPayload as error:
            log.warning("slack_payload_malformed", error=str(error))
            return BoltResponse(status=400, body="")
        except Exception as error:  # nothing was kept, so nothing is acknowledged: Slack will try again
            log.error("slack_payload_not_kept", error=where(error))
            return BoltResponse(status=503, body="")

    return careful
