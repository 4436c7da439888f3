"""What the conversation decided to show, carried out on the platform once it is committed.

A failure here loses no answer: it is logged by its class. Tried again is only what surely was not shown, and what may
be shown twice without anybody seeing it: a card in its place, and Home.
"""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.conversation.cards import Card, Form, Paragraph
from bot.conversation.events import AnyEvent, Commanded, InChat, Mentioned, MessageRef, Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show, ShowHome
from bot.logs import where
from bot.pacing import FORM_WAITS_SECONDS, LONGEST_WAIT_SECONDS
from bot.ports import Address, ChatPlatform, TriggerExpired
from bot.replying import reply
from scheduler.clock import Clock
from scheduler.ports import DeliveryError, RateLimited, Refused, Unknown

MOST_TRIES = 4
AGAIN_AFTER_SECONDS = 1.0
TRIGGER_LIVES = timedelta(seconds=3)
"""How long after a press a form can be opened."""
log = structlog.get_logger()


class Showing:
    def __init__(self, *, platforms: Mapping[str, ChatPlatform], clock: Clock) -> None:
        self._platforms = platforms
        self._clock = clock

    async def carry_out(self, event: AnyEvent, shows: list[Show]) -> None:
        """Show everything, in order. One that fails does not keep the next from being shown."""
        for show in shows:
            try:
                await self._when_allowed(event, show)
            except TriggerExpired:
                log.warning("form_opened_too_late", event_kind=type(event).__name__)
                await self._say_instead(event, show, too_late=True)
            except DeliveryError as error:
                log.error(
                    "not_shown",
                    show=type(show).__name__,
                    error=str(error),
                    kind=type(error).__name__,
                    event_kind=type(event).__name__,
                )
                if not isinstance(error, Unknown):  # it may be open
                    await self._say_instead(event, show)
            except Exception as error:  # the boundary of one show: the answer is recorded, only its picture is not
                log.error("not_shown", show=type(show).__name__, error=where(error), event_kind=type(event).__name__)
                await self._say_instead(event, show)

    async def _say_instead(self, event: AnyEvent, show: Show, *, too_late: bool = False) -> None:
        """Say in the chat that a form did not open: whoever pressed sees nothing otherwise."""
        if not isinstance(show, OpenForm) or not (text := show.too_late if too_late else show.not_opened):
            return
        try:
            await self._when_allowed(event, Say(Card(summary=text.replace("_", ""), parts=(Paragraph(text),))))
        except Exception as error:  # as below: this was the last resort
            log.error("not_shown", show="Say", error=where(error), event_kind=type(event).__name__)

    async def _when_allowed(self, event: AnyEvent, show: Show) -> None:
        for left in range(MOST_TRIES, 0, -1):
            try:
                await self._carry_out(event, show)
                return
            except RateLimited as limited:
                longest = LONGEST_WAIT_SECONDS
                if isinstance(show, OpenForm):
                    if _trigger(event) is not None and limited.until > event.at + TRIGGER_LIVES:
                        raise TriggerExpired(show.form.name) from limited
                    longest = FORM_WAITS_SECONDS
                wait = (limited.until - self._clock.now()).total_seconds()
                if left == 1 or wait > longest:
                    raise
                await self._clock.sleep(max(0.0, wait))
            except Unknown:
                if left == 1 or not isinstance(show, Replace | ShowHome):
                    raise
                await self._clock.sleep(AGAIN_AFTER_SECONDS)

    async def _carry_out(self, event: AnyEvent, show: Show) -> None:
        platform, workspace = self._platforms[event.platform], event.workspace
        to = Address(workspace=workspace, person=event.person, conversation=_conversation(event))
        match show:
            case Say(card):
                await reply(platform, to, card, clock=self._clock)
            case Replace(message, card):
                await platform.update(workspace, message, card)
            case ShowHome(card):
                await platform.show_home(to, card)
            case OpenForm(form):
                await self._open(platform, event, form)
            case Refuse():
                log.warning("nothing_to_refuse", event_kind=type(event).__name__)

    async def _open(self, platform: ChatPlatform, event: AnyEvent, form: Form) -> None:
        """Show the form in place of the one it was asked for in, or open it while the press is fresh. Raises Refused
        where neither can be done, such as in a client without dialogs."""
        match event:
            case Pressed(view=str(view)) | Submitted(view=str(view)):
                await platform.replace_form(event.workspace, form, view=view)
            case _ if (trigger := _trigger(event)) is not None:
                await platform.open_form(event.workspace, form, trigger=trigger)
            case _:
                raise Refused("nowhere_to_open_a_form")


def _trigger(event: AnyEvent) -> str | None:
    """Return what a form can be opened with, for a few seconds. None where one is open: that is replaced."""
    match event:
        case Pressed(view=None, trigger=trigger) | Commanded(trigger=trigger):
            return trigger
        case _:
            return None


def _conversation(event: AnyEvent) -> str | None:
    """Return where to answer; None for the person's own chat, wherever that is. A press in a channel is answered there
    too: the answer is nobody else's."""
    match event:
        case Pressed(in_channel=True):
            return None
        case Pressed(message=MessageRef() as message) | InChat(message=message) | Mentioned(message=message):
            return message.conversation
        case _:
            return None
