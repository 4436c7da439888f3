"""The results of a cohort in the chat: for whoever coordinates it and whoever is in it, the same figures."""

import pytest
from sqlmodel import Session

from bot.conversation.cards import Paragraph
from bot.conversation.shows import Show
from lessons.outcomes.released_cohort import ReleasedCohort
from lessons.surveys import Wave
from storage.tables.programmes import Cohort
from tests.coordinating.office import KIM, SAM, Office, form_in, managers, read
from tests.outcomes.made import a_cohort
from tests.outcomes.released import close_waves

MEMBER = managers(1)[0].external_id
STOP = "Stanna upp: för få känner att det är ett stöd"


def closed(office: Office, made: ReleasedCohort, **chosen: str) -> int:
    cohort_id = int(office.start_cohort(managers(12), **chosen))

    def work(session: Session) -> None:
        close_waves(session, session.get_one(Cohort, cohort_id), made)

    office.store.write_now(work)
    return cohort_id


def figures(shows: list[Show]) -> list[str]:
    return [part.text for part in form_in(shows).body if isinstance(part, Paragraph)]


def test_coordinator_and_participant_see_the_same_figures(office: Office) -> None:
    cohort = closed(office, a_cohort(32))
    theirs, own = (figures(office.press("outcomes.open", cohort, who=who)) for who in (SAM, MEMBER))
    assert theirs == own
    assert "av 32 har svarat" in own[0]
    assert "Det här ser vi alla" in read(office.press("home.refresh", who=MEMBER))


def until(cohort: ReleasedCohort, last: Wave) -> ReleasedCohort:
    """The same before what came after a wave had closed."""
    after = [one.wave for one in cohort.waves].index(last) + 1
    later = [one.model_copy(update={"told": None}) for one in cohort.waves[after:]]
    return cohort.model_copy(update={"waves": (*cohort.waves[:after], *later)})


def test_what_week_three_told_is_shown_with_its_week_until_the_last_week_has_told_it(office: Office) -> None:
    whole = a_cohort(32, support=0.3)
    cohort = closed(office, until(whole, Wave.WEEK_3))
    said = figures(office.press("outcomes.open", cohort))
    assert any(STOP in one for one in said)
    [suits] = [one for one in said if one.startswith("**Lagom ofta, i vecka tre**")]
    [support] = [one for one in said if one.startswith("**Stöd, inte kontroll, i vecka tre**")]
    assert "svarade ”Lagom ofta”" in suits
    assert "svarade ”Stämmer ganska bra” eller ”Stämmer helt”" in support


def test_when_the_last_week_has_told_it_week_three_is_not_shown_beside(office: Office) -> None:
    said = "\n".join(figures(office.press("outcomes.open", closed(office, a_cohort(32)))))
    assert said.count("**Stöd, inte kontroll") == said.count("**Lagom ofta") == 1
    assert "i vecka tre" not in said


def test_of_week_three_too_nothing_is_shown_of_so_few(office: Office) -> None:
    cohort = closed(office, until(a_cohort(32, answering=0.1), Wave.WEEK_3))
    assert "**Stöd" not in "\n".join(figures(office.press("outcomes.open", cohort)))


def test_whoever_has_no_part_in_it_is_shown_nothing(office: Office) -> None:
    cohort = closed(office, a_cohort(32))
    for who in (KIM, "U0STRANGER"):
        assert read(office.press("outcomes.open", cohort, who=who)).count("procent") == 0
    assert "inte" in read(office.press("outcomes.open", "999", who=SAM))


@pytest.mark.parametrize(("support", "stops"), [(0.3, True), (0.95, False)])
def test_only_the_coordinator_is_told_to_stop_and_what_to_do(office: Office, support: float, stops: bool) -> None:
    cohort = closed(office, a_cohort(32, support=support))
    for action in ("cohort.open", "outcomes.open"):
        said = read(office.press(action, cohort))
        assert (STOP in said) is stops
        assert ("Prata med facket och skyddsombudet" in said) is stops
    assert STOP not in read(office.press("outcomes.open", cohort, who=MEMBER))


@pytest.mark.parametrize(
    ("last", "said"), [(Wave.T1, "Sista veckan: färre än sju av tio"), (Wave.WEEK_3, "Vecka tre: färre än sju av tio")]
)
def test_the_notice_says_which_time_it_goes_by(office: Office, last: Wave, said: str) -> None:
    cohort = closed(office, until(a_cohort(32, support=0.3), last))
    for action in ("cohort.open", "outcomes.open"):
        assert said in read(office.press(action, cohort))


def test_in_the_list_of_cohorts_and_before_a_new_one_the_coordinator_is_told_to_stop(office: Office) -> None:
    closed(office, a_cohort(32, support=0.3))
    listed, new = read(office.press("cohort.home")), read(office.press("cohort.new"))
    assert STOP in listed
    assert STOP in read(office.write("omgångar"))
    assert STOP in new
    assert "Det gäller omgången Våren. Prata med facket och skyddsombudet" in new
    closed(office, a_cohort(32, support=0.95), name="Hösten", starts_on="2026-03-09")
    assert STOP in read(office.press("cohort.home")), "of the first one it is true still"
    assert STOP not in read(office.press("cohort.new")), "the last one felt supported"
    assert STOP not in read(office.press("cohort.new", who=KIM)), "it was no cohort of theirs"


def test_before_anything_has_closed_it_is_said_when_results_come(office: Office) -> None:
    cohort = int(office.start_cohort(managers(12)))
    assert "Inga resultat kan visas än" in read(office.press("outcomes.open", cohort))
    assert "Resultat" in read(office.press("cohort.open", cohort))
    assert form_in(office.press("outcomes.open", cohort)).name == "outcomes"
