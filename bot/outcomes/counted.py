"""What is counted and not asked: who took part, what was handed on, what is still in use."""

from collections.abc import Iterator

from bot.conversation.texts import Words
from bot.outcomes.parts import Shown, Table
from lessons.outcomes.measures import SKL
from lessons.outcomes.released_cohort import Counts


def counted(measure: str, counts: Counts, words: Words) -> Iterator[Shown]:
    """Yield what is said of one of SKL's counts: one thing, or one for each meeting."""
    match measure:
        case "skl_participants":
            sentences = [("", _participants(counts, words))]
        case "skl_day_attend":
            sentences = list(_attended(counts, words))
        case _:
            sentences = [("", _units(counts, words))]
    for when, sentence in sentences:
        yield Shown(
            heading=words(f"outcomes.{measure}"), when=when, sentence=sentence, notes=count_notes(measure, words)
        )


def count_notes(measure: str, words: Words) -> list[str]:
    """Compare with SKL's number; how many units would use the model was a plan."""
    key = "planned" if measure == "skl_units_model" else "count"
    return [words(f"outcomes.skl_{key}", number=SKL[measure].count), words("outcomes.skl_note")]


def counts_table(counts: Counts, words: Words) -> Table | None:
    """Return what has been done, as plain numbers; None where there is nothing."""
    rows = [
        (words(f"outcomes.done_{name}"), str(number))
        for name, number in (("legs", counts.legs), ("batons", counts.batons), ("tested", counts.tested))
        if number
    ]
    rows += [(words("outcomes.done_round", title=words.of(one.title)), str(one.rounds)) for one in counts.rounds]
    if counts.facilitators_at_least:
        at_least = words("outcomes.done_at_least", number=counts.facilitators_at_least)
        rows.append((words("outcomes.done_facilitated"), at_least))
    if not rows:
        return None
    headers = (words("outcomes.done_column_what"), words("outcomes.done_column_number"))
    return Table(caption=words("outcomes.done_caption"), headers=headers, rows=tuple(rows))


def _participants(counts: Counts, words: Words) -> str:
    if counts.participants is None:
        return words("outcomes.participants_few")
    if counts.participants == 0:
        return words("outcomes.participants_none")
    return words("outcomes.participants", number=counts.participants)


def _attended(counts: Counts, words: Words) -> Iterator[tuple[str, str]]:
    if not counts.meetings:
        yield "", words("outcomes.attended_none")
    for meeting in counts.meetings:
        key = {None: "attended_none", 0: "attended_nobody"}.get(meeting.attended, "attended")
        yield words.long_day(meeting.day), words(f"outcomes.{key}", number=meeting.attended)


def _units(counts: Counts, words: Words) -> str:
    if counts.units_asked == 0:
        return words("outcomes.units_none")
    return words("outcomes.units", number=counts.units_in_use, asked=counts.units_asked)
