"""A leader on paper: types, presses and sends forms to the desk, over the database given, and notes what is shown."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from bot.conversation import desk
from bot.conversation.cards import Card, Form
from bot.conversation.events import AnyEvent, MessageRef, Pressed, Submitted, Wrote
from bot.conversation.sample_data import MONDAY
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, ShowHome
from bot.conversation.visiting import House
from lessons.models import Kind
from storage import answers, people
from storage.tables.answers import AnswerKind, FollowUp, FollowUpState, Plan, Reflection
from storage.tables.deliveries import Delivery, State
from storage.tables.deliveries import Kind as DeliveryKind
from storage.tables.people import Platform

Sample = tuple[str, str, Card | Form]

MORNING = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
WORKSPACE, LEADER, CHAT = "T0ALVSUNDA", "U0CHEF", "D0CHEF"


class Leader:
    def __init__(self, session: Session, language: str, house: House) -> None:
        # Without our own page: its links are new every time.
        self.session, self.house, self.language = session, replace(house, page_address=None), language
        self.keys = count(1)
        workspace = people.workspace_met(
            session,
            platform=Platform.PAPER,
            workspace=WORKSPACE,
            organisation_name=house.organisation_name,
            now=MORNING,
        )
        self.person = people.person_met(
            session, workspace=workspace, external_id=LEADER, zone=None, language=language, now=MORNING
        )
        self.person.welcomed_at = MORNING - timedelta(days=3)
        session.flush()

    def _is_sent(self, kind: DeliveryKind, lesson_kind: Kind, *, day: date = MONDAY, **values: Any) -> Delivery:
        lessons = self.house.library.lessons.values()
        lesson = next((lesson for lesson in lessons if lesson.kind is lesson_kind), next(iter(lessons)))
        at, number = datetime.combine(day, time(7, 15), tzinfo=UTC), next(self.keys)
        row: dict[str, Any] = {
            "kind": kind, "day": day, "step": number, "lesson_id": lesson.id, "state": State.SENT,
            "sent_at": at, "conversation_id": CHAT, "message_id": f"m{number}",
        }  # fmt: skip
        delivery = Delivery(
            organisation_id=self.person.organisation_id,
            workspace_id=self.person.workspace_id,
            person_id=self.person.id,
            due_at=at,
            late_after=at,
            try_at=at,
            **row | values,
        )
        self.session.add(delivery)
        self.session.flush()
        return delivery

    def _is_asked(self, *, postponed: int, day: date, plan_id: int | None = None) -> None:
        sent = self._is_sent(DeliveryKind.FOLLOW_UP, Kind.TRY_IT, day=day)
        follow_up = FollowUp(
            organisation_id=self.person.organisation_id,
            person_id=self.person.id,
            plan_id=plan_id,
            lesson_id=sent.lesson_id or "",
            due_on=day,
            asked=1,
            postponed=postponed,
            state=FollowUpState.ASKED,
            made_at=MORNING,
        )
        self.session.add(follow_up)
        self.session.flush()
        sent.subject_id = follow_up.id

    def _is_promised(self, day: date, **values: Any) -> None:
        nowhere = {"sent_at": None, "conversation_id": None, "message_id": None}
        self._is_sent(DeliveryKind.NUDGE, Kind.TRY_IT, day=day, **nowhere, **values)

    def _answered_a_case(self, *, at: datetime) -> None:
        """A case came back twice, and was answered in both ways."""
        quiz = next(one for one in self.house.library.lessons.values() if one.kind is Kind.QUIZ)
        for wanted in (True, False):
            index = next(index for index, choice in enumerate(quiz.choices) if choice.right is wanted)
            answers.give(self.session, self.person, AnswerKind.RECALL, lesson_id=quiz.id, value=str(index), now=at)

    def _forgets_the_days(self) -> None:
        for delivery in self.session.exec(select(Delivery).where(Delivery.state == State.EXPLAINED)).all():
            self.session.delete(delivery)
        self.session.flush()

    def _types(self, name: str, text: str, *, at: datetime = MORNING, house: House | None = None) -> list[Sample]:
        return self._named(name, self._hears(self._wrote(text, at), house))

    def _presses(self, name: str, action: str, value: object = "", **given: Any) -> list[Sample]:
        house = given.pop("house", None)
        return self._named(name, self._hears(self._press(action, value, **given), house))

    def _sends(self, name: str, form: Form, *, on_page: bool = False, **values: str | tuple[str, ...]) -> list[Sample]:
        event = Submitted(**self._who(MORNING), on_page=on_page, form=form.name, about=form.about, values=values)
        return self._named(name, self._hears(event))

    def _opens(self, action: str, value: object = "") -> Form:
        shown = self._hears(self._press(action, value))
        return next(one for _surface, one in shown if isinstance(one, Form))

    def _wrote(self, text: str, at: datetime) -> Wrote:
        return Wrote(**self._who(at), text=text, message=MessageRef(conversation=CHAT, message=f"u{next(self.keys)}"))

    def _press(self, action: str, value: object, *, at: datetime = MORNING, view: str | None = None) -> Pressed:
        return Pressed(**self._who(at), action=action, value=str(value), view=view, trigger="1")

    def _who(self, at: datetime) -> dict[str, Any]:
        key = f"k{next(self.keys)}"
        return {"key": key, "platform": Platform.PAPER, "workspace": WORKSPACE, "person": LEADER, "at": at}

    def _hears(self, event: AnyEvent, house: House | None = None) -> list[tuple[str, Card | Form]]:
        """Return what the desk shows, and where."""
        shown: list[tuple[str, Card | Form]] = []
        for show in desk.handle(self.session, house or self.house, event, None, event.at):
            match show:
                case Say(card) | Replace(_, card):
                    shown.append(("message", card))
                case ShowHome(card):
                    shown.append(("home", card))
                case OpenForm(form):
                    shown.append(("modal", form))
                case Refuse():
                    pass  # sentences in a form that is a sample already
        return shown

    def _named(self, name: str, shown: list[tuple[str, Card | Form]]) -> list[Sample]:
        return [
            (surface, f"answer_{name}" if number == 1 else f"answer_{name}_{number}", one)
            for number, (surface, one) in enumerate(shown, start=1)
        ]

    def _newest(self, table: type[Plan] | type[Reflection]) -> int:
        mine = select(col(table.id)).where(col(table.person_id) == self.person.id).order_by(col(table.id).desc())
        return self.session.exec(mine).first() or 0
