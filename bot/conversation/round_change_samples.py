"""A round that is changed while it runs, stopped and asked about weeks later, and a team that is changed: what is shown
of it, as it comes to be in one team."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.conversation.desk import House
from bot.conversation.events import ChannelLeft
from bot.conversation.sample_database import from_nothing
from bot.conversation.sample_links import with_fixed_links
from bot.conversation.team_sample_hands import (
    BEFORE,
    CHANNEL,
    FACILITATOR,
    STARTS_ON,
    STRANGER,
    TEAM,
    WORKSPACE,
    Hands,
    Sample,
    buttons_of,
)
from storage import round_reading, rounds
from storage.round_news import News
from storage.round_notes import Note
from storage.tables.deliveries import Kind
from storage.tables.people import Platform
from storage.tables.rounds import Afterwards, Ending, RoundStep

LEARNED = {"sv": "Vi behöver fråga nattpersonalen först", "en": "We need to ask the night staff first"}
OTHER_LEADER = "U0GUN"


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en"."""
    return from_nothing(lambda session: _Story(session, language, house).meets())


@dataclass
class _Story(Hands):
    def __post_init__(self) -> None:
        page_address = self.house.page_address
        super().__post_init__()
        self.house = replace(self.house, page_address=page_address)

    def meets(self) -> Iterator[Sample]:
        self._sends(self._form("team.new"), self._team(), people=self._people(*TEAM))
        self._sends(self._sends(self._form("round.new", "1:idea-sprint"), self._chosen()), {})
        yield from self._is_moved()
        yield from self._team_is_changed()
        yield from self._channel_is_lost()
        yield from self._is_led_by_another()
        yield from self._waits_for_us()
        yield from self._ends_by_itself()
        yield from self._gets_more_time()
        yield from self._is_taken_along()
        yield from self._ends()
        yield from self._stops()

    def _is_moved(self) -> Iterator[Sample]:
        move = self._form("round.move", 1)
        yield "modal", "round_move", move
        for name, day in (("no_day", ""), ("same_day", STARTS_ON.isoformat()), ("red_day", "2026-04-03")):
            yield "modal", f"round_move_refused_{name}", self._refused(move, {"starts_on": day})
        difference = self._sends(move, {"starts_on": "2026-03-03"})
        yield "modal", "round_move_difference", difference
        with self._forgotten():
            yield "modal", "round_moved", self._sends(difference, {})
        with self._forgotten():
            self._morning("need")
            yield "modal", "round_move_outdated", self._sends(difference, {})
            yield from self._named("round_move_too_late", self._presses("round.move", 1))
        self.now = BEFORE

    def _team_is_changed(self) -> Iterator[Sample]:
        edit = self._form("team.edit", 1)
        yield "modal", "team_edit", edit
        wrong = {"name": " ", "slot": "06:00", "language": "", "closed": "snart"}
        yield "modal", "team_edit_refused", self._refused(edit, wrong)
        yield "modal", "team_edit_refused_late", self._refused(edit, {"slot": "15:30"})
        two = {"facilitator": self._people(*TEAM[1:3])}
        yield "modal", "team_edit_refused_two", self._refused(edit, {}, picked=two)
        yield "modal", "team_edit_nothing", self._sends(edit, {})
        others = {"sv": "en", "en": "sv"}
        every = {
            "name": f"{self.said['name']} 2", "slot": "09:00", "language": others[self.language],
            "closed": "2026-03-04", "flags": "eves",
        }  # fmt: skip
        difference = self._sends(edit, every)
        yield "modal", "team_edit_difference", difference
        with self._forgotten():
            yield "modal", "team_changed", self._sends(difference, {})
            back = self._form("team.edit", 1)
            yield "modal", "team_edit_opens_days", self._sends(back, {"closed": ""})
            long = self._sends(back, {"closed": "2026-06-15 – 2026-08-14"})
            yield "modal", "team_edit_summer", long
            self.now = BEFORE + timedelta(days=120)
            yield "modal", "team_edit_outdated", self._sends(long, {})
        self.now = BEFORE
        others_now = {who: self._people(TEAM[1]) for who in ("facilitator", "mandate")}
        yield "modal", "team_edit_people", self._sends(edit, {"channel": "C0OST"}, picked=others_now)

    def _channel_is_lost(self) -> Iterator[Sample]:
        left = ChannelLeft(
            key="left", platform=Platform.PAPER, workspace=WORKSPACE, person="", at=self.now, channel=CHANNEL
        )
        with self._forgotten():  # the moment the team is made
            self._hears(left)
            yield from self._named("team_channel_not_yet", self._presses("team.open", 1))
        with self._forgotten():
            self._hears(replace(left, at=self.now + timedelta(hours=1)))
            yield from self._named("team_channel_lost", self._presses("team.open", 1))
            yield from self._named("teams_channel_lost", self._presses("team.list"))
            self._presses("round.end", 1)
            yield (
                "modal",
                "round_preview_channel_lost",
                self._sends(self._form("round.new", "1:idea-sprint"), self._chosen()),
            )

    def _is_led_by_another(self) -> Iterator[Sample]:
        with self._forgotten():
            first = self._morning("need")
            edit = self._form("team.edit", 1)
            difference = self._sends(edit, {}, picked={"facilitator": self._people(OTHER_LEADER)})
            yield "modal", "team_edit_facilitator", difference
            yield "modal", "team_facilitator_changed", self._sends(difference, {})
            yield "message", "round_private_leads", self._note(first, Note.FACILITATES)
            yield "message", "round_private_leads_first", self._note(first, Note.FACILITATES, first=True)
            yield from self._channel("new_leader_named", self._morning("choose_need"))
            yield from self._channel("new_leader", self._morning("ideas"))
            yield from self._named("round_not_leader_now", self._presses("round.facilitate", first.id, who=FACILITATOR))
        self.now = BEFORE

    def _waits_for_us(self) -> Iterator[Sample]:
        with self._forgotten():
            step = self._morning("choose_need")
            step.given_back_from = step.day - timedelta(days=1)
            self.session.flush()
            yield from self._channel("given_back", step)
        self.now = BEFORE

    def _ends_by_itself(self) -> Iterator[Sample]:
        step = round_reading.steps(self.session, 1)[0]
        for ending in (Ending.NOT_MADE, Ending.TEAM_TOO_SMALL, Ending.CHANNEL_GONE):
            with self._forgotten():
                rounds.end(self.session, 1, ending, self.now)
                yield "message", f"round_private_{ending.value}", self._note(step, Note.HAS_ENDED)

    def _gets_more_time(self) -> Iterator[Sample]:
        self._morning("need")
        extend = self._form("round.extend", 1)
        yield "modal", "round_extend", extend
        yield "modal", "round_extend_refused", self._refused(extend, {"days": "9"})
        difference = self._sends(extend, {"step": "need", "days": "1"})
        yield "modal", "round_extend_difference", difference
        with self._forgotten():
            yield "modal", "round_extended", self._sends(difference, {})
        with self._forgotten():
            step = self._morning("choose_need")
            self._closes(step)
            yield "modal", "round_extend_refused_over", self._refused(extend, {"step": "choose_need"})
        with self._forgotten():
            self.now = round_reading.steps(self.session, 1)[-1].prompt_at + timedelta(days=1)
            yield from self._named("round_extend_nothing", self._presses("round.extend", 1))
        self._morning("need")

    def _is_taken_along(self) -> Iterator[Sample]:
        step = round_reading.steps(self.session, 1)[0]
        yield from self._named("facilitator_card", self._presses("round.facilitate", step.id, who=FACILITATOR))
        for what in ("calendar", "huddle"):
            shown = self._one(self._presses(f"round.{what}", 1, who=FACILITATOR))
            yield "modal", f"round_{what}", with_fixed_links(shown)

    def _ends(self) -> Iterator[Sample]:
        """Without a wrap-up: the other samples have one."""
        step = round_reading.steps(self.session, 1)[0]
        with self._forgotten():
            rounds.end(self.session, 1, Ending.FINISHED, self.now)
            yield from self._channel("told_that_it_is_done", step, News.ENDING)
            yield "message", "round_asked_when_it_is_done", self._card(step, News.MORNING, kind=Kind.ROUND_FOLLOW_UP)
            rounds.say_afterwards(self.session, 1, Afterwards.STILL)
            yield from self._named("round_done_page", self._presses("round.open", 1))

    def _stops(self) -> Iterator[Sample]:
        step = round_reading.steps(self.session, 1)[0]
        stop = self._form("round.stop", step.id, who=FACILITATOR)
        yield "modal", "round_stop", stop
        yield "modal", "round_stop_refused", self._refused(stop, {"learned": "ord " * 51}, who=FACILITATOR)
        learned = LEARNED[self.language]
        yield "modal", "round_stopped", self._sends(stop, {"learned": learned}, who=FACILITATOR)
        yield from self._named("round_stopped_twice", self._presses("round.stop", step.id, who=FACILITATOR))
        yield from self._named("round_stopped_page", self._presses("round.open", 1))
        yield from self._channel("told_that_it_stopped", step, News.ENDING)
        yield "modal", "wrap_up_stopped", self._form("wrap_up.ask", step.id, who=FACILITATOR)
        yield from self._channel("wrap_up_to_read", step, News.WRAP_UP)
        for who in TEAM[:3]:
            shown = self._one(self._presses("wrap_up.open", step.id, who=who))
            [approve] = [button for button in buttons_of(shown) if button.action == "wrap_up.approve"]
            self._presses(approve.action, approve.value, who=who)
        yield from self._channel("told_that_it_stopped_shared", step, News.ENDING)
        yield from self._comes_back(step)

    def _comes_back(self, step: RoundStep) -> Iterator[Sample]:
        self.now += timedelta(days=28)
        yield "message", "round_afterwards", self._card(step, News.MORNING, kind=Kind.ROUND_FOLLOW_UP)
        for said in Afterwards:
            value = f"{step.id}:{said.value}"
            shown = self._presses("round.afterwards", value, who=TEAM[1], in_channel=True)
            yield from self._named(f"round_afterwards_{said.value}", shown)
            yield from self._named(f"round_page_{said.value}", self._presses("round.open", 1))
            yield from self._named(f"round_said_{said.value}", self._presses("round.afterwards", value, who=TEAM[1]))
        stranger = self._presses("round.afterwards", f"{step.id}:still", who=STRANGER, in_channel=True)
        yield from self._named("round_afterwards_not_mine", stranger)
