"""`knuff lessons feedback` and `knuff lessons suggestions`: for whoever owns the content, what people think of it.

Figures of five or more, as they were counted at night; and words, of those who have sent them. Nobody's own answer can
be read here, nor who sent what without signing it.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import orjson
from sqlmodel import Session

from bot.commands.existing_database import existing_store
from bot.commands.faults import CANNOT, plainly, say
from bot.commands.shelves import all_known, languages, print_table
from bot.libraries import open_library
from bot.settings import read_settings
from lessons.library import Library
from lessons.models import Language
from lessons.outcomes.saying import Precision, precision_for
from lessons.spelling import nearest
from storage import account, feedback, people, suggestions
from storage.database import Store
from storage.feedback import Counted
from storage.moments import local_day
from storage.suggestions import Suggested

OfALesson = TypeVar("OfALesson", Counted, Suggested)


@plainly
def show_feedback(lesson_id: str | None, *, language: str = "sv", as_json: bool = False) -> int:
    """Show of which use the exercises were. Returns 0, also when nothing may be shown yet."""
    if not all_known({"language": language}, {"language": languages()}):
        return CANNOT
    settings = read_settings()
    library = open_library(settings)
    with existing_store(settings.database_url) as store:
        found, whose = _of_everybody(store, feedback.counted, lesson_id)
    if not found and not _is_known(lesson_id, library):
        return CANNOT
    if as_json:
        sys.stdout.write("".join(_line(_as_json(one), number, whose=whose) for number, one in found))
    elif not found:
        of = "any lesson" if lesson_id is None else lesson_id
        sys.stdout.write(
            f"There is no figure for {of} yet. There is one from the night after five people have answered.\n"
        )
    else:
        rows = [
            [
                *([str(number)] if whose else []),
                *(one.lesson_id, _title(library, one.lesson_id, language), _said(one), str(one.counted_on)),
            ]
            for number, one in found
        ]
        columns = (*(["Organisation"] if whose else []), "Id", "Title", "Of use", "Counted")
        note = "Yes counts as one, partly as a half. New answers are added at night, five or more at a time."
        print_table(columns, rows, note=note)
    return 0


@plainly
def show_suggestions(
    lesson_id: str | None, *, language: str = "sv", as_json: bool = False, remove: str | None = None
) -> int:
    """Show what people want changed, or take away one that has been dealt with."""
    if not all_known({"language": language}, {"language": languages()}):
        return CANNOT
    settings = read_settings()
    library = open_library(settings)
    with existing_store(settings.database_url) as store:
        if remove is not None:
            return _removed(store, remove)
        month = local_day(datetime.now(UTC), people.DEFAULT_ZONE).replace(day=1)
        found, whose = _of_everybody(store, partial(suggestions.waiting, before=month), lesson_id)
    if not found and not _is_known(lesson_id, library):
        return CANNOT
    if as_json:
        sys.stdout.write("".join(_line(asdict(one), number, whose=whose) for number, one in found))
    elif not found:
        sys.stdout.write("Nothing to read. Unsigned suggestions are shown when the month they came in is over.\n")
    else:
        _print_words(found, library, language, whose=whose)
    return 0


def _of_everybody(
    store: Store, read: Callable[[Session, int], Sequence[OfALesson]], lesson_id: str | None
) -> tuple[list[tuple[int, OfALesson]], bool]:
    """Return what all organisations have to say of a lesson, or of all, each with its organisation's id; and whether
    there are several organisations, so that it is said whose it is."""

    def of_all(session: Session) -> tuple[list[tuple[int, OfALesson]], bool]:
        numbers = account.organisations(session)
        found = [(number, one) for number in numbers for one in read(session, number)]
        return [(number, one) for number, one in found if lesson_id in (None, one.lesson_id)], len(numbers) > 1

    return asyncio.run(store.read(of_all))


def _removed(store: Store, suggestion_id: str) -> int:
    removed = any(
        store.write_now(partial(suggestions.remove, organisation_id=one, suggestion_id=suggestion_id))
        for one in asyncio.run(store.read(account.organisations))
    )
    if not removed:
        say(f"There is no suggestion {suggestion_id!r}. `knuff lessons suggestions` shows all.")
        return CANNOT
    sys.stdout.write(f"{suggestion_id} is gone.\n")
    return 0


def _is_known(lesson_id: str | None, library: Library) -> bool:
    """Say so when there is no such lesson."""
    if lesson_id is None or lesson_id in library.lessons:
        return True
    say(f"There is no lesson {lesson_id!r}.{nearest(lesson_id, library.lessons)} `knuff lessons list` shows all.")
    return False


def _line(row: dict[str, object], organisation_id: int, *, whose: bool) -> str:
    said = {"organisation": organisation_id} | row if whose else row
    return f"{orjson.dumps(said).decode()}\n"


def _print_words(found: Sequence[tuple[int, Suggested]], library: Library, language: str, *, whose: bool) -> None:
    for number, one in found:
        signed = one.name if one.name is not None else "unsigned"
        when = f"{one.sent_at:%Y-%m-%d}" if one.sent_at is not None else f"{one.month:%Y-%m}"
        sys.stdout.write(f"{one.lesson_id} {_title(library, one.lesson_id, language)}\n")
        sys.stdout.write("".join(f"  {line}\n" for line in one.body.splitlines()))
        of = f"organisation {number}, " if whose else ""
        sys.stdout.write(f"  ({of}{signed}, {when}, id {one.id})\n")
    sys.stdout.write("Unsigned suggestions are shown when the month they came in is over.\n")


def _said(one: Counted) -> str:
    """Of few, how many; of more, per cent as exactly as so many can say."""
    told = []
    if one.answers:
        told.append(f"{one.halves / 2:g} of {one.answers}{_percent(50 * one.halves / one.answers, one.answers)}")
    told += [f"nearly all of {one.nearly_all}"] if one.nearly_all else []
    told += [f"hardly any of {one.nearly_none}"] if one.nearly_none else []
    return "; ".join(told)


def _percent(share: float, answers: int) -> str:
    match precision_for(answers):
        case Precision.COUNTS:
            return ""
        case Precision.TENS:
            return f", about {10 * int(share / 10 + 0.5)} %"
        case Precision.WHOLE:
            return f", {int(share + 0.5)} %"


def _as_json(one: Counted) -> dict[str, object]:
    return {
        "lesson": one.lesson_id,
        "answers": one.answers,
        "useful": one.halves / 2,
        "nearly_all_of": one.nearly_all,
        "hardly_any_of": one.nearly_none,
        "counted_on": one.counted_on,
    }


def _title(library: Library, lesson_id: str, language: str) -> str:
    lesson = library.lessons.get(lesson_id)
    return lesson.title.in_(Language(language)) if lesson is not None else ""
