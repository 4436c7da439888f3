"""A team's challenge, for whoever coordinates: chosen, previewed, begun, looked at, ended early. Numbers only."""

from datetime import date, timedelta

from bot.conversation import pairing_forms
from bot.conversation.afterwards import afterwards_parts
from bot.conversation.cards import Button, Buttons, Divider, Facts, Form, Heading, Note, Paragraph, Part
from bot.conversation.cohort_choices import FARTHEST_START, Fault, date_or_none
from bot.conversation.coordinating import number, today_at_home
from bot.conversation.coordinating_setup import refuse
from bot.conversation.coordinating_teams import button, lost_parts, met, own_team, round_line, team_form
from bot.conversation.events import Pressed, Submitted
from bot.conversation.mandates import holder_of, missing_parts
from bot.conversation.round_actions import round_actions
from bot.conversation.round_choices import CONSENT, as_kept, has_consent, kept_profile, lacks_consent, mandate_in
from bot.conversation.round_pages import page
from bot.conversation.round_view import challenge_of, step_called
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.team_choices import can_be_done, offered
from bot.conversation.team_forms import choose_challenge, plan_round, round_preview
from bot.conversation.visiting import Visit
from bot.conversation.wrap_up_reading import shared_parts
from lessons.challenges import Challenge
from scheduler import round_news, timeline
from scheduler.calendar import TooFewDays
from scheduler.relay_timeline import day_after
from scheduler.round_changes import days_of
from scheduler.timeline import CannotStart, ClockBeforeSlot, Timeline
from storage import cohorts, known_members, relay_reading, rounds, team_audit, teams
from storage.cohorts import DraftNotFound
from storage.round_standing import Standing, standing
from storage.rounds import RoundUnderWay, TeamHasEnded
from storage.tables.rounds import Asks, Ending, Round, RoundState
from storage.tables.teams import Team

DRAFT = "round"


def ask_for_choices(visit: Visit, event: Pressed) -> list[Show]:
    """Open the form. A button may say which challenge it is to be, after the team."""
    team_id, _, chosen = event.value.partition(":")
    team = _open_team(visit, team_id)
    challenges = offered(list(visit.house.library.challenges.values()))
    if not challenges:
        return [OpenForm(team_form(visit, team, saying=visit.words("teams.no_challenges")))]
    challenge = _challenge(visit, chosen)
    if challenge is not None:
        return [OpenForm(_plan_form(visit, team, challenge))]
    return [OpenForm(choose_challenge(visit.words, team_id=team.id, challenges=challenges))]


def ask_for_days(visit: Visit, event: Submitted) -> list[Show]:
    """Open the second form: what the chosen challenge needs, and nothing of the others."""
    team = _open_team(visit, event.about)
    challenge = _challenge(visit, event.text("challenge"))
    if challenge is None:
        return [refuse(visit.words, [Fault("challenge", "coordinating.choose_one")])]
    if (fault := _wrong_size(visit, team, challenge, at="challenge")) is not None:
        return [refuse(visit.words, [fault])]
    return [OpenForm(_plan_form(visit, team, challenge))]


def preview(visit: Visit, event: Submitted) -> list[Show]:
    """Show the round on the calendar, or what must change first. Nobody hears anything yet."""
    team_id, _, chosen = event.about.partition(":")
    team = _open_team(visit, team_id)
    challenge = _challenge(visit, chosen)
    if challenge is None:
        raise DraftNotFound(event.about)  # changed in the content meanwhile
    faults: list[Fault] = []
    mandate = mandate_in(event, challenge, faults)
    starts_on = date_or_none(event.text("starts_on"))
    if starts_on is None:
        faults.append(Fault("starts_on", "coordinating.start_missing"))
    if faults or starts_on is None:
        return [refuse(visit.words, faults)]
    laid_out, faults = _laid_out(visit, team, challenge, starts_on)
    if laid_out is None:
        return [refuse(visit.words, faults)]
    shown = {
        "team": team.id, "challenge": challenge.id, "starts_on": starts_on.isoformat(), "mandate": as_kept(mandate),
        "digest": visit.house.library.challenge_document(challenge.id).digest(),
        "across_units": pairing_forms.chosen(event),
    }  # fmt: skip
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now)
    form = round_preview(
        visit.words,
        challenge,
        laid_out,
        team=team.name,
        zone=team.zone,
        waits=waits_of(visit, team, laid_out),
        warned=lost_parts(visit, team),
        mandate=mandate.external_id if mandate is not None else None,
        across_units=pairing_forms.chosen(event),
        draft=draft,
    )
    return [OpenForm(form)]


def start(visit: Visit, event: Submitted) -> list[Show]:
    """Begin what was shown. Whatever has changed since is looked at again."""
    if lacks_consent(event):
        return [Refuse({CONSENT: visit.words("teams.consent_needed")})]
    shown, _none = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    team = _open_team(visit, str(shown["team"]))
    library = visit.house.library
    challenge = library.challenges.get(shown["challenge"])
    document = library.challenge_document(challenge.id) if challenge is not None else None
    if challenge is None or document is None or document.digest() != shown["digest"]:
        raise DraftNotFound(event.about)  # changed in the content meanwhile
    if not has_consent(event, challenge):
        raise DraftNotFound(event.about)  # a form of ours asks for it
    laid_out, faults = _laid_out(visit, team, challenge, date.fromisoformat(shown["starts_on"]))
    if laid_out is None:
        said = visit.words("teams.changed_meanwhile", why=_in_words(visit, faults[0]))
        return [OpenForm(team_form(visit, team, saying=said))]
    across_units = shown.get("across_units", True)
    new = timeline.new_round(challenge, laid_out, team_id=team.id, body=document.to_json(), across_units=across_units)
    begun = rounds.confirm(visit.session, visit.person.organisation_id, new, visit.now, begun_by=visit.person.id)
    if (mandate := kept_profile(shown.get("mandate"))) is not None:
        teams.give_mandate(visit.session, team, met(visit, mandate))
    detail = {"team": team.id, "round": begun.id, "challenge": challenge.id, "digest": document.digest()}
    if challenge.consent is not None:  # what was asked is in the document of that digest
        team_audit.write_down(visit.session, visit.person, "round_consent_given", visit.now, **detail)
    team_audit.write_down(visit.session, visit.person, "round_confirmed", visit.now, **detail)
    said = visit.words("teams.confirmed", day=visit.words.day(laid_out.starts_on))
    return [OpenForm(team_form(visit, team, saying=said))]


def show_round(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(round_form(visit, own_round(visit, event.value)))]


def end_early(visit: Visit, event: Pressed) -> list[Show]:
    round_ = own_round(visit, event.value)
    if rounds.end(visit.session, round_.id, Ending.ENDED_EARLY, visit.now):
        round_news.tell_ending(visit.session, round_.id, visit.now)
        team_audit.write_down(visit.session, visit.person, "round_ended_early", visit.now, round=round_.id)
    visit.session.refresh(round_)
    return [OpenForm(round_form(visit, round_))]


def round_form(visit: Visit, round_: Round, *, saying: str | None = None) -> Form:
    """How a round stands: of each step whether enough has come, and how much where the team is not too small. `saying`
    is what has just happened."""
    words = visit.words
    challenge = challenge_of(visit.session, round_)
    facts = [
        (words.of(step_called(challenge, one.key).title), _stands(visit, challenge, round_, one))
        for one in standing(visit.session, round_)
    ]
    said: list[Part] = [Paragraph(f"**{saying}**"), Divider()] if saying else []
    return page(
        visit,
        "teams.round_title",
        *said,
        Heading(round_line(visit, round_)),
        *missing_parts(visit, challenge, round_),
        Facts(tuple(facts)),
        *shared_parts(challenge, round_, words),
        *afterwards_parts(round_, words),
        *round_actions(visit, round_, challenge),
        Buttons((_back(visit, round_),)),
        Note(words("teams.round_privacy")),
    )


def _back(visit: Visit, round_: Round) -> Button:
    """Return the way back to the team; from a relay's leg to the relay, since its team may be in another workspace."""
    found = relay_reading.of_round(visit.session, round_.id)
    if found is None:
        return button(visit, "back", "team.open", round_.team_id)
    return button(visit, "back", "relay.open", found[0].id)


def _laid_out(visit: Visit, team: Team, challenge: Challenge, starts_on: date) -> tuple[Timeline | None, list[Fault]]:
    """Return the round's days and hours, or what is in the way: never whom of the team it concerns."""
    if starts_on - today_at_home(visit) > FARTHEST_START:
        return None, [Fault("starts_on", "coordinating.start_far")]
    if (fault := _wrong_size(visit, team, challenge, at="starts_on")) is not None:
        return None, [fault]
    try:
        laid_out = timeline.lay_out(challenge, starts_on, days_of(team), visit.now)
    except CannotStart as cannot:
        return None, [Fault("starts_on", "teams.cannot_start", {"day": cannot.next_open})]
    except ClockBeforeSlot as early:
        return None, [Fault("starts_on", "teams.clock_before_slot", {"clock": early.clock, "slot": early.slot})]
    except TooFewDays:
        return None, [Fault("starts_on", "teams.too_few_days")]
    days = {step.day for step in laid_out.steps}
    if known_members.would_be_asked_twice(visit.session, visit.person.organisation_id, team.id, days):
        return None, [Fault("starts_on", "teams.overlap")]
    return laid_out, []


def _wrong_size(visit: Visit, team: Team, challenge: Challenge, *, at: str) -> Fault | None:
    size = known_members.how_many(visit.session, team.id)
    if size < challenge.team.least:
        return Fault(at, "teams.too_small", {"least": challenge.team.least})
    if size > challenge.team.most:
        return Fault(at, "teams.too_large", {"most": challenge.team.most})
    return None


def _challenge(visit: Visit, id: str) -> Challenge | None:
    """Return a challenge that one team can do by itself; None when there is none by that name."""
    found = visit.house.library.challenges.get(id)
    return found if found is not None and can_be_done(found) else None


def _plan_form(visit: Visit, team: Team, challenge: Challenge) -> Form:
    holder = holder_of(visit.session, team)
    return plan_round(
        visit.words,
        challenge,
        team_id=team.id,
        first_possible=day_after(days_of(team), today_at_home(visit), 1),
        mandate=holder.external_id if holder is not None else None,
    )


def _in_words(visit: Visit, fault: Fault) -> str:
    return next(iter(refuse(visit.words, [fault]).errors.values()))


def waits_of(visit: Visit, team: Team, laid_out: Timeline) -> list[str]:
    """Return the weekdays between that do not count, with their names."""
    days = days_of(team)
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
    if one.was_cut_off:
        return words("teams.stands_cut_off")
    state = words("teams.stands_closed" if one.closed else "teams.stands_open")
    step = step_called(challenge, one.key)
    if one.asks in (Asks.NOTHING, Asks.MANDATE, Asks.FACILITATOR) or step.is_voluntary:
        return state  # of what one person is asked it would tell what that person has done
    if one.reached is None:
        return state
    if one.asks is Asks.TEAM:
        lacking = "not_handed_in" if step.looks_back_on is None else "not_all_answered"
        return words(f"teams.stands_{'handed_in' if one.reached else lacking}", state=state)
    if one.come is not None and one.members is not None and 0 < one.come < one.members:
        return words("teams.stands_number", state=state, come=one.come, members=one.members)
    if not one.reached and step.least == 1:
        return state  # as none of so many, it would tell what each of them has done
    return words("teams.stands_reached" if one.reached else "teams.stands_not_reached", state=state)


def _open_team(visit: Visit, value: str) -> Team:
    """Return a team that may begin something. Raises TeamHasEnded and RoundUnderWay."""
    team = own_team(visit, value)
    if team.ended_at is not None:
        raise TeamHasEnded(team.id)
    if rounds.is_under_way(visit.session, team.id):
        raise RoundUnderWay(team.id)
    return team


def own_round(visit: Visit, value: str) -> Round:
    round_ = rounds.find(visit.session, visit.person.organisation_id, number(value))
    if relay_reading.of_round(visit.session, round_.id) is None:  # a relay goes from workspace to workspace
        own_team(visit, str(round_.team_id))
    return round_


SATURDAY = 5
