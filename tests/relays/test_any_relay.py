"""Whatever happens to a relay in whatever order: the chain holds, no words are lost, each channel hears each thing
once, and it comes to its end."""

import os

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from tests.relays.relay_life import RelayLife

PLACES = st.integers(1, 6)
TO_A_TEAM = (
    "skip", "end_team", "shrink_team", "one_leaves", "has_no_days_left", "has_hardly_any_days",
    "stops_everything_and_ends", "channel_goes", "does_something_else", "promise_and_tell",
)  # fmt: skip


class AnyRelay(RuleBasedStateMachine):
    life: RelayLife

    @initialize(number=st.integers(3, 6))
    def a_relay_is_confirmed(self, number: int) -> None:
        self.life = RelayLife(number)

    @rule(times=st.integers(1, 6))
    def time_passes(self, times: int) -> None:
        for _ in range(times):
            self.life.until_something_is_due()

    @rule(by=st.integers(0, 2))
    def somebody_writes(self, by: int) -> None:
        self.life.write(by)

    @rule(by=st.lists(st.integers(0, 3), min_size=1, max_size=4))
    def some_approve(self, by: list[int]) -> None:
        self.life.approve(by)

    @rule()
    def a_team_gets_there(self) -> None:
        self.life.write(0)
        self.life.approve([0, 1, 2])
        self.life.hand_over()

    @rule(what=st.sampled_from(("hand_over", "pass_on", "acknowledge", "stop_round", "two_plan_at_once", "cut_short")))
    def something_is_done(self, what: str) -> None:
        getattr(self.life, what)()

    @rule(what=st.sampled_from(TO_A_TEAM), position=PLACES)
    def something_happens_to_a_team(self, what: str, position: int) -> None:
        getattr(self.life, what)(position)

    @rule(days=st.integers(1, 9))
    def knuff_is_down(self, days: int) -> None:
        self.life.was_down = True
        self.life.is_down(days)

    @rule(days=st.integers(0, 15))
    def a_closing_day_is_chosen(self, days: int) -> None:
        self.life.choose_closing_day(days)

    @rule(sure=st.integers(0, 9))
    def it_is_ended_early_now_and_then(self, sure: int) -> None:
        if sure == 9:
            self.life.end_early()

    @invariant()
    def the_chain_holds(self) -> None:
        if hasattr(self, "life"):
            self.life.check()

    def teardown(self) -> None:
        if hasattr(self, "life"):
            try:
                self.life.finish()
            finally:
                self.life.close()


RUNS, STEPS = (int(number) for number in os.environ.get("RELAYS", "20x25").split("x"))
"""RELAYS=2000x40 looks further, and for the shortest way to what it finds."""
PHASES = (Phase.generate, Phase.shrink) if "RELAYS" in os.environ else (Phase.generate,)


def test_every_relay_holds_together_and_ends() -> None:
    with capture_logs():
        run_state_machine_as_test(
            AnyRelay,
            settings=settings(max_examples=RUNS, stateful_step_count=STEPS, phases=PHASES, deadline=None),
        )
