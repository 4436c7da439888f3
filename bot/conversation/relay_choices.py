"""What a coordinator chooses for a relay, checked. A fault names its input and the text that says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.conversation.cohort_choices import LONGEST_NAME, Fault, date_or_none
from bot.conversation.coordinating_relay_forms import MOST_QUESTION_WORDS, organisation_input, team_input
from bot.conversation.events import Submitted
from bot.conversation.saving import fault_in
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from lessons.challenges import Challenge
from scheduler.relay_timeline import FEWEST_TEAMS, MOST_TEAMS
from storage import known_members
from storage.tables.teams import Team


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayChoices:
    challenge: Challenge
    name: str
    question: str
    starts_on: date
    teams: tuple[Team, ...]


def choices_from(
    sent: Submitted, challenges: Sequence[Challenge], among: Sequence[Team], words: Words
) -> tuple[RelayChoices | None, list[Fault], dict[str, str]]:
    """Return the choices of a sent form, or None and everything that must change: faults, and by input what is said of
    a free text."""
    faults: list[Fault] = []
    in_words: dict[str, str] = {}
    challenge = _challenge(sent, challenges, faults)
    name = " ".join(sent.text("name").split())[:LONGEST_NAME]
    if (wrong := fault_in(name, words) if name else words("relays.name_missing")) is not None:
        in_words["name"] = wrong
    question = sent.text("question").strip()
    if (wrong := _fault_in_question(question, words)) is not None:
        in_words["question"] = wrong
    starts_on = date_or_none(sent.text("starts_on"))
    if starts_on is None:
        faults.append(Fault("starts_on", "coordinating.start_missing"))
    chosen = _teams(sent, among, faults)
    if faults or in_words or starts_on is None:
        return None, faults, in_words
    choices = RelayChoices(challenge=challenge, name=name, question=question, starts_on=starts_on, teams=tuple(chosen))
    return choices, [], {}


def organisations_from(sent: Submitted, legs: int, words: Words) -> tuple[list[str], dict[str, str]]:
    """Return the name on each baton, and what must change."""
    names = [" ".join(sent.text(organisation_input(number)).split())[:LONGEST_NAME] for number in range(1, legs + 1)]
    missing = {
        organisation_input(number): words("relays.organisation_missing")
        for number, name in enumerate(names, start=1)
        if not name
    }
    return names, missing


def why_not_team(visit: Visit, team: Team, challenge: Challenge) -> tuple[str, dict[str, object]] | None:
    """Return the text that says why a team can take no leg, or None."""
    if team.ended_at is not None:
        return "teams.has_ended", {}
    if team.channel_id is None:
        return "relays.team_no_channel", {}
    size = known_members.how_many(visit.session, team.id)
    if size < challenge.team.least:
        return "relays.team_too_small", {"least": visit.words.number(challenge.team.least)}
    if size > challenge.team.most:
        return "relays.team_too_large", {"most": visit.words.number(challenge.team.most)}
    return None


def _challenge(sent: Submitted, challenges: Sequence[Challenge], faults: list[Fault]) -> Challenge:
    """Return the one that is chosen; the only one, where it was not asked for."""
    for one in challenges:
        if one.id == sent.text("challenge"):
            return one
    if "challenge" in sent.values or len(challenges) > 1:
        faults.append(Fault("challenge", "relays.challenge_missing"))
    return challenges[0]


def _teams(sent: Submitted, among: Sequence[Team], faults: list[Fault]) -> list[Team]:
    known = {str(team.id): team for team in among}
    chosen: list[Team] = []
    for number in range(1, MOST_TEAMS + 1):
        name, team = team_input(number), known.get(sent.text(team_input(number)))
        if team is None:
            if number <= FEWEST_TEAMS:
                faults.append(Fault(name, "relays.team_missing"))
        elif team in chosen:
            faults.append(Fault(name, "relays.team_twice"))
        else:
            chosen.append(team)
    return chosen


def _fault_in_question(question: str, words: Words) -> str | None:
    if not question:
        return words("relays.question_missing")
    if (many := len(question.split())) > MOST_QUESTION_WORDS:
        return words("rounds.too_many_words", most=MOST_QUESTION_WORDS, number=many)
    return fault_in(question, words)
