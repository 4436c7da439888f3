"""What a relay's teams and its coordinator meet: the part of `knuff preview` that is about relays.

The desk itself answers, over a database in memory that is gone afterwards; the moments of the relay are brought about
as the planner does it. Nothing is drawn by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.relay_detour_samples import Detours
from bot.conversation.relay_sample_hands import LEGS, MEMBERS
from bot.conversation.sample_database import from_nothing
from bot.conversation.team_sample_hands import STRANGER, Sample
from bot.conversation.visiting import House
from storage import relay_reading, relays, settling
from storage.relay_commitments import CLOSING, FOUR_WEEKS, TWELVE_WEEKS
from storage.relay_news import News
from storage.tables.deliveries import Kind


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en"."""
    return from_nothing(lambda session: _Story(session, language, house).meets())


@dataclass
class _Story(Detours):
    def meets(self) -> Iterator[Sample]:
        yield from self._begins()
        yield from self._writes()
        yield from self._hands_over()
        yield from self._stalls()
        yield from self._comes_to_its_end()
        yield from self._afterwards()

    def _begins(self) -> Iterator[Sample]:
        yield from self._named("relay_none", self._presses("relay.list"))
        yield from self._named("relay_too_few_teams", self._presses("relay.new"))
        yield from self._named("relay_not_coordinator", self._presses("relay.list", who=STRANGER))
        for number, (name, _organisation) in enumerate(self.words_of_relay["teams"], start=1):
            self._makes_team(number, name)
        new = self._form("relay.new")
        yield "modal", "relay_new", new
        nothing = {"name": " ", "question": "", "starts_on": "", "team_1": "", "team_2": "1", "team_3": "1"}
        yield "modal", "relay_new_refused", self._refused(new, nothing)
        for name, values in (
            ("red_day", {"starts_on": "2026-04-03"}),
            ("far", {"starts_on": "2028-03-01"}),
            ("long", {"question": "ord " * 51}),
        ):
            yield "modal", f"relay_new_refused_{name}", self._refused(new, self._relay() | values)
        yield "modal", "relay_preview_summer", self._sends(new, self._relay() | {"starts_on": "2026-06-08"})
        with self._forgotten():
            self._takes_out(1, MEMBERS[1][:2])
            yield "modal", "relay_new_refused_small", self._refused(new, self._relay())
        yield from self._cannot_begin(new)
        preview = self._sends(new, self._relay())
        yield "modal", "relay_preview", preview
        yield "modal", "relay_preview_refused", self._refused(preview, {"organisation_1": " "})
        yield "modal", "relay_confirmed", self._sends(preview, self._organisations())
        yield "modal", "relay_preview_gone", self._sends(preview, self._organisations())
        yield from self._named("relay_list", self._presses("relay.list"))
        move = self._form("relay.move", 1)
        yield "modal", "relay_move", move
        yield "modal", "relay_move_refused", self._refused(move, {})
        difference = self._sends(move, {"day": "2026-03-09"})
        yield "modal", "relay_move_difference", difference
        with self._forgotten():
            yield "modal", "relay_moved", self._sends(difference, {})
        yield from self._before_it_begins()
        yield from self._named("relay_not_there", self._presses("relay.open", 99))
        yield from self._named("relay_leg_not_there", self._presses("relay.baton", 99))

    def _writes(self) -> Iterator[Sample]:
        yield from self._channel("relay_receive", self._morning_of(1, "receive"))
        anna, bo = MEMBERS[1][0], MEMBERS[1][1]
        yield from self._named("relay_baton_not_yet", self._presses("relay.baton", LEGS[2], who=MEMBERS[2][0]))
        yield from self._named("relay_baton_not_theirs", self._presses("relay.baton", LEGS[1], who=STRANGER))
        yield from self._named("relay_no_move_now", self._presses("relay.move", 1))
        round_id = relay_reading.leg(self.session, 1, LEGS[1])[1].round_id
        yield from self._named("relay_days", self._presses("round.open", round_id))
        yield from self._first_team_does_not_get_there()
        with self._forgotten():
            yield from self._without_a_baton()
        step = self._morning_of(1, "baton")
        yield from self._channel("relay_write", step)
        yield from self._named("relay_baton_none", self._presses("contribution.open", step.id, who=bo))
        form = self._form("relay.write", LEGS[1], who=bo)
        yield "modal", "relay_baton_form", form
        yield "modal", "relay_baton_refused", self._refused(form, self._baton() | {"learning": "ord " * 51}, who=bo)
        number = {"question": "Vad hände med 19121212-1212?", "tested": ""}
        yield "modal", "relay_baton_refused_number", self._refused(form, self._baton() | number, who=bo)
        named = self._baton() | {"invitation": self.words_of_relay["named"]}
        yield "modal", "relay_baton_names", self._sends(form, named, who=bo)
        yield "modal", "relay_baton_kept", self._sends(form, self._baton(), who=bo)
        yield from self._channel("relay_baton_told", step, self._opened_news)
        yield from self._named("relay_not_approved", self._presses("relay.hand_over", LEGS[1], who=bo))
        yield "modal", "relay_baton_form_again", self._form("relay.write", LEGS[1], who=anna)
        yield from self._named("relay_other_words", self._presses("relay.approve", f"{LEGS[1]}:x", who=bo))
        for at, who in enumerate(MEMBERS[1][:3], start=1):
            yield "modal", f"relay_approved_{at}", self._approves(LEGS[1], who)
        yield from self._named("relay_fixed", self._presses("relay.pass_on", LEGS[1], who=bo))
        yield from self._channel("relay_hand_over", self._morning_of(1, "hand_over"))
        yield from self._approved_and_not_handed_over()

    def _without_a_baton(self) -> Iterator[Sample]:
        """Every team lets the question go on."""
        first, second, third = (MEMBERS[number][0] for number in (1, 2, 3))
        yield from self._named("relay_question_gone", self._presses("relay.pass_on", LEGS[1], who=first))
        yield from self._told("question_arrived", LEGS[2], News.ARRIVED)
        yield from self._told("question_reminded", LEGS[2], News.REMINDED)
        yield from self._named("relay_question_received", self._presses("relay.received", LEGS[2], who=second))
        yield from self._named("relay_question_received_again", self._presses("relay.received", LEGS[2], who=second))
        yield from self._named("relay_question_chain", self._presses("relay.chain", 1, who=second))
        yield from self._told("question_acknowledged", LEGS[1], News.ACKNOWLEDGED)
        yield from self._named("relay_question_on", self._presses("relay.pass_on", LEGS[2], who=second))
        yield from self._nobody_comes_after()
        yield from self._named("relay_question_gone_last", self._presses("relay.pass_on", LEGS[3], who=third))
        yield from self._told("last_without", LEGS[3], News.LAST)
        yield from self._named("relay_baton_skipped_last", self._presses("relay.baton", LEGS[3], who=third))
        yield from self._told("closing_without", LEGS[1], News.CLOSING)

    def _hands_over(self) -> Iterator[Sample]:
        anna, bo = MEMBERS[1][0], MEMBERS[1][1]
        yield from self._named("relay_handed_over", self._presses("relay.hand_over", LEGS[1], who=anna))
        yield from self._named("relay_handed_over_again", self._presses("relay.hand_over", LEGS[1], who=bo))
        yield from self._named("relay_write_over", self._presses("relay.write", LEGS[1], who=bo))
        yield from self._named("relay_write_not_yet", self._presses("relay.write", LEGS[3], who=MEMBERS[3][1]))
        yield from self._first_leg_is_over()
        yield from self._first_leg_goes_on()
        yield from self._closing_day_is_chosen_early()
        yield from self._told("arrived", LEGS[2], News.ARRIVED)
        yield from self._told("reminded", LEGS[2], News.REMINDED)
        self._is_reminded(LEGS[2])
        yield from self._named("relay_board_unreceived", self._presses("relay.open", 1))
        with self._forgotten():
            yield from self._channel("relay_receive_unreceived", self._morning_of(2, "receive"))
        yield from self._named("relay_received", self._presses("relay.received", LEGS[2], who=MEMBERS[2][0]))
        yield from self._named("relay_received_again", self._presses("relay.received", LEGS[2], who=MEMBERS[2][1]))
        yield from self._told("acknowledged", LEGS[1], News.ACKNOWLEDGED)
        yield from self._channel("relay_receive_second", self._morning_of(2, "receive"))
        yield from self._named("relay_chain", self._presses("relay.chain", 1, who=bo))
        yield "modal", "relay_chain_with_page", self._with_page(1, bo)
        yield from self._named("relay_chain_not_theirs", self._presses("relay.chain", 1, who=STRANGER))

    def _stalls(self) -> Iterator[Sample]:
        second = MEMBERS[2][0]
        self._round_is_over(2)
        yield from self._told("stalled", LEGS[2], News.STALLED)
        yield from self._named("relay_baton_stalled", self._presses("relay.baton", LEGS[2], who=second))
        yield from self._named("relay_board_stalled", self._presses("relay.open", 1))
        with self._forgotten():
            settling.workspace_disconnected(self.session, 1, reason="account_inactive", now=self.now)
            yield from self._named("relay_board_disconnected", self._presses("relay.open", 1))
        with self._forgotten():
            yield from self._named("relay_skipped", self._presses("relay.skip", LEGS[2]))
            yield from self._told("skipped", LEGS[2], News.PASSED_ON)
            yield from self._named("relay_baton_skipped", self._presses("relay.baton", LEGS[2], who=second))
        yield from self._named("relay_passed_on", self._presses("relay.pass_on", LEGS[2], who=second))
        yield from self._told("passed_on", LEGS[2], News.PASSED_ON)
        yield from self._told("arrived_unchanged", LEGS[3], News.ARRIVED)
        yield from self._named("relay_baton_passed_on", self._presses("relay.baton", LEGS[2], who=second))
        with self._forgotten():
            yield from self._named("relay_ended_early", self._presses("relay.end", 1))
            yield from self._told("ended_early", LEGS[1], News.ENDED_EARLY)
            yield from self._named("relay_ended_list", self._presses("relay.list"))
        yield from self._named("relay_skip_too_late", self._presses("relay.skip", LEGS[2]))

    def _comes_to_its_end(self) -> Iterator[Sample]:
        third = MEMBERS[3][0]
        self._morning_of(3, "baton")
        yield from self._last_team_passes_on()
        self._sends(self._form("relay.write", LEGS[3], who=third), self._baton(), who=third)
        for who in MEMBERS[3][:3]:
            self._approves(LEGS[3], who)
        yield from self._named("relay_last_baton", self._presses("relay.baton", LEGS[3], who=third))
        yield from self._named("relay_handed_over_last", self._presses("relay.hand_over", LEGS[3], who=third))
        yield from self._named("relay_baton_handed_over_last", self._presses("relay.baton", LEGS[3], who=third))
        yield from self._told("last", LEGS[3], News.LAST)
        with self._forgotten():
            yield from self._channel("relay_hand_over_last_after", self._morning_of(3, "hand_over"))
        yield from self._named("relay_promise_not_yet", self._presses("relay.promise", LEGS[1], who=MEMBERS[1][0]))
        day = self._form("relay.closing_day", 1)
        yield "modal", "relay_closing_day", day
        yield "modal", "relay_closing_day_refused", self._refused(day, {"day": "2026-01-02"})
        chosen = (self.now + timedelta(days=7)).date()
        yield "modal", "relay_closing_day_kept", self._sends(day, {"day": chosen.isoformat()})

    def _afterwards(self) -> Iterator[Sample]:
        anna = MEMBERS[1][0]
        self._asks(CLOSING)
        yield from self._told("closing", LEGS[1], News.CLOSING)
        yield from self._named("relay_board_closing", self._presses("relay.open", 1))
        with self._forgotten():
            relays.choose_closing_day(self.session, 1, self.now.date())
            yield from self._named("relay_board_closing_today", self._presses("relay.open", 1))
        form = self._form("relay.promise", LEGS[1], who=anna)
        yield "modal", "relay_promise", form
        yield "modal", "relay_promise_refused", self._refused(form, {"due_on": "2026-01-02"}, who=anna)
        promise = dict(self.words_of_relay["promise"])
        named = promise | {"role": self.words_of_relay["named_role"]}
        yield "modal", "relay_promise_names", self._sends(form, named, who=anna)
        yield "modal", "relay_promise_kept", self._sends(form, promise, who=anna)
        self._asks(FOUR_WEEKS)
        now = self.now
        with self._forgotten():
            yield "modal", "relay_promise_kept_later", self._sends(form, promise, who=anna)
            self._asks(TWELVE_WEEKS)
            yield "modal", "relay_promise_kept_last", self._sends(form, promise, who=anna)
        self.now = now
        yield "message", "relay_follow_up", self._relay_card(LEGS[1], FOUR_WEEKS, kind=Kind.RELAY_FOLLOW_UP)
        asked = f"{LEGS[1]}:{FOUR_WEEKS}"
        yield from self._named("relay_follow_up_closed", self._presses("relay.follow_up", f"{LEGS[1]}:12", who=anna))
        answer = self._form("relay.follow_up", asked, who=anna)
        yield "modal", "relay_follow_up_form", answer
        yield "modal", "relay_follow_up_refused", self._refused(answer, {"said": ""}, who=anna)
        said = {"said": "under_way", "text": self.words_of_relay["afterwards"]}
        yield "modal", "relay_follow_up_kept", self._sends(answer, said, who=anna)
        yield from self._named("relay_board_afterwards", self._presses("relay.open", 1))
        yield from self._is_over()
