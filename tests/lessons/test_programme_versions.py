"""A newer version taken over in the middle: what has been is as it was, and nobody gets anything twice."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.library import load_library
from lessons.models import EVERYBODY, Lesson, Programme, ProgrammeDocument, Role, Session, Text, Week
from lessons.programme_versions import ChangedWeek, changed_weeks, first_step, joined, missed, same_sessions

OURS = load_library().lessons
IDS = list(OURS)[:12]
TEXT = Text(sv="Text", en="Text")
MANAGER, LEADER, MEMBER, POLITICIAN = Role
OTHER = Text(sv="Ett annat skäl.", en="Another reason.")


def a_week(lessons: Sequence[str] = (), **by_role: Sequence[str]) -> Week:
    own = {Role(role.replace("_", "-")): tuple(some) for role, some in by_role.items()}
    quiet = not lessons and not any(own.values())
    return Week(principle="value", title=TEXT, lessons=tuple(lessons), by_role={} if quiet else own, quiet=quiet)


def a_document(
    *weeks: Week, version: int = 1, roles: Sequence[Role] = tuple(Role), reworded: Sequence[str] = ()
) -> ProgrammeDocument:
    programme = Programme(id="trial", version=version, title=TEXT, about=TEXT, roles=tuple(roles), weeks=weeks)
    lessons = {step.lesson_id: _as_in(step.lesson_id, reworded) for step in programme.steps()}
    return ProgrammeDocument(programme=programme, lessons=lessons)


def _as_in(lesson_id: str, reworded: Sequence[str]) -> Lesson:
    lesson = OURS[lesson_id]
    return lesson.model_copy(update={"why": OTHER}) if lesson_id in reworded else lesson


def gets(document: ProgrammeDocument, role: Role, *, before: int | None = None) -> list[str]:
    last = before or len(document.programme.weeks) + 1
    return [step.lesson_id for step in document.programme.steps() if role in step.roles and step.week < last]


@st.composite
def programmes(draw: st.DrawFn, version: int) -> ProgrammeDocument:
    """A programme in which no role gets a lesson twice, as every programme is."""
    roles = draw(st.lists(st.sampled_from(list(Role)), min_size=1, unique=True).map(sorted_roles))
    order = {role: draw(st.permutations(IDS)) for role in roles} if draw(st.booleans()) else {}
    shared = draw(st.permutations(IDS))
    sizes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    weeks, start = [], 0
    for size in sizes:
        by_role = {str(role).replace("-", "_"): order[role][start : start + size] for role in order}
        weeks.append(a_week((), **by_role) if order else a_week(shared[start : start + size]))
        start += size
    reworded = draw(st.lists(st.sampled_from(IDS), unique=True))
    return a_document(*weeks, version=version, roles=roles, reworded=reworded)


def sorted_roles(roles: list[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)


@settings(max_examples=100)
@given(old=programmes(1), new=programmes(2), week=st.integers(1, 5))
def test_whatever_the_versions_are_nothing_that_was_promised_changes_and_nobody_gets_anything_twice(
    old: ProgrammeDocument, new: ProgrammeDocument, week: int
) -> None:
    week = min(week, len(old.programme.weeks) + 1)
    after = joined(old, new, week=week)
    kept = first_step(after.programme, week) - 1
    assert old.programme.steps()[:kept] == tuple(step for step in old.programme.steps() if step.week < week)
    for before, then in zip(old.programme.steps()[:kept], after.programme.steps()[:kept], strict=True):
        assert before[:3] == then[:3]
        assert old.lessons[before.lesson_id] == after.lessons[then.lesson_id]
    for role in after.programme.roles:
        assert len(set(gets(after, role))) == len(gets(after, role))
        had = set(gets(old, role, before=week))
        if role in new.programme.roles:
            coming = [step.lesson_id for step in new.programme.steps() if role in step.roles and step.week >= week]
            assert gets(after, role)[len(gets(after, role, before=week)) :] == [one for one in coming if one not in had]
        else:
            assert gets(after, role) == gets(old, role, before=week)
    assert ProgrammeDocument.from_json(after.to_json()) == after
    assert bool(changed_weeks(old, after)) == (
        in_weeks(old, after.programme.roles) != in_weeks(after, after.programme.roles)
    )


def in_weeks(document: ProgrammeDocument, roles: Sequence[Role]) -> dict[tuple[int, Role], list[Lesson]]:
    """What each role gets in which week, word for word."""
    found: dict[tuple[int, Role], list[Lesson]] = {}
    for step in document.programme.steps():
        for role in {*step.roles} & {*roles} & {*document.programme.roles}:
            found.setdefault((step.week, role), []).append(document.lessons[step.lesson_id])
    return found


def test_a_lesson_that_moved_behind_the_change_does_not_come_again_and_one_that_moved_before_it_is_named() -> None:
    old = a_document(a_week(["L01", "L02"]), a_week(["L03"]), a_week(["L04"]))
    new = a_document(a_week(["L04", "L05"]), a_week(["L02", "L03"]), a_week(["L01", "L06"]), version=2)
    after = joined(old, new, week=2)
    assert gets(after, MANAGER) == ["L01", "L02", "L03", "L06"]
    assert missed(new, after, week=2) == ["L04", "L05"]


def test_a_lesson_that_has_been_keeps_its_words_and_one_that_comes_has_the_new_ones() -> None:
    old = a_document(a_week(["L01"]), a_week(["L02"]))
    new = a_document(a_week(["L01"]), a_week(["L02"]), version=2, reworded=["L01", "L02"])
    after = joined(old, new, week=2)
    assert (after.lessons["L01"], after.lessons["L02"]) == (old.lessons["L01"], new.lessons["L02"])
    assert changed_weeks(old, after) == [ChangedWeek(number=2, roles=tuple(Role), added=(), gone=(), reworded=("L02",))]


def test_roles_with_the_same_difference_stand_together() -> None:
    old = a_document(a_week(["L01"]), a_week(["L02"]))
    new = a_document(a_week(["L01"]), a_week(["L03"], politician=["L02", "L04"]), version=2)
    assert changed_weeks(old, joined(old, new, week=2)) == [
        ChangedWeek(number=2, roles=(MANAGER, LEADER, MEMBER), added=("L03",), gone=("L02",), reworded=()),
        ChangedWeek(number=2, roles=(POLITICIAN,), added=("L04",), gone=(), reworded=()),
    ]


def test_a_role_the_new_version_is_not_for_gets_nothing_more() -> None:
    old = a_document(a_week(["L01"]), a_week(["L02"]))
    new = a_document(a_week(["L01"]), a_week(["L03"]), version=2, roles=[MANAGER])
    after = joined(old, new, week=2)
    assert gets(after, POLITICIAN) == ["L01"]
    assert gets(after, MANAGER) == ["L01", "L03"]


def test_a_shorter_version_ends_earlier_and_a_longer_one_later() -> None:
    old = a_document(a_week(["L01"]), a_week(["L02"]), a_week(["L03"]))
    assert len(joined(old, a_document(a_week(["L01"]), version=2), week=3).programme.weeks) == 2
    longer = a_document(*(a_week([one]) for one in IDS[:5]), version=2)
    assert len(joined(old, longer, week=3).programme.weeks) == 5


def test_a_withdrawn_case_is_asked_no_more_but_can_still_be_answered_and_what_is_laid_out_stays() -> None:
    library = load_library()
    old = library.document("year-of-ten")
    shorter = library.programmes["year-of-ten"].model_copy(
        update={"version": 2, "recall": ("RC05",), "sessions": (), "rests": ()}
    )
    new = ProgrammeDocument(programme=shorter, lessons=old.lessons, cases={"RC05": library.case("RC05")})
    after = joined(old, new, week=10)
    assert after.programme.recall == ("RC05",)
    assert after.cases == {**old.cases, "RC05": library.case("RC05")}
    assert ProgrammeDocument.model_validate_json(after.model_dump_json()) == after, "it can be stored and read"
    assert (after.programme.sessions, after.programme.rests) == (old.programme.sessions, old.programme.rests)
    assert set(joined(old, new, week=1).cases) == {"RC05"}, "nothing has been asked yet"

    reworded = new.cases["RC05"].model_copy(update={"id": "RC05", "source": "elsewhere"})
    asked = ProgrammeDocument(programme=shorter, lessons=old.lessons, cases={"RC05": reworded})
    assert joined(asked, new, week=10).cases["RC05"] == reworded, "a message may hold the old words"
    everybodys = ProgrammeDocument(
        programme=shorter, lessons=old.lessons, cases={"RC05": reworded.model_copy(update={"roles": EVERYBODY})}
    )
    assert new.cases["RC05"].roles != EVERYBODY
    assert joined(everybodys, new, week=10).cases["RC05"] == reworded, "and goes to those the new version has it for"


@pytest.mark.parametrize("week", [1, 2, 3])
def test_the_same_version_makes_no_difference(week: int) -> None:
    old = a_document(a_week(["L01"]), a_week(["L02"], manager=["L03"]), a_week(["L04"]))
    assert joined(old, old, week=week) == old
    assert changed_weeks(old, joined(old, old, week=week)) == []


def a_session(week: int, sv: str, en: str | None = None) -> Session:
    return Session(week=week, title=Text(sv=sv, en=en or sv), about=TEXT, minutes=60)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ([a_session(1, "A"), a_session(2, "B")], [a_session(2, "B"), a_session(3, "A")], {1: 1, 2: 0}),
        ([a_session(4, "A"), a_session(8, "A")], [a_session(8, "A")], {2: 0}),
        ([a_session(4, "A"), a_session(8, "A")], [a_session(5, "A"), a_session(9, "A")], {1: 0, 2: 1}),
        ([a_session(1, "A", "a")], [a_session(3, "A", "b")], {1: 0}),
        ([a_session(1, "A"), a_session(2, "B")], [a_session(1, "B"), a_session(2, "C")], {2: 0}),
        ([a_session(1, "A")], [a_session(1, "B")], {1: 0}),
        ([a_session(1, "A")], [a_session(2, "B")], {}),
    ],
    ids=[
        "by title wherever it is", "the one that is in the same week still", "in order", "one language is mended",
        "a title goes before a week", "another title in the same week", "another title in another week",
    ],
)  # fmt: skip
def test_a_meeting_is_known_again_by_its_title_or_else_by_its_week(
    old: list[Session], new: list[Session], same: dict[int, int]
) -> None:
    assert same_sessions(dict(enumerate(old, start=1)), new) == same
