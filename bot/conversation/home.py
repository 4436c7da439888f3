"""Home: everything that is the person's own, in one place."""

from bot.conversation.cards import Button, Buttons, Card, Confirm, Divider, Facts, Heading, Note, Paragraph, Part, Style
from bot.conversation.events import Pressed
from bot.conversation.exercise_parts import exercise_parts, week_parts
from bot.conversation.focus_parts import onwards_parts, peer_parts, practising_at_home
from bot.conversation.home_view import HomeView, Thought, grouped, view_of
from bot.conversation.outcomes import own_entry
from bot.conversation.pausing import stop_button
from bot.conversation.plan_parts import open_plan_parts, read_on_page
from bot.conversation.recall_parts import recall_parts
from bot.conversation.rhythm import facts
from bot.conversation.sessions_coming import next_parts
from bot.conversation.shows import Say, Show, ShowHome
from bot.conversation.survey_parts import home_parts
from bot.conversation.texts import Words
from bot.conversation.visiting import Routes, Typed, Visit

LONGEST_QUOTE = 300


def home_card(view: HomeView, words: Words) -> Card:
    parts: list[Part] = [*recall_parts(view.case, words), Divider()] if view.case is not None else []
    parts += [Heading(words("home.today")), *_today(view, words)]
    if view.surveys and not view.stopped:
        parts += [Divider(), *home_parts(view.surveys, words)]
    if view.next_session is not None:
        parts += [Divider(), *next_parts(view.next_session, words, has_page=view.has_page)]
    parts += own_entry(view.results, words)
    if view.weeks is not None:
        count = {"programme": words.of(view.weeks.programme), "done": view.weeks.done, "total": view.weeks.of}
        parts += [Divider(), Heading(words("home.weeks")), Paragraph(words("home.weeks_count", **count))]
    if view.practising is not None:
        parts += [Divider(), Heading(words("focus.title")), *practising_at_home(view.practising, words)]
        parts += peer_parts(view.peer, words)
    if view.onwards is not None:
        parts += [Divider(), Heading(words("focus.onwards_title")), *onwards_parts(view.onwards, words)]
    if still_open := _open(view, words):
        parts += [Divider(), Heading(words("home.open")), *still_open]
    parts += [Divider(), Heading(words("home.thoughts")), *thought_parts(view.thoughts, words)]
    parts += [Divider(), Heading(words("rhythm.title")), *_rhythm(view, words)]
    parts += [Divider(), Heading(words("my_data.title")), Paragraph(words("home.data")), _data_buttons(words)]
    if view.is_coordinator:
        entry = Button(text=words("home.cohorts"), action="cohort.home", opens_form=True)
        parts += [Divider(), Heading(words("home.coordinating")), Buttons((entry,))]
    return Card(summary=words("home.summary"), parts=tuple(parts))


def thought_parts(thoughts: tuple[Thought, ...], words: Words, *, whole: bool = False) -> list[Part]:
    """Return the texts with what can be done with them, long ones cut unless they are to be read whole."""
    if not thoughts:
        return [Paragraph(words("home.no_thoughts"))]
    parts: list[Part] = []
    for group in grouped(thoughts):
        parts.append(Note(words("home.thought", title=group[0].title, day=words.day(group[0].written_on))))
        for thought in group:
            parts += _thought(thought, words, whole=whole)
    return parts


def _thought(thought: Thought, words: Words, *, whole: bool) -> list[Part]:
    value = str(thought.reflection_id)
    sure = Confirm(
        title=words("home.remove_title"),
        text=words("home.remove_text"),
        yes=words("home.remove_yes"),
        no=words("home.remove_no"),
    )
    remove = Button(text=words("home.remove"), action="home.remove", value=value, confirm=sure)
    asked: list[Part] = [Note(thought.question)] if thought.question else []
    if not thought.body:
        return [*asked, Paragraph(words("own_page.written_there")), Buttons((read_on_page(words), remove))]
    is_short = whole or len(thought.body) <= LONGEST_QUOTE
    body = thought.body if is_short else thought.body[:LONGEST_QUOTE].rstrip() + "…"
    edit = Button(text=words("home.edit"), action="home.edit", value=value, opens_form=True)
    return [*asked, Paragraph(body), Buttons((edit, remove))]


def show(visit: Visit) -> list[Show]:
    return [ShowHome(home_card(view_of(visit), visit.words))]


def typed_home(visit: Visit, typed: Typed) -> list[Show]:
    """Show Home in the chat too, for whoever cannot or will not switch tab."""
    card = home_card(view_of(visit), visit.words)
    return [Say(card), ShowHome(card)]


def typed_today(visit: Visit, typed: Typed) -> list[Show]:
    view = view_of(visit)
    return [Say(Card(summary=visit.words("home.today"), parts=tuple(_today(view, visit.words))))]


def refresh(visit: Visit, event: Pressed) -> list[Show]:
    return show(visit)


def _today(view: HomeView, words: Words) -> list[Part]:
    if view.stopped:
        again = Button(text=words("pausing.start_again"), action="start.again", style=Style.PRIMARY)
        return [Paragraph(words("home.stopped")), Buttons((again,))]
    if view.paused_until is not None:
        again = Button(text=words("pausing.start_again"), action="start.again")
        return [Paragraph(words("home.paused", day=words.day(view.paused_until))), Buttons((again,))]
    if len(view.exercises) > 1:
        return week_parts(view.exercises, words)
    if view.exercises:
        return exercise_parts(view.exercises[0], words)
    library = Button(text=words("library.title"), action="library.open", opens_form=True)
    why = Button(text=words("reasons.title"), action="home.why", opens_form=True)
    return [Paragraph(words("home.nothing_today")), Buttons((library, why))]


def _open(view: HomeView, words: Words) -> list[Part]:
    parts: list[Part] = []
    for own in view.plans:
        parts += open_plan_parts(own.title, own.plan, words, has_passed=own.has_passed)
    for waiting in view.waiting:
        if waiting.asked_in is None and view.stopped:
            continue
        if waiting.asked_in is None:
            parts.append(Paragraph(words("home.asks_on", title=waiting.title, day=words.day(waiting.on))))
            continue
        parts.append(Paragraph(words("home.asked", title=waiting.title)))
        names = ("done", "tried", "not_yet", "let_go")
        parts.append(
            Buttons(
                tuple(
                    Button(text=words(f"follow_ups.{name}"), action=f"follow_up.{name}", value=str(waiting.asked_in))
                    for name in names
                )
            )
        )
    return [*parts, Note(words("home.older_asked"))] if view.has_older else parts


def _rhythm(view: HomeView, words: Words) -> list[Part]:
    change = Button(text=words("rhythm.change"), action="rhythm.open", opens_form=True)
    pause = Button(text=words("pausing.pause"), action="pause.open", opens_form=True)
    why = Button(text=words("reasons.title"), action="home.why", opens_form=True)
    return [Facts(facts(view.rhythm, words)), Buttons((change, pause, why, stop_button(words)))]


def _data_buttons(words: Words) -> Buttons:
    show = Button(text=words("my_data.show"), action="my_data.open", opens_form=True)
    library = Button(text=words("library.title"), action="library.open", opens_form=True)
    thoughts = Button(text=words("home.all_thoughts"), action="home.thoughts", opens_form=True)
    led = Button(text=words("facilitation.title"), action="led.open", opens_form=True)
    return Buttons((thoughts, show, library, led))


ROUTES = Routes(presses={"home.refresh": refresh}, forms={}, commands={"home": typed_home, "today": typed_today})
