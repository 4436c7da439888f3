"""What a coordinator chooses for a cohort, checked. A fault names its input and the text that says what to do."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.conversation.calendar_inputs import spans_of
from bot.conversation.events import Profile, Submitted
from scheduler.calendar import CALENDAR_FLAGS, DAY_BEGINS, DAY_ENDS, LAST_SLOT, Calendar, TooFewDays, working_day_after
from scheduler.weeks import monday_of
from storage.tables.programmes import CatchUp, Cohort, LateJoiners, Role

T = TypeVar("T")

LONGEST_CLOSURE = timedelta(days=120)
FARTHEST_START = timedelta(days=365)
MOST_CLOSED_DAYS = 400
LEAST_OPEN_DAYS = 60
"""In any year: a challenge, a survey's ten days and an ending that is told find theirs among them."""
LONGEST_NAME = 80
WINDOWS = (15, 30, 60, 120, 240)
"""Minutes to choose from for a day's sending."""
LATE_HOURS = (1, 2, 4, 8)


class Member(BaseModel):
    """Somebody who will be enrolled: what is needed to write to them at their hour."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    external_id: str
    zone: str | None
    language: str | None
    role: Role | None = None
    """None is the role of everybody who is in no list of its own."""


class CohortChoices(BaseModel):
    """Everything a coordinator decides. Kept in the draft between preview and confirmation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    programme_id: str
    starts_on: date
    slot: str
    window_minutes: int
    late_hours: int
    catch_up: CatchUp
    late_joiners: LateJoiners
    role: Role
    closed: tuple[date, ...]
    flags: tuple[str, ...]
    resting: tuple[int, ...] = ()
    """The programme's months of rest: the coordinator sees them, and they stay."""
    members: tuple[Member, ...] = ()
    left_out: int = 0
    """Bots and closed accounts among the members of a channel or group: not counted in."""

    @property
    def calendar(self) -> Calendar:
        return Calendar(
            closed=frozenset(self.closed),
            resting=frozenset(self.resting),
            eves="eves" in self.flags,
            half_eves="half_eves" in self.flags,
            squeeze_days="squeeze_days" in self.flags,
            christmas_week="christmas_week" in self.flags,
        )

    @property
    def slot_time(self) -> time:
        return time.fromisoformat(self.slot)

    @property
    def people_of(self) -> Counter[Role]:
        """How many have each role."""
        return Counter(member.role or self.role for member in self.members)


@dataclass(frozen=True, slots=True)
class Fault:
    """What must change: the input, and the text that says how ("coordinating.start_past", with its fields)."""

    input: str
    key: str
    fields: dict[str, object] = field(default_factory=dict)


def role_list(role: Role) -> str:
    """Return the input in which people of a role are picked."""
    return f"people_{role.value}"


def choices_of(cohort: Cohort, programme_id: str) -> CohortChoices:
    """Return what was chosen for a cohort that exists. Its people are not part of it."""
    calendar = Calendar.from_choices(cohort.calendar)
    return CohortChoices(
        name=cohort.name,
        programme_id=programme_id,
        starts_on=cohort.starts_on,
        slot=cohort.default_slot,
        window_minutes=cohort.window_minutes,
        late_hours=cohort.late_hours,
        catch_up=cohort.catch_up,
        late_joiners=cohort.late_joiners,
        role=Role.MANAGER,
        closed=tuple(sorted(calendar.closed)),
        flags=tuple(flag for flag in CALENDAR_FLAGS if getattr(calendar, flag)),
        resting=tuple(sorted(calendar.resting)),
    )


def changed_choices(sent: Submitted, before: CohortChoices, *, today: date) -> tuple[CohortChoices | None, list[Fault]]:
    """Return the choices of an existing cohort after an edit. Days up to today stay as they were; a start that has been
    stays."""
    faults: list[Fault] = []
    closed = closed_days(sent.text("closed"), faults)
    slot, window = slot_and_window_in(sent, faults)
    starts_on: date | None = before.starts_on
    if before.starts_on > today:
        starts_on = start_in(sent.text("starts_on"), faults, today=today)
    name = name_in(sent, faults)
    policies = policies_in(sent, faults)
    if faults or starts_on is None or slot is None:
        return None, faults
    past = {day for day in before.closed if day <= today}
    coming = {day for day in closed if day > today}
    after = before.model_copy(
        update={
            **policies,
            "name": name,
            "starts_on": starts_on,
            "slot": f"{slot:%H:%M}",
            "window_minutes": window,
            "closed": tuple(sorted(past | coming)),
            "flags": flags_in(sent),
        }
    )
    if starts_on != before.starts_on:
        possible = first_possible(starts_on, after.calendar, after.slot_time)
        if possible != starts_on:
            return None, [Fault("starts_on", "coordinating.start_closed", {"day": possible})]
    return after, []


def members_from(sent: Submitted, faults: list[Fault], *, lists: Sequence[Role] = ()) -> tuple[tuple[Member, ...], int]:
    """Return everybody a form picked, once each, and how many of a channel or group were bots or closed accounts.
    `lists` are the roles that have a list of their own in it.

    Adds a fault when nobody was picked, somebody picked by name can't take part or is in the lists of two roles, or a
    channel or group can't be read.
    """
    before = len(faults)
    by_role = {role: sent.profiles.get(role_list(role), ()) for role in lists}
    by_name = {"people": sent.profiles.get("people", ())} | {role_list(role): some for role, some in by_role.items()}
    for name, picked in by_name.items():
        if wrong := [profile for profile in picked if profile.is_bot or profile.is_gone]:
            key = "coordinating.people_cannot_one" if len(wrong) == 1 else "coordinating.people_cannot_many"
            faults.append(Fault(name, key, {"number": len(wrong)}))
    listed: dict[str, Role] = {}
    for role, picked in by_role.items():
        if any(listed.setdefault(profile.external_id, role) is not role for profile in picked):
            faults.append(Fault(role_list(role), "coordinating.people_two_roles"))
    for audience in ("audience", "group"):
        if (unread := _unread(sent, audience)) is not None:
            faults.append(Fault(audience, f"coordinating.{audience}_unread", {"name": unread[:40]}))
    groups = [sent.profiles.get(name, ()) for name in ("people", "audience", "group")]
    members, left_out = _members_of([*by_role.values(), *groups], listed)
    if not members and len(faults) == before:
        faults.append(Fault(role_list(lists[0]) if lists else "people", "coordinating.people_missing"))
    return members, left_out


def _unread(sent: Submitted, audience: str) -> str | None:
    """Return the channel or group that stands for nobody: the platform gives nobody for it, or gives it back."""
    members = {profile.external_id for profile in sent.profiles.get(audience, ())}
    return next((one for one in sent.many(audience) if one and (one in members or not members)), None)


def _members_of(groups: Sequence[Sequence[Profile]], role_of: Mapping[str, Role]) -> tuple[tuple[Member, ...], int]:
    """Return everybody who can be enrolled, once each, and how many were bots or closed accounts."""
    members: dict[str, Member] = {}
    left_out = set()
    for profile in (profile for group in groups for profile in group):
        if profile.is_bot or profile.is_gone:
            left_out.add(profile.external_id)
        else:
            members[profile.external_id] = Member(
                external_id=profile.external_id,
                zone=profile.zone,
                language=profile.language,
                role=role_of.get(profile.external_id),
            )
    return tuple(members.values()), len(left_out)


def start_in(text: str, faults: list[Fault], *, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        faults.append(Fault("starts_on", "coordinating.start_missing"))
        return None
    if day <= today:
        faults.append(Fault("starts_on", "coordinating.start_past"))
        return None
    if day - today > FARTHEST_START:
        faults.append(Fault("starts_on", "coordinating.start_far"))
        return None
    return day


def first_possible(day: date, calendar: Calendar, slot: time) -> date:
    """Return the first day from `day` on when something is sent, in a week without rest: with a start on another, the
    first week would be explained away before anybody saw it."""
    while calendar.why_closed(day, slot) is not None or calendar.rests_in_week_of(monday_of(day)):
        day += timedelta(days=1)
    return day


def name_in(sent: Submitted, faults: list[Fault]) -> str:
    name = " ".join(sent.text("name").split())[:LONGEST_NAME]
    if not name:
        faults.append(Fault("name", "coordinating.name_missing"))
    return name


def flags_in(sent: Submitted) -> tuple[str, ...]:
    return tuple(flag for flag in CALENDAR_FLAGS if flag in sent.many("flags"))


def policies_in(sent: Submitted, faults: list[Fault]) -> dict[str, Any]:
    return {
        "late_hours": one_of(sent, "late_hours", {str(hours): hours for hours in LATE_HOURS}, faults),
        "catch_up": one_of(sent, "catch_up", {policy.value: policy for policy in CatchUp}, faults),
        "late_joiners": one_of(sent, "late_joiners", {policy.value: policy for policy in LateJoiners}, faults),
    }


def one_of(sent: Submitted, name: str, meanings: Mapping[str, T], faults: list[Fault]) -> T | None:
    """Return what was chosen among a few. Something else can only be an old form, or a forged one."""
    if (chosen := meanings.get(sent.text(name))) is None:
        faults.append(Fault(name, "coordinating.choose_one"))
    return chosen


def slot_and_window_in(sent: Submitted, faults: list[Fault]) -> tuple[time | None, int]:
    slot = slot_in(sent.text("slot"), faults)
    window = one_of(sent, "window", {str(minutes): minutes for minutes in WINDOWS}, faults) or 0
    if slot is not None and _minutes(slot) + window > _minutes(DAY_ENDS):
        faults.append(Fault("window", "coordinating.window_past_day", {"latest": DAY_ENDS}))
    return slot, window


def slot_in(text: str, faults: list[Fault]) -> time | None:
    try:
        slot = time.fromisoformat(text) if re.fullmatch(r"\d\d:\d\d", text) else None
    except ValueError:
        slot = None
    if slot is None or not DAY_BEGINS <= slot <= LAST_SLOT:
        faults.append(Fault("slot", "coordinating.slot_outside", {"earliest": DAY_BEGINS, "latest": LAST_SLOT}))
        return None
    return slot


def closed_days(text: str, faults: list[Fault]) -> tuple[date, ...]:
    """Read one day or span a line: "2026-06-15" or "2026-06-15 – 2026-08-14"."""
    days: set[date] = set()
    for line in filter(None, (line.strip() for line in text.replace(",", "\n").splitlines())):
        found = [date_or_none(part) for part in re.findall(r"\d{4}-\d{2}-\d{2}", line)]
        if not found or None in found or len(found) > 2:
            faults.append(Fault("closed", "coordinating.closed_unreadable", {"line": line[:40]}))
            continue
        first, last = found[0], found[-1]
        if first is None or last is None or last < first or last - first >= LONGEST_CLOSURE:
            faults.append(Fault("closed", "coordinating.closed_span", {"line": line[:40]}))
            continue
        days.update(first + timedelta(days=offset) for offset in range((last - first).days + 1))
    if len(days) > MOST_CLOSED_DAYS:
        faults.append(Fault("closed", "coordinating.closed_many", {"most": MOST_CLOSED_DAYS}))
        return ()
    for first, last in spans_of(days):  # lines that follow on each other are shown as one when they are asked for again
        if last - first >= LONGEST_CLOSURE:
            faults.append(Fault("closed", "coordinating.closed_span", {"line": f"{first} – {last}"}))
    if _leaves_too_few(days):
        faults.append(Fault("closed", "coordinating.closed_nearly_all", {"least": LEAST_OPEN_DAYS}))
    return tuple(sorted(days))


def _leaves_too_few(closed: Collection[date]) -> bool:
    calendar = Calendar(closed=frozenset(closed))
    try:
        for first, _last in spans_of(closed):
            working_day_after(first, LEAST_OPEN_DAYS, slot=DAY_BEGINS, calendar=calendar)
    except (TooFewDays, OverflowError):  # the last year there is has none after it
        return True
    return False


def date_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
