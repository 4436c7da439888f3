"""Who answers to what: the one place where every file of the conversation is named."""

from importlib import import_module
from importlib.util import find_spec

from bot.conversation import (
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
from bot.conversation.visiting import Routes, collect

COORDINATING = "bot.conversation.coordinating_routes"


def _coordinating() -> list[Routes]:
    return [import_module(COORDINATING).ROUTES] if find_spec(COORDINATING) else []


ROUTES = collect(
    [
        *(
            part.ROUTES
            for part in (
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
        ),
        *_coordinating(),
    ]
)
