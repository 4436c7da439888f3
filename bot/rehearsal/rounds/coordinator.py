"""The coordinator of a workspace with teams: makes them, begins their challenges and changes them on the way, through
the same forms as in life."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.conversation.cards import Button, Buttons, ChoiceInput, Form, Paragraph, PeopleInput
from bot.conversation.events import Mentioned, MessageRef, Pressed
from bot.conversation.shows import Say, Show
from bot.rehearsal.acts import Values
from bot.rehearsal.coordinator import CannotRehearse, Coordinator, buttons_in, form_in
from bot.rehearsal.rounds.casting import TeamCast

YES = "yes"
RELAY, QUESTION = "Vårens stafett", "Hur får fler vara med innan vi bestämmer?"


class TeamsCoordinator(Coordinator):
    async def make(self, team: TeamCast, members: Sequence[str]) -> None:
        """Make the team, where the platform lets it be made: with its channel picked, or asked for in the channel."""
        wanted: Values = {
            "name": team.name,
            "language": team.language,
            "slot": team.slot,
            "closed": "\n".join(day.isoformat() for day in sorted(team.closed)),
        }
        picked = {"people": members, "facilitator": [team.facilitator]}
        if self._platform.picks_channels:
            asked = await self._press("team.new", "")
            await self._fill_in(asked, wanted, picked | {"channel": [team.channel]})
        else:
            asked = await self._asked_for_in(team.channel)
            await self._fill_in(asked, wanted, picked, in_channel=True)

    async def begin(self, team: TeamCast, challenge_id: str, starts_on: date) -> None:
        """Choose the challenge, look at the preview, begin. Raises CannotRehearse when it is refused."""
        asked = await self._press("round.new", await self._id_of(team))
        offered = {option.value for part in asked.body if isinstance(part, ChoiceInput) for option in part.options}
        if challenge_id not in offered:
            raise CannotRehearse(f"A team cannot do {challenge_id} in the chat yet.")
        plan = await self._fill_in(asked, {"challenge": challenge_id})
        chosen: Values = {"starts_on": starts_on.isoformat()}
        preview = await self._fill_in(plan, _agreed(plan) | chosen, _mandate(plan, team))
        await self._fill_in(preview, _agreed(preview), _mandate(preview, team))

    async def begin_relay(self, teams: Sequence[TeamCast], starts_on: date) -> None:
        """Let the teams hand a baton to each other, in this order. Raises CannotRehearse when it is refused."""
        asked = await self._press("relay.new", "")
        chosen: Values = {"name": RELAY, "question": QUESTION, "starts_on": starts_on.isoformat()}
        inputs = [part for part in asked.body if isinstance(part, ChoiceInput)]
        for one, team in zip(inputs, teams, strict=False):
            chosen[one.name] = next((option.value for option in one.options if team.name in option.text), "")
        await self._fill_in(await self._fill_in(asked, chosen))

    async def skip_leg(self, team: TeamCast) -> None:
        """Let the relay go past a team. Raises CannotRehearse when it has come or gone."""
        for board in await self._boards():
            for button in buttons_in(board):
                if button.action == "relay.skip" and team.name in (button.spoken or ""):
                    await self._press(button.action, button.value)
                    return
        raise CannotRehearse(f"The leg of {team.name} cannot be skipped.")

    async def look_at_relays(self) -> None:
        """Look at each as it stands, and at the whole of it."""
        for board in await self._boards():
            await self._press_one(board, "relay.chain")

    async def add(self, team: TeamCast, person: str) -> None:
        await self._fill_in(await self._press("team.add", await self._id_of(team)), picked={"people": [person]})

    async def remove(self, team: TeamCast, person: str) -> None:
        await self._fill_in(await self._press("team.remove", await self._id_of(team)), picked={"people": [person]})

    async def end_round(self, team: TeamCast) -> None:
        """End what the team is doing. Raises CannotRehearse when it does nothing any more."""
        shown = await self._press("team.open", await self._id_of(team))
        running = await self._press_one(shown, "round.open")
        await self._press_one(running, "round.end")

    async def end_team(self, team: TeamCast) -> None:
        await self._press_one(await self._press("team.open", await self._id_of(team)), "team.end")

    async def _boards(self) -> list[Form]:
        relays = (one for one in buttons_in(await self._press("relay.list", "")) if one.action == "relay.open")
        return [await self._press(one.action, one.value) for one in relays]

    async def _press_one(self, form: Form, action: str) -> Form:
        button = next((one for one in buttons_in(form) if one.action == action), None)
        if button is None:
            raise CannotRehearse(f"The coordinator looked for {action}, and it is not offered.")
        return await self._press(button.action, button.value)

    async def _id_of(self, team: TeamCast) -> str:
        """Find the team in the list, as one does: by its name, and the button under it."""
        name = ""
        for part in (await self._press("team.list", "")).body:
            if isinstance(part, Paragraph):
                name = part.text
            elif isinstance(part, Buttons) and team.name in name:
                return next(one.value for one in part.buttons if one.action == "team.open")
        raise CannotRehearse(f"{team.name} is not among the coordinator's teams.")

    async def _asked_for_in(self, channel: str) -> Form:
        """Say our name in the channel, and press what is answered."""
        message = MessageRef(conversation=channel, message="mention")
        who = self._stage.who(self.profile.external_id, on=self._platform.name)
        button = _button_said(await self._stage.tell(Mentioned(**who, message=message)), "team.new")
        who = self._stage.who(self.profile.external_id, on=self._platform.name)
        pressed = Pressed(
            **who, action=button.action, value=button.value, message=message, trigger=who["person"], in_channel=True
        )
        return form_in(await self._stage.tell(pressed))


def _button_said(shows: Sequence[Show], action: str) -> Button:
    cards = [show.card for show in shows if isinstance(show, Say)]
    buttons = (one for card in cards for part in card.parts if isinstance(part, Buttons) for one in part.buttons)
    found = next((one for one in buttons if one.action == action), None)
    if found is None:
        raise CannotRehearse(f"The coordinator looked for {action}, and it is not offered.")
    return found


def _agreed(form: Form) -> Values:
    """Return yes to whatever must be said yes to before a round may begin."""
    choices = [part for part in form.body if isinstance(part, ChoiceInput) and not part.many]
    return {one.name: YES for one in choices if YES in {option.value for option in one.options}}


def _mandate(form: Form, team: TeamCast) -> Mapping[str, Sequence[str]]:
    """Whom a challenge asks for beside the team: the only people that are picked for one."""
    picks = [part.name for part in form.body if isinstance(part, PeopleInput)]
    return {name: [team.mandate] for name in picks if team.mandate is not None}
