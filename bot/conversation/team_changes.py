"""What may be changed about a team: the form, and what was chosen in it, checked."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.conversation.cards import Audience, Form, Note, PeopleInput
from bot.conversation.cohort_choices import LONGEST_NAME, Fault, Member, closed_days, flags_in, slot_in
from bot.conversation.events import Submitted
from bot.conversation.team_choices import picked
from bot.conversation.team_inputs import language_and_days, name_input
from bot.conversation.texts import LANGUAGES, Words
from scheduler.calendar import CALENDAR_FLAGS, Calendar
from storage.tables.teams import Team


class TeamChoices(BaseModel):
    """A team as a coordinator has it. Kept in the draft between the difference and the change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    language: str
    slot: str
    closed: tuple[date, ...]
    flags: tuple[str, ...]
    channel_id: str | None
    facilitator: Member | None = None
    """Who is to be it instead; None: as it is."""
    mandate: Member | None = None

    @property
    def calendar(self) -> Calendar:
        flags = {flag: flag in self.flags for flag in CALENDAR_FLAGS}
        return Calendar(closed=frozenset(self.closed), resting=frozenset(), **flags)


def choices_of(team: Team) -> TeamChoices:
    """Return what was chosen for a team that exists."""
    calendar = Calendar.from_choices(team.calendar)
    return TeamChoices(
        name=team.name,
        language=team.language,
        slot=team.slot,
        closed=tuple(sorted(calendar.closed)),
        flags=tuple(flag for flag in CALENDAR_FLAGS if getattr(calendar, flag)),
        channel_id=team.channel_id,
    )


def changed_choices(
    sent: Submitted, before: TeamChoices, *, today: date, reads_channels: bool
) -> tuple[TeamChoices | None, list[Fault]]:
    """Return the choices after an edit, or None and everything that must change. Never raises, whatever was sent. Days
    up to today stay as they were."""
    faults: list[Fault] = []
    name = " ".join(sent.text("name").split())[:LONGEST_NAME]
    if not name:
        faults.append(Fault("name", "teams.name_missing"))
    language = sent.text("language")
    if language not in LANGUAGES:
        faults.append(Fault("language", "coordinating.choose_one"))
    slot = slot_in(sent.text("slot"), faults)
    closed = closed_days(sent.text("closed"), faults)
    channel = _channel(sent, faults, reads_channels=reads_channels)
    facilitator, mandate = (_one(sent, who, faults) for who in ("facilitator", "mandate"))
    if faults or slot is None:
        return None, faults
    past = {day for day in before.closed if day <= today}
    after = TeamChoices(
        name=name,
        language=language,
        slot=f"{slot:%H:%M}",
        closed=tuple(sorted(past | {day for day in closed if day > today})),
        flags=flags_in(sent),
        channel_id=channel or before.channel_id,
        facilitator=facilitator,
        mandate=mandate,
    )
    return after, []


def edit_team(words: Words, choices: TeamChoices, *, team_id: int) -> Form:
    return Form(
        name="team.edit",
        about=str(team_id),
        title=words("round_changes.edit_title"),
        submit=words("round_changes.next"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("round_changes.edit_intro")),
            name_input(words, choices.name),
            _people(words, "channel", Audience.CHANNEL),
            _people(words, "facilitator"),
            _people(words, "mandate"),
            *language_and_days(
                words, language=choices.language, slot=choices.slot, closed=choices.closed, flags=choices.flags
            ),
        ),
    )


def _people(words: Words, name: str, audience: Audience = Audience.PEOPLE) -> PeopleInput:
    label, hint = words(f"round_changes.edit_{name}"), words(f"round_changes.edit_{name}_hint")
    return PeopleInput(name=name, label=label, hint=hint, audience=audience, optional=True)


def _channel(sent: Submitted, faults: list[Fault], *, reads_channels: bool) -> str | None:
    """Return the channel that was picked, if any. `reads_channels`: one whose members we are not told of is one that we
    cannot write in."""
    chosen = [one for one in sent.many("channel") if one]
    if len(chosen) > 1:
        faults.append(Fault("channel", "teams.channel_one"))
    if not chosen:
        return None
    members = sent.profiles.get("channel", ())
    if reads_channels and (not members or any(one.external_id == chosen[0] for one in members)):
        faults.append(Fault("channel", "teams.channel_closed"))
    return chosen[0]


def _one(sent: Submitted, who: str, faults: list[Fault]) -> Member | None:
    people = picked(sent, who, faults)
    if len(people) > 1:
        faults.append(Fault(who, "round_changes.pick_one"))
    if not people:
        return None
    return Member(external_id=people[0].external_id, zone=people[0].zone, language=people[0].language)
