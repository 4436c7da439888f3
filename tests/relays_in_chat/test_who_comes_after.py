"""Of a team that nobody comes after, and of one that has handed over already, nothing is said that cannot happen."""

from dataclasses import replace
from datetime import UTC, datetime, time

from bot.conversation.cards import Button, Confirm
from bot.conversation.coordinating_relay_forms import relay_preview
from bot.conversation.relay_cards import news_card, parts_of_step, told_of_baton
from bot.conversation.shows import Replace
from bot.conversation.texts import Words
from lessons.library import load_library
from scheduler.relay_timeline import CLOSING_DAYS
from storage.relay_news import News
from storage.relay_reading import Chain
from storage.tables.relays import LegState
from tests.coordinating.office import SAM, form_in, read
from tests.relays_in_chat.chains import NORTH as WRITTEN
from tests.relays_in_chat.chains import a_chain, leg
from tests.relays_in_chat.relay_room import EAST, NORTH, RelayRoom, read_form
from tests.relays_in_chat.test_what_is_said_is_so import text_of
from tests.rounds_in_chat.team_room import buttons_in

SV = Words("sv")
RELAY = load_library().challenges["relay"]
FIRST = leg(1, LegState.HANDED_OVER, words=WRITTEN)
HAS_IT = replace(leg(2, LegState.RUNNING, day=16, stalled=True), passes_on_at=datetime(2026, 3, 31, 8, tzinfo=UTC))
STANDS_ASIDE = leg(3, LegState.SKIPPED, day=30)
WAITS = leg(3, LegState.WAITING, day=30)


def stalled(chain: Chain, number: int = 2) -> str:
    return text_of(news_card(chain, chain.legs[number - 1], News.STALLED, SV, RELAY))


def test_the_last_team_that_is_late_is_told_that_the_relay_comes_to_its_end() -> None:
    for chain in (a_chain(FIRST, HAS_IT), a_chain(FIRST, HAS_IT, STANDS_ASIDE)):
        assert "skicka vidare" not in stalled(chain)
        assert "går den vidare" not in stalled(chain)
        assert "Gör ni inget blir den det tisdag 31 mars, och stafetten är i mål." in stalled(chain)
    assert "Gör ni inget går den vidare tisdag 31 mars, som den är." in stalled(a_chain(FIRST, HAS_IT, WAITS))
    alone = a_chain(replace(HAS_IT, position=1), leg(2, LegState.SKIPPED))
    assert "Gör ni inget är stafetten i mål tisdag 31 mars, utan någon pinne." in stalled(alone, 1)
    approved = a_chain(FIRST, replace(HAS_IT, is_approved=True))
    assert "Gör ni inget lämnar jag över den tisdag 31 mars." in stalled(approved)


def choice(room: RelayRoom, number: int, who: str) -> Button:
    page = form_in(room.press("relay.baton", room.leg(number), who=who))
    [button] = [one for one in buttons_in(page) if one.action == "relay.pass_on"]
    return button


def confirms(room: RelayRoom) -> list[Confirm]:
    return [button.confirm for button in buttons_in(room.board()) if button.confirm is not None]


def asked(button: Button) -> str:
    assert button.confirm is not None
    return button.confirm.text


def skipping(room: RelayRoom, number: int) -> str:
    [button] = [b for b in buttons_in(room.board()) if (b.action, b.value) == ("relay.skip", str(room.leg(number)))]
    return asked(button)


async def test_neither_the_last_team_nor_whoever_coordinates_is_asked_to_let_it_go_past(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    assert "Stafetten slutar då med laget före." in skipping(room, 3), "nobody comes after it"
    assert "Hoppa över Syd?" in {one.title for one in confirms(room)}
    room.press("relay.skip", room.leg(3))
    await room.until(2026, 3, 26)
    let_be = choice(room, 2, EAST[0])
    assert let_be.text == "Låt den bli den sista"
    assert "nästa lag" not in asked(let_be)
    await room.until(2026, 3, 30, time(11))
    assert "Gör laget inget är stafetten i mål onsdag 1 april." in read_form(room.board())
    assert "Då är stafetten i mål, utan pinne från laget." in skipping(room, 2)
    said = read(room.press("relay.skip", room.leg(2), who=SAM))
    assert "Stafetten är i mål. Laget lämnade ingen pinne." in said
    assert "gått förbi" not in said
    await room.until(2026, 4, 17)
    [over, closing] = room.in_channel_of("Syd")
    assert "Ert lag var med i planen för stafetten men stod över." in over.text, "it has heard nothing before"
    assert "Vad går" in closing.text
    assert "stod över." not in closing.text, "once"


async def test_who_lets_the_question_go_is_told_that_what_is_written_does_not_go_with_it(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 12)
    assert "Ingen pinne är skriven än" in asked(choice(room, 1, NORTH[0]))
    room.write_baton(1, NORTH[0])
    assert "Ingen pinne är skriven" not in asked(choice(room, 1, NORTH[0]))
    assert "Pinnen ni har skrivit är inte godkänd och lämnas inte vidare." in asked(choice(room, 1, NORTH[0]))
    room.press("relay.skip", room.leg(2))
    room.press("relay.skip", room.leg(3))
    ending = choice(room, 1, NORTH[0])
    assert ending.text == "Avsluta utan pinne"
    assert "Pinnen ni har skrivit är inte godkänd och lämnas inte över." in asked(ending)
    assert "vidare" not in asked(ending)


def of_step(chain: Chain, key: str, *, is_last: bool = False) -> list[str]:
    [step] = [one for one in RELAY.steps if one.key == key]
    return [str(getattr(part, "text", "")) for part in parts_of_step(chain, chain.legs[0], step, SV, is_last=is_last)]


def test_a_step_after_the_baton_has_gone_says_that_it_has() -> None:
    gone = a_chain(FIRST, leg(2, LegState.RUNNING, day=16))
    assert of_step(gone, "baton") == ["Ni har redan lämnat över pinnen till Lag 2."]
    [last] = of_step(gone, "hand_over", is_last=True)
    assert last.endswith("Har ni inte haft mötet än är det bara det som är kvar.")
    assert of_step(a_chain(FIRST), "hand_over", is_last=True) == [SV("relays.already_over_last")]
    assert of_step(a_chain(leg(1, LegState.RUNNING), WAITS), "hand_over", is_last=True) == []
    told = "\n".join(str(getattr(part, "text", "")) for part in told_of_baton(gone, gone.legs[0], SV))
    assert "Pinnen är överlämnad. Nu är den hos Lag 2." in told


async def test_the_message_of_a_baton_says_where_it_is_once_it_is_handed_over(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 12)
    room.write_baton(1, NORTH[0])
    room.approve(1, *NORTH[:3])
    await room.until(2026, 3, 12, time(17))
    [written] = [one for one in room.in_channel_of("Norr") if "Tre frågor räckte." in one.text]
    assert "överlämnad" not in written.text
    shown = room.press("relay.hand_over", room.leg(1), who=NORTH[1])
    [now] = [one for one in shown if isinstance(one, Replace)]
    assert now.message.message == written.message
    assert "Pinnen är överlämnad. Nu är den hos Öst." in text_of(now.card)
    await room.until(2026, 3, 13)
    morning = room.in_channel_of("Norr")[-1].text
    assert "Lämna över pinnen i ett möte" in morning
    assert "Ni har redan lämnat över pinnen till Öst." in morning


def test_the_preview_of_a_relay_says_that_a_closing_day_is_set_where_none_is_chosen() -> None:
    form = relay_preview(SV, RELAY, (), name="Färre", question="Hur?", organisation="Alvsunda", draft="d")
    assert SV.number(CLOSING_DAYS) == "fem"
    assert "Väljer du ingen sätter jag en när den sista sträckan är slut, fem arbetsdagar fram" in read_form(form)
