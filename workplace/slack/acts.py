"""What a person can do in Slack: write, press, fill in a form, look at Home, change the profile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from workplace.seed import SeedPerson
from workplace.slack import payloads, wire
from workplace.slack.blocks.rules import check_view, interactive
from workplace.slack.deliveries import Deliveries
from workplace.slack.records import Channel, Message, Person, View
from workplace.slack.refusals import NotPossible, Refused
from workplace.slack.response_urls import add_reply
from workplace.slack.shapes import Json, JsonList
from workplace.slack.state_values import current_state, missing_answers, selection
from workplace.slack.transport import Answer
from workplace.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act: how the bot answered, and more for whoever acted."""

    answer: Answer
    more: Json

    def as_json(self) -> Json:
        answer = self.answer
        return {
            "ok": True,
            "acknowledged": answer.acknowledged,
            "status": answer.status,
            "reason": answer.reason,
            **self.more,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Acts:
    workspace: Workspace
    deliveries: Deliveries
    base_url: str

    def person(self, person_id: str) -> Person:
        person = self.workspace.people.get(person_id)
        if person is None:
            raise NotPossible(f"there is nobody called {person_id}")
        return person

    def active(self, person_id: str) -> Person:
        person = self.person(person_id)
        if person.deleted:
            raise NotPossible(f"{person.real_name} is deactivated and can do nothing")
        return person

    async def write(self, person_id: str, text: str, *, channel_id: str | None = None) -> Done:
        person, channel = self.active(person_id), self._place(person_id, channel_id)
        if not text.strip():
            raise NotPossible("an empty message cannot be sent")
        conversations = self.workspace.conversations
        message = conversations.keep(
            Message(
                channel_id=channel.id,
                ts=conversations.new_ts(self.workspace.now()),
                user_id=person.id,
                text=_escaped(text),
                by_bot=False,
            )
        )
        answer = await self._tell(channel, payloads.message_event(self.workspace, message, channel))
        return Done(answer, {"channel": channel.id, "ts": message.ts})

    async def edit(self, person_id: str, ts: str, text: str, *, channel_id: str | None = None) -> Done:
        channel = self._place(person_id, channel_id)
        before = self._own(person_id, channel, ts)
        after = self.workspace.conversations.change(
            before, text=_escaped(text), blocks=[], metadata=None, now=self.workspace.now()
        )
        event = {
            "subtype": "message_changed",
            "message": wire.message(self.workspace, after),
            "previous_message": wire.message(self.workspace, before),
            "ts": after.edited_ts,
            "event_ts": after.edited_ts,
        }
        return Done(await self._tell(channel, _hidden(channel, event)), {"channel": channel.id, "ts": ts})

    async def delete(self, person_id: str, ts: str, *, channel_id: str | None = None) -> Done:
        channel = self._place(person_id, channel_id)
        message = self._own(person_id, channel, ts)
        self.workspace.conversations.remove(message)
        event_ts = self.workspace.conversations.new_ts(self.workspace.now())
        event = {
            "subtype": "message_deleted",
            "deleted_ts": ts,
            "previous_message": wire.message(self.workspace, message),
            "ts": event_ts,
            "event_ts": event_ts,
        }
        return Done(await self._tell(channel, _hidden(channel, event)), {"channel": channel.id, "ts": ts})

    async def press(
        self,
        person_id: str,
        *,
        action_id: str,
        ts: str | None = None,
        channel_id: str | None = None,
        view_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
        entries: Mapping[str, Any] | None = None,
    ) -> Done:
        """Press a button, or choose `value` in a select, in a message (`ts`) or in a view (`view_id`)."""
        person = self.active(person_id)
        if ts is not None:
            channel = self._place(person_id, channel_id)
            message = self._seen(person_id, channel, ts)
            block, element = _find_element(message.blocks, action_id, block_id)
            state = _with_choice(message.blocks, {}, entries or {}, block, element, value)
            payload = payloads.block_actions_in_message(
                self.workspace,
                person,
                channel=channel,
                message=message,
                action=self._action(block, element, value),
                state=state,
                base_url=self.base_url,
            )
        else:
            view = self._view(person_id, view_id)
            block, element = _find_element(view.blocks, action_id, block_id)
            state = _with_choice(view.blocks, view.state, entries or {}, block, element, value)
            view = self.workspace.surfaces.put(replace(view, state=state))
            payload = payloads.block_actions_in_view(
                self.workspace, person, view=view, action=self._action(block, element, value)
            )
        return self._done(await self.deliveries.interaction(payload))

    async def submit(self, person_id: str, entries: Mapping[str, Any], *, view_id: str | None = None) -> Done:
        """Send the form on top. `errors` in the result are what stands beside the fields, from us or from the bot."""
        person = self.active(person_id)
        view = self._top(person_id, view_id)
        state = current_state(view.blocks, view.state, entries)
        view = self.workspace.surfaces.put(replace(view, state=state, errors={}))
        if errors := missing_answers(view.blocks, state):
            self.workspace.surfaces.put(replace(view, errors=errors))
            return self._done(Answer(reason=None), errors=errors, sent=False)
        answer = await self.deliveries.interaction(payloads.view_submission(self.workspace, person, view))
        if not answer.acknowledged:
            return self._done(answer, sent=True, errors={})
        return self._done(answer, sent=True, errors=self._after_submission(view, answer.body))

    async def close(self, person_id: str, *, view_id: str | None = None, everything: bool = False) -> Done:
        """Close the form on top (or all of them); the bot hears of it where it asked to."""
        person = self.active(person_id)
        view = self._top(person_id, view_id)
        clear = everything or bool(view.content.get("clear_on_close"))
        closed = reversed(self.workspace.surfaces.stack(person_id)) if clear else iter((view,))
        answer = Answer(reason=None)
        for one in list(closed):
            self.workspace.surfaces.close(one)
            if one.content.get("notify_on_close"):
                payload = payloads.view_closed(self.workspace, person, one, is_cleared=clear)
                answer = await self.deliveries.interaction(payload)
        return self._done(answer)

    async def open_tab(self, person_id: str, tab: str) -> Done:
        """Look at the bot's Home, or at its Messages tab; both tell the bot."""
        person = self.active(person_id)
        channel = self.workspace.conversations.open_direct(person.id)
        home = self.workspace.surfaces.home(person.id)
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self.workspace.conversations.new_ts(self.workspace.now()),
        }
        if home and tab == "home":
            event["view"] = wire.view(self.workspace, home)
        return self._done(await self.deliveries.event(event))

    async def command(self, person_id: str, command: str, text: str, *, channel_id: str | None = None) -> Done:
        person, channel = self.active(person_id), self._place(person_id, channel_id)
        payload = payloads.slash_command(
            self.workspace,
            person,
            channel=channel,
            command=command,
            text=_escaped(text.strip()),
            base_url=self.base_url,
        )
        answer = await self.deliveries.command(payload)
        if answer.acknowledged and answer.body:
            body = answer.body if isinstance(answer.body, dict) else {"text": answer.body}
            add_reply(self.workspace, body, channel_id=channel.id, person_id=person.id)
        return self._done(answer)

    async def change_profile(self, person_id: str, **changes: Any) -> Done:
        """Change zone, locale, name or whether someone is deactivated; the bot hears `user_change`."""
        person = self.workspace.change_person(self.person(person_id), **changes)
        return self._done(await self._tell_of(person, "user_change"))

    async def join(self, seed: SeedPerson) -> Done:
        if seed.id in self.workspace.people:
            raise NotPossible(f"{seed.id} works here already")
        return self._done(await self._tell_of(self.workspace.add_person(seed), "team_join"))

    async def uninstall(self) -> Done:
        """Remove the bot: every call is refused from now on. Slack sends these two events in any order."""
        tokens = {"oauth": [], "bot": [self.workspace.app.bot_user_id]}
        await self.deliveries.event({"type": "tokens_revoked", "tokens": tokens})
        answer = await self.deliveries.event({"type": "app_uninstalled"})
        self.workspace.installed = False
        return self._done(answer)

    async def _tell_of(self, person: Person, event_type: str) -> Answer:
        user = wire.user(self.workspace, person, with_locale=True)
        ts = self.workspace.conversations.new_ts(self.workspace.now())
        return await self.deliveries.event(
            {"type": event_type, "user": user, "cache_ts": person.updated, "event_ts": ts}
        )

    async def _tell(self, channel: Channel, event: Json) -> Answer:
        """Tell the bot what was said where it can hear it."""
        self.workspace.changes.happened()
        if not channel.bot_is_member:
            return Answer(reason=None)
        return await self.deliveries.event(event)

    def _after_submission(self, view: View, body: Any) -> dict[str, str]:
        """Do what the bot answered to a form; return its errors. What Slack would not take leaves the form open."""
        surfaces, response = self.workspace.surfaces, body if isinstance(body, dict) else {}
        match response.get("response_action"):
            case "errors":
                errors = {key: str(text) for key, text in dict(response.get("errors") or {}).items()}
                known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                if not errors or set(errors) - known:
                    raise NotPossible(f"the bot put errors on {sorted(set(errors) - known)}, which are no fields")
                surfaces.put(replace(view, errors=errors))
                return errors
            case "update":
                surfaces.rewrite(view, _answered_view(response))
            case "push":
                surfaces.push(view.person_id, _answered_view(response))
            case "clear":
                surfaces.close_all(view.person_id)
            case _:
                surfaces.close(view)
        return {}

    def _done(self, answer: Answer, **more: Any) -> Done:
        self.workspace.changes.happened()
        return Done(answer, more)

    def _action(self, block: Json, element: Json, value: Any) -> Json:
        action: Json = {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "type": element["type"],
            "action_ts": self.workspace.conversations.new_ts(self.workspace.now()),
        }
        if element["type"] == "button":
            return action | {key: element[key] for key in ("text", "value", "url", "style") if key in element}
        return action | selection(element, value)

    def _place(self, person_id: str, channel_id: str | None) -> Channel:
        """Return the channel named, or the person's direct messages with the bot; nobody sees another's."""
        if channel_id is None:
            return self.workspace.conversations.open_direct(self.active(person_id).id)
        channel = self.workspace.conversations.channel(channel_id)
        if channel is None or person_id not in wire.members(self.workspace, channel):
            raise NotPossible(f"{person_id} is not in {channel_id}")
        return channel

    def _seen(self, person_id: str, channel: Channel, ts: str) -> Message:
        message = self.workspace.conversations.message(channel.id, ts)
        if message is None or message.only_for not in (None, person_id):
            raise NotPossible(f"there is no message {ts} in {channel.id}")
        return message

    def _own(self, person_id: str, channel: Channel, ts: str) -> Message:
        message = self._seen(person_id, channel, ts)
        if message.user_id != person_id:
            raise NotPossible("only one's own messages can be changed")
        return message

    def _view(self, person_id: str, view_id: str | None) -> View:
        view = self.workspace.surfaces.find(view_id=view_id) if view_id else self.workspace.surfaces.top(person_id)
        if view is None or view.person_id != person_id:
            raise NotPossible(f"{person_id} has no view {view_id or 'open'}")
        return view

    def _top(self, person_id: str, view_id: str | None) -> View:
        top = self.workspace.surfaces.top(person_id)
        if top is None or view_id not in (None, top.id):
            raise NotPossible(f"{person_id} has no form {view_id or 'open'} on top")
        return top


def _hidden(channel: Channel, event: Json) -> Json:
    return {
        "type": "message",
        "hidden": True,
        "channel": channel.id,
        "channel_type": "im" if channel.is_direct else "channel",
        **event,
    }


def _find_element(blocks: JsonList, action_id: str, block_id: str | None) -> tuple[Json, Json]:
    for block in blocks:
        for element in interactive(block):
            if element["action_id"] == action_id and block_id in (None, block["block_id"]):
                return block, element
    raise NotPossible(f"there is no {action_id} to press")


def _with_choice(
    blocks: JsonList, before: Json, entries: Mapping[str, Any], block: Json, element: Json, value: Any
) -> Json:
    """Return the state as it is once `value` is chosen in `element`."""
    if element["type"] not in ("button", "overflow"):
        entries = {**entries, block["block_id"]: {element["action_id"]: value}}
    return current_state(blocks, before, entries)


def _answered_view(response: Json) -> Json:
    try:
        return check_view(response.get("view"), kind="modal")
    except Refused as refused:
        raise NotPossible(f"the bot answered with a view Slack would refuse: {refused.messages}") from refused


def _escaped(text: str) -> str:
    """Slack sends these three characters of a person's text as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
