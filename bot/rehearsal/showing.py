"""A rehearsal on screen: the calendar and the account."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.rehearsal.result import Day, Result
from bot.rehearsal.rounds.result import RoundsResult

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
MOST_FINDINGS = 10


def shown(result: Result) -> RenderableType:
    return Group(
        Text(
            f"{result.programme}: {result.people} people on {' and '.join(map(str.capitalize, result.platforms))} "
            f"from {result.start:%A %d %B %Y}, seed {result.seed}",
            style="bold",
        ),
        Text(", ".join(f"{zone} {people}" for zone, people in result.zones.items()), style="dim"),
        *_meanwhile(result),
        calendar(result.calendar),
        account(result),
        *_by_role(result),
        *_meetings(result),
        verdict(result),
    )


def _meanwhile(result: Result) -> Iterator[Text]:
    """What was special about this time: closed days, and when Knuff was down."""
    if result.closed:
        yield Text("Closed: " + ", ".join(f"{day:%a %d %b}" for day in result.closed), style="dim")
    if result.outages:
        spans = ", ".join(f"{since:%a %d %b %H:%M}–{until:%H:%M}" for since, until in result.outages)
        yield Text(f"Knuff was down: {spans} (UTC)", style="dim")


def calendar(days: Sequence[Day]) -> Table:
    """Weeks down, weekdays across: how much was delivered each day, and what a day without is called."""
    table = Table(title="Delivered each day", title_justify="left")
    table.add_column("Week of")
    for weekday in WEEKDAYS:
        table.add_column(weekday, justify="right")
    for _, some in groupby(days, key=lambda one: one.day.isocalendar()[:2]):
        week = list(some)
        cells = {one.day.weekday(): _cell(one) for one in week}
        table.add_row(f"{week[0].day:%d %b}", *(cells.get(number, Text("")) for number in range(len(WEEKDAYS))))
    return table


def account(result: Result) -> Table:
    table = Table(title="Account", title_justify="left")
    table.add_column("What")
    table.add_column("Number", justify="right")
    table.add_row("Promised", f"{result.promised:,}", style="bold")
    table.add_row("Delivered", f"{result.delivered:,}")
    for reason, number in sorted(result.explained.items(), key=lambda item: -item[1]):
        table.add_row(f"Explained: {reason.replace('_', ' ')}", f"{number:,}")
    table.add_section()
    table.add_row("Messages we started", f"{result.messages:,}")
    table.add_row("Answered", f"{result.answered:,}")
    table.add_row("Messages in answer to people", f"{result.replies:,}")
    if result.recall.shown:
        recall = result.recall
        table.add_row("Cases asked again, answered, right", f"{recall.shown:,}, {recall.answered:,}, {recall.right:,}")
    for wave in result.surveys:
        name = f"Survey {wave.wave}: asked, answered, declined"
        table.add_row(name, f"{wave.asked:,}, {wave.answered:,}, {wave.declined:,}")
    if result.zone_untold:
        table.add_row("Sent before we knew where somebody was", f"{result.zone_untold:,}")
    return table


def _by_role(result: Result) -> Iterator[Table]:
    """What each role received, where there is more than one."""
    if len(result.by_role) < 2:
        return
    table = Table(title="Exercises received by role", title_justify="left")
    table.add_column("Role")
    table.add_column("People", justify="right")
    table.add_column("Exercises", justify="right")
    table.add_column("First")
    table.add_column("Last")
    table.add_column("In weeks", justify="right")
    for role, received in result.by_role.items():
        days = (f"{day:%a %d %b %Y}" if day else "–" for day in (received.first_day, received.last_day))
        name, weeks = role.replace("-", " ").capitalize(), str(len(received.weeks))
        table.add_row(name, f"{received.people:,}", f"{received.steps:,}", *days, weeks)
    yield table


def _meetings(result: Result) -> Iterator[Table]:
    if not result.sessions:
        return
    table = Table(title="Meetings of the programme", title_justify="left")
    table.add_column("Day")
    table.add_column("Begins")
    table.add_column("Minutes", justify="right")
    table.add_column("What")
    for one in result.sessions:
        table.add_row(f"{one.day:%a %d %b %Y}", one.begins, str(one.minutes), one.title)
    yield table


def verdict(result: Result) -> Panel:
    """Return whether every promise was kept, and the first few that were not."""
    speed = (
        f"{result.wall_seconds:.1f} s, {result.delivered / max(result.wall_seconds, 0.001):,.0f} deliveries a second"
    )
    wrong = list(_wrong(result))
    if not wrong:
        text = f"Every promise was kept or explained, once, at a humane hour. {speed}."
        return Panel(text, style="green", expand=False)
    return Panel("\n".join([*wrong, f"{speed}."]), title="Not as promised", style="red", expand=False)


def _cell(day: Day) -> Text:
    number = f"{day.delivered:,}" if day.delivered else "–"
    return Text(f"{day.name}\n{number}", style="yellow") if day.name else Text(number)


def _wrong(result: Result) -> Iterator[str]:
    yield from out_of_account(result)
    for one in result.sessions:
        if one.is_in_rest or not one.is_working_day:
            yield f"The meeting {one.number} is on {one.day}, which is no working day of the programme."
    findings = result.findings
    for title, some in (
        ("lost", findings.lost),
        ("received twice", findings.duplicates),
        ("outside hours", findings.outside_hours),
        ("several a day", findings.several_a_day),
        ("in a rest", findings.in_rest),
        ("of another role", findings.of_others),
    ):
        if some:
            yield f"{len(some)} {title}:"
            yield from (f"  {one}" for one in some[:MOST_FINDINGS])


def out_of_account(result: Result | RoundsResult) -> Iterator[str]:
    """Say what does not balance."""
    if not result.is_balanced:
        explained = sum(result.explained.values())
        yield f"Promised {result.promised} is not delivered {result.delivered} and explained {explained}."
    if result.unsettled:
        yield f"{result.unsettled} promises had no end when their day was over."
    if result.never_arrived:
        yield f"{result.never_arrived} deliveries were settled as sent and never received."
    if result.unbalanced_nights:
        yield f"The account did not balance on {result.unbalanced_nights} nights."
