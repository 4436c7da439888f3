"""The hands behind the samples of relays: three teams, what they write, and how a relay's moments are brought about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.conversation.cards import Card, Form
from bot.conversation.relay_mail import relay_card
from bot.conversation.sample_links import PAGE, with_fixed_links
from bot.conversation.team_sample_hands import FACILITATOR, STARTS_ON, WORKSPACE, Hands, Sample, buttons_of
from scheduler.round_changes import days_of
from scheduler.timeline import lay_out, new_round
from storage import relay_legs, relay_reading, relays, relays_due, round_reading, rounds, rounds_due
from storage.moments import local_day
from storage.relay_messages import RelayMessage
from storage.relays_due import DueQuestion
from storage.round_news import News
from storage.tables.deliveries import Kind
from storage.tables.people import Platform
from storage.tables.rounds import Ending, RoundStep
from storage.tables.teams import Team

MEMBERS = {
    number: (FACILITATOR, *(f"U{number}MEDLEM{at}" for at in range(1, 5))) for number in (1, 2, 3)
}  # the facilitator, who is in every team, and four more
LEGS = {1: 1, 2: 2, 3: 3}
"""The ids of the legs: those of the only relay there is."""
WRITTEN = {
    "sv": {
        "teams": (("Hemtjänst norr", "Alvsunda kommun"), ("Förskolan Björken", "Alvsunda kommun"),
                  ("Närakuten", "Region Alvmark")),
        "relay": {"name": "Färre väntar", "question": "Hur slipper människor vänta i onödan?"},
        "baton": {
            "learning": "Tre frågor räckte. Den fjärde läste ingen.",
            "sign_of_value": "Tolv familjer slapp ringa två gånger.",
            "question": "Vad gör ni för att folk ska våga fråga?",
            "invitation": "Kom och se vår morgonrunda på torsdagar.",
        },
        "named": "Ring Anna Berg på 018-611 00 00, så visar hon er tavlan.",
        "promise": {"text": "Köplappen tas bort på alla enheter.", "role": "Områdeschefen", "due_on": "2026-09-01"},
        "named_role": "Områdeschefen Karin Lund",
        "afterwards": "Två enheter är klara.",
    },
    "en": {
        "teams": (("Home care north", "Alvsunda municipality"), ("The Birch preschool", "Alvsunda municipality"),
                  ("Urgent care", "The Alvmark region")),
        "relay": {"name": "Fewer wait", "question": "How can people be spared needless waiting?"},
        "baton": {
            "learning": "Three questions were enough. Nobody read the fourth.",
            "sign_of_value": "Twelve families did not have to ring twice.",
            "question": "What do you do so that people dare to ask?",
            "invitation": "Come and see our morning round on Thursdays.",
        },
        "named": "Call Anna Berg at 018-611 00 00, and she shows you the board.",
        "promise": {"text": "The queue ticket goes in all units.", "role": "The area manager", "due_on": "2026-09-01"},
        "named_role": "The area manager Karin Lund",
        "afterwards": "Two units are done.",
    },
}  # fmt: skip


@dataclass
class RelayHands(Hands):
    _opened_news = News.OPENED

    def __post_init__(self) -> None:
        super().__post_init__()
        self.words_of_relay: dict[str, Any] = WRITTEN[self.language]

    def _makes_team(self, number: int, name: str) -> None:
        chosen = {"name": name, "channel": f"C{number}LAG", "language": self.language}
        self._sends(self._form("team.new"), chosen, people=self._people(*MEMBERS[number]))

    def _takes_in(self, team_id: int, people: Sequence[str]) -> None:
        self._sends(self._form("team.add", team_id), {}, people=self._people(*people))

    def _takes_out(self, team_id: int, people: Sequence[str]) -> None:
        self._sends(self._form("team.remove", team_id), {}, people=self._people(*people))

    def _relay(self) -> dict[str, str]:
        teams = {f"team_{number}": str(number) for number in LEGS}
        return {**self.words_of_relay["relay"], "starts_on": STARTS_ON.isoformat(), **teams}

    def _organisations(self) -> dict[str, str]:
        named = enumerate(self.words_of_relay["teams"], start=1)
        return {f"organisation_{number}": organisation for number, (_team, organisation) in named}

    def _baton(self) -> dict[str, str]:
        return {**self.words_of_relay["baton"], "tested": "yes"}

    def _morning_of(self, number: int, key: str) -> RoundStep:
        """Let the morning of a step of a leg's round come, and return it."""
        leg = relay_reading.leg(self.session, 1, LEGS[number])[1]
        step = next(one for one in round_reading.steps(self.session, leg.round_id or 0) if one.key == key)
        self.now = step.prompt_at
        rounds_due.mark_prompted(self.session, [step.id], self.now)
        relays.start(self.session, 1)
        return step

    def _approves(self, leg_id: int, who: str) -> Form:
        page = self._form("relay.baton", leg_id, who=who)
        [approve] = [button for button in buttons_of(page) if button.action == "relay.approve"]
        return self._form(approve.action, approve.value, who=who)

    def _is_reminded(self, leg_id: int) -> None:
        self.now += timedelta(days=4)
        relays_due.mark_reminded(self.session, leg_id, self.now)

    def _begins_something_else(self, number: int) -> None:
        """Let a team have another challenge under way."""
        challenge, team = self.house.library.challenges["idea-sprint"], self.session.get_one(Team, number)
        days = days_of(team)
        timeline = lay_out(challenge, days.after(local_day(self.now, team.zone), 1), days, self.now)
        body = self.house.library.challenge_document(challenge.id).to_json()
        rounds.confirm(self.session, 1, new_round(challenge, timeline, team_id=number, body=body), self.now)

    def _round_is_over(self, number: int, ending: Ending = Ending.NOT_MADE) -> None:
        """Let a leg's days go by without a baton."""
        leg = relay_reading.leg(self.session, 1, LEGS[number])[1]
        steps = round_reading.steps(self.session, leg.round_id or 0)
        self.now = steps[-1].prompt_at + timedelta(hours=7)
        rounds.end(self.session, leg.round_id or 0, ending, self.now)
        relay_legs.stall(self.session, leg.id, self.now, passes_on_at=self.now + timedelta(days=4))

    def _asks(self, weeks: int) -> None:
        """Let the teams be asked what they are asked so many weeks after the closing day."""
        self.now += timedelta(weeks=max(weeks, 2))
        for leg_id in LEGS.values():
            due = DueQuestion(id=leg_id, weeks=weeks)
            relays_due.mark_asked(self.session, due, self.now)

    def _told(self, name: str, leg_id: int, news: int) -> Iterator[Sample]:
        yield "message", f"relay_{name}_news", self._relay_card(leg_id, news)

    def _relay_card(self, leg_id: int, occurrence: int, *, kind: Kind = Kind.RELAY) -> Card:
        message = RelayMessage(
            kind=kind, occurrence=int(occurrence), organisation_id=1, relay_id=1, leg_id=leg_id,
            platform=Platform.PAPER, workspace=WORKSPACE, channel=f"C{leg_id}LAG", since=self.now,
            language=self.language,
        )  # fmt: skip
        return relay_card(self.session, message)

    def _with_page(self, relay_id: int, who: str) -> Form:
        """The whole relay where there is a page of our own; its link is the same in every sample."""
        house, self.house = self.house, replace(self.house, page_address=PAGE)
        shown = self._form("relay.chain", relay_id, who=who)
        self.house = house
        return with_fixed_links(shown)
