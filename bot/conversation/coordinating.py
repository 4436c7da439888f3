"""The coordinator's way in: the list of own cohorts and one cohort with all that can be done with it.

A coordinator meets only own cohorts, and never what anybody did or answered.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bot.conversation import outcomes
from bot.conversation.cards import (
    Button,
    Buttons,
    Card,
    Confirm,
    Divider,
    Facts,
    Form,
    Heading,
    Note,
    Paragraph,
    Part,
    Style,
)
from bot.conversation.coordinating_forms import message, window_text
from bot.conversation.documents import document_of
from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.events import Pressed, Submitted
from bot.conversation.focus_view import follows
from bot.conversation.sessions_words import entry
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.texts import Words
from bot.conversation.version_parts import notice
from bot.conversation.visiting import Handler, Typed, Visit
from storage import cohorts
from storage.cohorts import CohortHasEnded, CohortNotFound, DraftNotFound
from storage.tables.programmes import Cohort, CohortState


def for_coordinators(handler: Handler) -> Handler:
    """Let coordinators in; everybody else, and whoever reaches for what is not theirs, is told what to do."""

    def guarded(visit: Visit, event: Any) -> list[Show]:
        words = visit.words
        if not visit.is_by_coordinator:
            return refusal(visit, event, _whom_to_ask(visit))
        try:
            return handler(visit, event)
        except CohortNotFound:
            return refusal(visit, event, words("coordinating.not_found"))
        except DraftNotFound:
            return refusal(visit, event, words("coordinating.draft_gone"))
        except CohortHasEnded as ended:
            return [OpenForm(cohort_form(visit, ended.args[0], saying=words("coordinating.has_ended")))]

    return guarded


def _whom_to_ask(visit: Visit) -> str:
    contact = visit.house.contact
    return visit.words(f"coordinating.not_coordinator{'' if contact else '_ask'}", contact=contact)


def refusal(visit: Visit, event: Any, text: str) -> list[Show]:
    """Say something where the person is looking: in the form, or in the chat."""
    if isinstance(event, Submitted) or (isinstance(event, Pressed) and event.trigger):
        return [OpenForm(message(visit.words, title=visit.words("coordinating.manage_title"), text=text))]
    return [Say(Card(summary=text, parts=(Paragraph(text),)))]


def show_cohorts(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(_list_form(visit))]


def say_cohorts(visit: Visit, typed: Typed) -> list[Show]:
    return [Say(Card(summary=visit.words("coordinating.home_summary"), parts=_list(visit)))]


def show_cohort(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(cohort_form(visit, cohorts.own_cohort(visit.session, visit.person, number(event.value))))]


def cohort_form(visit: Visit, cohort: Cohort, *, saying: str | None = None) -> Form:
    """One cohort, with what can be done with it. `saying` is what has just happened."""
    words, today = visit.words, today_at_home(visit)
    said: tuple[Part, ...] = (Paragraph(f"**{saying}**"), Divider()) if saying else ()
    return Form(
        name="cohort.manage",
        about=str(cohort.id),
        title=words("coordinating.manage_title"),
        submit=None,
        close=words("coordinating.close"),
        body=(
            *said,
            Heading(cohort.name),
            Facts(
                (
                    (words("coordinating.preview_programme"), _programme_text(visit, cohort)),
                    (words("coordinating.manage_state"), state_text(visit, cohort, today)),
                    (words("coordinating.manage_start"), words.long_day(cohort.starts_on)),
                    (words("coordinating.manage_people"), str(cohorts.number_of_people(visit.session, cohort, today))),
                    (words("coordinating.manage_slot"), words.slot(cohort.default_slot)),
                    (words("coordinating.manage_window"), window_text(words, cohort.window_minutes)),
                    *rest_facts(words, cohort.calendar.get("resting", ())),
                )
            ),
            *notice(visit, cohort),
            *entry(visit, cohort),
            *outcomes.entry(visit, cohort),
            *_onwards(visit, cohort, today),
            *_actions(visit, cohort),
            back_to_list(visit),
            Note(words("coordinating.home_privacy")),
        ),
    )


def rest_facts(words: Words, months: Sequence[int]) -> list[tuple[str, str]]:
    """Return when the programme rests, as a fact; nothing where it does not."""
    if not months:
        return []
    return [(words("coordinating.preview_rests"), words.listed([words.month(month) for month in months]))]


def _onwards(visit: Visit, cohort: Cohort, today: date) -> list[Part]:
    """Say from the last week on what may follow; it is the coordinator who begins it."""
    programme = document_of(visit, cohort).programme
    following = follows(visit.house, programme, starts_on=cohort.starts_on, calendar=cohort.calendar, today=today)
    if following is None:
        return []
    title, about = visit.words.of(following.title), visit.words.of(following.about)
    return [Note(visit.words("focus.onwards_cohort", title=title, about=about))]


def back_to_list(visit: Visit) -> Buttons:
    return Buttons((Button(text=visit.words("coordinating.back"), action="cohort.home", opens_form=True),))


def back_to_cohort(visit: Visit, cohort: Cohort) -> Buttons:
    return Buttons((_button(visit, "back", "cohort.open", cohort, spoken=cohort.name),))


def state_text(visit: Visit, cohort: Cohort, today: date) -> str:
    if cohort.state is CohortState.RUNNING and cohort.starts_on > today:
        return visit.words("coordinating.state_waiting")
    return visit.words(f"coordinating.state_{cohort.state.value}")


def _programme_text(visit: Visit, cohort: Cohort) -> str:
    return visit.words.of(document_of(visit, cohort).programme.title)


def people_text(visit: Visit, cohort: Cohort, today: date) -> str:
    return visit.words.count("coordinating.people", cohorts.number_of_people(visit.session, cohort, today))


def today_at_home(visit: Visit) -> date:
    return visit.now.astimezone(HOME_ZONE).date()


def number(value: str) -> int:
    """Return the id in a button's value; what is no number is no cohort of anybody's."""
    if not value.isdecimal() or len(value) > 18:
        raise CohortNotFound(value)
    return int(value)


def _list_form(visit: Visit) -> Form:
    return Form(
        name="cohort.list",
        title=visit.words("coordinating.home_title"),
        submit=None,
        close=visit.words("coordinating.close"),
        body=_list(visit),
    )


def _list(visit: Visit) -> tuple[Part, ...]:
    words, today = visit.words, today_at_home(visit)
    own = cohorts.own_cohorts(visit.session, visit.person)
    own.sort(key=lambda cohort: cohort.state is CohortState.ENDED)  # what has ended comes last, the rest as it was
    parts: list[Part] = []
    for cohort in own[:MOST_LISTED]:
        line = words(
            "coordinating.cohort_line",
            name=cohort.name,
            programme=_programme_text(visit, cohort),
            day=words.day(cohort.starts_on),
            people=people_text(visit, cohort, today),
        )
        said = (f"{line} · {state_text(visit, cohort, today)}", outcomes.stop_mark(visit, cohort))
        parts += [
            Paragraph("\n".join(filter(None, said))),
            Buttons((_button(visit, "open_button", "cohort.open", cohort, spoken=cohort.name),)),
        ]
    if not own:
        parts.append(Paragraph(words("coordinating.home_none")))
    if (more := len(own) - MOST_LISTED) > 0:
        parts.append(Note(words("coordinating.home_more", number=more)))
    new = Button(text=words("coordinating.new_button"), action="cohort.new", style=Style.PRIMARY, opens_form=True)
    teams = Button(text=words("teams.entry"), action="team.list", opens_form=True)
    relays = Button(text=words("relays.entry"), action="relay.list", opens_form=True)
    return (*parts, Divider(), Buttons((new, teams, relays)), Note(words("coordinating.home_privacy")))


MOST_LISTED = 20
"""Cohorts in the list: a message takes 50 parts."""


def _actions(visit: Visit, cohort: Cohort) -> tuple[Part, ...]:
    if cohort.state is CohortState.ENDED:
        return (Buttons((_button(visit, "manage_button_account", "cohort.account", cohort),)),)
    pausing = (
        _button(visit, "manage_button_resume", "cohort.resume", cohort)
        if cohort.state is CohortState.PAUSED
        else _button(visit, "manage_button_pause", "cohort.pause", cohort, confirm=_confirm(visit, "pause"))
    )
    return (
        Buttons(
            (
                _button(visit, "manage_button_account", "cohort.account", cohort),
                _button(visit, "manage_button_edit", "cohort.edit", cohort),
                _button(visit, "manage_button_test", "cohort.test", cohort),
            )
        ),
        Buttons(
            (
                _button(visit, "manage_button_add", "cohort.add", cohort),
                _button(visit, "manage_button_remove", "cohort.remove", cohort),
                _button(visit, "manage_button_colleague", "cohort.colleague", cohort),
            )
        ),
        Buttons(
            (
                pausing,
                _button(
                    visit, "manage_button_end", "cohort.end", cohort, confirm=_confirm(visit, "end"), style=Style.DANGER
                ),
            )
        ),
    )


def _button(
    visit: Visit,
    text: str,
    action: str,
    cohort: Cohort,
    *,
    confirm: Confirm | None = None,
    style: Style = Style.PLAIN,
    spoken: str | None = None,
) -> Button:
    label = visit.words(f"coordinating.{text}")
    return Button(
        text=label,
        action=action,
        value=str(cohort.id),
        style=style,
        confirm=confirm,
        opens_form=True,
        spoken=f"{label}: {spoken}"[:75] if spoken else None,
    )


def _confirm(visit: Visit, what: str) -> Confirm:
    words: Callable[[str], str] = visit.words
    return Confirm(
        title=words(f"coordinating.{what}_confirm_title"),
        text=words(f"coordinating.{what}_confirm_text"),
        yes=words(f"coordinating.{what}_confirm_yes"),
        no=words("coordinating.cancel"),
    )
