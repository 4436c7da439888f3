"""A form can be opened for seconds only: it waits for no card that waits for a limit."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from bot.conversation.cards import Card, Form, Paragraph
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.shows import OpenForm, Replace
from bot.intake import Intake
from bot.ports import ChatPlatform
from bot.showing import Showing
from scheduler.clock import SystemClock

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
FORM = OpenForm(Form(name="rhythm", title="Min rytm", submit=None, close="Stäng", body=(Paragraph("Hej"),)))
CARD = Replace(MessageRef(conversation="D1", message="1"), Card(summary="Hej", parts=()))


class Slow:
    name = "paper"

    def __init__(self) -> None:
        self.opened = 0

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None:
        await asyncio.Event().wait()

    async def open_form(self, workspace: str, form: Form, *, trigger: str) -> None:
        self.opened += 1


def press(person: str) -> Pressed:
    return Pressed(key="p", platform="paper", workspace="T1", person=person, at=NOW, action="a", value="", trigger="1")


async def test_a_form_waits_for_no_card() -> None:
    slow = Slow()
    clock = SystemClock()
    platforms = {"paper": cast(ChatPlatform, slow)}
    store: Any = None
    handling: Any = None
    intake = Intake(store=store, handling=handling, showing=Showing(platforms=platforms, clock=clock), clock=clock)
    for number in range(150):
        intake.show(press(f"U{number}"), [CARD])
    intake.show(press("U1"), [FORM])
    intake.show(press("U999"), [CARD, FORM])
    await asyncio.sleep(0.1)
    assert slow.opened == 2
    await intake.finish(0.1)
