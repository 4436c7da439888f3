"""`knuff account`: what was promised, and what became of it, day by day. Numbers only, and of few people hardly any."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import orjson

from bot.bootstrap import open_clock
from bot.commands.existing_database import existing_store
from bot.commands.faults import CANNOT, plainly, say
from bot.nightly import ZONE
from bot.settings import read_settings
from scheduler.day_accounts import DayAccount, Group, day_accounts
from storage import account
from storage.database import Store
from storage.moments import local_day


@plainly
def show_account(*, day: str | None, days: int, as_json: bool) -> int:
    """Return 0, or 1 when something is still on the way although its day is over everywhere."""
    settings = read_settings()
    now = asyncio.run(open_clock(settings, start_at=None)).now()
    try:
        last = date.fromisoformat(day) if day else local_day(now, ZONE)
        first = last - timedelta(days=days - 1)
    except (ValueError, OverflowError):
        say(f"--date is a day like 2026-03-02, not {day!r}.")
        return CANNOT
    with existing_store(settings.database_url) as store:
        found = asyncio.run(collected(store, first=first, last=last, now=now))
    for line in [as_one_object(found, now)] if as_json else in_lines(found, first=first, last=last):
        sys.stdout.write(f"{line}\n")
    return 0 if all(one.balances for one in found) else 1


async def collected(store: Store, *, first: date, last: date, now: datetime) -> list[DayAccount]:
    """Return the days of every organisation. A reader: whoever sends meanwhile is not held up."""
    found: list[DayAccount] = []
    for organisation_id in await store.read(account.organisations):
        wanted = partial(day_accounts, organisation_id=organisation_id, first=first, last=last, now=now)
        found += await store.read(wanted)
    return found


def as_one_object(found: list[DayAccount], now: datetime) -> str:
    days = [asdict(one) | {"balances": one.balances} for one in found]
    whole = {"at": now, "balances": all(one.balances for one in found), "days": days}
    return orjson.dumps(whole, option=orjson.OPT_NON_STR_KEYS).decode()


def in_lines(found: list[DayAccount], *, first: date, last: date) -> Iterator[str]:
    if not found:
        yield f"Nothing was promised for {first}." if first == last else f"Nothing was promised from {first} to {last}."
    for one in found:
        promised, settled = (sum(getattr(group, name) for group in one.groups) for name in ("promised", "settled"))
        verdict = "is not over" if not one.is_over else "balances" if one.balances else "DOES NOT BALANCE"
        yield f"{one.day} {verdict}: {promised} promised = {settled} settled + {one.on_the_way} on the way"
        for group in one.groups:
            cohort = "no cohort" if group.cohort_id is None else f"cohort {group.cohort_id}"
            yield f"  workspace {group.workspace_id}, {cohort}: {_sum(group)}"
            for fault, promises in group.faults.items():
                yield f"    {fault}: {promises}"
    lost = [str(one.day) for one in found if not one.balances]
    if lost:
        yield (
            f"On the way although the day is over: {', '.join(lost)}. A lane explains what is too late as"
            " soon as it runs, so see that `knuff serve` or `knuff worker` does; what is there an hour later is a fault"
            " of Knuff's."
        )


def _sum(group: Group) -> str:
    told: dict[str, Any] = {"sent": group.sent, "explained": group.explained}
    if group.sent is None:
        told = {"settled (fewer than five people: no more is told)": group.settled}
    parts = " + ".join(f"{number} {name}" for name, number in (told | {"on the way": group.on_the_way}).items())
    return f"{group.promised} promised = {parts}"
