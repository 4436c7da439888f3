"""Choosing what to practise most, and what to keep up: in a form or in words. Nobody else sees it."""

import re

from bot.conversation.answering import about, shown_again, was_about
from bot.conversation.cards import Buttons, Card, ChoiceInput, Form, Heading, Note, Option, Paragraph, Part
from bot.conversation.composing import note_card
from bot.conversation.events import MessageRef, Pressed, Submitted
from bot.conversation.focus_parts import behaviours_in_words, kept_text, practising_parts
from bot.conversation.focus_view import practising_now, to_choose_from
from bot.conversation.references import number
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from storage import focus, messages
from storage.tables.focus import MOST_FOCUS

LONGEST_OPTION = 75
_NUMBERS = re.compile(r"\d+")


def open_focus(visit: Visit, event: Pressed) -> list[Show]:
    enrolment_id = number(event.value)
    chosen = focus.chosen(visit.session, person_id=visit.person.id, enrolment_id=enrolment_id)
    options = _options(visit, chosen)
    return [OpenForm(focus_form(options, chosen, visit.words, about=about(enrolment_id, event.message)))]


def focus_form(options: tuple[Option, ...], chosen: list[str], words: Words, *, about: str) -> Form:
    return Form(
        name="focus",
        about=about,
        title=words("focus.title"),
        submit=words("focus.submit"),
        close=words("typed.close"),
        body=(
            ChoiceInput(
                name="behaviours",
                label=words("focus.label"),
                hint=words("focus.hint"),
                options=options,
                initial=tuple(chosen),
                many=True,
                optional=True,
            ),
            Note(words("focus.private")),
        ),
    )


def chose_focus(visit: Visit, event: Submitted) -> list[Show]:
    value, at = was_about(event.about)
    known = set(to_choose_from(visit))
    wanted = [key for key in dict.fromkeys(event.many("behaviours")) if key in known]
    if len(wanted) > MOST_FOCUS:
        return [Refuse({"behaviours": visit.words("focus.too_many")})]
    return [*_take(visit, number(value), wanted), *_message_again(visit, at)]


def open_keep(visit: Visit, event: Pressed) -> list[Show]:
    kept = focus.kept(visit.session, person_id=visit.person.id)
    own = [kept] if kept else []
    return [OpenForm(keep_form(_options(visit, own), own, visit.words, about=about("", event.message)))]


def keep_form(options: tuple[Option, ...], kept: list[str], words: Words, *, about: str) -> Form:
    return Form(
        name="keep",
        about=about,
        title=words("focus.keep_title"),
        submit=words("focus.submit"),
        close=words("typed.close"),
        body=(
            ChoiceInput(
                name="behaviour",
                label=words("focus.keep_label"),
                hint=words("focus.keep_hint"),
                options=options,
                initial=tuple(kept),
            ),
            Note(words("focus.private")),
        ),
    )


def chose_keep(visit: Visit, event: Submitted) -> list[Show]:
    _, at = was_about(event.about)
    if event.text("behaviour") not in to_choose_from(visit):
        return [Refuse({"behaviour": visit.words("focus.choose_one")})]
    return [*_keep(visit, event.text("behaviour")), *_message_again(visit, at)]


def typed_focus(visit: Visit, typed: Typed) -> list[Show]:
    """Say what there is to choose from, with numbers; or take the numbers that were written."""
    now = practising_now(visit)
    if now is None:
        raise CannotAnswer("focus.no_programme")
    if not typed.rest:
        return [Say(_list(visit, "title", practising_parts(now, visit.words), "typed"))]
    wanted = _numbered(visit, typed.rest)
    if wanted is None or len(wanted) > MOST_FOCUS:
        return [Say(note_card(visit.words("focus.typed")))]
    return _take(visit, now.enrolment_id, wanted)


def typed_keep(visit: Visit, typed: Typed) -> list[Show]:
    if not typed.rest:
        kept = focus.kept(visit.session, person_id=visit.person.id)
        known = visit.house.library.taxonomy.behaviours.get(kept) if kept else None
        is_by_choice = focus.has_chosen_to_keep(visit.session, person_id=visit.person.id)
        now = visit.words("focus.nothing")
        if known is not None:
            now = kept_text(known.label, visit.words, is_by_choice=is_by_choice)
        return [Say(_list(visit, "keep_title", [Paragraph(now)], "keep_typed"))]
    wanted = _numbered(visit, typed.rest)
    if wanted is None or len(wanted) != 1:
        return [Say(note_card(visit.words("focus.keep_typed")))]
    return _keep(visit, wanted[0])


def _take(visit: Visit, enrolment_id: int, wanted: list[str]) -> list[Show]:
    taken = focus.choose(
        visit.session, person_id=visit.person.id, enrolment_id=enrolment_id, behaviours=wanted, now=visit.now
    )
    if wanted and not taken:
        raise CannotAnswer("focus.no_programme")
    labels = tuple(visit.house.library.taxonomy.behaviours[key].label for key in taken)
    said = visit.words("focus.now", behaviours=behaviours_in_words(labels, visit.words))
    return [Say(note_card(said if taken else visit.words("focus.cleared"), small=visit.words("focus.private")))]


def _keep(visit: Visit, behaviour: str) -> list[Show]:
    person = visit.person
    focus.keep(
        visit.session,
        person_id=person.id,
        organisation_id=person.organisation_id,
        behaviour=behaviour,
        now=visit.now,
    )
    label = visit.words.of(visit.house.library.taxonomy.behaviours[behaviour].label)
    return [Say(note_card(visit.words("focus.keep_now", behaviour=label), small=visit.words("focus.private")))]


def _message_again(visit: Visit, at: MessageRef | None) -> list[Show]:
    """Return the message the form was opened from, with what was chosen in it."""
    if at is None:
        return []
    carrier = messages.carrier_at(visit.session, visit.person, conversation_id=at.conversation, message_id=at.message)
    return shown_again(visit, carrier)


def _options(visit: Visit, own: list[str]) -> tuple[Option, ...]:
    """What is chosen already comes first, so that the order of the choice is kept."""
    known = visit.house.library.taxonomy.behaviours
    every = dict.fromkeys([*(key for key in own if key in known), *to_choose_from(visit)])
    return tuple(Option(key, visit.words.of(known[key].label)[:LONGEST_OPTION]) for key in every)


def _list(visit: Visit, title: str, now: list[Part], typed: str) -> Card:
    words, known = visit.words, visit.house.library.taxonomy.behaviours
    lines = [
        words("focus.in_list", number=place, label=words.of(known[key].label))
        for place, key in enumerate(to_choose_from(visit), start=1)
    ]
    said = words(f"focus.{title}")
    shown = [part for part in now if not isinstance(part, Buttons)]
    parts = (Heading(said), *shown, Paragraph("\n".join(lines)), Note(words(f"focus.{typed}")))
    return Card(summary=said, parts=parts)


def _numbered(visit: Visit, text: str) -> list[str] | None:
    """Return the behaviours by their numbers in the list; None when one is not in it."""
    every = to_choose_from(visit)
    places = [int(one) for one in _NUMBERS.findall(text)]
    if not all(1 <= place <= len(every) for place in places):
        return None
    return list(dict.fromkeys(every[place - 1] for place in places))


ROUTES = Routes(
    presses={"focus.open": open_focus, "keep.open": open_keep},
    forms={"focus": chose_focus, "keep": chose_keep},
    commands={"focus": typed_focus, "keep": typed_keep},
)
