"""The forms of an if-then plan, and what is read from them."""

from datetime import date

from bot.conversation.cards import ChoiceInput, Form, Note, Option, Paragraph, TextInput
from bot.conversation.days import CalendarChoices
from bot.conversation.events import Submitted
from bot.conversation.health import mentions_health, was_asked
from bot.conversation.plan_words import fault_in_plan
from bot.conversation.shows import Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from lessons.models import Lesson


def plan_form(
    lesson: Lesson,
    ahead: list[date],
    words: Words,
    *,
    about: str,
    saves_text: bool,
    name: str = "plan",
    cue: str = "",
    action: str | None = None,
) -> Form:
    suggested = words.of(lesson.action) if lesson.action else ""
    hint = words("plans.cue_hint", example=words.of(lesson.cue)) if lesson.cue else None
    return Form(
        name=name,
        title=words("plans.form_title"),
        submit=words("plans.submit"),
        close=words("typed.close"),
        about=about,
        body=(
            Paragraph(words.of(lesson.do)),
            TextInput(name="cue", label=words("plans.cue_label"), hint=hint, initial=cue, most=300),
            _day_input(ahead, words),
            TextInput(
                name="action",
                label=words("plans.action_label"),
                hint=words("plans.action_hint"),
                initial=suggested if action is None else action,
                most=300,
            ),
            ChoiceInput(
                name="save",
                label=words("plans.save"),
                options=(Option("yes", words("plans.save_yes")), Option("no", words("plans.save_no"))),
                initial=("yes" if saves_text else "no",),
            ),
            Note(words("saving.warning")),
        ),
    )


def day_form(ahead: list[date], words: Words, *, about: str, why: str) -> Form:
    """Return the form for a plan whose words are not shown here: only its day can be changed. `why` names the text
    that says so."""
    return Form(
        name="plan_day",
        title=words("plans.form_title"),
        submit=words("plans.submit"),
        close=words("typed.close"),
        about=about,
        body=(Paragraph(words(f"plans.only_day_{why}")), _day_input(ahead, words)),
    )


def checked(visit: Visit, event: Submitted, calendar: CalendarChoices) -> list[Show]:
    """Return the form's refusal, or nothing when the plan in it can be kept."""
    cue, action = event.text("cue"), event.text("action")
    faults = fault_in_plan(visit, cue=cue, action=action, cue_on=day_sent(event), calendar=calendar)
    return [Refuse(faults)] if faults else []


def should_ask(event: Submitted) -> bool:
    """Whether words that are to be saved seem to be about somebody's health."""
    kept = event.text("save") != "no" and not was_asked(event)
    return kept and mentions_health(f"{event.text('cue')} {event.text('action')}")


def day_sent(event: Submitted) -> date | None:
    """Return the day that was chosen, or None when it is none."""
    try:
        return date.fromisoformat(event.text("cue_on"))
    except ValueError:
        return None


def _day_input(ahead: list[date], words: Words) -> ChoiceInput:
    return ChoiceInput(
        name="cue_on",
        label=words("plans.day_label"),
        hint=words("plans.day_hint"),
        options=tuple(Option(day.isoformat(), words.day(day)) for day in ahead),
        initial=(ahead[0].isoformat(),),
    )
