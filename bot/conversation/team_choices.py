"""What a coordinator chooses for a team, checked. A fault names its input and the text that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from bot.conversation.answering import was_about
from bot.conversation.cohort_choices import LONGEST_NAME, Fault, closed_days, flags_in, slot_in
from bot.conversation.events import Profile, Submitted
from bot.conversation.texts import LANGUAGES
from lessons.challenges import Challenge, Form
from scheduler.calendar import CALENDAR_FLAGS, Calendar
from storage.tables.people import Platform

MOST_MEMBERS = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamChoices:
    name: str
    channel_id: str
    members: tuple[Profile, ...]
    facilitator: Profile
    language: str
    slot: time
    calendar: Calendar


def choices_from(sent: Submitted, *, reads_channels: bool) -> tuple[TeamChoices | None, list[Fault]]:
    """Return the choices of a sent form, or None and everything that must change. Never raises, whatever was sent.

    `reads_channels`: we are told who is in a channel, so one that we are not told of is one we cannot write in.
    """
    faults: list[Fault] = []
    name = " ".join(sent.text("name").split())[:LONGEST_NAME]
    if not name:
        faults.append(Fault("name", "teams.name_missing"))
    channel = was_about(sent.about)[0] or _channel_in(sent, faults, reads_channels=reads_channels)
    members = picked(sent, "people", faults)
    if sent.text("everybody") == "yes":
        members = (*members, *_in_channel(sent, channel, faults))
    facilitators = picked(sent, "facilitator", faults)
    if len(facilitators) != 1:
        faults.append(Fault("facilitator", "teams.facilitator_missing"))
    language = sent.text("language")
    if language not in LANGUAGES:
        faults.append(Fault("language", "coordinating.choose_one"))
    slot = slot_in(sent.text("slot"), faults)
    closed = closed_days(sent.text("closed"), faults)
    if len(members) > MOST_MEMBERS:
        faults.append(Fault("people", "teams.too_many", {"most": MOST_MEMBERS}))
    if faults or slot is None:
        return None, faults
    flags = {flag: flag in flags_in(sent) for flag in CALENDAR_FLAGS}
    everybody = {one.external_id: one for one in (*members, *facilitators)}
    choices = TeamChoices(
        name=name,
        channel_id=channel,
        members=tuple(everybody.values()),
        facilitator=facilitators[0],
        language=language,
        slot=slot,
        calendar=Calendar(closed=frozenset(closed), resting=frozenset(), **flags),
    )
    return choices, []


def picked(sent: Submitted, name: str, faults: list[Fault]) -> tuple[Profile, ...]:
    """Return whom an input picked; a bot or a closed account among them is a fault."""
    people = sent.profiles.get(name, ())
    if wrong := [one for one in people if one.is_bot or one.is_gone]:
        key = "coordinating.people_cannot_one" if len(wrong) == 1 else "coordinating.people_cannot_many"
        faults.append(Fault(name, key, {"number": len(wrong)}))
    return tuple(one for one in people if not one.is_bot and not one.is_gone)


def lacks_us(sent: Submitted) -> bool:
    """Whether we were told who is in the channel that was picked, and we are not: only Slack tells of bots too."""
    members = sent.profiles.get("channel", ())
    is_read = any(_is_read(sent, channel) for channel in sent.many("channel"))
    return sent.platform == Platform.SLACK and is_read and not any(one.is_bot for one in members)


def can_be_done(challenge: Challenge) -> bool:
    """Whether one team can do it by itself. A relay is begun for several."""
    return challenge.form is not Form.RELAY


def offered(challenges: Sequence[Challenge]) -> list[Challenge]:
    return [challenge for challenge in challenges if can_be_done(challenge)]


def _channel_in(sent: Submitted, faults: list[Fault], *, reads_channels: bool) -> str:
    chosen = sent.many("channel")
    if not chosen or not chosen[0]:
        faults.append(Fault("channel", "teams.channel_missing"))
    elif len(chosen) > 1:
        faults.append(Fault("channel", "teams.channel_one"))
    elif reads_channels and not _is_read(sent, chosen[0]):
        faults.append(Fault("channel", "teams.channel_closed"))
    return sent.text("channel")


def _in_channel(sent: Submitted, channel: str, faults: list[Fault]) -> tuple[Profile, ...]:
    if not _is_read(sent, channel):
        faults.append(Fault("everybody", "teams.channel_unread"))
        return ()
    return tuple(one for one in sent.profiles["channel"] if not one.is_bot and not one.is_gone)


def _is_read(sent: Submitted, channel: str) -> bool:
    """Whether we were told who is in the channel: one that stands for itself, or for nobody, could not be read."""
    everybody = sent.profiles.get("channel", ())
    return bool(everybody) and all(one.external_id != channel for one in everybody)
