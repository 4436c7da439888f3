"""What differs between the platforms when Knuff is killed while it sends: where it sends, and what goes wrong there."""

from dataclasses import dataclass

from tests.journeys.hands import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    name: str
    workspace: str
    coordinator: str
    control: str
    """Where the workplace's half of it is looked at and arranged."""
    population: str
    """What its people are called where they are generated."""
    post: str
    """The call that shows somebody a message."""
    misbehaviour: tuple[Json, ...]
    tells_nothing: frozenset[str]
    """Faults after which nobody can know whether the message arrived, where Knuff cannot ask; empty where it can."""
    no_limits: dict[str, str]
    channel_limit: str
    """The setting for one chat; 0: no limit."""

    @property
    def can_be_asked(self) -> bool:
        return not self.tells_nothing


SLACK = Platform(
    name="slack",
    workspace="T0ALVSUNDA",
    coordinator="U03AMINA",
    control="/_control",
    population="people",
    post="chat.postMessage",
    misbehaviour=(
        {"method": "chat.postMessage", "kind": "error500_after_accept", "probability": 0.05},
        {"method": "chat.postMessage", "kind": "drop_after_accept", "probability": 0.05},
        {"method": "chat.postMessage", "kind": "drop_before", "probability": 0.02},
        {"method": "chat.postMessage", "kind": "internal_error", "probability": 0.01},
        {"method": "chat.postMessage", "kind": "non_json_after_accept", "probability": 0.01},
        {"method": "chat.postMessage", "kind": "slow", "probability": 0.01, "seconds": 0.3},
        {"method": "chat.postMessage", "kind": "ratelimit", "probability": 0.005, "seconds": 1},
        {"method": "conversations.history", "kind": "error500", "probability": 0.05},
        {"method": "conversations.history", "kind": "drop_before", "probability": 0.05},
    ),
    tells_nothing=frozenset(),
    no_limits={"posts_per_minute": "0", "searches_per_minute": "0", "slack_tier3_per_minute": "0"},
    channel_limit="channel_posts_per_second",
)
"""One message in seven or so is in doubt, and so is one look in ten."""

_POST = "POST conversations/activities"
_BROKEN = ("error500", "error502", "error503", "error504", "drop", "non_json")
_BEFORE = {"drop": "drop_before"}
TEAMS = Platform(
    name="teams",
    workspace="7e57a1d0-0000-4000-8000-00000000a1d0",
    coordinator="0a000001-0000-4000-8000-000000000001",
    control="/_control/teams",
    population="teams_people",
    post=_POST,
    misbehaviour=(
        *({"method": _POST, "kind": f"{kind}_after_accept", "probability": 0.006} for kind in _BROKEN),
        *({"method": _POST, "kind": _BEFORE.get(kind, kind), "probability": 0.003} for kind in _BROKEN),
        {"method": _POST, "kind": "slow", "probability": 0.01, "seconds": 0.3},
        {"method": _POST, "kind": "slow_after_accept", "probability": 0.01, "seconds": 0.3},
        {"method": _POST, "kind": "ratelimit", "probability": 0.005, "seconds": 1},
        {"method": _POST, "kind": "precondition", "probability": 0.01},
        {"method": _POST, "kind": "expired_token", "probability": 0.003},
        {"method": "POST conversations", "kind": "error502", "probability": 0.01},
        {"method": "POST conversations", "kind": "drop_after_accept", "probability": 0.01},
        {"method": "POST conversations", "kind": "precondition", "probability": 0.01},
    ),
    tells_nothing=frozenset([*(f"{kind}_after_accept" for kind in _BROKEN), *(_BEFORE.get(k, k) for k in _BROKEN)]),
    no_limits={"teams_requests_per_second": "0"},
    channel_limit="teams_channel_posts_per_second",
)
"""One message in twenty is in doubt, and stays so."""
