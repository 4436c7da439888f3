"""A round under way, as a coordinator and a facilitator meet it: a button of a page pressed, a form sent."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import update
from sqlmodel import Session

from bot.conversation.cards import Button, Form
from bot.conversation.desk import House
from bot.conversation.shows import Replace, Show
from storage.tables.teams import Team
from tests.coordinating.office import SAM, form_in
from tests.rounds_in_chat.team_room import TeamRoom, buttons_in


@dataclass(kw_only=True)
class RoomWithPage(TeamRoom):
    """A room in an installation that has a page of its own."""

    def house(self) -> House:
        return replace(super().house(), page_address="https://knuff.example.se")


def on_page(room: TeamRoom, action: str, form: Form, *, who: str = SAM) -> list[Show]:
    """Press the button of a page that does this."""
    button = button_on(form, action)
    return room.press(button.action, button.value, who=who)


def button_on(form: Form, action: str) -> Button:
    return next(button for button in buttons_in(form) if button.action == action)


def asked(room: TeamRoom, action: str) -> Form:
    """The form that a button on the round's page opens."""
    return form_in(on_page(room, action, room.round_page()))


def renewed(shows: list[Show]) -> dict[str, str]:
    """What is shown anew, by the message it is shown in."""
    return {show.message.message: str(show.card) for show in shows if isinstance(show, Replace)}


def without_days(session: Session) -> None:
    """Close every day of every team: more than a form takes."""
    close(session, *(date(2026, 2, 1) + timedelta(days=day) for day in range(800)))


def close(session: Session, *days: date) -> None:
    session.connection().execute(update(Team).values(calendar={"closed": [day.isoformat() for day in days]}))
