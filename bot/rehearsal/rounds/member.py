"""One simulated person who is in a team: reads its channel, and does what its cards and windows ask for, or lets it be.

Knows no challenge: whatever inputs a form has are filled in, and whatever leads on is pressed.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.conversation.cards import Button, Buttons, Card, Form, Heading, Style, TextInput
from bot.conversation.events import MessageRef
from bot.rehearsal.acts import Act, Fill, Press, PressOnPage, Values
from bot.rehearsal.filling import filled
from bot.rehearsal.rounds.casting import Course, TeamCast
from bot.rehearsal.rounds.writing import Pen, Task, Written, words_in
from bot.rehearsal.simulated import ASIDES, SimulatedPerson

OF_A_TEAM = {"team", "round", "contribution", "proposal", "vote", "wrap_up", "pair", "baton", "relay", "commitment"}
"""What the names of a team's buttons begin with."""

CHANCES = {
    "team.join": 0.02, "team.leave": 0.0, "contribution.withdraw": 0.03, "contribution.change": 0.1,
    "contribution.another": 0.4, "round.see": 0.15, "round.about": 0.15, "round.facilitate": 0.2,
    "relay.chain": 0.15, "relay.pass_on": 0.005, "round.stop": 0.0,
}  # fmt: skip
"""How likely a willing person is to press what does not lead on; whatever is not named: `OTHERWISE`."""
OTHERWISE = 0.7
LEADS_ON = 0.95
IN_THE_CHANNEL = 0.85
"""What nobody in particular is asked for is left to others."""

WILLING = {
    Course.DOES_ITS_PART: 1.0, Course.SILENT: 0.0, Course.SHRINKS: 0.6, Course.STOPS_HERE: 0.8,
    Course.ENDED_EARLY: 0.8, Course.LOSES_CHANNEL: 0.8,
}  # fmt: skip
"""How willing a team's people are. In a team that is not named each is as anybody."""
MOST_PRESSES = 40
"""In windows that began with one message: nobody presses for ever."""
LATER = timedelta(hours=20)
"""After so long people come back to what was not there yet the first time."""
COMES_BACK_TO = {"wrap_up.open", "round.settle", "relay.baton"}
ONCE = {"wrap_up.ask": 0.05, "relay.write": 0.05}
"""What is written for all of them: by whoever leads, and seldom written anew."""

HOME = ZoneInfo("Europe/Stockholm")
TEXTS = {"sv": "Vi ser {word} hos oss", "en": "We see {word} here"}


@dataclass(kw_only=True, slots=True)
class TeamMember(SimulatedPerson):
    teams: list[TeamCast]
    """What they have to do with; the first is their own."""
    pen: Pen
    written: list[Written]
    """Everybody's: what was handed in and taken."""
    tasks: dict[MessageRef, Task] = field(default_factory=dict)
    at: MessageRef | None = None
    """The team's message that they are busy with."""
    presses: Counter[MessageRef] = field(default_factory=Counter)
    drafts: dict[str, Written] = field(default_factory=dict)
    """By their words: what is in a form that has not been sent."""
    begun: set[tuple[str, str]] = field(default_factory=set)
    """What they have begun to write for all of them, by the button."""
    stops: set[str] = field(default_factory=set)
    """The channels of teams that they want to stop."""

    def begins(self, act: Act) -> None:
        message = act.message if isinstance(act, Press | PressOnPage | Fill) else None
        self.at = message if message in self.tasks else None

    def reads(self, message: MessageRef, card: Card, *, from_knuff: bool) -> None:
        SimulatedPerson.reads(self, message, card, from_knuff=from_knuff)
        if from_knuff:
            team = next((one for one in self.teams if one.name in repr(card)), None)
            self._take_up(message, card, team, chance=1.0)

    def reads_in_channel(self, message: MessageRef, card: Card) -> None:
        self.screen[message] = card
        team = next((one for one in self.teams if one.channel == message.conversation), None)
        mine = team is not None and self._leads(team)
        self._take_up(message, card, team, chance=1.0 if mine else IN_THE_CHANNEL)

    def sees_form(self, form: Form) -> None:
        task = self.tasks.get(self.at) if self.at is not None else None
        if task is None or self.errand is not None or form.name in ASIDES:
            SimulatedPerson.sees_form(self, form)
        elif form.submit is None:
            self._read_page(form, task)
        else:
            after = timedelta(seconds=self.lots.randrange(20, 300))
            self._later(after, Fill(form=form, values=self._filled(form, task), message=self.at))

    def has_sent(self, fill: Fill) -> None:
        SimulatedPerson.has_sent(self, fill)
        for word in words_in(repr(fill.values)):
            if word in self.drafts:
                self.written.append(replace(self.drafts.pop(word), at=self.clock.now()))

    def stop_here(self, team: TeamCast) -> Press | None:
        """Return the way to where a team is stopped; None where they see none."""
        self.stops.add(team.channel)
        for message, card in reversed(self.screen.items()):
            for button in _buttons(card):
                if message.conversation == team.channel and button.action == "round.facilitate":
                    return Press(button=button, message=message)
        return None

    def _take_up(self, message: MessageRef, card: Card, team: TeamCast | None, *, chance: float) -> None:
        """Decide about each of a message's buttons by itself."""
        buttons = [one for one in _buttons(card) if one.action.partition(".")[0] in OF_A_TEAM]
        if team is None or not buttons:
            return
        day = self.clock.now().astimezone(HOME).date()
        self.tasks[message] = Task(channel=team.channel, heading=_heading(card), day=day)
        for button in buttons:
            if self.lots.random() < chance * self._chance(button, team):
                self._later(self._some_time(), Press(button=button, message=message))
            if button.action in COMES_BACK_TO and self.lots.random() < self._chance(button, team):
                self._later(LATER + self._some_time(), Press(button=button, message=message))

    def _read_page(self, form: Form, task: Task) -> None:
        """Press the one thing that this person cares most for, if for any."""
        if self.at is None or self.presses[self.at] >= MOST_PRESSES:
            return
        team = next(one for one in self.teams if one.channel == task.channel)
        for button in sorted(_buttons(form), key=lambda one: -self._chance(one, team)):
            if self.lots.random() < self._chance(button, team):
                self.presses[self.at] += 1
                self.begun.add((button.action, button.value))
                after = timedelta(seconds=self.lots.randrange(5, 60))
                self._later(after, PressOnPage(button=button, message=self.at))
                return

    def _chance(self, button: Button, team: TeamCast) -> float:
        if button.action == "team.join":
            return 1.0 if self.character.person in team.joins else CHANCES["team.join"]
        if button.action == "round.stop" and team.channel in self.stops:
            return 1.0
        willing = WILLING.get(team.course, self.character.share_answered(self.today))
        if button.action in ONCE and (not self._leads(team) or (button.action, button.value) in self.begun):
            return ONCE[button.action] * willing
        if button.action in CHANCES and button.style is not Style.PRIMARY:
            return CHANCES[button.action] * willing
        return (LEADS_ON if button.style is Style.PRIMARY or self._leads(team) else OTHERWISE) * willing

    def _leads(self, team: TeamCast) -> bool:
        """Whether what the team is asked for once is theirs to do."""
        return self.character.person in (team.facilitator, team.mandate)

    def _filled(self, form: Form, task: Task) -> Values:
        texts = [part for part in form.body if isinstance(part, TextInput)]
        wanted: Values = {one.name: self._text(form, one, task) for one in texts}
        return filled(form, wanted=wanted, today=self.today, language=self.character.language, lots=self.lots)

    def _text(self, form: Form, asked: TextInput, task: Task) -> str:
        word = self.pen.word()
        self.drafts[word] = Written(
            word=word,
            person=self.character.person,
            label=asked.label,
            form=form.name,
            task=task,
            at=self.clock.now(),
        )
        return TEXTS[self.character.language].format(word=word)


def _buttons(shown: Card | Form) -> list[Button]:
    parts = shown.parts if isinstance(shown, Card) else shown.body
    return [button for part in parts if isinstance(part, Buttons) for button in part.buttons]


def _heading(card: Card) -> str:
    return next((part.text for part in card.parts if isinstance(part, Heading)), "")
