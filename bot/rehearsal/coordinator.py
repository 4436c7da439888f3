"""The coordinator of one workspace in a rehearsal: presses and fills in what a coordinator does in chat, never anything
behind it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from bot.conversation.cards import Button, Buttons, Card, ChoiceInput, Form, Input, TextInput
from bot.conversation.cohort_choices import role_list
from bot.conversation.events import MessageRef, Pressed, Profile, Submitted
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.rehearsal.acts import Values
from bot.rehearsal.changes import Add, Change, ChangeSlot, CloseDay, Pause, Remove, Resume
from bot.rehearsal.paper import PaperPlatform
from bot.rehearsal.stage import Stage
from lessons.models import Role
from storage.tables.programmes import Role as StoredRole

WINDOWS = (60, 120, 240)
"""Minutes that a day's messages may take; a larger group needs a larger window."""


class CannotRehearse(Exception):
    """What the coordinator wants is refused; the text says why, in the words a coordinator reads."""


class Coordinator:
    """Reads nothing in the chat: what matters comes back from each step."""

    has_app = True

    def __init__(self, stage: Stage, platform: PaperPlatform) -> None:
        self._stage = stage
        self._platform = platform
        place = stage.place
        self.profile = Profile(external_id=place.coordinator, zone="Europe/Stockholm", language=place.language)
        self._cohort: Form | None = None
        self.role_of: Mapping[str, Role] = {}
        """Who is picked for which role, where a programme is for some roles only or makes a difference between them."""
        self.closed: set[date] = set()
        """Days closed since the start."""
        self.removed: set[str] = set()
        self.has_paused = False

    def reads(self, message: MessageRef, card: Card, *, from_knuff: bool) -> None: ...
    def reads_in_channel(self, message: MessageRef, card: Card) -> None: ...
    def sees_changed(self, message: MessageRef, card: Card) -> None: ...
    def sees_home(self, card: Card) -> None: ...
    def sees_form(self, form: Form) -> None: ...

    async def start(
        self, *, programme_id: str, start: date, people: Sequence[str], closed: Sequence[date], name: str = "Rehearsal"
    ) -> None:
        """Start a cohort: the two forms, the preview, the start. Raises CannotRehearse when one is refused."""
        minutes = -(-len(people) // self._platform.posts_per_minute)
        outline: Values = {"name": name, "programme": programme_id, "starts_on": start.isoformat()}
        form = await self._send(await self._press("cohort.new", ""), outline)
        wanted: Values = {
            "closed": _as_text(closed),
            "window": str(next((window for window in WINDOWS if window >= minutes), WINDOWS[-1])),
        }
        lists = {role_list(StoredRole(role)): [one for one in people if self.role_of.get(one) is role] for role in Role}
        if lists.keys() & _as_it_stands(form).keys():
            preview = await self._fill_in(form, wanted, {name: some for name, some in lists.items() if some})
        else:
            preview = await self._send(form, wanted | (self._role_of(people[0]) if people else {}), people)
        self._cohort = await self._send(preview)

    async def change(self, change: Change) -> None:
        """Change the running cohort. Raises CannotRehearse when it is refused."""
        match change:
            case CloseDay(day=day):
                edit = await self._of_cohort("cohort.edit")
                closed = f"{_as_it_stands(edit)['closed']}\n{day}"
                await self._send(await self._send(edit, {"closed": closed}))
                self.closed.add(day)
            case ChangeSlot(slot=slot):
                await self._send(await self._send(await self._of_cohort("cohort.edit"), {"slot": slot}))
            case Pause():
                await self._of_cohort("cohort.pause")
                self.has_paused = True
            case Resume():
                await self._of_cohort("cohort.resume")
                self.has_paused = False
            case Add(person=person):
                add = await self._of_cohort("cohort.add")
                await self._send(await self._send(add, self._role_of(person), [person]))
            case Remove(person=person):
                await self._send(await self._of_cohort("cohort.remove"), people=[person])
                self.removed.add(person)

    async def count(self, share: float) -> None:
        """Say of each meeting that has begun how many came: so large a share of those it says are invited."""
        for button in buttons_in(await self._of_cohort("session.list")):
            if button.action == "session.count":
                form = await self._press(button.action, button.value)
                await self._send(form, {"attended": str(round(share * _invited(form)))})

    def _role_of(self, person: str) -> Values:
        return {"role": self.role_of[person].value} if person in self.role_of else {}

    async def _of_cohort(self, action: str) -> Form:
        """Open the cohort and press one of its buttons."""
        if self._cohort is None:
            raise LookupError("there is no cohort yet")
        shown = await self._press("cohort.open", self._cohort.about)
        button = next((one for one in buttons_in(shown) if one.action == action), None)
        if button is None:
            raise CannotRehearse(f"The coordinator looked for {action}, and the cohort does not offer it.")
        return await self._press(button.action, button.value)

    async def _press(self, action: str, value: str) -> Form:
        who = self._stage.who(self.profile.external_id, on=self._platform.name)
        pressed = Pressed(**who, action=action, value=value, trigger=self.profile.external_id)
        return form_in(await self._stage.tell(pressed))

    async def _send(self, form: Form, wanted: Values | None = None, people: Sequence[str] = ()) -> Form:
        return await self._fill_in(form, wanted, {"people": people} if people else {})

    async def _fill_in(
        self,
        form: Form,
        wanted: Values | None = None,
        picked: Mapping[str, Sequence[str]] | None = None,
        *,
        in_channel: bool = False,
    ) -> Form:
        """Send a form as it stands, but for what is wanted and whom each of its inputs picks."""
        ids: Values = {name: tuple(some) for name, some in (picked or {}).items()}
        workspace = self._stage.place.workspace
        profiles = {
            name: tuple(await self._platform.profiles(workspace, some)) for name, some in (picked or {}).items()
        }
        return form_in(
            await self._stage.tell(
                Submitted(
                    **self._stage.who(self.profile.external_id, on=self._platform.name),
                    form=form.name,
                    about=form.about,
                    values=_as_it_stands(form) | (wanted or {}) | ids,
                    profiles=profiles,
                    in_channel=in_channel,
                )
            )
        )


def buttons_in(form: Form) -> list[Button]:
    return [button for part in form.body if isinstance(part, Buttons) for button in part.buttons]


def _invited(form: Form) -> int:
    """Return how many are invited, as whoever fills in the form reads it."""
    [hint] = (one.hint or "" for one in form.body if isinstance(one, TextInput))
    return next(int(word) for word in re.findall(r"\d+", hint))


def _as_text(days: Sequence[date]) -> str:
    return "\n".join(day.isoformat() for day in days)


def _as_it_stands(form: Form) -> Values:
    return {part.name: _initial(part) for part in form.body if isinstance(part, Input)}


def _initial(part: Input) -> str | tuple[str, ...]:
    if isinstance(part, ChoiceInput) and not part.many:
        return part.initial[0] if part.initial else ""
    return part.initial or ""


def form_in(shows: Sequence[Show]) -> Form:
    """Return the form that was opened. Raises CannotRehearse, with what must change, when one was refused."""
    for show in shows:
        match show:
            case OpenForm(form):
                return form
            case Refuse(errors):
                raise CannotRehearse(" ".join(errors.values()))
            case _:
                pass
    raise CannotRehearse("Nothing came back from the coordinator's form.")
