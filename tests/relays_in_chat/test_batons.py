"""A baton on its way: its words, who approves of it, two who hand over at once, and what is a team's own."""

import pytest

from bot.conversation.cards import Form, Paragraph
from bot.conversation.shows import OpenForm
from storage.tables.relays import LegState, RelayBaton
from tests.coordinating.office import SAM, form_in, read, refusal_in
from tests.relays_in_chat.relay_room import BATON, EAST, NORTH, RelayRoom, read_form
from tests.rounds_in_chat.team_room import buttons_in

STRANGER = "UX"


@pytest.fixture
async def writing(room: RelayRoom) -> RelayRoom:
    """The first team has come to the day its baton is written."""
    room.begin()
    await room.until(2026, 3, 12)
    return room


def marked(form: Form) -> list[str]:
    return [part.text for part in form.body if isinstance(part, Paragraph) and part.text.count("**") > 2]


async def test_a_text_over_fifty_words_is_refused_with_its_count(writing: RelayRoom) -> None:
    refused = refusal_in(writing.write_baton(1, NORTH[0], question="ord " * 52, learning=" … "))
    assert "Texten har 52 ord. Korta den till högst 50" in refused["question"]
    assert set(refused) == {"question", "learning"}
    assert writing.rows(RelayBaton) == []


async def test_what_looks_like_a_name_is_marked_and_sent_only_when_it_has_been_seen(writing: RelayRoom) -> None:
    named = "Ring Anna Berg på 018-611 00 00."
    again = form_in(writing.write_baton(1, NORTH[0], invitation=named))
    assert again.submit == "Skicka ändå"
    assert marked(again) == [
        "**Inbjudan: vad får de se, låna eller fråga er om?** Ring **Anna Berg** på **018-611 00 00**."
    ]
    assert writing.rows(RelayBaton) == [], "nothing is kept before it has been looked at"

    other = form_in(writing.send(again, who=NORTH[0], learning="Fråga Karin."))
    assert len(marked(other)) == 2, "another name is looked at as well"
    kept = writing.send(other, who=NORTH[0])
    assert "Pinnen är sparad." in read(kept)
    [baton] = writing.rows(RelayBaton)
    assert (baton.learning, baton.invitation) == ("Fråga Karin.", named)


async def test_without_what_was_marked_it_is_kept_at_once(writing: RelayRoom) -> None:
    again = form_in(writing.write_baton(1, NORTH[0], invitation="Ring Anna Berg."))
    assert "Pinnen är sparad." in read(writing.send(again, who=NORTH[0], invitation="Kom och hälsa på."))


async def test_a_personal_number_is_refused(writing: RelayRoom) -> None:
    refused = refusal_in(writing.write_baton(1, NORTH[0], sign_of_value="Det gällde 850101-1236."))
    assert refused == {"sign_of_value": writing.words("relays.names_refused")}


async def test_the_channel_hears_what_is_written_and_three_approve_of_the_same_words(writing: RelayRoom) -> None:
    told = len(writing.told)
    writing.write_baton(1, NORTH[0])
    await writing.until(2026, 3, 12)
    [heard] = writing.told[told:]
    assert BATON["learning"] in heard.text
    page = form_in(writing.press_in(heard, "relay.baton", who=NORTH[1]))
    [old] = [button for button in buttons_in(page) if button.action == "relay.approve"]
    writing.write_baton(1, NORTH[0], learning="En annan lärdom.")
    assert "Pinnen har ändrats" in read(writing.press(old.action, old.value, who=NORTH[1]))
    said = writing.approve(1, *NORTH[:3])
    assert ["Lämna över" in one for one in said] == [False, False, True]
    assert "går inte längre att ändra" in read(writing.write_baton_anyhow(1, NORTH[0]))


async def test_a_baton_that_is_not_approved_is_not_handed_over(writing: RelayRoom) -> None:
    writing.write_baton(1, NORTH[0])
    assert "Pinnen är inte godkänd än." in read(writing.press("relay.hand_over", writing.leg(1), who=NORTH[0]))
    assert writing.chain().legs[0].state is LegState.RUNNING


async def test_of_two_who_hand_over_at_once_one_is_told_that_it_is_done(writing: RelayRoom) -> None:
    writing.write_baton(1, NORTH[0])
    writing.approve(1, *NORTH[:3])
    first = read(writing.press("relay.hand_over", writing.leg(1), who=NORTH[1]))
    second = read(writing.press("relay.hand_over", writing.leg(1), who=NORTH[2]))
    assert "Pinnen är överlämnad. Nu är den hos Öst." in first
    assert "Ni har lämnat över pinnen." in second
    assert [leg.state for leg in writing.chain().legs] == [LegState.HANDED_OVER, LegState.RUNNING, LegState.WAITING]


async def test_nobody_else_reads_a_baton_before_it_is_handed_over(writing: RelayRoom) -> None:
    writing.write_baton(1, NORTH[0])
    for who in (STRANGER, EAST[0], SAM):
        for action, value in (
            ("relay.baton", writing.leg(1)),
            ("relay.write", writing.leg(1)),
            ("relay.approve", f"{writing.leg(1)}:x"),
            ("relay.hand_over", writing.leg(1)),
            ("relay.pass_on", writing.leg(1)),
            ("relay.chain", 1),
            ("relay.open", 1),
            ("relay.received", writing.leg(1)),
        ):
            shown = read(writing.press(action, value, who=who))
            assert BATON["learning"] not in shown, (who, action)
            if action == "relay.baton":
                assert "Det här är till för dem som är med i laget." in shown
    assert writing.chain().legs[0].state is LegState.RUNNING


async def test_the_whole_relay_is_for_its_teams_and_whoever_coordinates(writing: RelayRoom) -> None:
    writing.write_baton(1, NORTH[0])
    writing.approve(1, *NORTH[:3])
    writing.press("relay.hand_over", writing.leg(1), who=NORTH[1])
    for who in (NORTH[3], EAST[3], SAM):
        assert BATON["invitation"] in read(writing.press("relay.chain", 1, who=who))
    assert BATON["invitation"] not in read(writing.press("relay.chain", 1, who=STRANGER))


async def test_who_is_in_the_relay_is_shown_to_nobody(writing: RelayRoom) -> None:
    writing.write_baton(1, NORTH[0])
    writing.approve(1, *NORTH[:2])
    pages = [writing.board(), form_in(writing.press("relay.baton", writing.leg(1), who=NORTH[3]))]
    pages.append(form_in(writing.press("relay.chain", 1, who=EAST[0])))
    for page in pages:
        assert not [who for who in (*NORTH, *EAST) if who in repr(page)]
    before = read_form(pages[1])
    writing.press("relay.approve", "0:x", who=NORTH[2])
    assert read_form(form_in(writing.press("relay.baton", writing.leg(1), who=NORTH[3]))) == before


async def test_a_form_for_the_baton_opens_with_what_is_written_so_far(writing: RelayRoom) -> None:
    writing.write_baton(1, NORTH[0])
    shown = writing.press("relay.write", writing.leg(1), who=NORTH[3])
    assert [show for show in shown if isinstance(show, OpenForm)]
    form = form_in(shown)
    assert [getattr(part, "initial", None) for part in form.body if getattr(part, "name", "") in BATON] == [
        *BATON.values()
    ]
