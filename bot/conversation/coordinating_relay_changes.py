"""A relay that has not begun begins on another day: what would be different is shown first, leg by leg."""

from datetime import date

from bot.conversation.cards import Form, Note, Paragraph
from bot.conversation.cohort_choices import FARTHEST_START, Fault, date_or_none
from bot.conversation.coordinating import number, today_at_home
from bot.conversation.coordinating_relay_board import board
from bot.conversation.coordinating_relay_forms import start_day
from bot.conversation.coordinating_setup import refuse
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Show
from bot.conversation.visiting import Visit
from scheduler.calendar import TooFewDays
from scheduler.confirmed import challenge_kept
from scheduler.relay_coordinating import move_start
from scheduler.relay_timeline import CannotLayOut, lay_out_relay
from scheduler.round_changes import days_of
from scheduler.timeline import CannotStart, Timeline
from storage import cohorts, known_members, relay_reading, team_audit, teams
from storage.relay_reading import Chain, Leg
from storage.round_changes import RoundHasChanged
from storage.tables.relays import LegState, RelayState

DRAFT = "relay_move"


def ask_where_to(visit: Visit, event: Pressed) -> list[Show]:
    chain = _chain(visit, number(event.value))
    if chain.state is not RelayState.PLANNED:
        return board(visit, chain.id, saying=visit.words("relays.not_now"))
    return [OpenForm(start_day(visit.words, relay_id=chain.id, initial=chain.starts_on))]


def show_difference(visit: Visit, event: Submitted) -> list[Show]:
    """Say when each leg would be. Nothing is changed yet."""
    chain, starts_on = _chain(visit, number(event.about)), date_or_none(event.text("day"))
    if chain.state is not RelayState.PLANNED:
        return board(visit, chain.id, saying=visit.words("relays.not_now"))
    if starts_on is None or starts_on == chain.starts_on:
        return [refuse(visit.words, [Fault("day", "relays.move_other_day")])]
    if starts_on - today_at_home(visit) > FARTHEST_START:
        return [refuse(visit.words, [Fault("day", "coordinating.start_far")])]
    laid_out, fault = _laid_out(visit, chain, starts_on)
    if fault is not None:
        return [refuse(visit.words, [fault])]
    shown = {"relay": chain.id, "before": chain.starts_on.isoformat(), "after": starts_on.isoformat()}
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now)
    words = visit.words
    lines = [_difference(visit, leg, days) for leg, days in zip(_legs(chain), laid_out, strict=True)]
    form = Form(
        name="relay.change",
        about=draft,
        title=words("relays.move_title"),
        submit=words("relays.move_submit"),
        close=words("relays.cancel"),
        body=(Note(words("relays.move_intro")), *map(Paragraph, lines)),
    )
    return [OpenForm(form)]


def change(visit: Visit, event: Submitted) -> list[Show]:
    """Move it as was shown. What has become another since is not done."""
    shown, _none = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    chain, starts_on = _chain(visit, shown["relay"]), date.fromisoformat(shown["after"])
    _laid, fault = _laid_out(visit, chain, starts_on)
    if fault is not None or chain.starts_on.isoformat() != shown["before"]:
        return board(visit, chain.id, saying=visit.words("relays.not_now"))
    try:
        with visit.session.begin_nested():  # all of it, or nothing
            why_not = move_start(visit.session, chain.organisation_id, chain.id, starts_on, visit.now)
    except RoundHasChanged:
        return board(visit, chain.id, saying=visit.words("relays.not_now"))
    if why_not is not None:
        return board(visit, chain.id, saying=visit.words("relays.not_now"))
    team_audit.write_down(visit.session, visit.person, "relay_moved", visit.now, **shown)
    return board(visit, chain.id, saying=visit.words("relays.moved_now", day=visit.words.day(starts_on)))


def _laid_out(visit: Visit, chain: Chain, starts_on: date) -> tuple[tuple[Timeline, ...], Fault | None]:
    challenge = challenge_kept(visit.session, chain.document_id)
    found = [teams.find(visit.session, chain.organisation_id, leg.team_id) for leg in _legs(chain)]
    try:
        laid_out = lay_out_relay(challenge, starts_on, [days_of(team) for team in found], visit.now)
    except CannotLayOut as cannot:
        cause = cannot.cause
        if isinstance(cause, CannotStart):
            return (), Fault("day", "relays.cannot_start", {"day": cause.next_open})
        team = found[cannot.position - 1].name
        if isinstance(cause, TooFewDays):
            return (), Fault("day", "relays.too_few_days", {"team": team})
        return (), Fault("day", "relays.clock_before_slot", {"team": team, "clock": cause.clock, "slot": cause.slot})
    first = chain.legs[0]
    days = {step.day for step in laid_out[0].steps}
    if known_members.would_be_asked_twice(
        visit.session, chain.organisation_id, first.team_id, days, besides=first.round_id
    ):
        return (), Fault("day", "teams.overlap")
    return laid_out, None


def _difference(visit: Visit, leg: Leg, days: Timeline) -> str:
    words = visit.words
    return words(
        "relays.move_line",
        number=leg.position,
        team=leg.team,
        before=words.day(leg.starts_on or leg.planned_on),
        first=words.day(days.starts_on),
        last=words.day(days.ends_on),
    )


def _legs(chain: Chain) -> list[Leg]:
    return [leg for leg in chain.legs if leg.state is not LegState.SKIPPED]


def _chain(visit: Visit, relay_id: int) -> Chain:
    return relay_reading.chain(visit.session, visit.person.organisation_id, relay_id)
