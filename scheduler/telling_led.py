"""Once a night: how many people of a cohort have led a group exercise is raised, from the notes of earlier months."""

from datetime import datetime, time
from functools import partial

import structlog

from storage import account, facilitation
from storage.database import Store
from storage.moments import local_day, slot_moment

log = structlog.get_logger()


async def tell_led(store: Store, now: datetime, zone: str) -> None:
    month = slot_moment(local_day(now, zone).replace(day=1), time(), zone)
    for organisation_id in await store.read(account.organisations):
        try:
            await store.write(partial(facilitation.tell, organisation_id=organisation_id, before=month))
        except Exception:  # the boundary of one organisation
            log.exception("led_not_told", organisation_id=organisation_id)
