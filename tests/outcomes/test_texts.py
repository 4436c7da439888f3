"""What is said of results: each of our texts by a sample of the chat, or by a report of some cohort."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.commands.outcomes import in_lines
from bot.conversation import outcome_samples, samples
from bot.conversation.coordinating_sample_hands import hands
from bot.conversation.coordinating_samples import NOW, STARTS_ON
from bot.conversation.sample_database import from_nothing
from bot.conversation.texts import Words, texts_in
from bot.outcomes.joint_report import joint_report
from bot.outcomes.parts import Report
from bot.outcomes.report import report_of
from bot.outcomes.spreadsheet import outcomes_csv
from bot.previewing import sample_house
from bot.web.outcome_documents import report_html
from lessons.library import load_library
from lessons.outcomes.released_cohort import Attendance, Counts, ReleasedCohort
from lessons.surveys import Wave
from tests.outcomes.made import OPENED, a_cohort

MADE_ON = date(2026, 9, 10)
"""When nobody's second wave has opened yet, and the first is open."""
ON_OUR_PAGE = {
    "outcomes.file_csv",
    "outcomes.file_csv_semicolon",
    "outcomes.file_html",
    "outcomes.file_nameless",
    "outcomes.file_released",
    "outcomes.files_title",
    "outcomes.own_title",
}
"""Said only there: tests/web/test_outcome_pages.py reads them."""


def test_every_text_of_results_is_in_a_sample_or_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()
    say = Words.__call__

    def say_and_note(self: Words, key: str, **fields: object) -> str:
        used.add(key)
        return say(self, key, **fields)

    monkeypatch.setattr(Words, "__call__", say_and_note)
    _read_in_the_chat(Words("sv"))
    _report_of_each_kind(Words("sv"))
    assert {key for key in texts_in("sv") if key.startswith("outcomes.")} - used == ON_OUR_PAGE


def _read_in_the_chat(words: Words) -> None:
    house = sample_house(load_library(), words.language)
    samples.samples(words.language, house)

    def meets(session: Session) -> Iterator[outcome_samples.Sample]:
        sam = hands(session, words.language, house, now=NOW)
        plan = sam.sends(sam.presses("cohort.new"), values={"name": "Våren", "starts_on": STARTS_ON.isoformat()})
        return outcome_samples.samples(sam, sam.sends(sam.sends(plan, range(6))).about)

    from_nothing(meets)


def _report_of_each_kind(words: Words) -> None:
    large, small = a_cohort(32), a_cohort(6, organisation="Region Annan", answering=0.3)
    for cohort in (
        large,
        small,
        a_cohort(12, support=0.3),
        a_cohort(7, answering=0.6, likely=0.5),
        a_cohort(4),
        _nothing_counted(_open(large)),
        _nobody_came(large),
        a_cohort(60, answering=0.5, likely=0.6),
        a_cohort(90, likely=0.6),
        a_cohort(40, likely=0.03, gained=-0.6),
        a_cohort(12, likely=1.0, gained=1.0, answering=1.0),
        a_cohort(30, seed=6, likely=0.5, gained=0.0, answering=0.95),
    ):
        list(in_lines(report_of(cohort, words, made_on=MADE_ON), words))
        outcomes_csv(cohort, words)
    winter = a_cohort(30, name="Vintern", seed=3, meetings=2)
    for cohorts in (
        (large, a_cohort(30, organisation="Kommunen", seed=2), small),
        (small, _open(large)),
        (large, winter, small),
        (_open(large), winter),
        (large, winter.model_copy(update={"waves": ()})),
    ):
        list(in_lines(joint_report(cohorts, words, made_on=MADE_ON), words))
    report_html(_with_few_charts(report_of(a_cohort(40, support=0.3), words, made_on=MADE_ON)), words)


def _with_few_charts(report: Report) -> Report:
    """Each takes a while to draw."""
    return replace(report, groups=[replace(group, shown=group.shown[1:2]) for group in report.groups])


def _open(cohort: ReleasedCohort) -> ReleasedCohort:
    """The same at its start: the first wave is open, and the others wait."""
    waves = tuple(wave.model_copy(update={"told": None}) for wave in cohort.waves)
    return cohort.model_copy(update={"waves": waves})


def _nothing_counted(cohort: ReleasedCohort) -> ReleasedCohort:
    meeting = Attendance(day=max(OPENED.values()))
    nothing = Counts(participants=0, legs=0, batons=0, tested=0, units_asked=0, units_in_use=0, meetings=(meeting,))
    return cohort.model_copy(update={"counts": nothing})


def _nobody_came(cohort: ReleasedCohort) -> ReleasedCohort:
    meeting = Attendance(day=max(OPENED.values()), attended=0)
    return cohort.model_copy(update={"counts": cohort.counts.model_copy(update={"meetings": (meeting,)})})


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Ingen kom, enligt den som"), ("en", "Nobody came, according to whoever")]
)
def test_where_nobody_came_it_is_said_in_words(language: str, said: str) -> None:
    words = Words(language)
    text = "\n".join(in_lines(report_of(_nobody_came(a_cohort(32)), words, made_on=MADE_ON), words))
    assert said in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("made_on", "said"),
    [
        (OPENED[Wave.DAY] - timedelta(days=1), "Frågorna kommer arbetsdagen efter träffen."),
        (OPENED[Wave.DAY], "Frågorna kommer arbetsdagen efter träffen."),
        (OPENED[Wave.DAY] + timedelta(days=1), "Frågorna är öppna till och med onsdag 2 december."),
    ],
)
def test_nobody_is_said_to_be_asked_about_a_meeting_on_its_own_day(made_on: date, said: str) -> None:
    words = Words("sv")
    responses = report_of(_open(a_cohort(32)), words, made_on=made_on).responses
    [told] = [told for when, told in responses if when.startswith(words("outcomes.wave_day"))]
    assert told.startswith(said)


@pytest.mark.parametrize(("language", "too_few"), [("sv", "besvarats av för få"), ("en", "answered by too few")])
def test_of_a_cohort_too_small_it_is_not_said_that_its_surveys_are_open_or_not_its_own(
    language: str, too_few: str
) -> None:
    words = Words(language)
    shown = report_of(a_cohort(4), words, made_on=date(2027, 3, 5)).groups[0].shown
    withheld = [one.sentence for one in shown if one.sentence == words("outcomes.not_measured")]
    assert len(withheld) == 5
    assert too_few in withheld[0]
