"""Every message and form a coordinator can meet, with sample data: what `knuff preview` shows.

The real handlers make them, over a database in memory that is gone afterwards.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.conversation import outcome_samples
from bot.conversation.cards import Card, ChoiceInput, Form
from bot.conversation.coordinating_account import account_form, account_parts
from bot.conversation.coordinating_role_samples import by_role
from bot.conversation.coordinating_sample_hands import Hands, bots, hands, opened, said
from bot.conversation.coordinating_version_samples import versions
from bot.conversation.sample_database import from_nothing
from bot.conversation.sessions_samples import of_coordinator
from bot.conversation.visiting import House
from scheduler.account import CohortAccount, Sum
from storage import cohorts
from storage.tables.deliveries import Reason

Sample = tuple[str, str, Card | Form]
"""Where it is shown ("message" or "modal"), its name, and the thing itself."""

NOW = datetime(2026, 2, 20, 9, tzinfo=UTC)
STARTS_ON = date(2026, 3, 2)
STARTED = datetime(2026, 3, 3, 9, tzinfo=UTC)
MIDWEEK, SUNDAY = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (11, 15))
OVER = datetime(2026, 6, 1, 9, tzinfo=UTC)
EVERYBODY = range(550)
NAMES = {"sv": "Chefer i Alvsunda, våren", "en": "Managers in Alvsunda, spring"}


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en"."""
    return from_nothing(lambda session: _meets(hands(session, language, house, now=NOW)))


def _meets(sam: Hands) -> Iterator[Sample]:
    name = NAMES[sam.visit.words.language]
    yield from _without_a_cohort(sam)
    outline = sam.presses("cohort.new")
    first = {"name": name, "starts_on": STARTS_ON.isoformat()}
    new = sam.sends(outline, values=first)
    chosen = {"closed": "2026-03-16 – 2026-03-20"}
    yield from _refused(sam, outline, first)
    yield from _refused_plan(sam, new, chosen)
    yield from _previewed(sam, outline, first)
    yield from by_role(sam, first)
    yield from of_coordinator(sam, first)
    yield "modal", "cohort_preview", (preview := sam.sends(new, EVERYBODY, channel=bots(1), values=chosen))
    with sam.forgotten():
        yield "modal", "cohort_start_has_passed", sam.on(STARTED).sends(preview)
        yield "modal", "cohort_new_start_has_passed", sam.on(STARTED).sends(new)
    yield "modal", "cohort_started", (started := sam.sends(preview))
    yield "modal", "cohort_draft_gone", sam.sends(preview)
    yield from _running(sam, started.about)
    yield from _changed(sam, started.about)
    yield from versions(sam, started.about, begun=MIDWEEK, too_late=SUNDAY)
    yield from _takes_part(sam, started.about)
    yield from _beside_others(sam, started.about, outline, first)
    yield from _test(sam, started.about)
    yield from _account(sam, started.about)
    yield from outcome_samples.samples(sam, started.about)
    yield from _over(sam, started.about)
    yield from _not_theirs(sam)


def _without_a_cohort(sam: Hands) -> Iterator[Sample]:
    yield "message", "cohorts_none", sam.types()
    yield "modal", "cohorts_none_form", sam.presses("cohort.home")
    yield "message", "programmes", sam.types("new_cohort")
    yield "modal", "cohort_new", (new := sam.presses("cohort.new"))
    first = {"name": NAMES[sam.visit.words.language], "starts_on": STARTS_ON.isoformat()}
    yield "modal", "cohort_new_again", sam.presses("cohort.new", sam.sends(new, values=first).about)
    yield "modal", "cohort_plan", sam.where(extra_audiences=False).sends(new, values=first)
    yield "modal", "cohort_plan_audiences", sam.sends(new, values=first)


def _refused(sam: Hands, outline: Form, first: dict[str, str]) -> Iterator[Sample]:
    """The first form for a new cohort, with every fault that can be in it."""
    nothing = {"name": " ", "starts_on": "", "programme": ""}
    yield "modal", "cohort_new_refused", sam.refused(outline, values=nothing)
    for fault, day in (("past", "2026-02-20"), ("far", "2028-03-01"), ("red_day", "2026-04-03")):
        yield "modal", f"cohort_new_refused_{fault}", sam.refused(outline, values=first | {"starts_on": day})


def _refused_plan(sam: Hands, new: Form, chosen: dict[str, str]) -> Iterator[Sample]:
    """The second."""
    yield "modal", "cohort_plan_refused", sam.refused(new, values={"closed": "midsommar", "slot": ""})
    backwards = {"closed": "2026-08-14 – 2026-06-15", "slot": "16:00", "window": "240"}
    backwards |= {"audience": "C0LEDARE", "group": "@chefer"}
    yield "modal", "cohort_plan_refused_backwards", sam.refused(new, picked=bots(1), values=backwards)
    many = {"closed": "\n".join(f"{year}-01-01 – {year}-04-30" for year in range(2026, 2031))}
    yield "modal", "cohort_plan_refused_many", sam.refused(new, picked=bots(2), values=many)
    nearly_all = {"closed": "2026-03-12 – 2026-06-30\n2026-07-02 – 2026-10-20\n2026-10-22 – 2027-02-10"}
    yield "modal", "cohort_plan_refused_nearly_all", sam.refused(new, values=nearly_all)
    start = {"closed": STARTS_ON.isoformat()}
    yield "modal", "cohort_plan_refused_start_closed", sam.refused(new, EVERYBODY, values=start)
    yield "modal", "cohort_plan_refused_slow", sam.refused(new, range(1000), values=chosen | {"window": "15"})


def _previewed(sam: Hands, outline: Form, first: dict[str, str]) -> Iterator[Sample]:
    new, closed = sam.sends(outline, values=first), {"closed": "2026-03-16 – 2026-03-20"}
    in_autumn = sam.sends(outline, values=first | {"starts_on": "2026-08-24"})
    yield "modal", "cohort_preview_all_fit", sam.sends(in_autumn, range(1), channel=bots(2))
    much = {"closed": "2026-03-09 – 2026-04-10"}
    yield "modal", "cohort_preview_much_closed", sam.sends(new, EVERYBODY, values=much)
    slow = sam.where(posts_per_minute=10)
    yield "modal", "cohort_preview_slow", slow.sends(new, EVERYBODY, values=closed)
    before_noon = {"slot": "11:30"}
    yield "modal", "cohort_preview_slow_half_eve", slow.sends(new, EVERYBODY, values=closed | before_noon)
    in_may = sam.sends(outline, values=first | {"starts_on": "2026-04-20"})
    yield "modal", "cohort_preview_slow_half_eves", slow.sends(in_may, EVERYBODY, values=before_noon)


def _running(sam: Hands, cohort: str) -> Iterator[Sample]:
    yield "message", "cohorts", sam.types()
    yield "modal", "cohorts_form", sam.presses("cohort.home")
    yield "modal", "cohort", sam.presses("cohort.open", cohort)
    yield "modal", "cohort_running", sam.on(STARTED).presses("cohort.open", cohort)
    yield "modal", "cohort_last_week", sam.on(OVER).presses("cohort.open", cohort)
    yield "modal", "cohort_paused", sam.presses("cohort.pause", cohort)
    yield "modal", "cohort_unchanged", sam.presses("cohort.pause", cohort)
    yield "modal", "cohort_resumed", sam.presses("cohort.resume", cohort)


def _changed(sam: Hands, cohort: str) -> Iterator[Sample]:
    yield "modal", "cohort_edit", (edit := sam.presses("cohort.edit", cohort))
    yield "modal", "cohort_edit_started", sam.on(STARTED).presses("cohort.edit", cohort)
    yield "modal", "cohort_no_difference", sam.sends(edit)
    later = {"closed": "2026-03-16 – 2026-03-20\n2026-08-03"}
    yield "modal", "cohort_difference_of_days", sam.sends(edit, values=later)
    closed = {"closed": "2026-03-23 – 2026-05-01"}
    yield "modal", "cohort_much_difference", sam.sends(edit, values=closed)
    changed = {"name": "Våren", "starts_on": "2026-03-09", "slot": "09:30", "window": "120", "late_hours": "8"}
    changed |= {"closed": "2026-04-27", "catch_up": "skip", "late_joiners": "day_one"}
    slow = sam.where(posts_per_minute=10)
    yield "modal", "cohort_difference_slow", slow.sends(edit, values={"slot": "11:30"})
    yield "modal", "cohort_difference", (difference := sam.sends(edit, values=changed))
    with sam.forgotten():
        yield "modal", "cohort_difference_outdated", sam.on(STARTED).sends(difference)
    yield "modal", "cohort_changed", sam.sends(difference)


def _takes_part(sam: Hands, cohort: str) -> Iterator[Sample]:
    yield "modal", "cohort_add", (add := sam.presses("cohort.add", cohort))
    yield "modal", "cohort_add_refused", sam.refused(add)
    yield "modal", "cohort_add_refused_slow", sam.where(posts_per_minute=2).refused(add, range(560))
    yield "modal", "cohort_add_preview_slow", sam.where(posts_per_minute=10).sends(add, range(560))
    yield "modal", "cohort_add_preview", (adding := sam.sends(add, range(560), channel=bots(1)))
    yield "modal", "cohort_added", sam.sends(adding)
    one = range(559, 561)
    yield "modal", "cohort_add_preview_one", (adding := sam.sends(add, one))
    yield "modal", "cohort_added_one", sam.sends(adding)
    yield "modal", "cohort_remove", (remove := sam.presses("cohort.remove", cohort))
    yield "modal", "cohort_remove_refused", sam.refused(remove)
    yield "modal", "cohort_removed", sam.sends(remove, range(3))
    yield "modal", "cohort_colleague", (colleague := sam.presses("cohort.colleague", cohort))
    yield "modal", "cohort_colleague_refused", sam.refused(colleague, picked=bots(1))
    yield "modal", "cohort_colleague_added", sam.sends(colleague, range(1))


def _beside_others(sam: Hands, cohort: str, outline: Form, first: dict[str, str]) -> Iterator[Sample]:
    """With more cohorts at the same time than fit in a list; they are gone afterwards."""
    same_time = {"slot": "09:30", "closed": "2026-03-16 – 2026-03-20"}
    new = sam.sends(outline, values=first)
    with sam.forgotten():
        for number in range(20):
            another = sam.sends(outline, values=first | {"name": f"{first['name']} {number}"})
            ended = sam.sends(sam.sends(another, range(1), values=same_time))
            if number:
                sam.presses("cohort.end", ended.about)
        yield "modal", "cohort_preview_others", sam.sends(new, EVERYBODY, values=same_time)
        slow = same_time | {"window": "15"}
        yield "modal", "cohort_plan_refused_slow_others", sam.refused(new, range(1000), values=slow)
        add = sam.presses("cohort.add", cohort)
        yield "modal", "cohort_add_refused_slow_others", sam.where(posts_per_minute=2).refused(add, range(560, 570))
        yield "modal", "cohorts_many", sam.presses("cohort.home")


def _test(sam: Hands, cohort: str) -> Iterator[Sample]:
    yield "modal", "cohort_test", (test := sam.presses("cohort.test", cohort))
    yield "modal", "cohort_test_refused", sam.refused(test, values={"lesson": ""})
    for offered in (option for part in test.body if isinstance(part, ChoiceInput) for option in part.options):
        shows = sam.shown_for(test, values={"lesson": offered.value})
        yield "message", f"cohort_test_{offered.value}", said(shows)
    yield "modal", "cohort_test_sent", opened(shows)


def _account(sam: Hands, cohort: str) -> Iterator[Sample]:
    yield "modal", "cohort_account_none", sam.presses("cohort.account", cohort)
    own = cohorts.own_cohort(sam.visit.session, sam.visit.person, int(cohort))
    shown = (
        ("", 550, ACCOUNT),
        ("_look", 550, replace(ACCOUNT, operator_must_look=True)),
        ("_every_reason", 550, replace(ACCOUNT, reasons=dict.fromkeys(Reason, 5))),
        ("_small", 4, ACCOUNT),
    )
    for name, number, account in shown:
        parts = account_parts(
            sam.visit.words,
            account,
            people=number,
            by_day={day: number for day, _sum in account.days},
            starts_on=STARTS_ON,
            today=date(2026, 3, 6),
        )
        yield "modal", f"cohort_account{name}", account_form(sam.visit, own, parts)


def _over(sam: Hands, cohort: str) -> Iterator[Sample]:
    with sam.forgotten():
        sam.sends(sam.sends(sam.presses("cohort.edit", cohort), values={"late_joiners": "join_cohort"}))
        add = sam.presses("cohort.add", cohort)
        yield "modal", "cohort_add_preview_join", sam.on(STARTED.replace(day=20)).sends(add, range(570))
        yield "modal", "cohort_add_refused_over", sam.on(OVER).refused(add, range(570))
    yield "modal", "cohort_ended", sam.presses("cohort.end", cohort)
    yield "modal", "cohort_has_ended", sam.presses("cohort.resume", cohort)


def _not_theirs(sam: Hands) -> Iterator[Sample]:
    yield "modal", "cohort_not_found", sam.presses("cohort.open", "0")
    stranger = sam.stranger()
    yield "modal", "cohort_not_coordinator", stranger.presses("cohort.home")
    yield "message", "cohort_not_coordinator_said", stranger.types()
    yield "message", "cohort_not_coordinator_ask", stranger.where(contact="").types()


DAYS = tuple(
    (date(2026, 3, day), Sum(promised=550, sent=550 - 9 * day, explained=9 * day - late, on_the_way=late))
    for day, late in ((6, 12), (5, 0), (4, 0), (3, 0), (2, 0))
)
ACCOUNT = CohortAccount(
    days=DAYS,
    reasons={Reason.PACE: 74, Reason.OWN_DAY_OFF: 53, Reason.PAUSED: 32},
    other=9,
    operator_must_look=False,
)
