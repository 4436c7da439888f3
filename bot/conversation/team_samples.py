"""What a team and its coordinator meet in a challenge: the part of `knuff preview` that is about teams.

The desk itself answers, over a database in memory that is gone afterwards; the moments of the round are brought about
as the planner does it. Nothing is drawn by hand, but for one thing: where a form is refused, each error stands as a
note under its input, where a platform shows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.conversation.cards import ChoiceInput
from bot.conversation.events import Profile
from bot.conversation.sample_database import from_nothing
from bot.conversation.team_choices import MOST_MEMBERS
from bot.conversation.team_sample_hands import (
    BEFORE,
    CHANNEL,
    COORDINATOR,
    FACILITATOR,
    STRANGER,
    TEAM,
    ZONE,
    Hands,
    Sample,
    buttons_of,
)
from bot.conversation.visiting import House
from scheduler.calendar import slot_moment
from storage import round_reading, rounds
from storage.round_news import News
from storage.tables.deliveries import Kind
from storage.tables.rounds import Ending, RoundStep


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en"."""
    return from_nothing(lambda session: _Story(session, language, house).meets())


@dataclass
class _Story(Hands):
    def meets(self) -> Iterator[Sample]:
        yield from self._makes_a_team()
        yield from self._chooses_a_challenge()
        yield from self._hands_in()
        yield from self._votes()
        yield from self._builds()
        yield from self._answers()
        yield from self._ends()

    def _makes_a_team(self) -> Iterator[Sample]:
        yield from self._named("team_none", self._presses("team.list"))
        yield from self._named("team_in_channel", self._mentions(COORDINATOR))
        yield from self._named("team_new_in_channel", self._presses("team.new", CHANNEL))
        new = self._form("team.new")
        yield "modal", "team_new", new
        bot = Profile(external_id="B1", zone=None, language=None, is_bot=True)
        nothing = {"name": " ", "channel": "", "everybody": "yes", "slot": "", "language": ""}
        yield "modal", "team_new_refused", self._refused(new, nothing, people=(bot,))
        many = tuple(f"U{number:04}" for number in range(MOST_MEMBERS + 1))
        yield "modal", "team_new_refused_many", self._refused(new, self._team(), people=self._people(*many))
        with self._forgotten():
            sent = self._sent(self._form("team.new", CHANNEL), self._team(), COORDINATOR)
            yield from self._named("team_made_in_channel", self._hears(replace(sent, in_channel=True)))
        yield "modal", "team_made", self._sends(new, self._team(), people=self._people(*TEAM))
        yield "modal", "team_new_refused_taken", self._refused(new, self._team(), people=self._people(*TEAM))
        yield from self._named("teams", self._presses("team.list"))
        add, remove = self._form("team.add", 1), self._form("team.remove", 1)
        yield "modal", "team_add", add
        yield "modal", "team_add_refused", self._refused(add, {})
        yield "modal", "team_added", self._sends(add, {}, people=self._people(TEAM[0]))
        yield "modal", "team_remove", remove
        yield "modal", "team_removed", self._sends(remove, {}, people=self._people("U0FIA"))
        yield from self._named("team_invitation", self._mentions(STRANGER))
        yield from self._named("team_join_elsewhere", self._presses("team.join", 1, who=STRANGER))
        yield from self._named("team_joined", self._presses("team.join", 1, who=STRANGER, in_channel=True))
        yield from self._named("team_own", self._types("lag", who=STRANGER))
        yield from self._named("team_left", self._presses("team.leave", 1, who=STRANGER))
        yield from self._named("team_own_none", self._types("lag", who=STRANGER))
        yield from self._named("team_not_there", self._presses("team.open", 99))

    def _chooses_a_challenge(self) -> Iterator[Sample]:
        choose = self._form("round.new", 1)
        yield "modal", "round_new", choose
        yield "modal", "round_new_refused_small", self._refused(choose, {"challenge": "kill-rule"})
        new = self._sends(choose, {"challenge": "idea-sprint"})
        yield "modal", "round_plan", new
        for name, day in (("red_day", "2026-04-03"), ("no_day", ""), ("far", "2028-03-01")):
            yield "modal", f"round_new_refused_{name}", self._refused(new, self._chosen(day))
        preview = self._sends(new, self._chosen())
        yield "modal", "round_preview_rests", self._sends(new, self._chosen("2026-04-29"))
        yield "modal", "round_preview_gone", self._sends(preview, {})
        preview = self._sends(new, self._chosen())
        self.now = slot_moment(date(2026, 3, 3), time(11), ZONE)
        with self._forgotten():
            yield "modal", "round_preview_overnight", self._sends(preview, {})
        self.now = BEFORE + timedelta(minutes=5)  # nobody is taken out of the team from now on
        yield "modal", "round_preview", preview
        yield "modal", "round_confirmed", self._sends(preview, {})
        yield "modal", "round_planned", self._one(self._presses("round.open", 1))
        yield from self._named("round_under_way", self._presses("round.new", 1))
        with self._forgotten():
            yield from self._beside_another()

    def _beside_another(self) -> Iterator[Sample]:
        """A second team, with people of the first."""
        chosen = self._team() | {"channel": "C0OST"}
        other = self._form("team.new")
        yield "modal", "team_small", self._sends(other, chosen, people=self._people(TEAM[1], "U0X", "U0Y"))
        new = self._form("round.new", "2:idea-sprint")
        yield "modal", "round_refused_overlap_many", self._refused(new, self._chosen())
        self._sends(self._form("team.remove", 2), {}, people=self._people(TEAM[0]))
        yield "modal", "round_refused_small", self._refused(new, self._chosen())
        add = self._form("team.add", 2)
        self._sends(add, {}, people=self._people("U0Z"))
        yield "modal", "round_refused_overlap", self._refused(new, self._chosen())
        self._sends(add, {}, people=self._people(*(f"U{number}" for number in range(9))))
        yield "modal", "round_refused_large", self._refused(new, self._chosen())

    def _hands_in(self) -> Iterator[Sample]:
        step = self._morning("need")
        yield from self._channel("need", step)
        yield "message", "round_private", self._alone(step, Kind.ROUND)
        yield "message", "round_private_first", self._alone(step, Kind.ROUND, first=True)
        yield "message", "round_private_facilitator", self._alone(step, Kind.ROUND, first=True, leads=True)
        yield "message", "round_reminder", self._alone(step, Kind.ROUND_REMINDER)
        yield "message", "round_reminder_in_channel", self._card(step, News.MORNING, kind=Kind.ROUND_REMINDER)
        for name, action in (("about", "round.about"), ("facilitator", "round.facilitate")):
            yield from self._named(f"round_{name}", self._presses(action, step.id, who=FACILITATOR))
        yield from self._named("round_not_facilitator", self._presses("round.facilitate", step.id, who=TEAM[1]))
        yield from self._named("round_not_in_team", self._presses("contribution.open", step.id, who=STRANGER))
        morning = self.now
        with self._forgotten():
            self._opens(step)
            yield from self._named("round_stands_too_few", self._presses("round.open", 1))
        self.now = morning
        form = self._form("contribution.open", step.id, who=TEAM[1])
        yield "modal", "contribution", form
        for name, text in (("empty", " "), ("long", "ord " * 41)):
            yield "modal", f"contribution_refused_{name}", self._refused(form, {"in_need": text}, who=TEAM[1])
        yield "modal", "contribution_kept", self._sends(form, {"in_need": self.said["needs"][0]}, who=TEAM[1])
        yield from self._named("contribution_change", self._presses("contribution.change", f"{step.id}:1", who=TEAM[1]))
        change = self._form("contribution.change", f"{step.id}:1", who=TEAM[1])
        yield "modal", "contribution_changed", self._sends(change, {}, who=TEAM[1])
        yield from self._named("contribution_not_mine", self._presses("contribution.change", f"{step.id}:9"))
        gone = self._presses("contribution.withdraw", f"{step.id}:1", who=TEAM[1])
        yield from self._named("contribution_withdrawn", gone)
        with self._forgotten():
            yield from self._channel("need_opened_nothing", self._opens(step), News.OPENED)
        self.now = step.prompt_at
        open_meanwhile = self._form("contribution.open", step.id, who=TEAM[4])
        self._each_writes(step, "in_need", self.said["needs"])
        with self._forgotten():
            rounds.end(self.session, 1, Ending.ENDED_EARLY, self.now)
            never = self._presses("contribution.open", step.id, who=TEAM[1])
            yield from self._named("contribution_never_opened", never)
        yield from self._named("contribution_enough", self._presses_again(step, "in_need"))
        yield from self._channel("need_opened", self._opens(step), News.OPENED)
        yield from self._named("contribution_opened", self._presses("contribution.open", step.id, who=TEAM[1]))
        with self._forgotten():
            yield from self._channel("need_late", step)
            yield "message", "round_private_late", self._alone(step, Kind.ROUND)
            yield "message", "round_reminder_late", self._alone(step, Kind.ROUND_REMINDER)
            again = self._sends(open_meanwhile, {"in_need": self.said["needs"][1]}, who=TEAM[4])
            yield "modal", "contribution_asked_again", again
            late = self._form("contribution.open", step.id, who=TEAM[3])
            yield "modal", "contribution_late_new", late
            yield "modal", "contribution_late", self._sends(late, {"in_need": self.said["needs"][1]}, who=TEAM[3])
            mine = f"{step.id}:{self._newest_of(step)}"
            yield from self._named("contribution_fixed", self._presses("contribution.change", mine, who=TEAM[3]))
        yield from self._named("round_stands", self._presses("round.open", 1))
        with self._forgotten():
            rounds.end(self.session, 1, Ending.ENDED_EARLY, self.now)
            yield from self._named("round_stands_ended_on_its_first_day", self._presses("round.open", 1))

    def _votes(self) -> Iterator[Sample]:
        step = self._morning("choose_need")
        yield from self._channel("vote", step)
        yield from self._named("round_read_all", self._presses("round.see", step.id, who=TEAM[1]))
        ballot = self._form("vote.open", step.id, who=TEAM[1])
        yield "modal", "ballot", ballot
        yield "modal", "ballot_refused", self._refused(ballot, {"choice": ""}, who=TEAM[1])
        [options] = [part.options for part in ballot.body if isinstance(part, ChoiceInput)]
        with self._forgotten():
            self._sends(ballot, {"choice": options[0].value}, who=TEAM[1])
            yield from self._channel("vote_too_few", self._closes(step), News.OPENED)
            yield from self._channel("ideas_without_a_choice", self._morning("ideas"))
        self.now = step.prompt_at
        yield "modal", "vote_kept", self._sends(ballot, {"choice": options[0].value}, who=TEAM[1])
        for who, at in ((TEAM[0], 0), (TEAM[2], 1), (TEAM[3], 1)):
            self._sends(ballot, {"choice": options[at].value}, who=who)
        yield from self._channel("vote_tie", self._closes(step), News.OPENED)
        with self._forgotten():
            yield from self._channel("ideas_not_chosen", self._morning("ideas"))
            rounds.end(self.session, 1, Ending.FINISHED, self.now)
            yield from self._channel("ended_tied", step, News.ENDING)
        self.now = step.closes_at or self.now
        settle = self._form("round.settle", step.id, who=FACILITATOR, in_channel=True)
        yield "modal", "tie_settle", settle
        choice = {"choice": options[1].value}
        yield from self._named("tie_settled", self._hears(self._sent(settle, choice, FACILITATOR)))
        yield from self._named("tie_no_more", self._presses("round.settle", step.id, who=FACILITATOR))
        yield from self._named("vote_went", self._presses("vote.open", step.id, who=TEAM[1]))

    def _builds(self) -> Iterator[Sample]:
        ideas = self._morning("ideas")
        yield from self._channel("ideas", ideas)
        with self._forgotten():
            self._each_writes(ideas, "in_idea", self.said["ideas"][:1])
            self._opens(ideas)
            only_own = self._presses("contribution.open", self._morning("build").id, who=TEAM[0])
            yield from self._named("contribution_only_own", only_own)
        self.now = ideas.prompt_at
        self._each_writes(ideas, "in_idea", self.said["ideas"])
        yield from self._named("contribution_one_more", self._presses("contribution.open", ideas.id, who=TEAM[1]))
        with self._forgotten():
            build = self._morning("build")
            nothing = self._presses("contribution.open", build.id, who=TEAM[1])
            yield from self._named("contribution_nothing_yet", nothing)
            yield from self._named("round_nothing_yet", self._presses("round.see", build.id, who=TEAM[1]))
        self._opens(ideas)
        build = self._morning("build")
        yield from self._channel("build", build)
        form = self._form("contribution.open", build.id, who=TEAM[1])
        yield "modal", "contribution_about", form
        for who, text in zip(TEAM, self.said["built"], strict=False):
            of_others = self._form("contribution.open", build.id, who=who)
            [options] = [part.options for part in of_others.body if isinstance(part, ChoiceInput)]
            self._sends(of_others, {"about": options[0].value, "in_built": text}, who=who)
        self._opens(build)
        step = self._morning("choose")
        yield from self._channel("scores", step)
        with self._forgotten():
            too_late = self._form("contribution.another", build.id, who=TEAM[-1])
            yield "modal", "contribution_not_scored", too_late
        ballot = self._form("vote.open", step.id, who=TEAM[1])
        yield "modal", "ballot_scores", ballot
        scores = [part.name for part in ballot.body if isinstance(part, ChoiceInput)]
        for who, least in zip(TEAM[:3], (1, 1, 3), strict=True):
            given = {name: str(3 if number < 3 else least) for number, name in enumerate(scores)}
            self._sends(ballot, given, who=who)
        yield from self._channel("scores_tally", self._closes(step), News.OPENED)

    def _answers(self) -> Iterator[Sample]:
        step = self._morning("answer")
        yield from self._channel("answer", step)
        yield from self._named("round_stands_last", self._presses("round.open", 1))
        with self._forgotten():
            rounds.end(self.session, 1, Ending.NOT_MADE, self.now)
            yield from self._named("round_stands_unanswered", self._presses("round.open", 1))
            yield from self._channel("ended_unanswered_many", step, News.ENDING)
        form = self._form("contribution.open", step.id, who=TEAM[1])
        yield "modal", "answer", form
        wrong = {"about": "", "in_answer": "", "in_reason": "19121212-1212"}
        yield "modal", "answer_refused", self._refused(form, wrong, who=TEAM[1])
        about = next(part.options for part in form.body if isinstance(part, ChoiceInput))
        for number, idea in enumerate(about):
            given = {"about": idea.value, "in_answer": "yes", "in_reason": self.said["reason"]}
            yield "modal", f"answer_kept_{number + 1}", self._sends(form, given, who=TEAM[number])
            if number + 2 == len(about):
                yield from self._channel("answers_told_so_far", step, News.OPENED)
                with self._forgotten():
                    rounds.end(self.session, 1, Ending.NOT_MADE, self.now)
                    yield from self._channel("ended_unanswered_one", step, News.ENDING)
        yield from self._channel("answers_told", step, News.OPENED)
        yield from self._named("answers_read", self._presses("round.see", step.id, who=TEAM[1]))
        yield from self._wraps_up(step)

    def _wraps_up(self, step: RoundStep) -> Iterator[Sample]:
        yield from self._named("wrap_up_none", self._presses("wrap_up.open", step.id, who=TEAM[1]))
        yield from self._named("wrap_up_begins", self._presses("wrap_up.open", step.id, who=FACILITATOR))
        form = self._form("wrap_up.ask", step.id, who=FACILITATOR)
        yield "modal", "wrap_up_write", form
        yield "modal", "wrap_up_refused", self._refused(form, {}, who=FACILITATOR)
        lines = dict(zip(("first_test", "owner", "test_day"), self.said["wrap_up"], strict=True))
        yield "modal", "wrap_up_kept", self._sends(form, lines, who=FACILITATOR)
        for number, who in enumerate(TEAM[:3], start=1):
            shown = self._one(self._presses("wrap_up.open", step.id, who=who))
            if number == 1:
                yield "modal", "wrap_up", shown
            [approve] = [button for button in buttons_of(shown) if button.action == "wrap_up.approve"]
            if number == 1:
                stale = self._presses(approve.action, f"{step.id}:0", who=who)
                yield from self._named("wrap_up_has_changed", stale)
            approved = self._presses(approve.action, approve.value, who=who)
            yield from self._named(f"wrap_up_approved_{number}", approved)
        yield from self._named("wrap_up_shared", self._presses("wrap_up.ask", step.id, who=FACILITATOR))
        yield from self._named("round_shared", self._presses("round.open", 1))

    def _ends(self) -> Iterator[Sample]:
        step = round_reading.steps(self.session, 1)[-1]
        for ending in Ending:
            with self._forgotten():
                rounds.end(self.session, 1, ending, self.now)
                yield from self._channel(f"ended_{ending.value}", step, News.ENDING)
                yield from self._named(f"round_{ending.value}", self._presses("round.open", 1))
        yield from self._named("team_still_running", self._presses("team.end", 1))
        yield from self._named("round_ended", self._presses("round.end", 1))
        yield from self._named("contribution_closed", self._presses("contribution.open", step.id, who=TEAM[1]))
        yield from self._named("team_ended", self._presses("team.end", 1))
        yield from self._named("team_has_ended", self._presses("round.new", 1))
        yield from self._named("team_cannot_join", self._presses("team.join", 1, who=STRANGER, in_channel=True))
        yield from self._named("teams_ended", self._presses("team.list"))
        for number in range(20):
            new = {"channel": f"C0{number}", "name": f"{self.said['name']} {number + 2}"}
            self._sends(self._form("team.new"), self._team() | new, people=self._people(TEAM[0]))
        for name, skip in (("first", ""), ("second", "20")):
            yield from self._named(f"teams_{name}_page", self._presses("team.list", skip))
