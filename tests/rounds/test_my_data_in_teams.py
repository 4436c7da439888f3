"""My data shows what I am and have written in teams, and nobody else; deleting it leaves nothing with my name."""

from typing import Any

from sqlmodel import Session, select

from storage import ballots, contributions, my_data, proposals
from storage.round_steps import NotTaken
from storage.tables.people import Person
from storage.tables.rounds import Asks, Contribution, Proposal, Vote
from tests.rounds.builders import NOON, OPENS, TeamWorld, a_step
from tests.scheduler.world import MONDAY, at

VOTING = at("2026-03-02 15:30")
MINE, THEIRS = {"need": "Mitt ord"}, {"need": "Deras ord"}


class Life:
    """Two people who have done the same things in the same team."""

    def __init__(self, world: TeamWorld) -> None:
        self.me, self.you = world.members(2)
        team = world.team(self.me, self.you, facilitator=self.you, mandate=self.me)
        steps = (
            a_step("opened"),
            a_step("hidden", opens_at=VOTING, day=MONDAY),
            a_step("anonymous", asks=Asks.ANONYMOUS, opens_at=VOTING),
            a_step("vote", asks=Asks.VOTE, prompt_at=NOON, closes_at=at("2026-03-02 16:00")),
        )
        opened, hidden, anonymous, vote = world.steps_of(world.round(team, *steps))
        self.opened, self.hidden, self.anonymous = opened.id, hidden.id, anonymous.id
        ids = []
        for person, words in ((self.me, MINE), (self.you, THEIRS)):
            ids.append(world.by(person, contributions.hand_in, opened.id, words, NOON))
            world.by(person, contributions.hand_in, hidden.id, words, NOON)
            assert world.by(person, proposals.give_form, anonymous.id, NOON) is None
            token = f"the form of {person}"
            world.run(
                lambda s, t=token, w=words: proposals.hand_in(s, anonymous.id, t, [w], now=NOON, day=MONDAY)  # type: ignore[misc]
            )
        world.opened(opened.id)
        for person, chosen in ((self.me, ids[1]), (self.you, ids[0])):
            assert isinstance(chosen, int)
            assert world.by(person, ballots.cast, vote.id, chosen, OPENS) is None


def data_of(world: TeamWorld, person: int) -> dict[str, Any]:
    return world.by(person, my_data.collect)


def test_my_data_shows_my_teams_words_votes_and_forms_and_nobody_elses(world: TeamWorld) -> None:
    life = Life(world)
    data = data_of(world, life.me)
    assert data["teams"] == [
        {"name": "Hemtjänst norr", "joined_at": "2026-02-20T11:00:00+00:00", "left_at": None,
         "added_by_a_coordinator": True, "left_by_myself": False, "facilitates": False, "holds_mandate": True}
    ]  # fmt: skip
    assert [row["inputs"] for row in data["contributions"]] == [MINE, MINE]
    assert len(data["votes"]) == 1
    assert [row["round_step_id"] for row in data["anonymous_forms"]] == [life.anonymous]
    assert THEIRS["need"] not in repr(data)
    assert "'person_id'" not in repr(data)
    stranger = data_of(world, world.person())
    assert [stranger[name] for name in ("teams", "contributions", "votes", "anonymous_forms")] == [[], [], [], []]


def test_deleting_leaves_my_words_where_the_team_has_seen_them_and_nobodys(world: TeamWorld) -> None:
    life = Life(world)
    theirs = data_of(world, life.you)
    assert world.by(life.me, my_data.erase, VOTING)["contributions"] == 1, "the one that nobody had seen"

    def left(session: Session) -> list[tuple[Any, ...]]:
        rows = session.exec(select(Contribution)).all()
        return sorted((row.round_step_id, row.person_id or 0, row.inputs["need"]) for row in rows)

    assert world.run(left) == [
        (life.opened, 0, MINE["need"]),
        (life.opened, life.you, THEIRS["need"]),
        (life.hidden, life.you, THEIRS["need"]),
    ]
    votes = world.run(lambda session: session.exec(select(Vote.person_id)).all())
    assert list(votes) == [life.you]
    data = data_of(world, life.me)
    assert (data["contributions"], data["votes"]) == ([], [])
    assert data_of(world, life.you) == theirs
    proposed = world.run(lambda session: session.exec(select(Proposal)).all())
    assert len(proposed) == 2, "whose they are nobody knows, and so nobody can take them away"


def test_nobody_gets_a_second_form_by_deleting_their_data(world: TeamWorld) -> None:
    life = Life(world)
    world.by(life.me, my_data.erase, NOON)
    world.change(Person, life.me, stopped_at=None)
    assert world.by(life.me, proposals.give_form, life.anonymous, NOON) is NotTaken.ENOUGH
    world.opened(life.anonymous, VOTING)
    assert data_of(world, life.me)["anonymous_forms"] == [], "and from then on nobody can say who had one"
