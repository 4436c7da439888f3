"""The workplace while it runs: the clock, the news for the page, and the half that is Slack."""

import aiohttp
from aiohttp import web

from workplace.clock import Clock
from workplace.seed import Seed
from workplace.settings import Settings
from workplace.slack.acts.scene import Scene
from workplace.slack.changes import Changes
from workplace.slack.half import SlackHalf, build


class Running:
    """Everything the HTTP routes need. `slack` is replaced as a whole when the workplace starts over."""

    def __init__(self, settings: Settings, *, session: aiohttp.ClientSession) -> None:
        self.settings = settings
        self.clock = Clock(start=settings.clock_start, zone=settings.seed.team.zone_info)
        self.changes = Changes()
        self._session = session
        self.slack = self._fresh(settings.seed)

    def scene(self, request: web.Request) -> Scene:
        """Return where people act, for the address this request came to."""
        return Scene(
            workspace=self.slack.workspace, deliveries=self.slack.deliveries, base_url=f"http://{request.host}"
        )

    async def start_over(self, seed: Seed) -> None:
        """Forget everything and begin with `seed`; the clock goes on, and so does the address of the bot."""
        before = self.slack
        await before.stop()
        self.slack = self._fresh(seed)
        self.slack.http.url = before.http.url
        self.changes.happened()

    def _fresh(self, seed: Seed) -> SlackHalf:
        return build(self.settings, seed, clock=self.clock, changes=self.changes, session=self._session)


RUNNING = web.AppKey("running", Running)
