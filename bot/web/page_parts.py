"""The conversation's cards as our own page shows them: what can be done here, in words that fit here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.conversation.cards import Button, Buttons, Divider, Facts, Form, Heading, Input, Note, Option, Paragraph, Part
from bot.conversation.exercise_parts import privacy_note
from bot.conversation.health import AGAIN
from bot.conversation.references import Reference, parse
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer

# Only these: what they answer to reads and writes nothing, so a link may lead to them.
OPENS = frozenset(
    {
        "nudge.plan", "plan.change", "follow_up.new_date", "reply.open", "reflect.open", "home.edit", "home.thoughts",
        "home.why", "library.open", "library.theme", "library.search", "rhythm.open", "pause.open", "suggestion.open",
        "method.open", "method.purpose", "method.of", "method.search", "method.read", "led.open", "led.new",
        "survey.open", "focus.open", "keep.open",
    }
)  # fmt: skip
PRESSES = frozenset(
    {
        "nudge.doing", "nudge.another", "nudge.not_today", "nudge.choice", "nudge.show", "follow_up.done",
        "follow_up.tried", "follow_up.not_yet", "follow_up.let_go", "follow_up.smaller", "plan.came",
        "plan.did_not_come", "plan.let_go", "library.take", "home.remove", "start.again", "feedback.give", "led.remove",
        "survey.decline", "survey.remove", "recall.choice",
    }
)  # fmt: skip
CHOICE = "nudge.choice"
PLAN_FORMS = ("plan", "plan_changed")
_ABOUT_A_MESSAGE = ("nudge.", "feedback.", "follow_up.", "plan.came", "plan.did_not_come")


@dataclass(frozen=True, slots=True)
class Choices:
    """Buttons of which one is chosen, as radio buttons: a quiz."""

    options: tuple[Option, ...]


PagePart = Part | Choices


def on_page(parts: Iterable[Part | Input], words: Words, *, without: frozenset[str] = frozenset()) -> list[PagePart]:
    """Return the parts with the buttons that do something here. What the chat says about itself is left out."""
    chat_notes = [privacy_note(words, saves_text=saves_text) for saves_text in (True, False)]
    chat_notes += [Note(words("plans.rehearse")), Note(words("library.typed"))]
    shown: list[PagePart] = []
    for part in parts:
        match part:
            case Buttons(buttons):
                _add_buttons(shown, [button for button in buttons if is_here(button) and button.action not in without])
            case Note() if part in chat_notes:
                continue
            case Paragraph(text) if words("nudges.answer_here") in text:
                shown.append(Paragraph(text.replace(words("nudges.answer_here"), words("pages.answer_here"))))
            case Heading() | Paragraph() | Note() | Facts() | Divider():
                shown.append(part)
            case _:
                continue  # inputs stand in a form, and only coordinators look at people
    return shown


def form_on_page(form: Form, words: Words) -> Form:
    """Return the form with what must be known before it is sent from here."""
    if form.name.removesuffix(AGAIN) not in PLAN_FORMS:
        return form
    return replace(form, body=(*form.body, Note(words("pages.plan_in_chat"))))


def is_here(button: Button) -> bool:
    return button.action in (OPENS if button.opens_form else PRESSES)


def page_about(action: str, value: str, parts: Iterable[Part]) -> str | None:
    """Return the page of what was answered: of the exercise in the card that was said, or of the message the button
    is about. None: where the button was."""
    buttons = [button for part in parts if isinstance(part, Buttons) for button in part.buttons]
    pressed = Button(text="", action=action, value=value)
    for button in (*buttons, pressed):
        if button.action.startswith((*_ABOUT_A_MESSAGE, "reply.open")) and (ref := _reference(button.value)):
            return f"/my/answer/{ref}"
    return None


def _add_buttons(shown: list[PagePart], buttons: list[Button]) -> None:
    if not buttons:
        return
    if any(button.action != CHOICE for button in buttons):
        shown.append(Buttons(tuple(buttons)))
        return
    options = tuple(Option(button.value, button.text) for button in buttons)
    if shown and isinstance(last := shown[-1], Choices):
        shown[-1] = Choices((*last.options, *options))
    else:
        shown.append(Choices(options))


def _reference(value: str) -> Reference | None:
    try:
        return parse(value)[0]
    except CannotAnswer:
        return None
