"""A relay's board, for whoever coordinates: where the baton is, what waits for somebody, what can be done."""

from datetime import date

from bot.conversation.cards import Button, Buttons, Confirm, Divider, Facts, Heading, Note, Paragraph, Part, Style
from bot.conversation.cohort_choices import date_or_none
from bot.conversation.coordinating import number, today_at_home
from bot.conversation.coordinating_relay_forms import closing_day
from bot.conversation.events import Pressed, Submitted
from bot.conversation.relay_cards import leg_line, promise_parts, whole
from bot.conversation.relay_chain import Standing, standing_of, state_text
from bot.conversation.relay_view import page
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Visit
from scheduler import relay_coordinating
from scheduler.calendar import NOON, Calendar, working_day_after
from scheduler.relay_outlook import outlook
from scheduler.timeline import MONDAY_TO_FRIDAY
from storage import relay_reading, team_audit
from storage.moments import local_day
from storage.relay_commitments import CLOSING
from storage.relay_reading import Chain, Leg
from storage.relays import NotDone
from storage.tables.relays import LegState, RelayState


def show_relay(visit: Visit, event: Pressed) -> list[Show]:
    return board(visit, number(event.value))


def skip(visit: Visit, event: Pressed) -> list[Show]:
    chain, leg = relay_reading.leg(visit.session, visit.person.organisation_id, number(event.value))
    why_not = relay_coordinating.skip(visit.session, chain.organisation_id, leg.id, visit.now)
    if why_not is not None:
        return board(visit, chain.id, saying=_done(visit, why_not, "skipped_now"))
    _chain, now = relay_reading.leg(visit.session, chain.organisation_id, leg.id)
    went_on = now.state is LegState.HANDED_OVER  # its words were approved, and are not lost
    action = "relay_leg_handed_over" if went_on else "relay_leg_skipped"
    team_audit.write_down(visit.session, visit.person, action, visit.now, relay=chain.id, leg=leg.id)
    key = "skip_handed_over" if went_on else "skipped_without" if leg.round_id is not None else "skipped_now"
    return board(visit, chain.id, saying=visit.words(f"relays.{key}"))


def ask_for_closing_day(visit: Visit, event: Pressed) -> list[Show]:
    chain = _own(visit, number(event.value))
    initial = chain.closing_on or chain.legs[-1].deadline
    if initial <= today_at_home(visit):
        initial = working_day_after(today_at_home(visit), 1, days=MONDAY_TO_FRIDAY, slot=NOON, calendar=Calendar())
    return [OpenForm(closing_day(visit.words, relay_id=chain.id, initial=initial))]


def choose_closing_day(visit: Visit, event: Submitted) -> list[Show]:
    chain, day = _own(visit, number(event.about)), date_or_none(event.text("day"))
    if day is None or Calendar().why_closed(day, NOON) is not None:
        return [Refuse({"day": visit.words("relays.closing_day_past")})]
    why_not = relay_coordinating.choose_closing_day(visit.session, chain.organisation_id, chain.id, day, visit.now)
    if why_not is NotDone.NOT_YET:
        return [Refuse({"day": visit.words("relays.closing_day_past")})]
    if why_not is None:
        detail = {"relay": chain.id, "day": day.isoformat()}
        team_audit.write_down(visit.session, visit.person, "relay_closing_day", visit.now, **detail)
    said = visit.words("relays.closing_day_kept", day=visit.words.day(day))
    return board(visit, chain.id, saying=said if why_not is None else visit.words("relays.not_now"))


def end_early(visit: Visit, event: Pressed) -> list[Show]:
    chain = _own(visit, number(event.value))
    why_not = relay_coordinating.end_early(visit.session, chain.organisation_id, chain.id, visit.now)
    if why_not is None:
        team_audit.write_down(visit.session, visit.person, "relay_ended_early", visit.now, relay=chain.id)
    return board(visit, chain.id, saying=_done(visit, why_not, "ended_now"))


def board(visit: Visit, relay_id: int, *, saying: str | None = None) -> list[Show]:
    """Show the board. Raises RelayNotFound. `saying` is what has just happened."""
    chain, words = _own(visit, relay_id), visit.words
    parts: list[Part] = [Paragraph(f"**{saying}**"), Divider()] if saying is not None else []
    parts += [Heading(chain.name), Facts(_facts(visit, chain)), Divider()]
    begins = outlook(visit.session, chain, visit.now)
    for leg in chain.legs:
        parts += _leg(visit, chain, leg, begins.get(leg.id))
    if any(leg.commitment is not None for leg in chain.legs):
        parts += [Divider(), *promise_parts(chain, words)]
    back = Button(text=words("relays.back"), action="relay.list", opens_form=True)
    rows = (_can_do(visit, chain), (whole(chain, words), back))
    buttons = [Buttons(row) for row in rows if row]
    return [OpenForm(page(visit, "relays.page_title", *parts, Divider(), *buttons, Note(words("relays.list_privacy"))))]


def _own(visit: Visit, relay_id: int) -> Chain:
    return relay_reading.chain(visit.session, visit.person.organisation_id, relay_id)


def _facts(visit: Visit, chain: Chain) -> tuple[tuple[str, str], ...]:
    words, holder = visit.words, chain.holder
    has_it = holder.team if holder is not None and chain.state is RelayState.RUNNING else words("relays.board_nobody")
    closing = words.day(chain.closing_on) if chain.closing_on is not None else words("relays.board_unset")
    return (
        (words("relays.board_question"), chain.question),
        (words("relays.board_state"), state_text(chain, words, today_at_home(visit))),
        (words("relays.board_holder"), has_it),
        (words("relays.board_closing"), closing),
    )


def _leg(visit: Visit, chain: Chain, leg: Leg, begins: date | None) -> list[Part]:
    words, standing = visit.words, standing_of(chain, leg)
    line = leg_line(chain, leg, words)
    has_days = standing in (Standing.WAITING, Standing.RUNNING) and not _is_busy(leg)
    if has_days and chain.state is not RelayState.ENDED:
        first = words.day(leg.starts_on or leg.planned_on)
        line = words("relays.board_days", line=line, first=first, last=words.day(leg.deadline))
    parts: list[Part] = [Paragraph(line)]
    if chain.state is not RelayState.ENDED:
        if begins is not None and begins > leg.planned_on:
            parts.append(Note(words("relays.board_later", day=words.day(begins))))
        parts += map(Note, _remarks(visit, chain, leg, standing))
        if row := _for_leg(visit, leg, standing):
            parts.append(Buttons(row))
    return parts


def _remarks(visit: Visit, chain: Chain, leg: Leg, standing: Standing) -> list[str]:
    """What waits for somebody."""
    words, remarks = visit.words, []
    if _is_busy(leg):
        remarks.append(words("relays.board_busy"))
    if leg.waits_for_word:
        remarks.append(words("relays.board_unreceived"))
    if standing is Standing.STALLED and leg.passes_on_at is not None:
        key = "board_stalled_approved" if leg.is_approved else "board_stalled"
        remarks.append(words(f"relays.{key}", day=words.day(local_day(leg.passes_on_at, leg.zone))))
    if not leg.can_run and leg.state in (LegState.WAITING, LegState.RUNNING):
        remarks.append(words("relays.board_cannot_run"))
    if chain.state is RelayState.CLOSING and leg.commitment is None and _was_asked(leg):
        remarks.append(words("relays.board_no_promise"))
    return remarks


def _is_busy(leg: Leg) -> bool:
    """Whether the team has the baton and another challenge under way, so that its days have not begun."""
    return leg.state is LegState.RUNNING and leg.round_id is None


def _was_asked(leg: Leg) -> bool:
    return any(one.weeks == CLOSING and one.asked_at is not None for one in leg.questions)


def _can_do(visit: Visit, chain: Chain) -> tuple[Button, ...]:
    if chain.state is RelayState.ENDED:
        return ()
    words, buttons = visit.words, []
    if chain.state is RelayState.PLANNED:
        buttons.append(Button(text=words("relays.move"), action="relay.move", value=str(chain.id), opens_form=True))
    if not any(_was_asked(leg) for leg in chain.legs):
        buttons.append(
            Button(text=words("relays.closing_day"), action="relay.closing_day", value=str(chain.id), opens_form=True)
        )
    end = Button(
        text=words("relays.end"),
        action="relay.end",
        value=str(chain.id),
        style=Style.DANGER,
        confirm=_sure(visit, "end", words("relays.end_yes")),
        opens_form=True,
    )
    return (*buttons, end)


def _for_leg(visit: Visit, leg: Leg, standing: Standing) -> tuple[Button, ...]:
    """What can be done with one leg: skip it while it waits or has stalled, give it more time while its days go on."""
    if leg.state is LegState.WAITING or standing is Standing.STALLED or _is_busy(leg):
        return (_skip(visit, leg),)
    if leg.state is LegState.RUNNING:
        text = visit.words("relays.days")
        spoken = f"{text}: {leg.team}"[:75]
        return (Button(text=text, action="round.open", value=str(leg.round_id), spoken=spoken, opens_form=True),)
    return ()


def _skip(visit: Visit, leg: Leg) -> Button:
    text = visit.words("relays.skip")
    return Button(
        text=text,
        action="relay.skip",
        value=str(leg.id),
        spoken=f"{text}: {leg.team}"[:75],
        confirm=_sure(visit, "skip", text),
        opens_form=True,
    )


def _sure(visit: Visit, what: str, yes: str) -> Confirm:
    words = visit.words
    return Confirm(
        title=words(f"relays.{what}_title"), text=words(f"relays.{what}_text"), yes=yes, no=words("relays.cancel")
    )


def _done(visit: Visit, why_not: NotDone | None, key: str) -> str:
    return visit.words(f"relays.{key}" if why_not is None else "relays.not_now")
