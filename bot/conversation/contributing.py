"""What somebody hands in: written, read, changed and taken back, in a window of one's own.

Until it opens it is shown to nobody but its author, and afterwards without a name.
"""

from bot.conversation import handed_in, pairing_choices, proposing, relay_batons
from bot.conversation.cards import Button, Buttons, Confirm, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.contribution_forms import ABOUT, change_form, has_warned, new_form, step_in, written_in
from bot.conversation.events import Pressed, Submitted
from bot.conversation.inputs_in_words import in_words
from bot.conversation.mandates import holder_of
from bot.conversation.references import number
from bot.conversation.round_lists import nothing_to_read
from bot.conversation.round_pages import not_in_team, page, read_first, refused, said
from bot.conversation.round_results import is_left_out
from bot.conversation.round_view import (
    Candidate,
    StepNow,
    answers_to,
    belongs,
    candidates,
    is_asked,
    latest_inputs,
    on_day,
    own_ids,
    step_now,
)
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Routes, Visit
from lessons.challenge_steps import HandIn
from storage import contributions
from storage.contributions import NOTHING, About, Inputs, Own
from storage.round_steps import NotTaken
from storage.tables.rounds import Asks


def open_(visit: Visit, event: Pressed) -> list[Show]:
    """Open the form; or, once something is handed in, what it is, with what can be done with it."""
    at = step_now(visit, event.value)
    if (the_baton := relay_batons.instead(visit, at)) is not None:
        return the_baton
    hand_in = at.step.hand_in
    if hand_in is None:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    if at.is_anonymous:
        return proposing.ask_for_form(visit, at)
    if not at.is_once_for_all and contributions.own(visit.session, visit.person, at.row.id):
        return _own_page(visit, at, hand_in)
    again = handed_in.told_again(visit, at) if belongs(visit, at) else []
    return [*_blank(visit, at, hand_in), *again]


def another(visit: Visit, event: Pressed) -> list[Show]:
    """Open an empty form, for one more."""
    at = step_now(visit, event.value)
    if (the_baton := relay_batons.instead(visit, at)) is not None:
        return the_baton
    if at.step.hand_in is None or at.is_anonymous:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    return _blank(visit, at, at.step.hand_in)


def hand_in(visit: Visit, event: Submitted) -> list[Show]:
    """Keep what was written. What has opened since the form was is asked once more: it said that nobody sees it yet."""
    at = step_now(visit, step_in(event))
    if (the_baton := relay_batons.instead(visit, at)) is not None:
        return the_baton
    asked = at.step.hand_in
    if asked is None or at.is_anonymous:
        return refused(visit, NotTaken.NO_SUCH_STEP)
    if not is_asked(visit, at):
        return _not_asked(visit, at)
    if (why_not := _why_not(visit, at)) is not None:
        return refused(visit, why_not)
    written = written_in(event, asked, visit.words)
    about = _about(visit, at, event)
    errors = written.errors | ({ABOUT: visit.words("rounds.choose")} if about is None else {})
    if errors or about is None:
        return [Refuse(errors)]
    if at.is_late and not has_warned(event):
        return _blank(visit, at, asked, given=written.inputs, about=event.text(ABOUT))
    kept = contributions.hand_in(visit.session, visit.person, at.row.id, written.inputs, visit.now, about=about)
    if isinstance(kept, NotTaken):
        return refused(visit, kept)
    pairing_choices.heed(visit, at, written.inputs)
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
    if why_not is not None:
        return refused(visit, why_not)
    pairing_choices.heed(visit, at, written.inputs, before=mine.inputs)
    return _own_page(visit, at, at.step.hand_in, "rounds.changed")


def withdraw(visit: Visit, event: Pressed) -> list[Show]:
    at, mine = _own_one(visit, event.value)
    if mine is None or at.step.hand_in is None:
        return refused(visit, NotTaken.NOT_YOURS)
    why_not = contributions.withdraw(visit.session, visit.person, mine.id, visit.now)
    if why_not is not None:
        return refused(visit, why_not)
    pairing_choices.heed(visit, at, {}, before=mine.inputs)
    return _own_page(visit, at, at.step.hand_in, "rounds.withdrawn")


def _blank(visit: Visit, at: StepNow, asked: HandIn, *, given: Inputs | None = None, about: str = "") -> list[Show]:
    """Open a form that begins with what is `given`; where one writes for all, with what stands there already."""
    if not is_asked(visit, at):
        return _not_asked(visit, at)
    if (why_not := _why_not(visit, at)) is not None:
        return refused(visit, why_not)
    among: list[Candidate] = []
    if asked.about is not None:
        among = _among(visit, at, asked.about)
        if not among:
            others = candidates(visit.session, at, asked.about, visit.words, visit.now)
            nothing = visit.words("rounds.nothing_to_choose", why=nothing_to_read(at, asked.about, visit.words))
            return said(visit, visit.words("rounds.only_your_own") if others else nothing)
        answered = answers_to(visit.session, at, visit.words, visit.now) if at.is_once_for_all else {}
        among.sort(key=lambda one: one.id in answered)  # what has no answer yet comes first
    before = read_first(visit, at, asked.about) if asked.about is not None else []
    if is_left_out(visit.session, at, visit.words, visit.now):
        before = [Note(visit.words("rounds.not_scored")), *before]
    if at.row.asks in (Asks.MANDATE, Asks.FACILITATOR):
        before = handed_in.so_far(visit, at, with_words=asked.about is None) + before
    if at.is_once_for_all and asked.about is None:
        given = given or latest_inputs(visit.session, at, visit.now)
    return [OpenForm(new_form(at, asked, among, visit.words, *before, now=visit.now, given=given, about=about))]


def _kept(visit: Visit, at: StepNow, asked: HandIn) -> list[Show]:
    if not at.is_once_for_all:
        return _own_page(visit, at, asked, "rounds.kept_hidden" if at.is_hidden else "rounds.kept_shown")
    words = visit.words
    if asked.about is None:
        text = words("rounds.kept_by_one" if at.row.asks is not Asks.TEAM else "rounds.kept_for_team")
        shows = said(visit, text, _button(visit, at, "change", "contribution.another"))
        return [*shows, *handed_in.tell_team(visit, at)]
    every = candidates(visit.session, at, asked.about, words, visit.now)
    left = len({one.id for one in every} - answers_to(visit.session, at, words, visit.now).keys())
    text = (
        words.count("rounds.answers_left", left, left=words.number(left).capitalize())
        if left
        else words("rounds.all_answered")
    )
    shows = said(
        visit,
        text,
        _button(visit, at, "next", "contribution.another", style=Style.PRIMARY if left else Style.PLAIN),
        _button(visit, at, "see_all", "round.see"),
    )
    return [*shows, *handed_in.tell_team(visit, at)]


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
    if at.is_hidden and at.is_over:
        parts.append(Note(words("rounds.never_opened")))
    elif at.is_hidden and at.row.opens_at is not None:
        when = on_day(at, at.row.opens_at, words, visit.now)
        parts.append(Note(words("rounds.hidden_until", when=when)))
    elif mine:
        parts.append(Note(words("rounds.is_shown")))
    if mine and (unseen := [words.of(one.label) for one in asked.inputs if not one.shown]):
        parts.append(Note(words("rounds.some_never_shown", labels=" ".join(unseen))))
    parts += pairing_choices.as_chosen(visit, at)
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
    key = at.step.looks_back_on
    if key is None:
        return NOTHING
    chosen = event.text(ABOUT)
    found = next((one.id for one in _among(visit, at, key) if str(one.id) == chosen), None)
    if found is None:
        return None
    return About(contribution_id=found) if isinstance(found, int) else About(proposal_id=found)


def _among(visit: Visit, at: StepNow, key: str) -> list[Candidate]:
    """What one may write about: each about somebody else's; and what is fixed about nothing that has its answer."""
    every = candidates(visit.session, at, key, visit.words, visit.now)
    if at.row.asks is Asks.EACH:
        mine = own_ids(visit, at, key)
        return [one for one in every if one.id not in mine]
    if at.next_at is None or at.next_at > visit.now:
        return every
    answered = answers_to(visit.session, at, visit.words, visit.now)
    return [one for one in every if one.id not in answered]


def _not_asked(visit: Visit, at: StepNow) -> list[Show]:
    match at.row.asks:
        case Asks.MANDATE:  # also to whoever had it, and is not in the team
            held = holder_of(visit.session, at.team) is not None
            return said(visit, visit.words("rounds.only_mandate" if held else "rounds.mandate_gone"))
        case Asks.FACILITATOR:
            return said(visit, visit.words("rounds.only_facilitator"))
        case _ if not belongs(visit, at):
            return not_in_team(visit)
        case _:
            return refused(visit, NotTaken.NOT_YOURS)


def _why_not(visit: Visit, at: StepNow) -> NotTaken | None:
    """Why nothing is taken now. What is asked for once is fixed when the next step begins; what is missing may come."""
    if at.is_over:
        return NotTaken.CLOSED
    if visit.now < at.row.prompt_at:
        return NotTaken.NOT_YET
    if at.next_at is not None and at.next_at <= visit.now and not _is_missing(visit, at):
        return NotTaken.CLOSED
    return None


def _why_not_changed(visit: Visit, at: StepNow) -> NotTaken | None:
    return NotTaken.OPENED if at.row.opened_at is not None else _why_not(visit, at)


def _is_missing(visit: Visit, at: StepNow) -> bool:
    """Whether something of what is asked for once has not come."""
    about = at.step.looks_back_on
    if about is None:
        return not candidates(visit.session, at, at.row.key, visit.words, visit.now)
    every = {one.id for one in candidates(visit.session, at, about, visit.words, visit.now)}
    return bool(every - answers_to(visit.session, at, visit.words, visit.now).keys())


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
