"""What somebody wants changed in an exercise, sent to whoever owns the content: with a name under it, or with nothing
that tells who.

Unsigned, it takes the road of anonymous proposals (`nameless`): past the inbox, in a unit of work that knows nobody.
Whether it is signed is seen from the form itself, before anything is kept.
"""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.cards import Form, Note, Paragraph, TextInput
from bot.conversation.events import Pressed, Submitted
from bot.conversation.feedback_parts import suggest_button
from bot.conversation.health import AGAIN, asked_again, mentions_health, was_asked
from bot.conversation.nameless import NAME, SUGGEST, SUGGESTION
from bot.conversation.saving import fault_in
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import House, Routes, Visit
from lessons.models import Lesson
from storage import people, suggestions
from storage.moments import local_day

LONGEST, LONGEST_NAME = 500, 80
"""Characters."""


def answer(session: Session, house: House, event: Pressed | Submitted, now: datetime) -> list[Show]:
    """Open the form, or take what is written in one that is not signed. `event` says nothing of who it is from."""
    lesson, words = _about(house, event)
    if lesson is None:
        return _page(words("feedback.unknown"), words)
    if isinstance(event, Pressed):
        return [_opened(suggestion_form(lesson, words), words)]
    if (instead := _instead(event, lesson, words)) is not None:
        return [instead]
    workspace = people.find_workspace(session, platform=event.platform, workspace=event.workspace)
    if workspace is None:  # not our people: nothing of them is kept
        return _page(words("feedback.unknown"), words)
    month = local_day(now, people.DEFAULT_ZONE).replace(day=1)
    body = event.text("body").strip()
    if not suggestions.keep_unsigned(session, workspace.organisation_id, lesson.id, body, month=month):
        return [Refuse({"body": words("feedback.full", contact=house.contact)})]
    return _page(words("feedback.sent_unsigned"), words)


def open_form(visit: Visit, event: Pressed) -> list[Show]:
    """Open it on our own page, which asks by itself what its buttons open."""
    return answer(visit.session, visit.house, event, visit.now)


def signed(visit: Visit, event: Submitted) -> list[Show]:
    """Take what somebody has put their name under."""
    lesson, words = _about(visit.house, event)
    if lesson is None:
        return _page(words("feedback.unknown"), words)
    if (instead := _instead(event, lesson, words)) is not None:
        return [instead]
    body, name = event.text("body").strip(), event.text(NAME).strip()
    suggestions.keep_signed(
        visit.session, visit.person, lesson.id, body, name=name, on_page=event.on_page, now=visit.now
    )
    return _page(words("feedback.sent_signed", name=name), words)


def suggestion_form(lesson: Lesson, words: Words) -> Form:
    return Form(
        name=SUGGESTION,
        about=suggest_button(lesson.id, words).value,
        title=words("feedback.suggest"),
        submit=words("feedback.send"),
        close=words("typed.close"),
        language=words.language,
        body=(
            Paragraph(f"**{words.of(lesson.title)}**"),
            Paragraph(words("feedback.suggest_about")),
            TextInput(name="body", label=words("feedback.suggest_body"), multiline=True, most=LONGEST),
            TextInput(
                name=NAME,
                label=words("feedback.suggest_name"),
                hint=words("feedback.suggest_name_hint"),
                most=LONGEST_NAME,
                optional=True,
            ),
            Note(words("saving.warning")),
        ),
    )


def _instead(event: Submitted, lesson: Lesson, words: Words) -> Show | None:
    """Return what is shown instead of taking what was written; None when it can be taken."""
    body, name = event.text("body").strip(), event.text(NAME).strip()
    errors: dict[str, str] = {}
    if not body:
        errors["body"] = words("feedback.body_missing")
    elif len(body) > LONGEST:
        errors["body"] = words("feedback.body_too_long", length=len(body), most=LONGEST)
    elif fault := fault_in(body, words):
        errors["body"] = fault
    if len(name) > LONGEST_NAME:
        errors[NAME] = words("feedback.name_too_long", most=LONGEST_NAME)
    if errors:
        return Refuse(errors)
    if mentions_health(body) and not was_asked(event):
        return _opened(asked_again(suggestion_form(lesson, words), event, words), words)
    return None


def _about(house: House, event: Pressed | Submitted) -> tuple[Lesson | None, Words]:
    value = event.value if isinstance(event, Pressed) else event.about
    lesson_id, _, rest = value.partition(":")
    return house.library.lessons.get(lesson_id), Words(rest.partition(":")[0])


def _opened(form: Form, words: Words) -> OpenForm:
    return OpenForm(form, too_late=words("typed.form_too_late"), not_opened=words("typed.form_not_opened"))


def _page(text: str, words: Words) -> list[Show]:
    page = Form(
        name="suggestion_sent",
        title=words("feedback.suggest"),
        submit=None,
        close=words("typed.close"),
        language=words.language,
        body=(Paragraph(text),),
    )
    return [_opened(page, words)]


ROUTES = Routes(
    presses={SUGGEST: open_form},
    forms={SUGGESTION: signed, f"{SUGGESTION}{AGAIN}": signed},
    commands={},
    # Nobody's own is in them, and where they are opened is not asked.
    in_channels=frozenset({SUGGEST, SUGGESTION, f"{SUGGESTION}{AGAIN}"}),
)
