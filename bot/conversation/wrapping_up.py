"""The wrap-up of a round: what was chosen and what comes next, approved by the team before anybody else sees it."""

import hashlib
import json
from dataclasses import dataclass

from bot.conversation.cards import Button, Buttons, Facts, Form, Heading, Input, Note, Paragraph, Part, Style, TextInput
from bot.conversation.events import Pressed, Submitted
from bot.conversation.round_again import approved_again
from bot.conversation.round_pages import not_in_team, page, refused, said
from bot.conversation.round_results import number_shown, winner_of
from bot.conversation.round_view import StepNow, belongs, latest_input, step_now
from bot.conversation.saving import LONGEST, fault_in
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Visit
from bot.conversation.wrap_up_reading import LEARNED, NOTHING, STOPPED, facts
from lessons.challenge_steps import Outcome
from lessons.challenges import WrapUpLine
from scheduler import round_news
from storage import round_reading, wrap_ups
from storage.round_steps import NotTaken
from storage.tables.rounds import RoundState
from storage.wrap_ups import Lines

MOST_LEARNED = 50
"""Words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """Something that the facilitator writes."""

    key: str
    label: str
    words: int
    hint: str = ""
    is_optional: bool


def open_(visit: Visit, event: Pressed) -> list[Show]:
    """Show the wrap-up as far as it has come, with what this person can do with it."""
    return _page(visit, event.value)


def ask(visit: Visit, event: Pressed) -> list[Show]:
    """Let the facilitator write it."""
    at, words = step_now(visit, event.value), visit.words
    if (why_not := _why_not_written(visit, at)) is not None:
        return why_not
    kept: Lines = at.round.wrap_up or {}
    least = words.number(_least(at))
    body: list[Part | Input] = [Paragraph(words("rounds.wrap_up_text", least=least)), *_found(visit, at)]
    body += [
        TextInput(
            name=line.key,
            label=line.label,
            hint=f"{line.hint} {words('rounds.at_most_words', number=line.words)}".strip(),
            initial=kept.get(line.key, ""),
            multiline=line.words > ONE_LINE,
            most=LONGEST,
            optional=line.is_optional,
        )
        for line in _to_write(at, words)
    ]
    form = Form(
        name="wrap_up.write",
        about=str(at.row.id),
        title=words("rounds.wrap_up_title"),
        submit=words("rounds.wrap_up_submit"),
        close=words("rounds.cancel"),
        body=(*body, Note(words("saving.warning"))),
    )
    return [OpenForm(form)]


def write(visit: Visit, event: Submitted) -> list[Show]:
    at = step_now(visit, event.about)
    if (why_not := _why_not_written(visit, at)) is not None:
        return why_not
    lines, errors = dict(_found_lines(visit, at)), {}
    for line in _to_write(at, visit.words):
        text = event.text(line.key).strip()
        lines[line.key] = text
        if (fault := _fault(line, text, visit.words)) is not None:
            errors[line.key] = fault
    if at.round.ending in STOPPED and not any(event.text(line.key).strip() for line in _to_write(at, visit.words)):
        errors = {LEARNED: visit.words("rounds.write_something")}
    if errors:
        return [Refuse(errors)]
    not_taken = wrap_ups.write(visit.session, visit.person, at.round.id, lines)
    if not_taken is not None:
        return refused(visit, not_taken)
    round_news.tell_wrap_up(visit.session, at.round.id, visit.now)
    return _page(visit, event.about, "rounds.wrap_up_kept")


def begin_with(visit: Visit, at: StepNow, learned: str) -> bool:
    """Let the wrap-up say what the team learned when it stopped, and what it had come to by then, beside what is
    written in it already. False: the team has approved of it, and it stays as it is."""
    lines = (at.round.wrap_up or {}) | dict(_found_lines(visit, at)) | {LEARNED: learned}
    return wrap_ups.write(visit.session, visit.person, at.round.id, lines) is None


def approve(visit: Visit, event: Pressed) -> list[Show]:
    """Approve of what was seen, and of nothing else."""
    step_id, _, seen = event.value.partition(":")
    at = step_now(visit, step_id)
    kept: Lines = at.round.wrap_up or {}
    lines = _lines_now(visit, at) or {}
    if at.round.approved_at is None and _digest(lines) != seen:
        return _page(visit, step_id, "rounds.wrap_up_has_changed")
    not_taken = wrap_ups.approve(
        visit.session, visit.person, at.round.id, lines, visit.now, kept=kept, least=_least(at)
    )
    if not_taken is NotTaken.CLOSED:  # the others have approved of it meanwhile
        return _page(visit, step_id)
    if not_taken is not None:
        return refused(visit, not_taken)
    shows = _page(visit, step_id, "rounds.wrap_up_approved")
    return [*shows, *approved_again(visit, step_now(visit, step_id))]


def _page(visit: Visit, value: str, saying: str | None = None) -> list[Show]:
    at, words = step_now(visit, value), visit.words
    if not belongs(visit, at):
        return not_in_team(visit)
    told: list[Part] = [Paragraph(f"**{words(saying)}**")] if saying is not None else []
    again: list[Show] = []
    lines = _lines_now(visit, at)
    if (
        lines is not None
        and lines == at.round.wrap_up
        and wrap_ups.share(visit.session, visit.person, at.round.id, visit.now, least=_least(at))
    ):  # somebody has left since, and those who are there have all approved
        at = step_now(visit, value)
        again = approved_again(visit, at)
    if lines is None:
        told += [Paragraph(words("rounds.wrap_up_none")), *_found(visit, at)]
    else:
        told += [Heading(words.of(at.challenge.title)), facts(at.challenge, at.round, lines, words)]
        stands = "shared" if at.round.approved_at else "waits"
        told.append(Note(words(f"rounds.wrap_up_{stands}", least=words.number(_least(at)))))
    buttons = [] if at.round.approved_at is not None else _can_do(visit, at, lines)
    if buttons:
        told.append(Buttons(tuple(buttons)))
    return [OpenForm(page(visit, "rounds.wrap_up_title", *told)), *again]


def _can_do(visit: Visit, at: StepNow, lines: Lines | None) -> list[Button]:
    words, buttons = visit.words, []
    has_approved = lines == at.round.wrap_up and wrap_ups.has_approved(visit.session, visit.person, at.round.id)
    if lines is not None and not has_approved:
        value = f"{at.row.id}:{_digest(lines)}"
        buttons.append(
            Button(
                text=words("rounds.wrap_up_approve"),
                action="wrap_up.approve",
                value=value,
                style=Style.PRIMARY,
                opens_form=True,
            )
        )
    if at.team.facilitator_id == visit.person.id:
        text = words("rounds.wrap_up_write" if lines is None else "rounds.wrap_up_change")
        buttons.append(Button(text=text, action="wrap_up.ask", value=str(at.row.id), opens_form=True))
    return buttons


def _why_not_written(visit: Visit, at: StepNow) -> list[Show] | None:
    if at.team.facilitator_id != visit.person.id:
        return said(visit, visit.words("rounds.only_facilitator"))
    if at.round.approved_at is not None:
        return said(visit, visit.words("rounds.wrap_up_shared"))
    if at.round.state is RoundState.ENDED:
        return None
    last = round_reading.steps(visit.session, at.round.id)[-1]
    return refused(visit, NotTaken.NOT_YET) if visit.now < last.prompt_at else None


def _found(visit: Visit, at: StepNow) -> list[Part]:
    """What the team has come to already."""
    labels = {line.key: line.label for line in at.challenge.wrap_up}
    pairs = [(visit.words.of(labels[key]), text) for key, text in _found_lines(visit, at)]
    return [Facts(tuple(pairs))] if pairs else []


def _found_lines(visit: Visit, at: StepNow) -> list[tuple[str, str]]:
    return [(line.key, _from(visit, at, line)) for line in at.challenge.wrap_up if line.source is not None]


def _lines_now(visit: Visit, at: StepNow) -> Lines | None:
    """What it says now: what was written, and what the round has come to, until the team has approved it."""
    lines: Lines | None = at.round.wrap_up
    if lines is None or at.round.approved_at is not None:
        return lines
    return lines | dict(_found_lines(visit, at))


def _least(at: StepNow) -> int:
    """How many are to approve, where they are so many."""
    return max(wrap_ups.FEWEST, *(step.least for step in at.challenge.steps))


def _from(visit: Visit, at: StepNow, line: WrapUpLine) -> str:
    source = line.source
    if source is None:
        return NOTHING
    team_words = Words(at.team.language)
    if source.part == Outcome.WINNER:
        winner = winner_of(visit.session, at, source.step, team_words, visit.now)
        return winner.headline if winner is not None else NOTHING
    if source.part == Outcome.COUNT:
        return str(number_shown(visit.session, at, source.step, team_words, visit.now))
    return latest_input(visit.session, at, source.step, source.part, team_words, visit.now) or NOTHING


def _to_write(at: StepNow, words: Words) -> list[_Line]:
    has_stopped = at.round.ending in STOPPED
    lines = [
        _Line(
            key=line.key,
            label=words.of(line.label),
            words=line.words,
            hint=words.of(line.hint) if line.hint is not None else "",
            is_optional=has_stopped,
        )
        for line in at.challenge.wrap_up
        if line.source is None
    ]
    learned = _Line(key=LEARNED, label=words("round_changes.learned"), words=MOST_LEARNED, is_optional=True)
    return [learned, *lines] if has_stopped else lines


def _fault(line: _Line, text: str, words: Words) -> str | None:
    if not text:
        return None if line.is_optional else words("rounds.write_something")
    if (many := len(text.split())) > line.words:
        return words("rounds.too_many_words", most=line.words, number=many)
    return fault_in(text, words)


def _digest(lines: Lines) -> str:
    return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()[:16]


ONE_LINE = 15
"""Words that a line of a form has room for."""

ROUTES = Routes(
    presses={"wrap_up.open": open_, "wrap_up.ask": ask, "wrap_up.approve": approve},
    forms={"wrap_up.write": write},
    commands={},
    in_channels=frozenset({"wrap_up.open", "wrap_up.ask", "wrap_up.approve", "wrap_up.write"}),
)
