"""The workplace while it runs: the clock, the news for the page, and its two halves, Slack and Teams."""

import aiohttp
from aiohttp import web

from workplace.changes import Changes
from workplace.clock import Clock
from workplace.seed import Seed
from workplace.settings import Settings
from workplace.slack.acts.scene import Scene
from workplace.slack.half import SlackHalf
from workplace.slack.half import build as build_slack
from workplace.teams.acts.scene import Scene as TeamsScene
from workplace.teams.half import TeamsHalf
from workplace.teams.half import build as build_teams
from workplace.teams.keys import Keys
from workplace.teams.tokens import Tokens


class Running:
    """Everything the HTTP routes need. `slack` and `teams` are replaced as a whole when the workplace starts over."""

    def __init__(self, settings: Settings, *, session: aiohttp.ClientSession) -> None:
        self.settings = settings
        self.clock = Clock(start=settings.clock_start, zone=settings.seed.team.zone_info)
        self.changes = Changes()
        self._session = session
        # Microsoft's, not the municipality's: they stay when it starts over.
        self._keys = Keys()
        self._tokens = Tokens(settings.secrets)
        self.slack = self._fresh_slack(settings.seed)
        self.teams = self._fresh_teams(settings.seed)

    def scene(self, request: web.Request) -> Scene:
        """Return where people act in Slack, for the address this request came to."""
        return Scene(
            workspace=self.slack.workspace, deliveries=self.slack.deliveries, base_url=f"http://{request.host}"
        )

    def teams_scene(self, request: web.Request) -> TeamsScene:
        """Return where people act in Teams, for the address this request came to."""
        return TeamsScene(
            tenant=self.teams.tenant,
            deliveries=self.teams.deliveries,
            service_url=f"http://{request.host}/teams/emea/",
        )

    async def start_over(self, seed: Seed) -> None:
        """Forget everything and begin with `seed`; the clock goes on, and so do the addresses of the bot."""
        await self.stop()
        slack_url, teams_url = self.slack.http.url, self.teams.http.url
        self.slack, self.teams = self._fresh_slack(seed), self._fresh_teams(seed)
        self.slack.http.url, self.teams.http.url = slack_url, teams_url
        self.changes.happened()

    async def stop(self) -> None:
        await self.slack.stop()
        await self.teams.stop()

    def _fresh_slack(self, seed: Seed) -> SlackHalf:
        return build_slack(self.settings, seed, clock=self.clock, changes=self.changes, session=self._session)

    def _fresh_teams(self, seed: Seed) -> TeamsHalf:
        return build_teams(
            self.settings,
            seed,
            clock=self.clock,
            changes=self.changes,
            session=self._session,
            keys=self._keys,
            tokens=self._tokens,
        )


RUNNING = web.AppKey("running", Running)
