"""One Slack workspace in memory: its people, channels, messages, forms, and the bot that is installed in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workplace.changes import Changes
from workplace.clock import Clock
from workplace.seed import Seed, SeedPerson
from workplace.settings import Secrets
from workplace.shapes import Json
from workplace.slack.conversations import Conversations
from workplace.slack.handles import Handles
from workplace.slack.records import Channel, Group, Person
from workplace.slack.surfaces import Surfaces


class Workspace:
    """`tell_bot` is where events for the bot go; it is set by whoever delivers them."""

    def __init__(self, seed: Seed, *, secrets: Secrets, clock: Clock, changes: Changes) -> None:
        self.team = seed.team
        self.app = seed.app
        self.secrets = secrets
        self.clock = clock
        self.changes = changes
        self.installed = True
        self.people = {p.id: Person.from_seed(p, updated=int(clock.seconds())) for p in seed.people}
        self.groups = {g.id: Group(**g.model_dump()) for g in seed.groups}
        self.conversations = Conversations(Channel(**channel.model_dump()) for channel in seed.channels)
        self.surfaces = Surfaces()
        self.handles = Handles()
        self.tell_bot: Callable[[Json], object] = lambda event: None

    def now(self) -> datetime:
        return self.clock.now()

    def bot_person(self) -> Person:
        """Return the bot as a member of the workspace; it is in no seed."""
        return Person(
            id=self.app.bot_user_id,
            name=self.app.name.lower(),
            real_name=self.app.name,
            title="",
            unit="",
            tz=self.team.zone,
            locale="en-US",
            is_bot=True,
            deleted=not self.installed,
            updated=0,
        )

    def anyone(self, person_id: str) -> Person | None:
        return self.bot_person() if person_id == self.app.bot_user_id else self.people.get(person_id)

    def add_person(self, seed: SeedPerson) -> Person:
        person = Person.from_seed(seed, updated=int(self.clock.seconds()))
        self.people[person.id] = person
        return person

    def change_person(
        self,
        person: Person,
        *,
        tz: str | None = None,
        locale: str | None = None,
        real_name: str | None = None,
        deleted: bool | None = None,
    ) -> Person:
        changed = replace(
            person,
            tz=person.tz if tz is None else tz,
            locale=person.locale if locale is None else locale,
            real_name=person.real_name if real_name is None else real_name,
            deleted=person.deleted if deleted is None else deleted,
            updated=int(self.clock.seconds()),
        )
        self.people[person.id] = changed
        return changed
