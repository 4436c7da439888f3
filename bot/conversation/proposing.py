"""What a member hands in and nobody is to know who: a form of their own that knows nobody, opened and sent by nobody.

The button that opens it comes with their own message; whoever had none asks for one in the channel. From there on
(`answer`) nothing knows who they are: neither the press nor what is written is kept with them.
"""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.cards import Button, Buttons, Card, Form, Heading, Input, Note, Paragraph, Part, Style
from bot.conversation.contribution_forms import Written, enough_parts, inputs_of, missing_in, read_inputs
from bot.conversation.events import Pressed, Submitted
from bot.conversation.nameless import HAND_IN, OPEN
from bot.conversation.round_pages import said
from bot.conversation.round_view import StepNow, step_of_message
from bot.conversation.sealing import digest_of, is_ours, new_token
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import House, Visit
from lessons.challenge_steps import HandIn
from storage import proposals
from storage.moments import local_day
from storage.proposals import Inputs
from storage.round_reading import StepNotFound
from storage.round_steps import NotTaken


def form_button(house: House, at: StepNow, words: Words) -> Button:
    """Return the button of a form nobody has had yet. Each that is made may be handed in once."""
    value = f"{at.row.id}:{words.language}:{new_token(house.secret, str(at.row.id))}"
    return Button(text=words("rounds.write"), action=OPEN, value=value, style=Style.PRIMARY, opens_form=True)


def ask_for_form(visit: Visit, at: StepNow) -> list[Show]:
    """Send a form to a member's own chat when they have had none, and say where it is."""
    words = visit.words
    why_not = proposals.give_form(visit.session, visit.person, at.row.id, visit.now)
    if why_not is NotTaken.ENOUGH:
        return said(visit, words("rounds.form_in_chat"))
    if why_not is not None:
        return said(visit, words(f"rounds.{_said_of(why_not)}"))
    button = form_button(visit.house, at, words)  # the same form in both: one of them may not arrive
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        Paragraph(words.of(at.step.private or at.step.prompt)),
        Buttons((button,)),
        Note(words("rounds.anonymous_button")),
    ]
    summary = words("rounds.summary", title=words.of(at.challenge.title), step=words.of(at.step.title))
    return [Say(Card(summary=summary, parts=tuple(parts))), *said(visit, words("rounds.form_sent"), button)]


def answer(session: Session, house: House, event: Pressed | Submitted, now: datetime) -> list[Show]:
    """Open a form, or take what is written in one. `event` says nothing of who it is from."""
    value = event.value if isinstance(event, Pressed) else event.about
    step, _, rest = value.partition(":")
    language, _, token = rest.partition(":")
    words = Words(language)
    at = _step(session, step) if is_ours(house.secret, step, token) else None
    asked = at.step.hand_in if at is not None and at.is_anonymous else None
    if at is None or asked is None:
        return _page(words, "form_unknown")
    digest = digest_of(house.secret, step, token)
    if proposals.is_used(session, at.row.id, digest):
        return _page(words, "form_used")
    if isinstance(event, Pressed):
        why_not = _why_not(at, now)
        return _page(words, _said_of(why_not)) if why_not is not None else [_blank(at, asked, value, words, now)]
    return _taken(session, at, asked, event, digest, words, now)


def _taken(
    session: Session, at: StepNow, asked: HandIn, event: Submitted, digest: str, words: Words, now: datetime
) -> list[Show]:
    every = [read_inputs(event, asked, words, number=number) for number in range(1, at.row.most_each + 1)]
    if errors := _errors(every, asked, words):
        return [Refuse(errors)]
    written: list[Inputs] = [one.inputs for one in every if not one.is_empty]
    day = local_day(now, at.team.zone)
    why_not = proposals.hand_in(session, at.row.id, digest, written, now=now, day=day)
    return _page(words, "kept_nameless" if why_not is None else _said_of(why_not))


def _errors(every: list[Written], asked: HandIn, words: Words) -> dict[str, str]:
    errors = {name: fault for one in every for name, fault in one.errors.items()}
    for number, one in enumerate(every, start=1):
        if not one.is_empty or (number == 1 and all(one.is_empty for one in every)):
            errors |= missing_in(one, asked, words, number=number)
    return errors


def _blank(at: StepNow, asked: HandIn, about: str, words: Words, now: datetime) -> OpenForm:
    body: list[Part | Input] = [Paragraph(words.of(at.step.private or at.step.prompt)), Note(words("rounds.anonymous"))]
    if at.row.opens_at is not None and now < at.row.opens_at:
        day, clock = local_day(at.row.opens_at, at.team.zone), words.clock(at.row.opens_at, at.team.zone)
        body.append(Note(words("rounds.opens_on", day=words.day(day), clock=clock)))
    body += enough_parts(asked, words)
    for number in range(1, at.row.most_each + 1):
        body += inputs_of(asked, words, number=number)
    form = Form(
        name=HAND_IN,
        about=about,
        title=words("rounds.write_title"),
        submit=words("rounds.submit"),
        close=words("rounds.cancel"),
        body=(*body, Note(words("saving.warning"))),
        language=words.language,
    )
    return OpenForm(form, too_late=words("typed.form_too_late"), not_opened=words("typed.form_not_opened"))


def _page(words: Words, text: str) -> list[Show]:
    shown = Form(
        name="round.page",
        title=words("rounds.title"),
        submit=None,
        close=words("rounds.close"),
        body=(Paragraph(words(f"rounds.{text}")),),
        language=words.language,
    )
    return [OpenForm(shown)]


def _said_of(why_not: NotTaken) -> str:
    match why_not:
        case NotTaken.OPENED:
            return "nameless_opened"
        case NotTaken.ENOUGH:
            return "form_used"
        case _:
            return f"not_{why_not.value}"


def _why_not(at: StepNow, now: datetime) -> NotTaken | None:
    if at.row.opened_at is not None:
        return NotTaken.OPENED
    if at.is_over:
        return NotTaken.CLOSED
    return NotTaken.NOT_YET if now < at.row.prompt_at else None


def _step(session: Session, step: str) -> StepNow | None:
    """Return a step that a sealed form names; None when its round has been disposed of."""
    try:
        return step_of_message(session, int(step))
    except StepNotFound:
        return None
