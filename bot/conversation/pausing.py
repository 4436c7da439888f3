"""Pause until a day, stop, start again. All of it at once, without a reason, and nobody is told."""

from datetime import date, timedelta

from bot.conversation import days
from bot.conversation.cards import Button, Card, Confirm, DateInput, Form, Style
from bot.conversation.composing import note_card
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.typed_days import last_day, last_paused_day
from bot.conversation.visiting import Routes, Typed, Visit
from storage import looking_back, people

LONGEST = timedelta(days=366)


def open_form(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(pause_form(days.today(visit) + timedelta(days=6), visit.words))]


def pause_form(last: date, words: Words) -> Form:
    return Form(
        name="pause",
        title=words("pausing.form_title"),
        submit=words("pausing.submit"),
        close=words("typed.close"),
        body=(
            DateInput(
                name="last", label=words("pausing.last"), hint=words("pausing.last_hint"), initial=last.isoformat()
            ),
        ),
    )


def submitted(visit: Visit, event: Submitted) -> list[Show]:
    try:
        last: date | None = date.fromisoformat(event.text("last"))
    except ValueError:
        last = None
    if fault := _fault(visit, last):
        return [Refuse({"last": fault})]
    return pause_until(visit, last) if last else []


def pause_until(visit: Visit, last: date) -> list[Show]:
    people.pause(visit.person, first=days.today(visit), last=last)
    return [Say(paused_card(last, days.asking_day(visit, 1, None, after=last), visit.words))]


def paused_card(last: date, next_day: date, words: Words) -> Card:
    again = Button(text=words("pausing.start_again"), action="start.again")
    other = Button(text=words("pausing.other_day"), action="pause.open", opens_form=True)
    return note_card(
        words("pausing.paused", last=words.day(last), next=words.day(next_day)),
        again,
        other,
        small=words("pausing.typed"),
    )


def stop(visit: Visit, event: Pressed | Typed) -> list[Show]:
    people.stop(visit.person, visit.now)
    return [Say(stopped_card(visit.words))]


def stop_button(words: Words) -> Button:
    return Button(
        text=words("pausing.stop"),
        action="stop.now",
        style=Style.DANGER,
        confirm=Confirm(
            title=words("pausing.stop_title"),
            text=words("pausing.stop_text"),
            yes=words("pausing.stop_yes"),
            no=words("pausing.stop_no"),
        ),
    )


def stopped_card(words: Words) -> Card:
    again = Button(text=words("pausing.start_again"), action="start.again")
    data = Button(text=words("my_data.title"), action="my_data.open")
    return note_card(words("pausing.stopped"), again, data)


def if_nothing_comes(visit: Visit, delivery_id: int | None) -> list[Show]:
    """Return what is said beside "I will ask on Tuesday" to somebody who has stopped, since nothing comes before they
    begin again, or for whom the programme that the message came from is over."""
    if visit.person.stopped_at is not None:
        return [Say(still_stopped_card(visit.words))]
    if looking_back.is_over(visit.session, visit.person, delivery_id, today=days.today(visit)):
        return [Say(programme_over_card(visit.words))]
    return []


def programme_over_card(words: Words) -> Card:
    return note_card(words("pausing.programme_over"))


def still_stopped_card(words: Words) -> Card:
    return note_card(words("pausing.still_stopped"), Button(text=words("pausing.start_again"), action="start.again"))


def start_again(visit: Visit, event: Pressed | Typed) -> list[Show]:
    people.start_again(visit.person)
    return [Say(note_card(visit.words("pausing.started")))]


def typed_pause(visit: Visit, typed: Typed) -> list[Show]:
    """Pause at once: for a week when no day is named."""
    today = days.today(visit)
    last = last_paused_day(typed.rest, today) if typed.rest.strip() else today + timedelta(days=6)
    if fault := _fault(visit, last, named=last_day(typed.rest, today)):
        return [Say(note_card(fault))]
    return pause_until(visit, last) if last else []


def _fault(visit: Visit, last: date | None, named: date | None = None) -> str | None:
    today = days.today(visit)
    if last is None:
        return visit.words("pausing.which_day")
    if last < today:
        return visit.words("pausing.day_past", day=visit.words.long_day(named or last))
    if last > today + LONGEST:
        return visit.words("pausing.too_long", day=visit.words.long_day(today + LONGEST))
    return None


ROUTES = Routes(
    presses={"pause.open": open_form, "stop.now": stop, "start.again": start_again},
    forms={"pause": submitted},
    commands={"pause": typed_pause, "stop": stop, "start": start_again},
)
