"""What people meet in an innovationsfika: the part of `knuff preview` that is about being put together.

The desk itself answers, over a database in memory that is gone afterwards; people are put together as the planner does
it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import select

from bot.conversation.cards import Card
from bot.conversation.letters import Letter
from bot.conversation.pairing_view import meeting_of
from bot.conversation.round_mail import member_card
from bot.conversation.round_view import step_of_message
from bot.conversation.sample_database import from_nothing
from bot.conversation.team_sample_hands import STARTS_ON, TEAM, ZONE, Hands, Sample
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from scheduler import pairings
from scheduler.putting_together import put_together
from storage import exclusions, pairs, people, round_reading, rounds_due
from storage.round_news import News
from storage.tables.deliveries import Kind
from storage.tables.people import Person
from storage.tables.rounds import RoundStep

NEAR, FAR = "Europe/Helsinki", "Pacific/Auckland"
TAKEN = {"sv": "Skolan har redan en mall för det vi letar efter", "en": "The school has a template for what we seek"}


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en"."""
    return from_nothing(lambda session: _Story(session, language, house).meets())


@dataclass
class _Story(Hands):
    def meets(self) -> Iterator[Sample]:
        self._sends(self._form("team.new"), self._team(), people=self._people(*TEAM))
        new = self._form("round.new", "1:innovationsfika")
        yield "modal", "fika_plan", new
        chosen = {"starts_on": STARTS_ON.isoformat()}
        yield "modal", "fika_preview_whatever_unit", self._sends(new, chosen | {"across_units": "no"})
        preview = self._sends(new, chosen)
        yield "modal", "fika_preview", preview
        self._sends(preview, {"consent": "yes"})
        yield from self._chooses()
        yield from self._is_told()
        yield from self._says_how_it_went()

    def _chooses(self) -> Iterator[Sample]:
        me = TEAM[1]
        yield from self._named("fika_own_teams", self._types("lag", who=me))
        form = self._form("exclusions.open", who=me)
        yield "modal", "exclusions", form
        many = self._people(*(f"U{number:04}" for number in range(exclusions.MOST + 1)))
        yield "modal", "exclusions_refused", self._refused(form, {}, who=me, people=many)
        with self._forgotten():
            yield "modal", "exclusions_kept", self._sends(form, {}, who=me, people=self._people(TEAM[2]))
            yield "modal", "exclusions_again", self._form("exclusions.open", who=me)
            self._presses("team.leave", 1, who=me)
            yield from self._named("fika_no_team_left", self._types("lag", who=me))
        yield "modal", "exclusions_none", self._sends(form, {}, who=me)

    def _is_told(self) -> Iterator[Sample]:
        self._put_together()
        step = self._morning("pair")
        yield from self._channel("fika_pair", step)
        by_size = {len(group): group for group in pairs.groups(self.session, step.round_id).values()}
        two, three = (self._who_is(by_size[size][0]) for size in (2, 3))
        yield "message", "fika_two", self._told(step, two)
        yield "message", "fika_three", self._told(step, three)
        for name, zone in (("elsewhere", NEAR), ("without_times", FAR)):
            with self._forgotten():
                people.set_rhythm(self.session, two, zone=zone, now=self.now)
                yield "message", f"fika_{name}", self._told(step, two, zone)
        with self._forgotten():
            exclusions.choose(self.session, two, [one for one in TEAM if one != two.external_id])
            yield "message", "fika_nobody", self._told(step, two)
        coffee = self._morning("coffee")
        yield from self._channel("fika_coffee", coffee)
        yield "message", "fika_coffee_alone", self._told(coffee, two)

    def _says_how_it_went(self) -> Iterator[Sample]:
        step, me = self._morning("after"), TEAM[1]
        yield from self._channel("fika_after", step)
        yield "message", "fika_after_alone", self._alone(step, Kind.ROUND)
        form = self._form("contribution.open", step.id, who=me)
        yield "modal", "fika_answer", form
        said = {"in_met": "yes", "in_taken": TAKEN[self.language], "in_again": "no"}
        yield "modal", "fika_answered", self._sends(form, said, who=me)
        yield from self._named("fika_sits_out", self._types("lag", who=me))
        yield from self._named("fika_comes_back", self._presses("pairs.come_back", 1, who=me))
        yield from self._channel("fika_opened", self._opens(step), News.OPENED)

    def _put_together(self) -> None:
        first = round_reading.steps(self.session, 1)[0]
        [due] = rounds_due.prompts_due(self.session, first.prompt_at, 1)
        pairings.keep(self.session, put_together(pairings.gather(self.session, due, None)))

    def _told(self, step: RoundStep, person: Person, zone: str = ZONE) -> Card:
        at = step_of_message(self.session, step.id)
        meeting = meeting_of(self.session, at, person.id, zone, self.now)
        return member_card(at, Kind.ROUND, Letter(), Words(self.language), meeting=meeting)

    def _who_is(self, person_id: int) -> Person:
        return self.session.exec(select(Person).where(Person.id == person_id)).one()
