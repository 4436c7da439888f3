"""A coordinator sets the cohort up in chat, as in life: the form, the preview, the start."""

from collections.abc import Sequence
from datetime import date
from random import Random

from bot.conversation.cards import Card, Form
from bot.conversation.events import MessageRef, Pressed, Profile, Submitted
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.rehearsal.acts import Values
from bot.rehearsal.filling import filled
from bot.rehearsal.stage import Stage

COORDINATOR = "coordinator"
LANGUAGE = "en"
"""What is refused is read on a command line, which speaks English."""
WINDOWS = (60, 120, 240)
"""Minutes that a day's messages may take; a larger group needs a larger window."""


class CannotRehearse(Exception):
    """The cohort can't be set up like this; the text says why, in the words a coordinator reads."""


class Coordinator:
    """Reads nothing on the way: what matters comes back from each step."""

    profile = Profile(external_id=COORDINATOR, zone="Europe/Stockholm", language=LANGUAGE)

    def reads(self, message: MessageRef, card: Card, *, from_knuff: bool) -> None: ...
    def sees_changed(self, message: MessageRef, card: Card) -> None: ...
    def sees_home(self, card: Card) -> None: ...
    def sees_form(self, form: Form) -> None: ...


async def set_up(
    stage: Stage,
    *,
    programme_id: str,
    start: date,
    profiles: Sequence[Profile],
    posts_per_minute: int,
    closed: Sequence[date],
) -> None:
    """Start a cohort of everybody in `profiles`. Raises CannotRehearse when the form is refused."""
    minutes = -(-len(profiles) // posts_per_minute)
    shows = await stage.tell(Pressed(**stage.who(COORDINATOR), action="cohort.new", value="", trigger=COORDINATOR))
    preview = await _send(
        stage,
        _form_in(shows),
        {
            "name": "Rehearsal",
            "programme": programme_id,
            "starts_on": start.isoformat(),
            "closed": "\n".join(day.isoformat() for day in closed),
            "window": str(next((window for window in WINDOWS if window >= minutes), WINDOWS[-1])),
            "people": tuple(profile.external_id for profile in profiles),
        },
        profiles,
    )
    await _send(stage, preview, {}, ())


async def _send(stage: Stage, form: Form, wanted: Values, profiles: Sequence[Profile]) -> Form:
    values = filled(form, wanted=wanted, today=stage.clock.now().date(), language=LANGUAGE, lots=Random(0))
    shows = await stage.tell(
        Submitted(
            **stage.who(COORDINATOR),
            form=form.name,
            about=form.about,
            values=values,
            profiles={"people": tuple(profiles)} if profiles else {},
        )
    )
    return _form_in(shows)


def _form_in(shows: Sequence[Show]) -> Form:
    for show in shows:
        match show:
            case OpenForm(form):
                return form
            case Refuse(errors):
                raise CannotRehearse(" ".join(errors.values()))
            case _:
                pass
    raise CannotRehearse("Nothing came back from the coordinator's form.")
