"""What Knuff answers a leader who types, presses and sends forms: the part of `knuff preview` that is a conversation.

The desk itself answers, over a database in memory that is gone afterwards. Nothing is drawn by hand here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.conversation.events import Edited
from bot.conversation.sample_data import MONDAY
from bot.conversation.sample_database import from_nothing
from bot.conversation.sample_leader import MORNING, Leader, Sample
from bot.conversation.saving import LONGEST
from bot.conversation.visiting import House
from lessons.models import Kind
from storage.tables.answers import Plan, Reflection
from storage.tables.deliveries import Kind as DeliveryKind
from storage.tables.deliveries import Reason, State

COMMANDS = {
    "sv": {
        "pause_past": "paus till 2026-01-01", "pause_long": "paus till 2029-01-01", "found": "bibliotek möte",
        "language": "svenska", "plan": "Om mötet drar ut på tiden, så frågar jag vad som är nästa steg",
        "vague": "Om a, så b", "text": "Vi provar på torsdag.", "changed": "Vi provar på fredag i stället.",
    },
    "en": {
        "pause_past": "pause until 2026-01-01", "pause_long": "pause until 2029-01-01", "found": "library meeting",
        "language": "english", "plan": "When the meeting runs over, then I ask what the next step is",
        "vague": "When a, then b", "text": "We try it on Thursday.", "changed": "We try it on Friday instead.",
    },
}  # fmt: skip
"""What is said in one language only. All other words are commands whatever the language."""


def samples(language: str, house: House) -> list[Sample]:
    """Return all of them in the language "sv" or "en". A name stands for what was done; a number is added where that
    led to several things."""
    return from_nothing(lambda session: _Talks(session, language, house).talks())


class _Talks(Leader):
    def talks(self) -> Iterator[Sample]:
        yield from self._with_nothing_sent()
        yield from self._about_rhythm()
        yield from self._in_the_library()
        yield from self._about_an_exercise()
        yield from self._about_a_follow_up()
        yield from self._about_a_plan_on_page()
        yield from self._about_a_plan()
        yield from self._about_reasons()
        yield from self._about_my_data()

    def _with_nothing_sent(self) -> Iterator[Sample]:
        for name, words in (
            ("plans_none", "planer"), ("thoughts_none", "reflektioner"), ("undo_none", "ångra"),
            ("home_typed", "hem"), ("today_none", "i dag"), ("why_nothing", "varför"), ("doing_none", "jag gör det"),
            ("done_none", "klart"), ("own_page_none", "min sida"), ("not_coordinator", "omgångar"),
        ):  # fmt: skip
            yield from self._types(name, words)

    def _about_rhythm(self) -> Iterator[Sample]:
        said = COMMANDS[self.language]
        yield from self._types("rhythm_typed", "rytm")
        yield from self._types("rhythm_unchanged", "tid 08:15")
        yield from self._types("pace_which", "takt fem")
        yield from self._types("pace_three", "takt tre")
        yield from self._types("pace_mondays", "takt måndag")
        yield from self._types("pace_daily", "takt daglig")
        yield from self._presses("pace_kept", "pace.keep")
        yield from self._types("language_chosen", said["language"])
        yield from self._types("pause_past", said["pause_past"])
        yield from self._types("pause_too_long", said["pause_long"])

    def _in_the_library(self) -> Iterator[Sample]:
        lesson = next(iter(self.house.library.lessons))
        found = COMMANDS[self.language]["found"]
        yield from self._types("library_found_typed", found)
        yield from self._types("library_none_typed", "bibliotek qqqq")
        yield from self._types("library_taken_typed", f"ta {lesson}")
        search = self._opens("library.search")
        yield from self._sends("library_found_page", search, words=found.split()[-1])
        yield from self._sends("library_none_page", search, words="qqqq")
        yield from self._presses("library_taken_page", "library.take", lesson, view="V1")

    def _about_an_exercise(self) -> Iterator[Sample]:
        said = COMMANDS[self.language]
        friday = self._is_sent(DeliveryKind.NUDGE, Kind.TRY_IT, day=MONDAY - timedelta(days=3))
        yield from self._presses("another_pressed", "nudge.another", friday.id)
        nudge = self._is_sent(DeliveryKind.NUDGE, Kind.TRY_IT)
        yield from self._types("typed_another", "byt")
        yield from self._presses("pressed_another", "nudge.another", nudge.id)
        yield from self._types("typed_not_today", "inte i dag")
        yield from self._types("typed_doing", "jag gör det")
        yield from self._types("typed_not_yet_early", "inte än")
        yield from self._types("typed_done_early", "klart")
        yield from self._types("typed_reply", said["text"])
        yield from self._types("typed_undo", "ångra")
        refused = self._wrote("a" * (LONGEST + 1), MORNING)
        yield from self._named("typed_too_much", self._hears(refused))
        edited = Edited(**self._who(MORNING), text=said["text"], message=refused.message)
        yield from self._named("edit_not_saved", self._hears(edited))
        reply = self._opens("reply.open", nudge.id)
        yield from self._sends("reply_not_saved", reply, reply=said["text"], save="no")
        yield from self._sends("reply_sent", reply, reply=said["text"], save="yes")
        kept = self._newest(Reflection)
        change = self._opens("home.edit", kept)
        yield from self._sends("thought_changed", change, body=said["changed"])
        yield from self._presses("reply_undone", "reply.undo", kept)
        yield from self._sends("thought_gone", change, body=said["text"])
        yield from self._sends("reply_on_page", reply, on_page=True, reply=said["text"], save="yes")
        quiz = self._is_sent(DeliveryKind.NUDGE, Kind.QUIZ, day=MONDAY + timedelta(days=1))
        yield from self._types("typed_choice", "a", at=quiz.due_at)

    def _about_a_follow_up(self) -> Iterator[Sample]:
        self._is_asked(postponed=0, day=MONDAY + timedelta(days=2))
        at = MORNING + timedelta(days=2)
        yield from self._types("typed_not_yet", "inte än", at=at)
        yield from self._types("typed_new_day_past", "ny dag 2026-01-01", at=at)
        yield from self._types("typed_new_day_far", "ny dag 2029-01-01", at=at)
        yield from self._types("typed_new_day_unread", "ny dag qqqq", at=at)
        yield from self._types("typed_smaller", "mindre steg", at=at)
        self._is_asked(postponed=2, day=MONDAY + timedelta(days=3))
        at = MORNING + timedelta(days=3)
        yield from self._types("typed_not_yet_thrice", "inte än", at=at)
        yield from self._types("typed_done", "klart", at=at)
        for _ in range(12):  # more than fits on a leaf
            self._hears(self._wrote(COMMANDS[self.language]["text"], at))
        yield from self._types("thoughts_typed", "reflektioner", at=at)
        yield from self._presses("thoughts_page", "home.thoughts")
        for days, (name, words) in enumerate((("typed_let_go", "släpper"), ("typed_tried", "försökte")), start=4):
            self._is_asked(postponed=0, day=MONDAY + timedelta(days=days))
            yield from self._types(name, words, at=MORNING + timedelta(days=days))

    def _about_a_plan_on_page(self) -> Iterator[Sample]:
        said, day = COMMANDS[self.language], MONDAY + timedelta(days=6)
        at = MORNING + timedelta(days=6)
        self._is_sent(DeliveryKind.NUDGE, Kind.IF_THEN, day=day)
        wrote = self._wrote(said["plan"], at)
        self._hears(wrote)
        change = self._opens("plan.change", self._newest(Plan))
        words = {"cue": said["plan"], "action": said["text"], "cue_on": str(day + timedelta(days=2)), "save": "yes"}
        yield from self._sends("plan_changed_on_page", change, on_page=True, **words)
        edited = Edited(**self._who(at), text=said["changed"], message=wrote.message)
        yield from self._named("plan_edited_after_page", self._hears(edited))
        self._hears(self._press("plan.let_go", self._newest(Plan), at=at))

    def _about_a_plan(self) -> Iterator[Sample]:
        said, day = COMMANDS[self.language], MONDAY + timedelta(days=7)
        at = MORNING + timedelta(days=7)
        self._is_sent(DeliveryKind.NUDGE, Kind.IF_THEN, day=day)
        yield from self._types("typed_plan_vague", said["vague"], at=at)
        wrote = self._wrote(said["plan"], at)
        yield from self._named("typed_plan", self._hears(wrote))
        edited = Edited(**self._who(at), text=said["changed"], message=wrote.message)
        yield from self._named("plan_edited_away", self._hears(edited))
        self._hears(self._wrote(said["plan"], at))
        yield from self._types("typed_plan_undo", "ångra", at=at)
        self._hears(self._wrote(said["plan"], at))
        yield from self._presses("plan_undone", "plan.undo", self._newest(Plan), at=at)
        self._hears(self._wrote(said["plan"], at))
        yield from self._types("typed_plans", "planer", at=at)
        plan = self._newest(Plan)
        yield from self._presses("plan_change", "plan.change", plan, at=at)
        yield from self._presses("plan_let_go", "plan.let_go", plan, at=at)
        said_of_it = (("typed_came", "tillfället kom"), ("typed_did_not_come", "tillfället kom inte"))
        for days, (name, words) in enumerate(said_of_it, start=8):
            self._is_asked(postponed=0, day=MONDAY + timedelta(days=days), plan_id=plan)
            yield from self._types(name, words, at=MORNING + timedelta(days=days))

    def _about_reasons(self) -> Iterator[Sample]:
        friday = MONDAY + timedelta(days=25)
        for days, reason in enumerate(Reason):
            back, at = timedelta(days=days % 5), MORNING + timedelta(days=25)
            day = friday - back
            self._is_promised(day, state=State.EXPLAINED, reason=reason)
            if days % 5 == 4:
                yield from self._types(f"why_{days // 5}", "varför", at=at)
                self._forgets_the_days()
        yield from self._types("why_last", "varför", at=at)
        friday = date(2026, 5, 15)  # the day after Ascension Day
        self._is_promised(friday - timedelta(days=1), state=State.EXPLAINED, reason=Reason.RED_DAY)
        self._is_promised(friday, state=State.PLANNED)
        self._is_promised(friday - timedelta(days=2), state=State.UNKNOWN, started_at=MORNING)
        yield from self._types("why_red_day", "varför", at=datetime.combine(friday, time(6), tzinfo=UTC))

    def _about_my_data(self) -> Iterator[Sample]:
        at = MORNING + timedelta(days=26)
        self._answered_a_case(at=at)
        with_page = replace(self.house, page_address="https://knuff.example.se")
        yield from self._types("my_data_typed", "mina uppgifter", at=at, house=with_page)
        for leaf in ("0", "8", "16", "24", "32", "40"):
            yield from self._presses(f"my_data_page_{leaf}", "my_data.open", leaf, at=at, house=with_page)
        yield from self._types("my_data_json", "json", at=at)
        yield from self._presses("my_data_deleted", "my_data.delete", at=at, view="V1")
