"""What a programme brings of its own to what a coordinator chooses: whom it is for."""

from lessons.models import Programme
from storage.tables.programmes import Role


def roles_of(programme: Programme) -> tuple[Role, ...]:
    return tuple(Role(role) for role in programme.roles)


def roles_with_lists(programme: Programme) -> tuple[Role, ...]:
    """Return the roles whose people are picked apart: all of them where roles get different exercises, else none."""
    roles = roles_of(programme)
    return roles if programme.differs_by_role and len(roles) > 1 else ()


def weeks_by_role(programme: Programme) -> dict[Role, list[int]] | None:
    """Return how many steps each role gets in each week, where they differ; otherwise None."""
    if not programme.differs_by_role:
        return None
    return {Role(role): [len(week.lessons_for(role)) for week in programme.weeks] for role in programme.roles}
