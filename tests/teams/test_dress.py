import json
from dataclasses import replace

from bot.conversation.cards import (
    Button,
    Buttons,
    Channel,
    Divider,
    Note,
    Paragraph,
    TextInput,
)
from bot.teams import dress
from tests.teams.dressed import DELETE, EVERY_INPUT, EVERY_PART, KARI, a_card, a_form, asked, every, shown
from tests.teams.limits import card_of, faults, texts


def test_every_part_of_a_card_is_something_teams_shows() -> None:
    assert faults("message", dress.message(a_card(*EVERY_PART), language="sv")) == []
    assert faults("dialog", dress.dialog(a_form(*EVERY_PART, submit=None), "t1", language="sv")) == []


def test_every_input_of_a_form_is_something_teams_shows() -> None:
    assert faults("dialog", dress.dialog(a_form(*EVERY_PART, *EVERY_INPUT), "t1")) == []


def test_a_message_says_the_summary_to_eyes_and_ears() -> None:
    sent = dress.message(a_card(Paragraph("x"), summary="Dagens knuff: **Värdet** i en mening."), language="sv")
    card = card_of(sent)
    assert sent["summary"] == card["speak"] == card["fallbackText"] == "Dagens knuff: Värdet i en mening."
    assert card["lang"] == "sv"
    assert "lang" not in card_of(dress.message(a_card()))
    assert card_of(dress.message(replace(a_card(), language="en"), language="sv"))["lang"] == "en"


def test_a_button_is_pressed_alike_in_new_clients_and_old_ones() -> None:
    (row,) = shown(Buttons((Button(text="Jag gör det", action="nudge.doing", value="12"),)))
    meant = {"knuff": {"action": "nudge.doing", "value": "12"}}
    assert row["actions"] == [
        {
            "type": "Action.Execute",
            "title": "Jag gör det",
            "verb": "nudge.doing",
            "data": meant,
            "fallback": {"type": "Action.Submit", "title": "Jag gör det", "data": meant},
        }
    ]


def test_a_button_that_opens_a_form_asks_for_a_dialog() -> None:
    (row,) = shown(Buttons((Button(text="Planera", action="nudge.plan", value="12", opens_form=True),)))
    assert row["actions"][0]["data"] == {
        "msteams": {"type": "task/fetch"},
        "knuff": {"action": "nudge.plan", "value": "12"},
    }


def test_a_button_in_a_dialog_is_not_held_back_by_what_is_not_filled_in_yet() -> None:
    row, *_ = asked(Buttons((Button(text="Sök", action="library.search", opens_form=True),)), EVERY_INPUT[0])
    assert row["actions"][0]["type"] == "Action.Submit"
    assert row["actions"][0]["associatedInputs"] == "none"
    assert row["actions"][0]["data"] == {"knuff": {"action": "library.search", "value": ""}}


def test_what_cannot_be_undone_is_asked_first_and_pressed_only_by_saying_yes() -> None:
    row, question = shown(Buttons((DELETE,)))
    (asks,) = row["actions"]
    assert asks["type"] == "Action.ToggleVisibility"
    assert question["isVisible"] is False
    assert asks["targetElements"] == [{"type": "TargetElement", "elementId": question["id"], "isVisible": True}]
    yes, no = question["items"][-1]["actions"]
    assert (yes["type"], yes["title"], yes["verb"]) == ("Action.Execute", "Radera allt", "my_data.delete")
    assert (no["title"], no["targetElements"][0]["isVisible"]) == ("Behåll", False)


def test_a_long_yes_is_read_in_full_before_it_is_pressed() -> None:
    assert DELETE.confirm is not None
    yes = "Ja, radera allt som jag har skrivit sedan i våras"
    _row, question = shown(Buttons((replace(DELETE, confirm=replace(DELETE.confirm, yes=yes)),)))
    assert question["items"][-2]["inlines"][0]["text"] == yes
    assert faults("message", dress.message(a_card(Buttons((replace(DELETE, text=yes),))))) == []


def test_two_questions_in_a_card_are_two() -> None:
    ids = [part["id"] for part in every("Container", shown(Buttons((DELETE,)), Buttons((DELETE,))))]
    assert len(set(ids)) == 2


def test_a_button_with_more_text_than_a_telephone_shows_has_it_in_full_before_it() -> None:
    text = "B. Vi ska vara landets mest innovativa och moderna kundcenter"
    before, row = shown(Buttons((Button(text=text, action="nudge.choice", value="1:1"),)))
    assert before["inlines"] == [{"type": "TextRun", "text": text}]
    (button,) = row["actions"]
    assert button["title"] == "B. Vi ska vara landets mest innovativa…"
    assert button["tooltip"] == text


def test_buttons_that_do_not_fit_beside_each_other_stand_in_rows() -> None:
    buttons = tuple(Button(text=f"Ett litet val {n}", action="x", value=str(n)) for n in range(5))
    assert [len(row["actions"]) for row in shown(Buttons(buttons))] == [2, 2, 1]
    few = tuple(Button(text=text, action="x") for text in ("Jag gör det", "Byt övning", "Inte i dag"))
    assert [len(row["actions"]) for row in shown(Buttons(few))] == [3]


def test_a_paragraph_is_bold_and_quiet_where_we_say_so_and_nowhere_else() -> None:
    (block,) = shown(Paragraph("**Gör så här:** säg _det_ till *en* [person](https://x.example) `nu`"))
    assert [(run["text"], run.get("weight"), run.get("italic")) for run in block["inlines"]] == [
        ("Gör så här:", "Bolder", None),
        (" säg ", None, None),
        ("det", None, True),
        (" till *en* [person](", None, None),
        ("https://x.example", None, None),
        (") `nu`", None, None),
    ]


def test_an_address_in_a_text_can_be_opened() -> None:
    (block,) = shown(Paragraph("se https://knuff.example.se/l/abc."))
    assert block["inlines"][1] == {
        "type": "TextRun",
        "text": "https://knuff.example.se/l/abc",
        "selectAction": {"type": "Action.OpenUrl", "url": "https://knuff.example.se/l/abc"},
    }


def test_lines_of_a_paragraph_stand_close_and_paragraphs_apart() -> None:
    blocks = shown(Paragraph("en\ntvå\n\ntre"), Paragraph("fyra"))
    assert [(block["inlines"][0]["text"], block.get("spacing")) for block in blocks] == [
        ("en", None), ("två", "Small"), ("tre", None), ("fyra", None),
    ]  # fmt: skip


def test_a_divider_is_the_edge_of_what_comes_next() -> None:
    first, second = shown(Paragraph("en"), Divider(), Paragraph("två"), Divider())
    assert "separator" not in first
    assert second["separator"] is True


def test_people_are_shown_by_name_and_the_unknown_by_the_beginning_of_their_id() -> None:
    (block,) = shown(EVERY_PART[4], names={KARI: "Kari _Holm_"})
    assert "".join(run["text"] for run in block["inlines"]) == "Deltagare: Kari _Holm_, 0a000002"


def test_a_channel_is_told_of_in_words_where_there_are_any_since_it_cannot_be_named() -> None:
    (block,) = shown(EVERY_PART[5])
    assert "".join(run["text"] for run in block["inlines"]) == "Kanal: Nämn mig i kanalen."
    assert len(shown(Paragraph("Nytt:"), Channel("Ny kanal", "19:ledare@thread.tacv2"))) == 1


def test_a_message_longer_than_teams_takes_is_shortened_as_little_as_needed_and_says_so() -> None:
    sent = dress.message(a_card(*(Paragraph("Ett ord till. " * 300) for _ in range(8)), Note("Kort.")))
    assert faults("message", sent) == []
    assert len(json.dumps(sent)) > 24_000
    assert texts(sent).count("…") == 8
    assert "Kort." in texts(sent)


def test_a_message_of_too_many_parts_ends_with_an_ellipsis() -> None:
    sent = dress.message(a_card(*(Paragraph("Ett ord till. " * 6) for _ in range(400))))
    assert faults("message", sent) == []
    assert texts(sent).endswith("\n…")


def test_what_somebody_wrote_in_a_form_is_the_last_to_be_shortened() -> None:
    written = "Å" * 2500
    sent = dress.dialog(
        a_form(Paragraph("Ett ord till. " * 2000), TextInput(name="a", label="A")), "t1", values={"a": written}
    )
    assert faults("dialog", sent) == []
    assert next(every("Input.Text", card_of(sent)))["value"] == written
    three = [TextInput(name=name, label=name, multiline=True) for name in "abc"]
    sent = dress.dialog(a_form(*three), "t1", values=dict.fromkeys("abc", "🙂" * 3000))
    assert faults("dialog", sent) == []
    assert [part["value"][-1] for part in every("Input.Text", card_of(sent))] == ["…"] * 3


def test_every_button_says_in_which_language_it_is_read() -> None:
    card = replace(a_card(Buttons((Button(text="Done", action="nudge.doing", value="12"), DELETE))), language="en")
    sent = card_of(dress.message(card))
    for kind in ("Action.Execute", "Action.Submit"):  # the same, for older clients
        assert [action["data"]["knuff"]["language"] for action in every(kind, sent)] == ["en", "en"]
