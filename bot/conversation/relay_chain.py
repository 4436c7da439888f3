"""A relay as it is told: where each of its teams is, and the words that have been handed over. No person anywhere."""

from datetime import date
from enum import StrEnum

from bot.conversation.texts import Words
from lessons.batons import Part
from storage.moments import local_day
from storage.relay_reading import Chain, Commitment, Leg
from storage.relay_reading import Words as BatonWords
from storage.tables.relays import LegState, Relay, RelayEnding, RelayState


class Standing(StrEnum):
    """Where a team is in the relay."""

    WAITING = "waiting"
    RUNNING = "running"
    STALLED = "stalled"
    """Its days are over, and no baton of its own is approved."""
    HANDED_OVER = "handed_over"
    PASSED_ON = "passed_on"
    """What it had received went on as it was."""
    SKIPPED = "skipped"


def standing_of(chain: Chain, leg: Leg) -> Standing:
    match leg.state:
        case LegState.HANDED_OVER:
            return Standing.PASSED_ON if leg.passed_on else Standing.HANDED_OVER
        case LegState.RUNNING if chain.state is RelayState.PLANNED:
            return Standing.WAITING  # confirmed, and its first day is to come
        case LegState.RUNNING:
            return Standing.RUNNING if leg.stalled_at is None else Standing.STALLED
        case LegState.SKIPPED:
            return Standing.SKIPPED
        case LegState.WAITING:
            return Standing.WAITING


def day_of(chain: Chain, leg: Leg) -> date:
    """Return the day of what the standing says: when it was over, when the baton came, or when the leg begins."""
    if leg.ended_at is not None:
        return local_day(leg.ended_at, leg.zone)
    if leg.begun_at is not None and leg.position > 1:
        return local_day(leg.begun_at, leg.zone)
    return leg.starts_on or leg.planned_on


def standing_text(chain: Chain, leg: Leg, words: Words) -> str:
    """Say where a team is, in a few words."""
    standing = standing_of(chain, leg)
    what = "" if has_received(chain, leg) else "question_"
    if standing is Standing.RUNNING and leg.position > 1:
        if leg.acknowledged_at is not None:
            return words(f"relays.stands_{what}received", day=words.day(local_day(leg.acknowledged_at, leg.zone)))
        return words(f"relays.stands_{what}handed_to", day=words.day(day_of(chain, leg)))
    if standing is Standing.STALLED:
        return words("relays.stands_stalled" if leg.is_approved else f"relays.stands_{what}stalled")
    if standing is Standing.SKIPPED and _was_at_it(leg):
        return words("relays.stands_without")  # that is not to stand aside
    last = "_last" if standing is Standing.PASSED_ON and handed_on_to(chain, leg) is None else ""
    return words(f"relays.stands_{standing}{last}", day=words.day(day_of(chain, leg)))


def over_text(chain: Chain, leg: Leg, words: Words) -> str:
    """Say in a sentence how a leg that is over came to its end, to its own team."""
    is_last = handed_on_to(chain, leg) is None
    if is_last and chain.ending is RelayEnding.ENDED_EARLY:
        return words("relays.ended_early" if any(one.baton for one in chain.legs) else "relays.ended_early_without")
    if leg.state is LegState.SKIPPED and is_last and chain.holder is not None:  # whoever was before it is at it still
        return words("relays.stood_aside")
    if leg.state is LegState.SKIPPED:
        return words("relays.skipped_last" if is_last else "relays.baton_skipped")
    if leg.passed_on:
        return words("relays.passed_on_last" if is_last else "relays.baton_gone_unchanged")
    return words("relays.baton_gone_last" if is_last else "relays.baton_gone")


def stood_aside(leg: Leg) -> bool:
    """Whether a team was skipped while it waited, so that it has heard nothing of the relay."""
    return leg.state is LegState.SKIPPED and leg.begun_at is None


def closing_day(chain: Chain) -> date | None:
    """Return the day of the closing meeting; None where none is set, and where the relay was ended before it."""
    if chain.ending is RelayEnding.ENDED_EARLY and chain.closing_on is not None and chain.ended_at is not None:
        ended_on = local_day(chain.ended_at, chain.legs[-1].zone)
        return chain.closing_on if chain.closing_on <= ended_on else None
    return chain.closing_on


def _was_at_it(leg: Leg) -> bool:
    """Whether the days of a leg that is over had begun."""
    if leg.round_id is None or leg.starts_on is None or leg.ended_at is None:
        return False
    return leg.starts_on <= local_day(leg.ended_at, leg.zone)


def has_received(chain: Chain, leg: Leg) -> bool:
    """Whether a baton has come to a team; else it has the relay's question alone."""
    return chain.received_by(leg) is not None


def is_followed(chain: Chain, leg: Leg) -> bool:
    """Whether a team comes after this one: one that has had its turn, or can have it."""
    later = chain.legs[leg.position :]
    return any(one.can_run if one.state is LegState.WAITING else one.state is not LegState.SKIPPED for one in later)


def handed_on_to(chain: Chain, leg: Leg) -> Leg | None:
    """Return the team whose turn came after a leg that is over; None where it was the last."""
    return next((one for one in chain.legs[leg.position :] if one.begun_at is not None), None)


def state_text(relay: Chain | Relay, words: Words, today: date) -> str:
    """Say how far a relay has come."""
    if relay.ending is RelayEnding.ENDED_EARLY:
        return words("relays.state_ended_early")
    if relay.state is RelayState.PLANNED:
        return words("relays.state_planned", day=words.day(relay.starts_on))
    if relay.state is RelayState.CLOSING and relay.closing_on is not None and relay.closing_on <= today:
        if relay.closing_on == today:
            return words("relays.state_closing_today")
        has_promised = isinstance(relay, Chain) and any(leg.commitment is not None for leg in relay.legs)
        return words("relays.state_followed_up" if has_promised else "relays.state_held")
    return words(f"relays.state_{relay.state.value}")


def baton_lines(baton: BatonWords, words: Words) -> list[tuple[str, str]]:
    """Return the four texts with their labels."""
    return [(words(f"relays.part_{part}"), str(getattr(baton, part))) for part in Part]


def promise_lines(leg: Leg, words: Words) -> list[str]:
    """Return what a leg's organisation goes on with, and how it went, one text each; nothing before it has said so."""
    if leg.commitment is None:
        return []
    return [promise_text(leg.commitment, words), *afterwards(leg, words)]


def promise_text(promise: Commitment, words: Words) -> str:
    day = words.long_day(promise.due_on)
    return words("relays.promise_text", text=promise.words, role=promise.owner_role, day=day)


def afterwards(leg: Leg, words: Words) -> list[str]:
    """Return what the team has said some weeks later, one text for each time it was asked."""
    lines = []
    for one in leg.questions:
        if one.said is not None and one.weeks > 0:
            said = words(f"relays.follow_up_{one.said}")
            text = words("relays.followed", said=said, text=one.words) if one.words else f"{said}."
            lines.append(words("relays.promise_said", weeks=words.number(one.weeks), said=text))
    return lines
