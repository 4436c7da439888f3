"""What a coordinator meets where a programme has something else for each role, and rests: for `knuff preview`.

The programme is put together here from our exercises, so that these are the same whatever programmes there are.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation.cards import Card, Form
from bot.conversation.coordinating_sample_hands import Hands
from lessons.library import Library
from lessons.models import Programme, Role

LISTS = {"people_innovation-leader": range(19), "people_manager": range(19, 30)}


def by_role(sam: Hands, first: dict[str, str]) -> Iterator[tuple[str, str, Card | Form]]:
    """The form with a list for each role, what can be wrong in it, and the previews."""
    sam = sam.where(library=with_a_programme_by_role(sam.visit.house.library))
    yield "modal", "cohort_new_with_by_role", (outline := sam.presses("cohort.new"))
    first = first | {"starts_on": "2026-06-08", "programme": "by-role"}
    in_july = first | {"starts_on": "2026-07-06"}
    yield "modal", "cohort_new_refused_rest", sam.refused(outline, values=in_july)
    new = sam.where(extra_audiences=False).sends(outline, values=first)
    yield "modal", "cohort_plan_by_role", new
    yield "modal", "cohort_plan_by_role_audiences", sam.sends(outline, values=first)
    both = LISTS | {"people_manager": range(18, 30)}
    one_week = sam.where(library=with_one_short_programme(sam.visit.house.library))
    yield "modal", "cohort_new_one_week", (outline := one_week.presses("cohort.new"))
    yield "modal", "cohort_plan_one_week", one_week.sends(outline, values=first | {"programme": "short"})
    yield "modal", "cohort_plan_refused_two_roles", sam.refused(new, lists=both)
    yield "modal", "cohort_plan_refused_nobody", sam.refused(new)
    yield "modal", "cohort_preview_by_role", (preview := sam.sends(new, lists=LISTS))
    with sam.forgotten():
        yield "modal", "cohort_by_role", (started := sam.sends(preview))
        yield "modal", "cohort_add_by_role", sam.presses("cohort.add", started.about)


def with_one_short_programme(library: Library) -> Library:
    """Return the library with one programme alone: a week for managers and team members."""
    eight = next(iter(library.programmes.values()))
    roles = (Role.MANAGER, Role.TEAM_MEMBER)
    short = eight.model_copy(update={"id": "short", "weeks": eight.weeks[:1], "roles": roles})
    return replace(library, programmes={short.id: short})


def with_a_programme_by_role(library: Library) -> Library:
    """Return the library with one programme more: for managers, innovation leaders and, in its last week,
    politicians. It rests in July."""
    eight = next(iter(library.programmes.values()))
    managers, leaders, politicians = Role.MANAGER, Role.INNOVATION_LEADER, Role.POLITICIAN
    weeks = [
        week.model_copy(
            update={
                "lessons": (),
                "by_role": {
                    managers: week.lessons[:1],
                    leaders: week.lessons[1:3],
                    politicians: week.lessons[3:4] if number == len(eight.weeks) - 1 else (),
                },
            }
        )
        for number, week in enumerate(eight.weeks)
    ]
    made: Programme = eight.model_copy(
        update={"id": "by-role", "weeks": tuple(weeks), "roles": (managers, leaders, politicians), "rests": (7,)}
    )
    return replace(library, programmes={**library.programmes, made.id: made})
