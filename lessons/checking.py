"""What an author should put right: faults that keep a file from being used, and texts that can be plainer.

Words that blame are looked for where Knuff speaks to the person: title, why, question, reflection, follow-up and
smaller step. They are not looked for in `do` and `example`, where somebody else may say them ("Fråga gruppen: vad
borde vi prata om?"), nor in what a quiz or a plan offers.
"""

from collections.abc import Iterator
from pathlib import Path

from lessons.challenge_checking import challenge_faults
from lessons.faults import WHOLE_FILE, Fault, report
from lessons.gathering import CONTENT, FOLDERS, gather
from lessons.models import Language, Text
from lessons.plain_language import sentences, words
from lessons.reading import LessonFile, ProgrammeFile
from lessons.sections import NAMES, Passage, Section
from lessons.wording import heavy_messages, too_many, wording_messages
from lessons.yaml_lines import Place

__all__ = ["check_content", "report"]

MOST_WORDS = {
    "title": 6,
    "why": 20,
    "do": 45,
    "example": 40,
    "question": 20,
    "reflection": 20,
    "follow-up": 20,
    "smaller step": 25,
    "reason": 50,
    "cue": 25,
    "action": 25,
}
MOST_WORDS_IN_A_SENTENCE_OF_DO = 25
NUDGE = ("title", "why", "do")
MOST_WORDS_IN_A_NUDGE = 80
MOST_WORDS_IN_ABOUT = 60
HIGHEST_LIX = 35
GUILTLESS = frozenset({"title", "why", "question", "reflection", "follow-up", "smaller step"})


def check_content(path: Path | None = None) -> list[Fault]:
    """Every fault in a content folder, or in one file of it; ours when no path is given.

    An organisation's own folder may name our lessons, and is checked together with them. Raises ContentError only if
    our own taxonomy cannot be read.
    """
    path = path or CONTENT
    if path.is_file() and path.parent.name not in FOLDERS:
        message = (
            "this is no content file. Name a content folder, or a file in its folder "
            '"lessons", "programmes" or "challenges".'
        )
        return [Fault(path=path, line=WHOLE_FILE, message=message)]
    folder = path.parent.parent if path.is_file() else path
    gathered = gather(folder)
    faults = list(gathered.faults)
    for lesson in gathered.lessons:
        faults += _lesson_faults(lesson)
    for programme in gathered.programmes:
        faults += _programme_faults(programme)
    for challenge in gathered.challenges:
        faults += challenge_faults(challenge)
    return [fault for fault in faults if _place(fault.path).is_relative_to(_place(path))]


def _place(path: Path) -> Path:
    """Where a file stands; a file that is a link stands where the link is."""
    return path.parent.resolve() / path.name


def _lesson_faults(file: LessonFile) -> Iterator[Fault]:
    for section in file.sections:
        for language, passage in section.passages.items():
            for message in _passage_messages(section.name, language, passage.text):
                yield Fault(path=file.path, line=passage.line, message=message)
    for language in Language:
        nudge = [passage for name in NUDGE for passage in _passages(file.sections, language, name)]
        count = sum(len(words(passage.text)) for passage in nudge)
        if count > MOST_WORDS_IN_A_NUDGE:
            message = f"{', '.join(NUDGE)} have {too_many(count, MOST_WORDS_IN_A_NUDGE, language)}"
            yield Fault(path=file.path, line=nudge[0].line, message=message)
    yield from _heavy_swedish(file)


def _passages(sections: tuple[Section, ...], language: Language, name: str | None = None) -> list[Passage]:
    return [
        section.passages[language]
        for section in sections
        if language in section.passages and name in (None, section.name)
    ]


def _passage_messages(name: str, language: Language, text: str) -> Iterator[str]:
    count = len(words(text))
    if count > MOST_WORDS.get(name, count):
        yield f'"## {name}" has {too_many(count, MOST_WORDS[name], language)}'
    if name == "why" and len(sentences(text)) > 1:
        yield f'"## why" has {len(sentences(text))} {NAMES[language]} sentences. Write one.'
    if name == "do":
        for sentence in sentences(text):
            count = len(words(sentence))
            if count > MOST_WORDS_IN_A_SENTENCE_OF_DO:
                over = too_many(count, MOST_WORDS_IN_A_SENTENCE_OF_DO, language)
                yield f'a sentence under "## do" has {over} It begins "{" ".join(sentence.split()[:4])} …".'
    yield from wording_messages(f'under "## {name}"', language, text, blame_matters=name in GUILTLESS)


def _heavy_swedish(file: LessonFile) -> Iterator[Fault]:
    swedish = _passages(file.sections, Language.SV)
    for message in heavy_messages("lesson", [passage.text for passage in swedish], highest=HIGHEST_LIX):
        yield Fault(path=file.path, line=swedish[0].line, message=message)


def _programme_faults(file: ProgrammeFile) -> Iterator[Fault]:
    if file.programme is None:
        return
    texts: dict[Place, Text] = {("title",): file.programme.title, ("about",): file.programme.about}
    texts |= {("weeks", number, "title"): week.title for number, week in enumerate(file.programme.weeks)}
    for place, text in texts.items():
        for language in Language:
            line = file.yaml.line_of((*place, language.value))
            words_here = text.in_(language)
            for message in wording_messages(f"in `{place[-1]}`", language, words_here, blame_matters=True):
                yield Fault(path=file.path, line=line, message=message)
            if place == ("about",) and (count := len(words(words_here))) > MOST_WORDS_IN_ABOUT:
                message = f"`about` has {too_many(count, MOST_WORDS_IN_ABOUT, language)}"
                yield Fault(path=file.path, line=line, message=message)
    first_week: dict[str, int] = {}
    for week, position, lesson_id in file.programme.steps():
        if lesson_id in first_week:
            line = file.yaml.line_of(("weeks", week - 1, "lessons", position - 1))
            message = f'"{lesson_id}" is already in week {first_week[lesson_id]}. Choose another lesson.'
            yield Fault(path=file.path, line=line, message=message)
        first_week.setdefault(lesson_id, week)
