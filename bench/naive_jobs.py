"""One APScheduler job for each person, as the tutorials write it.

    python -m bench.naive_jobs STORE_URL COUNT default|patient

All jobs are due at one moment. The platform takes everything at once: sending is noting the time.
"""

import json
import os
import sys
import warnings
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from bench import machine

A_JOB_TAKES_SECONDS = 0.01
"""To be added, at most: so long before they are due is begun."""
QUIET_SECONDS = 5.0

sent_at: list[float] = []


def send(person: int) -> None:
    sent_at.append(monotonic())


def main(store_url: str, count: int, settings: str) -> None:
    warnings.simplefilter("ignore")
    defaults = {"misfire_grace_time": None} if settings == "patient" else {}
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=store_url)}, job_defaults=defaults, timezone="UTC"
    )
    ended = [0]

    def note(_event: object) -> None:
        ended[0] += 1

    scheduler.add_listener(note, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
    scheduler.start()
    due_at = (datetime.now(UTC) + timedelta(seconds=3 + count * A_JOB_TAKES_SECONDS)).replace(microsecond=0)
    for person in range(count):
        scheduler.add_job(
            send, "cron", hour=due_at.hour, minute=due_at.minute, second=due_at.second, args=[person], id=str(person)
        )
    left = (due_at - datetime.now(UTC)).total_seconds()
    assert left > 0, "the jobs were not added in time"
    sleep(left)
    began, before = monotonic(), -1
    while ended[0] < count and ended[0] != before:
        before = ended[0]
        sleep(QUIET_SECONDS)
    last = max(sent_at, default=began)
    memory = machine.memory_mb(os.getpid())
    print(json.dumps({"sent": len(sent_at), "seconds": last - began, "megabytes": memory}), flush=True)
    os._exit(0)  # what was missed is still in its store, and it would wait


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
