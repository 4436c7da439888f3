"""What has been released, as rows for a spreadsheet: one for each group, each time a question was asked."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from bot.conversation.outcome_words import chosen_text, heading, question_text, reference_percent
from bot.conversation.texts import Words
from lessons.outcomes.intervals import paired_change
from lessons.outcomes.measures import SKL, measure_of
from lessons.outcomes.released_cohort import ReleasedCohort, WaveOfCohort
from lessons.outcomes.released_wave import AT_LEAST, Counted, Limited, Question, ScaleChange, YesNoChange
from lessons.outcomes.saying import in_percent, in_points, share

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads å, ä and ö as something else."""
COLUMNS = (
    "organisation", "cohort", "wave", "opened", "item", "measure", "question", "yes_means", "group", "asked",
    "answered", "yes", "percent", "at_least", "at_most", "low", "high", "change_people", "change_higher",
    "change_same", "change_lower", "change_at_least", "change_at_most", "change_mean", "change_low", "change_high",
    "change_points", "change_points_low", "change_points_high", "skl", "count", "shown",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORMULA_WITHIN = re.compile(r"([;,]\s*)(?=[=+@-])")

Row = dict[str, str | int | float]


def outcomes_csv(cohort: ReleasedCohort, words: Words, *, semicolon: bool = False) -> str:
    """Return the file's text. With semicolons numbers have a decimal comma, as Swedish Excel reads them."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";" if semicolon else ",", lineterminator="\r\n")
    writer.writerow(words(f"outcomes.csv_{name}") for name in COLUMNS)
    same: Row = {"organisation": cohort.organisation, "cohort": cohort.name}
    for row in (*_waves(cohort, words), *_counts(cohort, words)):
        writer.writerow(_cell((same | row).get(name, ""), semicolon=semicolon) for name in COLUMNS)
    return BYTE_ORDER_MARK + written.getvalue()


def _waves(cohort: ReleasedCohort, words: Words) -> Iterator[Row]:
    for wave in cohort.waves:
        if wave.told is None:
            continue
        when: Row = {"wave": words(f"outcomes.wave_{wave.wave}"), "opened": wave.opens_on.isoformat()}
        answered: Row = {} if wave.told.answered is None else {"answered": wave.told.answered}
        rate: Row = {
            "measure": words("outcomes.answers_title"),
            "asked": wave.told.asked,
            "group": words("outcomes.group_all"),
        }
        yield when | rate | answered | _shown(wave.told.answered is not None, words)
        for question in wave.told.questions:
            if question.tells_share or question.tells_change:
                yield from (when | row for row in _question(wave, question, words))


def _question(wave: WaveOfCohort, question: Question, words: Words) -> Iterator[Row]:
    measure = measure_of(question.survey, question.item, wave.wave)
    what: Row = {
        "item": question.item,
        "measure": heading(question, wave.wave, words) if measure else "",
        "question": question_text(question, words),
        "yes_means": chosen_text(question.yes_texts, words),
    }
    if (percent := reference_percent(question, wave.wave)) is not None:
        what |= {"skl": percent}
    whole: Row = {"group": words("outcomes.group_all")} | _figures(question.share) | _change(question)
    if question.asked is not None:
        whole |= {"asked": question.asked}
    yield what | whole | _shown(question.share is not None or question.change is not None, words)
    for role, figure in question.by_role.items():
        group: Row = {"group": words(f"coordinating.role_many_{role}")}
        yield what | group | _figures(figure) | _shown(figure is not None, words)


def _figures(figure: Counted | Limited | None) -> Row:
    if figure is None:
        return {}
    if isinstance(figure, Limited):
        return {"answered": figure.answers, "at_least" if figure.is_lower else "at_most": figure.percent}
    said = share(figure.yes, figure.answers)
    row: Row = {"answered": figure.answers, "yes": figure.yes}
    if said.percent is not None and said.interval is not None:
        row |= {"percent": said.percent, "low": said.interval[0], "high": said.interval[1]}
    return row


def _change(question: Question) -> Row:
    match question.change:
        case ScaleChange() as change:
            row: Row = {"change_people": change.people}
            ways = {"higher": change.higher, "same": change.same, "lower": change.lower, "mean": change.mean}
            if change.interval is not None:
                ways |= {"low": change.interval[0], "high": change.interval[1]}
            if change.limit is not None:
                ways["at_least" if change.limit == AT_LEAST else "at_most"] = change.limit
            return row | {f"change_{name}": number for name, number in ways.items() if number is not None}
        case YesNoChange() as change:
            low, high = in_percent(paired_change(change.pairs))
            return {
                "change_people": change.pairs.people,
                "change_higher": change.gained,
                "change_same": change.both + change.neither,
                "change_lower": change.lost,
                "change_points": in_points(change.pairs.change, of=change.pairs.people),
                "change_points_low": low,
                "change_points_high": high,
            }
        case None:
            return {}


def _counts(cohort: ReleasedCohort, words: Words) -> Iterator[Row]:
    counts = cohort.counts
    participants: Row = {} if counts.participants is None else {"count": counts.participants}
    yield _counted("skl_participants", words) | participants | _shown(counts.participants is not None, words)
    for meeting in counts.meetings:
        attended: Row = {} if meeting.attended is None else {"count": meeting.attended}
        yield _counted("skl_day_attend", words) | {"opened": meeting.day.isoformat()} | attended
    yield _counted("skl_units_model", words) | {"count": counts.units_in_use, "answered": counts.units_asked}
    for name in ("legs", "batons", "tested"):
        yield {"measure": words(f"outcomes.done_{name}"), "count": getattr(counts, name)}
    for one in counts.rounds:
        yield {"measure": words("outcomes.done_round", title=words.of(one.title)), "count": one.rounds}
    if counts.facilitators_at_least:
        yield {"measure": words("outcomes.done_facilitated"), "at_least": counts.facilitators_at_least}


def _counted(measure: str, words: Words) -> Row:
    reference = SKL[measure].count
    return {"measure": words(f"outcomes.{measure}")} | ({} if reference is None else {"skl": reference})


def _shown(is_shown: bool, words: Words) -> Row:
    return {} if is_shown else {"shown": words("outcomes.hidden_short")}


def _cell(value: str | int | float, *, semicolon: bool) -> str:
    """A text that a spreadsheet would take for a formula is kept as text, also where it is split at another sign."""
    if isinstance(value, str):
        value = _FORMULA_WITHIN.sub(r"\1'", value)
        return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value).replace(".", ",") if semicolon else str(value)
