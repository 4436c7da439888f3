import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from time import process_time

import orjson
import pytest

from bot.conversation.cards import (
    Audience,
    ChoiceInput,
    Option,
    Paragraph,
    PeopleInput,
    TextInput,
)
from bot.teams import dress
from bot.teams.again import pack, unpack
from bot.teams.inputs import emptied
from tests.teams.dressed import CUE, EVERY_INPUT, EVERY_PART, KARI, a_form, asked, every
from tests.teams.limits import card_of, faults

SMALL = {"name": "plan", "title": "Plan", "submit": "Spara", "close": "Avbryt", "about": "12", "language": "sv"}


def test_up_to_ten_choices_are_all_shown_and_more_become_a_list() -> None:
    styles = {part["id"]: part["style"] for part in every("Input.ChoiceSet", asked(*EVERY_INPUT))}
    assert styles == {
        "pace": "expanded", "days": "expanded", "lesson": "compact", "many": "compact", "people": "compact",
    }  # fmt: skip


def test_what_is_chosen_and_written_at_first_is_shown() -> None:
    values = {part["id"]: part.get("value") for part in asked(*EVERY_INPUT) if "id" in part}
    assert values == {
        "cue": "När jag", "pace": "three", "days": "1", "lesson": None, "many": None,
        "on": "2026-03-02", "slot": "08:15", "people": KARI, "channel": None,
    }  # fmt: skip


def test_people_are_looked_for_in_the_whole_organisation() -> None:
    (people,) = asked(PeopleInput(name="people", label="Vilka?", initial=(KARI, "0a000002")))
    assert people["choices.data"] == {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
    assert people["isMultiSelect"] is True
    assert people["value"] == f"{KARI},0a000002"


def test_what_helps_to_fill_in_an_input_stands_close_behind_it() -> None:
    first, helps, second = asked(TextInput(name="a", label="A", hint="Så här."), TextInput(name="b", label="B"))
    assert (first["id"], second["id"]) == ("a", "b")
    assert (first["spacing"], helps["spacing"], second["spacing"]) == ("Medium", "Small", "Medium")
    assert helps["inlines"][0]["isSubtle"] is True


def test_a_channel_is_given_by_its_link_and_a_user_group_not_at_all() -> None:
    link, how = asked(
        PeopleInput(name="channel", label="Kanal", audience=Audience.CHANNEL, optional=True),
        PeopleInput(name="group", label="Grupp", audience=Audience.GROUP, optional=True),
        language="sv",
    )
    assert "Klistra in länken till kanalen" in how["inlines"][0]["text"]
    assert (link["type"], link["id"]) == ("Input.Text", "channel")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("sv", "Fyll i det här."), ("en", "Fill this in."), (None, "Fyll i det här. / Fill this in.")],
)
def test_what_is_missing_is_said_in_the_language_of_the_form(language: str | None, sentence: str) -> None:
    (element,) = asked(TextInput(name="cue", label="Om"), language=language)
    assert element["errorMessage"] == sentence


def test_a_refused_form_says_first_what_must_change_and_keeps_what_was_filled_in() -> None:
    values = {
        "cue": "När mötet börjar", "pace": "daily", "days": (), "lesson": "7", "many": ("1", "2"),
        "on": "2026-03-09", "people": (KARI, "0a000002"),
    }  # fmt: skip
    first, *rest = asked(*EVERY_INPUT, errors={"on": "Välj en _senare_ dag.", "": "Försök igen."}, values=values)
    assert [["".join(run["text"] for run in line["inlines"])] for line in first["items"]] == [
        ["Dag: Välj en senare dag."],
        ["Försök igen."],
    ]
    assert {part["id"]: part.get("value") for part in rest if "id" in part} == {
        "cue": "När mötet börjar", "pace": "daily", "days": None, "lesson": "7", "many": "1,2",
        "on": "2026-03-09", "slot": None, "people": f"{KARI},0a000002", "channel": None,
    }  # fmt: skip


@pytest.mark.parametrize("label", ["När börjar programmet?", "Bestäm dig nu!", "Jag gör det när:", "Välj en dag."])
def test_a_label_that_ends_with_a_sign_of_its_own_gets_no_colon_before_what_is_wrong(label: str) -> None:
    asks = replace(CUE, label=label)
    first, *_ = asked(asks, errors={asks.name: "Välj en senare dag."})
    assert "".join(run["text"] for run in first["items"][0]["inlines"]) == f"{label} Välj en senare dag."


def test_a_form_travels_with_its_dialog_and_comes_back_as_it_was() -> None:
    form = a_form(*EVERY_PART, *EVERY_INPUT)
    (submit,) = card_of(dress.dialog(form, "t1"))["actions"]
    sent = submit["data"]["knuff"]
    assert (submit["type"], submit["title"]) == ("Action.Submit", "Spara")
    assert {name: sent[name] for name in ("form", "about", "token")} == {"form": "plan", "about": "12", "token": "t1"}
    came_back = unpack(sent["again"])
    assert came_back.body == (*EVERY_PART, *(emptied(part) for part in EVERY_INPUT))
    assert replace(came_back, body=()) == replace(form, body=())
    assert faults("dialog", dress.dialog(came_back, "t2", errors={"cue": "Skriv något."}, values={})) == []
    assert unpack(pack(form)) == form


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "å", "AAAA", "eJwDAAAAAAE=", "x" * 100_000,
        pack(a_form(Paragraph("x")))[:-8],
        pack(replace(a_form(), body=tuple(Paragraph("x" * 500) for _ in range(2000)))),
    ],
)  # fmt: skip
def test_what_is_no_form_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack(text)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"body": 1}', b'{"body": [["Script", {}]]}', b'{"body": [[1]]}'])
def test_packed_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack(urlsafe_b64encode(zlib.compress(body)).decode())


def test_a_form_that_could_never_be_sent_is_our_fault_and_found_here() -> None:
    with pytest.raises(ValueError, match="nothing to send"):
        dress.dialog(a_form(*EVERY_INPUT, submit=None), "t1")
    with pytest.raises(ValueError, match="nothing to choose"):
        asked(ChoiceInput(name="x", label="X", options=()))
    with pytest.raises(ValueError, match="several inputs"):
        asked(TextInput(name="x", label="X"), TextInput(name="x", label="X"))
    with pytest.raises(ValueError, match="comma"):
        asked(ChoiceInput(name="x", label="X", options=(Option("1,2", "X"),), many=True))


@pytest.mark.parametrize(
    "form",
    [
        {**SMALL, "body": [["Note", {"text": ""}]] * 12_000},
        {**SMALL, "body": [["Divider", {}]] * 101},
        {**SMALL, "body": [["Note", {"text": "x" * 25_000}]]},
        {**SMALL, "body": [["Facts", {"pairs": [["", ""]] * 50_000}]]},
    ],
)
def test_a_form_that_would_take_long_to_read_is_not_read(form: object) -> None:
    made_up = urlsafe_b64encode(zlib.compress(orjson.dumps(form))).decode()
    began = process_time()
    with pytest.raises(ValueError, match=r".+"):
        unpack(made_up)
    assert process_time() - began < 0.2


def test_a_form_of_a_hundred_parts_is_read() -> None:
    form = a_form(*(Paragraph("x") for _ in range(100)))
    assert unpack(pack(form)) == form


def test_a_text_longer_than_any_dialog_bears_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    long = pack(a_form(Paragraph("x")))
    monkeypatch.setattr("bot.teams.again.LONGEST", len(long) - 1)
    with pytest.raises(ValueError, match="too long"):
        unpack(long)
    monkeypatch.setattr("bot.teams.again.LONGEST", len(long))
    assert unpack(long).name == "plan"
