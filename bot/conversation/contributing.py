"""What somebody hands in: written, read, changed and taken back, in a window of one's own.

Until it opens it is shown to nobody but its author, and afterwards without a name.
"""

from bot.conversation.cards import Button, Buttons, Confirm, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.contribution_forms import ABOUT, change_form, new_form, written_in
from bot.conversation.events import Pressed, Submitted
from bot.conversation.references import number
from bot.conversation.round_pages import not_in_team, page, read_first, refused, said
from bot.conversation.round_view import Candidate, StepNow, answers_to, belongs, candidates, in_words, on_day, step_now
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Routes, Visit
from lessons.challenge_steps import HandIn
from storage import contributions, round_reading
from storage.contributions import NOTHING, ONCE_FOR_ALL, About, Own
from storage.round_steps import NotTaken


def open_(visit: Visit, event: Pressed) -> list[Show]:
    """Open the form; or, once something is handed in, what it is, with what can be done with it."""
    at = step_now(visit, event.value)
    hand_in = at.step.hand_in
    if hand_in is None:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    if at.row.asks not in ONCE_FOR_ALL and contributions.own(visit.session, visit.person, at.row.id):
        return _own_page(visit, at, hand_in)
    return _blank(visit, at, hand_in)


def another(visit: Visit, event: Pressed) -> list[Show]:
    """Open an empty form, for one more."""
    at = step_now(visit, event.value)
    return _blank(visit, at, at.step.hand_in) if at.step.hand_in else refused(visit, NotTaken.NO_SUCH_STEP)


def hand_in(visit: Visit, event: Submitted) -> list[Show]:
    at = step_now(visit, event.about)
    asked = at.step.hand_in
    if asked is None:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    if (why_not := _why_not(visit, at)) is not None:
        return refused(visit, why_not)
    written = written_in(event, asked, visit.words)
    about = _about(visit, at, event)
    errors = written.errors | ({ABOUT: visit.words("rounds.choose")} if about is None else {})
    if errors or about is None:
        return [Refuse(errors)]
    kept = contributions.hand_in(visit.session, visit.person, at.row.id, written.inputs, visit.now, about=about)
    if isinstance(kept, NotTaken):
        return refused(visit, kept)
    return _kept(visit, at, asked)


def ask_for_change(visit: Visit, event: Pressed) -> list[Show]:
    at, mine = _own_one(visit, event.value)
    if mine is None or at.step.hand_in is None:
        return refused(visit, NotTaken.NOT_YOURS)
    if (why_not := _why_not_changed(visit, at)) is not None:
        return refused(visit, why_not)
    return [OpenForm(change_form(at, at.step.hand_in, mine.id, mine.inputs, visit.words, now=visit.now))]


def change(visit: Visit, event: Submitted) -> list[Show]:
    at, mine = _own_one(visit, event.about)
    if mine is None or at.step.hand_in is None:
        return refused(visit, NotTaken.NOT_YOURS)
    written = written_in(event, at.step.hand_in, visit.words)
    if written.errors:
        return [Refuse(written.errors)]
    why_not = contributions.change(visit.session, visit.person, mine.id, written.inputs, visit.now)
    return refused(visit, why_not) if why_not is not None else _own_page(visit, at, at.step.hand_in, "rounds.changed")


def withdraw(visit: Visit, event: Pressed) -> list[Show]:
    at, mine = _own_one(visit, event.value)
    if mine is None or at.step.hand_in is None:
        return refused(visit, NotTaken.NOT_YOURS)
    why_not = contributions.withdraw(visit.session, visit.person, mine.id, visit.now)
    if why_not is not None:
        return refused(visit, why_not)
    return _own_page(visit, at, at.step.hand_in, "rounds.withdrawn")


def _blank(visit: Visit, at: StepNow, asked: HandIn) -> list[Show]:
    if not belongs(visit, at):
        return not_in_team(visit)
    if (why_not := _why_not(visit, at)) is not None:
        return refused(visit, why_not)
    among: list[Candidate] = []
    if asked.about is not None:
        among = candidates(visit.session, at, asked.about, visit.words, visit.now)
        if not among:
            return said(visit, visit.words("rounds.nothing_to_choose"))
        answered = answers_to(visit.session, at, visit.words, visit.now) if at.row.asks in ONCE_FOR_ALL else {}
        among.sort(key=lambda one: one.id in answered)  # what has no answer yet comes first
    before = read_first(visit, at, asked.about) if asked.about is not None else []
    return [OpenForm(new_form(at, asked, among, visit.words, *before, now=visit.now))]


def _kept(visit: Visit, at: StepNow, asked: HandIn) -> list[Show]:
    if at.row.asks not in ONCE_FOR_ALL:
        return _own_page(visit, at, asked, "rounds.kept_hidden" if at.is_hidden else "rounds.kept_shown")
    words = visit.words
    if asked.about is None:
        return said(visit, words("rounds.kept_for_team"), _button(visit, at, "change", "contribution.another"))
    every = candidates(visit.session, at, asked.about, words, visit.now)
    left = len({one.id for one in every} - answers_to(visit.session, at, words, visit.now).keys())
    text = words.count("rounds.answers_left", left) if left else words("rounds.all_answered")
    return said(
        visit,
        text,
        _button(visit, at, "next", "contribution.another", style=Style.PRIMARY if left else Style.PLAIN),
        _button(visit, at, "see_all", "round.see"),
    )


def _own_page(visit: Visit, at: StepNow, asked: HandIn, saying: str | None = None) -> list[Show]:
    """The person's own, with what can be done with each."""
    words = visit.words
    mine = contributions.own(visit.session, visit.person, at.row.id)
    can_change = _why_not_changed(visit, at) is None
    parts: list[Part] = []
    if saying is not None:
        parts += [Paragraph(f"**{words(saying)}**"), Divider()]
    parts.append(Heading(words.of(at.step.title)))
    for one in mine:
        parts.append(Paragraph(in_words(one.inputs, asked, words)))
        if can_change:
            parts.append(_own_buttons(visit, at, one))
    if len(mine) < at.row.most_each and _why_not(visit, at) is None:
        parts.append(Buttons((_button(visit, at, "one_more" if mine else "write", "contribution.another"),)))
    if at.is_hidden and at.row.opens_at is not None:
        when = on_day(at, at.row.opens_at, words, visit.now)
        parts.append(Note(words("rounds.hidden_until", when=when)))
    elif mine:
        parts.append(Note(words("rounds.is_shown")))
    return [OpenForm(page(visit, "rounds.own_title", *parts))]


def _own_buttons(visit: Visit, at: StepNow, one: Own) -> Buttons:
    words, value = visit.words, f"{at.row.id}:{one.id}"
    sure = Confirm(
        title=words("rounds.withdraw_title"),
        text=words("rounds.withdraw_text"),
        yes=words("rounds.withdraw"),
        no=words("rounds.cancel"),
    )
    change = Button(text=words("rounds.change"), action="contribution.change", value=value, opens_form=True)
    take_back = Button(
        text=words("rounds.withdraw"), action="contribution.withdraw", value=value, confirm=sure, opens_form=True
    )
    return Buttons((change, take_back))


def _own_one(visit: Visit, value: str) -> tuple[StepNow, Own | None]:
    step_id, _, rest = value.partition(":")
    at, wanted = step_now(visit, step_id), number(rest)
    mine = contributions.own(visit.session, visit.person, at.row.id)
    return at, next((one for one in mine if one.id == wanted), None)


def _about(visit: Visit, at: StepNow, event: Submitted) -> About | None:
    """Return what the contribution is about; None when nothing that is to be seen was chosen."""
    key = at.looks_back_on
    if key is None:
        return NOTHING
    chosen = event.text(ABOUT)
    among = {str(one.id): one.id for one in candidates(visit.session, at, key, visit.words, visit.now)}
    return About(contribution_id=among[chosen]) if chosen in among else None


def _why_not(visit: Visit, at: StepNow) -> NotTaken | None:
    """Why nothing is taken now. What the team says once is fixed when the next step begins."""
    if at.is_over:
        return NotTaken.CLOSED
    if visit.now < at.row.prompt_at:
        return NotTaken.NOT_YET
    if at.row.asks in ONCE_FOR_ALL and _next_has_begun(visit, at):
        return NotTaken.CLOSED
    return None


def _why_not_changed(visit: Visit, at: StepNow) -> NotTaken | None:
    return NotTaken.OPENED if at.row.opened_at is not None else _why_not(visit, at)


def _next_has_begun(visit: Visit, at: StepNow) -> bool:
    steps = round_reading.steps(visit.session, at.round.id)
    return any(at.row.prompt_at < row.prompt_at <= visit.now for row in steps)


def _button(visit: Visit, at: StepNow, text: str, action: str, *, style: Style = Style.PLAIN) -> Button:
    return Button(text=visit.words(f"rounds.{text}"), action=action, value=str(at.row.id), style=style, opens_form=True)


ROUTES = Routes(
    presses={
        "contribution.open": open_,
        "contribution.another": another,
        "contribution.change": ask_for_change,
        "contribution.withdraw": withdraw,
    },
    forms={"contribution.new": hand_in, "contribution.change": change},
    commands={},
    in_channels=frozenset(
        {
            "contribution.open",
            "contribution.another",
            "contribution.change",
            "contribution.withdraw",
            "contribution.new",
        }
    ),
)
