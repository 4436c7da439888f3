"""A programme or a challenge rehearsed: the real planner, lanes and conversation on a virtual clock, with people on
paper.

`rehearse(…) -> Result` and `rehearse_challenge(…) -> RoundsResult`; `shown(result)` and `shown_rounds(result)` for the
screen.
"""

from bot.rehearsal.coordinator import CannotRehearse
from bot.rehearsal.log import LogExists, LogNotWritten
from bot.rehearsal.rehearsing import rehearse, rehearse_challenge
from bot.rehearsal.result import Result
from bot.rehearsal.rounds.result import RoundsResult
from bot.rehearsal.rounds.showing import shown_rounds
from bot.rehearsal.showing import shown

__all__ = [
    "CannotRehearse",
    "LogExists",
    "LogNotWritten",
    "Result",
    "RoundsResult",
    "rehearse",
    "rehearse_challenge",
    "shown",
    "shown_rounds",
]
