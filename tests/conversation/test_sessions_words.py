"""Meetings in words: how long, for whom, and the line in an exercise."""

from datetime import date

import pytest

from bot.conversation.sessions_words import Coming, for_whom, length_text, told_text
from bot.conversation.texts import Words
from lessons.models import EVERYBODY, Role, Text
from tests.conversation.builders import our_library

SOME = Coming(
    title=Text(sv="Användarens vardag", en="The everyday life of users"),
    about=Text(sv="Ni ser tjänsten utifrån.", en="You see the service from outside."),
    day=date(2026, 2, 18),
    begins="13:00",
    minutes=210,
    place="Stadshuset",
    is_tomorrow=True,
)


@pytest.mark.parametrize(
    ("minutes", "swedish", "english"),
    [
        (15, "15 minuter", "15 minutes"),
        (30, "30 minuter", "30 minutes"),
        (60, "1 timme", "1 hour"),
        (75, "75 minuter", "75 minutes"),
        (90, "1½ timme", "1½ hours"),
        (210, "3½ timmar", "3½ hours"),
        (480, "8 timmar", "8 hours"),
    ],
)
def test_a_length_is_said_as_people_say_it(minutes: int, swedish: str, english: str) -> None:
    assert (length_text(Words("sv"), minutes), length_text(Words("en"), minutes)) == (swedish, english)


def test_a_line_in_an_exercise_says_that_it_is_a_meeting_when_how_long_where_and_what() -> None:
    assert told_text(SOME, Words("sv")) == (
        "Träff i morgon, onsdag 18 februari, 13.00, 3½ timmar, Stadshuset: Användarens vardag"
    )
    assert told_text(SOME, Words("en")) == (
        "Meeting tomorrow, Wednesday 18 February, at 13:00, 3½ hours, Stadshuset: The everyday life of users"
    )


def test_who_is_invited_is_everybody_or_some_roles() -> None:
    programme = our_library().programmes["year-of-ten"]
    assert for_whom(Words("sv"), programme.roles, programme) == "För alla"
    assert for_whom(Words("sv"), EVERYBODY, programme) == "För alla"
    assert for_whom(Words("en"), (Role.POLITICIAN, Role.MANAGER), programme) == "For managers and politicians"
