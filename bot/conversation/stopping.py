"""A team that stops before the last step: its facilitator says so, and what was learned, if anything."""

from bot.conversation.cards import Button, Form, Input, Note, Paragraph, Part, Style, TextInput
from bot.conversation.events import Pressed, Submitted
from bot.conversation.round_pages import said
from bot.conversation.round_view import StepNow, step_now
from bot.conversation.saving import LONGEST, fault_in
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Routes, Visit
from bot.conversation.wrapping_up import MOST_LEARNED, begin_with
from scheduler import round_news
from storage import rounds
from storage.tables.rounds import Ending, RoundState


def ask(visit: Visit, event: Pressed) -> list[Show]:
    at, words = step_now(visit, event.value), visit.words
    if (why_not := _why_not(visit, at)) is not None:
        return why_not
    body: list[Part | Input] = [Paragraph(words("round_changes.stop_text"))]
    if at.round.approved_at is None:  # then what is learned is a line in the wrap-up
        learned = TextInput(
            name="learned",
            label=words("round_changes.stop_label"),
            hint=words("round_changes.stop_hint", number=MOST_LEARNED),
            multiline=True,
            most=LONGEST,
            optional=True,
        )
        body += [learned, Note(words("saving.warning"))]
    form = Form(
        name="round.stop",
        about=str(at.row.id),
        title=words("round_changes.stop_title"),
        submit=words("round_changes.stop_submit"),
        close=words("rounds.cancel"),
        body=tuple(body),
    )
    return [OpenForm(form)]


def stop(visit: Visit, event: Submitted) -> list[Show]:
    at, words = step_now(visit, event.about), visit.words
    if (why_not := _why_not(visit, at)) is not None:
        return why_not
    learned = event.text("learned").strip()
    if (fault := _fault(visit, learned)) is not None:
        return [Refuse({"learned": fault})]
    if not rounds.end(visit.session, at.round.id, Ending.STOPPED_HERE, visit.now):
        return said(visit, words("round_changes.has_ended"))
    is_kept = not learned or begin_with(visit, at, learned)
    round_news.tell_ending(visit.session, at.round.id, visit.now, at_once=True)
    round_news.ask_later(visit.session, at.round.id, Ending.STOPPED_HERE, visit.now)
    return said(visit, words("round_changes.stopped" if is_kept else "round_changes.stopped_not_kept"))


def stop_button(visit: Visit, at: StepNow) -> tuple[Button, ...]:
    """Return the facilitator's button; none once it is over."""
    if at.round.state is RoundState.ENDED:
        return ()
    text = visit.words("round_changes.stop")
    return (Button(text=text, action="round.stop", value=str(at.row.id), style=Style.DANGER, opens_form=True),)


def _why_not(visit: Visit, at: StepNow) -> list[Show] | None:
    if at.team.facilitator_id != visit.person.id:
        return said(visit, visit.words("rounds.only_facilitator"))
    if at.round.state is RoundState.ENDED:
        return said(visit, visit.words("round_changes.has_ended"))
    return None


def _fault(visit: Visit, text: str) -> str | None:
    if (many := len(text.split())) > MOST_LEARNED:
        return visit.words("rounds.too_many_words", most=MOST_LEARNED, number=many)
    return fault_in(text, visit.words)


ROUTES = Routes(
    presses={"round.stop": ask},
    forms={"round.stop": stop},
    commands={},
    in_channels=frozenset({"round.stop"}),
)
