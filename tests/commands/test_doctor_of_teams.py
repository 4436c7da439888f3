"""What `knuff doctor` says about Teams: what is wrong, and what to click."""

from collections.abc import AsyncIterator

import pytest

from bot.commands.doctor_teams import look_at_teams
from bot.settings import Settings
from tests.contracts.pretend import (
    TEAMS_APP_ID,
    TEAMS_APP_PASSWORD,
    TEAMS_TENANT_ID,
    PretendTeams,
    pretend_workplace,
)


@pytest.fixture
async def pretend() -> AsyncIterator[PretendTeams]:
    async with pretend_workplace() as workplace:
        yield workplace.teams


async def said(pretend: PretendTeams, **other: str) -> str:
    """Return what is said, faults marked as the command marks them."""
    settings = {
        "teams_app_id": TEAMS_APP_ID,
        "teams_app_password": TEAMS_APP_PASSWORD,
        "teams_tenant_id": TEAMS_TENANT_ID,
        "teams_openid_url": pretend.openid_url,
        "teams_token_url": pretend.token_url,
    }
    findings = await look_at_teams(Settings.model_validate(settings | other))
    return "\n".join(
        f"{'✗' if one.fault else '✓' if one.is_seen else '–'} {one.what}: {one.fault or one.advice or ''}"
        for one in findings
    )


async def test_what_is_in_order_is_said_and_what_cannot_be_seen_is_said_as_what_to_click(pretend: PretendTeams) -> None:
    told = await said(pretend)
    assert "✗" not in told
    assert f"✓ Teams: app {TEAMS_APP_ID} in tenant {TEAMS_TENANT_ID}" in told
    assert "✓ Teams' signing keys" in told
    assert "✓ Clock" in told
    assert "KNUFF_PAGE_ADDRESS is empty, so it was not tried. In Azure:" in told
    assert "– Messaging endpoint: KNUFF_PAGE_ADDRESS" in told
    assert "– Azure and Teams admin center: Not to be seen from here" in told


async def test_a_wrong_secret_is_not_shown_and_where_to_make_a_new_one_is(pretend: PretendTeams) -> None:
    told = await said(pretend, teams_app_password="fel-hemlighet")
    assert "✗ Teams: Entra refuses the app's id or secret (invalid_client): in Azure open" in told
    assert "fel-hemlighet" not in told


async def test_an_app_that_is_not_in_the_tenant_is_said(pretend: PretendTeams) -> None:
    told = await said(pretend, teams_app_id=TEAMS_TENANT_ID)
    assert "(unauthorized_client): there is no such app in this tenant" in told


async def test_what_does_not_answer_is_named(pretend: PretendTeams) -> None:
    told = await said(pretend, teams_token_url="http://127.0.0.1:9/{tenant}/token")
    assert f"✗ Teams: http://127.0.0.1:9/{TEAMS_TENANT_ID}/token gives no token" in told
    told = await said(pretend, teams_openid_url=f"{pretend.address}/nowhere")
    assert "✗ Teams' signing keys: " in told
    told = await said(pretend, page_address="http://127.0.0.1:9")
    assert "– Messaging endpoint: Nothing answers at http://127.0.0.1:9/api/messages" in told


async def test_an_address_where_something_else_answers_is_a_fault(pretend: PretendTeams) -> None:
    told = await said(pretend, page_address=f"{pretend.address}/")
    assert f"✗ Messaging endpoint: {pretend.address}/api/messages answers 200 and not Knuff's 401" in told
    assert "does the proxy send /api/messages to `knuff serve`?" in told


async def test_a_clock_that_is_wrong_is_said(pretend: PretendTeams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.findings.MOST_SKEW_SECONDS", -1)
    assert "seconds from Microsoft's: turn time synchronisation on." in await said(pretend)


async def test_without_teams_nothing_is_said() -> None:
    assert await look_at_teams(Settings()) == []
