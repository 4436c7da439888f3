"""What a programme asks of its rehearsal: who has which role, whose each step is, how long it takes with its rests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from bot.rehearsal.characters import dealt
from lessons.models import Programme, Role
from scheduler.calendar import Calendar
from scheduler.weeks import first_monday, monday_of_week

ROLE_SHARES = {Role.MANAGER: 11, Role.INNOVATION_LEADER: 19, Role.TEAM_MEMBER: 19, Role.POLITICIAN: 6}
"""Of those roles that a programme is for; a small group has at least one of each as far as it reaches."""
ASKED_FOR = 28
"""Days after the last week in which something may still be asked; those of a month of rest do not count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    programme: Programme
    start: date

    @property
    def resting(self) -> frozenset[int]:
        return frozenset(self.programme.rests)

    @property
    def weeks(self) -> int:
        """How many calendar weeks it takes."""
        calendar = Calendar(resting=self.resting)
        last = monday_of_week(len(self.programme.weeks), starts_on=self.start, calendar=calendar)
        return (last - first_monday(self.start)).days // 7 + 1

    @property
    def until(self) -> date:
        """From when on nothing more may come. A rest soon after the last week lies before it."""
        until = self.start + timedelta(weeks=self.weeks)
        while any((until + timedelta(days=days)).month in self.resting for days in range(ASKED_FOR)):
            until += timedelta(days=1)
        return until

    def roles_of(self, people: Sequence[str], lots: Random) -> dict[str, Role]:
        """Return who has which role. Where roles make no difference, all have the first."""
        roles = self.programme.roles
        if not self.programme.differs_by_role:
            return dict.fromkeys(people, roles[0])
        shares = {role: share for role, share in ROLE_SHARES.items() if role in roles}
        return dict(zip(people, dealt(shares, len(people), lots), strict=True))

    def steps_of(self) -> Mapping[Role, Sequence[Sequence[int]]]:
        """Return the steps of each role, week by week."""
        steps: dict[Role, list[list[int]]] = {role: [[] for _ in self.programme.weeks] for role in Role}
        for number, step in zip(count(1), self.programme.steps(), strict=False):
            for role in step.roles:
                steps[role][step.week - 1].append(number)
        return steps
