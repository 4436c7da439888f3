"""Slack as our `ChatPlatform`: one call to Slack for one thing asked, and its errors as ours."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation.cards import Card, Form
from bot.conversation.events import MessageRef, Profile
from bot.pacing import FORM_WAITS_SECONDS, LONGEST_WAIT_SECONDS, Pacing
from bot.ports import Address, Channel, Search, TriggerExpired
from bot.slack import dress
from bot.slack.calls import Calls
from bot.slack.errors import code_of, of_channel
from bot.slack.mrkdwn import Json
from bot.slack.people import Roster
from scheduler.clock import Clock
from scheduler.ports import Disconnected, Unknown, Unreachable

DELIVERY = "knuff_delivery"
REPLY = "knuff_reply"

Mark = tuple[str, dict[str, int | str]]
"""A message's metadata: what kind of message it is, and its opaque id."""

HISTORY_PAGE = 200
EARLIER = timedelta(seconds=60)
"""Slack's clock and ours may differ, so a search begins this much before the attempt."""
TRIGGER_WAITS_SECONDS = 2.0
"""A trigger lives three seconds, and some of them are on their way to us and back."""
LANE_WAITS_SECONDS = 2.0
"""All of a workspace's messages stand behind a search; one that is cut short is made anew later."""
NO_LONGER_THERE = frozenset({
    "message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived",
    "not_in_channel",
})  # fmt: skip
MAY_NOT_READ = frozenset({"missing_scope", "not_in_channel", "channel_not_found"})
"""How Slack says that a channel's messages are not for us to read."""
TRIGGER_PASSED = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "invalid_trigger"})
FORM_CLOSED = frozenset({"not_found", "view_not_found"})


class SlackPlatform:
    name = "slack"
    has_roster = True

    def __init__(self, client: AsyncWebClient, clock: Clock, pacing: Pacing) -> None:
        self._client = client
        self._calls = Calls(clock, pacing)
        self._roster = Roster(client, clock, self._calls)

    async def send(self, to: Address | Channel, card: Card, *, delivery_id: int | None) -> MessageRef:
        """As promised by the port. Whoever sends a delivery has waited for its turn before it was marked."""
        mark: Mark | None = None if delivery_id is None else (DELIVERY, {"delivery_id": delivery_id})
        try:
            return await self._post(to, card, mark, has_waited=mark is not None)
        except Unreachable as error:
            if isinstance(to, Channel):
                raise of_channel(error) from error
            raise

    async def reply(self, to: Address, card: Card, *, reply_id: str) -> MessageRef:
        """Answer somebody, with a mark to find the answer by when it is in doubt."""
        return await self._post(to, card, (REPLY, {"reply_id": reply_id}))

    async def _post(
        self, to: Address | Channel, card: Card, mark: Mark | None, *, has_waited: bool = False
    ) -> MessageRef:
        message = dress.message(card)
        if mark is not None:
            # Anybody in the workspace could read metadata: an opaque id and nothing else.
            message["metadata"] = {"event_type": mark[0], "event_payload": mark[1]}
        async with self._calls.to("chat.postMessage", to.workspace, channel=to.conversation, has_waited=has_waited):
            answer = await self._client.chat_postMessage(
                channel=to.conversation if isinstance(to, Channel) else to.conversation or to.person,
                unfurl_links=False,
                unfurl_media=False,
                **message,
            )
            return _where(answer["channel"], answer["ts"])

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None:
        """Show the card in place of the message; one that is no longer there is left alone."""
        dressed = dress.message(card)
        async with self._calls.to("chat.update", workspace):
            try:
                await self._client.chat_update(channel=message.conversation, ts=message.message, **dressed)
            except SlackApiError as error:
                if code_of(error) not in NO_LONGER_THERE:
                    raise

    async def find(self, to: Address | Channel, *, delivery_id: int, since: datetime) -> Search:
        """As promised by the port. Whoever asks has waited for the turn of one page of history.

        A channel's messages are other people's words. We do not ask to be let read them: where nobody has let us,
        what is in doubt stays so.
        """
        mark: Mark = (DELIVERY, {"delivery_id": delivery_id})
        if isinstance(to, Address):
            return await self._search(to, mark, since, has_waited=True)
        try:
            return await self._read(
                to, to.conversation, mark, since, within_seconds=LANE_WAITS_SECONDS, has_waited=True
            )
        except (Unreachable, Disconnected) as error:
            if error.args[0] not in MAY_NOT_READ:
                raise
            return Search(found=None, complete=False, can_be_asked=False)

    async def find_reply(self, to: Address, *, reply_id: str, since: datetime) -> Search:
        return await self._search(to, (REPLY, {"reply_id": reply_id}), since)

    async def _search(self, to: Address, mark: Mark, since: datetime, *, has_waited: bool = False) -> Search:
        """Read the personal chat from a minute before `since` until its end."""
        longest = LANE_WAITS_SECONDS if has_waited else LONGEST_WAIT_SECONDS
        try:
            conversation = to.conversation or await self._conversation_with(to, within_seconds=longest)
        except Unreachable:  # there is no chat, so nothing can have arrived in it
            return Search(found=None, complete=True)
        except Disconnected:  # not allowed to look
            return Search(found=None, complete=False)
        return await self._read(to, conversation, mark, since, within_seconds=longest, has_waited=has_waited)

    async def _read(
        self,
        to: Address | Channel,
        conversation: str,
        mark: Mark,
        since: datetime,
        *,
        within_seconds: float,
        has_waited: bool,
    ) -> Search:
        oldest = f"{(since - EARLIER).timestamp():.6f}"
        cursor = ""
        while True:
            async with self._calls.to(
                "conversations.history",
                to.workspace,
                within_seconds=within_seconds,
                has_waited=has_waited and not cursor,
            ):
                page = await self._client.conversations_history(
                    channel=conversation, oldest=oldest, cursor=cursor, limit=HISTORY_PAGE, include_all_metadata=True
                )
                found = next((message["ts"] for message in page["messages"] if _bears(message, mark)), None)
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                is_whole = not page.get("has_more")
            if found is not None:
                return Search(found=MessageRef(conversation=conversation, message=found), complete=True)
            if not cursor:
                return Search(found=None, complete=is_whole)

    async def show_home(self, to: Address, card: Card) -> None:
        view = dress.home(card)
        async with self._calls.to("views.publish", to.workspace):
            await self._client.views_publish(user_id=to.person, view=view)

    async def open_form(self, workspace: str, form: Form, *, trigger: str) -> None:
        modal = dress.modal(form)
        async with self._calls.to("views.open", workspace, within_seconds=TRIGGER_WAITS_SECONDS):
            try:
                await self._client.views_open(trigger_id=trigger, view=modal)
            except SlackApiError as error:
                if code_of(error) in TRIGGER_PASSED:
                    raise TriggerExpired(form.name) from error
                raise

    async def replace_form(self, workspace: str, form: Form, *, view: str) -> None:
        """Show the form in place of an open one; one that has been closed meanwhile stays closed."""
        modal = dress.modal(form)
        async with self._calls.to("views.update", workspace, within_seconds=FORM_WAITS_SECONDS):
            try:
                await self._client.views_update(view_id=view, view=modal)
            except SlackApiError as error:
                if code_of(error) not in FORM_CLOSED:
                    raise

    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        return await self._roster.profile(workspace, external_id)

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        """As promised by the port; a channel or user group among the ids stands for its members."""
        return await self._roster.profiles(workspace, external_ids)

    async def members(self, workspace: str, audience_id: str) -> list[str]:
        return await self._roster.members(workspace, audience_id)

    async def _conversation_with(self, to: Address, *, within_seconds: float) -> str:
        async with self._calls.to("conversations.open", to.workspace, within_seconds=within_seconds):
            answer = await self._client.conversations_open(users=to.person, prevent_creation=True)
            return str(answer["channel"]["id"])


def _where(conversation: object, message: object) -> MessageRef:
    """Return where Slack put what was posted. Raises Unknown when it does not say: then it may not have been Slack."""
    if not (isinstance(conversation, str) and isinstance(message, str) and conversation and message):
        raise Unknown("no_ts")
    return MessageRef(conversation=conversation, message=message)


def _bears(message: Json, mark: Mark) -> bool:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_type"), metadata.get("event_payload")) == mark
