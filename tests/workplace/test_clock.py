"""One clock for every process of a demo."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.workplace.conftest import Hands
from workplace.clock import Clock, ClockGoesBack
from workplace.server import started
from workplace.settings import Settings

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = datetime(2026, 3, 2, 8, 14, tzinfo=STOCKHOLM)


def clock_at(moment: datetime) -> Clock:
    return Clock(start=moment, zone=STOCKHOLM, seconds_passed=lambda: 0.0)


async def test_it_starts_where_it_is_told_and_runs_at_the_pace_of_time(hands: Hands) -> None:
    async with started(Settings(port=0, clock_start=MONDAY)) as address:
        answer = await Hands(address, hands.session).get("/clock")
    assert answer["rate"] == 1
    assert answer["now"].startswith("2026-03-02T08:14:0")
    assert answer["now"].endswith("+01:00")


async def test_it_is_wound_on_and_never_back(hands: Hands) -> None:
    before = datetime.fromisoformat((await hands.get("/clock"))["now"])
    await hands.post("/clock", {"advance_seconds": 3600})
    after = datetime.fromisoformat((await hands.get("/clock"))["now"])
    assert timedelta(hours=1) <= after - before < timedelta(hours=1, seconds=5)
    refused = await hands.post("/clock", {"to": before.isoformat()}, status=409)
    assert "never back" in refused["error"]


@pytest.mark.parametrize("body", [{}, {"to": "2027-01-01T08:00:00"}, {"advance_seconds": -1}, {"to": "tomorrow"}])
async def test_a_moment_that_is_none_is_refused(hands: Hands, body: dict[str, object]) -> None:
    await hands.post("/clock", body, status=400)


async def test_a_local_time_is_that_of_the_workplace(hands: Hands) -> None:
    answer = await hands.post("/clock", {"to_local": "2027-07-01T08:14"})
    assert answer["now"].startswith("2027-07-01T08:14:00")
    assert answer["now"].endswith("+02:00")


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        pytest.param("2026-03-02T03:00", "2026-03-02T08:14", id="in the night"),
        pytest.param("2026-03-02T08:00", "2026-03-03T08:14", id="a morning already begun"),
        pytest.param("2026-03-02T08:14", "2026-03-03T08:14", id="that very minute"),
        pytest.param("2026-03-06T12:00", "2026-03-09T08:14", id="over a weekend"),
        pytest.param("2026-03-27T12:00", "2026-03-30T08:14", id="clocks go forward"),
        pytest.param("2026-10-23T12:00", "2026-10-26T08:14", id="clocks go back"),
    ],
)
def test_the_next_morning_is_that_of_a_weekday(now: str, morning: str) -> None:
    clock = clock_at(datetime.fromisoformat(now).replace(tzinfo=STOCKHOLM))
    assert clock.next_morning_at(time(8, 14)) == datetime.fromisoformat(morning).replace(tzinfo=STOCKHOLM)


def test_it_runs_with_time() -> None:
    passed = [0.0]
    clock = Clock(start=MONDAY, zone=STOCKHOLM, seconds_passed=lambda: passed[0])
    passed[0] = 90.0
    assert clock.now() == datetime(2026, 3, 2, 7, 15, 30, tzinfo=UTC)
    with pytest.raises(ClockGoesBack):
        clock.advance(timedelta(seconds=-1))
