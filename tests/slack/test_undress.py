from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.conversation.events import (
    ChannelJoined,
    ChannelLeft,
    Commanded,
    Deleted,
    Edited,
    MessageRef,
    OpenedHome,
    Pressed,
    Profile,
    ProfileChanged,
    Submitted,
    Uninstalled,
    Wrote,
)
from bot.kept_events import from_json, to_json
from bot.slack import undress
from tests.slack import payloads

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def undressed(payload: dict[str, Any]) -> Any:
    return undress.event(payload, now=NOW)


def test_a_press_says_who_pressed_what_and_where() -> None:
    pressed = undressed(payloads.press("nudge.choice#3", value="12:2"))
    assert isinstance(pressed, Pressed)
    assert (pressed.person, pressed.workspace, pressed.action, pressed.value) == (
        "U01KARIN",
        "T0ALVSUNDA",
        "nudge.choice",
        "12:2",
    )
    assert pressed.message == MessageRef(conversation="D01", message="1772436600.000100")
    assert pressed.trigger == "13345224609.1"
    assert pressed.view is None


def test_a_press_that_opens_a_form_is_known_before_it_is_handled() -> None:
    assert undress.opens_form(payloads.press("form:nudge.plan"))
    assert not undress.opens_form(payloads.press("nudge.plan"))
    assert undressed(payloads.press("form:nudge.plan")).action == "nudge.plan"


def test_the_same_press_has_the_same_key_and_another_one_another() -> None:
    assert undressed(payloads.press()).key == undressed(payloads.press()).key
    assert undressed(payloads.press()).key != undressed(payloads.press(trigger="2.2")).key


def test_home_is_no_form_but_a_modal_is() -> None:
    assert undressed(payloads.press_in_view("home")).view is None
    assert undressed(payloads.press_in_view("home")).message is None
    assert undressed(payloads.press_in_view("modal")).view == "V1"


def test_a_link_and_a_choice_that_is_no_button_are_nothing_to_us() -> None:
    assert undressed(payloads.press("link:read")) is None
    picked = payloads.press()
    picked["actions"][0]["type"] = "static_select"
    assert undressed(picked) is None


def test_a_form_comes_with_every_kind_of_answer() -> None:
    submitted = undressed(
        payloads.submission(
            {
                "cue": {"cue": {"type": "plain_text_input", "value": None}},
                "pace": {"pace": {"type": "radio_buttons", "selected_option": {"value": "three"}}},
                "days": {"days": {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "2"}]}},
                "on": {"on": {"type": "datepicker", "selected_date": "2026-03-02"}},
                "slot": {"slot": {"type": "timepicker", "selected_time": "08:15"}},
                "people": {"people": {"type": "multi_users_select", "selected_users": ["U01KARIN"]}},
                "channel": {"channel": {"type": "multi_conversations_select", "selected_conversations": ["G01LAG"]}},
                "group": {"groups:group": {"type": "plain_text_input", "value": " @chefer, rektorer"}},
            }
        )
    )
    assert isinstance(submitted, Submitted)
    assert submitted.values == {
        "cue": "", "pace": "three", "days": ("1", "2"), "on": "2026-03-02", "slot": "08:15",
        "people": ("U01KARIN",), "channel": ("G01LAG",), "group": ("@chefer", "@rektorer"),
    }  # fmt: skip
    assert submitted.profiles == {
        "people": (Profile(external_id="U01KARIN", zone=None, language=None),),
        "channel": (Profile(external_id="G01LAG", zone=None, language=None),),
        "group": tuple(Profile(external_id=handle, zone=None, language=None) for handle in ("@chefer", "@rektorer")),
    }
    assert (submitted.form, submitted.about) == ("plan", "12")


def test_a_form_sent_twice_has_one_key_and_a_corrected_one_another() -> None:
    corrected = {"cue": {"cue": {"type": "plain_text_input", "value": "När rapporten kommer"}}}
    assert undressed(payloads.submission(trigger="1.1")).key == undressed(payloads.submission(trigger="2.2")).key
    assert undressed(payloads.submission()).key != undressed(payloads.submission(corrected)).key


def test_what_somebody_types_to_us_is_read_as_they_typed_it() -> None:
    wrote = undressed(payloads.happening(payloads.written("R&amp;D &lt;3")))
    assert isinstance(wrote, Wrote)
    assert wrote.text == "R&D <3"
    assert wrote.key == "event:Ev01"
    assert wrote.message == MessageRef(conversation="D01", message="1772436701.000200")


def test_an_edited_message_names_the_message_it_was() -> None:
    change = {
        "type": "message", "subtype": "message_changed", "channel": "D01", "channel_type": "im", "ts": "9.9",
        "message": payloads.written("Ny text", edited={"user": "U01KARIN", "ts": "9.9"}),
        "previous_message": payloads.written("Gammal text"),
    }  # fmt: skip
    edited = undressed(payloads.happening(change))
    assert isinstance(edited, Edited)
    assert (edited.text, edited.message.message, edited.person) == ("Ny text", "1772436701.000200", "U01KARIN")
    assert edited.written_at == datetime(2026, 3, 2, 7, 31, 41, 200, tzinfo=UTC)


def test_a_link_that_slack_unfolds_is_no_edit() -> None:
    change = {
        "type": "message", "subtype": "message_changed", "channel": "D01", "channel_type": "im", "ts": "9.9",
        "message": payloads.written("Samma", attachments=[{}]), "previous_message": payloads.written("Samma"),
    }  # fmt: skip
    assert undressed(payloads.happening(change)) is None


def test_a_deleted_message_names_the_message_it_was() -> None:
    removal = {
        "type": "message", "subtype": "message_deleted", "channel": "D01", "channel_type": "im", "ts": "9.9",
        "deleted_ts": "1772436701.000200", "previous_message": payloads.written(),
    }  # fmt: skip
    deleted = undressed(payloads.happening(removal))
    assert isinstance(deleted, Deleted)
    assert (deleted.person, deleted.message.message) == ("U01KARIN", "1772436701.000200")


CHANGED = {
    "type": "message", "subtype": "message_changed", "channel": "D01", "channel_type": "im", "ts": "1772436801.000300",
    "message": payloads.written("Ny text"), "previous_message": payloads.written("Gammal text"),
}  # fmt: skip
REMOVED = {
    "type": "message", "subtype": "message_deleted", "channel": "D01", "channel_type": "im", "ts": "1772436801.000300",
    "deleted_ts": "1772436701.000200", "previous_message": payloads.written(),
}  # fmt: skip


@pytest.mark.parametrize("event", [payloads.written(), CHANGED, REMOVED], ids=["written", "edited", "deleted"])
def test_what_is_done_in_the_chat_was_done_when_slack_says(event: dict[str, Any]) -> None:
    done = undressed(payloads.happening(event | {"event_ts": "1772436801.000300"}))
    assert done.done_at == datetime(2026, 3, 2, 7, 33, 21, 300, tzinfo=UTC)
    assert done.at == NOW
    assert from_json(to_json(done)) == done


def test_two_edits_in_one_second_keep_their_order() -> None:
    first, second = (
        undressed(payloads.happening(CHANGED | {"event_ts": ts})) for ts in ("1772436801.999998", "1772436801.999999")
    )
    assert second.done_at - first.done_at == timedelta(microseconds=1)


@pytest.mark.parametrize(
    "event_ts",
    [None, 1772436801.0003, {}, "", "nan", "soon", "-1772436801.000300", "1772436801", "99999999999999.000300", "0.1"],
)
def test_a_moment_slack_garbles_is_none(event_ts: object) -> None:
    for event in (payloads.written(), CHANGED, REMOVED):
        assert undressed(payloads.happening(event | {"event_ts": event_ts})).done_at is None
        assert undressed(payloads.happening(event)).done_at is None


@pytest.mark.parametrize(
    "event",
    [
        payloads.written(bot_id="B0KNUFF", user="U0KNUFFBOT"),
        payloads.written(subtype="bot_message"),
        payloads.written(subtype="channel_join"),
        payloads.written(channel_type="channel"),
        payloads.written("  "),
        {"type": "message", "subtype": "message_changed", "channel": "D01", "channel_type": "im", "ts": "9.9",
         "message": payloads.written("Ny", bot_id="B0KNUFF"), "previous_message": payloads.written("Förr")},
        {"type": "app_home_opened", "user": "U01KARIN", "channel": "D01", "tab": "messages"},
        {"type": "reaction_added", "user": "U01KARIN"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U01KARIN"]}},
    ],
)  # fmt: skip
def test_what_is_not_for_us_is_nothing(event: dict[str, Any]) -> None:
    assert undressed(payloads.happening(event)) is None


def test_home_people_and_the_app_itself() -> None:
    home = undressed(payloads.happening({"type": "app_home_opened", "user": "U01KARIN", "tab": "home"}))
    user = {"id": "U01KARIN", "tz": "Europe/Helsinki", "locale": "sv-SE", "deleted": True, "is_bot": False}
    changed = undressed(payloads.happening({"type": "user_change", "user": user}))
    removed = undressed(payloads.happening({"type": "app_uninstalled"}))
    assert isinstance(home, OpenedHome)
    assert isinstance(changed, ProfileChanged)
    assert changed.profile == Profile(external_id="U01KARIN", zone="Europe/Helsinki", language="sv", is_gone=True)
    assert isinstance(removed, Uninstalled)


@pytest.mark.parametrize(
    "kind", ["channel_left", "channel_archive", "channel_deleted", "group_left", "group_archive", "group_deleted"]
)
def test_a_channel_we_can_no_longer_write_in_is_left_and_nobody_is_named(kind: str) -> None:
    by_somebody = {"user": "U01KARIN", "actor_id": "U01KARIN", "event_ts": "1772436700.000100"}
    left = undressed(payloads.happening({"type": kind, "channel": "C01LEDARE", **by_somebody}))
    assert isinstance(left, ChannelLeft)
    assert (left.channel, left.person) == ("C01LEDARE", "")


def test_a_channel_that_is_opened_again_is_nothing_to_us() -> None:
    for kind in ("channel_unarchive", "channel_created", "channel_rename"):
        assert undressed(payloads.happening({"type": kind, "channel": "C01LEDARE", "user": "U01KARIN"})) is None


def test_that_we_are_let_into_a_channel_is_heard_and_of_anybody_else_nothing_is_kept() -> None:
    def comes(user: str, **as_whom: object) -> Any:
        event = {"type": "member_joined_channel", "channel": "C01LEDARE", "user": user, "inviter": "U01KARIN"}
        return undressed(payloads.happening(event) | as_whom)

    us = {"authorizations": [{"user_id": "U0KNUFF", "is_bot": True}]}
    joined = comes("U0KNUFF", **us)
    assert isinstance(joined, ChannelJoined)
    assert (joined.channel, joined.person) == ("C01LEDARE", "")
    assert comes("U01KARIN", **us) is None
    assert comes("U01KARIN", authorizations=[{"user_id": "U01KARIN", "is_bot": False}]) is None
    assert comes("U0KNUFF") is None, "nobody says that it is us"


def test_a_command_brings_its_words() -> None:
    commanded = undressed(payloads.command(" pausa till fredag "))
    assert isinstance(commanded, Commanded)
    assert (commanded.text, commanded.trigger) == ("pausa till fredag", "9.9")


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions"},
        {"type": "block_actions", "actions": [], "user": {"id": "U1"}},
        {"type": "view_submission", "user": {"id": "U1"}, "view": None},
        {"type": "event_callback", "event": {"type": "message"}},
        {"type": "event_callback", "event": "x", "event_id": "1", "team_id": "T"},
        {"command": "/knuff"},
    ],
)
def test_a_payload_without_slacks_own_fields_is_called_malformed(payload: dict[str, Any]) -> None:
    with pytest.raises(undress.MalformedPayload):
        undressed(payload)


@pytest.mark.parametrize(
    "payload",
    [
        payloads.press(),
        payloads.submission({"p": {"p": {"type": "multi_users_select", "selected_users": ["U01KARIN", "U02ERIK"]}}}),
        payloads.happening(payloads.written("Åäö “citat” 🎈")),
        payloads.happening({"type": "user_change", "user": {"id": "U01KARIN", "tz": "Europe/London"}}),
        payloads.command(),
    ],
)
def test_an_event_is_kept_and_read_back_as_it_was(payload: dict[str, Any]) -> None:
    event = undressed(payload)
    assert from_json(to_json(event)) == event


def _with(payload: dict[str, Any], value: object, *path: Any) -> dict[str, Any]:
    place: Any = payload
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return payload


@pytest.mark.parametrize(
    "payload",
    [
        _with(payloads.press(), {"id": "U1"}, "user", "id"),
        _with(payloads.press(), {"id": "T1"}, "team", "id"),
        _with(payloads.press(), 17, "actions", 0, "value"),
        _with(payloads.press(), ["12"], "actions", 0, "value"),
        _with(payloads.press(), 17.5, "container", "message_ts"),
        _with(payloads.submission(), {"about": "12"}, "view", "private_metadata"),
        payloads.submission({"cue": {"cue": {"type": "plain_text_input", "value": 17}}}),
        payloads.submission({"day": {"day": {"type": "datepicker", "selected_date": 20260301}}}),
        payloads.submission({"days": {"days": {"type": "checkboxes", "selected_options": [{"value": 1}]}}}),
        _with(payloads.happening(payloads.written()), {"id": "T1"}, "team_id"),
        _with(payloads.happening(payloads.written()), {"id": "U1"}, "event", "user"),
        _with(payloads.command(), ["T1"], "team_id"),
    ],
)
def test_what_is_no_text_where_text_belongs_is_malformed(payload: dict[str, Any]) -> None:
    with pytest.raises(undress.MalformedPayload):
        undressed(payload)


def test_a_press_whose_action_is_none_is_malformed() -> None:
    with pytest.raises(undress.MalformedPayload):
        undress.opens_form({"actions": ["form:rhythm.open"]})
