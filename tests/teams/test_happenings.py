"""What people do in Teams that waits for no answer: typed, edited, deleted, installed, removed, mentioned."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversation.events import (
    ChannelJoined,
    ChannelLeft,
    Deleted,
    Edited,
    Joined,
    Left,
    Mentioned,
    MessageRef,
    Wrote,
)
from bot.kept_events import to_json
from bot.teams import undress
from tests.teams import payloads
from tests.teams.payloads import CHANNEL, CHAT, KARI, TENANT, THREAD, US

NOW = datetime(2026, 3, 2, 7, 32, tzinfo=UTC)


def undressed(activity: dict[str, Any]) -> Any:
    return undress.event(activity, workspace=TENANT, now=NOW)


def test_typed_words_come_as_they_were_typed() -> None:
    wrote = undressed(payloads.written("  Jag sa <det> & menade *det*\x00\n– på riktigt.  "))
    assert isinstance(wrote, Wrote)
    assert wrote.text == "Jag sa <det> & menade *det*\n– på riktigt."
    assert wrote.message == MessageRef(conversation=CHAT, message="1772436700000")
    assert wrote.key == f"message:{CHAT}:1772436700000"
    assert wrote.done_at == datetime(2026, 3, 2, 7, 31, 40, 123456, tzinfo=UTC)


def test_what_teams_repeats_in_html_is_said_once() -> None:
    html = [{"contentType": "text/html", "content": "<p>Jag sa det till nämnden.</p>"}]
    assert undressed(payloads.written(attachments=html)) == undressed(payloads.written())


def test_the_mention_of_us_is_no_part_of_what_was_typed() -> None:
    mention = {"type": "mention", "mentioned": US, "text": "<at>Knuff</at>"}
    wrote = undressed(payloads.written("<at>Knuff</at>&nbsp;idag", entities=[mention]))
    assert wrote.text == "idag"


def test_edits_deletions_and_their_undoing_follow_their_message() -> None:
    at = MessageRef(conversation=CHAT, message="1772436700000")
    edited = undressed(payloads.changed("messageUpdate", "editMessage", text="Jag sa det."))
    assert isinstance(edited, Edited)
    assert (edited.message, edited.text) == (at, "Jag sa det.")
    assert edited.written_at == datetime(2026, 3, 2, 7, 31, 40, tzinfo=UTC)
    assert edited.done_at == datetime(2026, 3, 2, 7, 31, 40, 123456, tzinfo=UTC)
    back = undressed(payloads.changed("messageUpdate", "undeleteMessage", text="Jag sa det."))
    assert isinstance(back, Edited)
    deleted = undressed(payloads.changed("messageDelete", "softDeleteMessage"))
    assert isinstance(deleted, Deleted)
    assert deleted.message == at


def test_a_message_edited_twice_is_edited_twice() -> None:
    first = undressed(payloads.changed("messageUpdate", "editMessage", text="A", timestamp="2026-03-02T07:31:40.1Z"))
    second = undressed(payloads.changed("messageUpdate", "editMessage", text="A", timestamp="2026-03-02T07:31:41.1Z"))
    assert first.key != second.key


def test_a_message_whose_id_says_no_moment_was_written_nobody_knows_when() -> None:
    assert undressed(payloads.changed("messageUpdate", "editMessage", text="A", id="1:xyz")).written_at is None


@pytest.mark.parametrize("timestamp", [None, "", "igår", 12, "2026-03-02T07:31:40", "0001-01-01T00:00:00+14:00"])
def test_without_a_moment_when_it_reached_us_must_do(timestamp: Any) -> None:
    assert undressed(payloads.written(timestamp=timestamp)).done_at is None


def test_whoever_installs_us_has_joined_and_whoever_removes_us_has_left() -> None:
    joined = undressed(payloads.activity("installationUpdate", action="add"))
    assert isinstance(joined, Joined)
    assert (joined.person, joined.conversation) == (KARI, CHAT)
    assert isinstance(undressed(payloads.activity("conversationUpdate", membersAdded=[US])), Joined)
    assert isinstance(undressed(payloads.activity("installationUpdate", action="remove")), Left)


@pytest.mark.parametrize(
    "activity",
    [
        payloads.activity("installationUpdate", action="add-upgrade"),
        payloads.activity("installationUpdate", action="remove-upgrade"),
        payloads.activity("conversationUpdate", membersAdded=[{"id": "29:1kari"}]),
        payloads.activity("conversationUpdate", membersRemoved=[US]),
        payloads.activity("conversationUpdate"),
    ],
)
def test_a_new_version_or_another_member_is_nobody_coming_or_going(activity: dict[str, Any]) -> None:
    assert undressed(activity) is None


def test_a_team_that_installs_us_is_nobody_joining() -> None:
    team = {"conversationType": "channel", "tenantId": TENANT, "id": THREAD}
    for kind in ("installationUpdate", "conversationUpdate"):
        told = undressed(payloads.activity(kind, action="add", membersAdded=[US], conversation=team))
        assert told is None or (isinstance(told, ChannelJoined) and told.person == "")


def test_a_mention_in_a_channel_carries_nothing_of_what_was_said() -> None:
    mentioned = undressed(payloads.in_channel("<at>Knuff</at> HEMLIGT"))
    assert isinstance(mentioned, Mentioned)
    assert mentioned.message == MessageRef(conversation=THREAD, message="1772436700000")
    assert "HEMLIGT" not in to_json(mentioned)


def test_what_is_said_in_a_channel_without_us_is_nothing_to_us() -> None:
    somebody = {"id": "29:2erik", "name": "Erik"}
    assert undressed(payloads.in_channel("<at>Erik</at> hej", mentioned=somebody)) is None
    assert undressed(payloads.in_channel("hej", entities=[])) is None


OTHER_CHANNEL = "19:annan@thread.tacv2"
IN_TEAM = {"conversationType": "channel", "isGroup": True, "tenantId": TENANT, "id": CHANNEL}
SOMEBODY_UNNAMED = {"id": "29:1kari"}


def in_team(kind: str, *, event: str | None = None, channel: str | None = None, **more: Any) -> dict[str, Any]:
    """Something that becomes of a team; Teams does not always say by whom."""
    data: dict[str, Any] = {"tenant": {"id": TENANT}, "team": {"id": CHANNEL, "name": "Ledning"}}
    data |= ({"eventType": event} if event else {}) | ({"channel": {"id": channel}} if channel else {})
    where = {"conversation": IN_TEAM, "channelData": data, "from": SOMEBODY_UNNAMED, "entities": []}
    return payloads.activity(kind, **where | more)


@pytest.mark.parametrize(
    ("activity", "channel"),
    [
        (in_team("conversationUpdate", event="channelDeleted", channel=OTHER_CHANNEL), OTHER_CHANNEL),
        (in_team("conversationUpdate", event="teamDeleted"), CHANNEL),
        (in_team("conversationUpdate", event="teamHardDeleted"), CHANNEL),
        (in_team("conversationUpdate", event="teamArchived"), CHANNEL),
        (in_team("installationUpdate", action="remove"), CHANNEL),
        (in_team("installationUpdate", action="remove", channelData={"tenant": {"id": TENANT}}), CHANNEL),
    ],
)
def test_a_channel_we_can_no_longer_write_in_is_left_and_nobody_is_named(
    activity: dict[str, Any], channel: str
) -> None:
    left = undressed(activity)
    assert isinstance(left, ChannelLeft)
    assert (left.channel, left.person, left.profile) == (channel, "", None)
    assert KARI not in to_json(undressed(activity | {"from": {"id": "29:1kari", "aadObjectId": KARI}}))


@pytest.mark.parametrize(
    "activity",
    [
        in_team("conversationUpdate", event="channelCreated", channel=OTHER_CHANNEL),
        in_team("conversationUpdate", event="channelRenamed", channel=OTHER_CHANNEL),
        in_team("conversationUpdate", event="teamRenamed"),
        in_team("conversationUpdate", event="teamUnarchived"),
        in_team("installationUpdate", action="remove-upgrade"),
        in_team("installationUpdate", action="add-upgrade"),
    ],
)
def test_a_channel_that_is_new_or_called_otherwise_is_not_left(activity: dict[str, Any]) -> None:
    assert undressed(activity) is None


def test_a_team_we_are_let_into_is_joined_and_nobody_is_named() -> None:
    added = in_team("installationUpdate", action="add") | {"from": {"id": "29:1kari", "aadObjectId": KARI}}
    joined = undressed(added)
    assert isinstance(joined, ChannelJoined)
    assert (joined.channel, joined.person, joined.profile) == (CHANNEL, "", None)
    assert KARI not in to_json(joined)


def test_the_same_team_left_twice_is_left_twice() -> None:
    first = undressed(in_team("installationUpdate", action="remove", id="f:1"))
    second = undressed(in_team("installationUpdate", action="remove", id="f:2"))
    assert first.key != second.key


@pytest.mark.parametrize(
    "data", [{"eventType": "channelDeleted"}, {"eventType": "channelDeleted", "channel": {"id": 7}}]
)
def test_a_channel_that_is_not_named_is_malformed(data: dict[str, Any]) -> None:
    with pytest.raises(undress.MalformedPayload):
        undressed(payloads.activity("conversationUpdate", conversation=IN_TEAM, channelData=data))
