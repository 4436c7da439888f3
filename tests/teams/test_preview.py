"""Every payload of `knuff preview --platform teams` is one that Teams takes, in both languages."""

from collections import Counter
from functools import cache
from typing import Any

import pytest

from bot.conversation.cards import Button, Buttons, Card, Form, Paragraph, TextInput
from bot.previewing import every_sample, on_teams, preview_lines
from bot.teams.again import unpack
from lessons.library import load_library
from tests.teams.limits import card_of, faults, schema_faults, texts

Line = dict[str, Any]
LANGUAGES = ("sv", "en")


@cache
def lines(language: str) -> list[Line]:
    return list(preview_lines("teams", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_teams_takes_everything_we_can_show_and_so_does_the_official_schema(language: str) -> None:
    refused = {line["name"]: wrong for line in lines(language) if (wrong := faults(line["surface"], line["payload"]))}
    assert refused == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_we_can_show_had_to_be_shortened(language: str) -> None:
    drawn = {line["name"]: texts(line["payload"]).count("…") for line in lines(language)}
    for surface, name, shown in every_sample(language):
        assert drawn[name] <= repr(shown).count("…") + _in_buttons(shown) + _cut_titles(shown), (surface, name)


def _in_buttons(shown: Card | Form) -> int:
    """What stands in a button in a message stands there twice: once more for clients that know only older buttons."""
    parts = shown.parts if isinstance(shown, Card) else ()
    return sum(one.text.count("…") for part in parts if isinstance(part, Buttons) for one in part.buttons)


def _cut_titles(shown: Card | Form) -> int:
    parts = shown.parts if isinstance(shown, Card) else shown.body
    return 2 * sum(len(one.text) > 40 for part in parts if isinstance(part, Buttons) for one in part.buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preview_line_says_where_it_is_shown_and_holds_the_bare_payload(language: str) -> None:
    assert {line["surface"] for line in lines(language)} == {"message", "dialog", "home"}
    for line in lines(language):
        assert line.keys() == {"surface", "name", "payload"}
        assert card_of(line["payload"])["lang"] == language
        if line["surface"] == "dialog":
            assert line["payload"].keys() == {"title", "height", "width", "card"}
        else:
            assert line["payload"].keys() == {"type", "summary", "attachments"}


def test_both_languages_and_both_platforms_show_the_same_things() -> None:
    swedish, english = ([(line["surface"], line["name"]) for line in lines(language)] for language in LANGUAGES)
    assert swedish == english
    assert max(Counter(swedish).values()) == 1
    assert [name for _, name in swedish] == [line["name"] for line in preview_lines("slack", "sv")]


def test_every_lesson_is_in_the_preview() -> None:
    said = "\n".join(texts(line["payload"]) for line in lines("sv"))
    missing = [lesson.id for lesson in load_library().lessons.values() if lesson.title.sv not in said]
    assert missing == []


def test_a_form_cannot_be_shown_as_a_message() -> None:
    with pytest.raises(ValueError, match="form cannot be shown as message"):
        on_teams("message", Form(name="x", title="x", submit=None, close="x", body=(Paragraph("x"),)), "sv")


def test_the_checks_see_what_teams_would_refuse() -> None:
    message = on_teams("message", Card(summary="x", parts=(Buttons((Button(text="x", action="a"),)),)), "sv")
    card = card_of(message)
    del message["summary"], card["speak"]
    card["version"] = "1.6"
    card["body"][0]["actions"] *= 7
    assert len(faults("message", message)) == 4
    form = on_teams(
        "modal", Form(name="x", title="x", submit="x", close="x", body=(TextInput(name="a", label="a"),)), "sv"
    )
    field = card_of(form)["body"][0]
    del field["label"], field["errorMessage"], card_of(form)["actions"]
    assert len(faults("dialog", form)) == 3


@pytest.mark.parametrize(
    "element",
    [
        {"type": "TextBlock"},
        {"type": "TextBlock", "text": "x", "markdown": False},
        {"type": "Marquee", "text": "x"},
        {"type": "Input.Text", "label": "no id"},
        {"type": "ActionSet", "actions": [{"type": "Action.Shout", "title": "x"}]},
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun"}]},
        {"type": "Input.ChoiceSet", "id": "a", "style": "filtered", "choices": [{"title": "x", "value": "x"}]},
    ],
)
def test_the_official_schema_sees_what_is_no_adaptive_card(element: dict[str, Any]) -> None:
    card = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "x"}]}
    assert schema_faults(card) == []
    assert schema_faults({**card, "body": [element]}) != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_ours_can_be_read_when_it_comes_back(language: str) -> None:
    came_back = {
        line["name"]: unpack(submit["data"]["knuff"]["again"]).name == submit["data"]["knuff"]["form"]
        for line in lines(language)
        if line["surface"] == "dialog"
        for submit in card_of(line["payload"]).get("actions", ())
    }
    assert len(came_back) > 10
    assert all(came_back.values())
