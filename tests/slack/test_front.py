"""What comes over HTTP, through the real bolt app: genuine requests are kept, others are refused, and nothing is ever
a 500."""

import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import orjson
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation.cards import Card, Form, Paragraph, TextInput
from bot.conversation.events import AnyEvent, Commanded, Pressed, Submitted, Wrote
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.receiving import nobody_asks
from bot.slack.app import bolt_app, register
from bot.slack.calls import open_session, web_client
from bot.slack.front import Front
from bot.slack.signature import is_genuine
from bot.web.app import web_app
from scheduler.clock import ShiftedClock
from tests.slack import payloads
from tests.slack.payloads import as_form, signed
from tests.web.serving import served

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
FORM = Form(name="plan", title="Plan", submit="Spara", close="Avbryt", body=(TextInput(name="cue", label="Om"),))


class RememberingIntake:
    """Keeps events in a list; says what it was told to."""

    def __init__(self) -> None:
        self.kept: list[AnyEvent] = []
        self.shown: list[Show] = []
        self.says: list[Show] = []
        self.fails = False

    async def keep(self, event: AnyEvent) -> bool:
        if self.fails:
            raise OSError("disk full")
        if event.key in {kept.key for kept in self.kept}:
            return False
        self.kept.append(event)
        return True

    async def handle_at_once(self, event: AnyEvent, *, kept: Callable[[], None] = nobody_asks) -> list[Show] | None:
        return self.says if await self.keep(event) else None

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        self.shown += shows


@pytest.fixture
def intake() -> RememberingIntake:
    return RememberingIntake()


@pytest.fixture
async def slack(intake: RememberingIntake) -> AsyncIterator[aiohttp.ClientSession]:
    """Slack, calling us; nobody answers if we call back."""
    clock = ShiftedClock(START)
    session = open_session()
    bolt = bolt_app(web_client(session, token="xoxb-1", api_url="http://127.0.0.1:9/api/"))
    register(bolt, intake, clock)

    async def readiness() -> dict[str, bool]:
        return {"database": True}

    app = web_app(slack=Front(bolt, secret=payloads.SECRET, clock=clock), readiness=readiness)
    async with served(app) as address, aiohttp.ClientSession(address) as client:
        yield client
    await session.close()


async def sent(slack: aiohttp.ClientSession, body: bytes) -> aiohttp.ClientResponse:
    return await slack.post("/slack/events", data=body, headers=signed(body, at=START))


def test_slacks_own_example_is_genuine() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
        b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a1"
        b"4d10d2c447fce8b6703c"
    )
    assert is_genuine(
        body,
        timestamp="1531420618",
        signature="v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        secret=payloads.SECRET.encode(),
        now=datetime.fromtimestamp(1531420618, UTC),
    )


async def test_a_press_is_kept_and_acknowledged(slack: aiohttp.ClientSession, intake: RememberingIntake) -> None:
    answer = await sent(slack, as_form(payloads.press()))
    assert answer.status == 200
    assert [type(event) for event in intake.kept] == [Pressed]


async def test_events_and_commands_are_kept(slack: aiohttp.ClientSession, intake: RememberingIntake) -> None:
    from urllib.parse import urlencode

    await sent(slack, orjson.dumps(payloads.happening(payloads.written("Åtgärd & svar"))))
    await sent(slack, urlencode(payloads.command("hjälp åäö")).encode())
    wrote, commanded = intake.kept
    assert isinstance(wrote, Wrote)
    assert wrote.text == "Åtgärd & svar"
    assert isinstance(commanded, Commanded)
    assert commanded.text == "hjälp åäö"


async def test_a_form_with_a_fault_stays_open_with_the_sentence_at_its_input(
    slack: aiohttp.ClientSession, intake: RememberingIntake
) -> None:
    intake.says = [Refuse({"cue": "Skriv något först.", "nowhere": "Välj en dag."})]
    answer = await sent(slack, as_form(payloads.submission()))
    assert (await answer.json()) == {"response_action": "errors", "errors": {"cue": "Välj en dag."}}


async def test_a_fault_in_a_form_is_plain_text_without_our_marks(
    slack: aiohttp.ClientSession, intake: RememberingIntake
) -> None:
    intake.says = [Refuse({"cue": "Välj **en** dag, eller skriv _paus till fredag_."})]
    answer = await sent(slack, as_form(payloads.submission()))
    assert (await answer.json())["errors"] == {"cue": "Välj en dag, eller skriv paus till fredag."}


async def test_a_form_without_inputs_says_what_is_wrong_in_its_place(
    slack: aiohttp.ClientSession, intake: RememberingIntake
) -> None:
    intake.says = [Refuse({"": "Det gick inte."})]
    empty = payloads.submission()
    empty["view"]["state"]["values"] = {}
    answer = await (await sent(slack, as_form(empty))).json()
    assert answer["response_action"] == "update"
    assert answer["view"]["blocks"][0]["text"]["text"] == "Det gick inte."


async def test_a_form_can_be_followed_by_another_and_by_a_message(
    slack: aiohttp.ClientSession, intake: RememberingIntake
) -> None:
    say = Say(Card(summary="Sparat.", parts=(Paragraph("Sparat."),)))
    intake.says = [OpenForm(FORM), say]
    answer = await sent(slack, as_form(payloads.submission()))
    assert (await answer.json())["response_action"] == "update"
    assert (await answer.json())["view"]["callback_id"] == "plan"
    assert intake.shown == [say]


async def test_a_form_sent_twice_is_kept_once_and_answered_alike(
    slack: aiohttp.ClientSession, intake: RememberingIntake
) -> None:
    intake.says = [OpenForm(FORM)]
    first = await sent(slack, as_form(payloads.submission(trigger="1.1")))
    second = await sent(slack, as_form(payloads.submission(trigger="2.2")))
    assert [type(event) for event in intake.kept] == [Submitted]
    assert await first.json() == await second.json()


async def test_what_slack_may_also_send_is_acknowledged(
    slack: aiohttp.ClientSession, intake: RememberingIntake
) -> None:
    closed = {**payloads.submission(), "type": "view_closed", "is_cleared": False}
    shortcut = {"type": "shortcut", "callback_id": "x", "team": {"id": "T"}, "user": {"id": "U"}, "trigger_id": "1"}
    for payload in (closed, shortcut, payloads.press("unknown.action"), payloads.press("link:x")):
        assert (await sent(slack, as_form(payload))).status == 200
    tomorrow = {"type": "something_new", "team": {"id": "T"}, "user": {"id": "U"}}
    assert (await sent(slack, as_form(tomorrow))).status == 200
    for event in ({"type": "reaction_added"}, {"type": "message", "subtype": "channel_join", "channel_type": "im"}):
        assert (await sent(slack, orjson.dumps(payloads.happening(event)))).status == 200
    assert (await sent(slack, b"ssl_check=1&token=x")).status == 200
    challenge = await sent(slack, orjson.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}))
    assert (await challenge.json()) == {"challenge": "abc"}


BODY = as_form(payloads.press())
GOOD = signed(BODY, at=START)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(BODY, {}, id="no headers"),
        pytest.param(BODY, {**GOOD, "x-slack-signature": "v0=" + "0" * 64}, id="forged"),
        pytest.param(BODY, signed(BODY, at=START, secret="another"), id="signed with another secret"),
        pytest.param(BODY, signed(BODY, at=START - timedelta(seconds=302)), id="stale"),
        pytest.param(BODY, signed(BODY, at=START + timedelta(seconds=302)), id="from the future"),
        pytest.param(BODY, {**GOOD, "x-slack-request-timestamp": "soon"}, id="no number"),
        pytest.param(BODY, {**GOOD, "x-slack-request-timestamp": "9" * 400}, id="endless number"),
        pytest.param(BODY, {**GOOD, "x-slack-signature": "v0=åäö"}, id="non-ASCII signature"),
        pytest.param(BODY, {**GOOD, "x-slack-request-timestamp": "²³"}, id="non-ASCII timestamp"),
        pytest.param(BODY[:-30], GOOD, id="truncated on the way"),
    ],
)
async def test_a_request_that_is_not_slacks_is_refused_and_nothing_is_kept(
    slack: aiohttp.ClientSession, intake: RememberingIntake, body: bytes, headers: dict[str, str]
) -> None:
    assert (await slack.post("/slack/events", data=body, headers=headers)).status == 401
    assert intake.kept == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"payload=%7B%22type%22",
        b"payload=[]",
        b"payload=%ff%fe",
        b"\xff\xfe\x00",
        b"hello",
        b'{"type":"block_actions"}',
        b'{"type":"event_callback","event":{}}',
        b'{"type":"event_callback","event":null}',
        b'{"type":"view_submission","view":[]}',
        b'{"team":"T","type":"block_actions","actions":[1]}',
        b"command=%2Fknuff",
        b"{}",
        b"[]",
    ],
)
async def test_a_signed_request_that_says_nothing_is_a_bad_request(
    slack: aiohttp.ClientSession, intake: RememberingIntake, body: bytes
) -> None:
    assert (await sent(slack, body)).status == 400
    assert intake.kept == []


async def test_what_cannot_be_kept_is_not_acknowledged(slack: aiohttp.ClientSession, intake: RememberingIntake) -> None:
    intake.fails = True
    assert (await sent(slack, as_form(payloads.press()))).status == 503


async def test_nothing_a_person_wrote_is_logged(
    slack: aiohttp.ClientSession,
    intake: RememberingIntake,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    intake.fails = True
    await sent(slack, orjson.dumps(payloads.happening(payloads.written("HEMLIGT"))))
    await sent(slack, orjson.dumps({"type": "HEMLIGT", "event": {"text": "HEMLIGT"}}))
    captured = capfd.readouterr()
    assert "HEMLIGT" not in captured.out + captured.err + caplog.text


async def test_a_body_larger_than_slack_sends_is_refused(slack: aiohttp.ClientSession) -> None:
    body = b"x" * 3_000_001
    answer = await slack.post("/slack/events", data=io.BytesIO(body), headers=signed(body, at=START))
    assert answer.status == 413


async def test_bolt_makes_no_new_client_for_each_request() -> None:
    bolt = bolt_app(AsyncWebClient(token="xoxb-1"))
    request = AsyncBoltRequest(body={"type": "url_verification", "challenge": "abc"}, mode="socket_mode")
    assert (await bolt.async_dispatch(request)).status == 200
    assert request.context.client is bolt.client, "bolt names what we replace otherwise now: see bot/slack/app.py"


async def test_health_and_readiness_answer(slack: aiohttp.ClientSession) -> None:
    assert await (await slack.get("/health")).json() == {"ok": True}
    assert await (await slack.get("/ready")).json() == {"ok": True, "database": True}
