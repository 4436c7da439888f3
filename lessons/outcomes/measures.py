"""What is measured: SKL's measures and our own, from what people answered. Every figure has passed `suppression`.

A wave's answers are taken as they were when it closed. What changed is measured on the same people, and only where that
tells nobody's answer beside the waves' own figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lessons.models import Role
from lessons.outcomes.figures import Answers, Figure
from lessons.outcomes.intervals import (
    Interval,
    YesNoPairs,
    bounds,
    mcnemar_mid_p,
    mean_change,
    paired_change,
    sign_test,
    standardised_change,
)
from lessons.outcomes.saying import RESPONSE_TO_TRUST, Share, in_percent, share
from lessons.outcomes.suppression import FEWEST, Bound, may_stand_beside, released
from lessons.surveys import Item, Wave

FEWEST_FOR_CHANGE = 10
"""People who answered both times, for a table of who changed which way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What one person answered to one question in one wave: a place on its scale."""

    person: int
    value: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """What SKL reported of its relays in 2015. Neither method nor response rate was told with it."""

    percent: int | None = None
    count: int | None = None


SKL: Mapping[str, Reference] = {
    "skl_participants": Reference(count=550),
    "skl_know_stimulate": Reference(percent=80),
    "skl_know_innovation": Reference(percent=80),
    "skl_insight_own": Reference(percent=70),
    "skl_awareness": Reference(percent=57),
    "skl_day_attend": Reference(count=250),
    "skl_day_satisfied": Reference(percent=80),
    "skl_units_model": Reference(count=10),
}
"""By measure, as Vinnova published them (2014-06031)."""

SHARES: Mapping[str, tuple[str, Wave]] = {
    "skl_know_stimulate": ("S1", Wave.T1),
    "skl_know_innovation": ("S2", Wave.T1),
    "skl_insight_own": ("S3", Wave.T1),
    "skl_awareness": ("S5", Wave.T2),
    "skl_day_satisfied": ("S4", Wave.DAY),
    "suits": ("S12", Wave.T1),
    "support": ("S13", Wave.T1),
    "noticed": ("S14", Wave.T1),
}
"""The measures that are a share: which question, in which wave."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareMeasured:
    """A share, with how many were asked and answered. `whole` None: too few to say anything.

    `could_be` is, in whole per cent, how far those who did not answer could have moved it; said under seven in ten.
    """

    asked: int
    answered: int | None
    whole: Share | Bound | None
    by_role: Mapping[Role, Share | None]
    could_be: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class YesNoChange:
    """How many of the same people said yes before and after. None of it is said where it is None as a whole."""

    pairs: YesNoPairs
    percent: int
    interval: tuple[int, int]
    mid_p: float
    can_be_told: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ScaleChange:
    """How many of the same people chose a higher, the same and a lower place on the scale; and the mean change with its
    interval, from fifteen people on."""

    higher: int
    same: int
    lower: int
    sign_p: float
    mean: float | None
    interval: Interval | None
    standardised: float | None

    @property
    def people(self) -> int:
        return self.higher + self.same + self.lower


def share_measured(
    item: Item, responses: Iterable[Response], *, asked: int, roles: Mapping[int, Role] | None = None
) -> ShareMeasured:
    """Return the share who answered one of `item.yes`, of those whose answer is on the scale.

    `asked` is how many were. With `roles`, everybody's who answered, the share in each role too; a role that a single
    person has is never told of.
    """
    answers = _as_yes(item, responses)
    parts = _by_role(answers, roles) if roles is not None else None
    table = released(answers, parts)
    answered = len(answers) if len(answers) >= FEWEST else None
    could_be = None
    if isinstance(table.whole, Figure) and len(answers) < RESPONSE_TO_TRUST * asked:
        could_be = in_percent(bounds(int(table.whole.total), len(answers), asked))
    whole = _said(table.whole) if isinstance(table.whole, Figure) else table.whole
    by_role = {Role(name): _said(figure) if figure else None for name, figure in table.parts.items()}
    return ShareMeasured(asked=asked, answered=answered, whole=whole, by_role=by_role, could_be=could_be)


def yes_no_change(item: Item, before: Iterable[Response], after: Iterable[Response]) -> YesNoChange | None:
    """Return the change among those who answered both times; None where fewer than ten did or it would tell on one.

    What the waves' own figures are of may not differ from the pairs by a few: they are compared with both.
    """
    first, second = _as_yes(item, before), _as_yes(item, after)
    both = first.of.keys() & second.of.keys()
    if len(both) < FEWEST_FOR_CHANGE or not _may_be_told([first, second], both):
        return None
    counts = [(first.of[one] == 1, second.of[one] == 1) for one in both]
    pairs = YesNoPairs(
        both=counts.count((True, True)),
        lost=counts.count((True, False)),
        gained=counts.count((False, True)),
        neither=counts.count((False, False)),
    )
    interval = paired_change(pairs)
    return YesNoChange(
        pairs=pairs,
        percent=round(100 * pairs.change),
        interval=in_percent(interval),
        mid_p=mcnemar_mid_p(pairs),
        can_be_told=not interval.holds_zero,
    )


def scale_change(values: tuple[int, ...], before: Iterable[Response], after: Iterable[Response]) -> ScaleChange | None:
    """Return how many went up, stayed and went down; None where fewer than ten answered twice or it would tell on
    somebody. `values` are the places on the scale, lowest first."""
    first, second = (_on_scale(values, responses) for responses in (before, after))
    both = sorted(first.of.keys() & second.of.keys())
    if len(both) < FEWEST_FOR_CHANGE or not _may_be_told([first, second], both):
        return None
    changes = [second.of[one] - first.of[one] for one in both]
    higher, lower = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    found = mean_change(changes)
    return ScaleChange(
        higher=higher,
        same=len(changes) - higher - lower,
        lower=lower,
        sign_p=sign_test(higher, lower),
        mean=found[0] if found else None,
        interval=found[1] if found else None,
        standardised=standardised_change(changes),
    )


def count_shown(count: int) -> int | None:
    """Return a count of people that may be shown: none is none, and one to four are not told."""
    return count if count == 0 or count >= FEWEST else None


def _as_yes(item: Item, responses: Iterable[Response]) -> Answers:
    return Answers(of={one.person: float(one.value in item.yes) for one in responses})


def _on_scale(values: tuple[int, ...], responses: Iterable[Response]) -> Answers:
    return Answers(of={one.person: float(one.value) for one in responses}, lowest=values[0], highest=values[-1])


def _by_role(answers: Answers, roles: Mapping[int, Role]) -> dict[str, list[int]]:
    return {role.value: [one for one in answers.of if roles[one] is role] for role in Role}


def _may_be_told(waves: Iterable[Answers], both: Iterable[int]) -> bool:
    people = set(both)
    return all(may_stand_beside(wave.among(people), [wave]) for wave in waves)


def _said(figure: Figure) -> Share:
    return share(int(figure.total), figure.answers)
