"""Meetings as an iCalendar file (RFC 5545), for whatever calendar somebody keeps. Pure.

Moments are written in UTC, so that no zone need be described; a calendar shows them by its own clock. The same meeting
has the same id each time, and a number that grows when it is moved: that is how a calendar knows to move it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

MOST_OCTETS = 75
"""Of one line, without its end: RFC 5545, 3.1."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# A text may hold no other control than a tab, and a line of it no end: RFC 5545, 3.3.11.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n|[\r\x85\u2028\u2029]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    uid: str
    times_changed: int
    starts_at: datetime
    minutes: int
    title: str
    text: str
    place: str = ""
    is_cancelled: bool = False


def calendar_file(meetings: Iterable[Meeting], *, now: datetime) -> str:
    """Return the file, as it was on the moment `now`."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Knuff//Knuff//SV", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for meeting in meetings:
        lines += _event(meeting, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(meeting: Meeting, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(meeting.uid)}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DURATION:PT{meeting.minutes}M",
        f"SEQUENCE:{meeting.times_changed}",
        f"STATUS:{'CANCELLED' if meeting.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(meeting.title)}",
        f"DESCRIPTION:{_text(meeting.text)}",
        *([f"LOCATION:{_text(meeting.place)}"] if meeting.place else []),
        "END:VEVENT",
    ]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Yield the line in pieces that are short enough, none of which ends within a letter."""
    piece, room = "", MOST_OCTETS
    for letter in line:
        if (size := len(letter.encode())) > room:
            yield piece
            piece, room = " ", MOST_OCTETS - 1
        piece += letter
        room -= size
    yield piece
