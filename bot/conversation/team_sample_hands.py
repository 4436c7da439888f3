"""The hands behind the samples of teams and rounds: who presses, writes and sends what, and how a moment of the round
is brought about as the planner does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlmodel import Session

from bot.conversation import desk, facilitators
from bot.conversation.cards import Button, Buttons, Card, Form, Input, Note, Part
from bot.conversation.coordinating_sample_hands import as_opened
from bot.conversation.events import AnyEvent, Mentioned, MessageRef, Pressed, Profile, Submitted, Wrote
from bot.conversation.letters import Letter
from bot.conversation.round_mail import channel_card, member_card
from bot.conversation.round_note_cards import note_card
from bot.conversation.round_view import step_of_message
from bot.conversation.shows import OpenForm, Refuse, Replace, Say
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from storage import ballots, contributions, round_notes, round_reading, rounds, rounds_due
from storage.round_news import News
from storage.round_reading import RoundMessage
from storage.tables.deliveries import Kind
from storage.tables.people import Platform
from storage.tables.rounds import RoundStep

Sample = tuple[str, str, Card | Form]

ZONE = "Europe/Stockholm"
BEFORE = datetime(2026, 2, 20, 9, tzinfo=UTC)
STARTS_ON = date(2026, 3, 2)
WORKSPACE, CHANNEL = "T0ALVSUNDA", "C0HEMTJANST"
COORDINATOR, STRANGER = "U0SAMORDNARE", "U0NY"
TEAM = ("U0ANNA", "U0BO", "U0CIA", "U0DAG", "U0EVA")
FACILITATOR = TEAM[0]
NOBODY: dict[str, tuple[Profile, ...]] = {}
WRITTEN = {
    "sv": {
        "name": "Hemtjänst norr",
        "needs": ("Nattpersonalen behöver se dagens ändringar", "Vikarien behöver hitta nycklarna",
                  "Den anhöriga behöver veta vem som kommer"),
        "ideas": ("En tavla vid dörren", "Nycklarna på en plats", "En lapp i väskan"),
        "built": ("Tavlan vid dörren, med foton", "En nyckelplats som alla når", "Lappen i väskan, en färg om dagen"),
        "reason": "Det får vi bestämma själva.",
        "wrap_up": ("Vi sätter upp tavlan och provar en vecka.", "Enhetschefen", "Fredag vecka 12"),
    },
    "en": {
        "name": "Home care north",
        "needs": ("The night staff needs to see today’s changes", "The substitute needs to find the keys",
                  "Relatives need to know who is coming"),
        "ideas": ("A board by the door", "The keys in one place", "A note in the bag"),
        "built": ("The board by the door, with photos", "A place for keys that all can reach",
                  "The note in the bag, one colour a day"),
        "reason": "That is ours to decide.",
        "wrap_up": ("We put up the board and try it for a week.", "The unit manager", "Friday of week 12"),
    },
}  # fmt: skip


@dataclass
class Hands:
    session: Session
    language: str
    house: House
    now: datetime = BEFORE
    keys: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.house = replace(self.house, coordinators=frozenset({COORDINATOR}), page_address=None)
        self.said: dict[str, Any] = WRITTEN[self.language]

    @contextmanager
    def _forgotten(self) -> Iterator[None]:
        """Let everything that is done within be undone."""
        nested = self.session.begin_nested()
        yield
        nested.rollback()
        self.session.expire_all()

    def _newest_of(self, step: RoundStep) -> int:
        return contributions.shown(self.session, 1, step.id, self.now)[-1].id

    def _morning(self, key: str) -> RoundStep:
        """Let the morning of a step come, and return it."""
        step = next(step for step in round_reading.steps(self.session, 1) if step.key == key)
        self.now = step.prompt_at
        rounds_due.mark_prompted(self.session, [step.id], self.now)
        return step

    def _opens(self, step: RoundStep) -> RoundStep:
        self.now = step.opens_at or self.now
        rounds.open_step(self.session, step.id, self.now)
        return step

    def _closes(self, step: RoundStep) -> RoundStep:
        self.now = step.closes_at or self.now
        ballots.close(self.session, step.id, self.now)
        return step

    def _each_writes(self, step: RoundStep, name: str, texts: tuple[str, ...]) -> None:
        for who, text in zip(TEAM, texts, strict=False):
            self._sends(self._form("contribution.open", step.id, who=who), {name: text}, who=who)

    def _presses_again(self, step: RoundStep, name: str) -> list[tuple[str, Card | Form]]:
        blank = self._form("contribution.another", step.id, who=TEAM[0])
        return self._hears(self._sent(blank, {name: self.said["needs"][1]}, TEAM[0]))

    def _channel(self, name: str, step: RoundStep, news: News = News.MORNING) -> Iterator[Sample]:
        yield "message", f"round_{name}", self._card(step, news)

    def _card(self, step: RoundStep, news: News, *, kind: Kind = Kind.ROUND) -> Card:
        message = RoundMessage(
            kind=kind, occurrence=news, round_step_id=step.id, platform=Platform.PAPER, workspace=WORKSPACE,
            person_id=None, channel=CHANNEL, since=self.now, language=None,
        )  # fmt: skip
        card = channel_card(self.session, self.house, message, self.now)
        if card is None:
            raise LookupError(f"nothing to say of step {step.key}")
        return card

    def _alone(self, step: RoundStep, kind: Kind, *, first: bool = False, leads: bool = False) -> Card:
        by = self.house.organisation_name if first else None
        at, words = step_of_message(self.session, step.id), Words(self.language)
        told = facilitators.own_parts(self.session, at, at.team.facilitator_id, words) if leads else ()
        return member_card(at, kind, Letter(), words, introduced_by=by, told=told)

    def _note(self, step: RoundStep, note: round_notes.Note, *, first: bool = False) -> Card:
        by = self.house.organisation_name if first else None
        return note_card(step_of_message(self.session, step.id), note, Words(self.language), introduced_by=by)

    def _people(self, *external_ids: str) -> tuple[Profile, ...]:
        return tuple(Profile(external_id=one, zone=ZONE, language=self.language) for one in external_ids)

    def _team(self) -> dict[str, str]:
        return {"name": self.said["name"], "channel": CHANNEL, "language": self.language}

    def _chosen(self, day: str = STARTS_ON.isoformat()) -> dict[str, str]:
        return {"starts_on": day}

    def _form(self, action: str, value: object = "", *, who: str = COORDINATOR, in_channel: bool = False) -> Form:
        return self._one(self._presses(action, value, who=who, in_channel=in_channel))

    def _one(self, shown: list[tuple[str, Card | Form]]) -> Form:
        return next(one for _surface, one in shown if isinstance(one, Form))

    def _sends(
        self,
        form: Form,
        values: dict[str, str],
        *,
        who: str = COORDINATOR,
        people: tuple[Profile, ...] = (),
        picked: dict[str, tuple[Profile, ...]] = NOBODY,
    ) -> Form:
        return self._one(self._hears(self._sent(form, values, who, people, picked)))

    def _refused(
        self,
        form: Form,
        values: dict[str, str],
        *,
        who: str = COORDINATOR,
        people: tuple[Profile, ...] = (),
        picked: dict[str, tuple[Profile, ...]] = NOBODY,
    ) -> Form:
        """Return the form with what must change. Raises LookupError for an error at an input it has not got."""
        shows = self._shows(self._sent(form, values, who, people, picked))
        errors = next(show.errors for show in shows if isinstance(show, Refuse))
        if unseen := errors.keys() - {one.name for one in form.body if isinstance(one, Input)}:
            raise LookupError(f"{form.name} has no {unseen}")
        body: list[Part | Input] = []
        for one in form.body:
            body.append(one)
            if isinstance(one, Input) and one.name in errors:
                body.append(Note(errors[one.name]))
        return replace(form, body=tuple(body))

    def _sent(
        self,
        form: Form,
        values: dict[str, str],
        who: str,
        people: tuple[Profile, ...] = (),
        picked: dict[str, tuple[Profile, ...]] = NOBODY,
    ) -> Submitted:
        facilitator = self._people(FACILITATOR) if form.name == "team.new" and values.get("language") else ()
        channel = self._people(FACILITATOR) if values.get("channel") else ()
        profiles = {"people": people, "facilitator": facilitator, "channel": channel, **picked}
        given = {**as_opened(form), **values}
        return Submitted(**self._who(who), form=form.name, about=form.about, values=given, profiles=profiles)

    def _presses(
        self, action: str, value: object = "", *, who: str = COORDINATOR, in_channel: bool = False
    ) -> list[tuple[str, Card | Form]]:
        at = MessageRef(conversation=CHANNEL, message="1.0") if in_channel else None
        pressed = Pressed(
            **self._who(who), in_channel=in_channel, action=action, value=str(value), message=at, trigger="1", view="V1"
        )
        return self._hears(pressed)

    def _types(self, text: str, *, who: str) -> list[tuple[str, Card | Form]]:
        ref = MessageRef(conversation="D0", message=f"u{next(self.keys)}")
        return self._hears(Wrote(**self._who(who), text=text, message=ref))

    def _mentions(self, who: str) -> list[tuple[str, Card | Form]]:
        ref = MessageRef(conversation=CHANNEL, message=f"u{next(self.keys)}")
        return self._hears(Mentioned(**self._who(who), message=ref))

    def _who(self, who: str) -> dict[str, Any]:
        key = f"k{next(self.keys)}"
        return {"key": key, "platform": Platform.PAPER, "workspace": WORKSPACE, "person": who, "at": self.now}

    def _shows(self, event: AnyEvent) -> list[Any]:
        profile = Profile(external_id=event.person, zone=ZONE, language=self.language)
        return list(desk.handle(self.session, self.house, event, profile, event.at))

    def _hears(self, event: AnyEvent) -> list[tuple[str, Card | Form]]:
        """Return what the desk shows, and where."""
        shown: list[tuple[str, Card | Form]] = []
        for show in self._shows(event):
            match show:
                case Say(card) | Replace(_, card):
                    shown.append(("message", card))
                case OpenForm(form):
                    shown.append(("modal", form))
                case _:
                    pass
        return shown

    def _named(self, name: str, shown: list[tuple[str, Card | Form]]) -> list[Sample]:
        return [
            (surface, name if number == 1 else f"{name}_{number}", one)
            for number, (surface, one) in enumerate(shown, start=1)
        ]


def buttons_of(form: Form) -> list[Button]:
    return [button for part in form.body if isinstance(part, Buttons) for button in part.buttons]
