"""One simulated person: what is on their screen, what they make of it, and what they do next."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.conversation.cards import Button, Buttons, Card, Form
from bot.conversation.events import MessageRef, Profile
from bot.conversation.facilitation_forms import NAME as LED
from bot.conversation.nameless import SUGGEST, SUGGESTION
from bot.rehearsal.acts import Act, Browse, ChangeRhythm, Fill, LeaveTeam, NoteLed, Press, Say, Values
from bot.rehearsal.characters import Character
from bot.rehearsal.filling import TEXTS, filled, led, suggested
from bot.rehearsal.surveying import SURVEY, answers_to_survey, likely_answers
from bot.rehearsal.virtual_clock import VirtualClock

LIKELY = {
    "nudge.doing": 6.0, "nudge.plan": 6.0, "nudge.choice": 3.0, "nudge.another": 0.8, "nudge.not_today": 1.6,
    "nudge.show": 3.0, "reply.open": 0.6, "follow_up.done": 4.0, "follow_up.tried": 2.5, "follow_up.not_yet": 2.0,
    "follow_up.let_go": 0.8, "follow_up.smaller": 2.0, "follow_up.new_date": 1.0, "plan.came": 3.0,
    "plan.did_not_come": 2.0, "plan.change": 0.5, "plan.let_go": 0.5, "reflect.open": 2.0, "reply.undo": 0.1,
    "welcome.start": 4.0, "pace.keep": 1.0, "pace.three": 1.0, "pace.mondays": 1.0, "start.again": 0.5,
    "recall.choice": 0.4, "survey.answer": 1.5, "survey.open": 3.0, "survey.decline": 0.12,
    "feedback.give": 0.5, SUGGEST: 0.01,
}  # fmt: skip
"""How likely a button is to be pressed, against the others about the same thing. What is not named is let be."""

LET_BE = {
    "reply.open": 9.0,
    "reply.undo": 3.0,
    "reflect.open": 6.0,
    "plan.change": 9.0,
    "start.again": 2.0,
    "nudge.show": 2.0,
    "recall.choice": 1.0,
    "survey.answer": 1.0,
    "feedback.give": 12.0,
    SUGGEST: 1.0,
}
"""How likely it is that nothing is pressed where one of these is, on the same scale; elsewhere it is 0.2."""

REMEMBERED = 4.5
"""How likely the right answer to a case that comes back is, on the same scale: against two others, 85 in 100."""

ON_THE_WAY = {
    ChangeRhythm: ("rhythm.open",),
    Browse: ("library.theme", "library.take"),
    NoteLed: ("led.new",),
    LeaveTeam: ("team.leave",),
}
"""The buttons that lead to what somebody asked for."""

ASIDES = {SUGGESTION: "suggestions", LED: "led"}
"""What is counted of the forms that are sent."""

GOES_ON = {"nudge.another", "nudge.choice", "follow_up.not_yet", "plan.did_not_come", "survey.answer"}
"""After these the same thing offers other buttons."""

Later = Callable[[datetime, "SimulatedPerson", Act], None]


@dataclass(kw_only=True, slots=True)
class SimulatedPerson:
    character: Character
    profile: Profile
    clock: VirtualClock
    later: Later
    lots: Random
    paused_until: date | None = None
    stopped: bool = False
    has_app: bool = True
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    shift: str = "day"
    errand: ChangeRhythm | Browse | NoteLed | LeaveTeam | None = None
    """What they have asked for and are waiting to see."""
    taken: set[str] = field(default_factory=set)
    """Lessons taken from the library: nobody takes the same one twice."""
    screen: dict[MessageRef, Card] = field(default_factory=dict)
    answered: set[tuple[MessageRef, str]] = field(default_factory=set)
    wrote: list[MessageRef] = field(default_factory=list)
    remembers: frozenset[str] = frozenset()
    """The texts of the answers that are right."""
    recalled: list[bool] = field(default_factory=list)
    """Whether each answer they gave to a case that came back was right."""
    asides: Counter[str] = field(default_factory=Counter)
    """How often they said whether an exercise was of use, suggested a change to one, and noted one they had led."""

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(ZoneInfo(self.profile.zone or "UTC")).date()

    def moves_to(self, zone: str) -> None:
        self.profile = replace(self.profile, zone=zone)

    def leaves(self) -> None:
        self.profile = replace(self.profile, is_gone=True)

    def begins(self, act: Act) -> None:
        """They are about to do this."""

    def reads(self, message: MessageRef, card: Card, *, from_knuff: bool) -> None:
        self.screen[message] = card
        if from_knuff:
            if self.lots.random() < self.character.share_answered(self.today):
                self._react(message, card, within=self._some_time())
        else:
            self._react(message, card, within=timedelta(seconds=self.lots.randrange(5, 90)))

    def reads_in_channel(self, message: MessageRef, card: Card) -> None:
        """What is said where everybody reads along is not for them."""

    def sees_changed(self, message: MessageRef, card: Card) -> None:
        self.screen[message] = card
        self._react(message, card, within=timedelta(seconds=self.lots.randrange(5, 90)))

    def sees_home(self, card: Card) -> None:
        """Home is looked at and left."""

    def sees_form(self, form: Form) -> None:
        if form.submit is None:
            return
        values = filled(
            form, wanted=self._wanted(form), today=self.today, language=self.character.language, lots=self.lots
        )
        self._later(timedelta(seconds=self.lots.randrange(20, 120)), Fill(form=form, values=values))

    def shows_still(self, press: Press) -> bool:
        """Whether the button is still there to be pressed."""
        card = self.screen.get(press.message)
        return card is not None and any(press.button == button for button in _buttons(card))

    def has_pressed(self, press: Press) -> None:
        """Take note of what the press means to the person from now on."""
        action = press.button.action
        if action in GOES_ON:
            self.answered.discard((press.message, _about(press.button)))
        elif action in ("start.again", "welcome.start"):
            self.paused_until, self.stopped = None, False
        elif action == "library.take":
            self.taken.add(press.button.value)
            self.errand = None
        elif action == "team.leave":
            self.errand = None
        elif action == "recall.choice":
            self.recalled.append(press.button.text in self.remembers)
        elif action == "feedback.give":
            self.asides["opinions"] += 1

    def has_said(self, say: Say) -> None:
        if say.pauses_until is not None:
            self.paused_until = say.pauses_until
        if say.stops:
            self.stopped = True
        if say.starts_again:
            self.paused_until, self.stopped = None, False

    def has_sent(self, fill: Fill) -> None:
        """Take note of a form that was accepted."""
        if fill.form.name == "rhythm" and isinstance(days := fill.values.get("days"), tuple):
            self.days = tuple(int(day) for day in days)
            self.shift = str(fill.values["shift"])
        elif fill.form.name in ASIDES:
            self.asides[ASIDES[fill.form.name]] += 1

    def _react(self, message: MessageRef, card: Card, *, within: timedelta) -> None:
        buttons = list(_buttons(card))
        if self.errand is not None:
            on_the_way = [one for one in buttons if self._leads_on(one)]
            if on_the_way:
                self._later(within, Press(button=self.lots.choice(on_the_way), message=message))
                return
        for about, some in _families(buttons).items():
            if (message, about) in self.answered:
                continue
            chosen = self._choose(some)
            if chosen is None:
                continue
            self.answered.add((message, about))
            self._later(within, Press(button=chosen, message=message))
            if about.startswith("nudge") and self.lots.random() < self.character.writes:
                afterwards = within + timedelta(seconds=self.lots.randrange(30, 300))
                self._later(afterwards, Say(text=self.lots.choice(TEXTS[self.character.language]), is_answer=True))

    def _leads_on(self, button: Button) -> bool:
        return (
            self.errand is not None
            and button.action in ON_THE_WAY[type(self.errand)]
            and button.value not in self.taken
        )

    def _choose(self, buttons: list[Button]) -> Button | None:
        choices: list[Button | None] = [*buttons, None]
        answers = likely_answers([one.value for one in buttons if one.action == "survey.answer"])
        weights = [self._likely(button) * answers.get(button.value, 1) for button in buttons]
        none_of_them = max(LET_BE.get(button.action, 0.2) for button in buttons)
        return self.lots.choices(choices, [*weights, none_of_them])[0]

    def _likely(self, button: Button) -> float:
        is_known = button.action == "recall.choice" and button.text in self.remembers
        return REMEMBERED if is_known else LIKELY[button.action]

    def _wanted(self, form: Form) -> Values:
        """Return what the person came to change in this form."""
        if form.name == SURVEY:
            return answers_to_survey(form, self.lots)
        if form.name == SUGGESTION:
            return suggested(self.character.language, self.lots)
        if form.name == LED:
            self.errand = None
            return led(form, self.character.language, self.lots)
        if not isinstance(self.errand, ChangeRhythm) or not form.name.startswith("rhythm"):
            return {}
        wanted, self.errand = self.errand, None
        values: Values = {}
        if wanted.slot is not None:
            values["slot"] = wanted.slot
        if wanted.pace is not None:
            values["pace"] = wanted.pace
        if wanted.shift is not None:
            values["shift"] = wanted.shift
        if wanted.days is not None:
            values["days"] = tuple(str(day) for day in wanted.days)
        return values

    def _some_time(self) -> timedelta:
        """After how long a message is answered: half of them within forty minutes, a few the day after."""
        return timedelta(minutes=min(self.lots.lognormvariate(3.7, 1.4), 30 * 60))

    def _later(self, after: timedelta, act: Act) -> None:
        self.later(self.clock.now() + after, self, act)


def _buttons(card: Card) -> list[Button]:
    return [button for part in card.parts if isinstance(part, Buttons) for button in part.buttons]


def _families(buttons: list[Button]) -> dict[str, list[Button]]:
    """Group buttons by what they are about: one exercise, one question, one offer."""
    families: dict[str, list[Button]] = {}
    for button in buttons:
        if button.action in LIKELY:
            families.setdefault(_about(button), []).append(button)
    return families


def _about(button: Button) -> str:
    if button.action == "nudge.show":
        return f"{button.action} {button.value}"
    return f"{button.action.partition('.')[0]} {button.value.partition(':')[0]}"
