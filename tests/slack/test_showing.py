"""A form that cannot be opened is not met with silence."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.conversation.cards import Card, Form, Paragraph
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.shows import OpenForm
from bot.ports import Address, TriggerExpired
from bot.showing import Showing
from scheduler.clock import ShiftedClock
from scheduler.ports import RateLimited, Refused, Unknown

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
FORM = OpenForm(
    Form(name="rhythm", title="Min rytm", submit=None, close="Stäng", body=(Paragraph("Hej"),)),
    too_late="Knappen hann bli gammal.",
    not_opened="Formuläret gick inte att öppna.",
)
PRESS = Pressed(
    key="press-1", platform="paper", workspace="T1", person="U1", at=NOW, action="rhythm.open", value="", trigger="1.1"
)


class OpensNothing:
    """A chat in which no form opens, for the reason given."""

    name = "paper"

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.said: list[str] = []

    async def open_form(self, workspace: str, form: Form, *, trigger: str) -> None:
        raise self.error

    async def replace_form(self, workspace: str, form: Form, *, view: str) -> None:
        raise self.error

    async def reply(self, to: Address, card: Card, *, reply_id: str) -> MessageRef:
        self.said.append(card.summary)
        return MessageRef(conversation="D1", message="1")

    async def send(self, to: Address, card: Card, *, delivery_id: int | None) -> MessageRef:
        return await self.reply(to, card, reply_id="")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TriggerExpired("rhythm"), ["Knappen hann bli gammal."]),
        (
            RateLimited("rate_limited", until=NOW + timedelta(seconds=30), bucket="views.open"),
            ["Knappen hann bli gammal."],
        ),
        (Refused("invalid_blocks"), ["Formuläret gick inte att öppna."]),
        (AssertionError("nothing dresses this input"), ["Formuläret gick inte att öppna."]),
        pytest.param(Unknown("timeout"), [], id="it may be open"),
    ],
)
async def test_whoever_presses_is_told_when_the_form_does_not_open(error: Exception, said: list[str]) -> None:
    chat: Any = OpensNothing(error)
    await Showing(platforms={"paper": chat}, clock=ShiftedClock(NOW)).carry_out(PRESS, [FORM])
    assert chat.said == said


async def test_whoever_sits_in_a_form_is_told_when_the_next_does_not_come() -> None:
    limited = RateLimited("rate_limited", until=NOW + timedelta(seconds=30), bucket="views.update")
    chat: Any = OpensNothing(limited)
    async with asyncio.timeout(5):
        await Showing(platforms={"paper": chat}, clock=ShiftedClock(NOW)).carry_out(replace(PRESS, view="V1"), [FORM])
    assert chat.said == ["Formuläret gick inte att öppna."]


async def test_whoever_presses_where_no_form_can_open_is_told() -> None:
    """In a client without dialogs a press comes as a message, with nothing to open a form by."""
    chat: Any = OpensNothing(AssertionError("there is nothing to open it by"))
    await Showing(platforms={"paper": chat}, clock=ShiftedClock(NOW)).carry_out(replace(PRESS, trigger=None), [FORM])
    assert chat.said == ["Formuläret gick inte att öppna."]
