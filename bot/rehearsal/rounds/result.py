"""What a rehearsal of a challenge showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.rehearsal.checking import Findings
from bot.rehearsal.rounds.chain import RelayFindings
from bot.rehearsal.rounds.judging import RoundFindings
from storage.tables.deliveries import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundsResult:
    challenge: str
    platforms: tuple[str, ...]
    start: date
    seed: int
    teams: int
    people: int
    in_cohort: int
    """How many of them get an exercise a day beside it."""
    outages: tuple[tuple[datetime, datetime], ...]
    endings: Mapping[str, int]
    """How many rounds ended in which way; "none": those without an ending."""
    handed_in: int
    """Texts that were taken."""
    promised: int
    delivered: int
    explained: Mapping[str, int]
    messages: int
    """That we started: to people and in channels."""
    in_channels: int
    replies: int
    unsettled: int
    never_arrived: int
    unbalanced_nights: int
    findings: Findings
    """Of everything that somebody got alone: exercises and all."""
    round_findings: RoundFindings
    relay_findings: RelayFindings | None
    """None where nothing is handed on."""
    refused_forms: Mapping[str, int]
    wall_seconds: float

    @property
    def rounds(self) -> int:
        return sum(self.endings.values())

    @property
    def chain_complete(self) -> bool | None:
        """Whether each leg of each relay got what the one before it left; None where nothing is handed on."""
        return None if self.relay_findings is None else not self.relay_findings.broken

    @property
    def opened_early(self) -> tuple[str, ...]:
        of_relays = self.relay_findings.opened_early if self.relay_findings is not None else ()
        return (*self.round_findings.opened_early, *of_relays)

    @property
    def seen_elsewhere(self) -> tuple[str, ...]:
        of_relays = self.relay_findings.seen_elsewhere if self.relay_findings is not None else ()
        return (*self.round_findings.seen_elsewhere, *of_relays)

    @property
    def duplicates(self) -> tuple[str, ...]:
        return (*self.findings.duplicates, *self.round_findings.duplicates)

    @property
    def outside_hours(self) -> tuple[str, ...]:
        return (*self.findings.outside_hours, *self.round_findings.outside_hours)

    @property
    def lost(self) -> int:
        told = len(self.findings.lost) + len(self.round_findings.lost)
        return self.unsettled + self.never_arrived + told

    @property
    def is_balanced(self) -> bool:
        return self.promised == self.delivered + sum(self.explained.values())

    @property
    def wrong(self) -> Mapping[str, tuple[str, ...]]:
        """Return everything that was not as promised, by what it is called here."""
        found = {
            **self.round_findings.every,
            "opened_early": self.opened_early,
            "seen_elsewhere": self.seen_elsewhere,
            "duplicates": self.duplicates,
            "outside_hours": self.outside_hours,
            "lost": (*self.findings.lost, *self.round_findings.lost),
            "broken": self.relay_findings.broken if self.relay_findings is not None else (),
            "refused": (f"{refused} messages",) if (refused := self.explained.get(Reason.REFUSED, 0)) else (),
        }
        return {name: some for name, some in found.items() if some}

    @property
    def is_kept(self) -> bool:
        """Whether every round ended in a named way, nobody heard of two things a day, nothing was seen before its
        hour, and everything promised was received or explained."""
        return self.is_balanced and not (self.wrong or self.lost or self.unbalanced_nights)

    def as_json(self) -> dict[str, Any]:
        found, of_relay = self.round_findings, self.relay_findings
        chain = {"chain_complete": self.chain_complete, "batons": of_relay.handed_over} if of_relay is not None else {}
        return {
            "challenge": self.challenge,
            "platforms": list(self.platforms),
            "start": self.start.isoformat(),
            "seed": self.seed,
            "teams": self.teams,
            "people": self.people,
            "in_cohort": self.in_cohort,
            "outages": [[since.isoformat(), until.isoformat()] for since, until in self.outages],
            "rounds": self.rounds,
            "endings": dict(self.endings),
            "prompts_over_one_a_day": len(found.prompts_over_one_a_day),
            "opened_early": len(self.opened_early),
            **chain,
            "seen_elsewhere": len(self.seen_elsewhere),
            "endings_told_wrong": len(found.endings),
            "handed_in": self.handed_in,
            "promised": self.promised,
            "delivered": self.delivered,
            "explained": dict(self.explained),
            "messages": self.messages,
            "in_channels": self.in_channels,
            "replies": self.replies,
            "duplicates": len(self.duplicates),
            "lost": self.lost,
            "outside_hours": len(self.outside_hours),
            "unbalanced_nights": self.unbalanced_nights,
            "refused_forms": dict(self.refused_forms),
            "wall_seconds": round(self.wall_seconds, 3),
        }
