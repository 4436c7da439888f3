"""One step of a team's challenge as it stands now, gathered for whoever puts it in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlmodel import Session

from bot.conversation.inputs_in_words import in_words, labelled, one_in_words
from bot.conversation.references import number
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Visit
from lessons.challenge_steps import By, HandIn, Step
from lessons.challenges import Challenge
from scheduler.confirmed import challenge_kept
from storage import contributions, proposals, round_reading, round_steps
from storage.ballots import Candidate as CandidateId
from storage.contributions import EVER, ONCE_FOR_ALL, Inputs, Shown
from storage.moments import local_day
from storage.proposals import Proposed
from storage.round_reading import StepNotFound
from storage.tables.rounds import Asks, Round, RoundState, RoundStep
from storage.tables.teams import Team


@dataclass(frozen=True, kw_only=True, slots=True)
class StepNow:
    row: RoundStep
    round: Round
    team: Team
    challenge: Challenge
    next_at: datetime | None = None
    """When the next step begins, where what is asked for once is fixed by that; None for the last and for others."""

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
    def is_anonymous(self) -> bool:
        return self.row.asks is Asks.ANONYMOUS

    @property
    def is_once_for_all(self) -> bool:
        """Whether one hand-in is the team's: seen as soon as it is handed in."""
        return self.row.asks in ONCE_FOR_ALL

    @property
    def reads(self) -> str | None:
        """The key of the step whose hand-ins the team reads with this one: what it looks back on, else what the step
        before brought. None where there is none, and after a vote: what was chosen is said."""
        if self.step.looks_back_on is not None:
            return self.step.looks_back_on
        before = step_before(self.challenge, self.row.key)
        hand_in = before.hand_in if before is not None else None
        if before is None or hand_in is None:
            return None
        if hand_in.by is By.EACH:
            return hand_in.about or before.key
        return before.key if hand_in.about is None else None

    @property
    def reads_of_many(self) -> bool:
        """Whether each has a part in what is read: it may be more than a message has room for, and more may come."""
        read = self.challenge.step(self.reads) if self.reads is not None else None
        return read is not None and read.hand_in is not None and read.hand_in.by is By.EACH


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Something the team has handed in, and that has opened: without its author."""

    id: CandidateId
    """A number, or a text where nobody is to know whose it is."""
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


def is_asked(visit: Visit, at: StepNow) -> bool:
    """Whether it is this person that the step asks."""
    if at.row.asks is Asks.MANDATE:
        return at.team.mandate_id == visit.person.id
    if at.row.asks is Asks.FACILITATOR:
        return at.team.facilitator_id == visit.person.id
    return round_steps.is_member(visit.session, visit.person, at.team.id)


def step_of_message(session: Session, round_step_id: int) -> StepNow:
    return _gathered(session, *round_reading.step_of(session, round_step_id))


def challenge_of(session: Session, round_: Round) -> Challenge:
    """Return the challenge as it was confirmed."""
    return challenge_kept(session, round_.document_id)


def step_called(challenge: Challenge, key: str) -> Step:
    """Return a step of a round's own challenge: the two were kept together."""
    found = challenge.step(key)
    if found is None:
        raise LookupError(f"the challenge {challenge.id} has no step {key}")
    return found


def step_before(challenge: Challenge, key: str) -> Step | None:
    """Return the step before one of a round's own challenge; None before the first."""
    earlier = list(takewhile(lambda one: one.key != key, challenge.steps))
    return earlier[-1] if earlier else None


def candidates(
    session: Session, at: StepNow, key: str, words: Words, now: datetime, *, before: datetime = EVER
) -> list[Candidate]:
    """Return what has opened of a step, in the order of its words: that of writing would tell who was first. `before`:
    only what had come by then; where nobody is to know whose it is, nothing comes late."""
    hand_in = step_called(at.challenge, key).hand_in
    if hand_in is None:
        return []
    every = [row for row in round_reading.steps(session, at.round.id) if row.key == key]
    shown: list[Shown | Proposed] = [*_shown(session, at, every, now, before), *_proposed(session, at, every, now)]
    found = [candidate(one, hand_in, words) for one in shown]
    return sorted((one for one in found if one.text), key=lambda one: (one.text.casefold(), str(one.id)))


def candidate(shown: Shown | Proposed, hand_in: HandIn, words: Words) -> Candidate:
    said = [one_in_words(shown.inputs, one, words) for one in hand_in.inputs if one.shown]
    return Candidate(
        id=shown.id,
        text=in_words(shown.inputs, hand_in, words, for_others=True),
        headline=next(filter(None, said), ""),
    )


def answers_to(session: Session, at: StepNow, words: Words, now: datetime) -> dict[CandidateId, str]:
    """Return what this step has said so far about each of an earlier one's, by its id. Only what has opened."""
    return {about: texts[-1] for about, texts in _said_in(session, at, at.row, words, now).items()}


def said_about(session: Session, at: StepNow, key: str, words: Words, now: datetime) -> dict[CandidateId, list[str]]:
    """Return what has been said so far, in this step and those before it, about each of what a step brought, by its
    id. Only what has opened."""
    about_it = [
        row
        for row in round_reading.steps(session, at.round.id)
        if row.day <= at.row.day and (asked := step_called(at.challenge, row.key).hand_in) is not None
        and asked.about is not None and asked.about == key
    ]  # fmt: skip
    said: dict[CandidateId, list[str]] = defaultdict(list)
    for row in about_it:
        step = step_called(at.challenge, row.key)
        for about, texts in _said_in(session, at, row, words, now).items():
            said[about] += [_named(step, text, words) for text in texts]
    return dict(said)


def own_ids(visit: Visit, at: StepNow, key: str) -> set[CandidateId]:
    """Return which of a step's contributions are the person's own."""
    every = (row for row in round_reading.steps(visit.session, at.round.id) if row.key == key)
    return {one.id for row in every for one in contributions.own(visit.session, visit.person, row.id)}


def latest_input(session: Session, at: StepNow, key: str, part: str, words: Words, now: datetime) -> str | None:
    """Return one input of what was handed in last to a step; None while nothing is."""
    hand_in = step_called(at.challenge, key).hand_in
    asked = hand_in.input(part) if hand_in is not None else None
    every = [row for row in round_reading.steps(session, at.round.id) if row.key == key]
    found = _shown(session, at, every, now)
    return one_in_words(found[-1].inputs, asked, words) if asked is not None and found else None


def latest_inputs(session: Session, at: StepNow, now: datetime) -> Inputs:
    """Return what was handed in last to this step, of what is shown to others; nothing while nothing is."""
    hand_in, found = at.step.hand_in, _shown(session, at, [at.row], now)
    if hand_in is None or not found:
        return {}
    return {one.key: found[-1].inputs.get(one.key, "") for one in hand_in.inputs if one.shown}


def on_day(at: StepNow, moment: datetime, words: Words, now: datetime) -> str:
    """Return a moment as the team says it: "klockan 15.00", or with its day when that is another."""
    clock, day = words.clock(moment, at.team.zone), local_day(moment, at.team.zone)
    if day == local_day(now, at.team.zone):
        return words("rounds.clock_today", clock=clock)
    return words("rounds.clock_on", day=words.day(day), clock=clock)


def _said_in(
    session: Session, at: StepNow, row: RoundStep, words: Words, now: datetime
) -> dict[CandidateId, list[str]]:
    said: dict[CandidateId, list[str]] = defaultdict(list)
    hand_in = step_called(at.challenge, row.key).hand_in
    for one in _shown(session, at, [row], now) if hand_in is not None else ():
        about = one.about.contribution_id if one.about.proposal_id is None else one.about.proposal_id
        if hand_in is not None and about is not None:
            said[about].append(in_words(one.inputs, hand_in, words, for_others=True))
    return dict(said)


def _named(step: Step, text: str, words: Words) -> str:
    """Return what was said in a step with what it is: several inputs say so themselves."""
    told = [one for one in step.hand_in.inputs if one.shown] if step.hand_in is not None else []
    return labelled(words.of(step.title), text) if len(told) == 1 else text


def _shown(
    session: Session, at: StepNow, rows: Iterable[RoundStep], now: datetime, before: datetime = EVER
) -> list[Shown]:
    return [
        one
        for row in rows
        for one in contributions.shown(session, at.round.organisation_id, row.id, now, before=before)
    ]  # a step that comes every day has a row for each


def _proposed(session: Session, at: StepNow, rows: Iterable[RoundStep], now: datetime) -> list[Proposed]:
    return [
        one
        for row in rows
        if row.asks is Asks.ANONYMOUS
        for one in proposals.shown(session, at.round.organisation_id, row.id, now)
    ]


def _gathered(session: Session, row: RoundStep, round_: Round, team: Team) -> StepNow:
    next_at = None
    if row.asks in ONCE_FOR_ALL:
        later = (one.prompt_at for one in round_reading.steps(session, round_.id) if one.prompt_at > row.prompt_at)
        next_at = min(later, default=None)
    return StepNow(row=row, round=round_, team=team, challenge=challenge_of(session, round_), next_at=next_at)
