"""`knuff doctor`: what is in order, what is missing, and what to do about it, in plain words."""

import asyncio
import sys
from collections.abc import Iterator

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.commands.database_files import fault_of_place, file_of, trouble_with
from bot.commands.doctor_size import look_at_size
from bot.commands.doctor_slack import look_at_slack
from bot.commands.doctor_stuck import look_at_what_is_stuck
from bot.commands.doctor_teams import look_at_teams
from bot.commands.faults import plainly
from bot.commands.findings import Finding
from bot.libraries import open_library
from bot.settings import Settings, SettingsFault, read_settings, require_platforms, unknown_names
from lessons.faults import ContentError
from storage.database import open_store
from storage.schema import MOVING_HOUSE, OtherEncoding, refuse_other_encoding


@plainly
def doctor() -> int:
    settings = read_settings()
    findings = [
        *_settings(settings),
        _database(settings),
        *look_at_size(settings),
        *look_at_what_is_stuck(settings),
        _content(settings),
        *asyncio.run(_platforms(settings)),
    ]
    for finding in findings:
        mark = "✗" if finding.fault else "✓" if finding.is_seen else "–"
        sys.stdout.write(f"{mark} {finding.what}\n")
        for line in filter(None, (finding.fault, finding.advice)):
            sys.stdout.write(f"    {line}\n")
    faults = sum(1 for finding in findings if finding.fault)
    sys.stdout.write(f"\n{f'{faults} to put right.' if faults else 'Everything is in order.'}\n")
    return 1 if faults else 0


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        require_platforms(settings)
        yield Finding("Settings")
    except SettingsFault as fault:
        yield Finding("Settings", str(fault))
    for name in unknown_names():
        yield Finding(f"{name}", "This means nothing to Knuff. Is it misspelt?")
    if not settings.coordinators:
        yield Finding(
            "Coordinators",
            "Nobody can start a cohort: set KNUFF_COORDINATORS to a Slack user id (in Slack: profile, ⋮, Copy member"
            " ID) or, for Teams, an object id (in Entra: Users, the person, Object ID).",
        )
    if not settings.contact:
        yield Finding("Contact", advice="KNUFF_CONTACT is empty: the welcome names nobody to ask.")
    if settings.page_address is None:
        yield Finding("Own page", advice="KNUFF_PAGE_ADDRESS is empty: nobody is offered to answer outside the chat.")


def _database(settings: Settings) -> Finding:
    empty = Finding("Database", advice="It is empty. `knuff db upgrade`, or the first `knuff serve`, makes the tables.")
    path = file_of(settings.database_url)
    if path is not None and (fault := fault_of_place(path)):
        return Finding("Database", fault)
    if path is not None and not path.exists():
        return empty  # opening it would make it
    store = None
    try:
        store = open_store(settings.database_url)
        with store.engine.connect() as connection:
            refuse_other_encoding(connection)
            tables = set(inspect(connection).get_table_names())
    except OtherEncoding:
        return Finding("Database", "It does not keep its text in UTF-8: name one that does.")
    except OperationalError as error:
        return Finding("Database", trouble_with(settings.database_url, error))
    except SQLAlchemyError as error:
        return Finding("Database", f"It does not answer ({type(error).__name__}): look at KNUFF_DATABASE_URL.")
    finally:
        if store is not None:
            store.close()
    if MOVING_HOUSE in tables:
        return Finding("Database", "A move into it has not come to its end: run `knuff move` again as before.")
    return Finding("Database") if "delivery" in tables else empty


def _content(settings: Settings) -> Finding:
    try:
        library = open_library(settings)
    except SettingsFault as fault:
        return Finding("Lessons", str(fault))
    except ContentError as error:
        return Finding(
            "Lessons", f"They cannot be used; `knuff lessons check` says more. First: {str(error).splitlines()[0]}"
        )
    return Finding(f"Lessons: {len(library.lessons)}, programmes: {len(library.programmes)}")


async def _platforms(settings: Settings) -> list[Finding]:
    return [*await look_at_slack(settings), *await look_at_teams(settings)]
