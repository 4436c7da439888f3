"""What we want of the figures, as issues 2 to 6 say it: by name, with the sentence for the table."""

from dataclasses import dataclass

from bench.figures import Figure


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """Exactly one of the four bounds is set; bounds are inclusive."""

    ratio_at_least: float | None = None
    ratio_at_most: float | None = None
    value_at_least: float | None = None
    value_at_most: float | None = None

    def is_met_by(self, figure: Figure) -> bool:
        ratio = figure.ratio
        if self.ratio_at_least is not None:
            return ratio is not None and ratio >= self.ratio_at_least
        if self.ratio_at_most is not None:
            return ratio is not None and ratio <= self.ratio_at_most
        if self.value_at_least is not None:
            return figure.value >= self.value_at_least
        return self.value_at_most is not None and figure.value <= self.value_at_most

    def in_words(self) -> str:
        for bound, words in (
            (self.ratio_at_least, "ratio ≥ {}"),
            (self.ratio_at_most, "ratio ≤ {}"),
            (self.value_at_least, "≥ {}"),
            (self.value_at_most, "≤ {}"),
        ):
            if bound is not None:
                return words.format(f"{bound:g}")
        raise ValueError("a goal without a bound")


GOALS = {
    "inbound.acknowledged": Goal(ratio_at_least=1.0),
    "inbound.handled": Goal(ratio_at_least=1.0),
    "inbound.one_connection_p50": Goal(value_at_most=5),
    "inbound.open_loop_500_p99": Goal(value_at_most=25),
    "inbound.acknowledged_postgresql": Goal(ratio_at_least=1.0),
    "inbound.burst_late": Goal(value_at_most=0),
    "inbound.burst_longest_ms": Goal(value_at_most=3000),
    "planning.hundred_thousand_due": Goal(ratio_at_most=3),
    "planning.thousand_due_of_a_million": Goal(ratio_at_most=1.3),
    "planning.two_hundred_workspaces": Goal(ratio_at_most=3),
    "planning.two_hundred_workspaces_postgresql": Goal(ratio_at_most=3),
    "planning.memory": Goal(ratio_at_most=1.1),
    "planning.memory_postgresql": Goal(ratio_at_most=1.1),
    "rounds.thousand_in_a_tick": Goal(ratio_at_most=3),
    "rounds.thousand_in_a_tick_postgresql": Goal(ratio_at_most=3),
    "engine.one_process": Goal(ratio_at_least=0.5),
    "engine.one_process_postgresql": Goal(ratio_at_least=0.5),
    "engine.two_processes": Goal(ratio_at_least=1.4),
    "engine.four_processes": Goal(ratio_at_least=1.0),
    "engine.slowest_of_a_hundred": Goal(ratio_at_least=0.9),
    "engine.takeover_when_killed": Goal(ratio_at_most=1.5),
    "engine.takeover_when_stopped": Goal(value_at_most=1),
    "naive.not_sent": Goal(value_at_most=0),
    "outbound.permitted_60_a_minute": Goal(ratio_at_least=0.98),
    "outbound.permitted_600_a_minute": Goal(ratio_at_least=0.98),
    "outbound.refused_for_rate": Goal(value_at_most=0),
    "outbound.against_mark_and_settle": Goal(ratio_at_least=0.5),
    "teams.send_alone": Goal(ratio_at_least=6),
    "teams.permitted_50_a_second": Goal(ratio_at_least=0.98),
    "teams.refused_for_rate": Goal(value_at_most=0),
    "teams.inbound_acknowledged": Goal(ratio_at_least=10),
    "teams.inbound_handled": Goal(ratio_at_least=10),
    "teams.event_loop_held": Goal(value_at_most=50),
    "rehearsal.deliveries": Goal(value_at_least=1000),
    "starting.help": Goal(value_at_most=0.5),
    "starting.idle_memory": Goal(value_at_most=150),
    "fika.alone": Goal(value_at_most=0),
    "fika.repeats": Goal(value_at_most=0),
    "fika.same_unit": Goal(ratio_at_most=0.99),
    "fika.slowest_round": Goal(value_at_most=10),
    "fika.repeats_of_thirty": Goal(ratio_at_most=0.99),
    "fika.alone_of_thirty": Goal(value_at_most=0),
    "recall.review": Goal(ratio_at_most=1.5),
    "library.load": Goal(value_at_most=0.3),
    "library.check": Goal(value_at_most=2),
}
