import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import (
    Audience,
    ChoiceInput,
    DateInput,
    Form,
    Option,
    PeopleInput,
    TextInput,
    TimeInput,
)
from bot.conversation.events import (
    MessageRef,
    Pressed,
    Profile,
    Submitted,
)
from bot.kept_events import from_json, to_json
from bot.teams import dress, undress
from tests.teams import payloads
from tests.teams.payloads import APP_ID, CARD, CHAT, KARI, TENANT, THREAD, US

NOW = datetime(2026, 3, 2, 7, 32, tzinfo=UTC)
DAYS = (Option("1", "måndag"), Option("2", "tisdag"), Option("4", "onsdag"))
FORM = Form(
    name="plan",
    title="Plan",
    submit="Spara",
    close="Avbryt",
    about="12",
    body=(
        TextInput(name="cue", label="Om", optional=True),
        ChoiceInput(name="pace", label="Takt", options=DAYS),
        ChoiceInput(name="days", label="Dagar", options=DAYS, many=True, optional=True),
        DateInput(name="on", label="Dag", optional=True),
        TimeInput(name="slot", label="Tid", optional=True),
        PeopleInput(name="people", label="Vilka", optional=True),
        PeopleInput(name="channel", label="Kanal", audience=Audience.CHANNEL, optional=True),
        PeopleInput(name="group", label="Grupp", audience=Audience.GROUP, optional=True),
    ),
)


def undressed(activity: dict[str, Any]) -> Any:
    return undress.event(activity, workspace=TENANT, now=NOW)


def sent(**filled_in: str) -> dict[str, Any]:
    return payloads.submission(dress.dialog(FORM, "t0ken"), **filled_in)


def test_a_press_says_who_pressed_what_and_where() -> None:
    pressed = undressed(payloads.press("nudge.choice", value="12:2"))
    assert isinstance(pressed, Pressed)
    assert (pressed.person, pressed.workspace, pressed.action, pressed.value) == (KARI, TENANT, "nudge.choice", "12:2")
    assert pressed.message == MessageRef(conversation=CHAT, message=CARD)
    assert (pressed.trigger, pressed.view) == (None, None)


def test_a_press_in_an_old_client_is_the_same_press() -> None:
    old, new = undressed(payloads.press_in_old_client()), undressed(payloads.press())
    assert (old.action, old.value, old.message) == (new.action, new.value, new.message)


def test_the_same_press_has_the_same_key_and_another_one_another() -> None:
    assert undressed(payloads.press()).key == undressed(payloads.press()).key
    assert undressed(payloads.press()).key != undressed(payloads.press(id="f:press-2")).key
    assert undressed(payloads.press()).key != undressed(payloads.press("nudge.not_today")).key


def test_a_button_without_anything_of_ours_is_known_by_its_verb() -> None:
    old = payloads.press()
    old["value"]["action"] = {"type": "Action.Execute", "verb": "from.long.ago"}
    assert undressed(old).action == "from.long.ago"
    del old["value"]["action"]["verb"]
    assert undressed(old).action == ""


def test_a_card_that_shows_itself_anew_was_pressed_by_nobody() -> None:
    anew = payloads.press()
    anew["value"]["trigger"] = "automatic"
    assert undressed(anew) is None


def test_a_button_that_opens_a_dialog_says_so_and_keeps_its_message() -> None:
    pressed = undressed(payloads.fetch("nudge.plan"))
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.trigger, pressed.view) == ("nudge.plan", "dialog", None)
    assert pressed.message == MessageRef(conversation=CHAT, message=CARD)


def test_a_button_in_a_dialog_sits_in_the_dialog_and_in_no_message() -> None:
    pressed = undressed(payloads.press_in_dialog("library.take", value="L07"))
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.value, pressed.view) == ("library.take", "L07", "dialog")
    assert pressed.message is None
    assert undressed(payloads.press_in_dialog(replyToId=CARD)).message is None


def test_a_form_comes_with_every_kind_of_answer() -> None:
    link = (
        "https://teams.microsoft.com/l/channel/19%3Aabc123%40thread.tacv2/Allm%C3%A4nt?groupId=1&tenantId=2"
        " inte-en-kanal"
    )
    erik = "0a000002-0000-4000-8000-00000000e12c"
    submitted = undressed(
        sent(pace="1", days="1,4", on="2026-03-02", slot="08:15", people=f"{KARI},{erik}", channel=link)
    )
    assert isinstance(submitted, Submitted)
    assert submitted.values == {
        "cue": "", "pace": "1", "days": ("1", "4"), "on": "2026-03-02", "slot": "08:15", "people": (KARI, erik),
        "channel": ("19:abc123@thread.tacv2", "inte-en-kanal"), "group": (),
    }  # fmt: skip
    assert submitted.profiles == {
        "people": tuple(Profile(external_id=one, zone=None, language=None) for one in (KARI, erik)),
        "channel": (
            Profile(external_id="19:abc123@thread.tacv2", zone=None, language=None),
            Profile(external_id="inte-en-kanal", zone=None, language=None),
        ),
        "group": (),
    }
    assert (submitted.form, submitted.about, submitted.view) == ("plan", "12", "dialog")


def test_what_was_left_empty_is_empty() -> None:
    nothing = {"cue": "", "pace": "", "days": (), "on": "", "slot": "", "people": (), "channel": (), "group": ()}
    assert undressed(sent()).values == nothing
    assert undressed(sent(cue="", pace="", days="", people=" , ", channel="  ")).values == nothing


def test_a_comma_in_what_somebody_writes_stays_there() -> None:
    assert undressed(sent(cue="När jag, efter mötet, är ensam", pace="1")).values["cue"] == (
        "När jag, efter mötet, är ensam"
    )


def test_a_form_sent_twice_has_one_key_and_a_corrected_one_another() -> None:
    assert undressed(sent(cue="A", pace="1")).key == undressed(sent(cue="A", pace="1")).key
    assert undressed(sent(cue="A", pace="1")).key != undressed(sent(cue="B", pace="1")).key
    opened_again = payloads.submission(dress.dialog(FORM, "an0ther"), cue="A", pace="1")
    assert undressed(sent(cue="A", pace="1")).key != undressed(opened_again).key


def test_a_form_can_be_shown_again_from_what_it_carries() -> None:
    form, token = undress.form_of(sent(cue="A", pace="1"))
    assert (form, token) == (FORM, "t0ken")


@pytest.mark.parametrize(
    "ours",
    [
        {"form": "plan", "about": "12", "token": "t"},
        {"form": "plan", "about": "12", "token": "t", "again": "AAAA"},
        {"form": "plan", "about": "12", "token": "t", "again": 12},
        {"form": "plan", "about": "12", "token": "t", "again": "x" * 100_000},
        {"form": "plan", "token": "", "again": sent()["value"]["data"]["knuff"]["again"]},
        {"form": "plan", "token": "x" * 65, "again": sent()["value"]["data"]["knuff"]["again"]},
        {"form": "plan", "token": 12, "again": sent()["value"]["data"]["knuff"]["again"]},
    ],
)
def test_a_form_that_is_not_ours_to_read_is_told_apart(ours: dict[str, Any]) -> None:
    with pytest.raises(undress.NotOurForm):
        undressed(payloads.sent({"knuff": ours, "cue": "Något"}))


def test_a_form_changes_no_message_in_somebody_elses_chat() -> None:
    for about in (f"19:2 {CHAT} {CARD}", "19:2", "lib:L07:2026-03-02"):
        own = payloads.submission(dress.dialog(replace(FORM, about=about), "t"), pace="1")
        assert undressed(own).about == about
    for elsewhere in ("a:1eriks-chat", THREAD, "8:orgid:erik", "1eriks-chat"):
        with pytest.raises(undress.NotOurForm):
            undressed(payloads.submission(dress.dialog(replace(FORM, about=f"12 {elsewhere} {CARD}"), "t"), pace="1"))


def test_zone_and_language_come_with_what_people_do() -> None:
    told = Profile(external_id=KARI, zone="Europe/Stockholm", language="sv")
    for activity in (payloads.written(), payloads.press(), payloads.fetch(), sent(pace="1")):
        assert undressed(activity).profile == told
    abroad = payloads.client_info(locale="en-GB", timezone="Europe/Helsinki")
    assert undressed(payloads.written(localTimezone=None, entities=[abroad])).profile == Profile(
        external_id=KARI, zone="Europe/Helsinki", language="en"
    )
    assert undressed(payloads.written(entities=[payloads.client_info(locale="fi-FI")], locale="fi-FI")).profile == (
        Profile(external_id=KARI, zone="Europe/Stockholm", language=None)
    )
    assert undressed(payloads.written(localTimezone=None, entities=[], locale=None)).profile is None


@pytest.mark.parametrize(
    "activity",
    [
        payloads.activity("typing"),
        payloads.activity("messageReaction", reactionsAdded=[{"type": "like"}], replyToId=CARD),
        payloads.activity("event", name="application/vnd.microsoft.readReceipt", value={"lastReadMessageId": "1"}),
        payloads.activity("something.new"),
        payloads.activity("invoke", name="composeExtension/query", value={}),
        payloads.activity("invoke", name="something/new"),
        payloads.activity("invoke"),
        payloads.changed("messageUpdate", "somethingNew", text="x"),
        payloads.changed("messageDelete", "hardDelete"),
        payloads.written(""),
        payloads.written("   "),
        payloads.activity("message", attachments=[{"contentType": "image/png"}]),
        payloads.written(channelId="webchat"),
        payloads.activity("message", text="hej", **{"from": {"id": "29:guest", "name": "Gäst"}}),
        payloads.activity("message", text="hej", **{"from": US}),
    ],
)
def test_what_is_nothing_to_us_is_nothing(activity: dict[str, Any]) -> None:
    assert undressed(activity) is None


def _with(activity: dict[str, Any], value: object, *path: str) -> dict[str, Any]:
    """The same activity with one field exchanged; None takes it out."""
    changed = copy.deepcopy(activity)
    at: Any = changed
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    if value is None:
        del at[path[-1]]
    return changed


@pytest.mark.parametrize(
    "activity",
    [
        _with(payloads.written(), None, "type"),
        _with(payloads.written(), ["message"], "type"),
        _with(payloads.written(), None, "conversation"),
        _with(payloads.written(), "a:1", "conversation"),
        _with(payloads.written(), None, "conversation", "id"),
        _with(payloads.written(), 12, "conversation", "id"),
        _with(payloads.written(), None, "id"),
        _with(payloads.written(), 12, "id"),
        _with(payloads.written(), 12, "text"),
        _with(payloads.written(), ["x"], "from"),
        _with(payloads.written(), {"id": "x"}, "from", "aadObjectId"),
        _with(payloads.written(), True, "from", "aadObjectId"),
        _with(payloads.written(), "clientInfo", "entities"),
        _with(payloads.written(), ["clientInfo"], "entities"),
        _with(payloads.written(), {"zone": 1}, "localTimezone"),
        _with(payloads.press(), None, "value"),
        _with(payloads.press(), [], "value"),
        _with(payloads.press(), None, "value", "action"),
        _with(payloads.press(), "x", "value", "action"),
        _with(payloads.press(), 12, "value", "action", "data", "knuff", "value"),
        _with(payloads.press(), ["x"], "value", "action", "data", "knuff", "action"),
        _with(payloads.press(), {"x": 1}, "replyToId"),
        _with(payloads.fetch(), None, "value"),
        _with(payloads.fetch(), None, "id"),
        _with(payloads.submission(dress.dialog(FORM, "t")), ["1"], "value", "data", "days"),
        _with(payloads.submission(dress.dialog(FORM, "t")), 12, "value", "data", "cue"),
        _with(payloads.activity("conversationUpdate"), {"id": "28"}, "membersAdded"),
        _with(payloads.activity("conversationUpdate"), ["28"], "membersAdded"),
        _with(payloads.in_channel(), None, "recipient"),
        _with(payloads.changed("messageUpdate", "editMessage", text="x"), "x", "channelData"),
    ],
)  # fmt: skip
def test_what_is_not_as_teams_documents_it_is_malformed(activity: dict[str, Any]) -> None:
    with pytest.raises(undress.MalformedPayload):
        undressed(activity)


def test_what_a_client_may_have_made_up_is_cut_to_what_we_put_into_buttons() -> None:
    pressed = undressed(payloads.press("x\x00" * 10_000, value="y" * 10_000))
    assert pressed.action == "x" * 100
    assert len(pressed.value) == 2000
    assert len(pressed.key) < 300


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
IN_CHANNEL = {"conversationType": "channel", "isGroup": True, "tenantId": TENANT, "id": THREAD}
GONE = {"tenant": {"id": TENANT}, "eventType": "channelDeleted", "channel": {"id": payloads.CHANNEL}}
EVERY_KIND = [
    payloads.press(), payloads.press_in_old_client(), payloads.fetch(), payloads.press_in_dialog(),
    sent(cue="A", pace="1", people=KARI), payloads.written(), payloads.in_channel(),
    payloads.changed("messageUpdate", "editMessage", text="x"), payloads.changed("messageDelete", "softDeleteMessage"),
    payloads.activity("installationUpdate", action="add"), payloads.activity("conversationUpdate", membersAdded=[US]),
    payloads.activity("installationUpdate", action="remove", conversation=IN_CHANNEL),
    payloads.changed("conversationUpdate", "teamDeleted", conversation=IN_CHANNEL) | {"channelData": GONE},
]  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for name, below in inside for one in ((*path, name), *_places(below, (*path, name)))]


@given(st.data())
def test_whatever_stands_where_something_else_belongs_is_told_apart_or_survives_the_inbox(data: st.DataObject) -> None:
    activity = copy.deepcopy(data.draw(st.sampled_from(EVERY_KIND)))
    *path, last = data.draw(st.sampled_from(_places(activity)))
    at: Any = activity
    for name in path:
        at = at[name]
    at[last] = data.draw(ANY_JSON)
    try:
        event = undressed(activity)
    except (undress.MalformedPayload, undress.NotOurForm):
        return
    assert event is None or from_json(to_json(event)) == event


@pytest.mark.parametrize(
    "activity",
    [
        payloads.press(),
        payloads.fetch(),
        payloads.press_in_dialog(),
        sent(cue="A", pace="1", people=KARI),
        payloads.written(),
        payloads.changed("messageUpdate", "editMessage", text="x"),
        payloads.changed("messageDelete", "softDeleteMessage"),
        payloads.activity("installationUpdate", action="add"),
        payloads.activity("installationUpdate", action="remove"),
        payloads.in_channel(),
    ],
)
def test_every_event_survives_the_inbox(activity: dict[str, Any]) -> None:
    event = undressed(activity)
    assert from_json(to_json(event)) == event
    assert APP_ID not in to_json(event)


def test_people_are_the_same_however_entra_writes_their_ids() -> None:
    shouted = {"id": "29:1kari", "name": "Kari Berg", "aadObjectId": KARI.upper()}
    for activity in (payloads.written(), payloads.press(), payloads.fetch(), sent(pace="1")):
        event = undressed(activity | {"from": shouted})
        assert (event.person, event.profile.external_id) == (KARI, KARI)
    submitted = undressed(sent(pace="1", people=f"{KARI.upper()},{KARI}"))
    assert submitted.values["people"] == (KARI,)
    assert [profile.external_id for profile in submitted.profiles["people"]] == [KARI]


def test_a_channel_whose_link_was_pasted_twice_is_one_channel() -> None:
    link = "https://teams.microsoft.com/l/channel/19%3Aabc123%40thread.tacv2/Allm%C3%A4nt?groupId=1&tenantId=2"
    other = "https://teams.cloud.microsoft/l/channel/19:abc123@thread.tacv2/General"
    assert undressed(sent(pace="1", channel=f"{link} {link} {other}")).values["channel"] == ("19:abc123@thread.tacv2",)


def test_of_many_channels_in_one_input_the_first_are_read() -> None:
    links = " ".join(f"https://teams.microsoft.com/l/channel/19:{number}@thread.tacv2/x" for number in range(9))
    channels = undressed(sent(pace="1", channel=links)).values["channel"]
    assert channels == tuple(f"19:{number}@thread.tacv2" for number in range(5))


@pytest.mark.parametrize(
    "activity",
    [payloads.press(), payloads.press_in_old_client(), payloads.fetch(), payloads.press_in_dialog(), sent(pace="1")],
)
def test_what_is_done_where_others_read_along_says_so(activity: dict[str, Any]) -> None:
    assert undressed(activity | {"conversation": IN_CHANNEL}).in_channel
    assert undressed(activity | {"conversation": {"tenantId": TENANT, "id": THREAD}}).in_channel, "it says nothing"
    assert not undressed(activity).in_channel


def test_a_press_in_a_channel_says_in_which_thread_and_on_which_message() -> None:
    pressed = undressed(payloads.press() | {"conversation": IN_CHANNEL})
    assert (pressed.person, pressed.message) == (KARI, MessageRef(conversation=THREAD, message=payloads.CARD))


def test_a_form_from_a_channel_changes_no_message_but_in_its_own_thread() -> None:
    def from_channel(about: str) -> Any:
        form = dress.dialog(replace(FORM, about=about), "t")
        return undressed(payloads.submission(form, pace="1") | {"conversation": IN_CHANNEL})

    assert from_channel(f"7 {THREAD} {CARD}").in_channel
    for elsewhere in (CHAT, payloads.CHANNEL, f"{payloads.CHANNEL};messageid=1"):
        with pytest.raises(undress.NotOurForm):
            from_channel(f"7 {elsewhere} {CARD}")
