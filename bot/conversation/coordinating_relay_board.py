"""A relay's board, for whoever coordinates: where the baton is, what waits for somebody, what can be done."""

from datetime import date

from bot.conversation import coordinating_relay_forms
from bot.conversation.cards import Button, Buttons, Confirm, Divider, Facts, Heading, Note, Paragraph, Part, Style
from bot.conversation.cohort_choices import date_or_none
from bot.conversation.coordinating import number, today_at_home
from bot.conversation.events import Pressed, Submitted
from bot.conversation.relay_again import stalled_again
from bot.conversation.relay_cards import whole
from bot.conversation.relay_chain import Standing, closing_day, is_followed, standing_of, state_text
from bot.conversation.relay_parts import leg_line, promise_parts
from bot.conversation.relay_view import page
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from scheduler import relay_closing_day, relay_coordinating
from scheduler.calendar import NOON, Calendar, working_day_after
from scheduler.relay_outlook import last_day, outlook, too_few_days
from scheduler.relay_timeline import CLOSING_DAYS
from storage import relay_news, relay_reading, team_audit
from storage.moments import local_day
from storage.relay_commitments import CLOSING
from storage.relay_reading import Chain, Leg
from storage.relays import NotDone
from storage.tables.relays import LegState, RelayState

ENDING_TEXTS = {RelayState.PLANNED: "end_planned", RelayState.CLOSING: "end_closing"}
"""What is said before a relay is ended, where no leg is under way."""


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
    without = "skipped_without" if is_followed(chain, leg) else "skipped_without_last"
    key = "skip_handed_over" if went_on else without if leg.round_id is not None else "skipped_now"
    return [*board(visit, chain.id, saying=visit.words(f"relays.{key}")), *stalled_again(visit, leg.id)]


def ask_for_closing_day(visit: Visit, event: Pressed) -> list[Show]:
    chain = _own(visit, number(event.value))
    initial, over_on = chain.closing_on, last_day(visit.session, chain, visit.now) or today_at_home(visit)
    if initial is None or initial <= over_on:
        initial = working_day_after(over_on, CLOSING_DAYS, slot=NOON, calendar=Calendar())
    return [OpenForm(coordinating_relay_forms.closing_day(visit.words, relay_id=chain.id, initial=initial))]


def choose_closing_day(visit: Visit, event: Submitted) -> list[Show]:
    chain, day = _own(visit, number(event.about)), date_or_none(event.text("day"))
    if day is None or Calendar().why_closed(day, NOON) is not None:
        return [Refuse({"day": visit.words("relays.closing_day_past")})]
    why_not = relay_closing_day.choose(visit.session, chain.organisation_id, chain.id, day, visit.now)
    if why_not is NotDone.NOT_YET:
        over_on = last_day(visit.session, chain, visit.now)
        if over_on is None:
            return [Refuse({"day": visit.words("relays.closing_day_past")})]
        return [Refuse({"day": visit.words("relays.closing_day_early", day=visit.words.day(over_on))})]
    if why_not is None:
        detail = {"relay": chain.id, "day": day.isoformat()}
        team_audit.write_down(visit.session, visit.person, "relay_closing_day", visit.now, **detail)
    said = visit.words("relays.closing_day_kept", day=visit.words.day(day))
    return board(visit, chain.id, saying=said if why_not is None else visit.words("relays.not_now"))


def end_early(visit: Visit, event: Pressed) -> list[Show]:
    chain = _own(visit, number(event.value))
    holder = chain.holder
    why_not = relay_coordinating.end_early(visit.session, chain.organisation_id, chain.id, visit.now)
    if why_not is None:
        team_audit.write_down(visit.session, visit.person, "relay_ended_early", visit.now, relay=chain.id)
    again = stalled_again(visit, holder.id) if holder is not None else []
    return [*board(visit, chain.id, saying=_done(visit, why_not, "ended_now")), *again]


def board(visit: Visit, relay_id: int, *, saying: str | None = None) -> list[Show]:
    """Show the board. Raises RelayNotFound. `saying` is what has just happened."""
    chain, words = _own(visit, relay_id), visit.words
    parts: list[Part] = [Paragraph(f"**{saying}**"), Divider()] if saying is not None else []
    parts += [Heading(chain.name), Facts(_facts(visit, chain)), *_without_day(visit, chain), Divider()]
    begins = outlook(visit.session, chain, visit.now)
    without_days = too_few_days(visit.session, chain, visit.now)
    for leg in chain.legs:
        parts += _leg(visit, chain, leg, begins.get(leg.id), lacks_days=leg.id in without_days)
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
    closing_on = closing_day(chain)
    closing = words.day(closing_on) if closing_on is not None else words("relays.board_unset")
    return (
        (words("relays.board_question"), chain.question),
        (words("relays.board_state"), state_text(chain, words, today_at_home(visit))),
        (words("relays.board_holder"), has_it),
        (words("relays.board_closing"), closing),
    )


def _without_day(visit: Visit, chain: Chain) -> list[Part]:
    """What whoever coordinates must know where no closing day is chosen, or none any more."""
    over_on = last_day(visit.session, chain, visit.now)
    if over_on is None or chain.closing_on is not None:
        return []
    knew_one = any(relay_news.has_told_closing_day(visit.session, leg.id) for leg in chain.legs)
    key = "board_no_day_any_more" if knew_one else "board_no_day"
    return [Note(visit.words(f"relays.{key}", day=visit.words.day(over_on)))]


def _leg(visit: Visit, chain: Chain, leg: Leg, days: tuple[date, date] | None, *, lacks_days: bool) -> list[Part]:
    standing = standing_of(chain, leg)
    parts: list[Part] = [Paragraph(_line(visit.words, chain, leg, standing, days))]
    if chain.state is not RelayState.ENDED:
        parts += map(Note, _remarks(visit, chain, leg, standing))
        if lacks_days:
            parts.append(Note(visit.words("relays.board_too_few_days")))
        if row := _for_leg(visit, chain, leg, standing):
            parts.append(Buttons(row))
    return parts


def _line(words: Words, chain: Chain, leg: Leg, standing: Standing, looks: tuple[date, date] | None) -> str:
    """Say where a team is, and its days: of one that waits as it looks now, on its calendar of today."""
    if chain.state is RelayState.ENDED or _is_busy(leg):
        return leg_line(chain, leg, words)
    first, last = looks if looks is not None else (leg.starts_on or leg.planned_on, leg.deadline)
    if looks is not None and first > leg.planned_on:
        return leg_line(chain, leg, words, stands=words("relays.board_later", day=words.day(first)))
    days = {"first": words.day(first), "last": words.day(last)}
    match standing:
        case Standing.WAITING:
            return leg_line(chain, leg, words, stands=words("relays.board_days", **days))
        case Standing.RUNNING:
            return words("relays.board_running", line=leg_line(chain, leg, words), **days)
        case _:
            return leg_line(chain, leg, words)


def _remarks(visit: Visit, chain: Chain, leg: Leg, standing: Standing) -> list[str]:
    """What waits for somebody."""
    words, remarks = visit.words, []
    if _is_busy(leg):
        remarks.append(words("relays.board_busy"))
    if leg.is_disconnected and standing in (Standing.RUNNING, Standing.STALLED):
        remarks.append(words("relays.board_disconnected"))
    if leg.waits_for_word:
        remarks.append(words("relays.board_unreceived"))
    if standing is Standing.STALLED and leg.passes_on_at is not None:
        without = "board_stalled" if is_followed(chain, leg) else "board_stalled_last"
        key = "board_stalled_approved" if leg.is_approved else without
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
        confirm=_sure(visit, "end", words("relays.end_yes"), text=ENDING_TEXTS.get(chain.state, "end")),
        opens_form=True,
    )
    return (*buttons, end)


def _for_leg(visit: Visit, chain: Chain, leg: Leg, standing: Standing) -> tuple[Button, ...]:
    """What can be done with one leg: skip it while it waits or has stalled, give it more time while its days go on."""
    if leg.state is LegState.WAITING or standing is Standing.STALLED or _is_busy(leg):
        return (_skip(visit, chain, leg),)
    if leg.state is LegState.RUNNING:
        text = visit.words("relays.days")
        spoken = f"{text}: {leg.team}"[:75]
        return (Button(text=text, action="round.open", value=str(leg.round_id), spoken=spoken, opens_form=True),)
    return ()


def _skip(visit: Visit, chain: Chain, leg: Leg) -> Button:
    text = visit.words("relays.skip")
    if leg.is_approved:
        said = "skip_approved"
    elif is_followed(chain, leg):
        said = "skip"
    else:
        said = "skip_last" if leg.state is LegState.RUNNING else "skip_waiting_last"
    return Button(
        text=text,
        action="relay.skip",
        value=str(leg.id),
        spoken=f"{text}: {leg.team}"[:75],
        confirm=_sure(visit, "skip", text, text=said, team=leg.team),
        opens_form=True,
    )


def _sure(visit: Visit, what: str, yes: str, *, text: str, team: str = "") -> Confirm:
    words = visit.words
    return Confirm(
        title=words(f"relays.{what}_title", team=team),
        text=words(f"relays.{text}_text"),
        yes=yes,
        no=words("relays.cancel"),
    )


def _done(visit: Visit, why_not: NotDone | None, key: str) -> str:
    return visit.words(f"relays.{key}" if why_not is None else "relays.not_now")
