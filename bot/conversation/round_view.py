"""One step of a team's challenge as it stands now, gathered for whoever puts it in words."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlmodel import Session

from bot.conversation.cohort_choices import date_or_none
from bot.conversation.references import number
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Visit
from lessons.challenge_steps import HandIn, Input, InputKind, Step
from lessons.challenges import Challenge, ChallengeDocument
from storage import contributions, round_reading, round_steps, rounds
from storage.contributions import Inputs, Shown
from storage.moments import local_day
from storage.round_reading import StepNotFound
from storage.tables.rounds import Asks, Round, RoundState, RoundStep
from storage.tables.teams import Team


@dataclass(frozen=True, kw_only=True, slots=True)
class StepNow:
    row: RoundStep
    round: Round
    team: Team
    challenge: Challenge

    @property
    def step(self) -> Step:
        return step_called(self.challenge, self.row.key)

    @property
    def is_over(self) -> bool:
        return self.row.closed_at is not None or self.round.state is RoundState.ENDED

    @property
    def is_hidden(self) -> bool:
        """Whether what is handed in is still its author's alone."""
        return self.row.opens_at is not None and self.row.opened_at is None

    @property
    def is_late(self) -> bool:
        """Whether what each hands in is seen at once: the others' has opened already."""
        return self.row.asks is Asks.EACH and self.row.opened_at is not None

    @property
    def looks_back_on(self) -> str | None:
        """The key of the earlier step that this one is about, or votes on."""
        return looks_back_on(self.step)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Something the team has handed in, and that has opened: without its author."""

    id: int
    text: str
    """What it says, whole: one line an input."""
    headline: str
    """The first thing written in it."""


def step_now(visit: Visit, value: str) -> StepNow:
    """Return the step a button is about. Raises CannotAnswer when it is none in the person's organisation."""
    try:
        found = round_reading.step(visit.session, visit.person.organisation_id, number(value))
    except StepNotFound:
        raise CannotAnswer("rounds.gone") from None
    return _gathered(visit.session, *found)


def belongs(visit: Visit, at: StepNow) -> bool:
    """Whether the person is in the team, or has a part to play for it."""
    return visit.person.id in (at.team.facilitator_id, at.team.mandate_id) or round_steps.is_member(
        visit.session, visit.person, at.team.id
    )


def step_of_message(session: Session, round_step_id: int) -> StepNow:
    return _gathered(session, *round_reading.step_of(session, round_step_id))


def challenge_of(session: Session, round_: Round) -> Challenge:
    """Return the challenge as it was confirmed."""
    return _parsed(rounds.document_body(session, round_.document_id))


def step_called(challenge: Challenge, key: str) -> Step:
    """Return a step of a round's own challenge: the two were kept together."""
    found = challenge.step(key)
    if found is None:
        raise LookupError(f"the challenge {challenge.id} has no step {key}")
    return found


def looks_back_on(step: Step) -> str | None:
    if step.vote is not None:
        return step.vote.on
    return step.hand_in.about if step.hand_in is not None else None


def candidates(session: Session, at: StepNow, key: str, words: Words, now: datetime) -> list[Candidate]:
    """Return what has opened of a step, in the order of its words: that of writing would tell who was first."""
    hand_in = step_called(at.challenge, key).hand_in
    if hand_in is None:
        return []
    found = [candidate(one, hand_in, words) for one in _shown(session, at, key, now)]
    return sorted(found, key=lambda one: (one.text.casefold(), one.id))


def candidate(shown: Shown, hand_in: HandIn, words: Words) -> Candidate:
    return Candidate(
        id=shown.id,
        text=in_words(shown.inputs, hand_in, words, for_others=True),
        headline=_said(shown.inputs, hand_in.inputs[0], words),
    )


def in_words(inputs: Inputs, hand_in: HandIn, words: Words, *, for_others: bool = False) -> str:
    """Return what was handed in, one line an input: alone as it is, several with what each was asked. `for_others`
    leaves out what is shown to nobody but its author."""
    told = [one for one in hand_in.inputs if one.shown or not for_others]
    if len(told) == 1:
        return _said(inputs, told[0], words)
    return "\n".join(f"{words.of(one.label)} {_said(inputs, one, words)}" for one in told)


def answers_to(session: Session, at: StepNow, words: Words, now: datetime) -> dict[int, str]:
    """Return what this step has said so far about each of an earlier one's, by its id. Only what has opened."""
    hand_in = at.step.hand_in
    if hand_in is None:
        return {}
    return {
        one.about.contribution_id: in_words(one.inputs, hand_in, words, for_others=True)
        for one in _shown(session, at, at.row.key, now)
        if one.about.contribution_id is not None
    }


def latest_input(session: Session, at: StepNow, key: str, part: str, words: Words, now: datetime) -> str | None:
    """Return what was handed in last at an input of a step; None when nothing has."""
    hand_in = step_called(at.challenge, key).hand_in
    asked = hand_in.input(part) if hand_in is not None else None
    found = _shown(session, at, key, now)
    return _said(found[-1].inputs, asked, words) if asked is not None and found else None


def on_day(at: StepNow, moment: datetime, words: Words, now: datetime) -> str:
    """Return a moment as the team says it: "15.00", or with its day when that is another."""
    clock, day = words.clock(moment, at.team.zone), local_day(moment, at.team.zone)
    return clock if day == local_day(now, at.team.zone) else words("rounds.clock_on", day=words.day(day), clock=clock)


def _shown(session: Session, at: StepNow, key: str, now: datetime) -> list[Shown]:
    every = (row for row in round_reading.steps(session, at.round.id) if row.key == key)
    return [
        one for row in every for one in contributions.shown(session, at.round.organisation_id, row.id, now)
    ]  # a step that comes every day has a row for each


def _said(inputs: Inputs, one: Input, words: Words) -> str:
    value = str(inputs.get(one.key, ""))
    if one.kind is InputKind.YES_NO:
        return words(f"rounds.{value}") if value in ("yes", "no") else value
    if one.kind is InputKind.DATE:
        day = date_or_none(value)
        return words.day(day) if day is not None else value
    if one.kind is InputKind.CHOICE:
        return next((words.of(option.label) for option in one.options if option.key == value), value)
    return value


def _gathered(session: Session, row: RoundStep, round_: Round, team: Team) -> StepNow:
    return StepNow(row=row, round=round_, team=team, challenge=challenge_of(session, round_))


@lru_cache(maxsize=200)
def _parsed(body: str) -> Challenge:
    return ChallengeDocument.from_json(body).challenge
