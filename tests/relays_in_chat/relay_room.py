"""Three teams that hand over to each other: one in Slack, one in Teams, one in Slack, and a clock moved by hand.

The planner plans, what is due is claimed, composed by the courier and settled; only the platforms are left out.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from bot.conversation.cards import ChoiceInput, Form
from bot.conversation.shows import OpenForm, Replace, Show
from bot.conversation.visiting import House
from scheduler.relays import plan_relays
from scheduler.rounds import plan_rounds
from storage import relay_reading
from storage.moments import slot_moment
from storage.relay_reading import Chain
from tests.coordinating.office import SAM, STOCKHOLM, form_in, home, read, somebody
from tests.rounds_in_chat.team_room import Heard, TeamRoom, buttons_in, to_whom

TESS = "T-SAMORDNARE"
"""The coordinator in Teams."""
NORTH = tuple(f"UN{number}" for number in range(1, 5))
EAST = tuple(f"T-E{number}" for number in range(1, 5))
SOUTH = tuple(f"US{number}" for number in range(1, 6))
OTHERS = {"Norr": NORTH, "Öst": EAST, "Syd": SOUTH}
CHANNELS = {"Norr": "C0NORR", "Öst": "19:ost@thread.tacv2", "Syd": "C0SYD"}
BATON = {
    "learning": "Tre frågor räckte. Den fjärde läste ingen.",
    "sign_of_value": "Tolv familjer slapp ringa två gånger.",
    "question": "Vad gör ni för att folk ska våga fråga?",
    "invitation": "Kom och se vår morgonrunda på torsdagar.",
}
CLOCKS = (time(10), time(17))
"""When steps begin, and when a day of work is over."""
BEFORE = home(2026, 3, 1, 17)
"""Nothing happens to a relay before this."""
SATURDAY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Told(Heard):
    """A message that went out, and to which channel."""

    channel: str | None
    again: Replace | None
    """What is shown anew because of it."""


@dataclass(kw_only=True)
class RelayRoom(TeamRoom):
    told: list[Told] = field(default_factory=list)

    def house(self) -> House:
        house = super().house()
        return replace(house, coordinators=house.coordinators | {TESS})

    def make_teams(self) -> None:
        for name, members in OTHERS.items():
            self.make(name, members, CHANNELS[name], by=TESS if name == "Öst" else SAM)

    def make(self, name: str, members: tuple[str, ...], channel: str, *, by: str = SAM) -> None:
        asked = form_in(self.press("team.new", who=by))
        picked = {"people": tuple(map(somebody, members)), "facilitator": (somebody(members[0]),), "channel": ()}
        self.send(asked, who=by, profiles=picked, name=name, channel=channel)

    def team_of(self, name: str) -> str:
        """A team as the form for a relay names it."""
        form = form_in(self.press("relay.new"))
        [first] = [part for part in form.body if isinstance(part, ChoiceInput) and part.name == "team_1"]
        return next(option.value for option in first.options if option.text.startswith(name))

    def choose_teams(self, *names: str, starts_on: str = "2026-03-02", **values: str) -> list[Show]:
        """Choose teams for a relay. Return the preview, or why not."""
        chosen = {f"team_{number}": self.team_of(name) for number, name in enumerate(names, start=1)}
        given: dict[str, Any] = {
            "name": "Färre väntar",
            "question": "Hur slipper människor vänta i onödan?",
            "starts_on": starts_on,
        }
        return self.send(form_in(self.press("relay.new")), **(given | chosen | values))

    def begin(self, *names: str, **values: str) -> Form:
        """Begin a relay. Return its board."""
        return form_in(self.send(form_in(self.choose_teams(*(names or tuple(OTHERS)), **values))))

    def board(self, who: str = SAM) -> Form:
        return form_in(self.press("relay.open", 1, who=who))

    def chain(self) -> Chain:
        return self.look(lambda session: relay_reading.chain(session, 1, 1))

    def leg(self, number: int) -> int:
        return self.chain().legs[number - 1].id

    async def until(self, year: int, month: int, day: int, clock: time = time(10)) -> list[Told]:
        """Let every working day come, up to and with this one. Return what was heard."""
        begun, last = len(self.told), datetime.combine(date(year, month, day), clock, tzinfo=STOCKHOLM)
        self.now = max(self.now, BEFORE)
        today = self.now.astimezone(STOCKHOLM).date()
        while today <= last.date():
            for one in CLOCKS:
                moment = slot_moment(today, one, "Europe/Stockholm")
                if self.now <= moment <= last and today.weekday() < SATURDAY:
                    await self.come(moment)
            today += timedelta(days=1)
        return self.told[begun:]

    async def come(self, now: datetime) -> None:
        self.now = now
        await plan_rounds(self.store, now)
        await plan_relays(self.store, now)
        self.told += self.look(self._deliver)

    def write_baton(self, number: int, who: str, **words: str) -> list[Show]:
        form = form_in(self.press("relay.write", self.leg(number), who=who))
        written: dict[str, Any] = BATON | {"tested": "yes"} | words
        return self.send(form, who=who, **written)

    def write_baton_anyhow(self, number: int, who: str) -> list[Show]:
        """Ask for the form, whatever comes."""
        return self.press("relay.write", self.leg(number), who=who)

    def approve(self, number: int, *who: str) -> list[str]:
        """Let people approve of what they read. Return what each was shown then."""
        said = []
        for one in who:
            page = form_in(self.press("relay.baton", self.leg(number), who=one))
            [button] = [button for button in buttons_in(page) if button.action == "relay.approve"]
            said.append(read(self.press(button.action, button.value, who=one)))
        return said

    async def run_leg(self, number: int, members: tuple[str, ...], year: int, month: int, day: int) -> None:
        """Let a leg come to the day its baton is written, and be handed over."""
        await self.until(year, month, day)
        self.write_baton(number, members[0], learning=f"Lärdom {number}.")
        self.approve(number, *members[:3])
        self.press("relay.hand_over", self.leg(number), who=members[1])

    def press_in(self, told: Told, action: str, *, who: str) -> list[Show]:
        """Press a button of a message, in its channel."""
        button = told.buttons[action]
        return self.in_channel(action, button.value, who=who, message=told.message, channel=told.channel or "")

    def in_channel_of(self, name: str) -> list[Told]:
        return [one for one in self.told if one.channel == CHANNELS[name]]

    def _who(self, who: str) -> dict[str, object]:
        found = super()._who(who)
        return found | {"platform": "teams", "workspace": "TENANT"} if who.startswith("T-") else found

    def _deliver(self, session: Session) -> list[Told]:
        return [
            Told(
                at=self.now,
                who=to_whom(envelope),
                card=envelope.card,
                message=at.message,
                channel=at.conversation if to_whom(envelope) is None else None,
                again=envelope.anew and envelope.anew(session, at),
            )
            for envelope, at in self._sent(session)
        ]


def read_form(form: Form) -> str:
    """Everything on a page, as text."""
    return read([OpenForm(form)])
