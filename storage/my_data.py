"""Everything we hold about one person, for that person; and all of it gone when they say so."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import delete, func, inspect, or_, update
from sqlmodel import Session, SQLModel, col, select

from storage import chat_messages, contributions, exclusions, set_aside
from storage.tables.answers import Answer, ChatMessage, FollowUp, Plan, RecallMemory, Reflection
from storage.tables.audit import AuditEntry
from storage.tables.deliveries import Attempt, Delivery, Reason, State
from storage.tables.feedback import Facilitation, Feedback, SignedSuggestion
from storage.tables.focus import EnrolmentFocus, KeptBehaviour, Peer
from storage.tables.pairs import Exclusion, Paired, PairUp, SittingOut
from storage.tables.people import Cadence, Person, Workspace
from storage.tables.programmes import Cohort, CohortCoordinator, CohortDraft, Enrolment
from storage.tables.relays import BatonApproval, Relay
from storage.tables.rounds import Contribution, Round, TokenGiven, Vote, WrapUpApproval
from storage.tables.surveys import SurveyResponse, SurveyWave
from storage.tables.teams import Team, TeamMember
from storage.tables.web import WebLink, WebSession

# What is ours about the row, not the person's: left out of what we show. What opens our own page opens it for whoever
# reads it.
_INNER = frozenset(
    {
        "organisation_id", "person_id", "workspace_id", "late_after", "try_at", "priority", "searches", "error",
        "token_hash", "form_token", "actor_id", "coordinator_id",
    }
)  # fmt: skip


def collect(session: Session, person: Person) -> dict[str, Any]:
    """Return everything about the person as plain values, ready for JSON: first their own words, last the technical
    part, which is the longest. Moments are ISO 8601 in UTC."""
    cadence = session.get(Cadence, person.cadence_id)
    programmes = session.exec(
        select(col(Cohort.name), col(Enrolment.role), col(Enrolment.starts_on), col(Enrolment.ends_on))
        .join(Cohort, col(Cohort.id) == Enrolment.cohort_id)
        .where(Enrolment.person_id == person.id)
        .order_by(col(Enrolment.id))
    ).all()
    return {
        "person": _plain(person),
        "rhythm": _plain(cadence) if cadence else None,
        "programmes": [
            {"name": name, "role": _value(role), "starts_on": _value(starts_on), "ends_on": _value(ends_on)}
            for name, role, starts_on, ends_on in programmes
        ],
        "reflections": _rows(session, Reflection, person),
        "plans": _rows(session, Plan, person),
        "answers": _rows(session, Answer, person),
        "follow_ups": _rows(session, FollowUp, person),
        "recall": _rows(session, RecallMemory, person),
        "survey_responses": _survey_responses(session, person),
        "focus": _rows(session, EnrolmentFocus, person),
        "kept_behaviour": _rows(session, KeptBehaviour, person),
        "told": _rows(session, Peer, person),
        "feedback": _rows(session, Feedback, person),
        "suggestions_signed": _rows(session, SignedSuggestion, person),
        "exercises_led": _rows(session, Facilitation, person),
        "chat_messages": _rows(session, ChatMessage, person),
        "teams": _teams(session, person),
        "contributions": _rows(session, Contribution, person),
        "votes": _rows(session, Vote, person),
        "anonymous_forms": _rows(session, TokenGiven, person),
        "wrap_up_approvals": _rows(session, WrapUpApproval, person),
        "baton_approvals": _rows(session, BatonApproval, person),
        "pairs": _pairs(session, person),
        "not_paired_with": exclusions.of_person(session, person),
        "not_paired_in": _rows(session, SittingOut, person),
        **_as_coordinator(session, person),
        "page_links": _rows(session, WebLink, person),
        "page_sessions": _rows(session, WebSession, person),
        "messages": _rows(session, Delivery, person),
        "attempts": _attempts(session, person),
    }


def counts(session: Session, person: Person) -> dict[str, int]:
    """Return how many answers, reflections, plans and follow-ups the person has, and how many contributions that no
    team has seen yet."""
    tables = {"answers": Answer, "reflections": Reflection, "plans": Plan, "follow_ups": FollowUp}
    held = {
        name: session.exec(select(func.count()).where(table.person_id == person.id)).one()  # type: ignore[attr-defined]
        for name, table in tables.items()
    }
    return held | {"contributions": contributions.number_hidden(session, person)}


def erase(session: Session, person: Person, now: datetime) -> dict[str, int]:
    """Delete what the person answered, wrote and planned, and stop sending. Return how many rows of each.

    What was promised and sent stays as a number in the account: without the exercise, and without where it lies. Which
    messages they wrote stays until they are two days old and the next night has come, without a word: an edit of one
    must bring nothing back. What they handed in to a team and the team has seen stays, and nobody's; so does that they
    were given an anonymous form, until it has opened.
    """
    gone = counts(session, person)
    session.flush()
    own: tuple[Any, ...] = (Answer, Reflection, FollowUp, Plan, RecallMemory, EnrolmentFocus, KeptBehaviour, Peer)
    own += (SurveyResponse, Feedback, SignedSuggestion, Facilitation)
    for table in (*own, WrapUpApproval, BatonApproval, Paired, Exclusion, SittingOut):
        session.execute(delete(table).where(col(table.person_id) == person.id))
    contributions.forget_author(session, person)
    session.execute(update(Relay).where(col(Relay.made_by) == person.id).values(made_by=None))
    session.execute(update(Round).where(col(Round.begun_by) == person.id).values(begun_by=None))
    chat_messages.all_deleted(session, person)
    workspace = session.get_one(Workspace, person.workspace_id)
    set_aside.forget_words(
        session, platform=workspace.platform, workspace=workspace.external_id, person=person.external_id
    )
    session.execute(delete(CohortDraft).where(col(CohortDraft.coordinator_id) == person.id))
    session.execute(delete(WebLink).where(col(WebLink.person_id) == person.id))
    session.execute(delete(WebSession).where(col(WebSession.person_id) == person.id))
    mine = update(Delivery).where(col(Delivery.person_id) == person.id)
    session.execute(mine.values(lesson_id=None, conversation_id=None, message_id=None))
    # What is on its way is settled without a place (`storage.settling`): it knows them by `last_seen_at`.
    waits = col(Delivery.state) == State.PLANNED
    session.execute(mine.where(waits).values(state=State.EXPLAINED, reason=Reason.STOPPED, rides_on=None))
    person.stopped_at = person.stopped_at or now
    person.last_seen_at = None
    person.last_sent_on = None
    person.unanswered = 0
    session.add(AuditEntry(organisation_id=person.organisation_id, at=now, action="data_erased", detail=dict(gone)))
    session.flush()
    session.expire_all()
    return gone


def _rows(session: Session, table: type[SQLModel], person: Person) -> list[dict[str, Any]]:
    mine = table.metadata.tables[str(table.__tablename__)].c.person_id == person.id
    return [_plain(row) for row in session.exec(select(table).where(mine).order_by(*inspect(table).primary_key)).all()]


def _survey_responses(session: Session, person: Person) -> list[dict[str, Any]]:
    """Return what the person answered, each with the wave it was asked in."""
    mine = (
        select(SurveyResponse, col(SurveyWave.wave), col(SurveyWave.opens_on))
        .join(SurveyWave, col(SurveyWave.id) == SurveyResponse.wave_id)
        .where(SurveyResponse.person_id == person.id)
        .order_by(col(SurveyResponse.id))
    )
    return [
        {"wave": wave, "asked_from": _value(opens_on)} | _plain(row) for row, wave, opens_on in session.exec(mine).all()
    ]


def _attempts(session: Session, person: Person) -> list[dict[str, Any]]:
    """Return every call to the platform for something of the person's."""
    mine = (
        select(Attempt)
        .join(Delivery, col(Delivery.id) == Attempt.delivery_id)
        .where(Delivery.person_id == person.id)
        .order_by(col(Attempt.id))
    )
    return [_plain(row) for row in session.exec(mine).all()]


def _teams(session: Session, person: Person) -> list[dict[str, Any]]:
    """Return the teams the person is or was in, facilitates, or holds the mandate of. Nobody else is in it."""
    mine = select(TeamMember).where(TeamMember.person_id == person.id)
    memberships = {row.team_id: row for row in session.exec(mine).all()}
    about_me = or_(
        col(Team.id).in_(memberships), col(Team.facilitator_id) == person.id, col(Team.mandate_id) == person.id
    )
    return [
        {
            "name": team.name,
            "joined_at": _value(membership.joined_at) if membership else None,
            "left_at": _value(membership.left_at) if membership else None,
            "added_by_a_coordinator": membership is not None and membership.is_added,
            "left_by_myself": membership is not None and membership.has_left,
            "facilitates": team.facilitator_id == person.id,
            "holds_mandate": team.mandate_id == person.id,
        }
        for team in session.exec(select(Team).where(about_me).order_by(col(Team.id))).all()
        for membership in [memberships.get(team.id)]
    ]


def _pairs(session: Session, person: Person) -> list[dict[str, Any]]:
    """Return when the person was put together with others. With whom is in the messages they got: the others are not
    theirs to take along, and one who has changed their mind since is not to be found here."""
    mine = select(col(PairUp.made_on)).join(Paired, col(Paired.pair_up_id) == PairUp.id)
    days = session.exec(mine.where(Paired.person_id == person.id).order_by(col(PairUp.id))).all()
    return [{"made_on": _value(day)} for day in days]


def _as_coordinator(session: Session, person: Person) -> dict[str, Any]:
    """Return what the person coordinates and has done as a coordinator, without anybody else in it."""
    cohorts = session.exec(
        select(Cohort.name)
        .join(CohortCoordinator, col(CohortCoordinator.cohort_id) == Cohort.id)
        .where(CohortCoordinator.person_id == person.id)
        .order_by(col(Cohort.id))
    ).all()
    done = session.exec(select(AuditEntry).where(AuditEntry.actor_id == person.id).order_by(col(AuditEntry.id))).all()
    drafts = session.exec(
        select(CohortDraft).where(CohortDraft.coordinator_id == person.id).order_by(col(CohortDraft.id))
    ).all()
    relays = session.exec(select(Relay.name).where(Relay.made_by == person.id).order_by(col(Relay.id))).all()
    begun = session.exec(
        select(col(Team.name), col(Round.starts_on))
        .join(Round, col(Round.team_id) == Team.id)
        .where(Round.begun_by == person.id)
        .order_by(col(Round.id))
    ).all()
    return {
        "coordinates": list(cohorts),
        "challenges_begun": [{"team": name, "starts_on": day.isoformat()} for name, day in begun],
        "relays": list(relays),
        "done_as_coordinator": [_plain(row) for row in done],
        "unconfirmed_as_coordinator": [_plain(row, without=frozenset({"body"})) for row in drafts],
    }


def _plain(row: SQLModel, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.model_dump().items() if name not in _INNER | without}


def _value(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
