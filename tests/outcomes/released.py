"""A cohort in a database whose waves have closed, and what its teams did."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from lessons.library import load_library
from lessons.outcomes.released_cohort import ReleasedCohort
from storage.tables.people import Organisation
from storage.tables.programmes import Cohort, ProgrammeDocument
from storage.tables.relays import Afterwards, LegState, Relay, RelayBaton, RelayLeg, RelayQuestion
from storage.tables.rounds import ChallengeDocument, Ending, Round, RoundState
from storage.tables.surveys import SurveyDocument, SurveyWave
from storage.tables.teams import Team, TeamMember
from tests.outcomes.made import a_cohort
from tests.scheduler.world import World, at

BEGUN = at("2026-09-10 09:00")


def a_closed_cohort(world: World, people: int = 12, *, name: str = "Stafetten i höst", told: int = 32) -> int:
    """Its document is the relay of our own library; what was released is of `told` made-up people."""
    cohort_id = world.cohort(starts_on=date(2026, 8, 31))
    for _ in range(people):
        world.person(cohort_id)

    def put(session: Session) -> None:
        programme = load_library().document("organisation-relay")
        kept = ProgrammeDocument(
            organisation_id=world.organisation,
            programme_id="organisation-relay",
            digest=f"{programme.digest()}{cohort_id}",
            body=programme.to_json(),
            stored_at=BEGUN,
        )
        session.add(kept)
        session.flush()
        cohort = session.get_one(Cohort, cohort_id)
        cohort.document_id, cohort.name = kept.id, name
        close_waves(session, cohort, a_cohort(told))

    world.store.write_now(put)
    return cohort_id


def close_waves(session: Session, cohort: Cohort, made: ReleasedCohort) -> None:
    """Put what was released of a made-up cohort in place of a cohort's own waves."""
    surveys = load_library().survey_document()
    assert surveys is not None
    asked = SurveyDocument(
        organisation_id=cohort.organisation_id,
        survey_id=surveys.name,
        digest=f"{surveys.digest()}{cohort.id}",
        body=surveys.to_json(),
        stored_at=BEGUN,
    )
    session.add(asked)
    session.flush()
    session.connection().execute(delete(SurveyWave).where(col(SurveyWave.cohort_id) == cohort.id))
    for wave in made.waves:
        session.add(
            SurveyWave(
                organisation_id=cohort.organisation_id,
                cohort_id=cohort.id,
                wave=wave.wave.value,
                document_id=asked.id,
                roles=["manager"],
                opens_on=wave.opens_on,
                closes_on=wave.closes_on,
                closed_at=BEGUN,
                released=wave.told.model_dump(mode="json") if wave.told else None,
            )
        )


def a_relay(
    world: World,
    members: list[int],
    *,
    legs: int = 3,
    planned_on: date = date(2026, 9, 7),
    left: Mapping[int, datetime] = MappingProxyType({}),
) -> None:
    """Legs of as many teams, all with the same members: one handed over and tested, one let go on, the others begun.
    `left` says who left them when."""

    def put(session: Session) -> None:
        challenge = ChallengeDocument(
            organisation_id=world.organisation, challenge_id="relay", digest=str(planned_on), body="{}", stored_at=BEGUN
        )
        session.add(challenge)
        session.flush()
        relay = Relay(
            organisation_id=world.organisation,
            name="Stafetten",
            question="Vad kan vi sluta med?",
            document_id=challenge.id,
            starts_on=date(2026, 9, 7),
            made_at=BEGUN,
        )
        session.add(relay)
        session.flush()
        batons: list[int] = []
        for position in range(1, legs + 1):
            team = Team(
                organisation_id=world.organisation,
                workspace_id=world.workspace,
                name=f"Lag {position}",
                zone="Europe/Stockholm",
                facilitator_id=members[0],
                made_at=BEGUN,
            )
            session.add(team)
            session.flush()
            session.add_all(
                TeamMember(team_id=team.id, person_id=one, joined_at=BEGUN, left_at=left.get(one)) for one in members
            )
            over = position <= 2
            leg = RelayLeg(
                relay_id=relay.id,
                position=position,
                team_id=team.id,
                organisation="Region Exempel",
                planned_on=planned_on,
                deadline=date(2026, 9, 18),
                state=LegState.HANDED_OVER if over else LegState.RUNNING,
                begun_at=BEGUN,
                ended_at=BEGUN + timedelta(days=9) if over else None,
            )
            session.add(leg)
            session.flush()
            if position == 1:
                baton = RelayBaton(
                    leg_id=leg.id,
                    learning="L",
                    sign_of_value="S",
                    question="Q",
                    invitation="I",
                    tested=True,
                    written_at=BEGUN,
                )
                session.add(baton)
                session.flush()
                batons.append(baton.id)
                session.add(_said(leg.id, Afterwards.DONE))
            elif position == 2:
                session.add_all(
                    [RelayBaton(leg_id=leg.id, passed_on_from=batons[0]), _said(leg.id, Afterwards.NOT_NOW)]
                )
        session.add(_round(world, challenge.id, team_id=team.id, starts_on=planned_on))

    world.store.write_now(put)


def another_organisation(world: World) -> int:
    def put(session: Session) -> int:
        other = Organisation(name="En annan", created_at=BEGUN)
        session.add(other)
        session.flush()
        return other.id

    return world.store.write_now(put)


def _said(leg_id: int, said: Afterwards) -> RelayQuestion:
    asked_at: datetime = BEGUN + timedelta(weeks=12)
    return RelayQuestion(leg_id=leg_id, weeks=12, due_at=asked_at, asked_at=asked_at, said=said, said_at=asked_at)


def _round(world: World, document_id: int, **fields: Any) -> Round:
    return Round(
        organisation_id=world.organisation,
        workspace_id=world.workspace,
        document_id=document_id,
        ends_at=BEGUN,
        state=RoundState.ENDED,
        ending=Ending.FINISHED,
        confirmed_at=BEGUN,
        ended_at=BEGUN,
        **fields,
    )
