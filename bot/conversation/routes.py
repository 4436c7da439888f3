"""Who answers to what: the one place where every file of the conversation is named."""

from bot.conversation import (
    coordinating_routes,
    follow_ups,
    home,
    library,
    my_data,
    nudges,
    own_page,
    pausing,
    plan_changes,
    plan_moments,
    plans,
    reasons,
    reflections,
    rhythm,
    thoughts,
    typed_buttons,
    typed_plans,
    typed_rhythm,
    welcome,
)
from bot.conversation.visiting import collect

PARTS = (
    coordinating_routes,
    follow_ups,
    home,
    library,
    my_data,
    nudges,
    own_page,
    pausing,
    plan_changes,
    plan_moments,
    plans,
    reasons,
    reflections,
    rhythm,
    thoughts,
    typed_buttons,
    typed_plans,
    typed_rhythm,
    welcome,
)
ROUTES = collect(part.ROUTES for part in PARTS)
