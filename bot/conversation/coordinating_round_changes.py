"""A round that is moved or given more time: the form, the difference before anything is changed, and the change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.conversation.cards import ChoiceInput, DateInput, Divider, Form, Heading, Input, Note, Option, Paragraph, Part
from bot.conversation.cohort_choices import FARTHEST_START, Fault, date_or_none
from bot.conversation.coordinating import today_at_home
from bot.conversation.coordinating_rounds import own_round, round_form
from bot.conversation.coordinating_setup import refuse
from bot.conversation.events import Pressed, Submitted
from bot.conversation.round_again import said_again
from bot.conversation.round_differences import lines_of
from bot.conversation.round_view import challenge_of, step_called
from bot.conversation.shows import OpenForm, Show
from bot.conversation.visiting import Visit
from scheduler import round_changes
from scheduler.calendar import TooFewDays
from scheduler.round_changes import UnderWay
from scheduler.timeline import CannotStart, ClockBeforeSlot
from scheduler.timeline_changes import Changed, HasPassed
from storage import cohorts, known_members, relay_reading, team_audit, teams
from storage.round_changes import RoundHasChanged
from storage.tables.rounds import Round, RoundState

DRAFT = "round_change"
MOST_DAYS = 5
"""Working days that a step gets at a time: whoever needs more gives them again."""


def ask_where_to(visit: Visit, event: Pressed) -> list[Show]:
    round_ = own_round(visit, event.value)
    if round_.state is not RoundState.PLANNED:
        return _says(visit, round_, "has_begun" if round_.state is RoundState.RUNNING else "has_ended")
    if relay_reading.of_round(visit.session, round_.id) is not None:
        return _says(visit, round_, "in_relay")
    day = DateInput(
        name="starts_on", label=visit.words("round_changes.move_label"), initial=round_.starts_on.isoformat()
    )
    return [OpenForm(_form(visit, "move", round_, day))]


def ask_for_more_time(visit: Visit, event: Pressed) -> list[Show]:
    words, round_ = visit.words, own_round(visit, event.value)
    if round_.state is RoundState.ENDED:
        return _says(visit, round_, "has_ended")
    one = _under_way(visit, round_)
    keys = round_changes.can_be_extended(one, visit.now)
    if not keys:
        return _says(visit, round_, "nothing_to_extend")
    steps = tuple(Option(key, words.of(step_called(one.challenge, key).title)) for key in keys)
    days = tuple(Option(str(number), words.count("round_changes.days", number)) for number in range(1, MOST_DAYS + 1))
    form = _form(
        visit,
        "extend",
        round_,
        ChoiceInput(name="step", label=words("round_changes.extend_step"), options=steps, initial=(steps[0].value,)),
        ChoiceInput(name="days", label=words("round_changes.extend_days"), options=days, initial=(days[0].value,)),
        Note(words("round_changes.extend_note")),
    )
    return [OpenForm(form)]


def show_move(visit: Visit, event: Submitted) -> list[Show]:
    """Say what another first day would change. Nothing is changed yet."""
    starts_on = date_or_none(event.text("starts_on"))
    if starts_on is None:
        return [refuse(visit.words, [Fault("starts_on", "coordinating.start_missing")])]
    if starts_on - today_at_home(visit) > FARTHEST_START:
        return [refuse(visit.words, [Fault("starts_on", "coordinating.start_far")])]
    return _difference(visit, event, {"starts_on": starts_on.isoformat()}, at="starts_on")


def show_extension(visit: Visit, event: Submitted) -> list[Show]:
    """As `show_move`, of more days for a step."""
    days = event.text("days")
    if days not in {str(number) for number in range(1, MOST_DAYS + 1)}:
        return [refuse(visit.words, [Fault("days", "coordinating.choose_one")])]
    return _difference(visit, event, {"step": event.text("step"), "days": int(days)}, at="step")


def change(visit: Visit, event: Submitted) -> list[Show]:
    """Change the round as the difference said. What has become another since is not done: it is shown anew first."""
    shown, _none = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    round_ = own_round(visit, str(shown["round"]))
    one = _under_way(visit, round_)
    changed, _fault = _changed(visit, one, shown["what"], at="")
    if changed is None or round_changes.print_of(changed) != shown["print"]:
        return _says(visit, round_, "outdated")
    reopened = round_changes.open_longer(one, changed)
    try:
        with visit.session.begin_nested():  # all of it, or nothing
            round_changes.write(visit.session, one, changed)
    except RoundHasChanged:
        return _says(visit, round_, "outdated")
    team_audit.write_down(visit.session, visit.person, "round_changed", visit.now, round=round_.id, **shown["what"])
    again = said_again(visit, one.team, reopened)
    return [*_says(visit, round_, "changed"), *again]


def _difference(visit: Visit, event: Submitted, what: Mapping[str, Any], *, at: str) -> list[Show]:
    round_ = own_round(visit, event.about)
    one = _under_way(visit, round_)
    changed, fault = _changed(visit, one, what, at=at)
    if changed is None:
        return [refuse(visit.words, [fault])] if fault is not None else _says(visit, round_, "has_ended")
    lines = lines_of(visit.words, one, changed)
    if not lines:
        return [refuse(visit.words, [Fault(at, "round_changes.same_day")])]
    shown = {"round": round_.id, "what": dict(what), "print": round_changes.print_of(changed)}
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now)
    return [OpenForm(_difference_form(visit, one, changed, lines, draft=draft))]


def _changed(visit: Visit, one: UnderWay, what: Mapping[str, Any], *, at: str) -> tuple[Changed | None, Fault | None]:
    """Return the round as it would be, or what is in the way: never whom of the team it concerns. Neither when it has
    ended."""
    if one.round.state is RoundState.ENDED:
        return None, None
    if "starts_on" in what and relay_reading.of_round(visit.session, one.round.id) is not None:
        return None, Fault(at, "round_changes.in_relay")
    try:
        if "step" in what:
            changed = round_changes.extended(one, what["step"], what["days"], visit.now)
        else:
            changed = round_changes.moved(one, date.fromisoformat(what["starts_on"]), visit.now)
    except CannotStart as cannot:
        return None, Fault(at, "teams.cannot_start", {"day": cannot.next_open})
    except ClockBeforeSlot as early:
        return None, Fault(at, "round_changes.slot_too_late", {"clock": early.clock})
    except TooFewDays:
        return None, Fault(at, "teams.too_few_days")
    except (HasPassed, LookupError):
        return None, Fault(at, f"round_changes.{'step_over' if 'step' in what else 'has_begun'}")
    days = round_changes.new_days(one, changed)
    if known_members.would_be_asked_twice(
        visit.session, visit.person.organisation_id, one.team.id, days, besides=one.round.id
    ):
        return None, Fault(at, "round_changes.overlap")
    return changed, None


def _under_way(visit: Visit, round_: Round) -> UnderWay:
    team = teams.find(visit.session, visit.person.organisation_id, round_.team_id)
    return round_changes.under_way(visit.session, round_, team, challenge_of(visit.session, round_))


def _says(visit: Visit, round_: Round, what: str) -> list[Show]:
    visit.session.refresh(round_)
    return [OpenForm(round_form(visit, round_, saying=visit.words(f"round_changes.{what}")))]


def _form(visit: Visit, name: str, round_: Round, *body: Part | Input) -> Form:
    words = visit.words
    return Form(
        name=f"round.{name}",
        about=str(round_.id),
        title=words(f"round_changes.{name}_title"),
        submit=words("round_changes.next"),
        close=words("coordinating.cancel"),
        body=body,
    )


def _difference_form(visit: Visit, one: UnderWay, changed: Changed, lines: list[str], *, draft: str) -> Form:
    words = visit.words
    is_told = bool(round_changes.open_longer(one, changed))
    told: list[Part] = [Note(words("round_changes.diff_messages"))] if is_told else []
    return Form(
        name="round.change",
        about=draft,
        title=words("round_changes.diff_title"),
        submit=words("round_changes.confirm"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("round_changes.diff_intro")),
            Heading(words.of(one.challenge.title)),
            *map(Paragraph, lines),
            Divider(),
            *told,
        ),
    )
