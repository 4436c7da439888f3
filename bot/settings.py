"""What an operator decides, read once from the environment. A missing or wrong value stops the start and names
itself."""

import hashlib
import os
import re
from collections.abc import Mapping
from importlib.metadata import version
from ipaddress import ip_address
from math import ceil, floor
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SLACK_API = "https://slack.com/api/"
TEAMS_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TEAMS_TOKEN = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105 - where tokens are had
TEAMS_SERVICE = "https://smba.trafficmanager.net/teams/"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LEAST_URLLIB3 = 2
SHORTEST_TOKEN = 32
LONGEST_CALL_SECONDS = 10
"""To Slack, where alone anything is sent a second time."""


class Settings(BaseSettings):
    """Every field is an environment variable with the prefix KNUFF_; its description is what `knuff doctor` and the
    docs show."""

    model_config = SettingsConfigDict(env_prefix="KNUFF_", frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        default="sqlite:///knuff.db",
        description="The database: sqlite:///file.db, or postgresql://… for several processes.",
    )
    organisation: str = Field(
        default="", description="The organisation's name, as people know it; shown in the welcome."
    )
    contact: str = Field(default="", description="Whom people ask about Knuff, as shown in the welcome.")
    coordinators: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="The first coordinators, with commas between: Slack user ids, and object ids (Entra) for Teams.",
    )
    saves_text: bool = Field(
        default=True,
        description="What people write is saved for them from the beginning; false: only once they choose it.",
    )
    content_path: Path | None = Field(default=None, description="A folder with lessons and programmes of your own.")

    slack_bot_token: SecretStr | None = Field(default=None, description="The bot token of the Slack app (xoxb-…).")
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="The signing secret of the Slack app; needed unless Socket Mode is used."
    )
    slack_app_token: SecretStr | None = Field(
        default=None, description="The app token (xapp-…): given, Knuff listens over Socket Mode too."
    )
    slack_api_url: str = Field(default=SLACK_API, description="Where Slack's Web API is; another one only for trials.")
    slack_audiences: bool = Field(
        default=False, description="Coordinators may pick people by user group or channel (needs three more scopes)."
    )

    teams_app_id: str | None = Field(
        default=None, description="The Teams bot's app id (Azure: the bot, Configuration, Microsoft App ID)."
    )
    teams_app_password: SecretStr | None = Field(default=None, description="The client secret of the Teams app.")
    teams_tenant_id: str | None = Field(
        default=None, description="The organisation's tenant id (Entra: Overview); nobody else's tenant is listened to."
    )
    teams_openid_url: str = Field(
        default=TEAMS_OPENID, description="Where Teams' signing keys are told; another one only for trials."
    )
    teams_token_url: str = Field(
        default=TEAMS_TOKEN, description="Where tokens for Teams are had; another one only for trials."
    )
    teams_service_url: str = Field(
        default=TEAMS_SERVICE, description="Where Teams is called before it has told us where."
    )

    sends: bool = Field(
        default=True, description="Whether `knuff serve` sends too; false: `knuff worker` processes do (PostgreSQL)."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=3000, ge=0, le=65535, description="The port to listen on.")
    page_address: str | None = Field(
        default=None, description="Where people reach our own page, such as https://knuff.example.se; none: no links."
    )

    operator_token: SecretStr | None = Field(
        default=None,
        description="The password of the operator's page at /operator, at least 32 signs; none: no such page.",
    )

    posts_per_minute: int = Field(
        default=60,
        ge=0,
        description="Messages a minute in one Slack workspace (Slack publishes no figure); 0: no limit.",
    )
    channel_posts_per_second: float = Field(
        default=1,
        ge=0,
        description="Messages a second in one channel or personal chat of Slack, as it documents; 0: no limit.",
    )
    searches_per_minute: int = Field(
        default=50,
        ge=0,
        description="Searches a minute for messages whose outcome is unknown (Slack's tier 3); 0: no limit.",
    )
    slack_tier2_per_minute: int = Field(
        default=20,
        ge=0,
        description="Calls a minute of each method of Slack's tier 2 (lists of people, groups); 0: no limit.",
    )
    slack_tier3_per_minute: int = Field(
        default=50,
        ge=0,
        description="Calls a minute of each method of Slack's tier 3 (messages shown anew); 0: no limit.",
    )
    slack_tier4_per_minute: int = Field(
        default=100,
        ge=0,
        description="Calls a minute of each method of Slack's tier 4 (forms, Home, profiles); 0: no limit.",
    )
    teams_requests_per_second: float = Field(
        default=50,
        ge=0,
        description="Calls a second to Teams for the whole tenant, as Microsoft documents; 0: no limit.",
    )
    teams_channel_posts_per_second: float = Field(
        default=1,
        ge=0,
        description="Messages a second in one chat of Teams (Microsoft allows 7, and 1,800 an hour); 0: no limit.",
    )
    clock_url: str | None = Field(
        default=None, description="A clock to follow, for trials on this machine only (the pretend workplace has one)."
    )
    lease_seconds: float = Field(default=30.0, gt=0, description="How long a process keeps a workspace's lane.")
    reconcile_seconds: float = Field(
        default=60.0,
        gt=0,
        description="How long an ambiguous message waits before Slack is asked for it, each time; in Teams, before"
        " it is explained. At least five twelfths of the lease and five seconds.",
    )

    @field_validator("coordinators", mode="before")
    @classmethod
    def _with_commas(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = filter(None, (part.strip() for part in value.split(",")))
        return frozenset(one.lower() if GUID.fullmatch(one) else one for one in ids)  # Entra writes them both ways

    @field_validator("page_address", "clock_url", "slack_api_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("must be an address that begins with http:// or https://")
        return value

    @field_validator("reconcile_seconds")
    @classmethod
    def _long_enough_for_the_lease(cls, value: float, info: ValidationInfo) -> float:
        """Whoever lost the lane may still begin a call, for up to a third of a lease (so old may its renewal be) and
        half of one (so far may clocks differ), and then the call itself takes its time. The second search comes after
        that. In a trial nobody waits for it: there a call to the pretend workplace takes no time."""
        lease = info.data.get("lease_seconds")  # none: it is no number, which is said first
        in_trial = is_loopback(info.data.get("clock_url") or "")
        if lease is None or in_trial or 2 * value >= lease * 5 / 6 + LONGEST_CALL_SECONDS:
            return value
        enough, most = (lease * 5 / 6 + LONGEST_CALL_SECONDS) / 2, (2 * value - LONGEST_CALL_SECONDS) * 6 / 5
        shorter = f", or KNUFF_LEASE_SECONDS to {floor(most * 10) / 10:g} or less" if most >= 1 else ""
        raise ValueError(
            f"is too short for KNUFF_LEASE_SECONDS, which is {lease:g}: twice as long must be at least five sixths of"
            f" that and {LONGEST_CALL_SECONDS:g} seconds for a call, or Slack may be asked too soon and a message sent"
            f" twice. Set it to {ceil(enough * 10) / 10:g} or more{shorter}"
        )

    @field_validator("operator_token")
    @classmethod
    def _not_to_be_guessed(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have at least {SHORTEST_TOKEN} signs, as `openssl rand -hex 32` makes them")
        return value

    @field_validator("teams_openid_url", "teams_token_url", "teams_service_url")
    @classmethod
    def _a_safe_address(cls, value: str) -> str:
        """Our password and tokens go there, and whom we believe comes from there."""
        parts = urlsplit(value)
        if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(value))):
            raise ValueError("must be an address that begins with https://")
        return value

    @field_validator("teams_app_id", "teams_tenant_id")
    @classmethod
    def _an_id(cls, value: str | None) -> str | None:
        if value is not None and not GUID.fullmatch(value.strip()):
            raise ValueError("must be an id like 3fa85f64-5717-4562-b3fc-2c963f66afa6")
        return value.strip().lower() if value is not None else None

    @field_validator("database_url")
    @classmethod
    def _a_database_of_ours(cls, value: str) -> str:
        kind, _, rest = value.partition(":")
        match kind.partition("+")[0]:
            case "sqlite" if rest.strip("/") in ("", ":memory:"):
                raise ValueError("everything would be gone at the next start; name a file, as in sqlite:///knuff.db")
            case "sqlite" | "postgresql" | "postgres":
                return value
            case other:  # not the address itself: there may be a password in it
                what = f"{other} is no database Knuff can use" if rest else "this is no address of a database"
                raise ValueError(f"{what}; it must look like sqlite:///knuff.db or postgresql://user@host/name")

    @property
    def slack_tiers(self) -> dict[int, int]:
        return {2: self.slack_tier2_per_minute, 3: self.slack_tier3_per_minute, 4: self.slack_tier4_per_minute}

    @property
    def is_shared(self) -> bool:
        """Whether several processes can share the database."""
        return not self.database_url.startswith("sqlite")

    @property
    def has_slack(self) -> bool:
        """Whether anything of Slack's is set, so that the rest must be."""
        return any((self.slack_bot_token, self.slack_signing_secret, self.slack_app_token))

    @property
    def has_teams(self) -> bool:
        return any((self.teams_app_id, self.teams_app_password, self.teams_tenant_id))

    @property
    def own_secret(self) -> bytes:
        """What all processes with these settings know, and the database does not. Another once a
        platform gives us another token or password."""
        given = (self.slack_bot_token, self.teams_app_password)  # what every process has that sends or listens
        both = "\0".join(one.get_secret_value() if one is not None else "" for one in given)
        return hashlib.sha256(b"knuff\0" + both.encode()).digest()

    @property
    def platform_addresses(self) -> tuple[str, ...]:
        teams = (self.teams_openid_url, self.teams_token_url, self.teams_service_url)
        return (
            *((self.slack_api_url,) if self.has_slack or not self.has_teams else ()),
            *(teams if self.has_teams else ()),
        )


class SettingsFault(Exception):
    """Knuff cannot start with these settings; the text says which one and what to do, in one sentence."""


def read_settings() -> Settings:
    """Read the environment. Raises SettingsFault for a value that is none."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"KNUFF_{first['loc'][0]}".upper() if first["loc"] else "KNUFF_…"
        raise SettingsFault(f"{name} cannot be used: {first['msg'].removeprefix('Value error, ')}.") from None


def require_platforms(settings: Settings) -> None:
    """Raise SettingsFault unless there is a platform, and everything that each one needs."""
    if not settings.has_slack and not settings.has_teams:
        raise SettingsFault(
            "KNUFF_SLACK_BOT_TOKEN is missing, and so is KNUFF_TEAMS_APP_ID: set what Slack, Teams or both of them need"
            " (docs/running.md)."
        )
    if settings.has_slack:
        require_slack(settings)
    if settings.has_teams:
        require_teams(settings)


def require_slack(settings: Settings) -> None:
    """Raise SettingsFault unless Slack's secrets are there."""
    if settings.slack_bot_token is None:
        raise SettingsFault("KNUFF_SLACK_BOT_TOKEN is missing: set it to the bot token of your Slack app (xoxb-…).")
    if settings.slack_signing_secret is None and settings.slack_app_token is None:
        raise SettingsFault(
            "KNUFF_SLACK_SIGNING_SECRET is missing: set it to the signing secret of your Slack app,"
            " or set KNUFF_SLACK_APP_TOKEN to use Socket Mode."
        )


def require_teams(settings: Settings) -> None:
    """Raise SettingsFault unless Teams' id, password and tenant are there, and what we call it with is no old one."""
    if settings.teams_app_id is None:
        raise SettingsFault("KNUFF_TEAMS_APP_ID is missing: set it to the Microsoft App ID of your bot in Azure.")
    if settings.teams_app_password is None:
        raise SettingsFault("KNUFF_TEAMS_APP_PASSWORD is missing: set it to a client secret of your app in Azure.")
    if settings.teams_tenant_id is None:
        raise SettingsFault(
            "KNUFF_TEAMS_TENANT_ID is missing: set it to the tenant id that Entra shows under Overview."
        )
    installed = version("urllib3")
    if int(installed.partition(".")[0]) < LEAST_URLLIB3:
        raise SettingsFault(
            f"urllib3 {installed} is installed, and what of botbuilder's goes through one that old may send a message"
            " twice: install urllib3 2."
        )


def require_sender(settings: Settings) -> None:
    """Raise SettingsFault when nobody could send."""
    if not settings.sends and not settings.is_shared:
        raise SettingsFault(
            "KNUFF_SENDS is false, and with SQLite nobody else can send: leave it out, or set KNUFF_DATABASE_URL to a"
            " PostgreSQL and start `knuff worker` beside."
        )


def require_shared_database(settings: Settings) -> None:
    """Raise SettingsFault unless several processes can share the database."""
    if not settings.is_shared:
        raise SettingsFault(
            "`knuff worker` needs PostgreSQL, which several processes can share; with SQLite `knuff serve` does all of"
            " it by itself. Set KNUFF_DATABASE_URL to postgresql://user@host/name, for both."
        )


def require_content_folder(settings: Settings) -> None:
    """Raise SettingsFault when the organisation's own content is said to be where no folder is."""
    path = settings.content_path
    if path is not None and not path.is_dir():
        what = "is a file" if path.exists() else "does not exist"
        raise SettingsFault(
            f"KNUFF_CONTENT_PATH names {path}, which {what}: name the folder that holds your lessons and programmes."
        )


def require_loopback(settings: Settings, *, for_what: str) -> None:
    """Raise SettingsFault unless every platform we would talk to is on this machine: nobody else's clock is ours to
    shift."""
    for address in (*settings.platform_addresses, *filter(None, [settings.clock_url])):
        if not is_loopback(address):
            raise SettingsFault(f"{for_what} is for trials on this machine only, and {address} is not on this machine.")


def is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def unknown_names(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the KNUFF_ variables that mean nothing to us: most often a slip of the keyboard."""
    known = {f"KNUFF_{name}".upper() for name in Settings.model_fields}
    return sorted(name for name in environment if name.startswith("KNUFF_") and name not in known)
