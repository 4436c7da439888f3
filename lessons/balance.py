"""What only shows over many files: a behaviour few lessons practise, a right choice that always stands in one place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from lessons.faults import WHOLE_FILE, Fault
from lessons.markdown_reading import LessonFile, RecallFile
from lessons.models import Choice, Kind
from lessons.taxonomy import Taxonomy

FEWEST_KINDS = 4
"""Of each behaviour: so that whoever chose it meets it in different ways."""
FEWEST_CASES = 6
"""Of fewer, several right choices in the same place are chance."""
_PLACES = ("first", "second", "third")


def behaviour_faults(folder: Path, lessons: Iterable[LessonFile], taxonomy: Taxonomy) -> Iterator[Fault]:
    """A fault for each behaviour that is not practised in so many ways. For a whole library, not for a folder beside
    it."""
    kinds: dict[str, set[Kind]] = defaultdict(set)
    for file in lessons:
        if file.lesson:
            kinds[file.lesson.behaviour].add(file.lesson.kind)
    for behaviour in taxonomy.behaviours:
        if len(kinds[behaviour]) < FEWEST_KINDS:
            there = ", ".join(sorted(kinds[behaviour])) or "none"
            message = (
                f'"{behaviour}" is practised in {len(kinds[behaviour])} kinds of lessons ({there}); '
                f"{FEWEST_KINDS} is the least. Write one of another kind."
            )
            yield Fault(path=folder / "lessons", line=WHOLE_FILE, message=message)


def place_faults(lessons: Iterable[LessonFile], cards: Iterable[RecallFile]) -> Iterator[Fault]:
    """A fault for each folder in which the right choice stands in the same place in more than half."""
    asked: dict[tuple[Path, str], list[tuple[Choice, ...]]] = defaultdict(list)
    for file in lessons:
        if file.lesson and file.lesson.kind is Kind.QUIZ:
            asked[file.path.parent, "quizzes"].append(file.lesson.choices)
    for card in cards:
        if card.card:
            asked[card.path.parent, "recall cards"].append(card.card.choices)
    for (folder, what), questions in asked.items():
        places = Counter([choice.right for choice in choices].index(True) for choices in questions)
        place, count = places.most_common(1)[0]
        if len(questions) >= FEWEST_CASES and 2 * count > len(questions):
            message = (
                f"the right choice is the {_PLACES[place]} in {count} of {len(questions)} {what}; people soon see "
                f"that. Move it in {count - len(questions) // 2} of them."
            )
            yield Fault(path=folder, line=WHOLE_FILE, message=message)
