"""Which methods Slack counts in which tier (its method reference, November 2026). What a tier allows is a setting."""

from collections.abc import Mapping

TIER_OF = {
    "users.list": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "chat.update": 3,
    "conversations.open": 3,
    "views.open": 4,
    "views.update": 4,
    "views.publish": 4,
    "users.info": 4,
    "conversations.members": 4,
}
"""Posts and searches have settings of their own."""


def per_minute(tiers: Mapping[int, int]) -> dict[str, float]:
    """Return the calls a minute by method, given those by tier. A tier of 0 has no limit of ours."""
    return {method: tiers[tier] for method, tier in TIER_OF.items() if tiers[tier]}
