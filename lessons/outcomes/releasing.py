"""A wave has closed: what of its answers others may see, from then on and for ever. Called once, when it closes.

Each answer is told of in one way only. A question that was asked before the first exercise too is told as a change, on
the same people, and how they stood in any one wave is not: of two sums over nearly the same people, what one of them
said could be worked out. The others are told as shares, by role where that tells nobody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from lessons.models import Role
from lessons.outcomes.figures import Answers, Figure
from lessons.outcomes.intervals import mean_change, standardised_change
from lessons.outcomes.measures import STANDS_AND_CHANGE, STANDS_IN_EACH_WAVE, count_shown
from lessons.outcomes.released_wave import (
    AT_LEAST,
    AT_MOST,
    FEWEST_EACH_WAY,
    FEWEST_FOR_CHANGE,
    Counted,
    Limited,
    Question,
    ReleasedWave,
    ScaleChange,
    YesNoChange,
)
from lessons.outcomes.suppression import FEWEST, Bound, may_stand_beside, released
from lessons.surveys import Item, Survey, Wave


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What one person answered to one question in one wave: the key of an option, or None where they declined.
    `about` is the behaviour that it was about, or empty."""

    person: int
    item: str
    about: str = ""
    value: str | None


def release(
    surveys: Sequence[Survey],
    *,
    digest: str,
    wave: Wave,
    asked: Mapping[int, Role],
    responses: Iterable[Answered],
    at_first: Iterable[Answered] = (),
) -> dict[str, Any]:
    """Return what may be shown of a wave, as plain JSON: `released_wave.read_wave` reads it.

    `asked` is everybody who was, with their role: nobody else's answers count. `at_first` is what was answered before
    the first exercise.
    """
    said = _by_item(one for one in responses if one.person in asked)
    before = _by_item(at_first)
    answered = _answered(surveys, said)
    questions = []
    for survey in surveys:
        for item in survey.items:
            had_it = {person: role for person, role in asked.items() if role in item.roles}
            if wave in item.waves and had_it:
                now = [one for one in said.get(item.id, ()) if one.person in had_it]
                then = before.get(item.id, ())
                questions.append(_question(survey, item, wave, asked=had_it, now=now, then=then))
    told = ReleasedWave(
        wave=wave,
        digest=digest,
        asked=len(asked),
        answered=answered if answered >= FEWEST else None,
        roles_by_size=True,
        questions=tuple(questions),
    )
    return told.model_dump(mode="json")


def _by_item(answers: Iterable[Answered]) -> dict[str, list[Answered]]:
    """Without what was declined."""
    found: dict[str, list[Answered]] = {}
    for one in answers:
        if one.value is not None:
            found.setdefault(one.item, []).append(one)
    return found


def _answered(surveys: Sequence[Survey], said: Mapping[str, Sequence[Answered]]) -> int:
    """Whoever chose nothing but answers apart from a scale is counted with five such or more: where one thing alone was
    asked, they are what this number has and the answers to the question have not."""
    items = [(survey, item) for survey in surveys for item in survey.items]
    anything = {one.person for answers in said.values() for one in answers}
    on_scale = {one for survey, item in items for one in _on_scale(survey, item, said.get(item.id, ()))}
    return len(on_scale) + (count_shown(len(anything - on_scale)) or 0)


_ByPerson = Mapping[int, Mapping[str, int]]
"""Somebody's places on the scale, by what each is about."""


def _question(
    survey: Survey,
    item: Item,
    wave: Wave,
    *,
    asked: Mapping[int, Role],
    now: Sequence[Answered],
    then: Sequence[Answered],
) -> Question:
    tells_share, tells_change = _told_as(survey, item, wave)
    options = survey.scale_of(item).options
    on_scale, on_scale_then = _on_scale(survey, item, now), _on_scale(survey, item, then)
    whole: Counted | Limited | None = None
    by_role: dict[Role, Counted | None] = {}
    change: ScaleChange | YesNoChange | None = None
    if tells_share:
        answers = _as_yes(item, on_scale)
        # Every role that was asked: one left out would tell that its only politician did not answer.
        roles = [role for role in item.roles if role in asked.values()]
        table = released(answers, {role.value: [one for one in on_scale if asked[one] is role] for role in roles})
        whole = _whole(table.whole)
        if not tells_change and len(roles) > 1:
            by_role = {role: _counted(table.parts[role.value]) for role in roles}
    if tells_change:
        change = (_yes_no_change if tells_share else _scale_change)(item, on_scale, on_scale_then)
    return Question(
        survey=survey.id,
        item=item.id,
        text=item.text,
        yes_texts=tuple(option.text for option in options if option.value in item.yes),
        asked=None if item.about else len(asked),
        tells_share=tells_share,
        share=whole,
        by_role=by_role,
        apart=_apart(survey, item, now, on_scale) if isinstance(whole, Counted) else 0,
        apart_texts=tuple(option.text for option in options if option.value is None),
        tells_change=tells_change,
        change=change,
    )


def _told_as(survey: Survey, item: Item, wave: Wave) -> tuple[bool, bool]:
    """Whether a question tells, in this wave, how people stand, and what has changed."""
    key = (survey.id, item.id)
    if Wave.T0 not in item.waves or key in STANDS_IN_EACH_WAVE:
        return True, False
    return key in STANDS_AND_CHANGE and wave is not Wave.T0, wave is not Wave.T0


def _on_scale(survey: Survey, item: Item, said: Sequence[Answered]) -> _ByPerson:
    places = {option.key: option.value for option in survey.scale_of(item).options if option.value is not None}
    found: dict[int, dict[str, int]] = {}
    for one in said:
        if one.value in places:
            found.setdefault(one.person, {})[one.about] = places[one.value]
    return found


def _as_yes(item: Item, answers: _ByPerson) -> Answers:
    """Who was asked of several behaviours says yes when they do of any."""
    return Answers(
        of={person: float(any(value in item.yes for value in of.values())) for person, of in answers.items()}
    )


def _whole(found: Figure | Bound | None) -> Counted | Limited | None:
    if isinstance(found, Bound):
        return Limited(answers=found.answers, percent=AT_LEAST if found.is_lower else AT_MOST, is_lower=found.is_lower)
    return _counted(found)


def _counted(figure: Figure | None) -> Counted | None:
    return Counted(answers=figure.answers, yes=int(figure.total)) if figure else None


def _apart(survey: Survey, item: Item, said: Sequence[Answered], on_scale: _ByPerson) -> int:
    """Of several behaviours somebody may answer one on the scale and another not: they are among the answers."""
    keys = {option.key for option in survey.scale_of(item).options if option.value is None}
    return count_shown(len({one.person for one in said if one.value in keys} - on_scale.keys())) or 0


def _yes_no_change(item: Item, now: _ByPerson, then: _ByPerson) -> YesNoChange | None:
    """Told beside the share of everybody who answered now."""
    first, second = _as_yes(item, then), _as_yes(item, now)
    both = first.of.keys() & second.of.keys()
    if len(both) < FEWEST_FOR_CHANGE:
        return None
    if not may_stand_beside(second.among(both), [second]):
        return None
    counts = Counter((first.of[one] == 1, second.of[one] == 1) for one in both)
    both_times, lost, gained, neither = (counts[was, now] for was in (True, False) for now in (True, False))
    if min(both_times, lost, gained, neither) < FEWEST_EACH_WAY:
        return None
    return YesNoChange(both=both_times, lost=lost, gained=gained, neither=neither)


def _scale_change(_item: Item, now: _ByPerson, then: _ByPerson) -> ScaleChange | None:
    """Who was asked of several behaviours has changed by the mean of those they answered of both times."""
    changes = []
    for person, after in now.items():
        before = then.get(person, {})
        if of_both := after.keys() & before.keys():
            changes.append(fmean(after[about] - before[about] for about in of_both))
    if len(changes) < FEWEST_FOR_CHANGE:
        return None
    higher, lower = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    same = len(changes) - higher - lower
    if min(higher, same, lower) < FEWEST_EACH_WAY:
        rose = _whole(released(Answers(of=dict(enumerate(float(change > 0) for change in changes)))).whole)
        if isinstance(rose, Limited):
            return ScaleChange(people=len(changes), limit=rose.percent)
        return ScaleChange(people=len(changes), higher=higher)
    # From the mean, its interval and how many went down it follows how far each of a few did.
    found = mean_change(changes) if min(higher, lower) >= FEWEST else None
    standardised = standardised_change(changes) if found else None
    return ScaleChange(
        people=len(changes),
        higher=higher,
        same=same,
        lower=lower,
        mean=_to_one_decimal(found[0]) if found else None,
        interval=(_to_one_decimal(found[1].low), _to_one_decimal(found[1].high)) if found else None,
        standardised=_to_one_decimal(standardised) if standardised is not None else None,
    )


def _to_one_decimal(number: float) -> float:
    """As exactly as it is said, without a minus before a zero."""
    return round(number, 1) + 0.0
