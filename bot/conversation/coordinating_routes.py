"""What a coordinator's buttons, forms and words lead to."""

from bot.conversation import (
    coordinating,
    coordinating_account,
    coordinating_changes,
    coordinating_people,
    coordinating_setup,
    coordinating_states,
    coordinating_versions,
    sessions_counting,
    sessions_list,
    sessions_moving,
)
from bot.conversation.coordinating import for_coordinators
from bot.conversation.visiting import Handler, Routes


def _guarded(handlers: dict[str, Handler]) -> dict[str, Handler]:
    return {name: for_coordinators(handler) for name, handler in handlers.items()}


ROUTES = Routes(
    presses=_guarded(
        {
            "cohort.home": coordinating.show_cohorts,
            "cohort.open": coordinating.show_cohort,
            "cohort.new": coordinating_setup.ask_for_outline,
            "cohort.account": coordinating_account.show_account,
            "cohort.edit": coordinating_changes.ask_for_changes,
            "cohort.add": coordinating_people.ask_whom_to_add,
            "cohort.remove": coordinating_people.ask_whom_to_remove,
            "cohort.colleague": coordinating_people.ask_for_colleague,
            "cohort.test": coordinating_states.ask_which_lesson,
            "cohort.version": coordinating_versions.ask_when,
            "cohort.pause": coordinating_states.pause,
            "cohort.resume": coordinating_states.resume,
            "cohort.end": coordinating_states.end,
            "session.list": sessions_list.show_sessions,
            "session.move": sessions_moving.ask_where_to,
            "session.count": sessions_counting.ask_how_many,
        }
    ),
    forms=_guarded(
        {
            "cohort.new": coordinating_setup.ask_for_choices,
            "cohort.plan": coordinating_setup.preview,
            "cohort.confirm": coordinating_setup.start,
            "cohort.edit": coordinating_changes.show_difference,
            "cohort.change": coordinating_changes.change,
            "cohort.add": coordinating_people.preview_adding,
            "cohort.add_confirm": coordinating_people.add,
            "cohort.remove": coordinating_people.remove,
            "cohort.colleague": coordinating_people.add_colleague,
            "cohort.test": coordinating_states.send_test,
            "cohort.version": coordinating_versions.show_difference,
            "cohort.version_confirm": coordinating_versions.move,
            "session.move": sessions_moving.show_difference,
            "session.change": sessions_moving.change,
            "session.count": sessions_counting.keep_count,
        }
    ),
    commands=_guarded({"cohorts": coordinating.say_cohorts, "new_cohort": coordinating_setup.say_programmes}),
)
