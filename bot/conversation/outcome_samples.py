"""What came of a cohort, as `knuff preview` shows it: before anything has closed, afterwards, and when too few feel
supported. The answers are made up; what is shown of them went the same way as real ones."""

from collections.abc import Container, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import select

from bot.conversation import outcomes
from bot.conversation.cards import Card, Form
from bot.conversation.coordinating_sample_hands import Hands, opened, some
from bot.conversation.events import Pressed
from lessons.models import Role
from lessons.outcomes.measures import GUARD
from lessons.outcomes.releasing import Answered, release
from lessons.surveys import SurveyDocument, Wave
from storage import people, survey_waves
from storage.outcomes import waves
from storage.tables.surveys import SurveyWave

PEOPLE = 36
MOST, HALF, FEW = 8, 5, 3
"""Of ten, how many say yes."""

Sample = tuple[str, str, Card | Form]


def samples(sam: Hands, cohort: str) -> Iterator[Sample]:
    """Return them for a cohort that has begun."""
    surveys = sam.visit.house.library.survey_document()
    if surveys is None:
        return
    with sam.forgotten():
        yield "modal", "outcomes_none", _pressed(sam, cohort)
        with sam.forgotten():
            _close(sam, cohort, surveys, supported=MOST, waves_closed=(Wave.T0, Wave.WEEK_3))
            yield "modal", "outcomes_so_far", _pressed(sam, cohort)
        with sam.forgotten():
            _close(sam, cohort, surveys, supported=FEW)
            yield "modal", "cohort_stop", sam.presses("cohort.open", cohort)
            yield "modal", "outcomes_stop", _pressed(sam, cohort)
            yield "modal", "cohort_list_stop", sam.presses("cohort.home")
            yield "modal", "cohort_new_stop", sam.presses("cohort.new")
        _close(sam, cohort, surveys, supported=MOST)
        yield "modal", "cohort_results", sam.presses("cohort.open", cohort)
        yield "modal", "outcomes", _pressed(sam, cohort)
        yield "modal", "outcomes_no_page", _pressed(sam.where(page_address=None), cohort)
        yield "modal", "outcomes_own", _pressed(_somebody_in_it(sam), cohort)
        yield "modal", "outcomes_gone", _pressed(sam.stranger(), cohort)


def _pressed(sam: Hands, cohort: str) -> Form:
    visit = sam.visit
    event = Pressed(
        key=f"sample-{next(sam.keys)}",
        platform=visit.workspace.platform.value,
        workspace=visit.workspace.external_id,
        person=visit.person.external_id,
        at=visit.now,
        action="outcomes.open",
        value=cohort,
        trigger="1.1",
        view="V1",
    )
    return opened(outcomes.show(visit, event))


def _somebody_in_it(sam: Hands) -> Hands:
    *_coordinators, one = some(range(2))
    person = people.person_met(
        sam.visit.session,
        workspace=sam.visit.workspace,
        external_id=one.external_id,
        zone=None,
        language=sam.visit.words.language,
        now=sam.visit.now,
    )
    return replace(sam, visit=replace(sam.visit, person=person))


def _close(
    sam: Hands, cohort: str, surveys: SurveyDocument, *, supported: int, waves_closed: Container[Wave] = tuple(Wave)
) -> None:
    session = sam.visit.session
    asked, first = dict.fromkeys(range(PEOPLE), Role.MANAGER), list(_said(surveys, Wave.T0, MOST))
    for row in session.exec(select(SurveyWave).where(SurveyWave.cohort_id == int(cohort))).all():
        wave = Wave(row.wave)
        if wave not in waves_closed:
            continue
        document = release(
            surveys.surveys,
            digest=surveys.digest(),
            wave=wave,
            asked=asked,
            responses=_said(surveys, wave, supported),
            at_first=first,
        )
        survey_waves.close(session, row.id, sam.visit.now, partial(_as_made, document))
    session.expire_all()
    whose = {"organisation_id": sam.visit.person.organisation_id, "cohort_id": int(cohort)}
    if not any(row.released for row in waves(session, **whose)):
        raise LookupError(f"cohort {cohort} has no waves to close")


def _as_made(document: dict[str, Any], _closing: survey_waves.Closing) -> dict[str, Any]:
    return document


def _said(surveys: SurveyDocument, wave: Wave, supported: int) -> Iterator[Answered]:
    """One in nine has not answered."""
    for place, (item, scale) in enumerate(surveys.asked(wave, Role.MANAGER)):
        most = supported if item.id == GUARD else HALF if wave is Wave.T0 else MOST
        for person in range(PEOPLE):
            if person % 9 != 0:
                is_yes = (3 * person + place + len(wave)) % 10 < most
                values = [value for value in scale.values if (value in item.yes) is is_yes]
                about = "one" if item.about else ""
                yield Answered(person=person, item=item.id, about=about, value=str(values[person % len(values)]))
