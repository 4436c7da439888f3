"""What a workplace starts with. A seed is plain JSON, so a test can begin with any population."""

from functools import cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


@cache
def _zones() -> set[str]:
    """Return every IANA name; asking the disk for them takes milliseconds, and a seed asks for each person."""
    return available_timezones()


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"{name!r} is no IANA time zone")
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SeedTeam(_Strict):
    id: str = "T0ALVSUNDA"
    name: str = "Älvsunda kommun"
    domain: str = "alvsunda"
    zone: ZoneName = "Europe/Stockholm"

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class SeedApp(_Strict):
    """The bot's own identity. `scopes: null` grants every scope."""

    app_id: str = "A0KNUFF"
    bot_id: str = "B0KNUFF"
    bot_user_id: str = "U0KNUFFBOT"
    name: str = "Knuff"
    scopes: tuple[str, ...] | None = None
    home_tab_enabled: bool = True


class SeedPerson(_Strict):
    id: str = Field(pattern=r"^[UW][A-Z0-9]{2,}$")
    name: str
    real_name: str
    title: str = ""
    unit: str = ""
    """Where they work; the page folds the people of a unit together."""
    tz: ZoneName = "Europe/Stockholm"
    locale: str = "sv-SE"
    is_bot: bool = False
    deleted: bool = False


class SeedChannel(_Strict):
    id: str = Field(pattern=r"^C[A-Z0-9]{2,}$")
    name: str
    topic: str = ""
    members: tuple[str, ...] = ()
    bot_is_member: bool = True


class SeedGroup(_Strict):
    id: str = Field(pattern=r"^S[A-Z0-9]{2,}$")
    handle: str
    name: str
    members: tuple[str, ...] = ()


class SeedTeamsPerson(_Strict):
    """Somebody in Teams, by Entra object id. `disabled`: an administrator has taken the app from them."""

    id: str = Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
    name: str
    title: str = ""
    tz: ZoneName = "Europe/Stockholm"
    locale: str = "sv-SE"
    installed: bool = True
    blocked: bool = False
    disabled: bool = False


class SeedTeamsChannel(_Strict):
    id: str = Field(pattern=r"^19:[A-Za-z0-9_-]+@thread\.tacv2$")
    name: str


class SeedTeamsTeam(_Strict):
    """A team has its id from its General channel, which is not among `channels`."""

    id: str = Field(pattern=r"^19:[A-Za-z0-9_-]+@thread\.tacv2$")
    name: str
    group_id: str = "00000000-0000-4000-8000-000000000000"
    members: tuple[str, ...] = ()
    channels: tuple[SeedTeamsChannel, ...] = ()
    installed: bool = False


class SeedTeams(_Strict):
    """The half of the workplace that is in Teams."""

    people: tuple[SeedTeamsPerson, ...] = ()
    teams: tuple[SeedTeamsTeam, ...] = ()


class Seed(_Strict):
    team: SeedTeam = SeedTeam()
    app: SeedApp = SeedApp()
    people: tuple[SeedPerson, ...] = ()
    channels: tuple[SeedChannel, ...] = ()
    groups: tuple[SeedGroup, ...] = ()
    teams: SeedTeams = SeedTeams()

    @model_validator(mode="after")
    def _everyone_is_somebody(self) -> Self:
        slack = {c.id: c.members for c in self.channels} | {g.id: g.members for g in self.groups}
        _check_members([person.id for person in self.people], slack)
        _check_members([person.id for person in self.teams.people], {t.id: t.members for t in self.teams.teams})
        return self


def _check_members(ids: list[str], members: dict[str, tuple[str, ...]]) -> None:
    known = set(ids)
    if len(known) != len(ids):
        raise ValueError("two people share an id")
    for group_id, ids_in_group in members.items():
        if strangers := set(ids_in_group) - known:
            raise ValueError(f"{group_id} has members nobody knows: {', '.join(sorted(strangers))}")
