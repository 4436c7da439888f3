"""One vote each, changeable until it closes; and a tie, settled by the facilitator among the tied."""

from bot.conversation.cards import ChoiceInput, Divider, Form, Heading, Input, Note, Option, Paragraph, Part
from bot.conversation.events import Pressed, Submitted
from bot.conversation.round_again import settled_again
from bot.conversation.round_lists import nothing_to_read
from bot.conversation.round_pages import not_in_team, page, read_first, refused, said, short
from bot.conversation.round_results import Result, result_of, voted_about
from bot.conversation.round_view import Candidate, StepNow, belongs, on_day, step_now
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Visit
from bot.conversation.vote_cards import tally_parts, verdict
from lessons.challenge_steps import Vote, VoteKind
from storage import ballots, conclusions
from storage.ballots import HIGHEST, LOWEST
from storage.round_steps import NotTaken

MOST_PARTS = 94
"""Of a form where everything gets scores."""
PARTS_OF_ONE = 2
"""What stands before the scores of each: which it is, and what it says."""
CHOICE = "choice"


def open_(visit: Visit, event: Pressed) -> list[Show]:
    """Open the ballot, as the person has filled it in so far; once it has closed, how it went."""
    at = step_now(visit, event.value)
    vote = at.step.vote
    if vote is None:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    if not belongs(visit, at):
        return not_in_team(visit)
    result = result_of(visit.session, at, visit.words, visit.now)
    if result is not None:
        return [OpenForm(page(visit, "rounds.vote_title", *_went(at, result, visit.words)))]
    if (why_not := _why_not(visit, at)) is not None:
        return refused(visit, why_not)
    among = voted_about(visit.session, at, visit.words, visit.now)
    if not among:
        why = nothing_to_read(at, vote.on, visit.words)
        return said(visit, visit.words("rounds.nothing_to_choose", why=why))
    return [OpenForm(_ballot(visit, at, vote, among))]


def cast(visit: Visit, event: Submitted) -> list[Show]:
    at = step_now(visit, event.about)
    vote = at.step.vote
    if vote is None:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    among = voted_about(visit.session, at, visit.words, visit.now)
    if vote.kind is VoteKind.SCORES:
        why_not = _cast_scores(visit, event, at, vote, among)
    else:
        chosen = next((one.id for one in among if str(one.id) == event.text(CHOICE)), None)
        if chosen is None:
            return [Refuse({CHOICE: visit.words("rounds.choose")})]
        why_not = ballots.cast(visit.session, visit.person, at.row.id, chosen, visit.now)
    if isinstance(why_not, Refuse):
        return [why_not]
    if why_not is not None:
        return refused(visit, why_not)
    kept = "rounds.scores_kept" if vote.kind is VoteKind.SCORES else "rounds.vote_kept"
    return said(visit, visit.words(kept, when=_closes(visit, at)))


def ask_which(visit: Visit, event: Pressed) -> list[Show]:
    """Let the facilitator choose among the tied."""
    at = step_now(visit, event.value)
    result = result_of(visit.session, at, visit.words, visit.now)
    if at.team.facilitator_id != visit.person.id:
        return said(visit, visit.words("rounds.only_facilitator"))
    if result is None or not result.tied:
        return said(visit, visit.words("rounds.no_tie"))
    words = visit.words
    form = Form(
        name="round.settle",
        about=str(at.row.id),
        title=words("rounds.settle_title"),
        submit=words("rounds.settle"),
        close=words("rounds.cancel"),
        body=(
            Paragraph(words("rounds.settle_text")),
            ChoiceInput(
                name=CHOICE,
                label=words("rounds.settle_label"),
                options=tuple(Option(str(one.id), short(one.headline)) for one in result.tied),
            ),
        ),
    )
    return [OpenForm(form)]


def settle(visit: Visit, event: Submitted) -> list[Show]:
    """Keep the choice, and show it where the tie was told, and where it was said that nothing is chosen."""
    at = step_now(visit, event.about)
    result = result_of(visit.session, at, visit.words, visit.now)
    chosen = next((one for one in result.tied if str(one.id) == event.text(CHOICE)), None) if result else None
    if chosen is None:
        return said(visit, visit.words("rounds.no_tie"))
    why_not = conclusions.settle_tie(visit.session, visit.person, at.row.id, str(chosen.id))
    if why_not is not None:
        return refused(visit, why_not)
    return [*said(visit, visit.words("rounds.settled", text=chosen.headline)), *settled_again(visit, at)]


def _ballot(visit: Visit, at: StepNow, vote: Vote, among: list[Candidate]) -> Form:
    words, gives_scores = visit.words, vote.kind is VoteKind.SCORES
    mine = ballots.own_vote(visit.session, visit.person, at.row.id)
    changeable = "rounds.scores_open_until" if gives_scores else "rounds.vote_open_until"
    body: list[Part | Input] = [Note(words(changeable, when=_closes(visit, at)))]
    if gives_scores:
        body.append(Paragraph(words("rounds.scores_text")))
        given = mine if isinstance(mine, dict) else {}
        scored = among[: _most_scored(vote)]
        has_room = len(scored) * (len(vote.criteria) + PARTS_OF_ONE + 1) <= MOST_PARTS
        for number, one in enumerate(scored, start=1):
            heading = words("rounds.scored_one", number=number, all=len(scored))
            body += [*([Divider()] if has_room else []), Heading(heading), Paragraph(one.text)]
            body += _scores(one, vote, given.get(str(one.id), []), words)
    else:
        options = tuple(Option(str(one.id), short(one.headline)) for one in among)
        initial = (str(mine),) if str(mine) in {option.value for option in options} else ()
        body += read_first(visit, at, vote.on)
        body.append(ChoiceInput(name=CHOICE, label=words("rounds.vote_label"), options=options, initial=initial))
    return Form(
        name="vote.cast",
        about=str(at.row.id),
        title=words("rounds.score" if gives_scores else "rounds.vote_title"),
        submit=words("rounds.submit" if gives_scores else "rounds.vote"),
        close=words("rounds.cancel"),
        body=tuple(body),
    )


def _scores(one: Candidate, vote: Vote, given: list[int], words: Words) -> list[Part | Input]:
    options = tuple(Option(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1))
    return [
        ChoiceInput(
            name=_score_name(one, at),
            label=words.of(criterion),
            options=options,
            initial=(str(given[at]),) if at < len(given) else (),
        )
        for at, criterion in enumerate(vote.criteria)
    ]


def _cast_scores(
    visit: Visit, event: Submitted, at: StepNow, vote: Vote, among: list[Candidate]
) -> NotTaken | Refuse | None:
    scores: dict[str, list[int]] = {}
    known = {str(score): score for score in range(LOWEST, HIGHEST + 1)}
    was_asked = {name for name in event.values if name.startswith("score_")}
    for one in among[: _most_scored(vote)]:
        names = [_score_name(one, index) for index in range(len(vote.criteria))]
        if not was_asked.intersection(names):
            continue  # it came after the ballot was opened
        if missing := [name for name in names if event.text(name) not in known]:
            return Refuse(dict.fromkeys(missing, visit.words("rounds.choose")))
        scores[str(one.id)] = [known[event.text(name)] for name in names]
    return ballots.cast_scores(visit.session, visit.person, at.row.id, scores, visit.now, criteria=len(vote.criteria))


def _went(at: StepNow, result: Result, words: Words) -> list[Part]:
    return [Heading(words.of(at.step.title)), *map(Paragraph, verdict(result, words)), *tally_parts(result, words)]


def _why_not(visit: Visit, at: StepNow) -> NotTaken | None:
    closes_at = at.row.closes_at
    if at.is_over or (closes_at is not None and closes_at <= visit.now):
        return NotTaken.CLOSED
    return NotTaken.NOT_YET if visit.now < at.row.prompt_at else None


def _closes(visit: Visit, at: StepNow) -> str:
    return on_day(at, at.row.closes_at or at.round.ends_at, visit.words, visit.now)


def _most_scored(vote: Vote) -> int:
    return MOST_PARTS // (len(vote.criteria) + PARTS_OF_ONE)


def _score_name(one: Candidate, criterion: int) -> str:
    return f"score_{one.id}_{criterion}"


ROUTES = Routes(
    presses={"vote.open": open_, "round.settle": ask_which},
    forms={"vote.cast": cast, "round.settle": settle},
    commands={},
    in_channels=frozenset({"vote.open", "vote.cast", "round.settle"}),
)
