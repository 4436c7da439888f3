"""What a programme brings of its own to what a coordinator chose: whom it is for, and when it rests."""

from bot.conversation.cohort_choices import CohortChoices, Fault, on_a_working_day, role_list
from lessons.models import Programme
from storage.tables.programmes import Role


def fitted(choices: CohortChoices, programme: Programme) -> tuple[CohortChoices | None, list[Fault]]:
    """Return the choices with the programme's months of rest, or None and what does not go with the programme."""
    roles = roles_of(programme)
    # A role picked for everybody is said where it was picked, one with a list of its own at the list.
    inputs = ("role" if member.role is None else role_list(member.role) for member in choices.members)
    wrong = [
        Fault(name, "coordinating.role_not_in", {"roles": roles})
        for name, member in zip(inputs, choices.members, strict=True)
        if (member.role or choices.role) not in roles
    ]
    if wrong:
        return None, list({fault.input: fault for fault in wrong}.values())
    return on_a_working_day(choices.model_copy(update={"resting": programme.rests}))


def roles_of(programme: Programme) -> tuple[Role, ...]:
    return tuple(Role(role) for role in programme.roles)


def weeks_by_role(programme: Programme) -> dict[Role, list[int]] | None:
    """Return how many steps each role gets in each week, where they differ; otherwise None."""
    if not programme.differs_by_role:
        return None
    return {Role(role): [len(week.lessons_for(role)) for week in programme.weeks] for role in programme.roles}
