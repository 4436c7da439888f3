"""How a survey reads. The words of a scale that others hold are theirs, and left as they are."""

from collections.abc import Iterator

from lessons.faults import Fault
from lessons.models import Language
from lessons.plain_language import words
from lessons.reading import SurveyFile
from lessons.text_checking import texts_of
from lessons.wording import too_many, wording_messages

MOST_WORDS_IN_A_QUESTION = 30


def survey_faults(file: SurveyFile) -> Iterator[Fault]:
    """Return what the author should put right; nothing for a file that could not be read."""
    if file.survey is None or file.survey.holder is not None:
        return
    for place, text in texts_of(file.survey):
        for language in Language:
            line = file.yaml.line_of((*place, language.value))
            written = text.in_(language)
            if (count := len(words(written))) > MOST_WORDS_IN_A_QUESTION:
                message = f"`{place[-1]}` has {too_many(count, MOST_WORDS_IN_A_QUESTION, language)}"
                yield Fault(path=file.path, line=line, message=message)
            for message in wording_messages(f"in `{place[-1]}`", language, written, blame_matters=True):
                yield Fault(path=file.path, line=line, message=message)
