"""How one workplace is run: where, with which secrets, and from what moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workplace.municipality import ALVSUNDA
from workplace.seed import Seed

BOT_TOKEN = "xoxb-alvsunda-knuff"  # noqa: S105 - opens nothing but the pretend workplace
APP_TOKEN = "xapp-1-A0KNUFF-alvsunda"  # noqa: S105 - the same
SIGNING_SECRET = "alvsunda-signing-secret"  # noqa: S105 - the same

TEAMS_APP_ID = "a1b2c3d4-0000-4000-8000-000000000001"
TEAMS_APP_PASSWORD = "alvsunda-teams-password"  # noqa: S105 - the same
TEAMS_TENANT_ID = "7e57a1d0-0000-4000-8000-00000000a1d0"


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """What the workplace and the bot both know. The bot's own environment names are read, so one set serves both."""

    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    signing_secret: str = SIGNING_SECRET
    teams_app_id: str = TEAMS_APP_ID
    teams_app_password: str = TEAMS_APP_PASSWORD
    teams_tenant_id: str = TEAMS_TENANT_ID

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Secrets":
        return cls(
            bot_token=environment.get("KNUFF_SLACK_BOT_TOKEN") or BOT_TOKEN,
            app_token=environment.get("KNUFF_SLACK_APP_TOKEN") or APP_TOKEN,
            signing_secret=environment.get("KNUFF_SLACK_SIGNING_SECRET") or SIGNING_SECRET,
            teams_app_id=environment.get("KNUFF_TEAMS_APP_ID") or TEAMS_APP_ID,
            teams_app_password=environment.get("KNUFF_TEAMS_APP_PASSWORD") or TEAMS_APP_PASSWORD,
            teams_tenant_id=environment.get("KNUFF_TEAMS_TENANT_ID") or TEAMS_TENANT_ID,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """`port` 0 takes any free port. `limits` off lets the bot call as fast as it can."""

    port: int = 8000
    request_url: str = "http://127.0.0.1:3000/slack/events"
    teams_url: str = "http://127.0.0.1:3000/api/messages"
    secrets: Secrets = field(default_factory=Secrets)
    seed: Seed = ALVSUNDA
    clock_start: datetime | None = None
    limits: bool = True
    chance: int = 1
