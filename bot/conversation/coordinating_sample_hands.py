"""A coordinator who presses, types and sends forms for `knuff preview`, over a database in memory.

The real handlers answer. Nothing is drawn by hand here, but for one thing: where a form is refused, each error stands
as a note under its input, where a platform shows it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from sqlmodel import Session

from bot.conversation.cards import (
    Card,
    ChoiceInput,
    DateInput,
    Form,
    Input,
    Note,
    Part,
    PeopleInput,
    TextInput,
    TimeInput,
)
from bot.conversation.coordinating_routes import ROUTES
from bot.conversation.events import MessageRef, Pressed, Profile, Submitted, Wrote
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import House, Typed, Visit
from storage import people
from storage.tables.people import Organisation, Platform, Workspace

WORKSPACE, COORDINATOR, STRANGER = "T0ALVSUNDA", "U0SAMORDNARE", "U0CHEF"
NOBODY = range(0)
ENOUGH = 60
"""Posts a minute: the samples are the same whatever an installation allows."""


@dataclass(frozen=True, kw_only=True)
class Hands:
    """The coordinator's hands on the desk. `visit` says who, when and in what installation."""

    visit: Visit
    keys: Iterator[int] = field(default_factory=count)

    def on(self, now: datetime) -> "Hands":
        """Return the same coordinator at another time."""
        return replace(self, visit=replace(self.visit, now=now))

    def where(self, **changes: Any) -> "Hands":
        """Return the same coordinator in another installation."""
        return replace(self, visit=replace(self.visit, house=replace(self.visit.house, **changes)))

    def stranger(self) -> "Hands":
        """Return somebody who is no coordinator."""
        person = people.person_met(
            self.visit.session,
            workspace=self.visit.workspace,
            external_id=STRANGER,
            zone=None,
            language=self.visit.words.language,
            now=self.visit.now,
        )
        return replace(self, visit=replace(self.visit, person=person))

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """Let everything that is done within be undone."""
        nested = self.visit.session.begin_nested()
        yield
        nested.rollback()
        self.visit.session.expire_all()

    def types(self, command: str = "cohorts") -> Card:
        wrote = Wrote(**self._who(), text="", message=MessageRef(conversation="D0", message="1.0"))
        return said(ROUTES.commands[command](self.visit, Typed(rest="", event=wrote)))

    def presses(self, action: str, about: str = "") -> Form:
        pressed = Pressed(**self._who(), action=action, value=about, trigger="1.1", view="V1")
        return opened(ROUTES.presses[action](self.visit, pressed))

    def sends(self, form: Form, people: range = NOBODY, **given: Any) -> Form:
        """Send a form as it was opened, but for what is given, and return what opens."""
        return opened(self.shown_for(form, people, **given))

    def refused(self, form: Form, people: range = NOBODY, **given: Any) -> Form:
        """Return the form with what must change. Raises LookupError for an error at an input it has not got."""
        errors = next(show.errors for show in self.shown_for(form, people, **given) if isinstance(show, Refuse))
        if unseen := errors.keys() - {one.name for one in form.body if isinstance(one, Input)}:
            raise LookupError(f"{form.name} has no {unseen}")
        body: list[Part | Input] = []
        for one in form.body:
            body.append(one)
            if isinstance(one, Input) and one.name in errors:
                body.append(Note(errors[one.name]))
        return replace(form, body=tuple(body))

    def shown_for(
        self,
        form: Form,
        people: range = NOBODY,
        *,
        picked: tuple[Profile, ...] = (),
        channel: tuple[Profile, ...] = (),
        lists: Mapping[str, range] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> list[Show]:
        sent = Submitted(
            **self._who(),
            form=form.name,
            about=form.about,
            values=as_opened(form) | dict(values or {}),
            profiles={
                "people": some(people) + picked,
                "audience": channel,
                **{name: some(own) for name, own in (lists or {}).items()},
            },
            trigger="1.1",
            view="V1",
        )
        return ROUTES.forms[form.name](self.visit, sent)

    def _who(self) -> dict[str, Any]:
        key = f"sample-{next(self.keys)}"
        return {
            "key": key, "platform": "paper", "workspace": WORKSPACE, "person": COORDINATOR, "at": self.visit.now,
        }  # fmt: skip


def hands(session: Session, language: str, house: House, *, now: datetime) -> Hands:
    """Return a coordinator nobody has met before, in an organisation of their own."""
    organisation = Organisation(name=house.organisation_name, created_at=now)
    session.add(organisation)
    session.flush()
    workspace = Workspace(
        organisation_id=organisation.id, platform=Platform.PAPER, external_id=WORKSPACE, created_at=now
    )
    session.add(workspace)
    session.flush()
    person = people.person_met(
        session, workspace=workspace, external_id=COORDINATOR, zone=None, language=language, now=now
    )
    return Hands(
        visit=Visit(
            session=session,
            house=replace(house, coordinators=frozenset({COORDINATOR}), posts_per_minute=ENOUGH, extra_audiences=True),
            workspace=workspace,
            person=person,
            words=Words(language),
            now=now,
        )
    )


def some(people: range) -> tuple[Profile, ...]:
    return tuple(Profile(external_id=f"U{one:07}", zone="Europe/Stockholm", language=None) for one in people)


def bots(number: int) -> tuple[Profile, ...]:
    return tuple(Profile(external_id=f"B{one:07}", zone=None, language=None, is_bot=True) for one in range(number))


def opened(shows: list[Show]) -> Form:
    return next(show.form for show in shows if isinstance(show, OpenForm))


def said(shows: list[Show]) -> Card:
    return next(show.card for show in shows if isinstance(show, Say))


def as_opened(form: Form) -> dict[str, str | tuple[str, ...]]:
    """Return the values of a form that is sent as it was opened."""
    return {one.name: _as_opened(one) for one in form.body if isinstance(one, Input)}


def _as_opened(one: Input) -> str | tuple[str, ...]:
    match one:
        case ChoiceInput():
            return one.initial if one.many else "".join(one.initial[:1])
        case PeopleInput():
            return one.initial
        case TextInput() | DateInput() | TimeInput():
            return one.initial or ""
