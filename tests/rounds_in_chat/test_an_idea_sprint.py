"""A whole idea sprint: from the coordinator's choice to the wrap-up, pressed and written through the desk."""

from typing import Any

from bot.conversation.cards import ChoiceInput
from bot.conversation.shows import OpenForm
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.running import renewed
from tests.rounds_in_chat.sprint import NEEDS, alone, approve, channel, choose, to_the_scores, wrapped_up
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, DAG, EVA, TEAM, Heard, TeamRoom


async def test_from_kick_off_to_ending(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = await room.at_clock(2026, 3, 2, 10)
    assert {one.who for one in monday} == {None, *TEAM}
    assert "Idésprinten börjar" in channel(monday).text
    assert "Öppnas här måndag 2 mars klockan 15.00." in channel(monday).text
    assert "Öppnas i lagets kanal måndag 2 mars klockan 15.00." in alone(monday, BO).text
    assert "Tänk på något som krånglar" in alone(monday, BO).text
    for who, need in NEEDS.items():
        form = form_in(room.press_on(alone(monday, who), "contribution.open", who=who))
        said = read(room.send(form, who=who, in_need=need))
        assert "Bara du ser det här till klockan 15.00" in said
        assert need in said
    opened = channel(await room.at_clock(2026, 3, 2, 15))
    assert all(need in opened.text for need in NEEDS.values())

    tuesday = channel(await room.at_clock(2026, 3, 3, 10))
    assert all(need in tuesday.text for need in NEEDS.values())
    for who in (ANNA, BO, DAG):
        assert "Din röst är inlämnad" in choose(room, tuesday, who, NEEDS[BO])
    tally = channel(await room.at_clock(2026, 3, 3, 15))
    assert "Tre personer har röstat." in tally.text
    assert f"Ni har valt: {NEEDS[BO]}" in tally.text

    wednesday = await room.at_clock(2026, 3, 4, 10)
    assert f"Ni har valt: {NEEDS[BO]}" in channel(wednesday).text
    for who in (ANNA, CIA, EVA):
        form = form_in(room.press_on(alone(wednesday, who), "contribution.open", who=who))
        room.send(form, who=who, in_idea=f"Idé från {who}")
        more = form_in(room.press("contribution.another", form.about, who=who))
        room.send(more, who=who, in_idea=f"En till från {who}")
    assert channel(await room.at_clock(2026, 3, 4, 15)).text.count("från") == 6

    thursday = channel(await room.at_clock(2026, 3, 5, 10))
    for who in (ANNA, BO, CIA):
        form = form_in(room.press_on(thursday, "contribution.open", who=who))
        [about] = [part for part in form.body if isinstance(part, ChoiceInput)]
        assert len(about.options) == (6 if who == BO else 4), "nobody builds on their own"
        room.send(form, who=who, about=about.options[0].value, in_built=f"Byggt av {who}")
    await room.at_clock(2026, 3, 5, 15)

    friday = channel(await room.at_clock(2026, 3, 6, 10))
    for who in (ANNA, BO, CIA):
        form = form_in(room.press_on(friday, "vote.open", who=who))
        scores = [part.name for part in form.body if isinstance(part, ChoiceInput)]
        assert len(scores) == 9
        best: dict[str, Any] = {name: "3" if number < 3 else "1" for number, name in enumerate(scores)}
        assert "Dina poäng är inlämnade" in read(room.send(form, who=who, **best))
    tally = channel(await room.at_clock(2026, 3, 6, 15))
    assert f"Ni har valt: Byggt av {ANNA}" in tally.text
    assert "27 poäng" in tally.text

    last = channel(await room.at_clock(2026, 3, 9, 10))
    for left in ("Fem", "Fyra", "Tre", "Två", "Ett", None):
        form = form_in(room.press_on(last, "contribution.open", who=BO))
        [about, _answer] = [part for part in form.body if isinstance(part, ChoiceInput)]
        said = read(
            room.send(form, who=BO, about=about.options[0].value, in_answer="later", in_reason="Nämnden beslutar")
        )
        assert (f"{left} förslag har inget svar än." in said) if left else ("Nu har alla förslag ett svar" in said)
    assert channel(await room.at_clock(2026, 3, 9, 11)).text.count("Nämnden beslutar") == 6
    assert await room.at_clock(2026, 3, 9, 16, 30) == []
    ending = channel(await room.at_clock(2026, 3, 10, 10))
    assert "Idésprinten är klar." in ending.text
    said = wrapped_up(room, ending, BO)
    assert f"Behovet vi valde: {NEEDS[BO]}" in said
    assert "Så många idéer fick vi: 6" in said
    assert f"Idén vi tar vidare: Byggt av {ANNA}" in said
    assert "Avslutningskort" not in read(room.press("round.open", "1")), "not before the team has approved it"
    for who in (BO, BO, CIA):
        approve(room, ending, who)
    assert "Avslutningskort" not in read(room.press("round.open", "1")), "one approval each"
    approve(room, ending, ANNA)
    assert "Vårt första test: Vi provar en vecka" in read(room.press("round.open", "1"))
    assert await room.at_clock(2026, 3, 11, 10) == []


async def test_one_answer_of_many_does_not_finish_it(room: TeamRoom) -> None:
    """It is done when every idea has its answer: the channel is shown what there is, and told what is missing."""
    _build, friday = await to_the_scores(room, (ANNA, BO, CIA))
    for who in (ANNA, BO, CIA):
        form = form_in(room.press_on(friday, "vote.open", who=who))
        scores: dict[str, Any] = {part.name: "2" for part in form.body if isinstance(part, ChoiceInput)}
        room.send(form, who=who, **scores)
    await room.at_clock(2026, 3, 6, 15)
    last = channel(await room.at_clock(2026, 3, 9, 10))
    form = form_in(room.press_on(last, "contribution.open", who=BO))
    [about, _answer] = [part for part in form.body if isinstance(part, ChoiceInput)]
    room.send(form, who=BO, about=about.options[0].value, in_answer="no", in_reason="Vi får inte")
    assert "Svara på alla idéer: pågår" in read(room.press("round.open", "1"))
    assert "Vi får inte" in channel(await room.at_clock(2026, 3, 9, 11)).text, "it is said of the form that it is"
    form = form_in(room.press_on(last, "contribution.open", who=CIA))
    [about, _answer] = [part for part in form.body if isinstance(part, ChoiceInput)]
    shown = room.send(form, who=CIA, about=about.options[0].value, in_answer="later", in_reason="Nämnden beslutar")
    [text] = renewed(shown).values()
    assert "Vi får inte" in text
    assert f"• **{about.options[0].text}**" in text, "which idea it is stands out"
    assert "Nämnden beslutar" in text
    assert await room.at_clock(2026, 3, 9, 12) == [], "nobody is told twice"
    await room.at_clock(2026, 3, 9, 16, 30)
    page = read(room.press("round.open", "1"))
    assert "Svara på alla idéer: klart, svar saknas" in page
    assert "inget inlämnat" not in page
    ending = channel(await room.at_clock(2026, 3, 10, 10))
    assert "det är också ett slut" in ending.text
    assert "Ett förslag fick inget svar." in ending.text


async def test_what_comes_while_scores_are_given_is_to_be_read_and_gets_none(room: TeamRoom) -> None:
    """The sum of what two gave says nothing beside the sum of what five gave."""
    build, friday = await to_the_scores(room, (ANNA, BO))
    assert not [one for one in room.heard if one.at.day == 6 and one.who is not None], "nobody is asked for one more"
    _score(room, friday, ANNA, "1")
    late = form_in(room.press_on(build, "contribution.open", who=CIA))
    assert "inte ge poäng" in read([OpenForm(late)])
    [about] = [part for part in late.body if isinstance(part, ChoiceInput)]
    room.send(late, who=CIA, about=about.options[0].value, in_built="Sent men sant")
    for who in (BO, CIA):
        assert "Sent men sant" not in _score(room, friday, who, "1")
    assert "Sent men sant" in read(room.press_on(friday, "round.see", who=BO)), "it is to be read"
    tally = channel(await room.at_clock(2026, 3, 6, 15))
    assert "Tre personer har röstat." in tally.text
    assert "Sent men sant" not in tally.text


async def test_where_nothing_had_come_scores_are_given_to_what_comes(room: TeamRoom) -> None:
    build, friday = await to_the_scores(room, ())
    late = form_in(room.press_on(build, "contribution.open", who=CIA))
    assert "inte ge poäng" not in read([OpenForm(late)])
    [about] = [part for part in late.body if isinstance(part, ChoiceInput)]
    room.send(late, who=CIA, about=about.options[0].value, in_built="Sent men sant")
    assert "Sent men sant" in _score(room, friday, BO, "1")


def _score(room: TeamRoom, heard: Heard, who: str, points: str) -> str:
    """Give everything on the ballot the same. Return the ballot, as it is read."""
    form = form_in(room.press_on(heard, "vote.open", who=who))
    given: dict[str, Any] = {part.name: points for part in form.body if isinstance(part, ChoiceInput)}
    assert "Dina poäng är inlämnade" in read(room.send(form, who=who, **given))
    return read([OpenForm(form)])
