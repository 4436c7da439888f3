"""What somebody wants changed in an exercise, sent through the real front doors: unsigned, nothing that stays leads to
them; signed, their name goes with it and nothing else does."""

import io
from dataclasses import replace

import pytest
from sqlalchemy import make_url

from lessons.library import Library
from storage.database import Store
from tests.privacy.doors import doors
from tests.privacy.test_anonymous_at_the_door import (
    PERSON,
    WORKSPACES,
    Workplace,
    files_of,
    identities,
    opened,
    rows_of,
    said,
)

__all__ = ["opened", "said"]
BUTTON = "suggestion.open"
VALUE = "L02:sv:"
WORDS = "Ge ett exempel från hemtjänsten"


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_nothing_leads_from_an_unsigned_suggestion_to_its_author(
    opened: Store,
    library: Library,
    said: io.StringIO,
    caplog: pytest.LogCaptureFixture,
    database_url: str,
    platform: str,
) -> None:
    workplace, people = met(opened, library, platform)
    before = rows_of(opened)
    async with doors(opened, replace(workplace)) as both:
        door = both[platform]
        refused = await door.hand_in(people[0], VALUE, button=BUTTON, body=f"{WORDS} 19900101-1234", signature="")
        assert "personnummer" in refused
        for who, words in zip(people, (f"{WORDS} ett", f"{WORDS} två"), strict=False):
            assert "inte sparat vem" in await door.hand_in(who, VALUE, button=BUTTON, body=words, signature=" ")
    after = rows_of(opened)
    assert {name for name in after if after[name] != before[name]} == {"suggestion"}, "not even the inbox"
    assert [set(row) for row in after["suggestion"]] == [{"id", "organisation_id", "lesson_id", "body", "month"}] * 2
    assert {row["month"].day for row in after["suggestion"]} == {1}
    ids = opened.write_now(identities)
    assert not [one for one in ids if one in repr(after["suggestion"])]
    told = said.getvalue() + caplog.text
    assert WORDS not in told
    if make_url(database_url).get_backend_name() == "sqlite":
        assert b"19900101-1234" not in b"".join(path.read_bytes() for path in files_of(database_url))


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_a_signed_suggestion_is_its_authors_and_its_words_are_gone_from_the_inbox(
    opened: Store, library: Library, platform: str
) -> None:
    workplace, people = met(opened, library, platform)
    async with doors(opened, replace(workplace)) as both:
        sent = await both[platform].hand_in(people[0], VALUE, button=BUTTON, body=WORDS, signature="Kim Ek")
        assert "undertecknat Kim Ek" in sent
    after = rows_of(opened)
    [row] = after["signed_suggestion"]
    assert (row["name"], row["body"], row["lesson_id"]) == ("Kim Ek", WORDS, "L02")
    assert after["suggestion"] == []
    assert WORDS not in repr(after["inbox_event"])


def met(store: Store, library: Library, platform: str) -> tuple[Workplace, list[str]]:
    """A workplace in which Knuff has met a few people."""
    workplace = Workplace(store=store, library=library, platform=platform, workspace=WORKSPACES[platform])
    people = [PERSON[platform](number) for number in range(3)]
    workplace.make_team(*people, facilitator=people[0])
    return workplace, people
