"""The account of a cohort: what was promised and what became of it, in numbers that point at nobody.

In a cohort of fewer than five people any number would. The same goes for a day that concerned fewer than five: it is in
no sum either, or it would follow by subtraction.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.conversation.cards import Facts, Form, Heading, Note, Paragraph, Part
from bot.conversation.coordinating import back_to_cohort, number, today_at_home
from bot.conversation.events import Pressed
from bot.conversation.shows import OpenForm, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from scheduler.account import A_DAY_ENDS_EVERYWHERE, FEWEST, CohortAccount, Sum, cohort_account
from storage import cohorts
from storage.tables.programmes import Cohort

DAYS_SHOWN = 10


def show_account(visit: Visit, event: Pressed) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.value))
    today = today_at_home(visit)
    people = cohorts.number_of_people(visit.session, cohort, today)
    account = cohort_account(
        visit.session,
        organisation_id=cohort.organisation_id,
        cohort_id=cohort.id,
        people=people,
        first=cohort.created_at.date(),
        last=today,
    )
    by_day = cohorts.number_by_day(visit.session, cohort, last=today)
    body = account_parts(visit.words, account, people=people, by_day=by_day, starts_on=cohort.starts_on, today=today)
    return [OpenForm(account_form(visit, cohort, body))]


def account_form(visit: Visit, cohort: Cohort, body: Iterable[Part]) -> Form:
    return Form(
        name="cohort.message",
        title=visit.words("coordinating.account_title"),
        submit=None,
        close=visit.words("coordinating.close"),
        body=(Heading(cohort.name), *body, back_to_cohort(visit, cohort)),
    )


def account_parts(
    words: Words,
    account: CohortAccount,
    *,
    people: int,
    by_day: Mapping[date, int],
    starts_on: date,
    today: date,
) -> tuple[Part, ...]:
    """Return what a coordinator reads of a cohort of `people`; `by_day` says how many of them each day concerned."""
    if not account.days:
        return (Paragraph(words("coordinating.account_none", day=words.day(starts_on))),)
    must_look = account.operator_must_look or _something_is_lost(account, today)
    verdict = Paragraph(words(f"coordinating.account_{'look' if must_look else 'ok'}"))
    shown = [(day, of_day) for day, of_day in account.days if by_day.get(day, 0) >= FEWEST]
    if people < FEWEST or not shown:
        return (verdict, Note(words("coordinating.account_small", fewest=FEWEST)))
    lines = [_line(words, day, of_day) for day, of_day in shown[:DAYS_SHOWN]]
    return (
        verdict,
        Facts(_facts(words, [of_day for _day, of_day in shown])),
        Heading(words("coordinating.account_days_title")),
        Paragraph("\n".join(lines)),
        *_reasons(words, account),
        Note(words("coordinating.account_intro", fewest=FEWEST)),
    )


def _facts(words: Words, days: list[Sum]) -> tuple[tuple[str, str], ...]:
    sums = {
        "promised": sum(day.promised for day in days),
        "sent": sum(day.sent for day in days),
        "explained": sum(day.explained for day in days),
        "on_the_way": sum(day.on_the_way for day in days),
    }
    return tuple((words(f"coordinating.account_{name}"), str(value)) for name, value in sums.items())


def _line(words: Words, day: date, of_day: Sum) -> str:
    return words(
        "coordinating.account_line_open" if of_day.on_the_way else "coordinating.account_line",
        day=words.day(day),
        promised=of_day.promised,
        sent=of_day.sent,
        explained=of_day.explained,
        on_the_way=of_day.on_the_way,
    )


def _reasons(words: Words, account: CohortAccount) -> tuple[Part, ...]:
    if not account.reasons and not account.other:
        return ()
    lines = [
        words("coordinating.account_reason", reason=words(f"coordinating.reason_{reason}"), number=promises)
        for reason, promises in (account.reasons or {}).items()
    ]
    if account.other:
        lines.append(words("coordinating.account_other"))
    return (Heading(words("coordinating.account_reasons_title")), Paragraph("\n".join(lines)))


def _something_is_lost(account: CohortAccount, today: date) -> bool:
    """What is still on the way when its day is over everywhere has been lost."""
    return any(of_day.on_the_way and today - day >= A_DAY_ENDS_EVERYWHERE for day, of_day in account.days)
