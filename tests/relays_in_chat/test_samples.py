"""What `knuff preview` shows of relays: all of it, on both platforms, and nobody's name."""

from collections.abc import Mapping

import pytest

from bot.conversation.cards import Button, Card, Form
from bot.conversation.relay_sample_hands import MEMBERS
from bot.conversation.relay_samples import samples
from bot.conversation.routes import ROUTES
from bot.conversation.team_sample_hands import FACILITATOR
from bot.conversation.texts import Words, texts_in
from bot.previewing import DRESSES, sample_house
from lessons.library import Library

DRAWN_ELSEWHERE = ("document_", "picture_", "teams_heading")
"""The page, its picture and the documents have tests of their own."""
RARE = {"entry", "leg_channel_gone", "leg_team_too_small", "not_no_such_leg", "team_option"}
"""On the page of teams, of a leg whose team hardly is one any more, and where there are two platforms."""
Shown = Mapping[str, list[tuple[str, str, Card | Form]]]


@pytest.fixture(scope="module")
def shown(library: Library) -> Shown:
    return {language: samples(language, sample_house(library, language)) for language in ("sv", "en")}


def buttons(shown: Shown, language: str = "sv") -> list[tuple[str, Button]]:
    return [
        (name, button)
        for _surface, name, sample in shown[language]
        for part in (sample.body if isinstance(sample, Form) else sample.parts)
        for button in getattr(part, "buttons", ())
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("platform", sorted(DRESSES))
def test_each_is_something_the_platform_shows(shown: Shown, language: str, platform: str) -> None:
    for surface, _name, sample in shown[language]:
        assert DRESSES[platform](surface, sample, language)


def test_they_are_the_same_in_both_languages_and_each_has_its_own_name(shown: Shown) -> None:
    names = {language: [name for _surface, name, _sample in shown[language]] for language in shown}
    assert names["sv"] == names["en"]
    assert len(set(names["sv"])) == len(names["sv"]) > 60


def test_nobody_but_the_facilitator_is_named_in_any_of_them(shown: Shown) -> None:
    everybody = {who for members in MEMBERS.values() for who in members} - {FACILITATOR}
    assert [name for _surface, name, sample in shown["sv"] if any(one in repr(sample) for one in everybody)] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_to_be_pressed_in_the_last_question_is_said_whole_in_slack(shown: Shown, language: str) -> None:
    """Slack takes thirty characters there, and a title of a hundred."""
    asked = [button.confirm for _name, button in buttons(shown, language) if button.confirm is not None]
    assert asked
    assert [one.yes for one in asked if len(one.yes) > 30 or len(one.no) > 30 or len(one.title) > 100] == []


def test_every_button_leads_somewhere_and_every_way_is_shown(shown: Shown) -> None:
    actions = {button.action for _name, button in buttons(shown)}
    assert actions <= ROUTES.presses.keys()
    assert {name for name in ROUTES.presses if name.startswith("relay.")} <= actions


def test_what_stands_in_a_channel_is_answered_there(shown: Shown) -> None:
    messages = {name for _surface, name, sample in shown["sv"] if isinstance(sample, Card)}
    in_channel = {
        button.action for name, button in buttons(shown) if name in messages and not name.startswith("relay_no")
    }
    assert in_channel <= ROUTES.in_channels


def test_every_form_that_is_opened_in_a_channel_is_taken_there() -> None:
    teams_own = {"relay.write", "relay.promise", "relay.follow_up"}
    assert teams_own <= ROUTES.in_channels
    assert teams_own <= ROUTES.forms.keys()


def test_every_sentence_is_among_them_but_those_of_documents_and_of_rare_states(library: Library) -> None:
    """Whoever adds a sentence adds a sample, or a reason here."""
    used: set[str] = set()
    say = Words.__call__

    def say_and_note(self: Words, key: str, **fields: object) -> str:
        used.add(key)
        return say(self, key, **fields)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "__call__", say_and_note)
        samples("sv", sample_house(library, "sv"))
    missing = {key.removeprefix("relays.") for key in texts_in("sv") if key.startswith("relays.")}
    missing -= {key.removeprefix("relays.") for key in used}
    assert {key for key in missing if not key.startswith(DRAWN_ELSEWHERE)} == RARE
