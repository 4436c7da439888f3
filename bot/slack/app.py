"""Our place in a bolt app that is handed in: everything Slack sends is undressed, kept and acknowledged there; what
opens or answers a form is handled at once.

A middleware and not listeners: bolt looks through listeners one by one and makes the arguments of each anew, which
together cost as much as keeping the event does.
"""

import logging
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation.cards import Form, Paragraph
from bot.conversation.events import Commanded, Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.logs import where
from bot.plain_text import cut, unmarked
from bot.receiving import Answers, Intake
from bot.slack import dress, undress
from bot.slack.mrkdwn import Json
from scheduler.clock import Clock

ERROR_TEXT = 2000
log = structlog.get_logger()


def bolt_app(client: AsyncWebClient) -> AsyncApp:
    """Return a bolt app that trusts its caller: requests are verified before they reach it, and its token is known."""
    # Bolt logs whole payloads when something is wrong with them. We say it ourselves, without the words of people.
    logger = logging.getLogger("knuff.bolt")
    logger.setLevel(logging.CRITICAL + 1)
    return _App(
        name="knuff",
        client=client,
        authorize=_Known(client.token),
        logger=logger,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,  # what apps wrote is nothing to us, ours included
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def register(bolt: AsyncApp, intake: Intake, clock: Clock) -> None:
    """Listen to everything Slack can send."""
    bolt.use(_Reception(intake, clock))


class _App(AsyncApp):
    def _init_context(self, req: AsyncBoltRequest) -> None:
        """Do without a new client, logger and runner for each request, which nobody here asks for.

        Private: should bolt name it otherwise, requests take a sixth longer, and that is all.
        """
        req.context["client"] = self.client


class _Known(AsyncAuthorize):
    """One workspace, one token: there is nothing to look up."""

    def __init__(self, token: str | None) -> None:
        self._result = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    async def __call__(self, *, context: AsyncBoltContext, **_: str | None) -> AuthorizeResult:
        return self._result


class _Reception(AsyncMiddleware):
    """Takes what bolt itself has no answer to, and answers it."""

    def __init__(self, intake: Intake, clock: Clock) -> None:
        self._intake = intake
        self._clock = clock
        self._answers: Answers[Json | str] = Answers()

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Answer a fault without a word about the payload: bolt itself would log it."""
        payload = req.body
        if "type" not in payload and "command" not in payload:
            return await next()
        try:
            return BoltResponse(status=200, body=await self._answer(payload))
        except undress.MalformedPayload as error:
            log.warning("slack_payload_malformed", error=str(error))
            return BoltResponse(status=400, body="")
        except Exception as error:  # nothing was kept, so nothing is acknowledged: Slack will try again
            log.error("slack_payload_not_kept", error=where(error))
            return BoltResponse(status=503, body="")

    async def _answer(self, payload: Json) -> Json | str:
        """Return what to acknowledge the payload with."""
        event = undress.event(payload, now=self._clock.now())
        match event:
            case None:
                return ""
            case Submitted():
                return await self._answer_form(event)
            case Commanded():
                at_once = True
            case Pressed():
                at_once = undress.opens_form(payload)
            case _:
                at_once = False
        if not at_once:
            await self._intake.keep(event)
        elif shows := await self._intake.handle_at_once(event):
            self._intake.show(event, shows)
        return ""

    async def _answer_form(self, event: Submitted) -> Json | str:
        async def answered() -> Json | str | None:
            shows = await self._intake.handle_at_once(event)
            if shows is None:
                return None
            answer, rest = _answered(event, shows)
            if rest:
                self._intake.show(event, rest)
            return answer

        return await self._answers.given(event.key, answered, otherwise="")


def _answered(event: Submitted, shows: list[Show]) -> tuple[Json | str, list[Show]]:
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
    return "", rest


def _said(errors: dict[str, str]) -> Form:
    body = tuple(Paragraph(text) for text in errors.values())
    return Form(name="refused", title="Knuff", submit=None, close="OK", body=body)


def _errors(event: Submitted, errors: dict[str, str]) -> dict[str, str]:
    """Slack shows an error at an input that is there; what is about none of them stands at the first."""
    first = next(iter(event.values), "")
    return {
        name if name in event.values else first: cut(unmarked(text), most=ERROR_TEXT) for name, text in errors.items()
    }
