import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import (
    Audience,
    Button,
    Buttons,
    Card,
    Channel,
    ChoiceInput,
    Confirm,
    DateInput,
    Divider,
    Facts,
    Form,
    Heading,
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
from bot.slack import dress
from bot.slack.mrkdwn import mrkdwn, split, text_object, unescape
from tests.slack.limits import faults, texts


def a_card(*parts: Part, summary: str = "Dagens knuff: Värdet i en mening.") -> Card:
    return Card(summary=summary, parts=parts)


def a_form(*body: object, submit: str | None = "Spara") -> Form:
    return Form(name="plan", title="Om–så-plan", submit=submit, close="Avbryt", body=body, about="12")  # type: ignore[arg-type]


EVERY_PART: tuple[Part, ...] = (
    Heading("Värdet i en mening"),
    Paragraph("**Gör så här:** säg värdet för en invånare. _Två minuter._"),
    Note("Bara du ser ditt svar."),
    Facts((("Takt", "varje dag"), ("Tid", "08:15"))),
    People(label="Deltagare", external_ids=("U01", "U02")),
    Channel(label="Kanal", conversation="C01"),
    Divider(),
    Buttons(
        (
            Button(
                text="Jag gör det", action="nudge.doing", value="12", style=Style.PRIMARY, spoken="Jag gör det idag"
            ),
            Button(
                text="Radera",
                action="my_data.delete",
                style=Style.DANGER,
                confirm=Confirm(title="Radera?", text="Det går inte att ångra.", yes="Radera", no="Behåll"),
            ),
            Button(text="Läs mer", action="read", url="https://knuff.example.se/l/x"),
        )
    ),
)

EVERY_INPUT = (
    TextInput(name="cue", label="Om", multiline=True, hint="En situation", placeholder="När …", initial="När jag"),
    ChoiceInput(
        name="pace", label="Takt", options=(Option("daily", "Varje dag"), Option("three", "Tre")), initial=("three",)
    ),
    ChoiceInput(name="days", label="Dagar", options=(Option("1", "Måndag"),), many=True, initial=("1",), optional=True),
    ChoiceInput(name="lesson", label="Övning", options=tuple(Option(str(n), f"Övning {n}") for n in range(40))),
    ChoiceInput(name="many", label="Flera", options=tuple(Option(str(n), f"Val {n}") for n in range(11)), many=True),
    DateInput(name="on", label="Dag", initial="2026-03-02"),
    TimeInput(name="slot", label="Tid", initial="08:15"),
    PeopleInput(name="people", label="Deltagare", initial=("U01",)),
    PeopleInput(name="channel", label="Kanal", audience=Audience.CHANNEL),
)


def test_every_part_of_a_card_is_something_slack_takes() -> None:
    assert faults("message", dress.message(a_card(*EVERY_PART))) == []
    assert faults("home", dress.home(a_card(*EVERY_PART))) == []


def test_every_input_of_a_form_is_something_slack_takes() -> None:
    assert faults("modal", dress.modal(a_form(*EVERY_PART, *EVERY_INPUT))) == []


def test_a_channel_may_be_a_private_one_and_is_no_chat_of_a_few() -> None:
    [block] = dress.modal(a_form(PeopleInput(name="channel", label="Kanal", audience=Audience.CHANNEL)))["blocks"]
    assert block["element"]["type"] == "multi_conversations_select"
    assert block["element"]["filter"] == {"include": ["public", "private"]}


def test_a_form_says_what_it_is_and_what_it_is_about() -> None:
    view = dress.modal(a_form(*EVERY_INPUT))
    assert (view["callback_id"], view["private_metadata"]) == ("plan", "12")
    assert [block["block_id"] for block in view["blocks"]] == [an_input.name for an_input in EVERY_INPUT]


def test_up_to_ten_choices_are_all_shown_and_more_become_a_list() -> None:
    kinds = {block["block_id"]: block["element"]["type"] for block in dress.modal(a_form(*EVERY_INPUT))["blocks"]}
    assert kinds["pace"] == "radio_buttons"
    assert kinds["days"] == "checkboxes"
    assert kinds["lesson"] == "static_select"
    assert kinds["many"] == "multi_static_select"


def test_the_same_action_twice_gets_two_ids_and_a_form_is_announced() -> None:
    row = Buttons(tuple(Button(text=str(n), action="nudge.choice", value=f"12:{n}") for n in range(3)))
    form = Buttons((Button(text="Planera", action="nudge.plan", value="12", opens_form=True),))
    blocks = dress.message(a_card(row, form))["blocks"]
    ids = [element["action_id"] for block in blocks for element in block["elements"]]
    assert ids == ["nudge.choice", "nudge.choice#2", "nudge.choice#3", "form:nudge.plan"]


@pytest.mark.parametrize(
    ("ours", "slacks"),
    [
        ("**Gör så här:** säg det", "*Gör så här:* säg det"),
        ("_Två minuter._", "_Två minuter._"),
        ("**a** < b & c > d", "*a* &lt; b &amp; c &gt; d"),
        ("**Obs** 2*3*4 ~nej~ `kod`", "*Obs* 2∗3∗4 ∼nej∼ ˋkodˋ"),  # noqa: RUF001
        ("se https://knuff.example.se/l/abc.", "se <https://knuff.example.se/l/abc>."),
        ("**x**\n> citat", "*x*\n\u200b&gt; citat"),
    ],
)
def test_marks_of_ours_become_slacks_and_the_rest_is_shown_as_it_stands(ours: str, slacks: str) -> None:
    assert mrkdwn(ours) == slacks


@pytest.mark.parametrize("text", ["2*3*4 och _fil_namn_x", "snake_case <@U01> :tada: <!channel>", "*inte fet*"])
def test_text_without_marks_of_ours_goes_out_uninterpreted(text: str) -> None:
    assert text_object(text, most=3000) == {"type": "plain_text", "text": text, "emoji": False}


def test_nobody_can_call_a_channel_through_a_text() -> None:
    dressed = dress.message(a_card(Paragraph("**Du skrev:** <!channel> <@U01>"), summary="<!here> & nu"))
    assert "<!" not in str(dressed)
    assert "<@" not in str(dressed)


def test_a_long_paragraph_is_split_between_words_and_nothing_is_lost() -> None:
    text = " ".join(f"ord{number}" for number in range(900))
    pieces = split(text, most=3000)
    assert len(pieces) > 1
    assert " ".join(pieces) == text


def test_a_message_longer_than_slack_takes_is_cut_and_says_so() -> None:
    dressed = dress.message(a_card(*(Paragraph("Ett ord till. " * 400) for _ in range(70)), summary="Långt " * 2000))
    assert faults("message", dressed) == []
    assert "…" in texts(dressed)


def test_a_form_that_could_never_be_sent_is_our_fault_and_found_here() -> None:
    with pytest.raises(ValueError, match="nothing to send"):
        dress.modal(a_form(*EVERY_INPUT, submit=None))
    with pytest.raises(ValueError, match="nothing to choose"):
        dress.modal(a_form(ChoiceInput(name="x", label="X", options=())))


anything = st.text(max_size=400)


@given(
    st.lists(st.builds(Paragraph, anything) | st.builds(Note, anything) | st.builds(Heading, anything), max_size=60),
    anything,
)
def test_whatever_the_text_slack_takes_it(parts: list[Part], summary: str) -> None:
    assert faults("message", dress.message(a_card(*parts, summary=summary))) == []


@given(st.text(alphabet="ab<>&|@#!:/ åäö", max_size=60))
def test_what_a_person_types_comes_back_as_typed(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unescape(escaped) == text


def test_links_and_names_in_a_persons_text_are_read_as_they_were_shown() -> None:
    assert unescape("se <https://example.se|vår sida> och <https://example.se> &amp; <@U01>") == (
        "se vår sida och https://example.se & @U01"
    )


def test_a_mark_looks_no_further_than_the_next_sign() -> None:
    """Looking on to the end of a text, for each of a thousand signs, took more than a minute."""
    assert text_object("**a**b c**", most=100)["type"] == "plain_text"
    assert mrkdwn("**a** och **b**") == "*a* och *b*"
