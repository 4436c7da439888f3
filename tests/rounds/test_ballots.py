"""One vote each, to be changed until it closes; then the numbers are right, and nobody's vote is anywhere."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage import ballots, contributions, proposals, teams
from storage.ballots import Tally
from storage.round_steps import NotTaken
from storage.tables.rounds import Asks, Ending, RoundStep, Vote
from tests.rounds.builders import NOON, OPENS, PROMPT, SOON, TeamWorld, a_step
from tests.scheduler.world import MONDAY, at

VOTING = at("2026-03-02 15:30")
CLOSES = at("2026-03-02 16:00")
MOST_PEOPLE, IDEAS = 6, 3


class Election:
    """A team whose ideas have opened, and a vote among them."""

    def __init__(self, world: TeamWorld, people: int = 4) -> None:
        self.world = world
        self.people = world.members(people)
        ideas = a_step("idea", most_each=IDEAS)
        vote = a_step("vote", asks=Asks.VOTE, prompt_at=OPENS, closes_at=CLOSES)
        self.round_id = world.round(world.team(*self.people), ideas, vote)
        idea, vote_step = world.steps_of(self.round_id)
        self.ideas = [self._idea(idea.id, number) for number in range(IDEAS)]
        self.idea_step, self.step = idea.id, vote_step.id
        world.opened(idea.id)

    def _idea(self, step: int, number: int) -> int:
        kept = self.world.by(self.people[0], contributions.hand_in, step, {"idea": str(number)}, NOON)
        assert isinstance(kept, int)
        return kept

    def votes(self, person: int, idea: int | str, now: Any = VOTING) -> NotTaken | None:
        return self.world.by(person, ballots.cast, self.step, idea, now)

    def scores(self, person: int, given: dict[str, list[int]], criteria: int = 2) -> NotTaken | None:
        return self.world.by(person, ballots.cast_scores, self.step, given, VOTING, criteria=criteria)

    def close(self) -> Tally | None:
        return self.world.run(lambda session: ballots.close(session, self.step, CLOSES))


@given(cast=st.lists(st.tuples(st.integers(0, MOST_PEOPLE - 1), st.integers(0, IDEAS - 1)), max_size=20))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_counts_once_with_what_they_chose_last_and_nobody_is_left_in_it(
    world: TeamWorld, cast: list[tuple[int, int]]
) -> None:
    election = Election(world, MOST_PEOPLE)
    chosen: dict[int, int] = {}
    for who, what in cast:
        assert election.votes(election.people[who], election.ideas[what]) is None
        chosen[who] = election.ideas[what]
    tally = election.close()
    assert tally is not None
    assert tally.votes == {str(idea): number for idea, number in sorted(Counter(chosen.values()).items())}
    assert sum(tally.votes.values()) == tally.cast == len(chosen)
    kept = world.look_up(RoundStep, election.step)
    numbers = {"reached": len(chosen) >= 1, "come": len(chosen), "members": MOST_PEOPLE}
    assert (kept.outcome, kept.closed_at) == (tally.outcome | numbers, CLOSES)
    assert world.run(lambda s: s.exec(select(Vote).where(Vote.round_step_id == election.step)).all()) == []


SCORES = st.lists(st.lists(st.integers(1, 3), min_size=2, max_size=2), min_size=IDEAS, max_size=IDEAS)


@given(cast=st.lists(st.tuples(st.integers(0, MOST_PEOPLE - 1), SCORES), max_size=8))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_scores_it_is_kept_how_many_gave_which(world: TeamWorld, cast: list[tuple[int, list[list[int]]]]) -> None:
    election = Election(world, MOST_PEOPLE)
    chosen: dict[int, list[list[int]]] = {}
    for who, given_scores in cast:
        by_idea = {str(idea): one for idea, one in zip(election.ideas, given_scores, strict=True)}
        assert election.scores(election.people[who], by_idea) is None
        chosen[who] = given_scores
    tally = election.close()
    assert tally is not None
    assert (tally.cast, tally.votes) == (len(chosen), {})
    for place, idea in enumerate(election.ideas):
        for criterion in range(2):
            gave = Counter(one[place][criterion] for one in chosen.values())
            counted = tally.scores[str(idea)][criterion] if chosen else [0, 0, 0]
            assert counted == [gave[1], gave[2], gave[3]]


def test_a_vote_is_ones_own_to_see_until_it_closes(memory: TeamWorld) -> None:
    election = Election(memory)
    me, you = election.people[:2]
    election.votes(me, election.ideas[0])
    election.votes(me, election.ideas[1])
    assert memory.by(me, ballots.own_vote, election.step) == election.ideas[1]
    assert memory.by(you, ballots.own_vote, election.step) is None
    election.close()
    assert memory.by(me, ballots.own_vote, election.step) is None


def test_what_cannot_be_voted_for_is_not(memory: TeamWorld) -> None:
    election, elsewhere = Election(memory), Election(memory)
    me, stranger = election.people[0], elsewhere.people[0]
    idea = election.ideas[0]
    assert election.votes(me, elsewhere.ideas[0]) is NotTaken.NO_SUCH_CHOICE
    assert election.votes(me, 4711) is NotTaken.NO_SUCH_CHOICE
    assert election.votes(stranger, idea) is NotTaken.NOT_YOURS
    assert election.votes(me, idea, PROMPT) is NotTaken.NOT_YET
    assert election.votes(me, idea, CLOSES) is NotTaken.CLOSED
    for wrong in ({str(idea): [1]}, {str(idea): [0, 1]}, {str(idea): [4, 1]}, {"4711": [1, 1]}, {}):
        assert election.scores(me, wrong) is NotTaken.NO_SUCH_CHOICE
    assert memory.by(me, ballots.cast, election.idea_step, idea, VOTING) is NotTaken.NO_SUCH_STEP
    memory.by(me, teams.leave, memory.round_of(election.step).team_id, VOTING)
    assert election.votes(me, idea) is NotTaken.NOT_YOURS


def test_what_has_not_opened_cannot_be_voted_for(memory: TeamWorld) -> None:
    me, you = memory.members(2)
    idea, vote = memory.steps_of(memory.round(memory.team(me, you), a_step("idea"), a_step("vote", asks=Asks.VOTE)))
    hidden = memory.by(me, contributions.hand_in, idea.id, {"idea": "x"}, NOON)
    assert isinstance(hidden, int)
    assert memory.by(you, ballots.cast, vote.id, hidden, NOON) is NotTaken.NO_SUCH_CHOICE


def test_one_votes_for_a_proposal_as_for_anything_else(world: TeamWorld) -> None:
    me, you = world.members(2)
    rules, vote = world.steps_of(
        world.round(
            world.team(me, you),
            a_step("rule", asks=Asks.ANONYMOUS),
            a_step("vote", asks=Asks.VOTE, prompt_at=OPENS, closes_at=CLOSES),
        )
    )
    rule = [{"rule": "Attest"}]
    world.run(lambda session: proposals.hand_in(session, rules.id, "my form", rule, now=NOON, day=MONDAY))
    world.opened(rules.id)
    [proposal] = world.run(lambda session: proposals.shown(session, world.organisation, rules.id, OPENS))
    assert world.by(you, ballots.cast, vote.id, proposal.id, VOTING) is None
    assert world.by(you, ballots.own_vote, vote.id) == proposal.id
    tally = world.run(lambda session: ballots.close(session, vote.id, CLOSES))
    assert tally == Tally(cast=1, votes={proposal.id: 1}, scores={})


def test_it_closes_at_its_hour_and_once(memory: TeamWorld) -> None:
    election = Election(memory)
    assert memory.run(lambda session: ballots.close(session, election.step, CLOSES - SOON)) is None
    assert election.close() is not None
    assert election.close() is None


def test_when_its_round_ends_a_vote_is_counted_as_it_stands(memory: TeamWorld) -> None:
    election = Election(memory)
    election.votes(election.people[0], election.ideas[2])
    memory.ended(election.step, Ending.ENDED_EARLY, VOTING)
    assert memory.look_up(RoundStep, election.step).outcome["votes"] == {str(election.ideas[2]): 1}
    assert memory.run(lambda session: session.exec(select(Vote)).all()) == []


def test_a_row_says_one_thing(world: TeamWorld) -> None:
    election = Election(world)
    vote: dict[str, Any] = {"round_step_id": election.step, "person_id": election.people[0], "cast_at": VOTING}
    for said in ({}, {"contribution_id": election.ideas[0], "scores": {"1": [1]}}):
        with pytest.raises(IntegrityError, match="ck_vote_one"):
            world.run(lambda session, said=said: (session.add(Vote(**vote, **said)), session.flush()))  # type: ignore[misc]


@pytest.mark.postgres
def test_whoever_votes_while_it_closes_is_counted_or_told_and_never_left_in_the_table(world: TeamWorld) -> None:
    for _ in range(4):
        election = Election(world, 6)

        def vote(person: int, election: Election = election) -> NotTaken | None:
            return election.votes(person, election.ideas[0])

        with ThreadPoolExecutor(7) as threads:
            voting = [threads.submit(vote, person) for person in election.people[:3]]
            closing = threads.submit(election.close)
            voting += [threads.submit(vote, person) for person in election.people[3:]]
            taken = [one.result() for one in voting].count(None)
            tally = closing.result()
        assert tally is not None
        assert tally.cast == taken
        assert world.run(lambda session: session.exec(select(Vote)).all()) == []
