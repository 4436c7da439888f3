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
    plans,
    reasons,
    reflections,
    rhythm,
    thoughts,
    typed_buttons,
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
    plans,
    reasons,
    reflections,
    rhythm,
    thoughts,
    typed_buttons,
    welcome,
)
ROUTES = collect(part.ROUTES for part in PARTS)
