"""What is done once a day, whoever does it."""

from datetime import date

from sqlmodel import Field, SQLModel


class Chore(SQLModel, table=True):
    """When something was last taken on. Whoever changes the day does it."""

    name: str = Field(primary_key=True)
    done_on: date
