"""What a team meets when its challenge asks for more than its own words: a yes before it begins, somebody who says yes
or no, and forms that know nobody. The part of `knuff preview` that is about that, made as `team_samples` is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.conversation.cards import Card, ChoiceInput, Form
from bot.conversation.letters import Letter
from bot.conversation.proposing import form_button
from bot.conversation.round_mail import member_card
from bot.conversation.round_view import step_of_message
from bot.conversation.sample_database import from_nothing
from bot.conversation.team_sample_hands import BEFORE, FACILITATOR, STRANGER, TEAM, Hands, Sample
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from storage import rounds
from storage.round_news import News
from storage.round_notes import Note
from storage.tables.deliveries import Kind
from storage.tables.people import Person
from storage.tables.rounds import Ending, RoundStep
from storage.tables.teams import Team

MANAGER = "U0CHEFEN"
SIX = (*TEAM, "U0FIA")
RULES = {
    "sv": (("Vi skriver ut schemat varje dag", "Tjugo minuter"), ("Två signerar samma inköp", "En halv dag"),
           ("Blanketten faxas", "Tio minuter"), ("Alla godkänner semesterlistan", "En vecka"),
           ("Loggboken förs för hand", "En timme")),
    "en": (("We print the schedule every day", "Twenty minutes"), ("Two sign the same purchase", "Half a day"),
           ("The form is faxed", "Ten minutes"), ("Everyone approves the holiday list", "A week"),
           ("The logbook is kept by hand", "An hour")),
}  # fmt: skip
REASON = {"sv": "Vi provar utan i fyra dagar.", "en": "We try without for four days."}


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en"."""
    return from_nothing(lambda session: _Story(session, language, house).meets())


@dataclass
class _Story(Hands):
    def meets(self) -> Iterator[Sample]:
        yield from self._is_settled_first()
        yield from self._is_decided_by_another()
        yield from self._is_written_without_names()
        yield from self._is_sorted_and_chosen()
        yield from self._is_answered()

    def _is_settled_first(self) -> Iterator[Sample]:
        self._sends(self._form("team.new"), self._team(), people=self._people(*SIX))
        new = self._form("round.new", "1:kill-rule")
        yield "modal", "rule_plan", new
        chosen = self._chosen()
        yield "modal", "rule_refused_no_mandate", self._refused(new, chosen)
        two = self._people(MANAGER, STRANGER)
        yield "modal", "rule_refused_two", self._refused(new, chosen, picked={"mandate": two})
        preview = self._sends(new, chosen, picked={"mandate": self._people(MANAGER)})
        yield "modal", "rule_preview", preview
        yield "modal", "rule_refused_no_consent", self._refused(preview, {"consent": "no"})
        yield "modal", "rule_confirmed", self._sends(preview, {"consent": "yes"})

    def _is_decided_by_another(self) -> Iterator[Sample]:
        with self._forgotten():
            first = self._morning("rules")
            edit = self._form("team.edit", 1)
            self._sends(self._sends(edit, {}, picked={"mandate": self._people(STRANGER)}), {})
            yield "message", "rule_private_decides", self._note(first, Note.HAS_MANDATE)
            yield "message", "rule_private_decides_first", self._note(first, Note.HAS_MANDATE, first=True)
            yield from self._channel("rule_new_mandate_named", self._morning("sort"))
            answer = self._morning("answer")
            yield from self._channel("rule_new_mandate", answer)
            yield "message", "rule_private_decides_now", self._note(answer, Note.HAS_MANDATE)
        self.now = BEFORE

    def _is_written_without_names(self) -> Iterator[Sample]:
        step = self._morning("rules")
        yield from self._channel("rule_morning", step)
        private = self._to(step, Kind.ROUND)
        yield "message", "rule_private", private
        yield "message", "rule_reminder", self._to(step, Kind.ROUND_REMINDER, has_form=False)
        yield from self._named("rule_about", self._presses("round.about", step.id, who=TEAM[1]))
        yield from self._gone(step)
        yield from self._named("rule_form_sent", self._presses("contribution.open", step.id, who=TEAM[1]))
        yield from self._named("rule_form_in_chat", self._presses("contribution.open", step.id, who=TEAM[1]))
        form = self._opened(private)
        yield "modal", "rule_form", form
        for name, text in (("empty", " "), ("long", "ord " * 31)):
            yield "modal", f"rule_form_refused_{name}", self._refused(form, {"in_rule": text})
        rules = RULES[self.language]
        yield "modal", "rule_kept", self._write(form, rules[0])
        yield "modal", "rule_used", self._write(form, rules[1])
        yield "modal", "rule_unknown", self._write(replace(form, about=f"{step.id}:{self.language}:x"), rules[1])
        for one in rules[1:]:
            self._write(self._opened(self._to(step, Kind.ROUND)), one)
        late = self._opened(self._to(step, Kind.ROUND))
        yield from self._channel("rule_opened", self._opens(step), News.OPENED)
        yield "modal", "rule_late", self._write(late, rules[0])
        yield from self._named("rule_all", self._presses("round.opened", step.id, who=TEAM[1]))

    def _is_sorted_and_chosen(self) -> Iterator[Sample]:
        step = self._morning("sort")
        yield from self._channel("rule_sort", step)
        yield from self._named("rule_sort_not_yours", self._presses("contribution.open", step.id, who=TEAM[1]))
        form = self._form("contribution.open", step.id, who=FACILITATOR)
        yield "modal", "rule_sort_form", form
        for number, rule in enumerate(self._about(form)):
            values = {"about": rule, "in_place": "own" if number < 2 else "law", "in_owner": "", "in_why": ""}
            shown = self._sends(form, values, who=FACILITATOR)
            if number in (0, 4):
                yield "modal", f"rule_sorted_{number + 1}", shown
        yield from self._channel("rule_sorted", step, News.OPENED)
        vote = self._morning("choose")
        ballot = self._form("vote.open", vote.id, who=TEAM[1])
        yield "modal", "rule_ballot", ballot
        [options] = [part.options for part in ballot.body if isinstance(part, ChoiceInput)]
        for who in TEAM[:3]:
            self._sends(ballot, {"choice": options[0].value}, who=who)
        self._closes(vote)

    def _is_answered(self) -> Iterator[Sample]:
        step = self._morning("answer")
        yield from self._channel("rule_answer", step)
        yield "message", "rule_answer_private", self._to(step, Kind.ROUND, first=True)
        yield from self._named("rule_answer_not_yours", self._presses("contribution.open", step.id, who=TEAM[1]))
        form = self._form("contribution.open", step.id, who=MANAGER)
        yield "modal", "rule_answer_form", form
        answer = {"in_answer": "try", "in_reason": REASON[self.language]}
        kept = self._sends(form, {"about": self._about(form)[0], **answer}, who=MANAGER)
        yield "modal", "rule_answer_kept", kept
        yield from self._named("rule_answers", self._presses("round.see", step.id, who=TEAM[1]))
        without = self._morning("without")
        yield from self._brings_more_than_a_message_takes(without)
        self.now = without.prompt_at
        self._sends(
            self._form("contribution.open", without.id, who=TEAM[1]), {"in_seen": REASON[self.language]}, who=TEAM[1]
        )
        self._opens(without)
        last = self._morning("decide")
        yield from self._channel("rule_decide", last)
        decide = self._form("contribution.open", last.id, who=MANAGER)
        yield "modal", "rule_decide_form", decide
        decided = {"in_outcome": "gone", "in_passed_on": "yes", "in_effect": REASON[self.language]}
        yield "modal", "rule_decided", self._sends(decide, decided, who=MANAGER)
        yield from self._channel("rule_decided_in_channel", last, News.OPENED)
        yield from self._named("rule_stands", self._presses("round.open", 1))
        with self._forgotten():
            rounds.end(self.session, 1, Ending.NOT_MADE, self.now)
            yield from self._channel("rule_not_made", last, News.ENDING)

    def _brings_more_than_a_message_takes(self, step: RoundStep) -> Iterator[Sample]:
        with self._forgotten():
            more = tuple(f"U0NY{number}" for number in range(3))
            self._sends(self._form("team.add", 1), {}, people=self._people(*more))
            for who in (*SIX, *more):
                for _ in range(step.most_each):
                    blank = self._form("contribution.another", step.id, who=who)
                    self._sends(blank, {"in_seen": REASON[self.language]}, who=who)
            yield from self._channel("rule_opened_many", self._opens(step), News.OPENED)
            yield from self._named("rule_opened_all", self._presses("round.opened", step.id, who=TEAM[1]))

    def _gone(self, step: RoundStep) -> Iterator[Sample]:
        """The manager has left the workplace."""
        with self._forgotten():
            team = self.session.get_one(Team, 1)
            self.session.get_one(Person, team.mandate_id).left_at = self.now
            self.session.flush()
            yield from self._named("rule_about_gone", self._presses("round.about", step.id, who=TEAM[1]))
            yield from self._named("rule_stands_unreached", self._presses("round.open", 1))

    def _to(self, step: RoundStep, kind: Kind, *, first: bool = False, has_form: bool = True) -> Card:
        at, words = step_of_message(self.session, step.id), Words(self.language)
        form = form_button(self.house, at, words) if at.is_anonymous and has_form else None
        by = self.house.organisation_name if first else None
        return member_card(at, kind, Letter(), words, form=form, introduced_by=by)

    def _opened(self, private: Card) -> Form:
        [button] = [one for part in private.parts for one in getattr(part, "buttons", ())]
        return self._form(button.action, button.value)

    def _write(self, form: Form, rule: tuple[str, str]) -> Form:
        return self._sends(form, {"in_rule": rule[0], "in_cost": rule[1]})

    def _about(self, form: Form) -> list[str]:
        return next([option.value for option in one.options] for one in form.body if isinstance(one, ChoiceInput))
