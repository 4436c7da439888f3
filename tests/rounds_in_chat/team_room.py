"""A team's room: a channel, people who press and write, a coordinator, and a clock that is moved by hand.

The planner plans, what is due is claimed, composed by the courier and settled; only the platform is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, select

from bot.conversation.cards import Button, Buttons, Card, ChoiceInput, Form
from bot.conversation.events import MessageRef, Pressed, Profile
from bot.conversation.shows import OpenForm, Show
from bot.courier import Envelope, compose
from bot.ports import Channel
from scheduler.rounds import plan_rounds
from storage import sending, settling
from storage.tables.people import Workspace
from tests.coordinating.office import Office, Picked, form_in, home, somebody

CHANNEL = "C0SPRINT"
ANNA, BO, CIA, DAG, EVA = "U0ANNA", "U0BO", "U0CIA", "U0DAG", "U0EVA"
TEAM = (ANNA, BO, CIA, DAG, EVA)
"""Anna is the facilitator."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A message that went out. `who`: to whom alone, or None for the channel."""

    at: datetime
    who: str | None
    card: Card
    message: str

    @property
    def text(self) -> str:
        return "\n".join([self.card.summary, *(str(getattr(part, "text", "")) for part in self.card.parts)])

    @property
    def buttons(self) -> dict[str, Button]:
        return {
            button.action: button for part in self.card.parts if isinstance(part, Buttons) for button in part.buttons
        }


@dataclass(kw_only=True)
class TeamRoom(Office):
    heard: list[Heard] = field(default_factory=list)

    async def clock(self, now: datetime) -> list[Heard]:
        """Let time come to this moment, and what is due go out. Return what was heard."""
        self.now = now
        await plan_rounds(self.store, now)
        heard = self.look(self._send_what_is_due)
        self.heard += heard
        return heard

    async def at_clock(self, *when: int) -> list[Heard]:
        """As `clock`, by the clock in Stockholm."""
        return await self.clock(home(*when))

    def in_channel(
        self, action: str, value: object, *, who: str, message: str = "m0", channel: str = CHANNEL
    ) -> list[Show]:
        """Press a button in a message that the whole channel reads."""
        return self.tell(
            Pressed(
                **self._who(who),  # type: ignore[arg-type]
                action=action,
                value=str(value),
                trigger="1.2",
                message=MessageRef(conversation=channel, message=message),
                in_channel=True,
            )
        )

    def press_on(self, heard: Heard, action: str, *, who: str) -> list[Show]:
        button = heard.buttons[action]
        if heard.who is None:
            return self.in_channel(action, button.value, who=who, message=heard.message)
        return self.press(action, button.value, who=who)

    def make_team(self, *members: str, facilitator: str = ANNA, channel: str = CHANNEL, **values: str) -> Form:
        """Go the way of the coordinator. Return the team's page, or the form with its refusal."""
        asked = form_in(self.press("team.new"))
        profiles: dict[str, tuple[Profile, ...]] = {
            "people": tuple(map(somebody, members)), "facilitator": (somebody(facilitator),), "channel": (),
        }  # fmt: skip
        chosen = {"name": "Hemtjänst norr", "channel": channel} | values
        return form_in(self.send(asked, profiles=profiles, **chosen))

    def team_id(self) -> str:
        """The newest team, as its buttons name it."""
        listed = form_in(self.press("team.list"))
        return [button.value for button in buttons_in(listed) if button.action == "team.open"][-1]

    def choose(
        self, *, starts_on: str = "2026-03-02", challenge: str = "idea-sprint", mandate: str | None = None
    ) -> list[Show]:
        """Choose a challenge for the newest team. Return the preview, or why not."""
        shown = self.send(form_in(self.press("round.new", self.team_id())), challenge=challenge)
        if not isinstance(shown[0], OpenForm):
            return shown
        picked: Picked = {} if mandate is None else {"mandate": (somebody(mandate),)}
        return self.send(form_in(shown), profiles=picked, starts_on=starts_on)

    def begin(self, *members: str, facilitator: str = ANNA, **choices: str) -> Form:
        self.make_team(*(members or TEAM), facilitator=facilitator)
        preview = form_in(self.choose(**choices))
        asks = any(isinstance(part, ChoiceInput) and part.name == "consent" for part in preview.body)
        return form_in(self.send(preview, consent="yes") if asks else self.send(preview))

    def round_page(self) -> Form:
        team = form_in(self.press("team.open", self.team_id()))
        shown = next(button for button in buttons_in(team) if button.action == "round.open")
        return form_in(self.press("round.open", shown.value))

    def _send_what_is_due(self, session: Session) -> list[Heard]:
        return [
            Heard(at=self.now, who=to_whom(envelope), card=envelope.card, message=at.message)
            for envelope, at in self._sent(session)
        ]

    def _sent(self, session: Session) -> Iterator[tuple[Envelope, MessageRef]]:
        """Send what is due, and yield each message with where it came to stand."""
        for workspace in session.exec(select(Workspace.id)).all():
            for due in sending.due_messages(session, workspace, self.now, 100):
                claimed = sending.claim(session, due.delivery_id, self.now)
                if claimed is None:
                    continue
                envelope = compose(session, house=self.house(), delivery_id=due.delivery_id, now=self.now)
                assert isinstance(envelope, Envelope)
                at = MessageRef(conversation=envelope.to.conversation or "D0", message=f"m{due.delivery_id}")
                settling.settle_sent(
                    session, claimed, conversation_id=at.conversation, message_id=at.message, now=self.now
                )
                yield envelope, at


def to_whom(envelope: Envelope) -> str | None:
    return None if isinstance(envelope.to, Channel) else envelope.to.person


def buttons_in(form: Form) -> list[Button]:
    return [button for part in form.body if isinstance(part, Buttons) for button in part.buttons]
