"""Every payload of `knuff preview` is one that Slack takes, in both languages."""

from collections import Counter
from functools import cache
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.conversation.cards import Button, Buttons, Card, Form, Paragraph, TextInput
from bot.previewing import on_slack, preview_lines, preview_panels
from lessons.library import load_library
from tests.slack.limits import faults

Line = dict[str, Any]
LANGUAGES = ("sv", "en")


@cache
def lines(language: str) -> list[Line]:
    return list(preview_lines("slack", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_everything_we_can_show(language: str) -> None:
    refused = {line["name"]: wrong for line in lines(language) if (wrong := faults(line["surface"], line["payload"]))}
    assert refused == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sdks_own_models_take_everything_we_can_show(language: str) -> None:
    for line in lines(language):
        blocks = Block.parse_all(line["payload"]["blocks"])
        assert len(blocks) == len(line["payload"]["blocks"]), line["name"]
        for block in blocks:
            block.validate_json()
        if line["surface"] != "message":
            View(**line["payload"]).validate_json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preview_line_says_where_it_is_shown_and_holds_the_bare_payload(language: str) -> None:
    assert {line["surface"] for line in lines(language)} == {"message", "modal", "home"}
    for line in lines(language):
        assert line.keys() == {"surface", "name", "payload"}
        if line["surface"] == "message":
            assert line["payload"].keys() == {"text", "blocks"}
        else:
            assert line["payload"]["type"] == line["surface"]


def test_both_languages_show_the_same_things_under_names_of_their_own() -> None:
    swedish, english = ([(line["surface"], line["name"]) for line in lines(language)] for language in LANGUAGES)
    assert swedish == english
    assert max(Counter(swedish).values()) == 1


def test_every_lesson_is_in_the_preview() -> None:
    said = repr(lines("sv"))
    missing = [lesson.id for lesson in load_library().lessons.values() if lesson.title.sv not in said]
    assert missing == []


def test_leaders_and_coordinators_are_both_in_the_preview() -> None:
    forms = {line["payload"]["callback_id"] for line in lines("en") if line["surface"] == "modal"}
    assert {"plan", "rhythm", "cohort.new", "cohort.plan", "cohort.confirm"} <= forms


def test_the_checks_see_what_slack_would_refuse() -> None:
    twice = Buttons((Button(text="x" * 80, action="nudge.doing", value="1"),))
    message = on_slack("message", Card(summary="", parts=(twice,)))
    message["text"] = ""
    message["blocks"][0]["block_id"] = message["blocks"][0]["elements"][0]["action_id"] = ""
    assert len(faults("message", message)) >= 2
    view = on_slack("modal", Form(name="x", title="x", submit="x", close="x", body=(TextInput(name="a", label="a"),)))
    del view["submit"]
    assert faults("modal", view) == ["inputs and no submit"]


def test_a_form_cannot_be_shown_as_a_message() -> None:
    with pytest.raises(ValueError, match="form cannot be shown as message"):
        on_slack("message", Form(name="x", title="x", submit=None, close="x", body=(Paragraph("x"),)))


def test_the_preview_can_be_read_on_a_screen() -> None:
    screen = Console(file=StringIO(), width=100)
    panels = list(preview_panels("sv"))
    for panel in panels:
        screen.print(panel)
    drawn = screen.file.getvalue()  # type: ignore[attr-defined]
    assert len(panels) == len(lines("sv"))
    assert "[ Jag gör det ]" in drawn
    assert "**" not in drawn
