"""`knuff inbox`: operators see what was set aside and why, but nobody's id or words; and have it handled once more."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import orjson
import pytest
from sqlmodel import col, select

from bot.commands.inbox import list_inbox, replay_inbox
from storage import inbox
from storage.database import Store, open_store
from storage.inbox import NewEvent
from storage.set_aside import Replayed, forget_words
from storage.tables.inbox import InboxEvent

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
THE_LIST = "`knuff inbox list` shows what can be replayed"
Kept = Callable[..., int]


@pytest.fixture
def store(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("KNUFF_DATABASE_URL", database_url)
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def kept(store: Store) -> Kept:
    """Keep an event, and set it aside unless it is told otherwise."""

    def keep(key: str, *, is_set_aside: bool = True) -> int:
        event = NewEvent(
            platform="slack", workspace="T0SECRET", key=key, person="U0SECRET", kind="Wrote",
            body='{"text":"Det jag skrev"}', received_at=NOW,
        )  # fmt: skip
        [event_id] = store.write_now(partial(inbox.keep_all, events=[event]))
        assert event_id is not None
        if is_set_aside:
            for is_last in (False, True):
                failed = partial(inbox.failed, event_id=event_id, error="KeyError", is_last=is_last, now=NOW)
                store.write_now(failed)
        return event_id

    return keep


def handle(store: Store, event_id: int) -> None:
    assert store.write_now(partial(inbox.settle, event_id=event_id, now=NOW))


def row(store: Store, event_id: int) -> InboxEvent:
    return store.write_now(lambda session: session.exec(select(InboxEvent).where(col(InboxEvent.id) == event_id)).one())


def test_what_was_set_aside_is_listed_with_its_reason_and_without_people_or_words(
    kept: Kept, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    event_id = kept("k1")
    kept("waits", is_set_aside=False)
    assert list_inbox(as_json=False) == 0
    shown = capsys.readouterr().out
    for word in (str(event_id), "slack", "Wrote", "2026-03-02 07:30", "KeyError", "Still kept", "yes"):
        assert word in shown
    assert list_inbox(as_json=True) == 0
    told = capsys.readouterr().out
    assert [orjson.loads(line) for line in told.splitlines()] == [
        {
            "id": event_id, "platform": "slack", "kind": "Wrote", "received_at": "2026-03-02T07:30:00+00:00",
            "set_aside_at": "2026-03-02T07:30:00+00:00", "tries": 2, "reason": "KeyError", "can_be_replayed": True,
        }
    ]  # fmt: skip
    for secret in ("SECRET", "skrev", "k1"):
        assert secret not in shown + told


def test_an_empty_list_says_so(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert list_inbox(as_json=False) == 0
    assert "Nothing" in capsys.readouterr().out
    assert list_inbox(as_json=True) == 0
    assert capsys.readouterr().out == ""


def test_what_is_replayed_waits_again_with_all_its_tries_before_it(
    store: Store, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = kept("k1"), kept("k2")
    assert replay_inbox([first], everything=False) == 0
    assert f"{first} is back in the queue" in capsys.readouterr().out
    assert row(store, first).tries == 0
    assert row(store, second).set_aside_at is not None
    waits = store.write_now(partial(inbox.unhandled, up_to=second))
    assert [(one.id, one.tries, one.body) for one in waits] == [(first, 0, '{"text":"Det jag skrev"}')]
    assert replay_inbox([], everything=True) == 0
    assert store.write_now(inbox.waiting) == (2, 0)
    assert replay_inbox([], everything=True) == 0
    assert "nothing to replay" in capsys.readouterr().out


def test_what_has_been_handled_is_never_replayed(store: Store, kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    event_id = kept("k1", is_set_aside=False)
    handle(store, event_id)
    assert replay_inbox([event_id], everything=False) == 2
    assert "has been handled" in capsys.readouterr().err
    assert row(store, event_id).handled_at == NOW


def test_what_its_person_has_done_more_after_is_never_replayed(
    store: Store, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told to try again, they did, or stopped altogether: days later the press that failed must not undo that."""
    before, aside, also_aside, after = kept("1"), kept("2"), kept("3"), kept("4", is_set_aside=False)
    somebody_elses = kept("5", is_set_aside=False)
    store.write_now(lambda session: setattr(session.get_one(InboxEvent, somebody_elses), "person", "U2"))
    handle(store, somebody_elses)
    assert replay_inbox([before], everything=False) == 0
    handle(store, before)
    handle(store, after)
    assert replay_inbox([aside], everything=False) == 2
    assert f"{aside} is left alone: the person has done more since." in capsys.readouterr().err
    assert replay_inbox([], everything=True) == 0
    assert f"{also_aside} is left alone: the person has done more since." in capsys.readouterr().err
    assert store.write_now(inbox.waiting) == (0, 2)


def test_several_of_one_person_are_replayed_in_the_order_they_came(
    store: Store, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a Knuff so quick that it handles each in the moment it is put back."""
    first, second = kept("1"), kept("2")
    write = type(store).write_now

    def write_and_handle(here: Store, work: partial[Replayed]) -> Replayed:
        outcome = write(here, work)
        if outcome is Replayed.REPLAYED:
            write(here, partial(inbox.settle, event_id=work.keywords["event_id"], now=NOW))
        return outcome

    monkeypatch.setattr(type(store), "write_now", write_and_handle)
    assert replay_inbox([second, first], everything=False) == 0
    assert [row(store, one).handled_at for one in (first, second)] == [NOW, NOW]


def test_each_that_cannot_be_replayed_is_told_and_the_others_are(
    store: Store, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    erased, waits, good = kept("k1"), kept("k2", is_set_aside=False), kept("k3")
    store.write_now(partial(forget_words, platform="slack", workspace="T0SECRET", person="U0SECRET"))
    again = kept("k4")
    assert replay_inbox([erased, waits, 99_999, again], everything=False) == 2
    out, err = capsys.readouterr()
    assert f"{again} is back in the queue" in out
    assert f"{erased} cannot be replayed: what it said has been deleted" in err
    assert f"{waits} has not been set aside" in err
    assert f"99999 is not in the inbox: {THE_LIST}" in err
    assert row(store, good).body is None


@pytest.mark.parametrize(("ids", "everything"), [((), False), ((1,), True)])
def test_it_must_be_said_which_to_replay(store: Store, ids: tuple[int, ...], everything: bool) -> None:
    assert replay_inbox(ids, everything=everything) == 2


def test_a_database_that_is_not_there_is_said_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "knuff.db"
    monkeypatch.setenv("KNUFF_DATABASE_URL", f"sqlite:///{path}")
    assert list_inbox(as_json=False) == 2
    assert "there is no such file" in capsys.readouterr().err
    path.touch()
    assert list_inbox(as_json=False) == 2
    assert "nothing of Knuff's" in capsys.readouterr().err


def test_keys_are_forgotten_after_a_while_a_few_at_a_time_and_what_waits_stays(store: Store, kept: Kept) -> None:
    waits, aside, handled = kept("k1", is_set_aside=False), kept("k2"), kept("k3", is_set_aside=False)
    # Somebody else's, or it would have to wait for its turn.
    store.write_now(lambda session: setattr(session.get_one(InboxEvent, handled), "person", "U2"))
    handle(store, handled)
    forget = partial(inbox.forget, kept_before=NOW.replace(day=3), most=2)
    assert [store.write_now(forget) for _ in range(3)] == [1, 1, 0]
    assert store.write_now(lambda session: list(session.exec(select(InboxEvent.id)).all())) == [waits]
    assert aside != waits
