"""`knuff inbox`: events that could not be handled, by id, kind and class of error. Nobody's id and nobody's words."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import orjson

from bot.commands.existing_database import existing_store
from bot.commands.faults import CANNOT, plainly, say
from bot.settings import read_settings
from storage.set_aside import Replayed, SetAside, replay, set_aside

SENTENCES = {
    Replayed.REPLAYED: "{} is back in the queue: a running Knuff takes it up within a minute.",
    Replayed.UNKNOWN: "{} is not in the inbox: `knuff inbox list` shows what can be replayed.",
    Replayed.HANDLED: "{} has been handled, so it is left alone.",
    Replayed.WAITS: "{} has not been set aside: it waits for its turn.",
    Replayed.ERASED: "{} cannot be replayed: what it said has been deleted.",
}


@plainly
def list_inbox(*, as_json: bool) -> int:
    """Show what has been set aside. Returns 0, also when there is nothing."""
    with existing_store(read_settings().database_url) as store:
        events = store.write_now(set_aside)
    if as_json:
        sys.stdout.write("".join(f"{orjson.dumps(_plain(event)).decode()}\n" for event in events))
    elif not events:
        sys.stdout.write("Nothing has been set aside.\n")
    else:
        _show(events)
    return 0


@plainly
def replay_inbox(event_ids: Sequence[int], *, everything: bool) -> int:
    """Put back what was set aside, and say for each what was done. Returns 2 when one could not be."""
    if everything == bool(event_ids):
        say("Say which: the ids that `knuff inbox list` shows, or --all.")
        return CANNOT
    with existing_store(read_settings().database_url) as store:
        if everything:
            event_ids = [event.id for event in store.write_now(set_aside) if event.can_be_replayed]
        outcomes = [(one, store.write_now(partial(replay, event_id=one))) for one in event_ids]
    for event_id, outcome in outcomes:
        if outcome is Replayed.REPLAYED:
            sys.stdout.write(f"{SENTENCES[outcome].format(event_id)}\n")
        else:
            say(SENTENCES[outcome].format(event_id))
    if not outcomes:
        sys.stdout.write("There is nothing to replay.\n")
    return 0 if all(outcome is Replayed.REPLAYED for _, outcome in outcomes) else CANNOT


def _show(events: Sequence[SetAside]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Id", "Platform", "What", "Came (UTC)", "Set aside (UTC)", "Tries", "Reason", "Can be replayed")
    for event in events:
        table.add_row(
            str(event.id), event.platform, event.kind or "", _moment(event.received_at), _moment(event.set_aside_at),
            str(event.tries), event.reason, "yes" if event.can_be_replayed else "no, deleted",
        )  # fmt: skip
    Console().print(table)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _plain(event: SetAside) -> dict[str, object]:
    return {
        "id": event.id,
        "platform": event.platform,
        "kind": event.kind,
        "received_at": event.received_at.astimezone(UTC).isoformat(),
        "set_aside_at": event.set_aside_at.astimezone(UTC).isoformat(),
        "tries": event.tries,
        "reason": event.reason,
        "can_be_replayed": event.can_be_replayed,
    }
