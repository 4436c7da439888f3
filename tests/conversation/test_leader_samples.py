"""What `knuff preview` shows of the leader's side: all of it, and nothing that a platform would refuse."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation import leader_samples
from bot.conversation.cards import Card, Form
from bot.conversation.routes import ROUTES
from bot.conversation.texts import Words, texts_in
from bot.previewing import every_sample, on_slack, sample_house
from tests.conversation.builders import our_library
from tests.slack.limits import faults

CONVERSATION = Path(leader_samples.__file__).parent
ELSEWHERE = {"pages", "operator", "coordinating", "teams", "rounds", "round_changes", "relays", "outcomes"}
"""Texts of pages, which are no messages, and of coordinators and teams, who have samples and tests of their own; and of
results, most of which a report says: see tests/outcomes/test_texts.py."""
NEVER_IN_A_SAMPLE = {
    "facilitation.day_ahead": "said in the form it is about",
    "facilitation.day_long_ago": "said in the form it is about",
    "facilitation.day_missing": "said in the form it is about",
    "facilitation.name_and_method": "said in the form it is about",
    "facilitation.name_missing": "said in the form it is about",
    "facilitation.name_too_long": "said in the form it is about",
    "facilitation.people_no_number": "said in the form it is about",
    "feedback.body_missing": "said in the form it is about",
    "feedback.body_too_long": "said in the form it is about",
    "feedback.full": "said in the form it is about",
    "feedback.name_too_long": "said in the form it is about",
    "focus.choose_one": "said in the form it is about",
    "focus.peer_either": "said in the form it is about",
    "focus.peer_one": "said in the form it is about",
    "focus.peer_self": "said in the form it is about",
    "focus.too_many": "said in the form it is about",
    "home.unknown_lesson": "only for an exercise that is in no content any more",
    "intake.in_our_chat": "said by Teams itself, to a press in a channel",
    "intake.in_the_chat": "said by Teams itself, in the answer to a press",
    "intake.not_our_form": "said by Teams itself, in the answer to a form",
    "intake.received": "said by Teams itself, in the answer to a press",
    "intake.takes_longer": "said by Teams itself, in the answer to a press",
    "library.intro_one": "only for a library of one exercise",
    "methods.intro_one": "only for a library of one method",
    "plans.action_missing": "said in the form it is about",
    "plans.cue_missing": "said in the form it is about",
    "plans.day_missing": "said in the form it is about",
    "plans.day_off": "said in the form it is about",
    "plans.day_past": "said in the form it is about",
    "plans.too_many_words": "said in the form it is about",
    "reflections.empty": "said in the form it is about",
    "reflections.empty_edit": "said in the form it is about",
    "surveys.choose_one": "said in the form it is about",
    "surveys.own_closed": "only on our own page",
    "surveys.own_declined": "only on our own page",
    "surveys.own_left": "only on our own page",
    "surveys.own_title": "only on our own page",
    "surveys.preview_few": "only where some roles are fewer than five and all together are not",
    "typed.not_a_day": "said in the form it is about",
}


@pytest.fixture(scope="module")
def used() -> set[str]:
    """The keys of the texts said while all samples are made."""
    return set()


@pytest.fixture(scope="module")
def shown(used: set[str]) -> Iterator[dict[str, list[tuple[str, str, Card | Form]]]]:
    """All of them, by language."""
    say = Words.__call__

    def say_and_note(self: Words, key: str, **fields: object) -> str:
        used.add(key)
        return say(self, key, **fields)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "__call__", say_and_note)
        yield {language: list(every_sample(language, library=our_library())) for language in ("sv", "en")}


def test_every_text_we_have_is_in_a_sample(shown: object, used: set[str]) -> None:
    said = {key for key in texts_in("sv") if key.partition(".")[0] not in ELSEWHERE}
    assert said - used == set(NEVER_IN_A_SAMPLE)


def test_every_form_there_is_is_in_a_sample(shown: dict[str, list[tuple[str, str, Card | Form]]]) -> None:
    forms = {form.name for _surface, _name, form in shown["sv"] if isinstance(form, Form)}
    assert ROUTES.forms.keys() - forms == set()
    assert {"my_data", "thoughts", "library_found", "library_taken", "why"} <= _pages_named() <= forms


def _pages_named() -> set[str]:
    """Return the names of what is only read, as the files of the conversation give them."""
    call = re.compile(r"(?:page_form|pages\.shown)\([^\"]*?\bname=\"(\w+)\"")
    return {name for file in CONVERSATION.glob("*.py") for name in call.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_everything_is_something_slack_takes(
    shown: dict[str, list[tuple[str, str, Card | Form]]], language: str
) -> None:
    wrong = {
        name: found for surface, name, one in shown[language] if (found := faults(surface, on_slack(surface, one)))
    }
    assert wrong == {}


def test_each_has_a_name_of_its_own_and_the_same_in_both_languages(
    shown: dict[str, list[tuple[str, str, Card | Form]]],
) -> None:
    swedish, english = ([name for _surface, name, _sample in shown[one]] for one in ("sv", "en"))
    assert swedish == english
    assert len(set(swedish)) == len(swedish)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_answered_is_the_same_every_time(language: str) -> None:
    house = sample_house(our_library(), language)
    assert leader_samples.samples(language, house) == leader_samples.samples(language, house)
