"""What `knuff preview` shows of being put together: every sentence, in both languages, as both platforms take it."""

from collections.abc import Iterator

import pytest

from bot.conversation.cards import Form
from bot.conversation.pairing_samples import samples
from bot.conversation.routes import ROUTES
from bot.conversation.team_sample_hands import Sample
from bot.conversation.texts import Words, texts_in
from bot.previewing import on_slack, on_teams, sample_house
from lessons.library import load_library
from tests.slack.limits import faults

SHOWN = dict[str, list[Sample]]


@pytest.fixture(scope="module")
def used() -> set[str]:
    return set()


@pytest.fixture(scope="module")
def shown(used: set[str]) -> Iterator[SHOWN]:
    say, library = Words.__call__, load_library()

    def say_and_note(self: Words, key: str, **fields: object) -> str:
        used.add(key)
        return say(self, key, **fields)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "__call__", say_and_note)
        yield {language: samples(language, sample_house(library, language)) for language in ("sv", "en")}


def test_every_sentence_is_among_them(shown: SHOWN, used: set[str]) -> None:
    assert {key for key in texts_in("sv") if key.startswith("pairs.")} - used == set()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_one_is_something_slack_and_teams_take(shown: SHOWN, language: str) -> None:
    wrong = {}
    for surface, name, sample in shown[language]:
        assert (surface == "modal") == isinstance(sample, Form)
        on_teams(surface, sample, language)
        if found := faults(surface, on_slack(surface, sample)):
            wrong[name] = found
    assert wrong == {}


def test_they_have_the_same_names_in_both_languages(shown: SHOWN) -> None:
    names = {language: [name for _surface, name, _sample in shown[language]] for language in shown}
    assert names["sv"] == names["en"]
    assert len(set(names["sv"])) == len(names["sv"])


def test_every_button_leads_somewhere_and_whom_not_to_meet_never_from_a_channel(shown: SHOWN) -> None:
    for _surface, _name, sample in shown["sv"]:
        for part in sample.body if isinstance(sample, Form) else sample.parts:
            for button in getattr(part, "buttons", ()):
                assert button.action in ROUTES.presses
    assert not {"exclusions.open", "exclusions", "pairs.come_back"} & ROUTES.in_channels
