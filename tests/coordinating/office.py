"""A coordinator's office: a Knuff in memory, spoken to through its one door, by people with and without a say."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, select

from bot.conversation import desk
from bot.conversation.cards import ChoiceInput, DateInput, Form, Input, PeopleInput, TextInput, TimeInput
from bot.conversation.desk import House
from bot.conversation.events import AnyEvent, MessageRef, Pressed, Profile, Submitted, Wrote
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from lessons.library import Library
from storage.database import Store
from storage.tables.people import Person

T = TypeVar("T")
Row = TypeVar("Row", bound=SQLModel)
Value = str | tuple[str, ...]
Picked = dict[str, tuple[Profile, ...]]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FRIDAY = datetime(2026, 2, 20, 10, 0, tzinfo=STOCKHOLM).astimezone(UTC)
SAM, KIM, KARIN = "U0SAM", "U0KIM", "U0KARIN"
"""Sam is a coordinator by the settings, Kim another one; Karin is a manager."""


AUDIENCES = {"audience": ("C0CHEFER",), "group": ("@chefer",)}


def somebody(external_id: str, *, zone: str = "Europe/Stockholm", is_bot: bool = False, gone: bool = False) -> Profile:
    return Profile(external_id=external_id, zone=zone, language="sv", is_bot=is_bot, is_gone=gone)


def managers(number: int) -> tuple[Profile, ...]:
    return tuple(somebody(f"U{index:04}") for index in range(number))


def home(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment as the clock in Stockholm shows it, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


@dataclass(kw_only=True)
class Office:
    store: Store
    library: Library
    now: datetime = FRIDAY
    language: str = "sv"
    posts_per_minute: int = 60
    extra_audiences: bool = False
    saves_text: bool = True
    contact: str = "utveckling@alvsunda.example"
    keys: "count[int]" = field(default_factory=count)

    @property
    def words(self) -> Words:
        return Words(self.language)

    def house(self) -> House:
        return House(
            library=self.library,
            organisation_name="Alvsunda kommun",
            contact=self.contact,
            coordinators=frozenset({SAM, KIM}),
            page_address=None,
            extra_audiences=self.extra_audiences,
            posts_per_minute=self.posts_per_minute,
            saves_text=self.saves_text,
            secret=b"the same in every house of this office",
        )

    def tell(self, event: AnyEvent) -> list[Show]:
        profile = Profile(external_id=event.person, zone="Europe/Stockholm", language=self.language)
        return self.store.write_now(lambda session: desk.handle(session, self.house(), event, profile, self.now))

    def press(self, action: str, value: object = "", *, who: str = SAM) -> list[Show]:
        return self.tell(
            Pressed(**self._who(who), action=action, value=str(value), trigger="1.2", view="V1")  # type: ignore[arg-type]
        )

    def write(self, text: str, *, who: str = SAM) -> list[Show]:
        message = MessageRef(conversation="D1", message=f"{next(self.keys)}.1")
        return self.tell(Wrote(**self._who(who), text=text, message=message))  # type: ignore[arg-type]

    def send(self, form: Form, *, who: str = SAM, profiles: Picked | None = None, **values: Value) -> list[Show]:
        """Send the form as it was opened, but for what is given."""
        return self.tell(self.filled(form, who=who, profiles=profiles, **values))

    def filled(self, form: Form, *, who: str = SAM, profiles: Picked | None = None, **values: Value) -> Submitted:
        as_opened = {one.name: _initial(one) for one in form.body if isinstance(one, Input)}
        picked = profiles or {}
        ids = {name: AUDIENCES.get(name) or tuple(one.external_id for one in of) for name, of in picked.items()}
        return Submitted(
            **self._who(who),  # type: ignore[arg-type]
            form=form.name,
            about=form.about,
            values=as_opened | ids | values,
            profiles=picked,
            trigger="1.2",
            view="V1",
        )

    def plan(
        self,
        *,
        who: str = SAM,
        name: str = "Våren",
        starts_on: str = "2026-03-02",
        programme: str = "eight-weeks",
    ) -> Form:
        """Go to the second form of a new cohort, where the people are picked."""
        asked = form_in(self.press("cohort.new", who=who))
        return form_in(self.send(asked, who=who, name=name, starts_on=starts_on, programme=programme))

    def start_cohort(
        self,
        people: tuple[Profile, ...],
        *,
        who: str = SAM,
        name: str = "Våren",
        starts_on: str = "2026-03-02",
        **values: Value,
    ) -> int:
        """Go the whole way from the first form to the start. Return the cohort's id."""
        asked = self.plan(who=who, name=name, starts_on=starts_on)
        preview = form_in(self.send(asked, who=who, profiles={"people": people}, **values))
        return int(form_in(self.send(preview, who=who)).about)

    def rows(self, table: type[Row]) -> list[Row]:
        in_order = select(table).order_by(*inspect(table).primary_key)
        return self.look(lambda session: list(session.exec(in_order).all()))

    def person(self, external_id: str) -> Person:
        return next(person for person in self.rows(Person) if person.external_id == external_id)

    def look(self, work: Callable[[Session], T]) -> T:
        return self.store.write_now(work)

    def at(self, now: datetime) -> "Office":
        return replace(self, now=now)

    def _who(self, who: str) -> dict[str, object]:
        return {"key": f"k{next(self.keys)}", "platform": "slack", "workspace": "T0", "person": who, "at": self.now}


def form_in(shows: list[Show]) -> Form:
    return next(show.form for show in shows if isinstance(show, OpenForm))


def refusal_in(shows: list[Show]) -> dict[str, str]:
    """What must change, by input. Nothing else may be shown."""
    assert [type(show) for show in shows] == [Refuse]
    return next(show.errors for show in shows if isinstance(show, Refuse))


def read(shows: list[Show]) -> str:
    """Everything that is shown, as text."""
    texts = []
    for show in shows:
        match show:
            case OpenForm(form):
                texts += [form.title, *map(_text, form.body)]
            case Say(card):
                texts += [card.summary, *map(_text, card.parts)]
            case Refuse(errors):
                texts += errors.values()
            case _:
                texts.append(repr(show))
    return "\n".join(texts)


def _text(part: object) -> str:
    match part:
        case TextInput() | ChoiceInput() | DateInput() | TimeInput() | PeopleInput():
            return part.label
        case _ if hasattr(part, "buttons"):
            return " ".join(f"[{button.text}]" for button in part.buttons)
        case _ if hasattr(part, "pairs"):
            return "\n".join(f"{label}: {value}" for label, value in part.pairs)
        case _:
            return str(getattr(part, "text", ""))


def _initial(one: Input) -> str | tuple[str, ...]:
    match one:
        case ChoiceInput():
            return one.initial if one.many else (one.initial[0] if one.initial else "")
        case PeopleInput():
            return one.initial
        case TextInput() | DateInput() | TimeInput():
            return one.initial or ""
