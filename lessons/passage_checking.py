"""How a lesson or recall card reads: every text of it, in both languages.

Words that blame are looked for where Knuff speaks to the person: title, why, question, reflection, follow-up, smaller
step and the case of a recall card. They are not looked for in `do` and `example`, where somebody else may say them
("Fråga gruppen: vad borde vi prata om?"), nor in what a quiz or a plan offers. In an `example` somebody with a name or
a role may be she or he; elsewhere nobody is.
"""

from collections.abc import Iterator

from lessons.faults import Fault
from lessons.markdown_reading import LessonFile, MarkdownFile, RecallFile
from lessons.models import Language
from lessons.plain_language import sentences, words
from lessons.recall_cards import RECALL_CARD
from lessons.sections import NAMES, Passage
from lessons.wording import heavy_messages, too_many, wording_messages

MOST_WORDS = {
    "title": 6,
    "why": 20,
    "do": 45,
    "case": 45,
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
GUILTLESS = frozenset({"title", "why", "question", "reflection", "follow-up", "smaller step", "case"})


def lesson_faults(file: LessonFile) -> Iterator[Fault]:
    yield from _faults(file, what="lesson")
    for language in Language:
        nudge = [passage for name in NUDGE for passage in _passages(file, language, name)]
        count = sum(len(words(passage.text)) for passage in nudge)
        if count > MOST_WORDS_IN_A_NUDGE:
            message = f"{', '.join(NUDGE)} have {too_many(count, MOST_WORDS_IN_A_NUDGE, language)}"
            yield Fault(path=file.path, line=nudge[0].line, message=message)


def card_faults(file: RecallFile) -> Iterator[Fault]:
    yield from _faults(file, what=RECALL_CARD)


def _faults(file: MarkdownFile, *, what: str) -> Iterator[Fault]:
    for section in file.sections:
        for language, passage in section.passages.items():
            for message in _messages(section.name, language, passage.text):
                yield Fault(path=file.path, line=passage.line, message=message)
    swedish = _passages(file, Language.SV)
    for message in heavy_messages(what, [passage.text for passage in swedish]):
        yield Fault(path=file.path, line=swedish[0].line, message=message)


def _passages(file: MarkdownFile, language: Language, name: str | None = None) -> list[Passage]:
    return [
        section.passages[language]
        for section in file.sections
        if language in section.passages and name in (None, section.name)
    ]


def _messages(name: str, language: Language, text: str) -> Iterator[str]:
    count = len(words(text))
    if count > MOST_WORDS.get(name, count):
        yield f'"## {name}" has {too_many(count, MOST_WORDS[name], language)}'
    if name == "why" and len(sentences(text)) > 1:
        yield f'"## why" has {len(sentences(text))} {NAMES[language]} sentences. Write one.'
    if name in ("do", "case"):
        for sentence in sentences(text):
            count = len(words(sentence))
            if count > MOST_WORDS_IN_A_SENTENCE_OF_DO:
                over = too_many(count, MOST_WORDS_IN_A_SENTENCE_OF_DO, language)
                yield f'a sentence under "## {name}" has {over} It begins "{" ".join(sentence.split()[:4])} …".'
    yield from wording_messages(
        f'under "## {name}"', language, text, blame_matters=name in GUILTLESS, gender_matters=name != "example"
    )
