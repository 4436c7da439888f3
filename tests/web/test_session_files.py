"""The meetings of one's own programme, as a browser gets them by a link from the chat."""

from datetime import date, timedelta

from sqlmodel import Session

from bot.conversation.cohort_choices import CohortChoices, Member
from bot.conversation.enrolling import start_cohort
from bot.conversation.sessions_samples import with_meetings
from storage.tables.people import Person, Workspace
from storage.tables.programmes import CatchUp, LateJoiners, Role
from tests.web.places import START, Place, library

FILE = "/my/sessions.ics"


def begun(place: Place) -> None:
    """A cohort that Karin is in as a manager, and Erik is not."""

    def work(session: Session) -> None:
        karin = session.get_one(Person, place.karin)
        choices = CohortChoices(
            name="Våren", programme_id="with-meetings", starts_on=START.date() + timedelta(days=7), slot="08:15",
            window_minutes=60, late_hours=4, catch_up=CatchUp.SKIP, late_joiners=LateJoiners.DAY_ONE,
            role=Role.MANAGER, closed=(date(2026, 3, 11),), flags=(),
            members=(Member(external_id=karin.external_id, zone=None, language=None),),
        )  # fmt: skip
        workspace = session.get_one(Workspace, karin.workspace_id)
        document = with_meetings(library()).document("with-meetings")
        start_cohort(
            session, workspace=workspace, coordinator=karin, choices=choices, document=document, now=START
        )  # fmt: skip

    place.store.write_now(work)


async def test_the_page_shows_the_meetings_and_the_file_holds_ones_own_and_nobody_elses(place: Place) -> None:
    begun(place)
    async with place.browser.get(FILE) as asked:
        assert asked.status == 401
    page = await place.open(place.karin)
    assert "<p><strong>Avstamp</strong><br>torsdag 12 mars 13.00, 3½ timmar</p>" in page
    assert f'<a href="{FILE}">Hämta kalenderfilen</a>' in page
    file = await place.get(FILE)
    assert file.startswith("BEGIN:VCALENDAR")
    assert file.count("SUMMARY:") == 5
    async with place.browser.get(FILE) as asked:
        assert asked.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "attachment" in asked.headers["Content-Disposition"]
    page = await place.open(place.erik)
    assert FILE not in page
    assert "SUMMARY:" not in await place.get(FILE)
