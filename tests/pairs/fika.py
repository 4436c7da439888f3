"""A municipality that has coffee together. A test says only what matters to it."""

from collections.abc import Collection
from datetime import date, datetime, time
from functools import cache
from itertools import combinations

from sqlmodel import Session, col, select

from bot.conversation.pairing_cards import Meeting
from bot.conversation.pairing_view import meeting_of
from bot.conversation.round_view import step_of_message
from lessons.challenges import Challenge, ChallengeDocument
from lessons.library import load_library
from scheduler.calendar import Calendar
from scheduler.pair_key import PairKey
from scheduler.rounds import plan_rounds
from scheduler.timeline import TeamDays, lay_out, new_round
from storage import exclusions, rounds, sitting_out, teams
from storage.tables.pairs import Paired
from storage.tables.people import Person
from storage.tables.rounds import RoundStep
from tests.rounds.builders import TeamWorld
from tests.scheduler.world import MONDAY, STOCKHOLM, at

KEY = PairKey(b"a secret of this installation")
FIRST_DAY, COFFEE, LAST_DAY = (at(f"2026-03-0{day} 10:00") for day in (2, 3, 6))
"""When whom one meets is said, when one has coffee, and when one is asked how it went."""
NEXT = date(2026, 3, 16)
"""A fika two weeks later begins here."""
NEXT_FIRST_DAY = at("2026-03-16 10:00")


@cache
def innovationsfika() -> Challenge:
    return load_library().challenges["innovationsfika"]


class FikaWorld(TeamWorld):
    def begin(self, team: int, starts_on: date = MONDAY, *, across_units: bool = True) -> int:
        """Confirm a fika and return the round's id."""
        challenge, now = innovationsfika(), self.founded_at
        days = TeamDays(calendar=Calendar(), slot=time(10), zone=STOCKHOLM)
        body = ChallengeDocument(challenge=challenge).to_json()
        timeline = lay_out(challenge, starts_on, days, now)
        new = new_round(challenge, timeline, team_id=team, body=body, across_units=across_units)
        return self.run(lambda session: rounds.confirm(session, self.organisation, new, now).id)

    def fika(self, number: int) -> tuple[int, list[int], int]:
        """A team of so many that begins on Monday: its id, the people and the round."""
        people = self.members(number)
        team = self.team(*people)
        return team, people, self.begin(team)

    async def come(self, *moments: datetime, key: PairKey | None = KEY) -> None:
        """Let these moments come."""
        for now in moments:
            planned = await plan_rounds(self.store, now, pair_key=key)
            assert planned.failed == 0

    def groups(self, round_id: int) -> list[tuple[int, ...]]:
        """Who is put together, in order."""
        wanted = select(Paired).where(Paired.round_id == round_id).order_by(col(Paired.person_id))
        found: dict[int, list[int]] = {}
        for row in self.run(lambda session: session.exec(wanted).all()):
            found.setdefault(row.pair_up_id, []).append(row.person_id)
        return sorted(tuple(one) for one in found.values())

    def told(self, person: int, round_id: int, now: datetime = FIRST_DAY, *, step: int = 0) -> Meeting:
        """What somebody's card of a step says now."""
        row: RoundStep = self.steps_of(round_id)[step]

        def read(session: Session) -> Meeting | None:
            return meeting_of(session, step_of_message(session, row.id), person, STOCKHOLM, now)

        meeting = self.run(read)
        assert meeting is not None
        return meeting

    def meets(self, person: int, round_id: int, *, step: int = 0) -> set[int]:
        """Whom somebody's card says they meet."""
        others = self.told(person, round_id, step=step).others
        wanted = select(Person.id).where(col(Person.external_id).in_(others))
        return set(self.run(lambda session: session.exec(wanted).all()))

    def not_with(self, person: int, *others: int) -> None:
        """Somebody does not want to be put together with these."""
        names = [self.look_up(Person, other).external_id for other in others]
        self.by(person, exclusions.choose, names)

    def rests(self, person: int, team: int) -> None:
        self.by(person, sitting_out.sit_out, team)

    def leaves(self, person: int, team: int, now: datetime) -> None:
        self.by(person, teams.leave, team, now)

    def comes(self, person: int, team: int, now: datetime) -> None:
        assert self.by(person, teams.join, team, now)

    def said_alone(self, round_id: int, *, step: int = 0) -> set[int]:
        """Who gets a message of their own of a step."""
        row = self.steps_of(round_id)[step]
        return {one.person_id for one in self.deliveries() if one.round_step_id == row.id and one.person_id is not None}


def fewest_alone(people: Collection[int], forbidden: Collection[tuple[int, ...]]) -> int:
    """How many are alone in the best of all ways to put these together in twos and threes."""
    first, *others = sorted(people) if people else (None,)
    if first is None:
        return 0
    fewest = 1 + fewest_alone(others, forbidden)
    for size in (1, 2):
        for company in combinations(others, size):
            if fewest and not any(two in forbidden for two in combinations((first, *company), 2)):
                fewest = min(fewest, fewest_alone([one for one in others if one not in company], forbidden))
    return fewest


def couples(groups: Collection[tuple[int, ...]]) -> set[tuple[int, int]]:
    return {(one, other) for group in groups for one in group for other in group if one < other}
