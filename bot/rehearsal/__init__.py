"""A programme rehearsed: the real planner, lanes and conversation on a virtual clock, with people on paper.

`rehearse(…) -> Result`, and `shown(result)` for the screen.
"""

from bot.rehearsal.coordinator import CannotRehearse
from bot.rehearsal.log import LogExists, LogNotWritten
from bot.rehearsal.rehearsing import rehearse
from bot.rehearsal.result import Result
from bot.rehearsal.showing import shown

__all__ = ["CannotRehearse", "LogExists", "LogNotWritten", "Result", "rehearse", "shown"]
