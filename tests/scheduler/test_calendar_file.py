"""A round's meetings as a calendar file: whatever is in a title, any calendar reads what was written."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar_file import Meeting, calendar_file
from tests.scheduler.world import at

NOW = datetime(2026, 2, 20, 9, 0, 30, tzinfo=UTC)
meetings = st.builds(
    Meeting,
    uid=st.from_regex(r"[0-9a-f]{32}@knuff", fullmatch=True),
    times_changed=st.integers(0, 99),
    starts_at=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    minutes=st.integers(5, 90),
    title=st.text(),
    text=st.text(),
    is_cancelled=st.booleans(),
)


def read(file: str) -> list[dict[str, str]]:
    """Read events as RFC 5545 says, by what is written there alone: unfold, split, undo the escapes."""
    assert file.endswith("\r\n")
    events: list[dict[str, str]] = []
    for line in file.removesuffix("\r\n").replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if (name, value) == ("BEGIN", "VEVENT"):
            events.append({})
        elif events and (name, value) != ("END", "VEVENT"):
            events[-1][name] = plain(value)
    return events


def plain(value: str) -> str:
    letters = iter(value)
    found = ""
    for letter in letters:
        if letter != "\\":
            found += letter
            continue
        escaped = next(letters)
        assert escaped in "\\;,n"
        found += "\n" if escaped == "n" else escaped
    return found


def sayable(text: str) -> str:
    """What of a text a calendar can hold: its line ends are all alike, and controls are none of it."""
    for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    return "".join(letter for letter in text if letter in "\t\n" or (ord(letter) > 31 and ord(letter) != 127))


@given(st.lists(meetings, max_size=4))
def test_every_meeting_is_read_as_it_was_written(written: list[Meeting]) -> None:
    file = calendar_file(written, now=NOW)
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    assert "\n" not in file.replace("\r\n", "")
    events = read(file)
    assert [event["UID"] for event in events] == [one.uid for one in written]
    assert [event["SUMMARY"] for event in events] == [sayable(one.title) for one in written]
    assert [event["DESCRIPTION"] for event in events] == [sayable(one.text) for one in written]
    assert [event["SEQUENCE"] for event in events] == [str(one.times_changed) for one in written]
    assert {event["DTSTAMP"] for event in events} <= {"20260220T090030Z"}


def test_a_meeting_is_at_the_same_hour_on_both_sides_of_a_change_of_clocks() -> None:
    days = [at("2026-03-27 10:00"), at("2026-03-30 10:00")]
    written = [
        Meeting(uid=f"{number}@knuff", times_changed=0, starts_at=day, minutes=10, title="Uppstart", text="")
        for number, day in enumerate(days)
    ]
    assert [one["DTSTART"] for one in read(calendar_file(written, now=NOW))] == ["20260327T090000Z", "20260330T080000Z"]


def test_it_is_a_calendar_with_a_version_and_a_maker_and_says_what_is_called_off() -> None:
    off = Meeting(
        uid="1@knuff", times_changed=3, starts_at=NOW, minutes=45, title="Av; slut", text="Mer, sen", is_cancelled=True
    )
    lines = calendar_file([off], now=NOW).split("\r\n")
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert {"PRODID:-//Knuff//Knuff//SV", "METHOD:PUBLISH", "STATUS:CANCELLED", "DURATION:PT45M"} <= set(lines)
    assert "SUMMARY:Av\\; slut" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]
