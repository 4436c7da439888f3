"""Every message and form a coordinator can meet, with sample data: what `knuff preview` shows.

The real handlers make them, over a database in memory that is gone afterwards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlmodel import Session

from bot.conversation.cards import Card, ChoiceInput, DateInput, Form, Input, PeopleInput, TextInput, TimeInput
from bot.conversation.coordinating_account import account_form, account_parts
from bot.conversation.coordinating_routes import ROUTES
from bot.conversation.events import MessageRef, Pressed, Profile, Submitted, Wrote
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import House, Typed, Visit
from scheduler.account import CohortAccount, Sum
from storage import cohorts, people
from storage.database import open_store
from storage.tables import metadata
from storage.tables.deliveries import Reason
from storage.tables.people import Organisation, Platform, Workspace

Sample = tuple[str, str, Card | Form]
"""Where it is shown ("message" or "modal"), its name, and the thing itself."""

Values = Mapping[str, str]
NOTHING: Values = {}

NOW = datetime(2026, 2, 20, 9, tzinfo=UTC)
STARTS_ON = date(2026, 3, 2)
COORDINATOR = "U0SAMORDNARE"
NAMES = {"sv": "Chefer i Alvsunda, våren", "en": "Managers in Alvsunda, spring"}


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en"."""
    store = open_store("sqlite://")
    try:
        metadata.create_all(store.engine)
        return store.write_now(lambda session: _Coordinator(session, language, house).meets_everything())
    finally:
        store.close()


def as_opened(form: Form) -> dict[str, str | tuple[str, ...]]:
    """Return the values of a form that is sent as it was opened."""
    return {one.name: _as_opened(one) for one in form.body if isinstance(one, Input)}


class _Coordinator:
    def __init__(self, session: Session, language: str, house: House) -> None:
        organisation = Organisation(name=house.organisation_name, created_at=NOW)
        session.add(organisation)
        session.flush()
        workspace = Workspace(
            organisation_id=organisation.id, platform=Platform.PAPER, external_id="T0ALVSUNDA", created_at=NOW
        )
        session.add(workspace)
        session.flush()
        person = people.person_met(
            session, workspace=workspace, external_id=COORDINATOR, zone=None, language=language, now=NOW
        )
        self.words = Words(language)
        self.visit = Visit(
            session=session,
            house=replace(house, coordinators=frozenset({COORDINATOR}), posts_per_minute=60),
            workspace=workspace,
            person=person,
            words=self.words,
            now=NOW,
        )
        self.keys = count()

    def meets_everything(self) -> list[Sample]:
        return [*self._before(), *self._new(), *self._running(), *self._account(), *self._told_off()]

    def _before(self) -> Iterable[Sample]:
        yield "message", "cohorts_none", self._types()
        yield "modal", "cohorts_none_form", self._presses("cohort.home")

    def _new(self) -> Iterable[Sample]:
        yield "modal", "cohort_new", (new := self._presses("cohort.new"))
        allowed = replace(self.visit, house=replace(self.visit.house, extra_audiences=True))
        yield "modal", "cohort_new_audiences", _form(ROUTES.presses["cohort.new"](allowed, self._press("cohort.new")))
        chosen = {
            "name": NAMES[self.words.language],
            "starts_on": STARTS_ON.isoformat(),
            "closed": "2026-03-16 – 2026-03-20",
        }
        yield "modal", "cohort_preview", (preview := self._sends(new, 550, channel=(_bot(),), values=chosen))
        late = replace(self.visit, now=datetime(2026, 3, 3, 9, tzinfo=UTC))
        nested = self.visit.session.begin_nested()
        yield "modal", "cohort_start_has_passed", _form(ROUTES.forms[preview.name](late, self._submit(preview)))
        nested.rollback()
        yield "modal", "cohort_started", (started := self._sends(preview))
        self.id = started.about
        yield "modal", "cohort_draft_gone", self._sends(preview)

    def _running(self) -> Iterable[Sample]:
        yield "message", "cohorts", self._types()
        yield "modal", "cohorts_form", self._presses("cohort.home")
        yield "modal", "cohort", self._presses("cohort.open")
        yield "modal", "cohort_edit", (edit := self._presses("cohort.edit"))
        changed = {"name": "Våren", "starts_on": "2026-03-09", "slot": "09:30", "window": "120", "late_hours": "8"}
        changed |= {"closed": "2026-05-04", "catch_up": "skip", "late_joiners": "day_one"}
        yield "modal", "cohort_no_difference", self._sends(edit)
        yield "modal", "cohort_difference", (difference := self._sends(edit, values=changed))
        yield "modal", "cohort_changed", self._sends(difference)
        yield "modal", "cohort_add", (add := self._presses("cohort.add"))
        yield "modal", "cohort_add_preview", (adding := self._sends(add, 560))
        yield "modal", "cohort_added", self._sends(adding)
        yield "modal", "cohort_remove", (remove := self._presses("cohort.remove"))
        yield "modal", "cohort_removed", self._sends(remove, 3)
        yield "modal", "cohort_colleague", (colleague := self._presses("cohort.colleague"))
        yield "modal", "cohort_colleague_added", self._sends(colleague, 1)
        yield "modal", "cohort_test", (test := self._presses("cohort.test"))
        for lesson in self.visit.house.library.lessons.values():
            shows = ROUTES.forms[test.name](self.visit, self._submit(test, values={"lesson": lesson.id}))
            yield "message", f"cohort_test_{lesson.id}", next(show.card for show in shows if isinstance(show, Say))
        yield "modal", "cohort_test_sent", _form(shows)
        yield "modal", "cohort_paused", self._presses("cohort.pause")
        yield "modal", "cohort_resumed", self._presses("cohort.resume")

    def _account(self) -> Iterable[Sample]:
        yield "modal", "cohort_account_none", self._presses("cohort.account")
        cohort = cohorts.own_cohort(self.visit.session, self.visit.person, int(self.id))
        for name, number, account in (("", 550, ACCOUNT), ("_look", 550, LOOK), ("_small", 4, ACCOUNT)):
            parts = account_parts(
                self.words,
                account,
                people=number,
                by_day={day: number for day, _sum in account.days},
                starts_on=STARTS_ON,
                today=date(2026, 3, 6),
            )
            yield "modal", f"cohort_account{name}", account_form(self.visit, cohort, parts)

    def _told_off(self) -> Iterable[Sample]:
        yield "modal", "cohort_ended", self._presses("cohort.end")
        yield "modal", "cohort_has_ended", self._presses("cohort.resume")
        yield "modal", "cohort_not_found", self._presses("cohort.open", value="0")
        stranger = people.person_met(
            self.visit.session,
            workspace=self.visit.workspace,
            external_id="U0CHEF",
            zone=None,
            language=self.words.language,
            now=NOW,
        )
        visit = replace(self.visit, person=stranger)
        yield "modal", "cohort_not_coordinator", _form(ROUTES.presses["cohort.home"](visit, self._press("cohort.home")))
        yield "message", "cohort_not_coordinator_said", self._types(visit)

    def _types(self, visit: Visit | None = None) -> Card:
        wrote = Wrote(**self._who(), text="", message=MessageRef(conversation="D0", message="1.0"))
        shows = ROUTES.commands["cohorts"](visit or self.visit, Typed(rest="", event=wrote))
        return next(show.card for show in shows if isinstance(show, Say))

    def _presses(self, action: str, *, value: str | None = None) -> Form:
        return _form(ROUTES.presses[action](self.visit, self._press(action, value)))

    def _sends(self, form: Form, number: int = 0, channel: tuple[Profile, ...] = (), values: Values = NOTHING) -> Form:
        return _form(ROUTES.forms[form.name](self.visit, self._submit(form, number, channel, values)))

    def _press(self, action: str, value: str | None = None) -> Pressed:
        about = getattr(self, "id", "") if value is None else value
        return Pressed(**self._who(), action=action, value=about, trigger="1.1", view="V1")

    def _submit(
        self, form: Form, number: int = 0, channel: tuple[Profile, ...] = (), values: Values = NOTHING
    ) -> Submitted:
        profiles = {"people": tuple(_somebody(f"U{index:07}") for index in range(number)), "audience": channel}
        return Submitted(
            **self._who(),
            form=form.name,
            about=form.about,
            values={**as_opened(form), **values},
            profiles=profiles,
            trigger="1.1",
            view="V1",
        )

    def _who(self) -> dict[str, Any]:
        key = f"sample-{next(self.keys)}"
        return {"key": key, "platform": "paper", "workspace": "T0ALVSUNDA", "person": COORDINATOR, "at": NOW}


DAYS = tuple(
    (date(2026, 3, day), Sum(promised=550, sent=550 - 9 * day, explained=9 * day - late, on_the_way=late))
    for day, late in ((6, 12), (5, 0), (4, 0), (3, 0), (2, 0))
)
ACCOUNT = CohortAccount(
    total=Sum(promised=2750, sent=2570, explained=168, on_the_way=12),
    days=DAYS,
    reasons={Reason.PACE: 74, Reason.OWN_DAY_OFF: 53, Reason.PAUSED: 32},
    other=9,
    operator_must_look=False,
)
LOOK = replace(ACCOUNT, operator_must_look=True)


def _form(shows: list[Show]) -> Form:
    return next(show.form for show in shows if isinstance(show, OpenForm))


def _somebody(external_id: str) -> Profile:
    return Profile(external_id=external_id, zone="Europe/Stockholm", language=None)


def _bot() -> Profile:
    return Profile(external_id="B0BOT", zone=None, language=None, is_bot=True)


def _as_opened(one: Input) -> str | tuple[str, ...]:
    match one:
        case ChoiceInput():
            return one.initial if one.many else "".join(one.initial[:1])
        case PeopleInput():
            return one.initial
        case TextInput() | DateInput() | TimeInput():
            return one.initial or ""
