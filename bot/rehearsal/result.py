"""What a rehearsal showed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.rehearsal.checking import Findings
from bot.rehearsal.meetings import Held
from bot.rehearsal.outcomes import Figures
from bot.rehearsal.recalling import NOTHING, Recalled
from bot.rehearsal.surveying import Surveyed


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One calendar day in the account: a promise belongs to the local day of its person."""

    day: date
    delivered: int
    explained: int
    name: str | None
    """What the day is called when the calendar treats it specially."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfRole:
    """What those of one role received."""

    people: int
    steps: int
    first_day: date | None
    last_day: date | None
    weeks: tuple[int, ...]
    """The weeks of the programme that it was from."""

    def as_json(self) -> dict[str, Any]:
        first, last = (day.isoformat() if day else None for day in (self.first_day, self.last_day))
        people_and_steps = {"people": self.people, "steps": self.steps}
        return people_and_steps | {"first_day": first, "last_day": last, "weeks": list(self.weeks)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    programme: str
    platforms: tuple[str, ...]
    people: int
    start: date
    seed: int
    zones: Mapping[str, int]
    closed: tuple[date, ...]
    """The organisation's own closed days, those the coordinator added on the way too."""
    outages: tuple[tuple[datetime, datetime], ...]
    """From when until when (UTC) Knuff was down."""
    calendar: tuple[Day, ...]
    """Every day from the start to the last with a promise."""
    promised: int
    delivered: int
    explained: Mapping[str, int]
    """By reason."""
    messages: int
    """Messages we started; one may carry several deliveries."""
    replies: int
    """Messages in answer to what somebody did."""
    answered: int
    """Deliveries that got at least one answer."""
    asides: Mapping[str, int]
    """How often somebody said whether an exercise was of use, suggested a change to one, and noted one they had led."""
    unsettled: int
    """Promises without an end when their day was over, over the whole rehearsal."""
    never_arrived: int
    """Deliveries settled as sent that nobody received."""
    zone_untold: int
    """Messages we started to somebody who was in another zone than the platform had told us. What was kept is the hours
    of the zone we knew."""
    unbalanced_nights: int
    """Nights on which the look at the account found it out of balance."""
    findings: Findings
    by_role: Mapping[str, OfRole]
    refused_forms: Mapping[str, int]
    wall_seconds: float
    recall: Recalled = NOTHING
    """Of the cases that come back."""
    surveys: tuple[Surveyed, ...] = ()
    """Each wave of the surveys that has closed."""
    outcomes: Figures = field(default_factory=dict)
    """SKL's measures, from what was released."""
    sessions: tuple[Held, ...] = ()
    """The programme's meetings, where they lay at the end."""

    @property
    def days(self) -> int:
        return len(self.calendar)

    @property
    def lost(self) -> int:
        return self.unsettled + self.never_arrived + len(self.findings.lost)

    @property
    def is_balanced(self) -> bool:
        return self.promised == self.delivered + sum(self.explained.values())

    @property
    def is_kept(self) -> bool:
        """Whether every promise was kept or explained, once, at a humane hour."""
        findings = self.findings
        return self.is_balanced and not (
            self.lost
            or self.unbalanced_nights
            or findings.duplicates
            or findings.outside_hours
            or findings.several_a_day
            or findings.in_rest
            or findings.of_others
            or any(one.is_in_rest or not one.is_working_day for one in self.sessions)
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "programme": self.programme,
            "platforms": list(self.platforms),
            "start": self.start.isoformat(),
            "seed": self.seed,
            "people": self.people,
            "zones": dict(self.zones),
            "closed": [day.isoformat() for day in self.closed],
            "outages": [[since.isoformat(), until.isoformat()] for since, until in self.outages],
            "days": self.days,
            "last_day": self.calendar[-1].day.isoformat() if self.calendar else None,
            "promised": self.promised,
            "delivered": self.delivered,
            "explained": dict(self.explained),
            "messages": self.messages,
            "replies": self.replies,
            "answered": self.answered,
            **self.asides,
            "duplicates": len(self.findings.duplicates),
            "lost": self.lost,
            "outside_hours": len(self.findings.outside_hours),
            "several_a_day": len(self.findings.several_a_day),
            "messages_in_rest": len(self.findings.in_rest),
            "steps_of_other_roles": len(self.findings.of_others),
            "by_role": {role: received.as_json() for role, received in self.by_role.items()},
            "zone_untold": self.zone_untold,
            "unbalanced_nights": self.unbalanced_nights,
            "recall": self.recall.as_json(),
            "surveys": [one.as_json() for one in self.surveys],
            "outcomes": self.outcomes,
            "sessions": [one.as_json() for one in self.sessions],
            "refused_forms": dict(self.refused_forms),
            "wall_seconds": round(self.wall_seconds, 3),
            "deliveries_per_second": round(self.delivered / self.wall_seconds) if self.wall_seconds else None,
        }
