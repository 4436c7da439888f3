"""What does not hold between the parts of a challenge: each with its place, and a sentence that says what to do."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lessons.batons import MOST_WORDS, Part
from lessons.challenge_steps import Audience, By, HandIn, Input, InputKind, Outcome, Step, Vote, VoteKind
from lessons.spelling import nearest
from lessons.yaml_lines import Place

if TYPE_CHECKING:
    from lessons.challenges import Challenge, WrapUpLine

Misfit = tuple[Place, str]

FIRST_CLOCK, LAST_CLOCK = "10:00", "16:30"
"""When something may open or close: after a morning's prompt, and before the working day is over."""
FEWEST_VOTES = 3
"""Of two votes that are told, each knows the other's."""
BATON, TESTED = "baton", "tested"
"""The step that a relay's baton is written in, and what is asked there besides its four texts."""


class Misfits(ValueError):
    """Parts of a challenge that do not fit together."""

    def __init__(self, misfits: Iterable[Misfit]) -> None:
        self.misfits = tuple(misfits)
        super().__init__(" ".join(sentence for _, sentence in self.misfits))


def misfits_of(challenge: "Challenge") -> list[Misfit]:
    """Return everything that does not hold, in the order of the file."""
    return [
        *_team(challenge),
        *_days(challenge),
        *_pairs(challenge),
        *_relay(challenge),
        *_twice(("steps",), [step.key for step in challenge.steps], "key"),
        *(
            ((*("steps", number), *place), sentence)
            for number, step in enumerate(challenge.steps)
            for place, sentence in _step(step, challenge, earlier=challenge.steps[:number])
        ),
        *_twice(("wrap_up",), [line.key for line in challenge.wrap_up], "key"),
        *(
            (("wrap_up", number, "from"), sentence)
            for number, line in enumerate(challenge.wrap_up)
            for sentence in _origin(line, challenge)
        ),
    ]


def _team(challenge: "Challenge") -> Iterator[Misfit]:
    team = challenge.team
    if team.least > team.most:
        sentence = f"`least` is {team.least} and `most` is {team.most}. Let `least` be at most {team.most}."
        yield ("team", "least"), sentence
    for name in ("principles", "behaviours"):
        yield from _twice((name,), getattr(challenge, name), "name", at_item=True)


def _days(challenge: "Challenge") -> Iterator[Misfit]:
    if challenge.steps[0].day != 1:
        yield ("steps", 0, "day"), f"the first step is on day {challenge.steps[0].day}. Let it be on day 1."
    taken = 0
    for number, step in enumerate(challenge.steps):
        place: Place = ("steps", number)
        if step.last_day < step.day:
            yield (*place, "until"), f"`until` is {step.until}, before `day` {step.day}. Write a later day."
        elif step.daily and step.last_day == step.day:
            yield (*place, "daily"), "a step of one day cannot be `daily`. Add `until`, or take `daily` out."
        if number and step.day <= taken:
            sentence = f'"{step.key}" begins on day {step.day}, and the step before it goes on to day {taken}.'
            yield (*place, "day"), f"{sentence} Let it begin on day {taken + 1} or later."
        if step.last_day > challenge.length:
            where = "day" if step.until is None else "until"
            sentence = f"day {step.last_day} is after the last, {challenge.length}."
            yield (*place, where), f"{sentence} Move the step, or make `length` longer."
        taken = max(taken, step.last_day)


def _pairs(challenge: "Challenge") -> Iterator[Misfit]:
    first = challenge.steps[0]
    if challenge.form != "pairs" or (first.private and first.audience is Audience.MEMBERS and not first.hand_in):
        return
    sentence = "people are put together when the first step begins, and each is told alone whom they meet."
    yield ("steps", 0), f"{sentence} Write `private` to all members, and let a later step ask them for something."


def _relay(challenge: "Challenge") -> Iterator[Misfit]:
    if challenge.form != "relay":
        return
    found = next(((number, step) for number, step in enumerate(challenge.steps) if step.key == BATON), None)
    if found is None:
        yield ("steps",), 'a relay hands a baton over, and no step is called "baton". Let the step that writes it be.'
        return
    place: Place = ("steps", found[0], "hand_in")
    hand_in = found[1].hand_in
    if hand_in is None or hand_in.by is not By.TEAM or hand_in.about is not None:
        yield place, "the baton is the team's, and one. Let it be handed in by: team, about nothing else."
        return
    asked = [*Part, TESTED]
    if sorted(one.key for one in hand_in.inputs) != sorted(asked):
        yield (*place, "inputs"), f"a baton asks for {', '.join(asked)}, and nothing else. Let the inputs be these."
    for number, one in enumerate(hand_in.inputs):
        if one.key in list(Part) and (one.kind is not InputKind.TEXT or one.words > MOST_WORDS):
            sentence = f'"{one.key}" of a baton is a text of at most {MOST_WORDS} words. Let it be.'
            yield (*place, "inputs", number), sentence
        if one.key == TESTED and one.kind is not InputKind.YES_NO:
            yield (*place, "inputs", number, "kind"), "a baton's `tested` is yes or no. Write kind: yes_no."


def _twice(place: Place, names: Iterable[str], part: str, *, at_item: bool = False) -> Iterator[Misfit]:
    seen = set()
    for number, name in enumerate(names):
        if name in seen:
            where: Place = (*place, number) if at_item else (*place, number, part)
            yield where, f'"{name}" stands twice. Give each {"one once" if at_item else "a name of its own"}.'
        seen.add(name)


def _step(step: Step, challenge: "Challenge", *, earlier: tuple[Step, ...]) -> Iterator[Misfit]:
    if step.hand_in and step.vote:
        yield ("vote",), "a step has `hand_in` or `vote`, not both. Make the vote a step of its own, on a later day."
    if step.only and not step.private:
        yield ("only",), "`only` says to whom `private` goes, and there is none. Write `private`, or take `only` out."
    if challenge.mandate is None:
        if step.only is Audience.MANDATE:
            yield ("only",), "this goes to who has the mandate. Say with `mandate` who that is."
        if step.hand_in and step.hand_in.by is By.MANDATE:
            yield ("hand_in", "by"), "this is handed in by who has the mandate. Say with `mandate` who that is."
    yield from _voluntary(step) if step.is_voluntary else _quorum(step, challenge)
    yield from _must(step, challenge)
    if step.hand_in:
        for place, sentence in _hand_in(step.hand_in, challenge, earlier=earlier):
            yield ("hand_in", *place), sentence
    if step.vote:
        for place, sentence in _vote(step.vote, earlier=earlier):
            yield ("vote", *place), sentence


def _quorum(step: Step, challenge: "Challenge") -> Iterator[Misfit]:
    if step.vote is not None and step.least < FEWEST_VOTES:
        sentence = f"`least` is {step.least}, and of fewer than {FEWEST_VOTES} votes everybody knows who cast which."
        yield ("least",), f"{sentence} Let it be {FEWEST_VOTES} or more."
    if step.least == 1:
        return
    if step.vote is None and (step.hand_in is None or step.hand_in.by is not By.EACH):
        yield ("least",), "`least` counts people who hand in or vote. Take it out, or let `each` hand something in."
    elif step.least > challenge.team.least:
        sentence = f"`least` is {step.least}, and a team may have only {challenge.team.least}."
        yield ("least",), f"{sentence} Let it be at most {challenge.team.least}, or let the team be larger."


def _voluntary(step: Step) -> Iterator[Misfit]:
    if step.vote:
        yield ("least",), f"a vote that nobody casts has no winner. Let `least` be {FEWEST_VOTES} or more."
    elif step.hand_in is None or step.hand_in.by is not By.EACH:
        sentence = "`least: 0` leaves it to each to hand in or not."
        yield ("least",), f"{sentence} Take it out, or let `each` hand something in."


def _must(step: Step, challenge: "Challenge") -> Iterator[Misfit]:
    if not step.must:
        return
    if step.hand_in is None:
        yield (
            ("must",),
            "the round waits for what is handed in, and here nothing is. Take `must` out, or add `hand_in`.",
        )
    elif step.is_voluntary:
        sentence = "nobody has to hand in here, so the round cannot wait for it."
        yield ("must",), f"{sentence} Take `must` out, or let `least` be 1 or more."
    elif step == challenge.steps[-1]:
        yield ("must",), "no step comes after this one, so nothing waits for it. Take `must` out."


def _hand_in(hand_in: HandIn, challenge: "Challenge", *, earlier: tuple[Step, ...]) -> Iterator[Misfit]:
    if hand_in.by is By.EACH and hand_in.opens is None:
        sentence = "`opens` is missing: what each hands in is hidden until then."
        yield (), f'{sentence} Add a time, such as opens: "15:00".'
    if hand_in.by is not By.EACH and hand_in.anonymous:
        yield ("anonymous",), "only what `each` hands in can be anonymous. Let by be each, or take `anonymous` out."
    if hand_in.by is By.TEAM and hand_in.most_each > 1 and hand_in.about is None:
        sentence = "the team hands in once, and what was written last counts."
        yield ("most_each",), f"{sentence} Take `most_each` out, or let by be each."
    if hand_in.anonymous and hand_in.about is not None:
        sentence = "what is anonymous is kept without ties, so it cannot be about something else."
        yield ("about",), f"{sentence} Take `about` or `anonymous` out."
    if hand_in.opens_with is not None:
        if not hand_in.anonymous:
            yield ("opens_with",), "`opens_with` is for what is anonymous. Take it out, or add anonymous: true."
        elif hand_in.opens_with > (reached := challenge.team.least * hand_in.most_each):
            sentence = f"`opens_with` is {hand_in.opens_with}, and the smallest team can hand in only {reached}."
            yield ("opens_with",), f"{sentence} Lower it, or let the team be larger."
    yield from _humane(hand_in.opens, "opens")
    if hand_in.about is not None:
        yield from _earlier(hand_in.about, "about", earlier)
    yield from _twice(("inputs",), [one.key for one in hand_in.inputs], "key")
    yield from _hidden(hand_in)
    for number, one in enumerate(hand_in.inputs):
        for place, sentence in _input(one):
            yield ("inputs", number, *place), sentence


def _hidden(hand_in: HandIn) -> Iterator[Misfit]:
    hidden = [number for number, one in enumerate(hand_in.inputs) if not one.shown]
    if not hidden:
        return
    place: Place = ("inputs", hidden[0], "shown")
    if hand_in.by is not By.EACH:
        yield place, "what is handed in for all of them is shown to them. Take `shown` out, or let by be each."
    elif hand_in.anonymous:
        yield place, "what has no author and is not shown is read by nobody. Take `shown` or `anonymous` out."
    elif len(hidden) == len(hand_in.inputs):
        yield place, "nothing of what is handed in is shown. Take `shown` out of at least one input."


def _input(one: Input) -> Iterator[Misfit]:
    if one.kind is InputKind.CHOICE and len(one.options) < 2:
        yield (), f'"{one.key}" is a choice with {len(one.options)} options. Write at least two under `options`.'
    if one.kind is not InputKind.CHOICE and one.options:
        yield ("options",), f'"{one.key}" is a {one.kind}, which has no options. Take them out, or write kind: choice.'
    if one.key in list(Outcome):
        yield ("key",), f'"{one.key}" has a meaning of its own in `wrap_up`. Choose another key.'
    yield from _twice(("options",), [option.key for option in one.options], "key")


def _vote(vote: Vote, *, earlier: tuple[Step, ...]) -> Iterator[Misfit]:
    if vote.kind is VoteKind.SCORES and not vote.criteria:
        yield ("kind",), "scores are given on criteria. Write them under `criteria`, or write kind: one."
    if vote.kind is VoteKind.ONE and vote.criteria:
        yield ("criteria",), "who picks one gives no scores. Take `criteria` out, or write kind: scores."
    yield from _humane(vote.closes, "closes")
    yield from _earlier(vote.on, "on", earlier)


def _humane(clock: str | None, key: str) -> Iterator[Misfit]:
    if clock is not None and not FIRST_CLOCK <= clock <= LAST_CLOCK:
        yield (key,), f"`{key}` is {clock}. Write a time from {FIRST_CLOCK} to {LAST_CLOCK}."


def _earlier(name: str, key: str, earlier: tuple[Step, ...]) -> Iterator[Misfit]:
    handing = [step.key for step in earlier if step.hand_in]
    if name not in handing:
        choose = f"Choose one of: {', '.join(handing)}." if handing else "Let an earlier step hand something in first."
        sentence = f'no earlier step "{name}" hands anything in.{nearest(name, handing)}'
        yield (key,), f"{sentence} {choose}"
    for step in earlier:
        if step.key == name and step.hand_in and not step.hand_in.inputs[0].shown:
            sentence = f'what "{name}" hands in is known by its first input, and that is not shown.'
            yield (key,), f"{sentence} Let an input that is shown come first."


def _origin(line: "WrapUpLine", challenge: "Challenge") -> Iterator[str]:
    if line.source is None:
        return
    key, part = line.source
    step = challenge.step(key)
    if step is None:
        hint = nearest(key, [one.key for one in challenge.steps])
        yield f'there is no step "{key}".{hint} Name a step, or write from: written.'
    elif part == Outcome.WINNER:
        if challenge.vote_about(key) is None:
            yield f'nothing is voted on in "{key}". Name a step with `vote`, or one that is voted on.'
    elif part == Outcome.COUNT:
        if step.hand_in is None and step.vote is None:
            yield f'nothing is handed in on "{key}", so there is nothing to count. Name another step.'
        elif step.is_voluntary:
            yield f'handing in on "{key}" is voluntary, so nobody is told how many did. Name another step.'
    elif step.hand_in is None or step.hand_in.input(part) is None:
        known = [one.key for one in step.hand_in.inputs] if step.hand_in else []
        yield f'"{key}" has no input "{part}".{nearest(part, known)} Name one of its inputs, winner or count.'
    elif step.hand_in.by is By.EACH or step.hand_in.about is not None:
        yield f'"{key}" may have many answers to "{part}". Take the winner or the count, or write from: written.'
