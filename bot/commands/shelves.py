"""What the commands that list and show content share: options that must name something, and how it looks."""

from collections.abc import Collection, Iterable, Mapping

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.commands.faults import say
from lessons.models import Language
from lessons.spelling import nearest

WIDE = 1000
"""Wider than any table, to ask how narrow it can be."""


def all_known(asked: Mapping[str, str | None], known: Mapping[str, Collection[str]]) -> bool:
    """Whether every option names something there is. The first that does not is told, with what there is."""
    for option, value in asked.items():
        if value is not None and value not in known[option]:
            there = ", ".join(known[option])
            say(f"--{option} does not know {value!r}.{nearest(value, known[option])} There is: {there}.")
            return False
    return True


def languages() -> Collection[str]:
    return [language.value for language in Language]


def print_table(columns: Iterable[str], rows: Iterable[Iterable[str]], *, note: str) -> None:
    """Show a table; where the terminal is too narrow for its words, each row by itself, so that nothing is cut off."""
    names, cells, console = tuple(columns), [tuple(row) for row in rows], Console()
    table = Table()
    for at, name in enumerate(names):
        table.add_column(name, overflow="fold", no_wrap=not any(" " in row[at] for row in cells))
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    if console.measure(table, options=console.options.update(width=WIDE)).minimum <= console.width:
        console.print(table)
    else:
        for row in cells:
            console.print(_in_a_column(zip(names, row, strict=True)), "")
    console.print(Text(note, style="dim"))


def _in_a_column(texts: Iterable[tuple[str, str]]) -> Table:
    column = Table.grid(padding=(0, 2))
    for name, text in texts:
        column.add_row(Text(name, style="dim"), Text(text, overflow="fold"))
    return column


def print_card(title: str, head: Iterable[tuple[str, str]], texts: Iterable[tuple[str, str]]) -> None:
    """Show one thing: its keys in a column, then each text under its name. Names and texts are shown as they stand."""
    parts: list[Text] = []
    for name, text in texts:
        parts.append(Text(f"\n{name}", style="bold"))
        parts.append(Text(text))
    Console().print(Panel(Group(_in_a_column(head), *parts), title=Text(title), title_align="left", padding=(1, 2)))
