"""Hidden until it opens: no function of these files tells anybody but its author what was written, before its hour."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from inspect import getmembers, getsource, isfunction, signature
from types import ModuleType
from typing import Any

import pytest
from sqlmodel import Session, select

from storage import (
    asked_by_rounds,
    ballots,
    batons,
    contributions,
    my_data,
    proposals,
    round_messages,
    round_numbers,
    round_progress,
    round_standing,
    round_steps,
    rounds,
    teams,
)
from storage.contributions import About
from storage.prepared import Prepared
from storage.tables.people import Person
from storage.tables.rounds import Afterwards, Asks, Contribution, Ending, Proposal, Round, RoundStep
from storage.tables.teams import Team
from storage.teams import NewTeam
from tests.privacy.queries import storage_modules
from tests.rounds.builders import ENDS, NOON, OPENS, SOON, TeamWorld, a_step

FILES = (
    ballots, contributions, my_data, proposals, round_messages, round_numbers, round_progress, round_standing,
    round_steps, rounds, teams,
)  # fmt: skip
SECRET = "Nattschemat"
NOT_ASKED = {
    "round_messages.why_not_to_channel": "takes a row that has been read",
    "round_messages.why_not_to_member": "takes a row that has been read",
    "round_numbers.told": "takes what has been read",
    "round_progress.reached": "as above",
    "round_messages.channel_of": "builds a piece of a statement, and reads nothing",
    "round_steps.is_shown": "as above",
    "round_steps.is_hidden": "as above",
}
JUST_BEFORE = OPENS - SOON


class Secret:
    """Somebody else's contribution and proposal in two steps that have not opened, by their true ids."""

    def __init__(self, world: TeamWorld) -> None:
        self.world = world
        self.author, self.reader = world.members(2)
        team = world.team(self.author, self.reader)
        written, vote = a_step("named", asks=Asks.EACH), a_step("vote", asks=Asks.VOTE)
        self.named, self.anonymous, self.vote = (
            step.id for step in world.steps_of(world.round(team, written, a_step("not", asks=Asks.ANONYMOUS), vote))
        )
        said = {"need": SECRET}
        kept = world.by(self.author, contributions.hand_in, self.named, said, NOON, is_named=True)
        assert isinstance(kept, int)
        self.contribution = kept
        hand_in = proposals.hand_in
        assert world.run(lambda s: hand_in(s, self.anonymous, "a form", [said], now=NOON, day=date(2026, 3, 2))) is None
        self.proposal = world.run(lambda session: session.exec(select(Proposal)).one()).id
        self.message = world.to_team(self.named)
        self.round_id = world.round_of(self.named).id
        self.team, self.free_team = team, world.team(self.reader)

    def asked(self, function: Callable[..., Any], step: int, now: datetime) -> str:
        """What the function tells the reader, who knows all ids; whatever it changes is undone."""

        def ask(session: Session) -> None:
            reader = session.get_one(Person, self.reader)
            known: dict[str, Any] = {
                "session": session, "person": reader, "facilitator": reader, "holder": reader,
                "person_id": self.reader, "said": Afterwards.STILL, "team": session.get_one(Team, self.team),
                "person_ids": [self.reader],
                "now": now, "at": now,
                "organisation_id": self.world.organisation, "workspace_id": self.world.workspace,
                "round_step_id": step, "contribution_id": self.contribution, "candidate": self.contribution,
                "team_id": self.team, "channel_id": "C1", "round_id": self.round_id, "round_ids": [self.round_id],
                "delivery_id": self.message,
                "round_": session.get_one(Round, self.round_id), "document_id": 1, "limit": 9,
                "inputs": {"need": "Mitt"}, "proposals": [{"need": "Mitt"}], "digest": "x", "day": date(2026, 3, 2),
                "scores": {str(self.contribution): [1]}, "criteria": 1, "ending": Ending.FINISHED,
                "days": [date(2026, 3, 2)], "number": 5, "about": About(proposal_id=self.proposal),
                "new": NewTeam(name="", channel_id=None, language="sv", zone="", slot="", calendar={})
                if function is teams.make else rounds.NewRound(
                    team_id=self.free_team, challenge_id="x", body="{}", starts_on=date(2026, 3, 2), ends_at=ENDS,
                    steps=(a_step(),),
                ),
            }  # fmt: skip
            wanted = {
                name: known[name] for name, one in signature(function).parameters.items() if one.default is one.empty
            }
            raise Undone(repr(function(**wanted)))

        with pytest.raises(Undone) as told:
            self.world.run(ask)
        return str(told.value.args[0])


class Undone(Exception):
    """Carries what was told out of a unit of work that is not kept."""


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in FILES:
        for name, function in getmembers(module, isfunction):
            shown = f"{_short(module)}.{name}"
            if function.__module__ == module.__name__ and not name.startswith("_") and shown not in NOT_ASKED:
                yield shown, function


def test_before_its_hour_no_function_tells_it_to_another(world: TeamWorld) -> None:
    secret = Secret(world)
    asked = list(functions())
    assert len(asked) > 40
    for name, function in asked:
        for step in (secret.named, secret.anonymous, secret.vote):
            # And after its hour, while nobody has opened it.
            for now in (JUST_BEFORE, OPENS + SOON):
                assert SECRET not in secret.asked(function, step, now), (name, now)


def test_when_it_has_opened_two_functions_tell_it_and_no_other(world: TeamWorld) -> None:
    """The search itself is put to the test: it finds what is told."""
    secret = Secret(world)
    world.opened(secret.named)
    world.opened(secret.anonymous)
    telling = {
        name
        for name, function in functions()
        for step in (secret.named, secret.anonymous)
        if SECRET in secret.asked(function, step, OPENS + SOON)
    }
    assert telling == {"contributions.shown", "proposals.shown"}


def test_the_clock_counts_even_when_somebody_opened_it_too_early(world: TeamWorld) -> None:
    """A clock that is ahead opens nothing for those whose clock is right."""
    secret = Secret(world)
    world.opened(secret.named, OPENS + SOON)
    for now, is_told in ((JUST_BEFORE, False), (OPENS, False), (OPENS + SOON, True)):
        assert (SECRET in secret.asked(contributions.shown, secret.named, now)) is is_told


def test_the_hour_counts_even_when_a_row_says_that_it_has_opened(world: TeamWorld) -> None:
    secret = Secret(world)
    world.change(RoundStep, secret.named, opened_at=NOON)
    assert SECRET not in secret.asked(contributions.shown, secret.named, JUST_BEFORE)
    assert SECRET in secret.asked(contributions.shown, secret.named, OPENS)


def test_nothing_opens_before_its_hour_or_twice(world: TeamWorld) -> None:
    secret = Secret(world)
    assert not world.run(lambda session: rounds.open_step(session, secret.named, JUST_BEFORE))
    world.opened(secret.named)
    assert not world.run(lambda session: rounds.open_step(session, secret.named, OPENS + SOON))


def test_what_had_not_opened_when_the_round_ended_stays_hidden(world: TeamWorld) -> None:
    secret = Secret(world)
    world.ended(secret.named, Ending.STOPPED_HERE, NOON)
    assert not world.run(lambda session: rounds.open_step(session, secret.named, OPENS))
    assert SECRET not in secret.asked(contributions.shown, secret.named, ENDS)


def test_every_statement_that_reads_words_asks_whose_they_are_or_whether_they_have_opened() -> None:
    reading = {
        f"{_short(module)}.{name}": statement
        for module in FILES
        for name, value in vars(module).items()
        if isinstance(value, Prepared) and "inputs" in (statement := _reads(value))
    }
    assert reading.keys() == {"contributions._OWN", "contributions._SHOWN", "proposals._SHOWN"}
    for name, statement in reading.items():
        assert "person_id = " in statement or "opened_at <=" in statement, name


def test_whoever_reads_the_tables_is_among_these_files() -> None:
    """As rows, my own data, for me. One asks only whether something came; one writes a team's baton there too."""
    as_rows, by_name = (
        {Contribution.__name__, Proposal.__name__},
        re.compile(r"""tables\["(contribution|proposal)"\]"""),
    )
    assert {_short(module) for module in storage_modules() if as_rows & vars(module).keys()} == {"my_data"}
    naming = {_short(module) for module in storage_modules() if by_name.search(getsource(module))}
    assert naming - {_short(module) for module in FILES} == {"asked_by_rounds", "batons"}
    assert not [name for name, value in vars(asked_by_rounds).items() if isinstance(value, Prepared)]
    assert not [one for one in vars(batons).values() if isinstance(one, Prepared) and "inputs" in _reads(one)]


def _reads(prepared: Prepared) -> str:
    """What a statement gives back, and from where: nothing, for one that only changes."""
    made = prepared._statement
    statement: Any = made("sqlite") if callable(made) else made
    columns = [str(one.key) for one in getattr(statement, "exported_columns", ())]
    return f"{' '.join(columns)} {statement}" if "inputs" in columns else ""


def _short(module: ModuleType) -> str:
    return module.__name__.removeprefix("storage.")
