"""SQLite says when it is time to move."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, text
from structlog.testing import capture_logs

from bot.commands.doctor import doctor
from bot.commands.doctor_size import in_words, look_at_size
from bot.commands.doctor_stuck import look_at_what_is_stuck
from bot.nightly import at_night
from bot.settings import Settings
from storage import outgrowing
from storage.database import open_store
from storage.outgrowing import FileSize, file_size
from tests import postgres


@pytest.fixture
def url(migrated_sqlite: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'knuff.db')}"


def keep_events(url: str, *moments: datetime) -> None:
    store = open_store(url)
    keeping = text(
        "INSERT INTO inbox_event (platform, workspace, key, person, received_at, tries)"
        " VALUES ('slack', 'T1', :key, 'U1', :at, 0)"
    )
    with store.engine.begin() as connection:
        for number, moment in enumerate(moments):
            connection.execute(keeping, {"key": str(number), "at": moment.strftime("%Y-%m-%d %H:%M:%S.%f")})
    store.close()


def test_a_small_file_is_in_order(url: str) -> None:
    [finding] = look_at_size(Settings(database_url=url))
    assert (finding.fault, finding.advice) == (None, None)
    assert finding.what.startswith("SQLite file: 0.0 GB, 0 events")


def test_where_there_is_no_file_none_is_made(tmp_path: Path) -> None:
    assert list(look_at_size(Settings(database_url=f"sqlite:///{tmp_path / 'none.db'}"))) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "says"),
    [
        (FileSize(gigabytes=4.0, events_a_minute=0), "From 4 GB on"),
        (FileSize(gigabytes=0.1, events_a_minute=9000), "From 9000 on"),
    ],
    ids=["too large", "too busy"],
)
def test_an_outgrown_file_is_advised_to_move_and_is_no_fault(size: FileSize, says: str) -> None:
    finding = in_words(size)
    assert finding.fault is None
    assert says in (finding.advice or "")
    assert "knuff move --to postgresql://" in (finding.advice or "")


def test_the_busiest_minute_of_the_last_day_is_counted(url: str) -> None:
    now = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    morning = datetime(2026, 3, 2, 7, 15, 59, tzinfo=UTC)
    long_ago = [now - timedelta(days=2)] * 9
    keep_events(url, *long_ago, morning, morning, morning + timedelta(seconds=1), morning + timedelta(minutes=2))
    store = open_store(url)
    size = store.write_now(lambda session: file_size(session, now))
    store.close()
    assert size is not None
    assert size.events_a_minute == 2
    assert size.gigabytes > 0.0001


def test_of_all_events_only_the_latest_are_read(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    monkeypatch.setattr(outgrowing, "MOST_EVENTS_READ", 3)
    keep_events(url, *([now - timedelta(hours=9)] * 9), *([now - timedelta(hours=1)] * 2))
    store = open_store(url)
    size = store.write_now(lambda session: file_size(session, now))
    store.close()
    assert size is not None
    assert size.events_a_minute == 2


def test_of_another_versions_database_the_doctor_says_that(url: str) -> None:
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    store.close()
    settings = Settings(database_url=url)
    assert list(look_at_size(settings)) == []
    [finding] = look_at_what_is_stuck(settings)
    assert "run `knuff db upgrade`" in (finding.advice or "")


async def test_the_night_says_it_in_the_log_once_it_is_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(url)
    now = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
    with capture_logs() as logs:
        await at_night(store, {}, now)
    assert [log for log in logs if log["event"] == "time_to_move_to_postgresql"] == []
    monkeypatch.setattr(outgrowing, "LARGEST_FILE_GB", 0.0001)
    with capture_logs() as logs:
        await at_night(store, {}, now)
    store.close()
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == ["time_to_move_to_postgresql"]


@pytest.mark.postgres
def test_a_postgresql_is_never_outgrown(postgres_server: URL, migrated_postgres: str) -> None:
    with postgres.new_database(postgres_server, template=migrated_postgres) as server:
        store = open_store(postgres.as_text(server))
        assert store.write_now(lambda session: file_size(session, datetime(2026, 3, 3, tzinfo=UTC))) is None
        store.close()


def test_a_half_moved_database_is_a_fault(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE moving_house (table_name TEXT)"))
    store.close()
    monkeypatch.setenv("KNUFF_DATABASE_URL", url)
    assert doctor() == 1
    assert "A move into it has not come to its end" in capsys.readouterr().out
