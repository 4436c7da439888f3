"""How a vote went, once it has closed: numbers and what was voted for, never persons."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.conversation.round_view import Candidate, StepNow, candidates
from bot.conversation.texts import Words
from lessons import votes
from lessons.challenge_steps import VoteKind
from storage import round_reading
from storage.tables.rounds import Asks


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    cast: int
    least: int
    numbers: tuple[tuple[Candidate, int], ...]
    """Votes or points, most first."""
    are_points: bool
    leaders: tuple[Candidate, ...]
    """Those with the most; several are a tie."""
    settled: Candidate | None
    """Whom of the tied the facilitator has named."""
    talk_about: Candidate | None
    """Where people saw different things most."""

    @property
    def counts(self) -> bool:
        """Whether enough voted for it to stand."""
        return self.cast >= self.least and bool(self.leaders)

    @property
    def tied(self) -> tuple[Candidate, ...]:
        """Those the facilitator is to choose among; none when nothing is left to choose."""
        return self.leaders if self.counts and len(self.leaders) > 1 and self.settled is None else ()

    @property
    def winner(self) -> Candidate | None:
        if not self.counts:
            return None
        return self.leaders[0] if len(self.leaders) == 1 else self.settled


def result_of(session: Session, at: StepNow, words: Words, now: datetime) -> Result | None:
    """Return how the step's vote went; None while it goes on, and where nothing is voted on."""
    vote, outcome = at.step.vote, at.row.outcome
    if vote is None or outcome is None or at.row.closed_at is None or "cast" not in outcome:
        return None
    voted_on = {str(one.id): one for one in voted_about(session, at, words, now)}
    talk_about: Candidate | None = None
    if vote.kind is VoteKind.SCORES:
        scored = votes.tally_of_scores(list(voted_on), outcome["scores"], criteria=len(vote.criteria))
        counted, leaders = scored.points, scored.winners
        talk_about = next((voted_on[one.candidate] for one in scored.worth_talking_about), None)
    else:
        tally = votes.tally(list(voted_on), outcome["votes"])
        counted, leaders = tally.counts, tally.winners
    numbers = sorted(((voted_on[one], number) for one, number in counted), key=lambda pair: -pair[1])
    return Result(
        cast=int(outcome["cast"]),
        least=at.row.least,
        numbers=tuple(numbers),
        are_points=vote.kind is VoteKind.SCORES,
        leaders=tuple(voted_on[one] for one in leaders),
        settled=voted_on.get(str(outcome.get("settled"))),
        talk_about=talk_about,
    )


def voted_about(session: Session, at: StepNow, words: Words, now: datetime) -> list[Candidate]:
    """Return what this step's vote is among. Where each gets scores, that is what had come when the vote began: the sum
    of what a few gave says nothing beside that of many. Had nothing come, it is what has come since."""
    vote = at.step.vote
    if vote is None:
        return []
    came = []
    if vote.kind is VoteKind.SCORES:
        came = candidates(session, at, vote.on, words, now, before=at.row.prompt_at)
    return came or candidates(session, at, vote.on, words, now)


def is_left_out(session: Session, at: StepNow, words: Words, now: datetime) -> bool:
    """Whether what is handed in to this step now comes too late to get scores."""
    vote = at.challenge.vote_about(at.row.key)
    if vote is None or vote.vote is None or vote.vote.kind is not VoteKind.SCORES:
        return False
    row = next(row for row in round_reading.steps(session, at.round.id) if row.key == vote.key)
    begun = row.prompt_at
    return begun <= now and bool(candidates(session, at, at.row.key, words, now, before=begun))


def vote_before(session: Session, at: StepNow, *, or_now: bool = False) -> StepNow | None:
    """Return the latest vote before this step, or, `or_now`, this step where it is one; None before the first."""
    votes_so_far = [
        row
        for row in round_reading.steps(session, at.round.id)
        if row.asks is Asks.VOTE and (row.day < at.row.day or (or_now and row.id == at.row.id))
    ]
    return replace(at, row=votes_so_far[-1]) if votes_so_far else None


def winner_of(session: Session, at: StepNow, key: str, words: Words, now: datetime) -> Candidate | None:
    """Return what was chosen in a step, or among what it handed in."""
    vote = at.challenge.vote_about(key)
    if vote is None:
        return None
    row = next(row for row in round_reading.steps(session, at.round.id) if row.key == vote.key)
    result = result_of(session, replace(at, row=row), words, now)
    return result.winner if result is not None else None


def number_shown(session: Session, at: StepNow, key: str, words: Words, now: datetime) -> int:
    """Return how much has been handed in to a step, of what has opened."""
    return len(candidates(session, at, key, words, now))
