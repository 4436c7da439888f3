"""A round's calendar file and its sheet, as a browser gets them by a link from the chat."""

import base64
import hashlib
import re
from datetime import time, timedelta

from sqlmodel import Session

from scheduler import timeline
from scheduler.calendar import Calendar
from scheduler.timeline import TeamDays
from storage import rounds, teams
from storage.tables.people import Person
from storage.teams import NewTeam
from tests.web.places import START, Place, library

ZONE = "Europe/Stockholm"


def begun(place: Place) -> int:
    """A round of a team that Karin is in, and Erik is not."""

    def work(session: Session) -> int:
        karin = session.get_one(Person, place.karin)
        new = NewTeam(name="Hemtjänst norr", channel_id="C1", language="sv", zone=ZONE, slot="10:00", calendar={})
        team = teams.make(session, karin, new, START)
        teams.join(session, karin, team.id, START)
        challenge = library().challenge("idea-sprint")
        days = TeamDays(calendar=Calendar(), slot=time(10), zone=ZONE)
        laid_out = timeline.lay_out(challenge, days.after(START.date() + timedelta(days=7), 1), days, START)
        body = library().challenge_document(challenge.id).to_json()
        new_round = timeline.new_round(challenge, laid_out, team_id=team.id, body=body)
        return rounds.confirm(session, karin.organisation_id, new_round, START).id

    return place.store.write_now(work)


async def test_a_calendar_file_is_downloaded_by_who_is_in_the_team_and_nobody_else(place: Place) -> None:
    path = f"/my/round/{begun(place)}/meetings.ics"
    async with place.browser.get(path) as asked:
        assert asked.status == 401
    file = await place.open(place.karin, path)
    assert file.startswith("BEGIN:VCALENDAR")
    assert "SUMMARY:Idésprinten: uppstart" in file
    async with place.browser.get(path) as asked:
        assert asked.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "attachment" in asked.headers["Content-Disposition"]
    async with place.browser.post(place.link(place.erik, "/my")):
        pass
    for wanted in (path, path.replace("meetings.ics", "huddle"), "/my/round/99/huddle", "/my/round/x/huddle"):
        async with place.browser.get(wanted) as asked:
            assert asked.status == 404, wanted


async def test_the_sheet_is_dressed_by_its_own_style_and_nothing_else(place: Place) -> None:
    path = f"/my/round/{begun(place)}/huddle"
    html = await place.open(place.karin, path)
    assert "<h1>Idésprinten</h1>" in html
    async with place.browser.get(path) as asked:
        policy = asked.headers["Content-Security-Policy"]
    [style] = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "unsafe" not in policy
