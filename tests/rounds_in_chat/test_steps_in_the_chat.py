"""The steps of a challenge in the chat: what is handed in, voted on and approved, and what is told to nobody."""

from bot.conversation.cards import ChoiceInput, Paragraph, TextInput
from bot.conversation.shows import OpenForm
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.sprint import NEEDS, alone, approve, channel, choose, to_the_vote, wrapped_up
from tests.rounds_in_chat.team_room import ANNA, BO, CHANNEL, CIA, DAG, EVA, TEAM, TeamRoom, buttons_in


async def test_nothing_is_heard_of_before_its_hour_and_never_by_whom(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = await room.at_clock(2026, 3, 2, 10)
    form = form_in(room.press_on(alone(heard, ANNA), "contribution.open", who=ANNA))
    room.send(form, who=ANNA, in_need=NEEDS[ANNA])
    await room.at_clock(2026, 3, 2, 14, 59)
    others = read(room.press_on(channel(heard), "contribution.open", who=BO))
    others += read([*room.press("round.see", "2", who=BO), *room.press("vote.open", "2", who=BO)])
    others += read([*room.press("round.open", "1"), *room.press("team.open", room.team_id())])
    assert NEEDS[ANNA] not in others + "".join(one.text for one in room.heard)
    assert NEEDS[ANNA] in read(room.press_on(channel(heard), "contribution.open", who=ANNA)), "its author's own"
    opened = channel(await room.at_clock(2026, 3, 2, 15))
    assert NEEDS[ANNA] in opened.text
    assert ANNA not in opened.text


async def test_what_is_handed_in_is_changed_and_taken_back_until_it_opens(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = alone(await room.at_clock(2026, 3, 2, 10), BO)
    room.send(form_in(room.press_on(heard, "contribution.open", who=BO)), who=BO, in_need="Först")
    own = form_in(room.press_on(heard, "contribution.open", who=BO))
    change = next(button for part in own.body for button in getattr(part, "buttons", ()) if "change" in button.action)
    assert "Sedan" in read(room.send(form_in(room.press(change.action, change.value, who=BO)), who=BO, in_need="Sedan"))
    assert "Inget av det finns kvar" in read(room.press("contribution.withdraw", change.value, who=BO))
    assert "till för dem som är med" in read(room.press("contribution.change", change.value, who=CIA))
    room.send(form_in(room.press_on(heard, "contribution.open", who=BO)), who=BO, in_need="Till sist")
    await room.at_clock(2026, 3, 2, 15)
    assert "går inte längre att ändra" in read(room.press_on(heard, "contribution.open", who=BO))


async def test_only_whoever_has_not_handed_in_is_reminded_and_hears_nothing_of_the_others(room: TeamRoom) -> None:
    await to_the_vote(room)
    reminders = [one for one in room.heard if one.who is not None and one.at.day == 3]
    assert {one.who for one in reminders} == {DAG, EVA}
    assert all("det här är öppet än" in one.text for one in reminders)
    assert not any(need in one.text for one in reminders for need in NEEDS.values())


async def test_whoever_comes_late_is_asked_without_a_promise_that_is_over(room: TeamRoom) -> None:
    await to_the_vote(room)
    reminder = next(one for one in room.heard if one.who == DAG and one.at.day == 3)
    form = form_in(room.press_on(reminder, "contribution.open", who=DAG))
    for said in (reminder.text, read([OpenForm(form)])):
        assert "Det du skriver nu visas direkt, utan ditt namn, och går inte att ändra." in said
        assert "Vem behöver kunna göra vad" in said
        assert "15.00" not in said
        assert "Bara du ser det här" not in said
    assert "laget kan läsa det nu" in read(room.send(form, who=DAG, in_need="Sent men sant"))


async def test_whoever_is_in_time_reads_before_writing_who_sees_it_and_until_when(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = alone(await room.at_clock(2026, 3, 2, 10), BO)
    form = form_in(room.press_on(heard, "contribution.open", who=BO))
    assert "Bara du ser det här till klockan 15.00." in read([OpenForm(form)])
    room.send(form, who=BO, in_need="Först")
    own = buttons_in(form_in(room.press_on(heard, "contribution.open", who=BO)))
    change = next(button for button in own if button.action == "contribution.change")
    assert "Bara du ser det här till klockan 15.00." in read(room.press(change.action, change.value, who=BO))


async def test_a_vote_is_changed_until_it_closes_and_each_has_one(room: TeamRoom) -> None:
    vote = await to_the_vote(room)
    for who, need in ((ANNA, NEEDS[BO]), (ANNA, NEEDS[CIA]), (BO, NEEDS[CIA]), (CIA, NEEDS[BO])):
        choose(room, vote, who, need)
    tally = channel(await room.at_clock(2026, 3, 3, 15))
    assert "Tre personer har röstat." in tally.text
    assert f"• {NEEDS[CIA]} – 2 röster" in tally.text
    assert "Ni har valt" in read(room.press_on(vote, "vote.open", who=ANNA)), "once closed, how it went"


async def test_a_tie_is_said_and_settled_by_the_facilitator_alone(room: TeamRoom) -> None:
    vote = await to_the_vote(room)
    for who, need in ((ANNA, NEEDS[BO]), (BO, NEEDS[BO]), (CIA, NEEDS[CIA]), (DAG, NEEDS[CIA])):
        choose(room, vote, who, need)
    tally = channel(await room.at_clock(2026, 3, 3, 15))
    assert "Det blev lika mellan de här två:" in tally.text
    listed = [part.text for part in tally.card.parts if isinstance(part, Paragraph) and part.text.startswith("• ")]
    assert sorted(listed[:2]) == sorted(f"• {NEEDS[who]} – 2 röster" for who in (BO, CIA))
    assert listed[2:] == [f"• {NEEDS[ANNA]} – 0 röster"], "each stands there once"
    assert "till för lagets samtalsledare" in read(room.press_on(tally, "round.settle", who=BO))
    form = form_in(room.press_on(tally, "round.settle", who=ANNA))
    [choice] = [part for part in form.body if isinstance(part, ChoiceInput)]
    assert {option.text for option in choice.options} == {NEEDS[BO], NEEDS[CIA]}
    shows = room.send(form, who=ANNA, choice=choice.options[1].value)
    assert choice.options[1].text in read(shows)
    assert tally.message in repr(shows), "the channel's message says it too"
    wednesday = channel(await room.at_clock(2026, 3, 4, 10))
    assert f"Ni har valt: {choice.options[1].text}" in wednesday.text
    assert "inget att välja mellan" in read(room.press_on(tally, "round.settle", who=ANNA))


async def test_too_few_votes_do_not_count_and_the_round_ends_honourably(room: TeamRoom) -> None:
    vote = await to_the_vote(room)
    choose(room, vote, ANNA, NEEDS[BO])
    tally = channel(await room.at_clock(2026, 3, 3, 15))
    assert "minst tre röster" in tally.text
    went = tally.text + read(room.press_on(vote, "vote.open", who=DAG))
    assert not any(need in went for need in NEEDS.values()), "of one vote everybody would know whose it was"
    assert "1 person har röstat" not in went
    for day in (4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
        await room.at_clock(2026, 3, day, 16, 30)
    ending = channel(await room.at_clock(2026, 3, 10, 10))
    assert "det är också ett slut" in ending.text


async def test_a_text_that_is_too_long_or_names_a_number_is_refused_at_its_input(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = alone(await room.at_clock(2026, 3, 2, 10), BO)
    form = form_in(room.press_on(heard, "contribution.open", who=BO))
    assert "41 ord" in read(room.send(form, who=BO, in_need="ord " * 41))
    assert "personnummer" in read(room.send(form, who=BO, in_need="Hon har 19121212-1212"))
    assert "Skriv något" in read(room.send(form, who=BO, in_need=" "))
    assert "Skriv ditt svar" not in read(room.press_on(heard, "contribution.open", who=BO))


async def test_the_facilitators_card_is_the_facilitators(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = channel(await room.at_clock(2026, 3, 2, 10))
    assert "berätta vad sprinten är till för" in read(room.press_on(heard, "round.facilitate", who=ANNA))
    assert "berätta vad sprinten" not in read(room.press_on(heard, "round.facilitate", who=BO))


async def test_the_facilitators_card_leads_to_methods_that_suit_the_challenge(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = channel(await room.at_clock(2026, 3, 2, 10))
    card = form_in(room.press_on(heard, "round.facilitate", who=ANNA))
    [methods] = [one for part in card.body for one in getattr(part, "buttons", ()) if one.action == "method.of"]
    assert "Tyst start" in read(room.press(methods.action, methods.value, who=ANNA))


async def test_whoever_is_not_in_the_team_is_told_where_to_join(room: TeamRoom) -> None:
    room.begin(*TEAM[:4])
    heard = channel(await room.at_clock(2026, 3, 2, 10))
    refused = read(room.press_on(heard, "contribution.open", who=EVA))
    assert "Knappen för att gå med kom i lagets kanal den första dagen." in refused
    assert "[Jag vill vara med]" not in refused
    assert "Du är med i laget" in read(room.press_on(heard, "team.join", who=EVA))
    assert "Vem behöver kunna göra vad" in read(room.press_on(heard, "contribution.open", who=EVA))
    assert "Hemtjänst norr" in read(room.write("lag", who=EVA))
    room.press("team.leave", heard.buttons["team.join"].value, who=EVA)
    assert "inte med i något lag" in read(room.write("lag", who=EVA))


async def test_a_team_is_joined_in_its_own_channel_and_nowhere_else(room: TeamRoom) -> None:
    room.begin(*TEAM[:4])
    join = channel(await room.at_clock(2026, 3, 2, 10)).buttons["team.join"].value
    refused = "Gå med från lagets kanal."
    assert refused in read(room.press("team.join", join, who=EVA))
    for elsewhere in ("C0OTHER", f"{CHANNEL}2", f"19:other;messageid={CHANNEL}"):
        assert refused in read(room.in_channel("team.join", join, who=EVA, channel=elsewhere))
    assert "inte med i något lag" in read(room.write("lag", who=EVA))
    in_a_thread = room.in_channel("team.join", join, who=EVA, channel=f"{CHANNEL};messageid=17")
    assert "Du är med i laget" in read(in_a_thread)


async def test_nobody_approves_of_other_words_than_they_saw(room: TeamRoom) -> None:
    await to_the_vote(room)
    for day in (4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
    await room.at_clock(2026, 3, 9, 16, 30)
    ending = channel(await room.at_clock(2026, 3, 10, 10))
    assert "inte skrivet än" in read(room.press_on(ending, "wrap_up.open", who=BO))
    assert "till för lagets samtalsledare" in read(
        room.press("wrap_up.ask", ending.buttons["wrap_up.open"].value, who=BO)
    )
    wrapped_up(room, ending, BO)
    page = form_in(room.press_on(ending, "wrap_up.open", who=BO))
    [approval] = [button for button in buttons_in(page) if button.action == "wrap_up.approve"]
    approve(room, ending, CIA)
    wrapped_up(room, ending, BO, first_test="Något helt annat")
    assert "Kortet har ändrats sedan du läste det" in read(room.press(approval.action, approval.value, who=BO))
    for who in (ANNA, BO):
        approve(room, ending, who)
    assert "Bara laget ser kortet" in read(room.press_on(ending, "wrap_up.open", who=BO)), "Cia approved of other words"


async def test_what_has_opened_is_read_by_the_team_alone_and_in_no_order_of_writing(room: TeamRoom) -> None:
    vote = await to_the_vote(room)
    said = read(room.press_on(vote, "round.see", who=DAG))
    assert [said.index(NEEDS[who]) for who in (CIA, ANNA, BO)] == sorted(said.index(need) for need in NEEDS.values())
    assert not any(need in read(room.press_on(vote, "round.see", who="U0STRANGER")) for need in NEEDS.values())
    assert not any(need in read(room.press_on(vote, "vote.open", who="U0STRANGER")) for need in NEEDS.values())


async def test_what_the_team_hands_in_once_is_what_was_written_last_and_fixed_when_the_next_step_begins(
    room: TeamRoom,
) -> None:
    room.begin(*TEAM, challenge="service-walk")
    heard = channel(await room.at_clock(2026, 3, 2, 10))
    asked = form_in(room.press_on(heard, "contribution.open", who=BO))
    names = [one.name for one in asked.body if isinstance(one, TextInput)]
    for who in (BO, CIA):
        assert "gäller det som skrevs sist" in read(room.send(asked, who=who, **dict.fromkeys(names, f"Av {who}")))  # type: ignore[arg-type]
    walk = channel(await room.at_clock(2026, 3, 3, 10))
    assert "stängt nu" in read(room.press_on(heard, "contribution.open", who=BO))
    assert "stängt nu" in read(room.send(asked, who=BO, **dict.fromkeys(names, "För sent")))  # type: ignore[arg-type]
    assert walk.at.day == 3


async def test_who_we_are_is_said_once_and_not_with_every_question(room: TeamRoom) -> None:
    room.begin(*TEAM)
    first = alone(await room.at_clock(2026, 3, 2, 10), BO)
    assert "jag är Knuff" in first.text
    reminder = alone(await room.at_clock(2026, 3, 3, 10), BO)
    assert "jag är Knuff" not in reminder.text


async def test_each_part_of_the_facilitators_card_has_a_line_of_its_own(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = channel(await room.at_clock(2026, 3, 2, 10))
    card = form_in(room.press_on(heard, "round.facilitate", who=ANNA))
    parts = [part.text for part in card.body if isinstance(part, Paragraph)]
    assert len(parts) > 4
    assert all(part.startswith("**") and part.count("**") == 2 for part in parts)


async def test_whoever_types_what_is_for_the_team_is_told_that_it_was_not_handed_in(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    for _ in range(2):
        told = read(room.write(NEEDS[BO], who=BO))
        assert "inget har lämnats till laget" in told
        assert "Välkommen till Knuff" not in told, "they take part in no programme"
