"""Innovationsfika: who is put together, for 30 days; that two people have been, for a year and without saying who; and
what each of them has chosen for themselves. Nothing of it is anybody else's to see."""

from datetime import date

from sqlmodel import Field, SQLModel


class PairUp(SQLModel, table=True):
    """People who meet in a round: two, or three."""

    __tablename__ = "pair_up"

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    round_id: int = Field(foreign_key="round.id")
    made_on: date = Field(index=True)


class Paired(SQLModel, table=True):
    """That somebody is in one of them. Once in a round, by the key."""

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    pair_up_id: int = Field(foreign_key="pair_up.id", index=True)


class PairMemory(SQLModel, table=True):
    """That two people have been put together, by a digest that only somebody with a secret of the installation can
    make. The rows have no order that would tell of theirs."""

    __tablename__ = "pair_memory"
    __table_args__ = ({"sqlite_with_rowid": False},)

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    digest: str = Field(primary_key=True)
    met_on: date = Field(index=True)
    """When it was last."""


class Exclusion(SQLModel, table=True):
    """Somebody with whom a person does not want to be put together, by the platform's own id: it need be nobody we have
    met. Theirs alone: the other is never told, and nobody else either."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    other_external_id: str = Field(primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")


class SittingOut(SQLModel, table=True):
    """Somebody who stays in a team and is put together with nobody there, until they say otherwise."""

    __tablename__ = "sitting_out"

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
