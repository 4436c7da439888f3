"""A new cohort is chosen in two steps: first what it is to be, then what that programme needs. Both checked here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import quote, unquote

from bot.conversation.cohort_choices import (
    FARTHEST_START,
    LONGEST_NAME,
    CohortChoices,
    Fault,
    closed_days,
    date_or_none,
    first_possible,
    flags_in,
    members_from,
    name_in,
    one_of,
    policies_in,
    slot_and_window_in,
    start_in,
)
from bot.conversation.cohort_roles import roles_of, roles_with_lists
from bot.conversation.events import Submitted
from lessons.models import Programme
from scheduler.calendar import DAY_BEGINS, Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """The first step."""

    programme_id: str
    starts_on: date
    name: str

    def is_ahead(self, today: date) -> bool:
        """Whether the start can still be met: it was when this was chosen."""
        return today < self.starts_on <= today + FARTHEST_START

    def as_text(self) -> str:
        """What the second form and its way back carry with them: one word, since some forms say more behind a space."""
        return f"{self.programme_id}:{self.starts_on}:{quote(self.name, safe='')}"

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """Return what such a text says; None for any other text, since it has been out of the house."""
        programme_id, _, rest = text.partition(":")
        day, _, name = rest.partition(":")
        starts_on, name = date_or_none(day), unquote(name)
        if starts_on is None or not 0 < len(name) <= LONGEST_NAME:
            return None
        return cls(programme_id=programme_id, starts_on=starts_on, name=name)


def outline_from(
    sent: Submitted, *, today: date, programmes: Mapping[str, Programme]
) -> tuple[Outline | None, list[Fault]]:
    """Return the first step, or None and everything that must change. Never raises, whatever was sent."""
    faults: list[Fault] = []
    name = name_in(sent, faults)
    programme = one_of(sent, "programme", programmes, faults)
    starts_on = start_in(sent.text("starts_on"), faults, today=today)
    if starts_on is not None:
        resting = Calendar(resting=frozenset(programme.rests if programme else ()))
        possible = first_possible(starts_on, resting, DAY_BEGINS)
        if possible != starts_on:
            faults.append(Fault("starts_on", "coordinating.start_closed", {"day": possible}))
    if faults or starts_on is None or programme is None:
        return None, faults
    return Outline(programme_id=programme.id, starts_on=starts_on, name=name), []


def choices_from(sent: Submitted, outline: Outline, programme: Programme) -> tuple[CohortChoices | None, list[Fault]]:
    """Return everything that was chosen, or None and everything that must change in the second step. Never raises,
    whatever was sent."""
    faults: list[Fault] = []
    closed = closed_days(sent.text("closed"), faults)
    slot, window = slot_and_window_in(sent, faults)
    policies = policies_in(sent, faults)
    roles = {role.value: role for role in roles_of(programme)}
    role = one_of(sent, "role", roles, faults) if sent.text("role") else next(iter(roles.values()))
    members, left_out = members_from(sent, faults, lists=roles_with_lists(programme))
    if faults or slot is None or role is None:
        return None, faults
    choices = CohortChoices(
        name=outline.name,
        programme_id=programme.id,
        starts_on=outline.starts_on,
        slot=f"{slot:%H:%M}",
        window_minutes=window,
        **policies,
        role=role,
        closed=closed,
        flags=flags_in(sent),
        resting=programme.rests,
        members=members,
        left_out=left_out,
    )
    possible = first_possible(choices.starts_on, choices.calendar, choices.slot_time)
    if possible == choices.starts_on:
        return choices, []
    fields: dict[str, object] = {"start": choices.starts_on, "day": possible}
    where = "closed" if choices.starts_on in closed else "flags"
    return None, [Fault(where, "coordinating.start_closed_here", fields)]
