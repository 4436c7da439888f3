"""The report of a cohort, before it is a page or a table: made of what has been released, and of nothing else. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.conversation.outcome_words import (
    change_notes,
    change_text,
    decimal,
    heading,
    is_change_alone,
    question_text,
    reference_percent,
    response_text,
    scale_ways,
    share_notes,
    share_text,
    stop_text,
    wave_text,
)
from bot.conversation.texts import Words
from bot.outcomes.counted import counted, counts_table
from bot.outcomes.parts import Group, Report, Shown, Table
from bot.outcomes.tables import Asked, change_table, rows_table, share_rows
from lessons.outcomes.intervals import mcnemar_mid_p
from lessons.outcomes.measures import SHARES, SKL, measure_of
from lessons.outcomes.released_cohort import ReleasedCohort, WaveOfCohort
from lessons.outcomes.released_wave import Question, ReleasedWave, ScaleChange, YesNoChange
from lessons.surveys import Wave


def report_of(cohort: ReleasedCohort, words: Words, *, made_on: date) -> Report:
    closed = [(wave, wave.told) for wave in cohort.waves if wave.told is not None]
    told = [(wave, question) for wave, released in closed for question in _of_enough(released)]
    changes = [_shown(wave, question, words) for wave, question in told if is_change_alone(question)]
    asked: dict[tuple[str, str], list[Asked]] = {}
    for wave, question in told:
        if question.tells_share and measure_of(question.survey, question.item, wave.wave) not in SKL:
            asked.setdefault((question.survey, question.item), []).append((wave, question))
    own = [_shown(*times[-1], words, earlier=times[:-1]) for times in asked.values()]
    groups = [
        Group(title=words("outcomes.measures_skl"), shown=list(_skl(cohort, told, words))),
        Group(title=words("outcomes.measures_change"), note=words("outcomes.change_note"), shown=changes),
        Group(title=words("outcomes.measures_own"), shown=own),
        Group(title=words("outcomes.measures_done"), shown=(), table=counts_table(cohort.counts, words)),
    ]
    return Report(
        title=words("outcomes.page_title", name=cohort.name),
        facts=_facts(cohort, words, made_on),
        stop=stop_text(cohort.waves, words),
        responses=[(wave_text(wave, words), _response(wave, words, made_on)) for wave in cohort.waves],
        groups=[group for group in groups if group.shown or group.table is not None],
        tests=_tests(told, words),
        digests=sorted({released.digest for _wave, released in closed}),
    )


def _of_enough(released: ReleasedWave) -> Sequence[Question]:
    """Of a wave that hardly anybody answered it is said once that nothing is shown, not of each question."""
    if released.answered is None:
        return ()
    return [question for question in released.questions if question.tells_share or question.tells_change]


def _skl(cohort: ReleasedCohort, told: list[Asked], words: Words) -> Iterator[Shown]:
    for measure in SKL:
        if measure not in SHARES:
            yield from counted(measure, cohort.counts, words)
            continue
        found = [
            _shown(wave, question, words)
            for wave, question in told
            if measure_of(question.survey, question.item, wave.wave) == measure
        ]
        waits = Shown(heading=words(f"outcomes.{measure}"), sentence=words("outcomes.not_measured"))
        yield from found or [waits]


def _shown(wave: WaveOfCohort, question: Question, words: Words, earlier: Sequence[Asked] = ()) -> Shown:
    name, text = heading(question, wave.wave, words), question_text(question, words)
    alone, change = is_change_alone(question), question.change
    rows = [] if alone else share_rows((wave, question), earlier, words)
    tables = (*rows_table(rows, question, name, words), *change_table(question, name, words))
    beside = (change_text(question, words), *change_notes(question, words)) if question.tells_change else ()
    return Shown(
        heading=name,
        when=wave_text(wave, words),
        asked="" if name == text else text,
        sentence=change_text(question, words) if alone else share_text(question, words),
        notes=change_notes(question, words) if alone else share_notes(question, wave.wave, words),
        change=() if alone else beside,
        tables=tables,
        shares=rows,
        reference=reference_percent(question, wave.wave),
        ways=scale_ways(change, words) if isinstance(change, ScaleChange) else (),
    )


def _response(wave: WaveOfCohort, words: Words, today: date) -> str:
    if wave.told is not None:
        return response_text(wave.told, words)
    if wave.wave is Wave.DAY and wave.opens_on >= today:
        return words("outcomes.wave_waits_day")
    if wave.opens_on > today:
        return words("outcomes.wave_waits", day=words.day(wave.opens_on))
    return words("outcomes.wave_open", day=words.day(wave.closes_on))


def _tests(told: list[Asked], words: Words) -> Table | None:
    rows = []
    for wave, question in told:
        name = f"{question.item}: {heading(question, wave.wave, words)} ({words(f'outcomes.wave_{wave.wave}')})"
        match question.change:
            case YesNoChange() as change:
                rows.append((name, words("outcomes.test_mid_p"), decimal(mcnemar_mid_p(change.pairs), words)))
            case ScaleChange() as change:
                if change.sign_p is not None:
                    rows.append((name, words("outcomes.test_sign"), decimal(change.sign_p, words)))
                if change.standardised is not None:
                    rows.append((name, words("outcomes.test_d"), decimal(change.standardised, words)))
            case None:
                pass
    if not rows:
        return None
    return Table(
        caption=words("outcomes.appendix_caption"),
        headers=tuple(words(f"outcomes.column_{name}") for name in ("question", "test", "value")),
        rows=tuple(rows),
    )


def _facts(cohort: ReleasedCohort, words: Words, made_on: date) -> list[tuple[str, str]]:
    return [
        (words("outcomes.fact_organisation"), cohort.organisation),
        (words("outcomes.fact_cohort"), cohort.name),
        (words("outcomes.fact_programme"), words.of(cohort.programme)),
        (words("outcomes.fact_starts_on"), words.long_day(cohort.starts_on)),
        (words("outcomes.fact_made_on"), words.long_day(made_on)),
    ]
