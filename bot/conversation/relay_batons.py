"""A team's baton: written together and approved, handed over, received, or passed on as it is.

Whoever is in the team may do each of these: a relay is not to stop because one person is away.
"""

import hashlib
import json
from dataclasses import asdict

from bot.conversation import handed_in, relay_doubts
from bot.conversation.cards import Button, Buttons, Confirm, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.events import Pressed, Submitted
from bot.conversation.references import number
from bot.conversation.relay_again import stalled_again
from bot.conversation.relay_cards import of_what
from bot.conversation.relay_cards import whole as whole_button
from bot.conversation.relay_chain import has_received, is_followed, over_text
from bot.conversation.relay_forms import baton_form, baton_texts
from bot.conversation.relay_parts import baton_parts, received_parts
from bot.conversation.relay_view import (
    belongs,
    chain_for,
    is_in_team,
    is_theirs,
    leg_now,
    page,
    refused,
    whole,
)
from bot.conversation.round_view import StepNow, step_of_message
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Routes, Visit
from lessons.batons import Part as BatonPart
from scheduler import relay_moves
from scheduler.confirmed import challenge_kept
from storage import batons, relay_reading, round_reading
from storage.batons import Own
from storage.relay_reading import Chain, Leg
from storage.relay_reading import Words as BatonWords
from storage.relays import NotDone
from storage.tables.relays import LegState, RelayState
from storage.tables.rounds import RoundState


def instead(visit: Visit, at: StepNow) -> list[Show] | None:
    """Return the team's baton, where a step asks for that; None where it asks for something else."""
    found = relay_reading.of_round(visit.session, at.round.id) if at.row.key == batons.STEP else None
    return None if found is None else _page(visit, *found)


def show_chain(visit: Visit, event: Pressed) -> list[Show]:
    return whole(visit, _relay(visit, event.value))


def show(visit: Visit, event: Pressed) -> list[Show]:
    """Show the baton as far as it has come, with what this person can do with it."""
    chain, leg = leg_now(visit, event.value)
    return [*_page(visit, chain, leg), *stalled_again(visit, leg.id)]


def ask(visit: Visit, event: Pressed) -> list[Show]:
    chain, leg = leg_now(visit, event.value)
    if not is_in_team(visit, leg):
        return refused(visit, NotDone.NOT_YOURS)
    if (why_not := _why_not_written(visit, leg)) is not None:
        return refused(visit, why_not)
    kept = batons.own(visit.session, visit.person, leg.id)
    if kept is not None and kept.approved_at is not None:
        return refused(visit, NotDone.APPROVED)
    challenge = challenge_kept(visit.session, chain.document_id)
    return [OpenForm(baton_form(visit.words, challenge, leg_id=leg.id, kept=kept.words if kept else None))]


def write(visit: Visit, event: Submitted) -> list[Show]:
    """Keep the words, when nothing in them is too long, and what looks like a person has been looked at once more."""
    chain, leg = leg_now(visit, relay_doubts.what_about(event))
    challenge = challenge_kept(visit.session, chain.document_id)
    texts = baton_texts(event, challenge, visit.words)
    errors = relay_doubts.faults(texts, visit.words)
    tested = event.text("tested")
    if tested not in YES_NO:
        errors["tested"] = visit.words("rounds.choose")
    if errors:
        return [Refuse(errors)]
    form = baton_form(visit.words, challenge, leg_id=leg.id, kept=None)
    if (again := relay_doubts.asked_again(form, event, texts, visit.words)) is not None:
        return [OpenForm(again)]
    said = {part.value: event.text(part.value).strip() for part in BatonPart}
    new = BatonWords(**said, tested=tested == "yes")
    why_not = batons.write(visit.session, visit.person, leg.id, new, visit.now)
    if why_not is not None:
        return refused(visit, why_not)
    return [*_page(visit, chain, leg, "relays.baton_kept"), *_told(visit, leg)]


def approve(visit: Visit, event: Pressed) -> list[Show]:
    """Approve of the words that were seen, and of nothing else."""
    leg_id, _, seen = event.value.partition(":")
    chain, leg = leg_now(visit, leg_id)
    own = batons.own(visit.session, visit.person, leg.id)
    if own is None or _digest(own.words) != seen:
        return refused(visit, NotDone.OTHER_WORDS if is_theirs(visit, leg) else NotDone.NOT_YOURS)
    if own.approved_at is not None:
        return _page(visit, chain, leg)
    why_not = batons.approve(visit.session, visit.person, leg.id, own.words, visit.now)
    if why_not is not None:
        return refused(visit, why_not)
    return [*_page(visit, chain, leg, "relays.approved_now"), *stalled_again(visit, leg.id)]


def hand_over(visit: Visit, event: Pressed) -> list[Show]:
    """Hand over to the next team. Whoever comes second is told that it is done."""
    _chain, leg = leg_now(visit, event.value)
    why_not = relay_moves.hand_over(visit.session, visit.person, leg.id, visit.now)
    if why_not is NotDone.DONE:
        return show(visit, event)
    if why_not is not None:
        return refused(visit, why_not)
    return [*_gone_on(visit, event.value, "relays.handed_over"), *_told(visit, leg), *stalled_again(visit, leg.id)]


def pass_on(visit: Visit, event: Pressed) -> list[Show]:
    """Let what the team has received go on as it is."""
    chain, leg = leg_now(visit, event.value)
    why_not = relay_moves.pass_on(visit.session, visit.person, leg.id, visit.now)
    if why_not is NotDone.DONE:
        return show(visit, event)
    if why_not is not None:
        return refused(visit, why_not)
    saying = f"relays.{'passed_now' if has_received(chain, leg) else 'question_gone'}"
    return [*_gone_on(visit, event.value, saying), *stalled_again(visit, leg.id)]


def acknowledge(visit: Visit, event: Pressed) -> list[Show]:
    """Say that what was handed over has come; where it has gone on since, that it has."""
    chain, leg = leg_now(visit, event.value)
    why_not = relay_moves.acknowledge(visit.session, visit.person, leg.id, visit.now)
    if why_not not in (None, NotDone.DONE):
        return refused(visit, why_not)
    if leg.state is not LegState.RUNNING:
        return _page(visit, chain, leg)
    key = "received_now" if why_not is None else "received_already"
    said = visit.words(f"relays.{of_what(chain, leg, key)}")
    parts = received_parts(chain, leg, visit.words)
    button = Buttons((whole_button(chain, visit.words),))
    return [OpenForm(page(visit, "relays.page_title", Paragraph(f"**{said}**"), Divider(), *parts, button))]


def _page(visit: Visit, chain: Chain, leg: Leg, saying: str | None = None) -> list[Show]:
    if not is_theirs(visit, leg):
        return whole(visit, chain_for(visit, chain.id)) if belongs(visit, leg) else refused(visit, NotDone.NOT_YOURS)
    words = visit.words
    own = batons.own(visit.session, visit.person, leg.id)
    parts: list[Part] = [Paragraph(f"**{words(saying)}**"), Divider()] if saying is not None else []
    parts += [Heading(leg.team), Paragraph(_stands(visit, chain, leg, own))]
    if own is not None:
        parts += baton_parts(own.words, words)
    if leg.state is LegState.RUNNING:
        parts += [Buttons(row) for row in _can_do(visit, chain, leg, own) if row]
    parts.append(Buttons((whole_button(chain, words),)))
    if leg.state is LegState.RUNNING:
        parts.append(Note(words("relays.public_record")))
    return [OpenForm(page(visit, "relays.baton_title", *parts))]


def _stands(visit: Visit, chain: Chain, leg: Leg, own: Own | None) -> str:
    words = visit.words
    match leg.state:
        case LegState.WAITING:
            return words("relays.baton_not_yet")
        case LegState.SKIPPED | LegState.HANDED_OVER:
            return over_text(chain, leg, words)
        case LegState.RUNNING:
            if own is None:
                return words("relays.baton_none")
            if own.approved_at is None:
                return words("relays.baton_waits")
            return words("relays.baton_approved" if is_followed(chain, leg) else "relays.baton_approved_last")


def _can_do(visit: Visit, chain: Chain, leg: Leg, own: Own | None) -> list[tuple[Button, ...]]:
    """What may be done with the baton now: with the team's own, and with what it received."""
    words = visit.words
    if own is not None and own.approved_at is not None:
        text = "hand_over_text" if is_followed(chain, leg) else "hand_over_last_text"
        return [(_button(visit, leg, "hand_over", style=Style.PRIMARY, confirm=_sure(visit, "hand_over", text)),)]
    own_words: list[Button] = []
    may_write = is_in_team(visit, leg)
    if own is not None and may_write and not batons.has_approved(visit.session, visit.person, leg.id):
        value = f"{leg.id}:{_digest(own.words)}"
        own_words.append(
            Button(
                text=words("relays.approve"), action="relay.approve", value=value, style=Style.PRIMARY, opens_form=True
            )
        )
    if may_write and _why_not_written(visit, leg) is None:
        text = words("relays.write" if own is None else "relays.change")
        own_words.append(Button(text=text, action="relay.write", value=str(leg.id), opens_form=True))
    received = has_received(chain, leg)
    what = ("pass_on" if received else "pass_question") + ("" if is_followed(chain, leg) else "_last")
    sure = _sure(visit, what, f"{what}_text" if received or own is None else f"{what}_written_text")
    go_on = Button(
        text=words(f"relays.{what}"), action="relay.pass_on", value=str(leg.id), confirm=sure, opens_form=True
    )
    return [tuple(own_words), (go_on,)]


def _gone_on(visit: Visit, value: str, saying: str) -> list[Show]:
    """Say where the baton is now."""
    went_on, _leg = leg_now(visit, value)
    chain = chain_for(visit, went_on.id)
    holder = chain.holder
    if holder is None or chain.state is RelayState.CLOSING:
        said = visit.words(f"{saying}_last")
    else:
        said = visit.words(saying, team=holder.team)
    return whole(visit, chain, saying=said)


def _told(visit: Visit, leg: Leg) -> list[Show]:
    """Let the channel hear what is written, or change what it has heard, as long as its round goes on."""
    if leg.round_id is None:
        return []
    [row] = [row for row in round_reading.steps(visit.session, leg.round_id) if row.key == batons.STEP]
    at = step_of_message(visit.session, row.id)
    return handed_in.tell_team(visit, at) if at.round.state is RoundState.RUNNING else []


def _why_not_written(visit: Visit, leg: Leg) -> NotDone | None:
    if leg.state is LegState.WAITING:
        return NotDone.NOT_YET
    return None if leg.state is LegState.RUNNING else NotDone.DONE


def _relay(visit: Visit, value: str) -> Chain:
    return chain_for(visit, number(value))


def _button(visit: Visit, leg: Leg, what: str, *, style: Style = Style.PLAIN, confirm: Confirm | None = None) -> Button:
    text = visit.words(f"relays.{what}")
    return Button(text=text, action=f"relay.{what}", value=str(leg.id), style=style, confirm=confirm, opens_form=True)


def _sure(visit: Visit, what: str, text: str) -> Confirm:
    words = visit.words
    return Confirm(
        title=words(f"relays.{what}_title"),
        text=words(f"relays.{text}"),
        yes=words(f"relays.{what}"),
        no=words("relays.cancel"),
    )


def _digest(own: BatonWords) -> str:
    return hashlib.sha256(json.dumps(asdict(own), sort_keys=True).encode()).hexdigest()[:16]


YES_NO = ("yes", "no")
_PRESSES = {
    "relay.chain": show_chain,
    "relay.baton": show,
    "relay.write": ask,
    "relay.approve": approve,
    "relay.hand_over": hand_over,
    "relay.pass_on": pass_on,
    "relay.received": acknowledge,
}
ROUTES = Routes(
    presses=_PRESSES,
    forms={"relay.write": write},
    commands={},
    in_channels=frozenset({*_PRESSES, "relay.write"}),
)
