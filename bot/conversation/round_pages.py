"""Pages about a step that are only read: one's own window, where nobody else reads along."""

from bot.conversation import facilitators, mandates
from bot.conversation.cards import Button, Buttons, Divider, Form, Heading, Note, Paragraph, Part
from bot.conversation.events import Pressed
from bot.conversation.handed_in import told_again
from bot.conversation.round_lists import nothing_to_read
from bot.conversation.round_view import StepNow, belongs, candidates, said_about, step_called, step_now
from bot.conversation.shows import OpenForm, Show
from bot.conversation.visiting import Routes, Visit
from lessons.challenges import Challenge
from storage.round_steps import NotTaken

MOST_READ = 80
"""Parts of a page that are somebody's words."""
LONGEST_OPTION = 75


def show_all(visit: Visit, event: Pressed) -> list[Show]:
    """Show what an earlier step has brought, and what has been said about each so far."""
    at = step_now(visit, event.value)
    key = at.reads
    if key is None:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    if not belongs(visit, at):
        return not_in_team(visit)
    return [*_all_of(visit, at, key), *told_again(visit, at)]


def show_opened(visit: Visit, event: Pressed) -> list[Show]:
    """Show everything a step itself has brought, where its message had no room for it."""
    at = step_now(visit, event.value)
    if not belongs(visit, at):
        return not_in_team(visit)
    about = at.step.looks_back_on
    shows = _all_of(visit, at, about if at.is_once_for_all and about is not None else at.row.key)
    return [*shows, *told_again(visit, at)]


def _all_of(visit: Visit, at: StepNow, key: str) -> list[Show]:
    words = visit.words
    shown = candidates(visit.session, at, key, words, visit.now)
    said_of = said_about(visit.session, at, key, words, visit.now)
    parts: list[Part] = [Heading(words.of(step_called(at.challenge, key).title))]
    for one in shown[:MOST_READ]:
        parts.append(Paragraph(f"• {one.text}"))
        for text in said_of.get(one.id, ()):
            if len(parts) < MOST_READ:
                parts.append(Note(text))
    if not shown:
        parts.append(Paragraph(nothing_to_read(at, key, words)))
    parts.append(Note(words("rounds.without_names")))
    return [OpenForm(page(visit, "rounds.see_title", *parts))]


def show_about(visit: Visit, event: Pressed) -> list[Show]:
    """Show what the challenge is for, and what is good to know first."""
    at = step_now(visit, event.value)
    mandate = mandates.about_parts(visit.session, at, visit.words)
    leads = facilitators.about_parts(visit.session, at, visit.words)
    parts = [*about_parts(visit, at.challenge), *leads, *mandate, Note(visit.words("rounds.nobody_sees"))]
    return [OpenForm(page(visit, "rounds.about_title", *parts))]


def about_parts(visit: Visit, challenge: Challenge) -> list[Part]:
    words = visit.words
    return [
        Heading(words.of(challenge.title)),
        Paragraph(words.of(challenge.about)),
        Heading(words("rounds.safeguards")),
        *(Paragraph(f"• {words.of(one)}") for one in challenge.safeguards),
    ]


def page(visit: Visit, title: str, *parts: Part) -> Form:
    words = visit.words
    return Form(name="round.page", title=words(title), submit=None, close=words("rounds.close"), body=parts)


def said(visit: Visit, text: str, *buttons: Button) -> list[Show]:
    """Say something short in a page of its own, perhaps with something to press."""
    rest: tuple[Part, ...] = (Buttons(buttons),) if buttons else ()
    return [OpenForm(page(visit, "rounds.title", Paragraph(text), *rest))]


def refused(visit: Visit, why: NotTaken) -> list[Show]:
    """Say why something is not taken, and what to do instead."""
    return said(visit, visit.words(f"rounds.not_{why.value}"))


def not_in_team(visit: Visit) -> list[Show]:
    """Say that it is the team's, and where to join: in its channel and nowhere else."""
    return said(visit, visit.words("rounds.not_in_team"))


def short(text: str) -> str:
    """Return a text as the choice it becomes in a list."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_OPTION else f"{line[: LONGEST_OPTION - 1].rstrip()}…"


def read_first(visit: Visit, at: StepNow, key: str) -> list[Part]:
    """What is chosen among, whole, where the choices themselves have no room for it, with what has been said of it."""
    shown = candidates(visit.session, at, key, visit.words, visit.now)
    said_of = said_about(visit.session, at, key, visit.words, visit.now)
    parts: list[Part] = []
    for one in shown:
        if one.id in said_of or short(one.headline) != one.text:
            parts += [Paragraph(f"• {one.text}"), *map(Note, said_of.get(one.id, ()))]
    return [Note(visit.words("rounds.whole_text")), *parts[: MOST_READ // 2], Divider()] if parts else []


ROUTES = Routes(
    presses={"round.see": show_all, "round.opened": show_opened, "round.about": show_about},
    forms={},
    commands={},
    in_channels=frozenset({"round.see", "round.opened", "round.about"}),
)
