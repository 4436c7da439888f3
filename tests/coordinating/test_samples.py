"""What `knuff preview` shows of the coordinator's side: all of it, and nothing that a platform would refuse."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation import coordinating_samples
from bot.conversation.cards import Form
from bot.conversation.coordinating_routes import ROUTES
from bot.conversation.coordinating_samples import Sample, samples
from bot.conversation.texts import Words, texts_in
from bot.slack import dress
from lessons.library import Library
from tests.coordinating.office import Office
from tests.in_memory import in_memory
from tests.slack.limits import faults

Shown = dict[str, list[Sample]]
CONVERSATION = Path(coordinating_samples.__file__).parent


@pytest.fixture(scope="module")
def used() -> set[str]:
    """The keys of the texts said while all samples are made."""
    return set()


@pytest.fixture(scope="module")
def shown(library: Library, used: set[str]) -> Iterator[Shown]:
    """All of them, by language."""
    say = Words.__call__

    def say_and_note(self: Words, key: str, **fields: object) -> str:
        used.add(key)
        return say(self, key, **fields)

    house = Office(store=in_memory(), library=library).house()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "__call__", say_and_note)
        yield {language: samples(language, house) for language in ("sv", "en")}


def test_every_sentence_a_coordinator_can_read_is_among_them(shown: Shown, used: set[str]) -> None:
    assert {key for key in texts_in("sv") if key.startswith("coordinating.")} - used == set()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_message_and_form_is_something_slack_takes(shown: Shown, language: str) -> None:
    wrong = {}
    for surface, name, sample in shown[language]:
        payload = dress.modal(sample) if isinstance(sample, Form) else dress.message(sample)
        assert (surface == "modal") == isinstance(sample, Form)
        if found := faults(surface, payload):
            wrong[name] = found
    assert wrong == {}


def test_each_has_a_name_of_its_own_and_the_same_in_both_languages(shown: Shown) -> None:
    swedish, english = ([name for _surface, name, _sample in shown[one]] for one in ("sv", "en"))
    assert swedish == english
    assert len(set(swedish)) == len(swedish)


def test_every_form_there_is_is_among_them(shown: Shown) -> None:
    forms = {form.name for _surface, _name, form in shown["sv"] if isinstance(form, Form)}
    assert forms >= set(ROUTES.forms) | _named()


def _named() -> set[str]:
    """Return the names of forms, as the files of the conversation give them."""
    files = "".join(file.read_text(encoding="utf-8") for file in CONVERSATION.glob("coordinating*.py"))
    named = set(re.findall(r'\bname="(cohort\.\w+)"', files))
    assert {"cohort.list", "cohort.manage", "cohort.message"} <= named
    return named


def test_what_must_change_in_a_form_stands_under_its_input(shown: Shown) -> None:
    refused = next(form for _surface, name, form in shown["sv"] if name == "cohort_new_refused")
    texts = [getattr(part, "name", None) or getattr(part, "text", "") for part in refused.body]  # type: ignore[union-attr]
    assert texts[texts.index("name") + 1] == Words("sv")("coordinating.name_missing")


def test_titles_and_buttons_fit_without_being_cut(shown: Shown) -> None:
    for _surface, name, form in [*shown["sv"], *shown["en"]]:
        if isinstance(form, Form):
            assert max(len(form.title), len(form.submit or ""), len(form.close)) <= 24, name


def test_samples_are_the_same_every_time_whatever_is_set(office: Office, shown: Shown) -> None:
    office.posts_per_minute = 1
    assert samples("sv", office.house()) == shown["sv"]
