"""Slack without our limits, for tests that are about something else."""

from datetime import datetime

from bot.pacing import LONGEST_WAIT_SECONDS


class Unpaced:
    """Nobody waits."""

    async def wait_for(
        self, workspace: str, method: str, *, channel: str | None = None, within_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        return

    async def pause(self, workspace: str, method: str, *, until: datetime) -> None:
        return
