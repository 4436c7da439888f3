"""A cohort that runs goes over to another document, as long as nothing of what would be different is promised."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables.deliveries import Delivery
from storage.tables.programmes import Cohort


def move_to_document(session: Session, cohort: Cohort, document_id: int, *, first_step: int) -> bool:
    """Let a cohort go on with another document, which is the same up to `first_step`. Return whether it does: not when
    it has got another meanwhile, or when such a step has been promised to somebody."""
    promised = select(Delivery.id).where(Delivery.cohort_id == cohort.id, col(Delivery.step) >= first_step)
    moved = session.exec(
        update(Cohort)
        .where(col(Cohort.id) == cohort.id, col(Cohort.document_id) == cohort.document_id, ~promised.exists())
        .values(document_id=document_id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(cohort)
    return bool(moved.rowcount)
