from lessons.outcomes.measures import (
    GUARD,
    OWN,
    SHARES,
    SKL,
    STANDS_AND_CHANGE,
    STANDS_IN_EACH_WAVE,
    count_shown,
    measure_of,
    measure_so_far,
)
from lessons.surveys import Survey, Wave


def test_a_few_people_are_not_counted_for_others_but_nobody_is_nobody() -> None:
    assert [count_shown(number) for number in (0, 1, 4, 5, 550)] == [0, None, None, 5, 550]


def test_every_measure_skl_reported_is_one_of_ours() -> None:
    counted = {"skl_participants", "skl_day_attend", "skl_units_model"}
    assert set(SKL) == counted | {name for name in SHARES if name.startswith("skl_")}


def test_every_measure_is_asked_for_when_it_is_measured(own_items: Survey) -> None:
    waves = {item.id: item.waves for item in own_items.items}
    assert all(wave in waves[item] for item, wave in SHARES.values())
    named = {item for _survey, item in STANDS_IN_EACH_WAVE | STANDS_AND_CHANGE} | {GUARD}
    assert named <= set(waves)
    assert own_items.id == OWN


def test_a_question_is_a_measure_only_in_its_wave_and_its_survey() -> None:
    assert measure_of(OWN, "S13", Wave.T1) == "support"
    assert measure_of(OWN, "S13", Wave.WEEK_3) is None
    assert [measure_so_far(OWN, "S13", wave) for wave in (Wave.WEEK_3, Wave.T1, Wave.T0)] == ["support", None, None]
    assert measure_of("somebody-elses", "S13", Wave.T1) is None
