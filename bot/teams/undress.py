"""Teams' activities as our events. Pure: what is not for us, or unknown to us, becomes None."""

import hashlib
from datetime import datetime
from typing import Any, assert_never
from urllib.parse import unquote

import orjson

from bot.conversation.cards import Audience, ChoiceInput, DateInput, Form, Input, PeopleInput, TextInput, TimeInput
from bot.conversation.events import AnyEvent, MessageRef, Pressed, Profile, Submitted
from bot.conversation.texts import LANGUAGES
from bot.plain_text import without_controls
from bot.teams.addresses import CHANNEL, CHANNEL_ID, PLATFORM
from bot.teams.again import unpack
from bot.teams.happenings import channel_joined, channel_left, happened, is_personal, profile_of
from bot.teams.text import Json
from bot.well_formed import well_formed

DIALOG = "dialog"
"""What stands in an event for Teams' one dialog: it is opened, or replaced, in the answer itself and nowhere else."""
MOST_ACTION = 100
MOST_VALUE = 2000
MOST_TOKEN = 64
MOST_CHANNELS = 5
"""Each is read to its last member while somebody waits."""


class MalformedPayload(ValueError):
    """It is signed, and yet not what Teams documents."""


class NotOurForm(Exception):
    """What was sent carries no form that we can read: it was made by another version of us, or by somebody else."""


def event(activity: Json, *, workspace: str, now: datetime) -> AnyEvent | None:
    """Return what happened in our tenant, or None when that is nothing to us. Raises MalformedPayload when Teams' own
    fields are missing, NotOurForm when ours are not in a form."""
    try:
        found = _event(activity, workspace=workspace, now=now)
        return None if found is None else well_formed(found)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise MalformedPayload(type(error).__name__) from error


def language_of_card(activity: Json) -> str | None:
    """Return what the card was written in whose button was pressed, as the button says; None when it does not."""
    value = activity["value"]
    pressed = value["action"] if activity.get("name") == "adaptiveCard/action" else value
    told = _ours(pressed.get("data")).get("language")
    return told if told in LANGUAGES else None


def form_of(activity: Json) -> tuple[Form, str]:
    """Return the form that was sent and the token of its dialog. Raises NotOurForm."""
    try:
        sent = activity["value"]["data"]["knuff"]
        form, token = unpack(sent["again"]), sent["token"]
    except (KeyError, TypeError, ValueError) as error:
        raise NotOurForm(type(error).__name__) from error
    if not isinstance(token, str) or not 0 < len(token) <= MOST_TOKEN:
        raise NotOurForm("no token")
    return form, token


def filled_in(activity: Json, form: Form, sent: Submitted) -> dict[str, str | tuple[str, ...]]:
    """Return what the form was filled in with, for showing it again: links to channels as they were written."""
    links = [of.name for of in form.body if isinstance(of, PeopleInput) and of.audience is not Audience.PEOPLE]
    data = activity["value"]["data"]
    return sent.values | {name: without_controls(data.get(name) or "") for name in links}


def _event(activity: Json, *, workspace: str, now: datetime) -> AnyEvent | None:
    kind = activity["type"]
    if not isinstance(kind, str):
        raise TypeError("type")
    if activity.get("channelId") != CHANNEL:
        return None
    of_channel = {"platform": PLATFORM, "workspace": workspace, "at": now}
    if (told := channel_left(activity, of_channel) or channel_joined(activity, of_channel)) is not None:
        return told
    person = (activity.get("from") or {}).get("aadObjectId")
    if not person:
        return None
    person = person.lower()  # Entra writes its ids both ways
    profile = profile_of(activity)
    head = {"platform": PLATFORM, "workspace": workspace, "person": person, "at": now, "profile": profile}
    match kind, activity.get("name"):
        case "invoke", "adaptiveCard/action":
            return _executed(activity, head)
        case "invoke", "task/fetch":
            return _pressed(activity, head, _ours(activity["value"].get("data")), trigger=DIALOG)
        case "invoke", "task/submit":
            return _sent(activity, head)
        case "message", _ if activity.get("value") is not None and not activity.get("text"):
            return _pressed(activity, head, _ours(activity["value"]))
        case _:
            return happened(activity, head)


def _executed(activity: Json, head: Json) -> Pressed | None:
    value = activity["value"]
    if value.get("trigger", "manual") != "manual":  # a card that shows itself anew: nobody pressed anything
        return None
    action = value["action"]
    ours = _ours(action.get("data"))
    return _pressed(activity, head, ours if "action" in ours else {"action": action.get("verb") or ""})


def _pressed(activity: Json, head: Json, ours: Json, *, trigger: str | None = None, view: str | None = None) -> Pressed:
    """What a button carries comes back from people's own clients, so it is held to what we put into one."""
    conversation, message = activity["conversation"]["id"], activity.get("replyToId")
    action = without_controls(ours.get("action", ""))[:MOST_ACTION]
    return Pressed(
        **head,
        in_channel=not is_personal(activity),
        key=f"press:{conversation}:{message or ''}:{action}:{activity['id']}",
        action=action,
        value=without_controls(ours.get("value", ""))[:MOST_VALUE],
        message=MessageRef(conversation=conversation, message=message) if message and view is None else None,
        trigger=trigger,
        view=view,
    )


def _sent(activity: Json, head: Json) -> Pressed | Submitted:
    data = activity["value"].get("data")
    ours = _ours(data)
    if "form" not in ours:
        return _pressed(activity, head, ours, trigger=DIALOG, view=DIALOG)
    form, token = form_of(activity)
    _, *where = form.about.split(" ")
    if len(where) == 2 and where[0] != activity["conversation"]["id"]:
        # It comes back from people's own clients: nobody has a message changed in a chat that is not theirs.
        raise NotOurForm("another chat")
    inputs = [part for part in form.body if isinstance(part, Input)]
    values = {of.name: _value(of, data.get(of.name)) for of in inputs}
    return Submitted(
        **head,
        in_channel=not is_personal(activity),
        key=f"form:{head['person']}:{token}:{_digest(values)}",
        form=form.name,
        about=form.about,
        values=values,
        profiles={
            of.name: tuple(Profile(external_id=one, zone=None, language=None) for one in values[of.name])
            for of in inputs
            if isinstance(of, PeopleInput)
        },
        trigger=DIALOG,
        view=DIALOG,
    )


def _ours(data: Any) -> Json:
    """Return what we put into a button, or nothing where there is nothing of ours."""
    ours = data.get("knuff") if isinstance(data, dict) else None
    return ours if isinstance(ours, dict) else {}


def _value(of: Input, given: object) -> str | tuple[str, ...]:
    """Return what an input was filled in with. Teams leaves out what was left empty. Raises TypeError."""
    text = "" if given is None else given
    if not isinstance(text, str):
        raise TypeError(of.name)
    text = without_controls(text)
    match of:
        case PeopleInput(audience=Audience.PEOPLE):
            return _between_commas(text.lower())
        case ChoiceInput(many=True):
            return _between_commas(text)
        case PeopleInput():
            return tuple(dict.fromkeys(_channel(one) for one in text.split()))[:MOST_CHANNELS]
        case TextInput() | ChoiceInput() | DateInput() | TimeInput():
            return text
        case _:
            assert_never(of)


def _between_commas(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))


def _channel(link: str) -> str:
    """Return the id of the channel a link leads to; what is no such link stays as it was written, and names nobody."""
    found = CHANNEL_ID.search(unquote(link))
    return found.group() if found else link


def _digest(values: Json) -> str:
    """Same form, same answers: same key. A form sent again after a correction is another."""
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
