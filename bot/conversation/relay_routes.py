"""What a coordinator's buttons and forms about relays lead to."""

from typing import Any

from bot.conversation import coordinating_relay_board, coordinating_relay_changes, coordinating_relays
from bot.conversation.coordinating import for_coordinators, refusal
from bot.conversation.coordinating_teams import for_teams
from bot.conversation.shows import Show
from bot.conversation.visiting import Handler, Routes, Visit
from storage.cohorts import DraftNotFound
from storage.relay_reading import LegNotFound
from storage.relays import RelayNotFound


def for_relays(handler: Handler) -> Handler:
    """Tell whoever reaches for a relay or a leg that is not there what to do."""

    def guarded(visit: Visit, event: Any) -> list[Show]:
        try:
            return handler(visit, event)
        except (RelayNotFound, LegNotFound):
            return refusal(visit, event, visit.words("relays.not_there"))
        except DraftNotFound:
            return refusal(visit, event, visit.words("relays.draft_gone"))

    return guarded


def _guarded(handlers: dict[str, Handler]) -> dict[str, Handler]:
    return {name: for_coordinators(for_teams(for_relays(handler))) for name, handler in handlers.items()}


ROUTES = Routes(
    presses=_guarded(
        {
            "relay.list": coordinating_relays.show_relays,
            "relay.new": coordinating_relays.ask_for_choices,
            "relay.open": coordinating_relay_board.show_relay,
            "relay.skip": coordinating_relay_board.skip,
            "relay.closing_day": coordinating_relay_board.ask_for_closing_day,
            "relay.move": coordinating_relay_changes.ask_where_to,
            "relay.end": coordinating_relay_board.end_early,
        }
    ),
    forms=_guarded(
        {
            "relay.new": coordinating_relays.preview,
            "relay.confirm": coordinating_relays.start,
            "relay.closing_day": coordinating_relay_board.choose_closing_day,
            "relay.move": coordinating_relay_changes.show_difference,
            "relay.change": coordinating_relay_changes.change,
        }
    ),
    commands={},
)
