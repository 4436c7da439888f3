"""A team's challenge, for whoever coordinates: chosen, previewed, begun, looked at, ended early. Numbers only."""

from datetime import date, time, timedelta

from bot.conversation.cards import Buttons, Divider, Facts, Form, Heading, Note, Paragraph, Part, Style
from bot.conversation.cohort_choices import FARTHEST_START, Fault, date_or_none
from bot.conversation.coordinating import number, today_at_home
from bot.conversation.coordinating_setup import refuse
from bot.conversation.coordinating_teams import button, own_team, round_line, sure, team_form
from bot.conversation.events import Pressed, Submitted
from bot.conversation.round_pages import page
from bot.conversation.round_view import challenge_of, step_called
from bot.conversation.shows import OpenForm, Show
from bot.conversation.team_choices import can_be_done, offered
from bot.conversation.team_forms import new_round, round_preview
from bot.conversation.visiting import Visit
from bot.conversation.wrapping_up import shared_parts
from lessons.challenges import Challenge
from scheduler import round_news, timeline
from scheduler.calendar import Calendar
from scheduler.timeline import CannotStart, ClockBeforeSlot, TeamDays, Timeline
from storage import cohorts, rounds, team_audit, teams
from storage.cohorts import DraftNotFound
from storage.round_standing import Standing, standing
from storage.rounds import TeamHasEnded
from storage.tables.rounds import Asks, Ending, Round, RoundState
from storage.tables.teams import Team

DRAFT = "round"


def ask_for_choices(visit: Visit, event: Pressed) -> list[Show]:
    team = _open_team(visit, event.value)
    challenges = offered(list(visit.house.library.challenges.values()))
    if not challenges:
        return [OpenForm(team_form(visit, team, saying=visit.words("teams.no_challenges")))]
    tomorrow = today_at_home(visit)
    first = _days_of(team).after(tomorrow, 1)
    return [OpenForm(new_round(visit.words, team_id=team.id, challenges=challenges, first_possible=first))]


def preview(visit: Visit, event: Submitted) -> list[Show]:
    """Show the round on the calendar, or what must change first. Nobody hears anything yet."""
    team = _open_team(visit, event.about)
    challenge = visit.house.library.challenges.get(event.text("challenge"))
    if challenge is None or not can_be_done(challenge):
        return [refuse(visit.words, [Fault("challenge", "coordinating.choose_one")])]
    starts_on = date_or_none(event.text("starts_on"))
    if starts_on is None:
        return [refuse(visit.words, [Fault("starts_on", "coordinating.start_missing")])]
    laid_out, faults = _laid_out(visit, team, challenge, starts_on)
    if laid_out is None:
        return [refuse(visit.words, faults)]
    shown = {
        "team": team.id, "challenge": challenge.id, "starts_on": starts_on.isoformat(),
        "digest": visit.house.library.challenge_document(challenge.id).digest(),
    }  # fmt: skip
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now)
    form = round_preview(
        visit.words,
        challenge,
        laid_out,
        team=team.name,
        zone=team.zone,
        waits=_waits(visit, team, laid_out),
        draft=draft,
    )
    return [OpenForm(form)]


def start(visit: Visit, event: Submitted) -> list[Show]:
    """Begin what was shown. Whatever has changed since is looked at again."""
    shown, _none = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    team = _open_team(visit, str(shown["team"]))
    library = visit.house.library
    challenge = library.challenges.get(shown["challenge"])
    document = library.challenge_document(challenge.id) if challenge is not None else None
    if (
        challenge is None or document is None or document.digest() != shown["digest"]
    ):  # changed in the content meanwhile
        raise DraftNotFound(event.about)
    laid_out, faults = _laid_out(visit, team, challenge, date.fromisoformat(shown["starts_on"]))
    if laid_out is None:
        said = visit.words("teams.changed_meanwhile", why=_in_words(visit, faults[0]))
        return [OpenForm(team_form(visit, team, saying=said))]
    new = timeline.new_round(challenge, laid_out, team_id=team.id, body=document.to_json())
    begun = rounds.confirm(visit.session, visit.person.organisation_id, new, visit.now)
    detail = {"team": team.id, "round": begun.id, "challenge": challenge.id, "digest": document.digest()}
    team_audit.write_down(visit.session, visit.person, "round_confirmed", visit.now, **detail)
    said = visit.words("teams.confirmed", day=visit.words.day(laid_out.starts_on))
    return [OpenForm(team_form(visit, team, saying=said))]


def show_round(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(round_form(visit, _own_round(visit, event.value)))]


def end_early(visit: Visit, event: Pressed) -> list[Show]:
    round_ = _own_round(visit, event.value)
    if rounds.end(visit.session, round_.id, Ending.ENDED_EARLY, visit.now):
        round_news.tell_ending(visit.session, round_.id, visit.now)
        team_audit.write_down(visit.session, visit.person, "round_ended_early", visit.now, round=round_.id)
    visit.session.refresh(round_)
    return [OpenForm(round_form(visit, round_))]


def round_form(visit: Visit, round_: Round) -> Form:
    """How a round stands: of each step whether enough has come, and how much where the team is not too small."""
    words = visit.words
    challenge = challenge_of(visit.session, round_)
    facts = [
        (words.of(step_called(challenge, one.key).title), _stands(visit, challenge, round_, one))
        for one in standing(visit.session, round_, visit.now)
    ]
    ending: list[Part] = []
    if round_.state is not RoundState.ENDED:
        end_button = button(
            visit, "round_end", "round.end", round_.id, style=Style.DANGER, confirm=sure(visit, "round_end")
        )
        ending = [Divider(), Buttons((end_button,))]
    return page(
        visit,
        "teams.round_title",
        Heading(words.of(challenge.title)),
        Paragraph(round_line(visit, round_)),
        Facts(tuple(facts)),
        *shared_parts(challenge, round_, words),
        *ending,
        Buttons((button(visit, "back", "team.open", round_.team_id),)),
        Note(words("teams.round_privacy")),
    )


def _laid_out(visit: Visit, team: Team, challenge: Challenge, starts_on: date) -> tuple[Timeline | None, list[Fault]]:
    """Return the round's days and hours, or what is in the way: how many of the team it concerns, never whom."""
    if starts_on - today_at_home(visit) > FARTHEST_START:
        return None, [Fault("starts_on", "coordinating.start_far")]
    size = teams.number_of_members(visit.session, team.id, visit.now)
    if size < challenge.team.least:
        return None, [Fault("challenge", "teams.too_small", {"least": challenge.team.least})]
    if size > challenge.team.most:
        return None, [Fault("challenge", "teams.too_large", {"most": challenge.team.most})]
    try:
        laid_out = timeline.lay_out(challenge, starts_on, _days_of(team), visit.now)
    except CannotStart as cannot:
        return None, [Fault("starts_on", "teams.cannot_start", {"day": cannot.next_open})]
    except ClockBeforeSlot as early:
        return None, [Fault("challenge", "teams.clock_before_slot", {"clock": early.clock, "slot": early.slot})]
    days = {step.day for step in laid_out.steps}
    twice = teams.asked_twice(visit.session, visit.person.organisation_id, team.id, days, visit.now)
    if twice:
        return None, [Fault("starts_on", f"teams.overlap_{'one' if twice == 1 else 'many'}", {"number": twice})]
    return laid_out, []


def _in_words(visit: Visit, fault: Fault) -> str:
    return next(iter(refuse(visit.words, [fault]).errors.values()))


def _waits(visit: Visit, team: Team, laid_out: Timeline) -> list[str]:
    """Return the weekdays between that do not count, with their names."""
    days = _days_of(team)
    span = (laid_out.ends_on - laid_out.starts_on).days
    between = [laid_out.starts_on + timedelta(days=offset) for offset in range(span)]
    words = visit.words
    return [
        words(
            "coordinating.preview_skipped",
            day=words.day(day),
            reason=days.calendar.name_of(day, words.language) or words(f"coordinating.reason_{reason}"),
        )
        for day in between
        if day.weekday() < SATURDAY and (reason := days.why_closed(day)) is not None
    ]


def _stands(visit: Visit, challenge: Challenge, round_: Round, one: Standing) -> str:
    words = visit.words
    if not one.begun:
        if round_.state is RoundState.ENDED:
            return words("teams.stands_not_held")
        return words("teams.stands_waiting", day=words.day(one.day))
    state = words("teams.stands_closed" if one.closed else "teams.stands_open")
    step = step_called(challenge, one.key)
    if one.asks is Asks.NOTHING or step.is_voluntary:
        return state
    if one.come is not None and one.members is not None and one.asks in (Asks.EACH, Asks.VOTE):
        return words("teams.stands_number", state=state, come=one.come, members=one.members)
    return words("teams.stands_reached" if one.reached else "teams.stands_not_reached", state=state)


def _open_team(visit: Visit, value: str) -> Team:
    """Return a team that may begin something. Raises TeamHasEnded."""
    team = own_team(visit, value)
    if team.ended_at is not None:
        raise TeamHasEnded(team.id)
    return team


def _own_round(visit: Visit, value: str) -> Round:
    round_ = rounds.find(visit.session, visit.person.organisation_id, number(value))
    own_team(visit, str(round_.team_id))
    return round_


def _days_of(team: Team) -> TeamDays:
    return TeamDays(calendar=Calendar.from_choices(team.calendar), slot=time.fromisoformat(team.slot), zone=team.zone)


SATURDAY = 5
