"""Whatever a card or form holds, Teams takes it and shows it as it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.conversation.cards import (
    Audience,
    Button,
    Buttons,
    ChoiceInput,
    Confirm,
    DateInput,
    Divider,
    Facts,
    Heading,
    Input,
    Note,
    Option,
    Paragraph,
    Part,
    People,
    PeopleInput,
    Style,
    TextInput,
    TimeInput,
)
from bot.plain_text import unmarked
from bot.teams import dress
from bot.teams.again import pack, unpack
from tests.teams.dressed import a_card, a_form, asked, shown
from tests.teams.limits import faults

TRAPS = {
    "2. Nyttan i en mening": "|2. Nyttan i en mening",
    "07.30": "07.30",
    "- sparad": "|- sparad",
    "# 1": "|# 1",
    "2*3 ~ca~ `kod`": "2∗3 ∼ca∼ ˋkodˋ",  # noqa: RUF001
    "snake_case och _fil": "snake_case och ＿fil",  # noqa: RUF001
    "se [a](https://a.example)": "se [a]|(https://a.example)",
    "[a]: https://a.example": "|[a]: https://a.example",
    "<https://a.example> <at>Kari</at> a < b": "<|https://a.example> <|at>Kari<|/at> a < b",
    "F&amp;U & F&U": "F&|amp;U & F&U",
    "en \\* till": "en \\|∗ till",  # noqa: RUF001
    "{{DATE(2026-03-02T08:00:00Z, SHORT)}}": "{|{DATE(2026-03-02T08:00:00Z, SHORT)}}",
}
"""What some reader of markdown makes something of; "|" is the sign that nobody sees."""


@pytest.mark.parametrize(("said", "sent"), TRAPS.items())
def test_what_markdown_would_make_something_of_is_broken_up(said: str, sent: str) -> None:
    (heading,) = shown(Heading(said))
    assert heading["text"].replace("\u200b", "|") == sent


anything = st.text(max_size=300)
marks = st.text(alphabet="*_~`[]()<>!&;#-+=.1a |:\\{}\"'/\t\n", max_size=40)
traps = st.sampled_from([*TRAPS, "{{ time(2026-03-02T08:00:00Z) }}", "![a](b)", "***", "a\n---"])


texts_of_all_kinds = anything | marks | traps
names = st.text(alphabet="abcdefgh_", min_size=1, max_size=20)
buttons = st.builds(
    Button,
    text=texts_of_all_kinds,
    action=names,
    value=anything,
    spoken=st.none() | anything,
    style=st.sampled_from(Style),
    opens_form=st.booleans(),
    confirm=st.none() | st.builds(Confirm, title=anything, text=marks, yes=anything, no=anything),
    url=st.none() | st.just("https://knuff.example.se"),
)
parts = st.one_of(
    *(st.builds(kind, texts_of_all_kinds) for kind in (Heading, Paragraph, Note)),
    st.builds(Facts, st.lists(st.tuples(texts_of_all_kinds, texts_of_all_kinds), max_size=12).map(tuple)),
    st.builds(People, anything, st.lists(anything, max_size=30).map(tuple)),
    st.builds(Buttons, st.lists(buttons, max_size=5).map(tuple)),
    st.just(Divider()),
)
optional = st.none() | texts_of_all_kinds
options = st.lists(
    st.builds(Option, names, texts_of_all_kinds), min_size=1, max_size=20, unique_by=lambda one: one.value
).map(tuple)
inputs = st.one_of(
    st.builds(
        TextInput, name=names, label=texts_of_all_kinds, hint=optional, placeholder=optional, initial=anything,
        most=st.integers(1, 3000),
    ),
    st.builds(ChoiceInput, name=names, label=anything, options=options, hint=optional, many=st.booleans()),
    st.builds(DateInput, name=names, label=anything, hint=optional),
    st.builds(TimeInput, name=names, label=anything, optional=st.booleans()),
    st.builds(
        PeopleInput, name=names, label=anything, audience=st.sampled_from(Audience),
        initial=st.lists(names, max_size=5).map(tuple),
    ),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(parts, max_size=30), texts_of_all_kinds)
def test_whatever_a_card_holds_teams_takes_it(body: list[Part], summary: str) -> None:
    assert faults("message", dress.message(a_card(*body, summary=summary))) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(parts, max_size=5), st.lists(inputs, max_size=8, unique_by=lambda one: one.name), anything)
def test_whatever_a_form_holds_teams_takes_it(body: list[Part], asks: list[Input], error: str) -> None:
    form = a_form(*body, *asks)
    errors = {one.name: error for one in asks[:3]}
    assert faults("dialog", dress.dialog(form, "t1", errors=errors, language="en")) == []
    assert unpack(pack(form)) == form


# What Teams' own readers of markdown do at most.
MARKDOWN = MarkdownIt("js-default", {"html": False})
LOOKALIKES = str.maketrans({"∗": "*", "∼": "~", "ˋ": "`", "＿": "_", "\u200b": ""})  # noqa: RUF001


def as_read(text: str) -> str:
    """What markdown makes of a text, as plain text; fails where it makes anything else of it."""
    tokens = MARKDOWN.parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], text
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text"}, text
    return "".join(child.content for child in children)


@given(
    (st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=100) | marks | traps).filter(str.strip)
)
def test_a_heading_a_fact_and_an_option_show_exactly_what_they_say(text: str) -> None:
    heading, facts = shown(Heading(text), Facts(((text, text),)))
    (choice,) = asked(ChoiceInput(name="a", label="A", options=(Option("1", text[:75] if text[:75].strip() else "a"),)))
    said = " ".join(unmarked(text).split()).translate(LOOKALIKES)
    for read in (heading["text"], facts["facts"][0]["title"], facts["facts"][0]["value"]):
        assert as_read(read) == read
        assert read.translate(LOOKALIKES) == said
        assert "{{date" not in read.lower()
        assert "{{time" not in read.lower()
    assert as_read(choice["choices"][0]["title"]) == choice["choices"][0]["title"]


@given(texts_of_all_kinds)
def test_a_paragraph_shows_exactly_what_it_says(text: str) -> None:
    blocks = shown(Paragraph(text))
    read = "\n".join("".join(run["text"] for run in block["inlines"]) for block in blocks)
    said = "\n".join(line for line in unmarked(text).split("\n") if line.strip()) or "–"
    assert read.replace("\u200b", "") == said.replace("\u200b", "")
    assert "{{date" not in read.lower()
