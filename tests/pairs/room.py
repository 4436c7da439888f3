"""A team's room in which people have coffee together: with the key that remembers who has met whom."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.cards import Form, Part, People
from bot.conversation.shows import Show
from scheduler.rounds import plan_rounds
from tests.coordinating.office import form_in
from tests.pairs.fika import KEY
from tests.rounds_in_chat.team_room import TEAM, Heard, TeamRoom


@dataclass(kw_only=True)
class FikaRoom(TeamRoom):
    async def clock(self, now: datetime) -> list[Heard]:
        self.now = now
        await plan_rounds(self.store, now, pair_key=KEY)
        heard = self.look(self._send_what_is_due)
        self.heard += heard
        return heard

    def prepare(self, *, starts_on: str = "2026-03-02", across_units: str = "yes") -> Form:
        """Choose a fika for the newest team. Return its preview."""
        chosen = form_in(self.press("round.new", f"{self.team_id()}:innovationsfika"))
        return form_in(self.send(chosen, starts_on=starts_on, across_units=across_units))

    def begin_fika(self, *members: str) -> list[Show]:
        self.make_team(*(members or TEAM))
        return self.send(self.prepare(), consent="yes")


def meets(heard: Heard) -> tuple[str, ...]:
    """Whom a message says that somebody meets."""
    return next((part.external_ids for part in heard.card.parts if isinstance(part, People)), ())


def to_each(heard: list[Heard]) -> dict[str, Heard]:
    """What each was told alone. Nobody is told twice."""
    alone = [one for one in heard if one.who is not None]
    assert len({one.who for one in alone}) == len(alone)
    return {str(one.who): one for one in alone}


def text_of(parts: tuple[Part, ...]) -> str:
    return "\n".join(str(getattr(part, "text", "")) for part in parts)
