"""Relays, for whoever coordinates: listed, chosen, previewed on the calendar, begun."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.conversation.cards import Button, Buttons, Divider, Note, Option, Paragraph, Part, Style
from bot.conversation.cohort_choices import FARTHEST_START, Fault
from bot.conversation.coordinating import back_to_list, number, today_at_home
from bot.conversation.coordinating_relay_board import board
from bot.conversation.coordinating_relay_forms import (
    PreviewedLeg,
    new_relay,
    organisation_input,
    relay_preview,
    team_input,
)
from bot.conversation.coordinating_rounds import waits_of
from bot.conversation.coordinating_setup import refuse
from bot.conversation.events import Pressed, Submitted
from bot.conversation.long_lists import MOST_LISTED, more_parts
from bot.conversation.relay_chain import state_text
from bot.conversation.relay_choices import RelayChoices, choices_from, organisations_from, why_not_team
from bot.conversation.relay_view import page, said
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Visit
from lessons.challenges import Challenge
from lessons.challenges import Form as ChallengeForm
from scheduler.calendar import TooFewDays
from scheduler.relay_coordinating import RelayTeam, confirm
from scheduler.relay_timeline import FEWEST_TEAMS, CannotLayOut, day_after, lay_out_relay
from scheduler.round_changes import days_of
from scheduler.timeline import CannotStart, Timeline
from storage import cohorts, known_members, relays, round_reading, rounds, team_audit, teams
from storage.cohorts import DraftNotFound
from storage.tables.people import Platform
from storage.tables.teams import Team

DRAFT = "relay"
JULY = 7


def show_relays(visit: Visit, event: Pressed) -> list[Show]:
    words = visit.words
    every = relays.of_organisation(visit.session, visit.person.organisation_id)
    skip = number(event.value) if event.value else 0
    parts: list[Part] = []
    for relay in every[skip : skip + MOST_LISTED]:
        text = words("relays.open")
        button = Button(
            text=text,
            action="relay.open",
            value=str(relay.id),
            opens_form=True,
            spoken=f"{text}: {relay.name}"[:75],
        )
        line = words("relays.list_line", relay=relay.name, state=state_text(relay, words, today_at_home(visit)))
        parts += [Paragraph(line), Buttons((button,))]
    if not every:
        parts.append(Paragraph(words("relays.list_none")))
    parts += more_parts(words, "relay.list", "", skip, len(every))
    new = Button(text=words("relays.new"), action="relay.new", style=Style.PRIMARY, opens_form=True)
    rest = (Divider(), Buttons((new, _to_teams(visit))), back_to_list(visit), Note(words("relays.list_privacy")))
    return [OpenForm(page(visit, "relays.list_title", *parts, *rest))]


def ask_for_choices(visit: Visit, event: Pressed) -> list[Show]:
    challenges, among = _challenges(visit), _teams(visit)
    if not challenges or len(among) < FEWEST_TEAMS:
        return said(visit, visit.words("relays.too_few_teams"), _to_teams(visit))
    first = day_after(days_of(among[0]), today_at_home(visit), 1)
    which = [Option(one.id, visit.words.of(one.title)[:LONGEST]) for one in challenges]
    return [OpenForm(new_relay(visit.words, challenges=which, teams=_options(visit), first_possible=first))]


def preview(visit: Visit, event: Submitted) -> list[Show]:
    """Show every leg on its team's calendar, or what must change first. Nobody hears anything yet."""
    challenges = _challenges(visit)
    if not challenges:
        return said(visit, visit.words("relays.too_few_teams"), _to_teams(visit))
    choices, faults, in_words = choices_from(event, challenges, _teams(visit), visit.words)
    if choices is None:
        return [Refuse(in_words | refuse(visit.words, faults).errors)]
    challenge = choices.challenge
    laid_out, faults = _laid_out(visit, choices)
    if laid_out is None:
        return [refuse(visit.words, faults)]
    shown = {
        "name": choices.name, "question": choices.question, "starts_on": choices.starts_on.isoformat(),
        "teams": [team.id for team in choices.teams], "challenge": challenge.id,
        "digest": visit.house.library.challenge_document(challenge.id).digest(),
    }  # fmt: skip
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now)
    form = relay_preview(
        visit.words,
        challenge,
        _previewed(visit, choices.teams, laid_out),
        name=choices.name,
        question=choices.question,
        organisation=visit.house.organisation_name,
        draft=draft,
    )
    return [OpenForm(form)]


def start(visit: Visit, event: Submitted) -> list[Show]:
    """Begin what was shown. Whatever has changed since is looked at again."""
    legs = sum(organisation_input(number) in event.values for number in range(1, 7))
    names, missing = organisations_from(event, legs, visit.words)
    if missing:
        return [Refuse(missing)]
    shown, _none = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    challenge = next((one for one in _challenges(visit) if one.id == shown["challenge"]), None)
    if challenge is None:
        raise DraftNotFound(event.about)
    document = visit.house.library.challenge_document(challenge.id)
    if document.digest() != shown["digest"] or legs != len(shown["teams"]):  # changed in the content meanwhile
        raise DraftNotFound(event.about)
    chosen = [teams.find(visit.session, visit.person.organisation_id, number) for number in shown["teams"]]
    choices = RelayChoices(
        challenge=challenge,
        name=shown["name"],
        question=shown["question"],
        starts_on=date.fromisoformat(shown["starts_on"]),
        teams=tuple(chosen),
    )
    _laid, faults = _laid_out(visit, choices)
    if faults:
        why = next(iter(refuse(visit.words, faults[:1]).errors.values()))
        return said(visit, visit.words("relays.changed_meanwhile", why=why))
    relay = confirm(
        visit.session,
        visit.person,
        document,
        [RelayTeam(team_id=team.id, organisation=name) for team, name in zip(chosen, names, strict=True)],
        visit.now,
        name=choices.name,
        question=choices.question,
        starts_on=choices.starts_on,
    )
    detail = {"relay": relay.id, "teams": shown["teams"], "digest": document.digest()}
    team_audit.write_down(visit.session, visit.person, "relay_confirmed", visit.now, **detail)
    day = visit.words.day(choices.starts_on)
    return board(visit, relay.id, saying=visit.words("relays.confirmed", day=day))


def _laid_out(visit: Visit, choices: RelayChoices) -> tuple[tuple[Timeline, ...] | None, list[Fault]]:
    """Return the days of every leg, or what is in the way: never whom of the first team it concerns."""
    challenge = choices.challenge
    if choices.starts_on - today_at_home(visit) > FARTHEST_START:
        return None, [Fault("starts_on", "coordinating.start_far")]
    every = [why_not_team(visit, team, challenge) for team in choices.teams]
    if faults := [Fault(team_input(number), *why) for number, why in enumerate(every, start=1) if why is not None]:
        return None, faults
    try:
        laid_out = lay_out_relay(challenge, choices.starts_on, [days_of(team) for team in choices.teams], visit.now)
    except CannotLayOut as cannot:
        return None, [_why_not(choices, cannot)]
    if rounds.is_under_way(visit.session, choices.teams[0].id):  # the others get their round with the baton
        return None, [Fault(team_input(1), "teams.round_under_way")]
    if _overlaps(visit, choices.teams[0], laid_out[0]):
        return None, [Fault("starts_on", "teams.overlap")]
    return laid_out, []


def _why_not(choices: RelayChoices, cannot: CannotLayOut) -> Fault:
    cause, team = cannot.cause, choices.teams[cannot.position - 1]
    if isinstance(cause, CannotStart):
        return Fault("starts_on", "relays.cannot_start", {"day": cause.next_open})
    if isinstance(cause, TooFewDays):
        return Fault(team_input(cannot.position), "relays.too_few_days", {"team": team.name})
    fields: dict[str, object] = {"team": team.name, "clock": cause.clock, "slot": cause.slot}
    return Fault(team_input(cannot.position), "relays.clock_before_slot", fields)


def _previewed(visit: Visit, chosen: Sequence[Team], laid_out: Sequence[Timeline]) -> list[PreviewedLeg]:
    return [
        PreviewedLeg(
            number=number,
            team=team.name,
            first=leg.starts_on,
            last=leg.ends_on,
            waits=waits_of(visit, team, leg),
            overlaps=_overlaps(visit, team, leg),
            is_in_july=_is_in_july(leg),
        )
        for number, (team, leg) in enumerate(zip(chosen, laid_out, strict=True), start=1)
    ]


def _overlaps(visit: Visit, team: Team, leg: Timeline) -> bool:
    days = {step.day for step in leg.steps}
    return known_members.would_be_asked_twice(visit.session, visit.person.organisation_id, team.id, days)


def _is_in_july(leg: Timeline) -> bool:
    span = (leg.ends_on - leg.starts_on).days
    return any((leg.starts_on + timedelta(days=offset)).month == JULY for offset in range(span + 1))


def _to_teams(visit: Visit) -> Button:
    return Button(text=visit.words("teams.entry"), action="team.list", opens_form=True)


def _challenges(visit: Visit) -> list[Challenge]:
    """Return the challenges that a leg can be a round of."""
    return [one for one in visit.house.library.challenges.values() if one.form is ChallengeForm.RELAY]


def _teams(visit: Visit) -> list[Team]:
    return [team for team, _platform in round_reading.teams_everywhere(visit.session, visit.person)]


def _options(visit: Visit) -> list[Option]:
    """Return the teams to choose among, each with its platform where there is more than one."""
    found = round_reading.teams_everywhere(visit.session, visit.person)
    if len({platform for _team, platform in found}) < 2:
        return [Option(str(team.id), team.name[:LONGEST]) for team, _platform in found]
    words = visit.words
    return [
        Option(str(team.id), words("relays.team_option", team=team.name[:50], platform=PLATFORMS[platform]))
        for team, platform in found
    ]


LONGEST = 75
"""Of the text of an option."""
PLATFORMS = {Platform.SLACK: "Slack", Platform.TEAMS: "Teams", Platform.PAPER: "Paper"}
