"""`knuff methods`: the group methods there are, one of them to read, and one on paper."""

import sys
from collections.abc import Iterator
from pathlib import Path

import orjson

from bot.commands.faults import CANNOT, plainly, say
from bot.commands.paper import hand_out
from bot.commands.shelves import all_known, languages, print_card, print_table
from bot.libraries import open_library
from bot.settings import read_settings
from lessons.library import MethodNotFound
from lessons.method_page import METHOD_LABELS, method_facts, method_page
from lessons.methods import Method, Purpose
from lessons.models import Language
from lessons.spelling import nearest


@plainly
def list_methods(
    *,
    purpose: str | None = None,
    behaviour: str | None = None,
    minutes: int | None = None,
    people: int | None = None,
    language: str = "sv",
    as_json: bool = False,
) -> int:
    """Show the methods that suit every option: that can be done in so many minutes, and with so many people."""
    library = open_library(read_settings())
    known = {"purpose": list(Purpose), "behaviour": library.taxonomy.behaviours, "language": languages()}
    if not all_known({"purpose": purpose, "behaviour": behaviour, "language": language}, known):
        return CANNOT
    suiting = [
        method
        for method in library.methods.values()
        if purpose in (None, method.purpose)
        and (behaviour is None or behaviour in method.behaviours)
        and (minutes is None or method.minutes[0] <= minutes)
        and (people is None or method.people[0] <= people <= method.people[1])
    ]
    if as_json:
        sys.stdout.write("".join(f"{_json(method)}\n" for method in suiting))
        return 0
    rows = [
        [
            method.id,
            method.title.in_(Language(language)),
            method.purpose.value,
            _span(method.minutes),
            _span(method.people),
        ]
        for method in suiting
    ]
    note = f"{len(suiting)} of {len(library.methods)} methods"
    print_table(("Id", "Title", "Purpose", "Min", "People"), rows, note=note)
    return 0


@plainly
def show_method(method_id: str, *, language: str = "sv", as_json: bool = False) -> int:
    method = _found(method_id, language)
    if method is None:
        return CANNOT
    if as_json:
        sys.stdout.write(f"{_json(method)}\n")
        return 0
    spoken = Language(language)
    print_card(f"{method.id} {method.title.in_(spoken)}", _head(method, spoken), _texts(method, spoken))
    return 0


@plainly
def print_method(method_id: str, *, language: str, out: Path | None) -> int:
    """Write the card as a page to print, to a file or to standard output."""
    method = _found(method_id, language)
    if method is None:
        return CANNOT
    return hand_out(method_page(method, Language(language)), out)


def _found(method_id: str, language: str) -> Method | None:
    """The method, or None when it or the language is not there; that is told."""
    if not all_known({"language": language}, {"language": languages()}):
        return None
    library = open_library(read_settings())
    try:
        return library.method(method_id)
    except MethodNotFound:
        say(f"There is no method {method_id!r}.{nearest(method_id, library.methods)} `knuff methods list` shows all.")
        return None


def _json(method: Method) -> str:
    """Both languages, on one line."""
    return orjson.dumps(method.model_dump(mode="json")).decode()


def _span(span: tuple[int, int]) -> str:
    return f"{span[0]}–{span[1]}"


def _head(method: Method, language: Language) -> Iterator[tuple[str, str]]:
    yield "for", method_facts(method, language)
    yield "principles", ", ".join(method.principles)
    yield "behaviours", ", ".join(method.behaviours)
    if method.lessons:
        yield "lessons", ", ".join(method.lessons)
    if method.challenges:
        yield "challenges", ", ".join(method.challenges)
    yield "source", method.source.in_(language)


def _texts(method: Method, language: Language) -> Iterator[tuple[str, str]]:
    labels = METHOD_LABELS[language]
    yield labels.about, method.about.in_(language)
    yield labels.when, method.when.in_(language)
    yield labels.needs, method.needs.in_(language)
    yield labels.roles, _lines(f"{part.role.in_(language)}: {part.does.in_(language)}" for part in method.roles)
    yield labels.steps, _lines(f"{step.minutes:>3} min  {step.text.in_(language)}" for step in method.steps)
    if method.checklist:
        yield labels.checklist, _lines(f"{at:>2}. {one.in_(language)}" for at, one in enumerate(method.checklist, 1))
    yield labels.traps, _lines(f"– {trap.in_(language)}" for trap in method.traps)
    yield labels.users, method.users.in_(language)


def _lines(lines: Iterator[str]) -> str:
    return "\n".join(lines)
