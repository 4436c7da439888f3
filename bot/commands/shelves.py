"""What the commands that list and show content share: options that must name something, and how it looks."""

from collections.abc import Collection, Iterable, Mapping

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.commands.faults import say
from lessons.models import Language
from lessons.spelling import nearest


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
    table = Table(*columns)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    console.print(table)
    console.print(Text(note, style="dim"))


def print_card(title: str, head: Iterable[tuple[str, str]], texts: Iterable[tuple[str, str]]) -> None:
    """Show one thing: its keys in a column, then each text under its name. Names and texts are shown as they stand."""
    keys = Table.grid(padding=(0, 2))
    for name, value in head:
        keys.add_row(Text(name, style="dim"), Text(value))
    parts: list[Text] = []
    for name, text in texts:
        parts.append(Text(f"\n{name}", style="bold"))
        parts.append(Text(text))
    Console().print(Panel(Group(keys, *parts), title=Text(title), title_align="left", padding=(1, 2)))
