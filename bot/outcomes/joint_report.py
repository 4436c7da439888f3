"""The joint report of several organisations, made of the documents each has released."""

from collections.abc import Sequence
from datetime import date

from bot.conversation.outcome_words import (
    change_text,
    heading,
    question_text,
    reference_percent,
    scale_ways,
    share_notes,
    share_text,
)
from bot.conversation.texts import Words
from bot.outcomes.counted import count_notes
from bot.outcomes.parts import Group, Report, ShareRow, Shown
from bot.outcomes.tables import change_table, rows_table
from lessons.outcomes.joining import (
    Joined,
    JoinedChange,
    are_organisations,
    joined,
    joined_changes,
    joined_count,
    names_of,
    skl_count,
)
from lessons.outcomes.measures import SHARES, SKL, measure_of
from lessons.outcomes.released_cohort import ReleasedCohort
from lessons.outcomes.released_wave import ScaleChange


def joint_report(cohorts: Sequence[ReleasedCohort], words: Words, *, made_on: date) -> Report:
    """Raises `joining.Twice`."""
    shown = [
        (measure_of(one.question.survey, one.question.item, one.wave), _shown(one, cohorts, words))
        for one in joined(cohorts)
    ]
    skl = []
    for measure in SKL:
        if measure not in SHARES:
            skl.append(_counted(measure, cohorts, words))
            continue
        waits = Shown(heading=words(f"outcomes.{measure}"), sentence=words("outcomes.not_measured"))
        skl += [one for of, one in shown if of == measure] or [waits]
    own = [one for measure, one in shown if measure not in SKL]
    changes = [_changed(one, cohorts, words) for one in joined_changes(cohorts)]
    groups = [
        Group(title=words("outcomes.measures_skl"), shown=skl),
        Group(title=words("outcomes.measures_change"), note=words("outcomes.change_note"), shown=changes),
        Group(title=words("outcomes.measures_own"), shown=own),
    ]
    several = len({one.organisation for one in cohorts}) > 1
    return Report(
        title=words("outcomes.joint_title" if several else "outcomes.joint_title_cohorts"),
        note=words("outcomes.joint_intro"),
        facts=[
            (words(f"outcomes.fact_{_what(cohorts)}"), words.listed(names_of(cohorts))),
            (words("outcomes.fact_made_on"), words.long_day(made_on)),
        ],
        responses=_responses(cohorts, words),
        groups=[group for group in groups if group.shown],
        digests=sorted({wave.told.digest for one in cohorts for wave in one.waves if wave.told is not None}),
    )


def _what(cohorts: Sequence[ReleasedCohort]) -> str:
    """What is counted: organisations, or cohorts where one organisation has several."""
    return "organisations" if are_organisations(cohorts) else "cohorts"


def _shown(one: Joined, cohorts: Sequence[ReleasedCohort], words: Words) -> Shown:
    name, text = heading(one.question, one.wave, words), question_text(one.question, words)
    rows: list[ShareRow] = list(one.by_cohort)
    if one.question.share is not None:
        rows.append((words("outcomes.joint_total"), one.question.share))
        sentence = share_text(one.question, words)
        notes = [
            words(f"outcomes.joint_of_{_what(cohorts)}", shown=one.shown, all=len(cohorts)),
            *share_notes(one.question, one.wave, words),
        ]
    else:
        sentence, notes = words(f"outcomes.joint_one_{_what(cohorts)}"), []
    when = words(f"outcomes.wave_{one.wave}")
    return Shown(
        heading=name,
        when=when if one.times == 1 else words("outcomes.joint_time", wave=when, time=one.time, times=one.times),
        asked="" if name == text else text,
        sentence=sentence,
        notes=notes,
        tables=rows_table(rows, one.question, name, words, first=_what(cohorts)),
        shares=rows,
        reference=reference_percent(one.question, one.wave),
    )


def _changed(one: JoinedChange, cohorts: Sequence[ReleasedCohort], words: Words) -> Shown:
    """Without a mean: it cannot be had from what each has released."""
    name, change = heading(one.question, one.wave, words), one.question.change
    is_shown = isinstance(change, ScaleChange)
    return Shown(
        heading=name,
        when=words(f"outcomes.wave_{one.wave}"),
        sentence=change_text(one.question, words) if is_shown else words(f"outcomes.joint_one_{_what(cohorts)}"),
        notes=[words(f"outcomes.joint_of_{_what(cohorts)}", shown=one.shown, all=len(cohorts))] if is_shown else (),
        tables=change_table(one.question, name, words),
        ways=scale_ways(change, words) if isinstance(change, ScaleChange) else (),
    )


def _counted(measure: str, cohorts: Sequence[ReleasedCohort], words: Words) -> Shown:
    found = joined_count(skl_count(measure, one.counts) for one in cohorts)
    sentence = words(f"outcomes.joint_one_{_what(cohorts)}")
    if found.number is not None:
        sentence = words(
            f"outcomes.joint_counted_{_what(cohorts)}", number=found.number, shown=found.shown, all=len(cohorts)
        )
    return Shown(
        heading=words(f"outcomes.{measure}"),
        sentence=sentence,
        notes=count_notes(measure, words),
    )


def _responses(cohorts: Sequence[ReleasedCohort], words: Words) -> list[tuple[str, str]]:
    """Say of each cohort how many answered in its waves that have closed."""
    lines = []
    for name, cohort in zip(names_of(cohorts), cohorts, strict=True):
        said = [
            words(
                "outcomes.joint_response",
                wave=words(f"outcomes.wave_{wave.wave}"),
                answered=wave.told.answered or words("outcomes.few"),
                asked=wave.told.asked,
            )
            for wave in cohort.waves
            if wave.told is not None
        ]
        lines.append(
            (name, " ".join(said) or words("outcomes.card_waits" if cohort.waves else "outcomes.answers_none"))
        )
    return lines
