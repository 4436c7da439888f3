"""The account in numbers: it balances, it points at nobody, and it says when somebody must look."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.conversation.coordinating_account import account_parts
from bot.conversation.texts import Words
from scheduler.account import CohortAccount, Sum
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.programmes import Enrolment
from tests.coordinating.office import Office, form_in, home, managers, read

MONDAY = date(2026, 3, 2)
WEEK_OVER = (3, 10)
"""The first day on which the week of that Monday is over everywhere."""


def promise(office: Office, cohort: int, day: date, *states: State | Reason, step: int | None = None) -> None:
    """One nudge for each, from the first enrolled on: sent, planned, or explained with a reason."""
    enrolments = [row for row in office.rows(Enrolment) if row.cohort_id == cohort][: len(states)]

    def store(session: Session) -> None:
        for enrolment, state in zip(enrolments, states, strict=True):
            reason = state if isinstance(state, Reason) else None
            session.add(
                Delivery(
                    organisation_id=1,
                    workspace_id=1,
                    person_id=enrolment.person_id,
                    cohort_id=cohort,
                    enrolment_id=enrolment.id,
                    kind=Kind.NUDGE,
                    step=step or (day - MONDAY).days + 1,
                    day=day,
                    due_at=home(day.year, day.month, day.day, 8),
                    late_after=home(day.year, day.month, day.day, 12),
                    try_at=home(day.year, day.month, day.day, 8),
                    state=State.EXPLAINED if isinstance(state, Reason) else state,
                    reason=reason,
                    sent_at=home(day.year, day.month, day.day, 8) if state is State.SENT else None,
                )
            )

    office.look(store)


def account(office: Office, cohort: int, now: tuple[int, int] = (3, 2)) -> str:
    return read(office.at(home(2026, *now, 11)).press("cohort.account", cohort))


def test_before_the_first_promise_the_account_says_when_it_begins(office: Office) -> None:
    text = account(office, office.start_cohort(managers(6)), (2, 20))
    assert "Inget är utlovat än. Första övningen kommer måndag 2 mars." in text


def test_promised_is_sent_and_explained_and_on_the_way(office: Office) -> None:
    cohort = office.start_cohort(managers(8))
    promise(office, cohort, MONDAY, *[State.SENT] * 6, Reason.PACE, State.PLANNED)
    text = account(office, cohort)
    assert "Allt går som planerat." in text
    assert "Utlovat: 8\nSkickat: 6\nFörklarat: 1\nPå väg: 1" in text
    assert "**måndag 2 mars** · utlovat 8 · skickat 6 · förklarat 1 · på väg 1" in text


def test_the_last_ten_days_are_shown_latest_first(office: Office) -> None:
    cohort = office.start_cohort(managers(6))
    days = [MONDAY + timedelta(days=offset) for offset in range(18) if offset % 7 < 5]
    for day in days:
        promise(office, cohort, day, *[State.SENT] * 6)
    lines = [line for line in account(office, cohort, (3, 19)).split("\n") if " · utlovat " in line]
    assert [line.split("**")[1] for line in lines] == [Words("sv").day(day) for day in days[:-11:-1]]
    assert f"Utlovat: {6 * len(days)}" in account(office, cohort, (3, 19))


def test_a_reason_is_shown_when_it_concerns_five_people(office: Office) -> None:
    cohort = office.start_cohort(managers(9))
    promise(office, cohort, MONDAY, *[State.SENT] * 4, *[Reason.RED_DAY] * 5)
    text = account(office, cohort, WEEK_OVER)
    assert "röd dag: 5" in text
    assert "Fler skäl finns." not in text


@pytest.mark.parametrize("reason", [Reason.PAUSED, Reason.STOPPED, Reason.BACKED_OFF, Reason.LEFT, Reason.PACE])
def test_a_reason_of_fewer_is_not_shown(office: Office, reason: Reason) -> None:
    cohort = office.start_cohort(managers(9))
    promise(office, cohort, MONDAY, *[State.SENT] * 5, *[reason] * 4)
    text = account(office, cohort, WEEK_OVER)
    assert Words("sv")(f"coordinating.reason_{reason}") not in text
    assert "Fler skäl finns. De gäller för få personer för att visas." in text


def test_five_days_of_one_persons_pause_are_still_one_person(office: Office) -> None:
    cohort = office.start_cohort(managers(9))
    for offset in range(5):
        promise(office, cohort, MONDAY + timedelta(days=offset), *[State.SENT] * 8, Reason.PAUSED)
    assert "egen paus" not in account(office, cohort, WEEK_OVER)


def test_reasons_are_told_when_their_week_is_over_everywhere(office: Office) -> None:
    cohort = office.start_cohort(managers(9))
    promise(office, cohort, MONDAY, *[State.SENT] * 4, *[Reason.RED_DAY] * 5)
    for day in (2, 6, 8, 9):
        text = account(office, cohort, (3, day))
        assert "röd dag: 5" not in text
        assert "förklarat 5" in text
        assert "Skälen räknas en hel vecka i taget, när veckan är över." in text
    assert "röd dag: 5" in account(office, cohort, WEEK_OVER)


def test_nobodys_day_follows_from_two_looks_at_the_account(office: Office) -> None:
    """Five paused on Monday. On Tuesday one of nine does: told with the others, the number would grow by that one."""
    cohort = office.start_cohort(managers(9))
    promise(office, cohort, MONDAY, *[State.SENT] * 4, *[Reason.PAUSED] * 5)
    before = account(office, cohort, WEEK_OVER)
    promise(office, cohort, MONDAY + timedelta(days=8), *[State.SENT] * 8, Reason.PAUSED)
    told = [account(office, cohort, (3, day)) for day in (11, 12, 15, 16, 17, 18)]
    assert "egen paus: 5" in before
    assert all("egen paus: 5" in text for text in told)
    assert "Fler skäl finns." in told[-1]


def test_no_hidden_reason_follows_by_subtraction(office: Office) -> None:
    """One reason alone under five: the smallest that could be shown is hidden with it."""
    cohort = office.start_cohort(managers(20))
    reasons = [*[Reason.RED_DAY] * 7, *[Reason.PACE] * 5, Reason.PAUSED]
    promise(office, cohort, MONDAY, *[State.SENT] * 7, *reasons)
    text = account(office, cohort, WEEK_OVER)
    assert "röd dag: 7" in text
    assert "lugnare takt" not in text
    assert "egen paus" not in text


def test_a_small_cohort_gets_no_numbers_at_all(office: Office) -> None:
    cohort = office.start_cohort(managers(6))
    promise(office, cohort, MONDAY, *[State.SENT] * 5, Reason.PAUSED)
    removing = office.at(home(2026, 3, 2, 10))
    removing.send(form_in(removing.press("cohort.remove", cohort)), profiles={"people": managers(2)})
    text = account(office, cohort)
    assert "Allt går som planerat. Det som inte har skickats är förklarat." in text
    assert "Siffror visas först när de gäller minst 5 personer" in text
    assert not any(word in text for word in ("Utlovat:", "utlovat", "paus"))


def test_a_day_of_few_promises_is_in_no_sum(office: Office) -> None:
    """A late joiner's welcome is one promise to one person, and the coordinator knows to whom."""
    cohort = office.start_cohort(managers(6))
    promise(office, cohort, MONDAY, *[State.SENT] * 6)
    promise(office, cohort, MONDAY + timedelta(days=1), Reason.NOT_REACHABLE)
    text = account(office, cohort, (3, 3))
    assert "tisdag 3 mars" not in text
    assert "Utlovat: 6\nSkickat: 6\nFörklarat: 0" in text


def test_many_promises_to_few_people_are_few_people(office: Office) -> None:
    """Somebody who has the week gathered has five promises in a day."""
    cohort = office.start_cohort(managers(6))
    promise(office, cohort, MONDAY, *[State.SENT] * 6)
    for step in range(5):
        promise(office, cohort, MONDAY + timedelta(days=1), Reason.PAUSED, step=10 + step)
    text = account(office, cohort, (3, 3))
    assert "tisdag 3 mars" not in text
    assert "Utlovat: 6" in text


@pytest.mark.parametrize("people", [3, 9])
@pytest.mark.parametrize(
    "reason", [Reason.REFUSED, Reason.OUTCOME_UNKNOWN, Reason.WORKSPACE_DISCONNECTED, Reason.KNUFF_WAS_DOWN]
)
def test_what_is_our_fault_calls_for_somebody_to_look(office: Office, people: int, reason: Reason) -> None:
    cohort = office.start_cohort(managers(people))
    promise(office, cohort, MONDAY, *[State.SENT] * (people - 1), reason)
    text = account(office, cohort)
    assert "Be den som sköter driften av Knuff att titta på det." in text
    assert "Allt går som planerat." not in text


def test_what_is_still_on_the_way_two_days_later_calls_for_somebody_to_look(office: Office) -> None:
    cohort = office.start_cohort(managers(9))
    promise(office, cohort, MONDAY, *[State.SENT] * 8, State.PLANNED)
    assert "Be den som sköter" not in account(office, cohort, (3, 3))
    assert "Be den som sköter" in account(office, cohort, (3, 4))


def test_other_cohorts_are_not_counted(office: Office) -> None:
    mine, other = office.start_cohort(managers(6)), office.start_cohort(managers(6), name="Hösten")
    promise(office, other, MONDAY, *[State.SENT] * 6)
    assert "Inget är utlovat än." in account(office, mine)


def test_what_has_ended_still_has_its_account(office: Office) -> None:
    cohort = office.start_cohort(managers(6))
    promise(office, cohort, MONDAY, *[State.SENT] * 6)
    office.at(home(2026, 3, 3)).press("cohort.end", cohort)
    assert "Utlovat: 6" in account(office, cohort, (3, 5))


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_can_be_said(language: str, reason: Reason) -> None:
    of_day = Sum(promised=9, sent=4, explained=5, on_the_way=0)
    account = CohortAccount(days=((MONDAY, of_day),), reasons={reason: 5}, other=0, operator_must_look=False)
    parts = account_parts(Words(language), account, people=9, by_day={MONDAY: 9}, starts_on=MONDAY, today=MONDAY)
    text = "\n".join(str(getattr(part, "text", "")) for part in parts)
    assert f"{Words(language)(f'coordinating.reason_{reason}')}: 5" in text
