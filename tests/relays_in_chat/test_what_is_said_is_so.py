"""What a relay says is so in every state of it: without a baton, at the last team, after a leg, on a form."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import Button, Card, Form
from bot.conversation.relay_cards import news_card
from bot.conversation.relay_chain import over_text, standing_text, state_text
from bot.conversation.relay_parts import chain_parts
from bot.conversation.texts import Words
from bot.web.relay_documents import relay_html, relay_json
from lessons.library import load_library
from storage import teams
from storage.relay_news import News
from storage.relay_reading import Chain, Commitment
from storage.tables.people import Person
from storage.tables.relays import LegState, RelayEnding, RelayState
from storage.tables.rounds import Ending
from storage.tables.teams import Team
from tests.coordinating.office import SAM, form_in, read
from tests.relays_in_chat.chains import A_STALL_AND_A_SKIP, a_chain, leg
from tests.relays_in_chat.chains import NORTH as WRITTEN
from tests.relays_in_chat.relay_room import BATON, NORTH, SOUTH, RelayRoom, read_form
from tests.rounds_in_chat.team_room import buttons_in

SV = Words("sv")
RELAY = load_library().challenges["relay"]
READ_BY_ALL = "Alla lag i stafetten"
ONE_LEFT_WITHOUT = replace(leg(1, LegState.SKIPPED, day=13), round_id=1, begun_at=None)
"""It was at it for all its days, and left no words."""
NO_WORDS = a_chain(ONE_LEFT_WITHOUT, leg(2, LegState.RUNNING, day=16), leg(3, LegState.WAITING, day=30))


def text_of(card: Card) -> str:
    return "\n".join([card.summary, *(str(getattr(part, "text", "")) for part in card.parts), *_buttons(card)])


def _buttons(card: Card) -> Iterator[str]:
    for part in card.parts:
        yield from (button.text for button in getattr(part, "buttons", ()) if isinstance(button, Button))


def told(chain: Chain, number: int, news: int) -> str:
    return text_of(news_card(chain, chain.legs[number - 1], news, SV, RELAY))


async def finished(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    for number in (2, 3):
        await room.until(2026, 3, 12)
        room.press("relay.pass_on", room.leg(number), who=("", "", "T-E1", SOUTH[0])[number])
    form = form_in(room.press("relay.closing_day", 1))
    room.send(form, day="2026-03-20")
    await room.until(2026, 3, 20)


async def test_every_form_of_a_relay_says_who_reads_what_is_written_there(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 12)
    assert READ_BY_ALL in read_form(form_in(room.press("relay.write", room.leg(1), who=NORTH[0])))
    room.write_baton(1, NORTH[0])
    room.approve(1, *NORTH[:3])
    [sure] = [b for b in buttons_in(the_baton(room)) if b.action == "relay.hand_over"]
    assert sure.confirm is not None
    assert "Alla lag i stafetten kan läsa den" in sure.confirm.text


async def test_what_is_promised_and_how_it_went_is_read_by_all_teams_and_the_forms_say_so(room: RelayRoom) -> None:
    await finished(room)
    form = form_in(room.press("relay.promise", room.leg(1), who=NORTH[0]))
    assert READ_BY_ALL in read_form(form)
    room.send(form, who=NORTH[0], text="Vi slutar med lappar.", role="Chefen", due_on="2026-09-01")
    await room.until(2026, 4, 20)
    [asked] = [one for one in room.in_channel_of("Norr") if "Hur går det?" in one.text]
    assert READ_BY_ALL in asked.text
    assert READ_BY_ALL in read_form(form_in(room.press_in(asked, "relay.follow_up", who=NORTH[0])))


def the_baton(room: RelayRoom, who: str = NORTH[0]) -> Form:
    return form_in(room.press("relay.baton", room.leg(1), who=who))


async def test_a_leg_that_is_over_is_not_told_as_the_end_of_the_relay(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 17)
    [over] = [one for one in room.in_channel_of("Norr") if "Er sträcka är klar. Det ni lärde er" in one.text]
    assert over.card.summary == "Er sträcka är klar."


async def test_a_leg_whose_round_was_ended_early_is_told_once_and_not_that_its_days_are_over(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 4)
    room.press("round.end", room.chain().legs[0].round_id, who=SAM)
    before = len(room.told)
    await room.until(2026, 3, 5)
    heard, *more = [one for one in room.told[before:] if one.channel == "C0NORR"]
    assert [one.text for one in more] == []
    assert "Er sträcka är avslutad i förtid av den som samordnar" in heard.text
    assert "dagar är slut" not in heard.text + read_form(room.board())


def test_without_a_baton_nobody_is_told_that_there_is_one() -> None:
    assert "Nu är det er tur" in told(NO_WORDS, 2, News.ARRIVED)
    assert "Har ni sett att det är er tur?" in told(NO_WORDS, 2, News.REMINDED)
    for news in (News.ARRIVED, News.REMINDED, News.ACKNOWLEDGED):
        assert "pinnen är" not in told(NO_WORDS, 2, news).lower()
        assert "läst pinnen" not in told(NO_WORDS, 2, news)
    assert "Färre väntar har lämnat över" not in told(NO_WORDS, 2, News.REMINDED).replace("*", "")
    assert standing_text(NO_WORDS, NO_WORDS.legs[1], SV) == "fick frågan måndag 16 mars"
    had_it = replace(NO_WORDS.legs[1], acknowledged_at=NO_WORDS.legs[1].begun_at)
    assert standing_text(NO_WORDS, had_it, SV) == "tog emot frågan måndag 16 mars"


async def test_who_lets_the_question_go_on_is_answered_so(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 3)
    said = read(room.press("relay.pass_on", room.leg(1), who=NORTH[1]))
    assert "Stafettens fråga har gått vidare." in said
    assert "Pinnen har gått vidare" not in said
    await room.until(2026, 3, 3)
    room.press("relay.pass_on", room.leg(2), who="T-E1")
    assert "Stafetten är i mål, utan någon pinne." in read(room.press("relay.pass_on", room.leg(3), who=SOUTH[0]))


def test_the_last_team_is_not_told_of_a_next_one_nor_of_a_baton_that_nobody_wrote() -> None:
    last = a_chain(ONE_LEFT_WITHOUT, leg(2, LegState.SKIPPED, day=16), state=RelayState.CLOSING)
    assert "nästa lag" not in told(last, 2, News.LAST)
    assert "Sista pinnen är skriven" not in told(last, 2, News.LAST)
    assert "Läs pinnarna" not in told(last, 2, News.CLOSING)
    passed = a_chain(leg(1, LegState.HANDED_OVER, words=WRITTEN), leg(2, LegState.HANDED_OVER))
    assert "Pinnen ni fick är stafettens sista." in told(passed, 2, News.LAST)
    assert "Pinnen ni fick" not in told(passed, 1, News.LAST)
    assert "Sista pinnen är skriven" not in told(passed, 2, News.LAST)
    assert "Läs pinnarna" in told(passed, 2, News.CLOSING)
    not_last = a_chain(*passed.legs, leg(3, LegState.HANDED_OVER, words=WRITTEN))
    assert "Pinnen ni fick" not in told(not_last, 2, News.LAST)
    written = a_chain(leg(1, LegState.HANDED_OVER, words=WRITTEN))
    assert "Sista pinnen är skriven" in told(written, 1, News.LAST)


def test_a_team_that_was_passed_by_is_told_so_before_it_is_asked_what_it_goes_on_with() -> None:
    over = a_chain(
        leg(1, LegState.HANDED_OVER, words=WRITTEN), leg(2, LegState.SKIPPED, day=16), state=RelayState.CLOSING
    )
    stood_aside = "Ert lag var med i planen för stafetten men stod över."
    assert stood_aside in told(over, 2, News.LAST)
    assert stood_aside in told(over, 2, News.CLOSING), "where that is the first it hears"
    heard = news_card(over, over.legs[1], News.CLOSING, SV, RELAY, has_heard_last=True)
    assert stood_aside not in text_of(heard)
    had_it = a_chain(over.legs[0], replace(over.legs[1], begun_at=over.legs[0].begun_at), state=RelayState.CLOSING)
    for chain, number in ((over, 1), (had_it, 2)):
        assert stood_aside not in told(chain, number, News.LAST) + told(chain, number, News.CLOSING)


def test_a_team_that_stood_aside_does_not_read_that_a_relay_which_goes_on_is_over() -> None:
    aside = replace(leg(3, LegState.SKIPPED), begun_at=None)
    at_it = (leg(1, LegState.HANDED_OVER, words=WRITTEN), leg(2, LegState.RUNNING, day=16))
    for after in ((), (leg(4, LegState.WAITING),)):
        assert over_text(a_chain(*at_it, aside, *after), aside, SV) == SV("relays.stood_aside")
    over = a_chain(*at_it[:1], leg(2, LegState.HANDED_OVER, day=16), aside, state=RelayState.CLOSING)
    assert "Stafetten är i mål" in over_text(over, aside, SV)
    gone_on = a_chain(*at_it[:1], replace(aside, position=2), leg(3, LegState.RUNNING, day=16))
    assert "vidare till nästa lag" in over_text(gone_on, gone_on.legs[1], SV)


@pytest.mark.parametrize(
    ("day", "said"),
    [(22, "väntar på slutmötet"), (23, "slutmötet är i dag"), (24, "slutmötet är hållet")],
)
def test_a_closing_meeting_is_over_the_day_after_it_and_nothing_was_promised_before_it_was(day: int, said: str) -> None:
    over = replace(a_chain(*NO_WORDS.legs, state=RelayState.CLOSING), closing_on=date(2026, 4, 23))
    today = date(2026, 4, day)
    assert state_text(over, SV, today) == said
    promise = Commitment(
        words="Färre köer", owner_role="Områdeschefen", due_on=date(2026, 9, 1), written_at=over.made_at
    )
    promised = replace(over, legs=(replace(over.legs[0], commitment=promise), *over.legs[1:]))
    follows = ", det som lovades följs upp" if said.endswith("hållet") else ""
    assert state_text(promised, SV, today) == said + follows


def test_a_team_is_asked_of_the_other_teams_when_it_has_met_them_all() -> None:
    assert RELAY.debrief is not None
    assert "andra lagen" not in RELAY.debrief.sv
    passed = a_chain(leg(1, LegState.HANDED_OVER, words=WRITTEN), state=RelayState.CLOSING)
    assert "vad ni väntade er av de andra lagen" in told(passed, 1, News.CLOSING)


def test_a_team_that_let_it_go_on_before_its_days_were_over_did_not_run_out_of_them() -> None:
    let_go = replace(leg(2, LegState.HANDED_OVER), round_ending=Ending.NOT_MADE)
    ran_out = replace(leg(2, LegState.HANDED_OVER, stalled=True), round_ending=Ending.NOT_MADE)
    first = leg(1, LegState.HANDED_OVER, words=WRITTEN)
    not_made = SV.of(RELAY.ending.not_made)
    assert not_made not in told(a_chain(first, let_go), 2, News.PASSED_ON)
    assert SV("relays.passed_on") in told(a_chain(first, let_go), 2, News.PASSED_ON)
    assert not_made in told(a_chain(first, ran_out), 2, News.PASSED_ON)


def test_a_relay_that_was_ended_before_its_closing_meeting_has_none() -> None:
    meeting = "torsdag 23 april"
    running = replace(A_STALL_AND_A_SKIP, closing_on=date(2026, 4, 23))
    ended = replace(
        running, state=RelayState.ENDED, ending=RelayEnding.ENDED_EARLY, ended_at=datetime(2026, 4, 1, 12, tzinfo=UTC)
    )
    afterwards = replace(ended, ended_at=datetime(2026, 4, 24, 12, tzinfo=UTC))

    def says(chain: Chain) -> list[bool]:
        today = date(2026, 5, 1)
        html = relay_html(chain, SV, organisation="Alvsunda kommun", today=today)
        data = relay_json(chain, organisation="Alvsunda kommun", today=today)
        page = [str(getattr(part, "text", "")) for part in chain_parts(chain, SV, everything=True)]
        return [meeting in html, data["closing_on"] == "2026-04-23", any(meeting in text for text in page)]

    assert says(running) == [True] * 3
    assert says(ended) == [False] * 3
    assert SV("relays.board_unset") not in relay_html(ended, SV, organisation="Alvsunda", today=date(2026, 5, 1))
    assert says(afterwards) == [True] * 3, "it had been"


def test_a_skipped_leg_was_not_handed_over_in_the_registrars_file() -> None:
    data = relay_json(A_STALL_AND_A_SKIP, organisation="Alvsunda kommun", today=date(2026, 4, 1))
    assert [one["handed_over_on"] for one in data["legs"]] == ["2026-03-13", "2026-03-27", None, None, None]


def test_the_registrars_two_files_say_the_same() -> None:
    chain = replace(A_STALL_AND_A_SKIP, closing_on=date(2026, 4, 23))
    html = relay_html(chain, SV, organisation="Alvsunda kommun", today=date(2026, 4, 1))
    data = relay_json(chain, organisation="Alvsunda kommun", today=date(2026, 4, 1))
    assert ("torsdag 23 april 2026" in html, data["closing_on"]) == (True, "2026-04-23")
    assert ("pågår" in html, data["state"]) == (True, "running")
    assert (SV("relays.document_tested") in html, data["legs"][0]["baton"]["tested"]) == (True, True)
    assert ("Orden är från Lag 1." in html, data["legs"][1]["words_from_leg"]) == (True, 1)


def test_a_first_team_with_an_approved_baton_has_the_baton_and_not_the_question() -> None:
    stalled = leg(1, LegState.RUNNING, stalled=True)
    assert standing_text(a_chain(stalled), stalled, SV) == "har frågan kvar"
    approved = replace(stalled, is_approved=True)
    assert standing_text(a_chain(approved), approved, SV) == "har pinnen kvar"


def test_a_team_that_was_at_it_and_left_no_words_did_not_stand_aside() -> None:
    assert standing_text(NO_WORDS, ONE_LEFT_WITHOUT, SV) == "lämnade ingen pinne"
    assert standing_text(NO_WORDS, replace(ONE_LEFT_WITHOUT, round_id=None), SV) == "stod över"
    not_begun = replace(ONE_LEFT_WITHOUT, starts_on=date(2026, 3, 16))
    assert standing_text(NO_WORDS, not_begun, SV) == "stod över", "the relay was ended before its days"


async def test_whoever_skips_a_team_with_an_approved_baton_hears_that_it_was_handed_over(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 12)
    room.write_baton(1, NORTH[1])
    room.approve(1, *NORTH[:3])
    await room.until(2026, 3, 16, time(11))
    [skip] = [b for b in buttons_in(room.board()) if (b.action, b.value) == ("relay.skip", str(room.leg(1)))]
    assert skip.confirm is not None
    assert "Lagets pinne är godkänd, så den lämnas över." in skip.confirm.text
    said = read(room.press("relay.skip", room.leg(1), who=SAM))
    assert "Lagets pinne var godkänd och är överlämnad." in said
    assert "står över" not in said


async def test_whoever_ends_a_relay_is_told_who_will_hear_of_it(room: RelayRoom) -> None:
    room.begin()

    def sure() -> str:
        [end] = [button for button in buttons_in(room.board()) if button.action == "relay.end"]
        assert end.confirm is not None
        return end.confirm.text

    assert "Lagen har inte hört något av mig än, och inget skickas." in sure()
    await room.until(2026, 3, 2)
    assert "Lagen får veta det." in sure()


def test_whoever_sets_the_closing_day_hears_that_the_teams_are_not_called_to_it(room: RelayRoom) -> None:
    room.begin()
    form = form_in(room.press("relay.closing_day", 1))
    assert "Jag skickar ingen kallelse" in read_form(form)
    said = read(room.send(form, day="2026-04-23"))
    assert "Lagen får veta dagen av mig. Kallelsen skickar du." in said


@pytest.fixture
async def parted(room: RelayRoom) -> RelayRoom:
    """A baton is written; the facilitator has left the team, and somebody outside it has the mandate."""
    room.begin()
    await room.until(2026, 3, 12)
    room.write_baton(1, NORTH[1])
    team_id = room.chain().legs[0].team_id

    def part(session: Session) -> None:
        people = {one.external_id: one for one in session.exec(select(Person)).all()}
        teams.leave(session, people[NORTH[0]], team_id, room.now)
        team = session.get_one(Team, team_id)
        team.mandate_id = people[SOUTH[0]].id
        session.add(team)

    room.look(part)
    return room


async def test_who_has_the_mandate_sees_the_relay_and_no_button_that_is_refused(parted: RelayRoom) -> None:
    page = the_baton(parted, SOUTH[0])
    assert "Pinnen är inte skriven än" not in read_form(page)
    assert BATON["learning"] not in read_form(page)
    actions = {button.action for button in buttons_in(page)}
    assert actions & {"relay.write", "relay.approve", "relay.hand_over", "relay.pass_on"} == set()
    assert "Det här är till för dem som är med i laget." in read(
        parted.press("relay.write", parted.leg(1), who=SOUTH[0])
    )
    await parted.until(2026, 3, 16)
    assert "2. Öst**, Alvsunda kommun: börjar torsdag 19 mars" in read_form(the_baton(parted, SOUTH[0]))


async def test_a_facilitator_outside_the_team_reads_the_baton_and_may_let_it_go_on_only(parted: RelayRoom) -> None:
    page = the_baton(parted, NORTH[0])
    assert BATON["learning"] in read_form(page)
    actions = {button.action for button in buttons_in(page)}
    assert actions & {"relay.write", "relay.approve", "relay.hand_over", "relay.pass_on"} == {"relay.pass_on"}
    assert "är med i laget" in read(parted.press("relay.write", parted.leg(1), who=NORTH[0]))
