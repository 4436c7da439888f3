"""My data: read it, take it along as JSON, have it deleted. Only ever the person's own."""

import json
from datetime import UTC, datetime
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
from bot.conversation.home import title_of
from bot.conversation.references import number
from bot.conversation.rhythm import facts, rhythm_of
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Typed, Visit
from storage import my_data, people

ENTRIES_ON_A_LEAF = 8
LONGEST_QUOTE = 400
CHARACTERS_IN_A_MESSAGE = 2_800
MOST_MESSAGES = 20


def show(visit: Visit, event: Pressed | Typed) -> list[Show]:
    """Show what we hold: numbers and rhythm first, then every entry, newest first, leaf by leaf."""
    words = visit.words
    skip = number(event.value or "0") if isinstance(event, Pressed) else 0
    data = my_data.collect(visit.session, visit.person)
    entries = entries_of(visit, data)
    parts: list[Part | Input] = []
    if not skip:
        numbers = tuple(
            (words(f"my_data.{name}"), str(len(data[name]))) for name in ("answers", "reflections", "plans")
        )
        parts += [Paragraph(words("my_data.about")), Facts((*facts(rhythm_of(visit), words), *numbers))]
    parts += [Paragraph(entry) for entry in entries[skip : skip + ENTRIES_ON_A_LEAF]]
    buttons = [delete_button(words)]
    if visit.house.page_address is not None:
        buttons.insert(0, Button(text=words("my_data.page"), action="my_data.page"))
    buttons.insert(0, Button(text=words("my_data.json"), action="my_data.json"))
    if len(entries) > skip + ENTRIES_ON_A_LEAF:
        older = str(skip + ENTRIES_ON_A_LEAF)
        buttons.insert(
            0,
            Button(
                text=words("my_data.older"), action="my_data.open", value=older, opens_form=not pages.in_chat(event)
            ),
        )
    parts += [Buttons(tuple(buttons)), Note(words("my_data.typed"))]
    return pages.shown(visit, event, name="my_data", title=words("my_data.title"), parts=parts, in_place=skip > 0)


def entries_of(visit: Visit, data: dict[str, Any]) -> list[str]:
    """Return every answer, text and plan as a line, newest first."""
    words = visit.words
    lines: list[tuple[str, str]] = []
    for answer in data["answers"]:
        opened = answer["value"] is not None and answer["value"] == answer["lesson_id"]
        what = words("my_data.answer_opened" if opened else f"my_data.answer_{answer['kind']}")
        lines.append((answer["given_at"], words("my_data.line", title=title_of(visit, answer["lesson_id"]), what=what)))
    for text in data["reflections"]:
        body = text["body"] if len(text["body"]) <= LONGEST_QUOTE else text["body"][:LONGEST_QUOTE].rstrip() + "…"
        lines.append((text["written_at"], words("my_data.line", title=title_of(visit, text["lesson_id"]), what=body)))
    for plan in data["plans"]:
        what = words("plans.sentence", cue=plan["cue"], action=plan["action"])
        lines.append((plan["made_at"], words("my_data.line", title=title_of(visit, plan["lesson_id"]), what=what)))
    return [
        f"{words.long_day(_local(visit, moment))}: {line}"
        for moment, line in sorted(lines, key=lambda one: one[0], reverse=True)
    ]


def as_json(visit: Visit, event: Pressed | Typed) -> list[Show]:
    """Give the data as JSON: a link to our own page, or, where there is none, in as many messages as it takes."""
    if (link := own_page.link(visit, "/my/data.json")) is not None:
        return [Say(own_page.link_card(link, visit.words("my_data.json"), visit.words))]
    text = json.dumps(my_data.collect(visit.session, visit.person), ensure_ascii=False, indent=1)
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
            text=words("my_data.delete_text"),
            yes=words("my_data.delete_yes"),
            no=words("my_data.delete_no"),
        ),
    )


def delete(visit: Visit, event: Pressed | Typed) -> list[Show]:
    gone = my_data.erase(visit.session, visit.person, visit.now)
    words = visit.words
    said = words("my_data.deleted", answers=gone["answers"], reflections=gone["reflections"], plans=gone["plans"])
    again = Button(text=words("pausing.start_again"), action="start.again")
    shows: list[Show] = [Say(note_card(said, again))]
    if isinstance(event, Pressed) and event.view is not None:
        page = pages.page_form(name="my_data", title=words("my_data.title"), parts=[Paragraph(said)], words=words)
        shows.append(OpenForm(page))
    return shows


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
