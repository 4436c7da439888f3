"""A rehearsal of a challenge on screen: how the rounds ended, and the account."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.rehearsal.rounds.result import RoundsResult
from bot.rehearsal.showing import out_of_account

MOST_FINDINGS = 10


def shown_rounds(result: RoundsResult) -> RenderableType:
    return Group(
        Text(
            f"{result.challenge}: {result.teams} teams of {result.people} people on "
            f"{' and '.join(map(str.capitalize, result.platforms))} from {result.start:%A %d %B %Y}, "
            f"seed {result.seed}",
            style="bold",
        ),
        Text(f"{result.in_cohort} of them get an exercise a day beside it", style="dim"),
        *_down(result),
        endings(result),
        account(result),
        verdict(result),
    )


def endings(result: RoundsResult) -> Table:
    table = Table(title="How the rounds ended", title_justify="left")
    table.add_column("Ending")
    table.add_column("Rounds", justify="right")
    for ending, number in result.endings.items():
        table.add_row(ending.replace("_", " "), f"{number:,}")
    return table


def account(result: RoundsResult) -> Table:
    table = Table(title="Account", title_justify="left")
    table.add_column("What")
    table.add_column("Number", justify="right")
    table.add_row("Promised", f"{result.promised:,}", style="bold")
    table.add_row("Delivered", f"{result.delivered:,}")
    for reason, number in result.explained.items():
        table.add_row(f"Explained: {reason.replace('_', ' ')}", f"{number:,}")
    table.add_section()
    table.add_row("Messages we started", f"{result.messages:,}")
    table.add_row("Of them in channels", f"{result.in_channels:,}")
    table.add_row("Texts handed in", f"{result.handed_in:,}")
    if result.relay_findings is not None:
        table.add_row("Batons handed over", f"{result.relay_findings.handed_over:,}")
    return table


def verdict(result: RoundsResult) -> Panel:
    """Return whether everything was as promised, and the first few that were not."""
    wrong = list(_wrong(result))
    seconds = f"{result.wall_seconds:.1f} s"
    if not wrong:
        chain = " No baton was lost." if result.chain_complete else ""
        text = (
            "Every round ended in a named way, nobody heard from us twice a day, nothing was shown before its hour, "
            f"and every promise was kept or explained.{chain} {seconds}."
        )
        return Panel(text, style="green", expand=False)
    return Panel("\n".join([*wrong, f"{seconds}."]), title="Not as promised", style="red", expand=False)


def _down(result: RoundsResult) -> Iterator[Text]:
    if result.outages:
        spans = ", ".join(f"{since:%a %d %b %H:%M} to {until:%a %d %b %H:%M}" for since, until in result.outages)
        yield Text(f"Knuff was down: {spans} (UTC)", style="dim")


def _wrong(result: RoundsResult) -> Iterator[str]:
    yield from out_of_account(result)
    for name, some in result.wrong.items():
        yield f"{len(some)} {name.replace('_', ' ')}:"
        yield from (f"  {one}" for one in some[:MOST_FINDINGS])
