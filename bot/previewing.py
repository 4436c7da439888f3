"""Everything Knuff can show, with sample data: dressed as a platform would get it, or drawn on the screen."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.conversation import (
    coordinating_samples,
    focus_samples,
    leader_samples,
    method_samples,
    pairing_samples,
    relay_samples,
    round_change_samples,
    rule_samples,
    samples,
    sessions_samples,
    survey_samples,
    team_samples,
)
from bot.conversation.cards import (
    Button,
    Buttons,
    Card,
    Channel,
    ChoiceInput,
    Divider,
    Facts,
    Form,
    Heading,
    Input,
    Note,
    Paragraph,
    Part,
    People,
)
from bot.conversation.desk import House
from bot.slack import dress as slack_dress
from bot.teams import dress as teams_dress
from lessons.library import Library, load_library
from lessons.marks import QUIET, STRONG

Json = dict[str, Any]
Dress = Callable[[str, Card | Form, str], Json]
"""Takes where it is shown, the thing itself, and the language it is written in."""
Sample = tuple[str, str, Card | Form]
"""Where it is shown ("message", "modal" or "home"), its name, and the thing itself."""

WIDTH = 80
_MARKED = re.compile(f"{STRONG.pattern}|{QUIET.pattern}", re.DOTALL)


def preview_lines(platform: str, language: str, *, library: Library | None = None) -> Iterator[Json]:
    """Yield `surface`, `name` and `payload` of every message, form and Home.

    On Slack, a payload is the arguments of chat.postMessage without the channel, or the bare view. On Teams, it is the
    activity without its conversation ("message" and "home"), or the value of a task ("dialog"). Raises KeyError for a
    platform we do not know.
    """
    dressed, named = DRESSES[platform], SURFACES.get(platform, {})
    for surface, name, shown in every_sample(language, library=library):
        yield {"surface": named.get(surface, surface), "name": name, "payload": dressed(surface, shown, language)}


def preview_panels(language: str, *, library: Library | None = None) -> Iterator[RenderableType]:
    """Yield a drawing of every message, form and Home, for somebody reading on a screen."""
    for surface, name, shown in every_sample(language, library=library):
        yield Panel(Group(*_drawn(shown)), title=f"{surface} {name}", title_align="left", width=WIDTH)


def every_sample(language: str, *, library: Library | None = None) -> Iterator[Sample]:
    house = sample_house(library or load_library(), language)
    yield from samples.samples(language, house)
    yield from leader_samples.samples(language, house)
    yield from method_samples.samples(language, house)
    yield from focus_samples.samples(language, house)
    yield from sessions_samples.samples(language, house)
    yield from survey_samples.samples(language, house)
    yield from coordinating_samples.samples(language, house)
    yield from team_samples.samples(language, house)
    yield from rule_samples.samples(language, house)
    yield from round_change_samples.samples(language, house)
    yield from pairing_samples.samples(language, house)
    yield from relay_samples.samples(language, house)


def sample_house(library: Library, language: str) -> House:
    """Return an installation with a page of its own and every extra."""
    return House(
        library=library,
        organisation_name="Alvsunda kommun" if language == "sv" else "Alvsunda municipality",
        contact="Kim Ek, kim.ek@alvsunda.example",
        coordinators=frozenset(),
        page_address="https://knuff.alvsunda.example",
        extra_audiences=True,
    )


def on_slack(surface: str, shown: Card | Form, language: str = "") -> Json:
    """Return the payload that shows a card or form. Raises ValueError for a surface that can't show it."""
    match surface, shown:
        case "message", Card():
            return slack_dress.message(shown)
        case "home", Card():
            return slack_dress.home(shown)
        case "modal", Form():
            return slack_dress.modal(shown)
        case _:
            raise ValueError(f"a {type(shown).__name__.lower()} cannot be shown as {surface}")


def on_teams(surface: str, shown: Card | Form, language: str) -> Json:
    """Return the payload that shows a card or form; Home is a message there. Raises ValueError for a surface that
    can't show it."""
    match surface, shown:
        case "message" | "home", Card():
            return teams_dress.message(shown, language=language)
        case "modal", Form():
            return teams_dress.dialog(shown, "preview", language=language)
        case _:
            raise ValueError(f"a {type(shown).__name__.lower()} cannot be shown as {surface}")


DRESSES: dict[str, Dress] = {"slack": on_slack, "teams": on_teams}
SURFACES = {"teams": {"modal": "dialog"}}
"""What a platform calls a surface, where it has a name of its own."""


def _drawn(shown: Card | Form) -> Iterator[RenderableType]:
    if isinstance(shown, Card):
        for part in shown.parts:
            yield _part(part)
        return
    yield Text(shown.title, style="bold underline")
    for one in shown.body:
        yield _input(one) if isinstance(one, Input) else _part(one)
    yield Text("  ".join(f"[ {text} ]" for text in (shown.submit, shown.close) if text), style="cyan")


def _part(part: Part) -> RenderableType:
    match part:
        case Heading(text):
            return Text(text, style="bold")
        case Paragraph(text):
            return _marked(text)
        case Note(text):
            return _marked(text, style="dim")
        case Facts(pairs):
            return Text("\n".join(f"{label}: {value}" for label, value in pairs))
        case People(label, external_ids):
            return Text(f"{label}: {', '.join(external_ids) or '–'}")
        case Channel(label, conversation):
            return Text(f"{label}: {conversation}")
        case Buttons(buttons):
            return Text("  ".join(_button(button) for button in buttons), style="cyan")
        case Divider():
            return Rule(style="dim")


def _button(button: Button) -> str:
    return f"[ {button.text} ]"


def _input(one: Input) -> Text:
    """Return an input as its label, its hint and what can be chosen."""
    drawn = Text(one.label, style="bold")
    if one.hint:
        drawn.append(f"\n{one.hint}", style="dim not bold")
    if isinstance(one, ChoiceInput):
        for option in one.options:
            mark = "●" if option.value in one.initial else "○"
            drawn.append(f"\n  {mark} {option.text}", style="not bold")
    else:
        drawn.append("\n  ______________________", style="dim not bold")
    return drawn


def _marked(text: str, style: str = "") -> Text:
    """Return our text with its two marks as styles."""
    drawn, end = Text(style=style), 0
    for found in _MARKED.finditer(text):
        drawn.append(text[end : found.start()])
        drawn.append(found[1] or found[2], style="bold" if found[1] else "italic")
        end = found.end()
    return drawn.append(text[end:])
