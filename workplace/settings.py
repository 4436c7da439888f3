"""How one workplace is run: where, with which secrets, and from what moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workplace.municipality import ALVSUNDA
from workplace.seed import Seed

BOT_TOKEN = "xoxb-alvsunda-knuff"  # noqa: S105 - opens nothing but the pretend workplace
APP_TOKEN = "xapp-1-A0KNUFF-alvsunda"  # noqa: S105 - the same
SIGNING_SECRET = "alvsunda-signing-secret"  # noqa: S105 - the same


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """What the workplace and the bot both know. The bot's own environment names are read, so one set serves both."""

    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    signing_secret: str = SIGNING_SECRET

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Secrets":
        return cls(
            bot_token=environment.get("KNUFF_SLACK_BOT_TOKEN") or BOT_TOKEN,
            app_token=environment.get("KNUFF_SLACK_APP_TOKEN") or APP_TOKEN,
            signing_secret=environment.get("KNUFF_SLACK_SIGNING_SECRET") or SIGNING_SECRET,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """`port` 0 takes any free port. `limits` off lets the bot call as fast as it can."""

    port: int = 8000
    request_url: str = "http://127.0.0.1:3000/slack/events"
    secrets: Secrets = field(default_factory=Secrets)
    seed: Seed = ALVSUNDA
    clock_start: datetime | None = None
    limits: bool = True
    chance: int = 1
