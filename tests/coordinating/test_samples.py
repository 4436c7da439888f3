"""What `knuff preview` shows of the coordinator's side: all of it, and nothing that a platform would refuse."""

import pytest

from bot.conversation.cards import Form
from bot.conversation.coordinating_routes import ROUTES
from bot.conversation.coordinating_samples import Sample, samples
from bot.slack import dress
from lessons.library import Library
from storage.database import Store
from tests.coordinating.office import Office
from tests.slack.limits import faults

Shown = dict[str, list[Sample]]


@pytest.fixture(scope="module")
def shown(library: Library, empty: Store) -> Shown:
    """All of them, by language."""
    house = Office(store=empty, library=library).house()
    return {language: samples(language, house) for language in ("sv", "en")}


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


def test_every_form_a_coordinator_can_send_is_among_them(shown: Shown) -> None:
    assert set(ROUTES.forms) <= {form.name for _surface, _name, form in shown["sv"] if isinstance(form, Form)}


def test_titles_and_buttons_fit_without_being_cut(shown: Shown) -> None:
    for _surface, name, form in [*shown["sv"], *shown["en"]]:
        if isinstance(form, Form):
            assert max(len(form.title), len(form.submit or ""), len(form.close)) <= 24, name


def test_samples_are_the_same_every_time_whatever_is_set(office: Office, shown: Shown) -> None:
    office.posts_per_minute = 1
    assert samples("sv", office.house()) == shown["sv"]
