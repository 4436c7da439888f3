"""What a coordinator's buttons and forms about teams lead to."""

from bot.conversation import (
    coordinating_round_changes,
    coordinating_rounds,
    coordinating_team_changes,
    coordinating_teams,
)
from bot.conversation.coordinating import for_coordinators
from bot.conversation.coordinating_teams import for_teams
from bot.conversation.visiting import Handler, Routes


def _guarded(handlers: dict[str, Handler]) -> dict[str, Handler]:
    return {name: for_coordinators(for_teams(handler)) for name, handler in handlers.items()}


ROUTES = Routes(
    presses=_guarded(
        {
            "team.list": coordinating_teams.show_teams,
            "team.open": coordinating_teams.show_team,
            "team.new": coordinating_teams.ask_for_choices,
            "team.add": coordinating_teams.ask_whom_to_add,
            "team.remove": coordinating_teams.ask_whom_to_remove,
            "team.end": coordinating_teams.end,
            "round.new": coordinating_rounds.ask_for_choices,
            "round.open": coordinating_rounds.show_round,
            "round.end": coordinating_rounds.end_early,
            "round.move": coordinating_round_changes.ask_where_to,
            "round.extend": coordinating_round_changes.ask_for_more_time,
            "team.edit": coordinating_team_changes.ask_for_changes,
        }
    ),
    forms=_guarded(
        {
            "team.new": coordinating_teams.make,
            "team.add": coordinating_teams.add,
            "team.remove": coordinating_teams.remove,
            "round.new": coordinating_rounds.ask_for_days,
            "round.plan": coordinating_rounds.preview,
            "round.confirm": coordinating_rounds.start,
            "round.move": coordinating_round_changes.show_move,
            "round.extend": coordinating_round_changes.show_extension,
            "round.change": coordinating_round_changes.change,
            "team.edit": coordinating_team_changes.show_difference,
            "team.change": coordinating_team_changes.change,
        }
    ),
    commands={},
    in_channels=frozenset({"team.new"}),
)
