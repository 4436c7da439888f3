"""People who press, write and send forms while everything goes wrong, and a list of what they did for the judge."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.error import URLError

from bot.conversation.texts import Words
from tests.journeys.hands import Hands, HandsInTeams, Json

AT_ONCE = 4
"""So many people do something at the same moment."""
SILENT_SHARE = 0.04
"""These never say a word, so that the bot may come less often."""
ACTING_SHARE = 0.5
"""Of the others, so many do something on a day. Whoever was silent on the day before does."""
WAYS = {"write": 0.7, "not_today": 0.12, "another": 0.08, "form": 0.1}
BUTTONS = {"not_today": "nudge.not_today", "another": "nudge.another", "form": "nudge.doing"}
FORM_SECONDS = 3.0
RECEIVED = frozenset(Words(language)("intake.received") for language in ("sv", "en"))
TAKEN = {None} | {Words(language)("intake.in_the_chat") for language in ("sv", "en")}
"""What is said instead of a form that was sent in Teams: nothing, or where the answer is."""
COULD_NOT = (AssertionError, LookupError, URLError, OSError)
"""The workplace says that it cannot be done, or cannot be reached."""


@dataclass(kw_only=True)
class People:
    """`did` is what they did, a line each as the judge reads it."""

    hands: Hands
    seed: int
    did: list[Json] = field(default_factory=list)
    _acting: ThreadPoolExecutor | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _number: int = 0
    _begun: int = 0
    _done: int = 0
    _last_acted: dict[str, date] = field(default_factory=dict)

    @contextmanager
    def about(self) -> Iterator[None]:
        """They are there until the end of the block, and finish what they began."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="people") as self._acting:
            yield

    def got(self, platform: str, person: str, *, day: date, before: date | None) -> None:
        """Tell somebody that a message has come on `day`; `before` is the working day before it."""
        chance = random.Random(f"{self.seed} {person}")
        if chance.random() < SILENT_SHARE or self._last_acted.get(person) == day:
            return
        today = random.Random(f"{self.seed} {person} {day}")
        was_silent = before is not None and self._last_acted.get(person, before) != before
        if not was_silent and before is not None and today.random() >= ACTING_SHARE:
            return
        self._last_acted[person] = day
        way = today.choices(list(WAYS), list(WAYS.values()))[0]
        assert self._acting is not None
        self._begun += 1
        self._acting.submit(self._act, platform, person, day, way)

    @property
    def busy(self) -> int:
        """How many have begun something and not finished it."""
        return self._begun - self._done

    def _act(self, platform: str, person: str, day: date, way: str) -> None:
        hands = HandsInTeams(self.hands.address) if platform == "teams" else self.hands
        somebody = _Somebody(people=self, hands=hands, platform=platform, person=person, day=day)
        try:
            if way == "write" or not somebody.presses(BUTTONS[way], leaves=way if way != "form" else "doing"):
                somebody.writes()
            elif way == "form":
                somebody.fills_in_the_form()
        finally:
            with self._lock:
                self._done += 1

    def words(self) -> str:
        """Return a text that nobody has written yet."""
        with self._lock:
            self._number += 1
            return f"Anteckning nummer {self._number}"

    def note(self, line: Json) -> None:
        with self._lock:
            self.did.append(line)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Somebody:
    people: People
    hands: Hands
    platform: str
    person: str
    day: date

    def writes(self) -> None:
        words = self.people.words()
        self._does("write", ("text", words), text=words)

    def presses(self, action: str, *, leaves: str) -> bool:
        """Press today's button of that kind. False when there is none."""
        try:
            what = self._button(action)
        except COULD_NOT:
            return False
        return self._does("press", (leaves, self.day.isoformat()), **what)

    def fills_in_the_form(self) -> None:
        """Open the form on the card that has come in place of the pressed one, and send it."""
        is_teams = self.platform == "teams"
        if (what := self._soon(lambda: self._button("reply.open" if is_teams else "form:reply.open"))) is None:
            return
        if not self._does("open" if is_teams else "press", None, **what):
            return
        words = self.people.words()
        if self._soon(self._form) is not None:
            self._does("submit", ("text", words), values={"reply": words})

    def _does(self, what: str, leaves: tuple[str, str] | None, **body: Any) -> bool:
        """Do it and note it, whether it was answered or not. False when it was held back, or could not be done."""
        try:
            answer = self.hands.act(self.person, what, **body)
        except AssertionError:  # refused by the workplace itself: nothing was done
            return False
        except COULD_NOT:  # nobody knows: it may have been done, and was not acknowledged
            answer = {"acknowledged": False}
        if answer.get("sent") is False:
            return False
        is_kept = answer["acknowledged"] and not answer.get("errors") and not answer.get("reason")
        if self.platform == "teams" and what == "press":  # answered in words, which may say that it could not be kept
            is_kept = is_kept and answer["shown"] in RECEIVED
        elif (
            self.platform == "teams" and what == "submit"
        ):  # a form that could not be kept comes back, or words instead
            is_kept = is_kept and answer["shown"] in TAKEN and self.hands.sees(self.person)["dialog"] is None
        self.people.note(
            {
                "platform": self.platform,
                "person": self.person,
                "day": self.day.isoformat(),
                "acknowledged": bool(is_kept),
                "leaves": leaves,
            }
        )
        return bool(is_kept)

    def _button(self, action: str) -> dict[str, Any]:
        """Return today's newest button of that kind; LookupError when only earlier days have one."""
        message, found = self.hands.button(self.person, action)
        is_teams = self.platform == "teams"
        sent_at = int(message["id"]) / 1000 if is_teams else float(message["ts"])
        if datetime.fromtimestamp(sent_at, UTC).date() != self.day:
            raise LookupError(f"{self.person} sees no button {action} of today")
        return {"id": message["id"], "action": found} if is_teams else {"ts": message["ts"], "action_id": found}

    def _form(self) -> Json:
        seen = self.hands.sees(self.person)
        form = seen["dialog"] if self.platform == "teams" else next(iter(seen["stack"]), None)
        if form is None:
            raise LookupError(f"{self.person} sees no form")
        return dict(form)

    def _soon(self, look: Any) -> Any:
        """Return what is there within a few seconds; None when it does not come."""
        until = time.monotonic() + FORM_SECONDS
        while time.monotonic() < until:
            try:
                return look()
            except COULD_NOT:
                time.sleep(0.2)
        return None
