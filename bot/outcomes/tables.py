"""The figures of one question as tables: what a chart draws, to be read."""

from collections.abc import Sequence

from bot.conversation.outcome_words import chosen_text, scale_ways
from bot.conversation.texts import Words
from bot.outcomes.parts import ShareRow, Table
from lessons.outcomes.released_cohort import WaveOfCohort
from lessons.outcomes.released_wave import Counted, Limited, Question, YesNoChange
from lessons.outcomes.saying import Precision, share

Asked = tuple[WaveOfCohort, Question]


def share_rows(latest: Asked, earlier: Sequence[Asked], words: Words) -> list[ShareRow]:
    """Return the share of everybody, each time it was asked, and the last time of each role where it is told so."""
    if earlier:
        rows = [(_everybody(wave, words), question.share) for wave, question in (*earlier, latest)]
    else:
        rows = [(words("outcomes.group_all"), latest[1].share)]
    by_role = latest[1].by_role.items()
    return [*rows, *((words(f"coordinating.role_many_{role}"), figure) for role, figure in by_role)]


def rows_table(
    rows: Sequence[ShareRow], question: Question, name: str, words: Words, first: str = "group"
) -> Sequence[Table]:
    """Nothing where no figure is shown. `first` is the column that says whose it is."""
    if all(figure is None for _whose, figure in rows):
        return ()
    chosen = chosen_text(question.yes_texts, words)
    return (
        Table(
            caption=words("outcomes.table_caption", what=as_sentence(name), chosen=chosen),
            headers=tuple(words(f"outcomes.column_{one}") for one in (first, "answers", "yes", "percent", "interval")),
            rows=tuple((whose, *_cells(figure, words)) for whose, figure in rows),
        ),
    )


def as_sentence(text: str) -> str:
    return text if text[-1] in ".?!" else f"{text}."


def _everybody(wave: WaveOfCohort, words: Words) -> str:
    name = words(f"outcomes.wave_{wave.wave}")
    return words("outcomes.group_wave", wave=name[0].lower() + name[1:])


def change_table(question: Question, name: str, words: Words) -> Sequence[Table]:
    found = question.change
    if found is None:
        return ()
    if isinstance(found, YesNoChange):
        ways = [
            (words(f"outcomes.direction_{way}"), getattr(found, way)) for way in ("both", "gained", "lost", "neither")
        ]
    else:
        ways = scale_ways(found, words)
    if not ways:  # a limit is said in the sentence
        return ()
    return (
        Table(
            caption=words("outcomes.change_caption", what=name),
            headers=(words("outcomes.column_direction"), words("outcomes.column_people")),
            rows=tuple((way, str(number)) for way, number in ways),
        ),
    )


def _cells(figure: Counted | Limited | None, words: Words) -> tuple[str, str, str, str]:
    nothing = words("outcomes.nothing")
    if figure is None:
        return words("outcomes.hidden_short"), nothing, nothing, nothing
    if isinstance(figure, Limited):
        sign = "≥" if figure.is_lower else "≤"
        return str(figure.answers), words("outcomes.hidden_short"), f"{sign} {figure.percent}", nothing
    said = share(figure.yes, figure.answers)
    if said.interval is None:
        return str(said.answers), str(said.yes), nothing, nothing
    about = "≈ " if said.precision is Precision.TENS else ""
    low, high = said.interval
    return str(said.answers), str(said.yes), f"{about}{said.percent}", words("outcomes.interval", low=low, high=high)
