"""What is handed in without a name, through the real front doors: nothing that stays, in the database, on its disk or
in the log, leads from the words to whoever wrote them."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import structlog
from sqlalchemy import make_url, select, text
from sqlmodel import Session
from sqlmodel import select as select_rows

from lessons.library import Library
from storage.database import Store, open_store
from storage.tables import metadata
from storage.tables.people import Person
from tests.privacy.doors import Door, doors
from tests.rounds_in_chat.sprint import alone
from tests.rounds_in_chat.team_room import TeamRoom

MEMBERS = 6
MANAGER = 9


@dataclass(kw_only=True)
class Workplace(TeamRoom):
    """A team room on either platform."""

    platform: str
    workspace: str

    def _who(self, who: str) -> dict[str, object]:
        return super()._who(who) | {"platform": self.platform, "workspace": self.workspace}


@pytest.fixture
def opened(database_url: str) -> Iterator[Store]:
    store = open_store(database_url)
    yield store
    store.close()


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """Everything the program says of itself, in full."""
    lines = io.StringIO()
    caplog.set_level(logging.DEBUG)
    kept = structlog.get_config()
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(file=lines),
        cache_logger_on_first_use=False,
    )
    yield lines
    structlog.configure(**kept)


@pytest.mark.parametrize("platform", ["slack", "teams"])
@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_leads_from_the_words_to_their_author(
    opened: Store,
    library: Library,
    said: io.StringIO,
    caplog: pytest.LogCaptureFixture,
    database_url: str,
    platform: str,
    seed: int,
) -> None:
    lots = Random(seed)
    workplace = Workplace(store=opened, library=library, platform=platform, workspace=WORKSPACES[platform])
    people = [PERSON[platform](number) for number in range(MEMBERS)]
    workplace.make_team(*people, facilitator=people[0])
    preview = workplace.choose(challenge="kill-rule", mandate=PERSON[platform](MANAGER))
    workplace.send(next(show.form for show in preview if hasattr(show, "form")), consent="yes")
    monday = await workplace.at_clock(2026, 3, 2, 10)
    values = {who: alone(monday, who).buttons["proposal.open"].value for who in people}
    before = rows_of(opened)
    authors = lots.sample(people, lots.randint(2, MEMBERS))
    words = {who: f"ord{lots.getrandbits(40):x}" for who in authors}
    async with doors(opened, replace(workplace)) as both:
        door: Door = both[platform]
        for who in authors:
            too_long = await door.hand_in(who, values[who], in_rule=f"{words[who]} " * 31, in_cost="")
            assert "31 ord" in too_long
            assert "utan ditt namn" in await door.hand_in(who, values[who], in_rule=f"Regeln {words[who]}", in_cost="x")
            assert "redan inlämnat" in await door.hand_in(who, values[who], in_rule=words[who], in_cost="")
    after = rows_of(opened)
    assert len(after["proposal"]) == len(authors)
    assert {name for name in after if after[name] != before[name]} == {"proposal", "form_token"}, "not even the inbox"
    ids = opened.write_now(identities)
    for word in words.values():
        [(name, row)] = [(name, row) for name, rows in after.items() for row in rows if word in repr(row)]
        assert name == "proposal"
        assert set(row) == {"id", "organisation_id", "round_step_id", "inputs", "day"}
        assert not [one for one in ids if one in repr(row)]
    told = said.getvalue() + caplog.text
    secrets = [*words.values(), *(value.split(":")[2] for value in values.values())]
    assert not [one for one in secrets if one in told]
    if make_url(database_url).get_backend_name() == "sqlite":
        on_disk = b"".join(path.read_bytes() for path in files_of(database_url))
        tokens = [value.split(":")[2].encode() for value in values.values()]
        assert not [token for token in tokens if token in on_disk], "no form was ever written down, whoever had it"
        assert all(word.encode() in on_disk for word in words.values()), "the words are: this look finds what is there"


async def test_a_form_that_the_database_refuses_is_refused_in_place_and_logged_without_a_word(
    opened: Store, library: Library, said: io.StringIO
) -> None:
    workplace = Workplace(store=opened, library=library, platform="slack", workspace=WORKSPACES["slack"])
    people = [PERSON["slack"](number) for number in range(MEMBERS)]
    workplace.make_team(*people, facilitator=people[0])
    preview = workplace.choose(challenge="kill-rule", mandate=PERSON["slack"](MANAGER))
    workplace.send(next(show.form for show in preview if hasattr(show, "form")), consent="yes")
    monday = await workplace.at_clock(2026, 3, 2, 10)
    value = alone(monday, people[1]).buttons["proposal.open"].value

    async with doors(opened, replace(workplace)) as both:
        with refusing(opened):
            refused = await both["slack"].hand_in(people[1], value, in_rule="Hemlig regel", in_cost="")
            assert "Det gick inte att spara just nu." in refused
        assert "nameless_not_handled" in said.getvalue()
        assert "Hemlig" not in said.getvalue()
        assert people[1] not in said.getvalue()
        assert rows_of(opened)["proposal"] == []
        assert "utan ditt namn" in await both["slack"].hand_in(people[1], value, in_rule="Hemlig regel", in_cost="")


WORKSPACES = {"slack": "T0ALVSUNDA", "teams": "7e57a1d0-0000-4000-8000-00000000a1d0"}
PERSON = {
    "slack": lambda number: f"U0MEDARBETARE{number}",
    "teams": lambda number: f"0a0000{number:02}-0000-4000-8000-0000000000aa",
}


@contextmanager
def refusing(store: Store) -> Iterator[None]:
    """A database that takes no proposal, and whose error quotes what it was given."""
    if store.engine.dialect.name == "sqlite":
        refuse = "CREATE TRIGGER refuse BEFORE INSERT ON proposal BEGIN SELECT RAISE(ABORT, 'no room'); END"
        again = "DROP TRIGGER refuse"
    else:
        refuse = "ALTER TABLE proposal ADD CONSTRAINT refuse CHECK (day IS NULL) NOT VALID"
        again = "ALTER TABLE proposal DROP CONSTRAINT refuse"
    with store.engine.begin() as connection:
        connection.execute(text(refuse))
    yield
    with store.engine.begin() as connection:
        connection.execute(text(again))


def rows_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    def read(session: Session) -> dict[str, list[dict[str, Any]]]:
        connection = session.connection()
        return {
            table.name: sorted((dict(row._mapping) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }

    return store.write_now(read)


def identities(session: Session) -> list[str]:
    """What anybody is known by, but for numbers that everything has."""
    return [person.external_id for person in session.exec(select_rows(Person)).all()]


def files_of(database_url: str) -> list[Path]:
    path = Path(make_url(database_url).database or "")
    return [one for one in (path, path.with_name(f"{path.name}-wal")) if one.exists()]
