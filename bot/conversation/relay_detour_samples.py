"""What is said of a relay that goes otherwise than was thought: a part of `relay_samples`. Each is forgotten after."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.conversation.cards import Form
from bot.conversation.relay_sample_hands import LEGS, MEMBERS, RelayHands
from bot.conversation.team_sample_hands import Sample
from scheduler.calendar import Calendar
from storage import relay_reading, relays, round_reading, rounds
from storage.relay_news import News
from storage.round_news import News as RoundNews
from storage.tables.relays import RelayEnding
from storage.tables.rounds import Ending
from storage.tables.teams import Team

MOVED_DAY = News.CLOSING_DAY + 1
A_YEAR_CLOSED = Calendar(closed=frozenset(date(2026, 2, 20) + timedelta(days=day) for day in range(366))).to_choices()


class Detours(RelayHands):
    def _cannot_begin(self, new: Form) -> Iterator[Sample]:
        for name, changed in (
            ("no_channel", {"channel_id": None}),
            ("late", {"slot": "15:30"}),
            ("no_days", {"calendar": A_YEAR_CLOSED}),
        ):
            with self._forgotten():
                self._team_has(1, **changed)
                yield "modal", f"relay_new_refused_{name}", self._refused(new, self._relay())
        with self._forgotten():
            self._takes_in(1, [f"U1FLER{at}" for at in range(5)])
            yield "modal", "relay_new_refused_large", self._refused(new, self._relay())
        with self._forgotten():
            preview = self._sends(new, self._relay())
            self._presses("team.end", 3)
            yield "modal", "relay_changed_meanwhile", self._sends(preview, self._organisations())
        yield from self._with_another_challenge()

    def _with_another_challenge(self) -> Iterator[Sample]:
        house, every = self.house, dict(self.house.library.challenges)
        every["another-relay"] = every["relay"].model_copy(update={"id": "another-relay"})
        self.house = replace(house, library=replace(house.library, challenges=every))
        new = self._form("relay.new")
        yield "modal", "relay_new_of_several", new
        refused = self._refused(new, self._relay() | {"challenge": "gone"})
        yield "modal", "relay_new_of_several_refused", refused
        self.house = house

    def _before_it_begins(self) -> Iterator[Sample]:
        with self._forgotten():
            yield from self._named("relay_skipped_before", self._presses("relay.skip", LEGS[2]))
            yield from self._told("last_stood_aside", LEGS[2], News.LAST)
            yield from self._told("closing_stood_aside", LEGS[2], News.CLOSING)
        with self._forgotten():
            self._presses("team.end", 2)
            self._team_has(3, calendar=A_YEAR_CLOSED)
            yield from self._named("relay_board_cannot_run", self._presses("relay.open", 1))
        with self._forgotten():
            yield from self._named("relay_ended_before", self._presses("relay.end", 1))
        with self._forgotten():  # whoever facilitates is in every team
            self._sends(self._sends(self._form("relay.move", 1), {"day": "2026-03-09"}), {})
            other = self._relay() | {"starts_on": "2026-02-23", "team_1": "2", "team_2": "3", "team_3": "1"}
            yield "modal", "relay_preview_overlap", self._sends(self._form("relay.new"), other)

    def _first_team_does_not_get_there(self) -> Iterator[Sample]:
        first = MEMBERS[1][0]
        for name, ending in (("first", Ending.NOT_MADE), ("early", Ending.ENDED_EARLY)):
            with self._forgotten():
                self._round_is_over(1, ending)
                yield from self._told(f"stalled_{name}", LEGS[1], News.STALLED)
                yield from self._named(f"relay_chain_stalled_{name}", self._presses("relay.chain", 1, who=first))
        with self._forgotten():
            self._presses("relay.end", 1)
            yield from self._told("ended_early_without", LEGS[1], News.ENDED_EARLY)

    def _approved_and_not_handed_over(self) -> Iterator[Sample]:
        with self._forgotten():
            self._round_is_over(1)
            yield from self._told("stalled_approved", LEGS[1], News.STALLED)
            yield from self._named("relay_board_stalled_approved", self._presses("relay.open", 1))
            yield from self._named("relay_skip_handed_over", self._presses("relay.skip", LEGS[1]))
        with self._forgotten():
            self._begins_something_else(2)
            self._presses("relay.hand_over", LEGS[1], who=MEMBERS[1][0])
            yield from self._told("arrived_busy", LEGS[2], News.ARRIVED)
            yield from self._named("relay_board_busy", self._presses("relay.open", 1))

    def _first_leg_is_over(self) -> Iterator[Sample]:
        round_id = relay_reading.leg(self.session, 1, LEGS[1])[1].round_id or 0
        last = round_reading.steps(self.session, round_id)[-1]
        yield from self._named("relay_days_after", self._presses("round.open", round_id))
        for ending in (Ending.FINISHED, Ending.ENDED_EARLY, Ending.STOPPED_HERE):
            with self._forgotten():
                rounds.end(self.session, round_id, ending, self.now)
                yield from self._channel(f"relay_leg_{ending.value}", last, RoundNews.ENDING)

    def _closing_day_is_chosen_early(self) -> Iterator[Sample]:
        with self._forgotten():
            day = self._form("relay.closing_day", 1)
            yield "modal", "relay_closing_day_too_early", self._refused(day, {"day": "2026-04-01"})
            yield from self._told("no_day", LEGS[1], MOVED_DAY)
            day = self._form("relay.closing_day", 1)
            yield "modal", "relay_closing_day_early", self._sends(day, {"day": "2026-04-23"})
            yield from self._told("closing_day", LEGS[1], News.CLOSING_DAY)
            yield from self._told("arrived_with_closing_day", LEGS[2], News.ARRIVED)
            yield from self._told("moved_day", LEGS[1], MOVED_DAY)
            relays.forget_closing_day(self.session, 1)
            yield from self._named("relay_board_no_day_any_more", self._presses("relay.open", 1))

    def _first_leg_goes_on(self) -> Iterator[Sample]:
        """The days of a leg that has handed over."""
        for key in ("baton", "hand_over"):
            with self._forgotten():
                yield from self._channel(f"relay_{key}_after", self._morning_of(1, key))

    def _nobody_comes_after(self) -> Iterator[Sample]:
        """Of the last team, without a baton before it."""
        third = MEMBERS[3][0]
        yield from self._named("relay_question_last", self._presses("relay.baton", LEGS[3], who=third))
        with self._forgotten():
            self._morning_of(3, "baton")
            written = self._sends(self._form("relay.write", LEGS[3], who=third), self._baton(), who=third)
            yield "modal", "relay_question_last_written", written
        with self._forgotten():
            self._round_is_over(3)
            yield from self._told("stalled_question_last", LEGS[3], News.STALLED)

    def _last_team_passes_on(self) -> Iterator[Sample]:
        third = MEMBERS[3][0]
        with self._forgotten():
            self._round_is_over(3)
            yield from self._told("stalled_last", LEGS[3], News.STALLED)
            yield from self._named("relay_baton_stalled_last", self._presses("relay.baton", LEGS[3], who=third))
            yield from self._named("relay_board_stalled_last", self._presses("relay.open", 1))
            yield from self._named("relay_skipped_last", self._presses("relay.skip", LEGS[3]))
        with self._forgotten():
            yield from self._named("relay_passed_on_last", self._presses("relay.pass_on", LEGS[3], who=third))
            yield from self._told("last_passed_on", LEGS[3], News.LAST)
            yield from self._told("stalled_no_more", LEGS[3], News.STALLED)
            yield from self._told("last_of_others", LEGS[1], News.LAST)
            yield from self._named("relay_baton_passed_on_last", self._presses("relay.baton", LEGS[3], who=third))

    def _is_over(self) -> Iterator[Sample]:
        relays.end(self.session, 1, RelayEnding.FINISHED, self.now)
        yield from self._named("relay_promise_late", self._presses("relay.promise", LEGS[1], who=MEMBERS[1][0]))
        yield from self._named("relay_list_over", self._presses("relay.list"))

    def _team_has(self, number: int, **changed: object) -> None:
        team = self.session.get_one(Team, number)
        for name, value in changed.items():
            setattr(team, name, value)
        self.session.flush()
