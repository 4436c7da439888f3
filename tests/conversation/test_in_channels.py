"""What is somebody's own is shown in no channel, whatever is pressed there."""

from dataclasses import replace

from bot.conversation.events import ChannelLeft, MessageRef, Submitted
from bot.conversation.routes import ROUTES
from bot.conversation.shows import Say
from bot.conversation.visiting import Routes, collect
from storage.tables.answers import Answer, Reflection
from storage.tables.deliveries import Delivery
from storage.tables.people import Person
from tests.conversation.acting import MORNING, press
from tests.conversation.builders import Town
from tests.conversation.reading import said

CHANNEL = MessageRef(conversation="C01LEDARE", message="1.1")
IN_OUR_CHAT = "vår egen chatt"


def recorded(town: Town) -> list[object]:
    return [row for table in (Answer, Reflection, Delivery) for row in town.rows(table)]


def test_a_button_of_somebodys_own_does_nothing_in_a_channel(town: Town) -> None:
    before = recorded(town)
    for action in sorted(ROUTES.presses.keys() - ROUTES.in_channels):
        shows = town.happens(replace(press(action, "1"), message=CHANNEL, in_channel=True))
        assert [type(show) for show in shows] == [Say], action
        assert IN_OUR_CHAT in said(shows), action
    assert recorded(town) == before


def test_a_form_of_somebodys_own_sent_from_a_channel_does_nothing(town: Town) -> None:
    before = recorded(town)
    for form in sorted(ROUTES.forms.keys() - ROUTES.in_channels):
        about = f"1 {CHANNEL.conversation} {CHANNEL.message}"
        sent = Submitted(
            key=f"form-{form}", platform="slack", workspace="T1", person="U1", at=MORNING, in_channel=True,
            form=form, about=about, values={"text": "HEMLIGT"},
        )  # fmt: skip
        shows = town.happens(sent)
        assert [type(show) for show in shows] == [Say], form
        assert IN_OUR_CHAT in said(shows), form
    assert recorded(town) == before


def test_what_is_answered_in_channels_is_said_by_each_file_and_is_answered_at_all() -> None:
    none = Routes(presses={}, forms={}, commands={})
    together = collect([replace(none, in_channels=frozenset({"round.join"})), none])
    assert together.in_channels == {"round.join"}
    assert ROUTES.in_channels <= ROUTES.presses.keys() | ROUTES.forms.keys()


def test_a_channel_that_is_left_is_nobodys_leaving(town: Town) -> None:
    left = ChannelLeft(key="k", platform="slack", workspace="T1", person="", at=MORNING, channel="C01LEDARE")
    before = town.rows(Person)
    assert town.happens(left) == []
    assert town.rows(Person) == before
