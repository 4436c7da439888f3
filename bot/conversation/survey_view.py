"""A wave of the surveys as it stands for one person: frozen data, so that a card is a pure function of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.conversation.documents import document
from lessons.models import ProgrammeDocument, Role, Text
from lessons.surveys import PLACEHOLDER, About, Item, Scale, SurveyDocument, Wave
from storage import focus, surveys
from storage.message_rows import Message, Promise
from storage.surveys import AskedOf, Question
from storage.tables.focus import MOST_FOCUS

_parsed: dict[str, SurveyDocument] = {}
"""By digest: the same digest is the same questions, whatever database it came from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question with its scale, and how it was answered."""

    question: Question
    text: Text
    scale: Scale
    is_given: bool = False
    value: str | None = None
    """The key of an option; None when it was declined, or not given yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyView:
    wave_id: int
    wave: Wave
    closes_on: date
    items: tuple[Asked, ...]
    is_closed: bool = False
    has_left: bool = False
    """Whether the person is in the programme no more. Then it is closed to them."""

    @property
    def left(self) -> tuple[Asked, ...]:
        """What has been neither answered nor declined."""
        return tuple(one for one in self.items if not one.is_given)

    @property
    def answered(self) -> int:
        return sum(one.value is not None for one in self.items)

    @property
    def is_declined(self) -> bool:
        return not self.left and not self.answered

    @property
    def waits(self) -> bool:
        """Whether there is something to answer still."""
        return not self.is_closed and bool(self.left)

    def item(self, question: Question) -> Asked | None:
        return next((one for one in self.items if one.question == question), None)


def view_of(session: Session, asked: AskedOf, *, person_id: int, shown: Sequence[Question] = ()) -> SurveyView | None:
    """Return the wave as it stands; None when it has nothing to ask this person. `shown`: what is being answered now,
    asked still although they have chosen other behaviours since it was shown."""
    questions = _document(session, asked.digest)
    if questions is None:
        return None
    wave, given = Wave(asked.wave), surveys.responses(session, person_id=person_id, wave_id=asked.wave_id)
    items = []
    for item, scale in questions.asked(wave, Role(asked.role)):
        abouts = [""]
        if item.about is not None:
            now = dict.fromkeys(one.about for one in (*given, *shown) if one.item_id == item.id)
            behaviours = _behaviours(session, asked, item, list(now), given, person_id=person_id)
            most = max(MOST_FOCUS, len(now))
            abouts = [about for about in behaviours if about in questions.behaviours][:most]
        for about in abouts:
            question = Question(item.id, about)
            items.append(
                Asked(
                    question=question,
                    text=survey_text(item, questions.behaviours.get(about)),
                    scale=scale,
                    is_given=question in given,
                    value=given.get(question),
                )
            )
    if not items:
        return None
    return SurveyView(
        wave_id=asked.wave_id,
        wave=wave,
        closes_on=asked.closes_on,
        items=tuple(items),
        is_closed=asked.is_closed or asked.has_left,
        has_left=asked.has_left and not asked.is_closed,
    )


def survey_in(session: Session, message: Message, promise: Promise) -> SurveyView | None:
    """Return what a promise in a message asks, as it stands."""
    person_id = message.reader.person_id
    wave_id = surveys.wave_in_message(session, person_id=person_id, delivery_id=promise.id)
    found = find_view(session, wave_id, person_id=person_id, on=promise.day) if wave_id is not None else None
    return found[1] if found else None


def open_views(session: Session, *, person_id: int, on: date) -> list[SurveyView]:
    """Return what the person can answer now, the newest first."""
    return _views(session, surveys.open_waves(session, person_id=person_id, on=on), person_id)


def all_views(session: Session, *, person_id: int, on: date) -> list[SurveyView]:
    """As above, with the waves that have closed."""
    return _views(session, surveys.all_waves(session, person_id=person_id, on=on), person_id)


def find_view(
    session: Session, wave_id: int, *, person_id: int, on: date, shown: Sequence[Question] = ()
) -> tuple[AskedOf, SurveyView] | None:
    """Return one wave as it stands, closed or not; None when it asks nothing of this person. `shown` as above."""
    asked = surveys.wave_of(session, person_id=person_id, wave_id=wave_id, on=on)
    view = view_of(session, asked, person_id=person_id, shown=shown) if asked else None
    return (asked, view) if asked and view else None


def _views(session: Session, waves: list[AskedOf], person_id: int) -> list[SurveyView]:
    found = (view_of(session, asked, person_id=person_id) for asked in waves)
    return [view for view in found if view is not None]


def _document(session: Session, digest: str) -> SurveyDocument | None:
    if digest not in _parsed:
        body = surveys.document_body(session, digest)
        if body is None:
            return None
        _parsed[digest] = SurveyDocument.from_json(body)
    return _parsed[digest]


def _behaviours(
    session: Session, asked: AskedOf, item: Item, now: list[str], given: dict[Question, str | None], *, person_id: int
) -> list[str]:
    """Return which behaviours a question is asked about. Those of an earlier answer come first, or there would be
    nothing to set a change beside; then those the person has chosen; then what the programme practises most, so that
    all who have chosen nothing are asked about the same."""
    # Who has declined it all is not asked of what they choose after that.
    is_declined = bool(given) and not any(value is not None for value in given.values())
    if item.about is About.KEPT:
        kept = None if now or is_declined else focus.kept(session, person_id=person_id)
        return [*now, *([kept] if kept else [])][:1]
    if is_declined:
        return now
    whose = {"person_id": person_id, "enrolment_id": asked.enrolment_id}
    before = [one.about for one in surveys.answered_about(session, **whose) if one.item_id == item.id]
    chosen = [*now, *before, *focus.chosen(session, **whose)]
    return list(dict.fromkeys(chosen or _practised_most(document(session, asked.programme_digest), Role(asked.role))))


def _practised_most(programme: ProgrammeDocument | None, role: Role) -> list[str]:
    if programme is None:
        return []
    steps = [step for step in programme.programme.steps() if role in step.roles]
    practised = Counter(programme.lessons[step.lesson_id].behaviour for step in steps)
    return [behaviour for behaviour, _ in practised.most_common(MOST_FOCUS)]


def survey_text(item: Item, label: Text | None) -> Text:
    """Return what is asked, with the behaviour it is about put in."""
    if label is None:
        return item.text
    return Text(sv=_with(item.text.sv, label.sv), en=_with(item.text.en, label.en))


def _with(text: str, label: str) -> str:
    """The label stands in a sentence: without its capital."""
    return text.replace(PLACEHOLDER, label[:1].lower() + label[1:])
