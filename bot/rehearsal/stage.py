"""What people do becomes events of the real conversation, and what that shows lands on their screens."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
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
    ChannelLeft,
    Deleted,
    Edited,
    Joined,
    Left,
    MessageRef,
    OpenedHome,
    Pressed,
    Profile,
    ProfileChanged,
    Submitted,
    Wrote,
)
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show, ShowHome
from bot.handling import NOBODY_MET
from bot.ports import Address
from bot.rehearsal import acts
from bot.rehearsal.paper import PaperPlatform, conversation_of
from bot.rehearsal.place import Place
from bot.rehearsal.simulated import SimulatedPerson
from bot.rehearsal.virtual_clock import VirtualClock
from scheduler import buckets
from storage import people
from storage.database import Store

SETTINGS = {"sv": "inställningar", "en": "settings"}
HOME = {"sv": "hem", "en": "home"}
LIBRARY = {"sv": "bibliotek", "en": "library"}
LED = {"sv": "jag har lett en övning", "en": "i have led an exercise"}
TEAMS = {"sv": "lag", "en": "teams"}
DELETE_EVERYTHING = {"sv": "radera allt", "en": "delete everything"}

Job = Callable[[], Awaitable[object]]
OnShown = Callable[[AnyEvent, Show], None]


def unseen(event: AnyEvent, show: Show) -> None:
    """Nobody looks at what is shown."""


class Stage:
    def __init__(
        self,
        *,
        place: Place,
        store: Store,
        houses: Mapping[str, House],
        clock: VirtualClock,
        platforms: Mapping[str, PaperPlatform],
        rhythm_changed: Callable[[], None],
        about_to_delete: Callable[[str], None],
        on_shown: OnShown = unseen,
        plans_after_all: bool = False,
    ) -> None:
        """Houses and platforms by the platform's name. `about_to_delete` is told who, while it is all still there;
        `on_shown` what anything that was done shows. `plans_after_all`: whatever is done may be followed by a message
        of ours, and not only what changes somebody's rhythm."""
        self.place = place
        self.store = store
        self.houses = houses
        self.clock = clock
        self.platforms = platforms
        self.refused_forms: Counter[str] = Counter()
        """How often each form was refused; whoever sent it gave it up."""
        self._rhythm_changed = rhythm_changed
        self._about_to_delete = about_to_delete
        self._on_shown = on_shown
        self._plans_after_all = plans_after_all
        self._workspace_ids: dict[str, int] = {}
        self._waiting: list[tuple[datetime, int, Job]] = []
        self._met: set[tuple[str, str]] = set()
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
        if not person.profile.is_gone and (person.has_app or isinstance(act, acts.Install)):
            person.begins(act)
            await self._perform(person, act)
            if self._plans_after_all or _may_change_rhythm(act):
                self._rhythm_changed()

    async def _perform(self, person: SimulatedPerson, act: acts.Act) -> None:
        platform = self.platforms[person.character.platform]
        who = self.who(person.profile.external_id, on=platform.name)
        match act:
            case acts.Press(button=button, message=message):
                if person.shows_still(act) and platform.still_has(message):
                    person.has_pressed(act)
                    await self.tell(
                        Pressed(
                            **who,
                            action=button.action,
                            value=button.value,
                            message=message,
                            trigger=who["person"],
                            in_channel=platform.has_channel(message.conversation),
                        )
                    )
            case acts.PressOnPage(button=button, message=message):
                await self.tell(
                    Pressed(
                        **who,
                        action=button.action,
                        value=button.value,
                        trigger=who["person"],
                        view=who["person"],
                        in_channel=_stays_in_channel(platform, message),
                    )
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
                shows = await self.tell(
                    Submitted(
                        **who,
                        form=form.name,
                        about=form.about,
                        values=values,
                        in_channel=_stays_in_channel(platform, act.message),
                    )
                )
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
            case acts.NoteLed():
                person.errand = act
                await self._write(who, LED[person.character.language])
            case acts.LeaveTeam():
                person.errand = act
                await self._write(who, TEAMS[person.character.language])
            case acts.OpenHome() if platform.has_home:
                await self.tell(OpenedHome(**who))
            case acts.OpenHome():
                await self._write(who, HOME[person.character.language])
            case acts.Install():
                person.has_app = True
                await self.install(who)
            case acts.Uninstall():
                person.has_app = False
                await self.tell(Left(**who))
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

    async def install(self, who: "Who") -> None:
        """Put the app into somebody's personal chat."""
        await self.tell(Joined(**who, conversation=conversation_of(who["person"])))

    async def channel_left(self, channel: str, *, on: str) -> None:
        """Let Knuff hear that it can't write in a channel any more."""
        now = self.clock.now()
        event = ChannelLeft(
            key=f"e{next(self._ids)}", platform=on, workspace=self.place.workspace, person="", at=now, channel=channel
        )
        await self.store.write(lambda session: desk.handle(session, self.houses[on], event, None, now))

    async def _write(self, who: "Who", text: str) -> MessageRef:
        message = MessageRef(conversation=conversation_of(who["person"]), message=f"own{next(self._ids)}")
        await self.tell(Wrote(**who, text=text, message=message))
        return message

    async def tell(self, event: AnyEvent) -> list[Show]:
        """Hand an event to the conversation, as the platform passes it on, commit, then show what it wants shown.
        Return what that was."""
        platform = self.platforms[event.platform]
        zone = platform.zone_told(event.person)
        passed_on = platform.passes_on(event)
        if passed_on is None:
            return []
        if platform.zone_told(event.person) != zone:
            self._rhythm_changed()
        now, house = self.clock.now(), self.houses[platform.name]
        profile = await self._profile(platform, passed_on)
        shows = await self.store.write(lambda session: desk.handle(session, house, passed_on, profile, now))
        for show in shows:
            self._on_shown(event, show)
            await self._carry_out(platform, event, show)
        return shows

    async def _profile(self, platform: PaperPlatform, event: AnyEvent) -> Profile | None:
        """Return who somebody is the first time they do something."""
        somebody = (platform.name, event.person)
        if somebody in self._met or isinstance(event, NOBODY_MET):
            return None
        self._met.add(somebody)
        return event.profile or await platform.profile(event.workspace, event.person)

    def who(self, person: str, *, on: str) -> "Who":
        return {
            "key": f"e{next(self._ids)}",
            "platform": on,
            "workspace": self.place.workspace,
            "person": person,
            "at": self.clock.now(),
        }

    async def _say(self, platform: PaperPlatform, to: Address, card: Card) -> None:
        """Send an answer when the limits allow it: it shares them with what the lane sends."""
        now = self.clock.now()
        posting = platform.limits.posting(to.conversation)
        allowed_at = await buckets.take(self.store, await self._workspace_id(platform.name), posting, now)
        if allowed_at <= now:
            await platform.send(to, card, delivery_id=None)
        else:
            self.at(allowed_at, partial(platform.send, to, card, delivery_id=None))

    async def _workspace_id(self, platform: str) -> int:
        if platform not in self._workspace_ids:
            workspace = await self.store.read(
                lambda session: people.find_workspace(session, platform=platform, workspace=self.place.workspace)
            )
            if workspace is None or workspace.id is None:
                raise LookupError("nobody has said anything yet")
            self._workspace_ids[platform] = workspace.id
        return self._workspace_ids[platform]

    async def _carry_out(self, platform: PaperPlatform, event: AnyEvent, show: Show) -> None:
        to = Address(workspace=event.workspace, person=event.person, conversation=conversation_of(event.person))
        match show:
            case Say(card):
                await self._say(platform, to, card)
            case Replace(message, card):
                await platform.update(event.workspace, message, card)
            case ShowHome(card):
                await platform.show_home(to, card)
            case OpenForm(form):
                # Where a form must be in the answer to the press itself, as in Teams, the person sees the same.
                await platform.open_form(event.workspace, form, trigger=event.person)
            case Refuse():
                pass  # the form stays open: its sender reads it


def _stays_in_channel(platform: PaperPlatform, message: MessageRef | None) -> bool:
    """Whether what is done in a window counts as done in the channel that it was opened in."""
    return message is not None and platform.windows_stay_in_channels and platform.has_channel(message.conversation)


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
