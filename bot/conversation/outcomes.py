"""What came of a cohort, for whoever coordinates it and for everybody in it: the same figures, and nothing more."""

from collections.abc import Sequence

from bot.conversation.cards import Button, Buttons, Divider, Form, Heading, Note, Paragraph, Part
from bot.conversation.coordinating_forms import message
from bot.conversation.events import Pressed
from bot.conversation.outcome_gathering import released_cohort, released_waves
from bot.conversation.outcome_words import main_figures, response_text, stop_text, wave_text
from bot.conversation.own_page import link
from bot.conversation.references import number
from bot.conversation.shows import OpenForm, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.outcomes.released_cohort import ReleasedCohort, WaveOfCohort
from lessons.outcomes.stopping import feels_controlled, stopped_by
from storage import cohorts, outcomes
from storage.cohorts import CohortNotFound
from storage.tables.programmes import Cohort


def show(visit: Visit, event: Pressed) -> list[Show]:
    """Show the main figures, and the way to the whole report."""
    try:
        cohort, coordinates = seen(visit, event.value)
    except CannotAnswer as gone:
        return [OpenForm(message(visit.words, title=visit.words("outcomes.title"), text=visit.words(gone.key)))]
    return [OpenForm(_form(visit, cohort, coordinates=coordinates))]


def seen(visit: Visit, value: str) -> tuple[Cohort, bool]:
    """Return a cohort to somebody who coordinates it, or is or was in it, and whether they coordinate it. Raises
    CannotAnswer for everybody else."""
    cohort_id = number(value)
    if visit.is_by_coordinator:
        try:
            return cohorts.own_cohort(visit.session, visit.person, cohort_id), True
        except CohortNotFound:
            pass
    cohort = outcomes.cohort_of(visit.session, person_id=visit.person.id, cohort_id=cohort_id)
    if cohort is None:
        raise CannotAnswer("outcomes.gone")
    return cohort, False


def told_of(visit: Visit, cohort: Cohort) -> ReleasedCohort:
    house = visit.house
    return released_cohort(visit.session, cohort, organisation=house.organisation_name, library=house.library)


def entry(visit: Visit, cohort: Cohort) -> tuple[Part, ...]:
    """Return the way from a cohort to its results, with what must be done when too few feel supported; nothing where
    nobody is asked anything."""
    waves = released_waves(visit.session, cohort)
    if not waves:
        return ()
    words = visit.words
    button = Button(
        text=words("outcomes.open"),
        action="outcomes.open",
        value=str(cohort.id),
        opens_form=True,
        spoken=f"{words('outcomes.open')}: {cohort.name}"[:75],
    )
    return (*_stop(waves, words), Buttons((button,)))


def stop_mark(visit: Visit, cohort: Cohort) -> str:
    """Return what must be said of a cohort in a list of cohorts; empty where nothing must."""
    return _mark(visit.words) if stopped_by(released_waves(visit.session, cohort)) else ""


def before_the_next(visit: Visit, own: Sequence[Cohort]) -> list[Part]:
    """Return what must be done before a new cohort is started, by the first of `own`, which are one's own from the
    newest on, that tells how it feels."""
    for cohort in own:
        is_felt = feels_controlled(released_waves(visit.session, cohort))
        if is_felt is not None:
            text = visit.words("outcomes.stop_next", name=cohort.name)
            return [Paragraph(f"{_mark(visit.words)}\n{text}")] if is_felt else []
    return []


def own_entry(results: outcomes.CohortWithResults | None, words: Words) -> list[Part]:
    """Return the way from Home to the results that everybody in the cohort sees; nothing while there are none."""
    if results is None:
        return []
    text = words("outcomes.own_open")
    button = Button(text=text, action="outcomes.open", value=str(results.id), opens_form=True)
    return [Divider(), Heading(words("outcomes.page_title", name=results.name)), Buttons((button,))]


def _form(visit: Visit, cohort: Cohort, *, coordinates: bool) -> Form:
    words, told = visit.words, told_of(visit, cohort)
    parts: list[Part] = [Heading(words("outcomes.page_title", name=cohort.name))]
    if coordinates:
        parts += _stop(told.waves, words)
    else:
        parts.append(Note(words("outcomes.own_intro")))
    closed = [wave for wave in told.waves if wave.told is not None]
    if not closed:
        parts.append(Paragraph(words("outcomes.card_waits")))
    for wave in closed:
        parts.append(Paragraph(f"**{wave_text(wave, words)}**\n{response_text(wave.told, words) if wave.told else ''}"))
    if figures := main_figures(told, words):
        parts += [Divider(), *(Paragraph(f"**{heading}**\n{sentence}") for heading, sentence in figures)]
    if closed:
        parts += _report(visit, cohort)
    if coordinates:
        back = Button(text=words("outcomes.back"), action="cohort.open", value=str(cohort.id), opens_form=True)
        parts.append(Buttons((back,)))
    parts.append(Note(words("outcomes.privacy")))
    return Form(
        name="outcomes",
        title=words("outcomes.card_title"),
        submit=None,
        close=words("coordinating.close"),
        body=tuple(parts),
    )


def _report(visit: Visit, cohort: Cohort) -> list[Part]:
    words, address = visit.words, link(visit, f"/my/outcomes/{cohort.id}")
    if address is None:
        return [Note(words("outcomes.card_no_page"))]
    return [Buttons((Button(text=words("outcomes.card_report"), action="own_page.open", url=address),))]


def _stop(waves: Sequence[WaveOfCohort], words: Words) -> list[Part]:
    text = stop_text(waves, words)
    return [Paragraph(f"{_mark(words)}\n{text}")] if text else []


def _mark(words: Words) -> str:
    return f"🔴 **{words('outcomes.stop_title')}**"


ROUTES = Routes(presses={"outcomes.open": show}, forms={}, commands={})
