"""What somebody practises most, what they keep up and whom they tell: the part of `knuff preview` about that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.chat_links import chat_with
from bot.conversation.cards import Card, Form, Option
from bot.conversation.composing import delivery_card
from bot.conversation.focus import focus_form, keep_form
from bot.conversation.focus_view import Onwards
from bot.conversation.home import home_card
from bot.conversation.home_view import HomeView
from bot.conversation.letters import Asked, Letter, Peer, Practising, Question
from bot.conversation.peers import peer_form
from bot.conversation.references import Reference
from bot.conversation.sample_data import MONDAY, RHYTHM, a_lesson, an_exercise
from bot.conversation.sample_database import from_nothing
from bot.conversation.sample_leader import MORNING, Leader
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from lessons.keeping import filled, has_places
from lessons.models import Kind, Text
from storage.tables.people import Platform
from storage.tables.programmes import Cohort, Enrolment, ProgrammeDocument

Sample = tuple[str, str, Card | Form]

ADDRESS = "kim@example.se"
PEERS = {
    "by_name": Peer(name="Kim"),
    "picked": Peer(external_id="U0KIM"),
    "with_a_way": Peer(name=ADDRESS, chat=chat_with("teams", workspace="", external_id=None, name=ADDRESS)),
}
"""A way to the chat that every platform can show: that of Slack would be refused by Teams, where it never is."""


def samples(language: str, house: House) -> Iterator[Sample]:
    """Return all of it in one language."""
    words = Words(language)
    labels = tuple(one.label for one in house.library.taxonomy.behaviours.values())
    yield from _beside_exercises(words, house, labels)
    yield from _after_follow_ups(words, house)
    yield from _forms(words, house)
    yield from _homes(words, house, labels)
    yield from from_nothing(lambda session: _Talks(session, language, house).talks())


def _beside_exercises(words: Words, house: House, labels: tuple[Text, ...]) -> Iterator[Sample]:
    library = house.library
    task, about_one = a_lesson(house, Kind.TRY_IT), next(one for one in library.lessons.values() if has_places(one))
    first = next(iter(library.taxonomy.behaviours.values()))
    most, kept = Practising(enrolment_id=1), Practising(enrolment_id=1, is_kept=True)
    letters = {
        "focus_offered": (task, most),
        "focus": (task, replace(most, behaviours=labels[:3])),
        "keep_asked": (filled(about_one, None), kept),
        "keep": (filled(about_one, first), replace(kept, behaviours=labels[:1])),
        "keep_not_chosen": (filled(about_one, first), replace(kept, behaviours=labels[:1], is_by_choice=False)),
    }
    for name, (lesson, practising) in letters.items():
        letter = Letter(exercises=(an_exercise(lesson),), practising=practising)
        yield "message", f"nudge_{name}", delivery_card(letter, words)


def _after_follow_ups(words: Words, house: House) -> Iterator[Sample]:
    task = a_lesson(house, Kind.TRY_IT)
    done = Question(ref=Reference(delivery_id=2), follow_up_id=1, lesson=task, asked=Asked.DONE)
    for name, peer in PEERS.items():
        letter = Letter(questions=(replace(done, peer=peer),))
        yield "message", f"follow_up_done_told_{name}", delivery_card(letter, words)


def _forms(words: Words, house: House) -> Iterator[Sample]:
    options = tuple(Option(key, words.of(one.label)) for key, one in house.library.taxonomy.behaviours.items())
    chosen = [option.value for option in options[:2]]
    yield "modal", "focus_form", focus_form(options, chosen, words, about="1")
    yield "modal", "keep_form", keep_form(options, [], words, about="")
    for platform in (Platform.SLACK, Platform.TEAMS):
        yield "modal", f"peer_form_{platform}", peer_form(None, words, about="", platform=platform)
    for name, peer in PEERS.items():
        yield "modal", f"peer_form_{name}", peer_form(peer, words, about="", platform=Platform.TEAMS)


def _homes(words: Words, house: House, labels: tuple[Text, ...]) -> Iterator[Sample]:
    after = next(one for one in house.library.programmes.values() if one.keeps)
    onwards = Onwards(title=after.title, about=after.about, contact=house.contact)
    most, kept = Practising(enrolment_id=1), Practising(enrolment_id=1, is_kept=True)
    view = HomeView(rhythm=RHYTHM)
    views = {
        "focus_offered": replace(view, practising=most),
        "focus": replace(view, practising=replace(most, behaviours=labels[:3]), peer=PEERS["picked"]),
        "keep": replace(view, practising=replace(kept, behaviours=labels[:1]), peer=PEERS["by_name"]),
        "onwards": replace(view, practising=most, peer=PEERS["with_a_way"], onwards=onwards),
        "onwards_kept": replace(view, practising=most, onwards=replace(onwards, kept=labels[0])),
    }
    for name, one in views.items():
        yield "home", f"home_{name}", home_card(one, words)


class _Talks(Leader):
    def talks(self) -> Iterator[Sample]:
        yield from self._types("focus_no_programme", "fokus")
        self.person.welcomed_at = None
        yield from self._types("in_no_programme", "Hej")
        self.person.welcomed_at = MORNING
        enrolment = self._is_in_a_programme()
        yield from self._types("focus_typed", "fokus")
        yield from self._types("focus_typed_wrong", "fokus 99")
        yield from self._types("focus_typed_chosen", "fokus 3 7")
        yield from self._types("focus_typed_again", "fokus")
        yield from self._types("keep_typed_not_chosen", "håll i")
        yield from self._sends("focus_cleared", self._opens("focus.open", enrolment), behaviours=())
        yield from self._types("keep_typed", "håll i")
        yield from self._types("keep_typed_wrong", "håll i 99")
        yield from self._types("keep_typed_chosen", "håll i 4")
        yield from self._types("peer_typed_none", "kollega")
        yield from self._types("peer_typed_chosen", "kollega: Kim")
        yield from self._sends("peer_nobody", self._opens("peer.open"), who="")

    def _is_in_a_programme(self) -> int:
        """Return the enrolment."""
        content = next(one for one in self.house.library.programmes.values() if not one.keeps)
        confirmed = self.house.library.document(content.id)
        whose: dict[str, Any] = {"organisation_id": self.person.organisation_id}
        document = ProgrammeDocument(
            **whose,
            programme_id=content.id,
            digest=confirmed.digest(),
            body=confirmed.to_json(),
            stored_at=MORNING,
        )
        self.session.add(document)
        self.session.flush()
        where: dict[str, Any] = {"workspace_id": self.person.workspace_id, "document_id": document.id}
        cohort = Cohort(**whose, **where, name="Våren", starts_on=MONDAY, created_at=MORNING)
        self.session.add(cohort)
        self.session.flush()
        enrolment = Enrolment(
            **whose,
            cohort_id=cohort.id,
            person_id=self.person.id,
            cadence_id=self.person.cadence_id,
            starts_on=MONDAY,
            first_day=MONDAY - timedelta(days=3),
            created_at=MORNING,
        )
        self.session.add(enrolment)
        self.session.flush()
        return enrolment.id
