"""The way to a chat with somebody: only in the shapes that each platform's own documents give."""

import pytest

from bot.chat_links import chat_with


def test_slack_opens_the_chat_with_somebody_by_workspace_and_id() -> None:
    assert chat_with("slack", workspace="T1", external_id="U2", name=None) == "slack://user?team=T1&id=U2"


def test_teams_opens_the_chat_with_somebody_by_their_address() -> None:
    address = "kim.ek+prov@example.se"
    opens = chat_with("teams", workspace="a-tenant", external_id=None, name=address)
    assert opens == "https://teams.microsoft.com/l/chat/0/0?users=kim.ek%2Bprov@example.se"


@pytest.mark.parametrize(
    ("platform", "external_id", "name"),
    [
        ("slack", None, "Kim"),
        ("slack", None, "kim@example.se"),
        ("teams", "8f5a0c7e-0000-0000-0000-000000000000", None),
        ("teams", None, "Kim Ek"),
        ("teams", None, "kim@example.se, chefen@example.se"),
        ("teams", None, "kim@example.se&message=hej, du"),
        ("paper", "U2", None),
    ],
)
def test_there_is_no_link_where_none_would_lead_to_that_person(
    platform: str, external_id: str | None, name: str | None
) -> None:
    assert chat_with(platform, workspace="T1", external_id=external_id, name=name) is None
