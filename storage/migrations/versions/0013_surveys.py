"""Surveys: the waves of a cohort, what was answered, and the promise to ask."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _documents()
    _waves()
    _responses()
    # Spelled out: on SQLite a table would be made anew for a key or a check, and forget its other checks.
    key = "CONSTRAINT fk_delivery_survey_wave_id_survey_wave REFERENCES survey_wave (id)"
    check = "CONSTRAINT ck_delivery_survey CHECK ((kind = 'survey') = (survey_wave_id IS NOT NULL))"
    op.execute(f"ALTER TABLE delivery ADD COLUMN survey_wave_id INTEGER {key} {check}")
    rows = sa.text("survey_wave_id IS NOT NULL")
    columns = ["survey_wave_id", "enrolment_id", "occurrence"]
    op.create_index("uq_delivery_survey", "delivery", columns, unique=True, sqlite_where=rows, postgresql_where=rows)


def _documents() -> None:
    op.create_table(
        "survey_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_document")),
        sa.UniqueConstraint("organisation_id", "digest", name=op.f("uq_survey_document_organisation_id_digest")),
        _foreign("survey_document", "organisation_id", "organisation"),
    )


def _waves() -> None:
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.create_table(
        "survey_wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("roles", json, nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("released", json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_wave")),
        sa.UniqueConstraint("cohort_id", "wave", "opens_on", name=op.f("uq_survey_wave_cohort_id_wave_opens_on")),
        _foreign("survey_wave", "organisation_id", "organisation"),
        _foreign("survey_wave", "cohort_id", "cohort"),
        _foreign("survey_wave", "document_id", "survey_document"),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_survey_wave_open",
        "survey_wave",
        ["cohort_id", "opens_on"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _responses() -> None:
    once = ["wave_id", "enrolment_id", "item_id", "about"]
    op.create_table(
        "survey_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint(*once, name=op.f("uq_survey_response_wave_id_enrolment_id_item_id_about")),
        _foreign("survey_response", "organisation_id", "organisation"),
        _foreign("survey_response", "wave_id", "survey_wave"),
        _foreign("survey_response", "enrolment_id", "enrolment"),
        _foreign("survey_response", "person_id", "person"),
    )
    op.create_index("ix_survey_response_person_id", "survey_response", ["person_id"])


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
