"""Everything there is to practise, ours and the organisation's own, by id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lessons.challenges import Challenge, ChallengeDocument
from lessons.faults import ContentError
from lessons.gathering import gather
from lessons.keeping import has_places
from lessons.methods import Method
from lessons.models import Case, Language, Lesson, Programme, ProgrammeDocument, Text
from lessons.recall_cards import RecallCard, case_of
from lessons.searching import search_lessons, search_methods
from lessons.surveys import Survey, SurveyDocument
from lessons.taxonomy import Taxonomy

__all__ = [
    "CaseNotFound",
    "ChallengeNotFound",
    "ContentError",
    "LessonNotFound",
    "Library",
    "MethodNotFound",
    "ProgrammeNotFound",
    "load_library",
]


class LessonNotFound(LookupError):
    """No lesson has this id."""


class ProgrammeNotFound(LookupError):
    """No programme has this id."""


class ChallengeNotFound(LookupError):
    """No challenge has this id."""


class MethodNotFound(LookupError):
    """No method has this id."""


class CaseNotFound(LookupError):
    """Neither a recall card nor a quiz has this id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """Everything by id, ours first."""

    lessons: Mapping[str, Lesson]
    programmes: Mapping[str, Programme]
    taxonomy: Taxonomy
    challenges: Mapping[str, Challenge] = field(default_factory=dict)
    recall_cards: Mapping[str, RecallCard] = field(default_factory=dict)
    methods: Mapping[str, Method] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)

    def lesson(self, lesson_id: str) -> Lesson:
        """Raises LessonNotFound."""
        if lesson_id not in self.lessons:
            raise LessonNotFound(lesson_id)
        return self.lessons[lesson_id]

    def programme(self, programme_id: str) -> Programme:
        """Raises ProgrammeNotFound."""
        if programme_id not in self.programmes:
            raise ProgrammeNotFound(programme_id)
        return self.programmes[programme_id]

    def document(self, programme_id: str) -> ProgrammeDocument:
        """The programme with all its lessons, as a cohort keeps it. Raises ProgrammeNotFound."""
        programme = self.programme(programme_id)
        lessons = {step.lesson_id: self.lesson(step.lesson_id) for step in programme.steps()}
        cases = {case_id: self.case(case_id) for case_id in programme.recall}
        return ProgrammeDocument(programme=programme, lessons=lessons, cases=cases)

    def challenge(self, challenge_id: str) -> Challenge:
        """Raises ChallengeNotFound."""
        if challenge_id not in self.challenges:
            raise ChallengeNotFound(challenge_id)
        return self.challenges[challenge_id]

    def challenge_document(self, challenge_id: str) -> ChallengeDocument:
        """The challenge as a round keeps it. Raises ChallengeNotFound."""
        return ChallengeDocument(challenge=self.challenge(challenge_id))

    def survey_document(self) -> SurveyDocument | None:
        """Every survey, as a cohort keeps them; None when there is none."""
        if not self.surveys:
            return None
        asked: dict[str, Text] = {key: behaviour.infinitive for key, behaviour in self.taxonomy.behaviours.items()}
        return SurveyDocument(surveys=tuple(self.surveys.values()), behaviours=asked)

    def method(self, method_id: str) -> Method:
        """Raises MethodNotFound."""
        if method_id not in self.methods:
            raise MethodNotFound(method_id)
        return self.methods[method_id]

    def methods_about(self, *, lesson: str | None = None, challenge: str | None = None) -> list[Method]:
        """The methods that are linked from this lesson or challenge."""
        return [
            method for method in self.methods.values() if lesson in method.lessons or challenge in method.challenges
        ]

    def case(self, case_id: str) -> Case:
        """The case of a recall card or a quiz. Raises CaseNotFound."""
        source = self.recall_cards.get(case_id) or self.lessons.get(case_id)
        case = case_of(source) if source else None
        if case is None:
            raise CaseNotFound(case_id)
        return case

    def search(self, words: str, language: Language, limit: int = 10) -> list[Lesson]:
        """Lessons that have every word, those with the words in their title first; none when no word is given.

        Accents and capitals do not matter: "oppen" finds "Öppen".
        """
        return search_lessons(words, tuple(self.lessons.values()), self.taxonomy, language, limit=limit)

    def search_methods(self, words: str, language: Language, limit: int = 10) -> list[Method]:
        """Methods that have every word, found and ordered as lessons are."""
        return search_methods(words, tuple(self.methods.values()), self.taxonomy, language, limit=limit)


def load_library(*extra_paths: Path) -> Library:
    """Read our content and each of the organisation's own content folders.

    Raises ContentError, with every fault, when a file cannot be used. How a text reads does not stop anybody from
    starting: that is said by `checking.check_content`.
    """
    gathered = gather(*extra_paths)
    if gathered.faults:
        raise ContentError(list(gathered.faults))
    # Last what is about one chosen behaviour through a whole programme: by itself it says less.
    lessons = sorted((file.lesson for file in gathered.lessons if file.lesson), key=has_places)
    programmes = [file.programme for file in gathered.programmes if file.programme]
    challenges = [file.challenge for file in gathered.challenges if file.challenge]
    recall_cards = [file.card for file in gathered.recall_cards if file.card]
    methods = [file.method for file in gathered.methods if file.method]
    surveys = [file.survey for file in gathered.surveys if file.survey]
    return Library(
        lessons={lesson.id: lesson for lesson in lessons},
        programmes={programme.id: programme for programme in programmes},
        taxonomy=gathered.taxonomy,
        challenges={challenge.id: challenge for challenge in challenges},
        recall_cards={card.id: card for card in recall_cards},
        methods={method.id: method for method in methods},
        surveys={survey.id: survey for survey in surveys},
    )
