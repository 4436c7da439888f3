"""My data: read it, take it along as JSON, have it deleted. Only ever the person's own."""

import json
from datetime import UTC, date, datetime
from typing import Any

from bot.conversation import own_page, pages
from bot.conversation.cards import (
    Button,
    Buttons,
    Card,
    Confirm,
    Facts,
    Input,
    Note,
    Paragraph,
    Part,
    Style,
)
from bot.conversation.composing import note_card
from bot.conversation.events import Pressed
from bot.conversation.facilitation_log import led_in_words
from bot.conversation.focus_parts import chosen_lines
from bot.conversation.letters import IfThen
from bot.conversation.plan_parts import in_one_sentence
from bot.conversation.rhythm import facts, rhythm_of
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.survey_answers import lines_of
from bot.conversation.texts import Words
from bot.conversation.titles import KnownLessons
from bot.conversation.visiting import Routes, Typed, Visit
from storage import my_data, people
from storage.facilitation import Led
from storage.tables.answers import AnswerKind

ENTRIES_ON_A_LEAF = 8
LONGEST_QUOTE = 400
CHARACTERS_IN_A_MESSAGE = 2_800
MOST_MESSAGES = 40
"""A whole programme, with every exercise taken on, answered and asked about, is 28."""


def show(visit: Visit, event: Pressed | Typed) -> list[Show]:
    """Show what we hold: numbers and rhythm first, then every entry, newest first, leaf by leaf."""
    words = visit.words
    skip = pages.skipped(event)
    data = my_data.collect(visit.session, visit.person)
    entries = entries_of(visit, data, on_page=False)
    parts: list[Part | Input] = []
    if not skip:
        numbers = tuple(
            (words(f"my_data.{name}"), str(len(data[name]))) for name in ("answers", "reflections", "plans")
        )
        parts += [Paragraph(words("my_data.about")), Facts((*facts(rhythm_of(visit), words), *numbers))]
    parts += [Paragraph(entry) for entry in entries[skip : skip + ENTRIES_ON_A_LEAF]]
    buttons = [Button(text=words("my_data.json"), action="my_data.json")]
    if len(entries) > skip + ENTRIES_ON_A_LEAF:
        buttons.insert(0, pages.older(event, words, action="my_data.open", count=ENTRIES_ON_A_LEAF))
    if visit.house.page_address is not None:
        buttons.append(Button(text=words("my_data.page"), action="my_data.page"))
    buttons.append(delete_button(words))
    parts += [Buttons(tuple(buttons)), Note(words("my_data.more")), Note(words("my_data.typed"))]
    return pages.shown(visit, event, name="my_data", title=words("my_data.title"), parts=parts, in_place=skip > 0)


def entries_of(visit: Visit, data: dict[str, Any], *, on_page: bool) -> list[str]:
    """Return every answer, text and plan as a line, newest first. Words from our own page are left there."""
    words, known = visit.words, KnownLessons(visit)
    there = own_page.written_there(visit)
    lines: list[tuple[str, str]] = []
    for answer in data["answers"]:
        what = words(f"my_data.answer_{_what_was_answered(answer, known)}")
        lines.append((answer["given_at"], words("my_data.line", title=known.title(answer["lesson_id"]), what=what)))
    for text in data["reflections"]:
        body = text["body"] if on_page else there if text["written_on_page"] else _quote(text["body"])
        lines.append((text["written_at"], words("my_data.line", title=known.title(text["lesson_id"]), what=body)))
    for plan in data["plans"]:
        what = _plan_in_words(plan, words, on_page=on_page)
        lines.append((plan["made_at"], words("my_data.line", title=known.title(plan["lesson_id"]), what=what)))
    for one in data["feedback"]:
        what = words(f"feedback.said_{one['useful']}")
        lines.append((one["given_at"], words("my_data.line", title=known.title(one["lesson_id"]), what=what)))
    for sent in data["suggestions_signed"]:
        hidden = sent["written_on_page"] and not on_page
        body = sent["body"] if on_page else _quote(sent["body"])
        what = there if hidden else words("my_data.suggested", name=sent["name"], body=body)
        lines.append((sent["sent_at"], words("my_data.line", title=known.title(sent["lesson_id"]), what=what)))
    lines += [(row["made_at"], _led_in_words(visit, row, on_page=on_page)) for row in data["exercises_led"]]
    lines += lines_of(visit, data["survey_responses"])
    lines += chosen_lines(data, visit.house.library.taxonomy.behaviours, words)
    return [
        f"{words.long_day(_local(visit, moment))}: {line}"
        for moment, line in sorted(lines, key=lambda one: one[0], reverse=True)
    ]


def without_page_words(visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data as the chat may have it: what was written on our own page is said to be there."""
    there = own_page.written_there(visit)
    texts = [row | ({"body": there} if row["written_on_page"] else {}) for row in data["reflections"]]
    plans = [row | ({"cue": there, "action": there} if row["written_on_page"] else {}) for row in data["plans"]]
    led = [row | ({"name": there, "learned": there} if row["written_on_page"] else {}) for row in data["exercises_led"]]
    signed = data["suggestions_signed"]
    signed = [row | ({"name": there, "body": there} if row["written_on_page"] else {}) for row in signed]
    return data | {"reflections": texts, "plans": plans, "exercises_led": led, "suggestions_signed": signed}


def as_json(visit: Visit, event: Pressed | Typed) -> list[Show]:
    """Give the data as JSON: a link to our own page, or, where there is none, in as many messages as it takes."""
    if (link := own_page.link(visit, "/my/data.json")) is not None:
        return [Say(own_page.link_card(link, visit.words("my_data.json"), visit.words))]
    data = without_page_words(visit, my_data.collect(visit.session, visit.person))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    pieces = [text[at : at + CHARACTERS_IN_A_MESSAGE] for at in range(0, len(text), CHARACTERS_IN_A_MESSAGE)]
    cards = [Card(summary=visit.words("my_data.json"), parts=(Paragraph(piece),)) for piece in pieces[:MOST_MESSAGES]]
    more = (
        [note_card(visit.words("my_data.too_much", contact=visit.house.contact))] if len(pieces) > MOST_MESSAGES else []
    )
    return [Say(card) for card in (*cards, *more)]


def on_our_page(visit: Visit, event: Pressed | Typed) -> list[Show]:
    return own_page.offered(visit, "/my/data")


def ask_to_delete(visit: Visit, typed: Typed) -> list[Show]:
    return [Say(delete_card(visit.words))]


def delete_card(words: Words) -> Card:
    return note_card(words("my_data.delete_text"), delete_button(words), small=words("my_data.delete_typed"))


def delete_button(words: Words) -> Button:
    return Button(
        text=words("my_data.delete"),
        action="my_data.delete",
        style=Style.DANGER,
        confirm=Confirm(
            title=words("my_data.delete_title"),
            text=words("my_data.delete_sure"),
            yes=words("my_data.delete_yes"),
            no=words("my_data.delete_no"),
        ),
    )


def delete(visit: Visit, event: Pressed | Typed) -> list[Show]:
    gone = my_data.erase(visit.session, visit.person, visit.now)
    words = visit.words
    said = words("my_data.deleted", **gone)
    again = Button(text=words("pausing.start_again"), action="start.again")
    shows: list[Show] = [Say(note_card(said, again))]
    if isinstance(event, Pressed) and event.view is not None:
        page = pages.page_form(name="my_data", title=words("my_data.title"), parts=[Paragraph(said)], words=words)
        shows.append(OpenForm(page))
    return shows


def _what_was_answered(answer: dict[str, Any], known: KnownLessons) -> str:
    if answer["kind"] == AnswerKind.RECALL:
        case = known.case(answer["lesson_id"])
        chosen = int(answer["value"] or 0)
        is_right = case is not None and chosen < len(case.choices) and case.choices[chosen].right
        return "recall_right" if is_right else "recall"
    opened = answer["value"] is not None and answer["value"] == answer["lesson_id"]
    return "opened" if opened else str(answer["kind"])


def _plan_in_words(plan: dict[str, Any], words: Words, *, on_page: bool) -> str:
    return in_one_sentence(
        IfThen(
            plan_id=plan["id"],
            cue=plan["cue"],
            action=plan["action"],
            cue_on=date.fromisoformat(plan["cue_on"]),
            written_on_page=plan["written_on_page"] and not on_page,
        ),
        words,
    )


def _led_in_words(visit: Visit, row: dict[str, Any], *, on_page: bool) -> str:
    of_it = {name: row[name] for name in ("id", "method_id", "name", "people", "learned", "written_on_page")}
    led = Led(led_on=date.fromisoformat(row["led_on"]), **of_it)
    return visit.words("my_data.led", what=led_in_words(visit, led, on_page=on_page))


def _quote(body: str) -> str:
    return body if len(body) <= LONGEST_QUOTE else body[:LONGEST_QUOTE].rstrip() + "…"


def _local(visit: Visit, moment: str) -> Any:
    at = datetime.fromisoformat(moment)
    return people.local_day(visit.session, visit.person, at if at.tzinfo else at.replace(tzinfo=UTC))


ROUTES = Routes(
    presses={
        "my_data.open": show,
        "my_data.json": as_json,
        "my_data.page": on_our_page,
        "my_data.delete": delete,
    },
    forms={},
    commands={"my_data": show, "my_data_json": as_json, "delete": ask_to_delete, "delete_everything": delete},
)
