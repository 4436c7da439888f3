"""A programme's meetings for `knuff preview`: as the coordinator looks after them, and as a leader meets them.

The programme is put together here from our exercises, so that these are the same whatever programmes there are.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.conversation.cards import Buttons, Card, Form
from bot.conversation.composing import delivery_card
from bot.conversation.coordinating_role_samples import LISTS, with_a_programme_by_role
from bot.conversation.coordinating_sample_hands import Hands
from bot.conversation.coordinating_version_samples import with_other_meetings
from bot.conversation.home import home_card
from bot.conversation.home_view import HomeView
from bot.conversation.letters import Letter
from bot.conversation.sample_data import MONDAY, RHYTHM, a_lesson, an_exercise
from bot.conversation.sample_database import from_nothing
from bot.conversation.sample_leader import Leader
from bot.conversation.sessions_coming import calendar_form, say_card
from bot.conversation.sessions_words import Coming
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from lessons.library import Library
from lessons.models import Kind, Programme, Role, Text
from lessons.models import Session as Meeting

Sample = tuple[str, str, Card | Form]

MEETINGS = (
    ("Avstamp", "Kick-off", 1, 210),
    ("Användarens vardag", "The everyday life of users", 2, 90),
    ("Pröva antaganden", "Testing assumptions", 4, 60),
    ("Innovationsdagen", "Innovation day", 6, 240),
    ("Avstämning", "Looking back", 8, 45),
)
"""Title in both languages, week and minutes."""
ABOUT = Text(
    sv="Ni delar en lärdom var och väljer ett nästa steg.",
    en="Each of you shares one thing learned, and you choose a next step.",
)
PLACE = "Stadshuset, Storsalen"
START = "2026-06-08"
THAT_MORNING = datetime(2026, 6, 10, 6, tzinfo=UTC)
AFTERWARDS = datetime(2026, 6, 18, 15, tzinfo=UTC)


def of_coordinator(sam: Hands, first: dict[str, str]) -> Iterator[Sample]:
    """From the preview of a new cohort to how many came."""
    sam = sam.where(library=with_meetings(sam.visit.house.library))
    new = sam.sends(sam.presses("cohort.new"), values=first | {"starts_on": START, "programme": "with-meetings"})
    with sam.forgotten():
        yield "modal", "cohort_preview_meetings", (preview := sam.sends(new, lists=LISTS))
        yield "modal", "cohort_meetings", (started := sam.sends(preview))
        yield from _moved(sam, started.about)
        with sam.forgotten():
            yield from _counted(sam.on(AFTERWARDS), started.about)
        fourth = _of(sam.presses("session.list", started.about), "session.move")[3]
        yield from with_other_meetings(sam, started.about, fourth, begun=AFTERWARDS, day="2026-08-20")
        yield from _days_changed(sam, started.about)


def _moved(sam: Hands, cohort: str) -> Iterator[Sample]:
    yield "modal", "session_list", (listed := sam.presses("session.list", cohort))
    one = _of(listed, "session.move")[0]
    yield "modal", "session_move", (move := sam.presses("session.move", one))
    wrong = {"day": "", "begins": "23:00", "place": "x" * 121}
    yield "modal", "session_move_refused", sam.refused(move, values=wrong)
    days = {"past": "2026-02-02", "outside": "2027-03-01", "weekend": "2026-06-13", "rest": "2026-07-08"}
    for name, day in (days | {"eve": "2026-06-19"}).items():
        yield "modal", f"session_move_refused_{name}", sam.refused(move, values={"day": day})
    early = sam.on(THAT_MORNING).refused(move, values={"begins": "07:30"})
    yield "modal", "session_move_refused_early", early
    yield "modal", "session_move_no_difference", sam.sends(move)
    elsewhere = {"day": "2026-06-11", "begins": "09:00", "place": PLACE}
    yield "modal", "session_difference", (difference := sam.sends(move, values=elsewhere))
    with sam.forgotten():
        yield "modal", "session_difference_outdated", sam.on(AFTERWARDS).sends(difference)
    yield "modal", "session_moved", sam.sends(difference)
    yield "modal", "session_not_yet", sam.presses("session.count", one)


def _counted(sam: Hands, cohort: str) -> Iterator[Sample]:
    first, second = _of(sam.presses("session.list", cohort), "session.count")
    yield "modal", "session_is_over", sam.presses("session.move", first)
    yield "modal", "session_count", (count := sam.presses("session.count", first))
    yield "modal", "session_count_refused", sam.refused(count, values={"attended": "många"})
    yield "modal", "session_count_refused_many", sam.refused(count, values={"attended": "9999"})
    yield "modal", "session_counted", sam.sends(count, values={"attended": "27"})
    yield "modal", "session_counted_one", sam.sends(sam.presses("session.count", second), values={"attended": "1"})


def _days_changed(sam: Hands, cohort: str) -> Iterator[Sample]:
    """The start moves, and the day that a meeting was moved to is closed."""
    edit = sam.presses("cohort.edit", cohort)
    changed = {"starts_on": "2026-06-09", "closed": "2026-06-11\n2026-08-05"}
    yield "modal", "cohort_difference_meetings", (difference := sam.sends(edit, values=changed))
    sam.sends(difference)
    yield "modal", "session_day_is_closed", sam.presses("session.list", cohort)
    sam.presses("cohort.end", cohort)
    yield "modal", "session_list_ended", sam.presses("session.list", cohort)


def samples(language: str, house: House) -> Iterator[Sample]:
    """Return what a leader meets, in one language."""
    words, nudge = Words(language), an_exercise(a_lesson(house, Kind.TRY_IT))
    tomorrow = Coming(
        title=Text(sv=MEETINGS[1][0], en=MEETINGS[1][1]),
        about=ABOUT,
        day=MONDAY + timedelta(days=1),
        begins="13:00",
        minutes=210,
        place=PLACE,
        is_tomorrow=True,
    )
    later = replace(tomorrow, day=MONDAY + timedelta(days=2), is_tomorrow=False, is_elsewhere=True, place="")
    for name, told in {"tomorrow": tomorrow, "later": later}.items():
        letter = Letter(exercises=(nudge,), sessions=(told,))
        yield "message", f"nudge_before_meeting_{name}", delivery_card(letter, words)
    yield "home", "home_meeting", home_card(HomeView(rhythm=RHYTHM, next_session=later, has_page=True), words)
    yield "message", "meetings_typed", say_card([tomorrow, later], words, has_page=True)
    yield "modal", "meetings_calendar", calendar_form("https://knuff.example.se/open/x", words)
    yield from from_nothing(lambda session: iter(Leader(session, language, house)._types("meetings_none", "träffar")))


def with_meetings(library: Library) -> Library:
    """Return the library with a programme more: for each role its own, with meetings, politicians at the first and the
    last. It rests in July."""
    library = with_a_programme_by_role(library)
    by_role, leading = library.programmes["by-role"], (Role.MANAGER, Role.INNOVATION_LEADER)
    sessions = tuple(
        Meeting(
            week=week,
            title=Text(sv=sv, en=en),
            about=ABOUT,
            roles=by_role.roles if week in (1, len(by_role.weeks)) else leading,
            minutes=minutes,
            wave="day" if week == 6 else None,
        )
        for sv, en, week, minutes in MEETINGS
    )
    made: Programme = by_role.model_copy(update={"id": "with-meetings", "sessions": sessions})
    return replace(library, programmes={**library.programmes, made.id: made})


def _of(form: Form, action: str) -> list[str]:
    """Return what the buttons with an action are about."""
    rows = (part.buttons for part in form.body if isinstance(part, Buttons))
    return [button.value for row in rows for button in row if button.action == action]
