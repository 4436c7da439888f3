"""What people do becomes events of the real conversation, and what that shows lands on their screens."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import TypedDict

from bot.conversation import desk
from bot.conversation.cards import Card
from bot.conversation.desk import House
from bot.conversation.events import (
    AnyEvent,
    Deleted,
    Edited,
    MessageRef,
    OpenedHome,
    Pressed,
    ProfileChanged,
    Submitted,
    Wrote,
)
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show, ShowHome
from bot.ports import Address
from bot.rehearsal import acts
from bot.rehearsal.paper import PaperPlatform, conversation_of
from bot.rehearsal.simulated import SimulatedPerson
from bot.rehearsal.virtual_clock import VirtualClock
from scheduler import buckets
from scheduler.buckets import Limits
from storage import people
from storage.database import Store
from storage.tables.people import Workspace

WORKSPACE = "rehearsal"
SETTINGS = {"sv": "inställningar", "en": "settings"}
LIBRARY = {"sv": "bibliotek", "en": "library"}
DELETE_EVERYTHING = {"sv": "radera allt", "en": "delete everything"}

Job = Callable[[], Awaitable[object]]


class Stage:
    def __init__(
        self,
        *,
        store: Store,
        house: House,
        clock: VirtualClock,
        platform: PaperPlatform,
        limits: Limits,
        rhythm_changed: Callable[[], None],
        about_to_delete: Callable[[str], None],
    ) -> None:
        """`about_to_delete` is told who, while it is all still there."""
        self.store = store
        self.house = house
        self.clock = clock
        self.platform = platform
        self.refused_forms: Counter[str] = Counter()
        """How often each form was refused; whoever sent it gave it up."""
        self._limits = limits
        self._rhythm_changed = rhythm_changed
        self._about_to_delete = about_to_delete
        self._workspace: Workspace | None = None
        self._waiting: list[tuple[datetime, int, Job]] = []
        self._met: set[str] = set()
        self._order = count()
        self._ids = count(1)

    def later(self, moment: datetime, person: SimulatedPerson, act: acts.Act) -> None:
        """Let somebody do something at a moment."""
        self.at(moment, partial(self._perform_if_there, person, act))

    def at(self, moment: datetime, job: Job) -> None:
        """Let something else happen at a moment."""
        heappush(self._waiting, (moment, next(self._order), job))

    def next_at(self) -> datetime | None:
        """Return when something happens here next."""
        return self._waiting[0][0] if self._waiting else None

    async def perform_next(self) -> None:
        await heappop(self._waiting)[2]()

    async def _perform_if_there(self, person: SimulatedPerson, act: acts.Act) -> None:
        if not person.profile.is_gone:
            await self._perform(person, act)
            if _may_change_rhythm(act):
                self._rhythm_changed()

    async def _perform(self, person: SimulatedPerson, act: acts.Act) -> None:
        who = self.who(person.profile.external_id)
        match act:
            case acts.Press(button=button, message=message):
                if person.shows_still(act):
                    person.has_pressed(act)
                    await self.tell(
                        Pressed(**who, action=button.action, value=button.value, message=message, trigger=who["person"])
                    )
            case acts.Say(text=text):
                person.has_said(act)
                message = await self._write(who, text)
                if act.is_answer:
                    person.wrote.append(message)
            case acts.Rewrite(text=str(text)):
                if person.wrote:
                    await self.tell(Edited(**who, text=text, message=person.wrote[-1]))
            case acts.Rewrite():
                if person.wrote:
                    await self.tell(Deleted(**who, message=person.wrote.pop()))
            case acts.Fill(form=form, values=values):
                shows = await self.tell(Submitted(**who, form=form.name, about=form.about, values=values))
                if any(isinstance(show, Refuse) for show in shows):
                    self.refused_forms[form.name] += 1
                else:
                    person.has_sent(act)
            case acts.ChangeRhythm():
                person.errand = act
                await self._write(who, SETTINGS[person.character.language])
            case acts.Browse():
                person.errand = act
                await self._write(who, LIBRARY[person.character.language])
            case acts.OpenHome():
                await self.tell(OpenedHome(**who))
            case acts.Travel(zone=zone):
                person.moves_to(zone)
                await self.tell(ProfileChanged(**who, profile=person.profile))
            case acts.DeleteEverything():
                self._about_to_delete(who["person"])
                text = DELETE_EVERYTHING[person.character.language]
                await self._write(who, text)
                person.has_said(acts.Say(text=text, stops=True))
            case acts.Leave():
                person.leaves()
                await self.tell(ProfileChanged(**who, profile=person.profile))

    async def _write(self, who: "Who", text: str) -> MessageRef:
        message = MessageRef(conversation=conversation_of(who["person"]), message=f"own{next(self._ids)}")
        await self.tell(Wrote(**who, text=text, message=message))
        return message

    async def tell(self, event: AnyEvent) -> list[Show]:
        """Hand an event to the conversation, commit, then show what it wants shown. Return what that was."""
        now = self.clock.now()
        profile = None if event.person in self._met else await self.platform.profile(event.workspace, event.person)
        self._met.add(event.person)
        shows = await self.store.write(lambda session: desk.handle(session, self.house, event, profile, now))
        for show in shows:
            await self._carry_out(event, show)
        return shows

    def who(self, person: str) -> "Who":
        return {
            "key": f"e{next(self._ids)}",
            "platform": self.platform.name,
            "workspace": WORKSPACE,
            "person": person,
            "at": self.clock.now(),
        }

    async def _say(self, to: Address, card: Card) -> None:
        """Send an answer when the limits allow it: it shares them with what the lane sends."""
        now = self.clock.now()
        posting = self._limits.posting(to.conversation)
        allowed_at = await buckets.take(self.store, await self._workspace_id(), posting, now)
        if allowed_at <= now:
            await self.platform.send(to, card, delivery_id=None)
        else:
            self.at(allowed_at, partial(self.platform.send, to, card, delivery_id=None))

    async def _workspace_id(self) -> int:
        if self._workspace is None:
            self._workspace = await self.store.read(
                lambda session: people.find_workspace(session, platform=self.platform.name, workspace=WORKSPACE)
            )
        if self._workspace is None:
            raise LookupError("nobody has said anything yet")
        return self._workspace.id

    async def _carry_out(self, event: AnyEvent, show: Show) -> None:
        to = Address(workspace=event.workspace, person=event.person, conversation=conversation_of(event.person))
        match show:
            case Say(card):
                await self._say(to, card)
            case Replace(message, card):
                await self.platform.update(event.workspace, message, card)
            case ShowHome(card):
                await self.platform.show_home(to, card)
            case OpenForm(form):
                await self.platform.open_form(event.workspace, form, trigger=event.person)
            case Refuse():
                pass  # the form stays open: its sender reads it


def _may_change_rhythm(act: acts.Act) -> bool:
    match act:
        case acts.Travel():
            return True
        case acts.Fill(form=form):
            return form.name == "rhythm"
        case acts.Press(button=button):
            return button.action.startswith("pace.")
        case _:
            return False


class Who(TypedDict):
    """What every event says."""

    key: str
    platform: str
    workspace: str
    person: str
    at: datetime
