"""A team in a municipality, and a challenge for it to do. A test says only what matters to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session, col, select

from storage import known_members, rounds, teams
from storage.rounds import NewRound, NewStep
from storage.tables.deliveries import Delivery, Kind
from storage.tables.people import Person
from storage.tables.rounds import Asks, Ending, Round, RoundStep
from tests.scheduler.rounds_world import free_channel
from tests.scheduler.world import MONDAY, STOCKHOLM, World, at

PROMPT = at("2026-03-02 10:00")
NOON = at("2026-03-02 12:00")
OPENS = at("2026-03-02 15:00")
NEXT_DAY = at("2026-03-03 10:00")
ENDS = at("2026-03-06 16:30")
SOON = timedelta(minutes=5)

P = ParamSpec("P")
T = TypeVar("T")


def a_step(key: str = "need", **fields: Any) -> NewStep:
    """Something each writes on Monday morning, and that opens at three."""
    given: dict[str, Any] = {"day": MONDAY, "last_day": MONDAY, "prompt_at": PROMPT, "asks": Asks.EACH}
    opens = {"opens_at": OPENS} if fields.get("asks", Asks.EACH) in (Asks.EACH, Asks.ANONYMOUS) else {}
    closes = {"closes_at": OPENS} if fields.get("asks") is Asks.VOTE else {}
    return NewStep(key=key, **given | opens | closes | fields)


class TeamWorld(World):
    def team(self, *members: int, facilitator: int | None = None, mandate: int | None = None, **fields: Any) -> int:
        """A team of these people; the first facilitates unless another is named."""
        led_by = facilitator or members[0]
        wanted = {
            "name": "Hemtjänst norr", "language": "sv", "zone": STOCKHOLM, "slot": "10:00", "calendar": {},
        }  # fmt: skip

        def make(session: Session) -> int:
            new = teams.NewTeam(**{"channel_id": free_channel(session)} | wanted | fields)
            who = session.get_one(Person, mandate) if mandate else None
            team = teams.make(session, session.get_one(Person, led_by), new, self.founded_at, mandate=who)
            assert known_members.add(session, members, team.id, self.founded_at) == len(set(members))
            return team.id

        return self.store.write_now(make)

    def members(self, number: int) -> list[int]:
        return [self.person() for _ in range(number)]

    def round(self, team: int, *steps: NewStep, body: str = "{}", **fields: Any) -> int:
        wanted: dict[str, Any] = {"challenge_id": "idea-sprint", "starts_on": MONDAY, "ends_at": ENDS} | fields
        new = NewRound(team_id=team, body=body, steps=steps, **wanted)
        return self.run(lambda session: rounds.confirm(session, self.organisation, new, self.founded_at).id)

    def steps_of(self, round_id: int) -> list[RoundStep]:
        wanted = select(RoundStep).where(RoundStep.round_id == round_id).order_by(col(RoundStep.id))
        return list(self.run(lambda session: session.exec(wanted).all()))

    def step(self, *members: int, **fields: Any) -> int:
        """The id of the one step of a round of a team of these."""
        [step] = self.steps_of(self.round(self.team(*members), a_step(**fields)))
        return step.id

    def opened(self, step_id: int, now: datetime = OPENS) -> None:
        assert self.run(lambda session: rounds.open_step(session, step_id, now))

    def ended(self, step_id: int, ending: Ending, now: datetime) -> None:
        """End the round of a step."""
        round_id = self.round_of(step_id).id
        assert self.run(lambda session: rounds.end(session, round_id, ending, now))

    def run(self, work: Callable[[Session], T]) -> T:
        return self.store.write_now(work)

    def by(
        self,
        person_id: int,
        do: Callable[Concatenate[Session, Person, P], T],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        """Do something in somebody's name."""
        return self.run(lambda session: do(session, session.get_one(Person, person_id), *arguments, **named))

    def to_team(self, step_id: int, person_id: int | None = None, **fields: Any) -> int:
        """A message of a round: to the channel, or to one member."""
        values: dict[str, Any] = {
            "kind": Kind.ROUND, "day": MONDAY, "due_at": PROMPT, "try_at": PROMPT,
            "late_after": PROMPT + timedelta(hours=4), "organisation_id": self.organisation,
            "workspace_id": self.workspace,
        }  # fmt: skip
        return self._add(Delivery(person_id=person_id, round_step_id=step_id, **values | fields))

    def round_of(self, step_id: int) -> Round:
        found: Round = self.look_up(Round, self.look_up(RoundStep, step_id).round_id)
        return found
