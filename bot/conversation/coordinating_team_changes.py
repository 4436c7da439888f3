"""A team that is changed: the form, the difference before anything is changed, and the change. A round under way
follows the team's new days and hour from the next day on."""

from datetime import time

from bot.conversation.calendar_inputs import spans_of
from bot.conversation.cards import Channel, Divider, Form, Heading, Note, Paragraph, Part
from bot.conversation.cohort_choices import Fault, Member
from bot.conversation.coordinating import today_at_home
from bot.conversation.coordinating_setup import refuse
from bot.conversation.coordinating_teams import met, own_team, team_form
from bot.conversation.events import Pressed, Profile, Submitted
from bot.conversation.round_again import said_again
from bot.conversation.round_differences import lines_of
from bot.conversation.round_view import challenge_of
from bot.conversation.shows import OpenForm, Show
from bot.conversation.team_changes import TeamChoices, changed_choices, choices_of, edit_team
from bot.conversation.team_choices import lacks_us
from bot.conversation.visiting import Visit
from scheduler import relay_closing_day, round_changes, round_news, round_notes
from scheduler.round_changes import UnderWay
from scheduler.timeline import ClockBeforeSlot, TeamDays
from scheduler.timeline_changes import Changed
from storage import cohorts, known_members, notes_taken_back, relays_due, round_reading, team_audit, team_changes, teams
from storage.round_changes import RoundHasChanged
from storage.round_notes import Note as Told
from storage.rounds import TeamHasEnded
from storage.tables.people import Person
from storage.tables.rounds import Round, RoundState
from storage.tables.teams import Team
from storage.team_changes import TeamAsChosen
from storage.teams import ChannelTaken

DRAFT = "team_change"


def ask_for_changes(visit: Visit, event: Pressed) -> list[Show]:
    team = own_team(visit, event.value)
    if team.ended_at is not None:
        raise TeamHasEnded(team.id)
    return [OpenForm(edit_team(visit.words, choices_of(team), team_id=team.id))]


def show_difference(visit: Visit, event: Submitted) -> list[Show]:
    """Say what would be different, in the team and in its round. Nothing is changed yet."""
    team = own_team(visit, event.about)
    before = choices_of(team)
    after, faults = changed_choices(
        event, before, today=today_at_home(visit), reads_channels=visit.house.extra_audiences
    )
    if after is None:
        return [refuse(visit.words, faults)]
    if _is_taken(visit, team, after):
        return [refuse(visit.words, [Fault("channel", "teams.channel_taken")])]
    follow, fault = _following(visit, team, after)
    if fault is not None:
        return [refuse(visit.words, [fault])]
    lines = _lines(visit, before, after)
    if not lines and before.channel_id == after.channel_id:
        return [OpenForm(team_form(visit, team, saying=visit.words("round_changes.team_diff_none")))]
    shown = {
        "team": team.id, "before": before.model_dump(mode="json"), "after": after.model_dump(mode="json"),
        "roles": [team.facilitator_id, team.mandate_id],
        "prints": [round_changes.print_of(changed) for _one, changed in follow], "lacks_us": lacks_us(event),
    }  # fmt: skip
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now)
    parts = [*map(Paragraph, lines), *_channel(visit, team, before, after), *_told(visit, team, after)]
    return [OpenForm(_difference_form(visit, parts, follow, draft=draft))]


def change(visit: Visit, event: Submitted) -> list[Show]:
    """Change the team as the difference said. If it is another by now, say so and change nothing."""
    shown, _none = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    asked = own_team(visit, str(shown["team"]))
    with_day = relays_due.held_with_day(visit.session, asked.id)
    team = teams.held(visit.session, visit.person.organisation_id, asked.id)
    if team.ended_at is not None:
        raise TeamHasEnded(team.id)
    before, after = (TeamChoices.model_validate(shown[which]) for which in ("before", "after"))
    follow, fault = _following(visit, team, after)
    is_as_shown = (
        [round_changes.print_of(changed) for _one, changed in follow] == shown["prints"]
        and [team.facilitator_id, team.mandate_id] == shown["roles"]
        and choices_of(team) == before
    )
    if fault is not None or not is_as_shown or _is_taken(visit, team, after):
        return _says(visit, team, "team_outdated")
    again = [row for one, changed in follow for row in round_changes.open_longer(one, changed)]
    try:
        with visit.session.begin_nested():  # all of it, or nothing
            for one, changed in follow:
                round_changes.write(visit.session, one, changed)
            roles = team.facilitator_id, team.mandate_id
            lost_at = team.made_at if shown.get("lacks_us", False) else None  # a new channel: we never could
            team_changes.change(visit.session, team, _as_chosen(visit, team, after), visit.now, channel_lost_at=lost_at)
            _tell_of_parts(visit, team, *roles)
            round_news.follow_days(visit.session, team, visit.now)
            if after.calendar != before.calendar:
                for relay in with_day:
                    relay_closing_day.take_away(visit.session, relay, visit.now)
    except (RoundHasChanged, ChannelTaken):
        return _says(visit, team, "team_outdated")
    team_audit.write_down(visit.session, visit.person, "team_changed", visit.now, team=team.id)
    return [*_says(visit, team, "team_changed"), *said_again(visit, team, again)]


def _following(visit: Visit, team: Team, after: TeamChoices) -> tuple[list[tuple[UnderWay, Changed]], Fault | None]:
    """Return the team's rounds under way as they would be, where they would be others; or what is in the way."""
    days = TeamDays(calendar=after.calendar, slot=time.fromisoformat(after.slot), zone=team.zone)
    found: list[tuple[UnderWay, Changed]] = []
    for round_ in round_reading.rounds_of(visit.session, team):
        if round_.state is RoundState.ENDED:
            continue
        one = round_changes.under_way(visit.session, round_, team, challenge_of(visit.session, round_))
        try:
            changed = round_changes.laid_out_again(one, days, visit.now)
        except ClockBeforeSlot as early:
            return [], Fault("slot", "round_changes.slot_too_late", {"clock": early.clock})
        new_days = round_changes.new_days(one, changed)
        if known_members.would_be_asked_twice(
            visit.session, visit.person.organisation_id, team.id, new_days, besides=round_.id
        ):
            return [], Fault("closed", "round_changes.overlap")
        if changed.differences:
            found.append((one, changed))
    return found, None


def _lines(visit: Visit, before: TeamChoices, after: TeamChoices) -> list[str]:
    words = visit.words
    plain = {
        "name": (before.name, after.name),
        "slot": (words.slot(before.slot), words.slot(after.slot)),
        "language": tuple(words(f"teams.language_{one.language}").lower() for one in (before, after)),
    }
    lines = [
        words(f"round_changes.team_diff_{what}", before=old, after=new)
        for what, (old, new) in plain.items()
        if old != new
    ]
    lines += [
        words(f"round_changes.team_diff_{who}")
        for who, chosen in (("facilitator", after.facilitator), ("mandate", after.mandate))
        if chosen is not None
    ]
    if before.flags != after.flags:
        lines.append(words("round_changes.team_diff_flags"))
    return [*lines, *_days(visit, "closed", after, before), *_days(visit, "opened", before, after)]


def _days(visit: Visit, what: str, there: TeamChoices, not_there: TeamChoices) -> list[str]:
    """Return a line for each span of days."""
    words = visit.words
    spans = spans_of(set(there.closed) - set(not_there.closed))
    told = [words.day(first) if first == last else f"{words.day(first)} – {words.day(last)}" for first, last in spans]
    return [words(f"round_changes.team_diff_{what}", days=days) for days in told]


def _is_taken(visit: Visit, team: Team, after: TeamChoices) -> bool:
    if after.channel_id is None or after.channel_id == team.channel_id:
        return False
    return teams.in_channel(visit.session, visit.workspace.id, after.channel_id) is not None


def _as_chosen(visit: Visit, team: Team, after: TeamChoices) -> TeamAsChosen:
    facilitator = _met(visit, after.facilitator)
    mandate = _met(visit, after.mandate)
    if facilitator is not None:
        known_members.add(visit.session, [facilitator.id], team.id, visit.now)
    return TeamAsChosen(
        name=after.name,
        channel_id=after.channel_id,
        language=after.language,
        slot=after.slot,
        calendar=after.calendar.to_choices(),
        facilitator_id=facilitator.id if facilitator is not None else team.facilitator_id,
        mandate_id=mandate.id if mandate is not None else team.mandate_id,
    )


def _met(visit: Visit, member: Member | None) -> Person | None:
    if member is None:
        return None
    return met(visit, Profile(external_id=member.external_id, zone=member.zone, language=member.language))


def _says(visit: Visit, team: Team, what: str) -> list[Show]:
    return [OpenForm(team_form(visit, team, saying=visit.words(f"round_changes.{what}")))]


def _channel(visit: Visit, team: Team, before: TeamChoices, after: TeamChoices) -> list[Part]:
    if after.channel_id is None or before.channel_id == after.channel_id:
        return []
    words = visit.words
    new = Channel(words("round_changes.team_diff_channel_new"), after.channel_id)
    return [new, Paragraph(words("round_changes.team_diff_channel"))]


def _told(visit: Visit, team: Team, after: TeamChoices) -> list[Part]:
    """How whoever gets a part in a round under way hears of it, and the team: as `_tell_of_parts` does."""
    round_ = _under_way(visit, team)
    if round_ is None:
        return []
    is_new = _is_another(visit, team.facilitator_id, after.facilitator)
    if challenge_of(visit.session, round_).mandate is not None:
        is_new = is_new or _is_another(visit, team.mandate_id, after.mandate)
    if not is_new:
        return []
    goes_on = any(row.prompted_at is None for row in round_reading.steps(visit.session, round_.id))
    texts = ("team_diff_told", "team_diff_told_team") if goes_on else ("team_diff_told",)
    return [Note(" ".join(visit.words(f"round_changes.{text}") for text in texts))]


def _is_another(visit: Visit, holder_id: int | None, chosen: Member | None) -> bool:
    if chosen is None:
        return False
    holder = visit.session.get(Person, holder_id) if holder_id is not None else None
    return holder is None or holder.external_id != chosen.external_id


def _tell_of_parts(visit: Visit, team: Team, facilitator_id: int, mandate_id: int | None) -> None:
    round_ = _under_way(visit, team)
    if round_ is None:
        return
    if team.facilitator_id != facilitator_id:
        notes_taken_back.take_back(visit.session, round_.id, facilitator_id, Told.FACILITATES)
        round_notes.tell_of_part(visit.session, round_.id, team.facilitator_id, Told.FACILITATES, visit.now)
    if team.mandate_id == mandate_id or challenge_of(visit.session, round_).mandate is None:
        return
    if mandate_id is not None:
        notes_taken_back.take_back(visit.session, round_.id, mandate_id, Told.HAS_MANDATE)
    if team.mandate_id is not None:
        round_notes.tell_of_part(visit.session, round_.id, team.mandate_id, Told.HAS_MANDATE, visit.now)


def _under_way(visit: Visit, team: Team) -> Round | None:
    every = round_reading.rounds_of(visit.session, team)
    return next((one for one in every if one.state is RoundState.RUNNING), None)


def _difference_form(visit: Visit, parts: list[Part], follow: list[tuple[UnderWay, Changed]], *, draft: str) -> Form:
    words = visit.words
    body: list[Part] = [Note(words("round_changes.diff_intro")), *parts]
    for one, changed in follow:
        body += [
            Divider(),
            Heading(words("round_changes.diff_round")),
            *map(Paragraph, lines_of(words, one, changed)),
        ]
    if any(round_changes.open_longer(one, changed) for one, changed in follow):
        body.append(Note(words("round_changes.diff_messages")))
    return Form(
        name="team.change",
        about=draft,
        title=words("round_changes.diff_title"),
        submit=words("round_changes.confirm"),
        close=words("coordinating.cancel"),
        body=tuple(body),
    )
