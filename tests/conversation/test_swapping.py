"""Which exercise is offered instead, where roles go through a programme in different ways."""

from dataclasses import replace

from lessons.models import Role
from tests.conversation.builders import a_house, a_nudge, a_person, a_town, press_in, replaced


def test_what_only_another_role_gets_is_offered_as_any_other_exercise_outside_the_programme() -> None:
    """Theirs is not kept for last, as what they will get themselves is."""
    house = a_house()
    eight = house.library.programme("eight-weeks")
    week = eight.weeks[0].model_copy(update={"lessons": ("L01", "L05"), "by_role": {Role.POLITICIAN: ("L02",)}})
    library = replace(
        house.library,
        programmes={"eight-weeks": eight.model_copy(update={"weeks": (week,), "recall": ()})},
        lessons={name: house.library.lesson(name) for name in ("L01", "L02", "L03", "L05")},
    )
    town = a_town(replace(house, library=library))
    a_person(town)
    nudge = a_nudge(town, lesson="L01")
    offered = [replaced(press_in(town, nudge, "nudge.another")) for _ in range(3)]
    titles = [library.lesson(name).title.sv for name in ("L02", "L03", "L05")]
    assert [title in text for title, text in zip(titles, offered, strict=True)] == [True, True, True]
