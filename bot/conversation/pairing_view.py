"""Whom somebody meets in a round, gathered for the card of whoever asks, and for nobody else."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.pairing_cards import Meeting
from bot.conversation.round_view import StepNow
from scheduler.meeting_times import Hours, half_hours, suggested
from scheduler.pairings import days_to_meet
from storage import pairs, round_reading
from storage.tables.rounds import Asks


def meeting_of(session: Session, at: StepNow, person_id: int, zone: str, now: datetime) -> Meeting | None:
    """Return the person's meeting as it stands; None where the step is about something else."""
    if at.round.pairs_across_units is None or at.row.asks is not Asks.NOTHING:
        return None
    group = pairs.group_of(session, person_id, at.round.id, at.row.day)
    if group is None:
        return Meeting(zone=zone)
    steps = round_reading.steps(session, at.round.id)
    moments = half_hours(days_to_meet(steps, at.team), at.team.zone)
    hours = {Hours(zone=one.zone, days=one.days) for one in group.people}
    times = suggested(moments, hours, seed=f"{group.id}")
    return Meeting(
        others=tuple(one.external_id for one in group.people if one.person_id != person_id),
        times=tuple(one for one in times if one > now),
        zone=zone,
        is_elsewhere=any(one.zone != zone for one in group.people),
        channel=at.team.channel_id,
        is_first=at.row.id == steps[0].id,
    )
