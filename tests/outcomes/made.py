"""A cohort of a relay as it looks when everything has been asked, from answers that are made up."""

from datetime import date, timedelta
from functools import cache
from random import Random

from lessons.library import load_library
from lessons.models import Role, Text
from lessons.outcomes.released_cohort import (
    Attendance,
    Counts,
    Finished,
    ReleasedCohort,
    WaveOfCohort,
)
from lessons.outcomes.released_wave import read_wave
from lessons.outcomes.releasing import Answered, release
from lessons.surveys import About, Survey, Wave

OPENED = {
    Wave.T0: date(2026, 8, 31),
    Wave.WEEK_3: date(2026, 9, 14),
    Wave.DAY: date(2026, 11, 18),
    Wave.T1: date(2026, 11, 25),
    Wave.T2: date(2027, 2, 17),
}
SURE_OF = {"S13": 0.8, "S5": 0.6, "S12": 0.7, "S14": 0.65}


@cache
def a_cohort(
    people: int = 32,
    *,
    name: str = "Stafetten i höst",
    organisation: str = "Region Exempel",
    seed: int = 1,
    answering: float = 0.9,
    likely: float = 0.75,
    support: float = 0.8,
    gained: float = 0.25,
    meetings: int = 1,
) -> ReleasedCohort:
    """`likely` is how likely a yes is, and `gained` by how much more likely than before the first exercise."""
    lots, survey = Random(seed), load_library().surveys["own-items"]
    roles = {one: _role(one, people) for one in range(people)}
    first: list[Answered] = []
    waves = []
    opened = [*OPENED.items(), *((Wave.DAY, OPENED[Wave.DAY] + timedelta(days=at)) for at in range(1, meetings))]
    for wave, opens_on in sorted(opened, key=lambda one: one[1]):
        now = likely - gained if wave is Wave.T0 else likely
        said = list(_said(lots, survey, wave, roles, answering=answering, likely=now, support=support))
        told = release([survey], digest="5f1e2d", wave=wave, asked=roles, responses=said, at_first=first)
        first = first or said
        closes_on = date.fromordinal(opens_on.toordinal() + 14)
        waves.append(WaveOfCohort(wave=wave, opens_on=opens_on, closes_on=closes_on, told=read_wave(told)))
    return ReleasedCohort(
        organisation=organisation,
        name=name,
        programme=Text(sv="Stafetten", en="The relay"),
        starts_on=date(2026, 8, 31),
        waves=tuple(waves),
        counts=Counts(
            participants=max(people - 3, 0) if people >= 8 else None,
            legs=4,
            batons=3,
            tested=2,
            units_asked=3,
            units_in_use=2,
            facilitators_at_least=5 if people > 10 else None,
            meetings=(Attendance(day=date(2026, 11, 18), attended=people - 4),),
            rounds=(Finished(title=Text(sv="Idésprint", en="Idea sprint"), rounds=2),),
        ),
    )


def _said(
    lots: Random, survey: Survey, wave: Wave, roles: dict[int, Role], *, answering: float, likely: float, support: float
) -> list[Answered]:
    said = []
    for one, role in roles.items():
        if lots.random() > answering:
            continue
        for item in survey.asked(wave, role):
            options = survey.scale_of(item).options
            sure = support if item.id == "S13" else likely
            is_yes = lots.random() < sure
            wanted = [option for option in options if (option.value in item.yes) is is_yes]
            about = "ask_first" if item.about is About.FOCUS else "keep" if item.about else ""
            said.append(Answered(person=one, item=item.id, about=about, value=lots.choice(wanted).key))
    return said


def _role(one: int, people: int) -> Role:
    if one == 0 and people > 8:
        return Role.POLITICIAN
    return Role.TEAM_MEMBER if one % 3 == 0 else Role.INNOVATION_LEADER if one % 4 == 0 else Role.MANAGER
