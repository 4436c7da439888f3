import pytest

from bot.settings import (
    LONGEST_CALL_SECONDS,
    Settings,
    SettingsFault,
    is_loopback,
    read_settings,
    require_loopback,
    require_platforms,
    unknown_names,
)
from bot.slack.calls import TIMEOUT

SECRETS = {"KNUFF_SLACK_BOT_TOKEN": "xoxb-1", "KNUFF_SLACK_SIGNING_SECRET": "secret"}

TEAMS = {
    "KNUFF_TEAMS_APP_ID": "A1B2C3D4-0000-4000-8000-000000000001",
    "KNUFF_TEAMS_APP_PASSWORD": "hemligt",
    "KNUFF_TEAMS_TENANT_ID": "7e57a1d0-0000-4000-8000-00000000a1d0",
}


def given(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_without_any_platform_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault, match=r"KNUFF_SLACK_BOT_TOKEN is missing, and so is KNUFF_TEAMS_APP_ID: .*\.$"):
        require_platforms(read_settings())


def test_a_missing_secret_of_slack_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, KNUFF_SLACK_SIGNING_SECRET="secret")
    with pytest.raises(SettingsFault, match=r"^KNUFF_SLACK_BOT_TOKEN is missing: .*\.$"):
        require_platforms(read_settings())
    given(monkeypatch, KNUFF_SLACK_BOT_TOKEN="xoxb-1", KNUFF_SLACK_SIGNING_SECRET="")
    with pytest.raises(SettingsFault, match=r"^KNUFF_SLACK_SIGNING_SECRET is missing"):
        require_platforms(read_settings())
    given(monkeypatch, KNUFF_SLACK_APP_TOKEN="xapp-1")
    require_platforms(read_settings())


@pytest.mark.parametrize("missing", TEAMS)
def test_a_missing_part_of_teams_is_named_also_where_slack_is_whole(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    given(monkeypatch, **SECRETS, **{name: value for name, value in TEAMS.items() if name != missing})
    with pytest.raises(SettingsFault, match=rf"^{missing} is missing: .*\.$"):
        require_platforms(read_settings())


def test_teams_alone_is_enough_and_so_are_both(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **TEAMS)
    settings = read_settings()
    require_platforms(settings)
    assert (settings.has_slack, settings.has_teams) == (False, True)
    given(monkeypatch, **SECRETS)
    require_platforms(read_settings())


def test_a_urllib3_that_sends_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.settings.version", {"urllib3": "1.26.20"}.__getitem__)
    given(monkeypatch, **TEAMS)
    with pytest.raises(SettingsFault, match=r"^urllib3 1\.26\.20 .* twice: install urllib3 2\.$"):
        require_platforms(read_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KNUFF_PORT", "http"),
        ("KNUFF_PORT", "70000"),
        ("KNUFF_SLACK_API_URL", "slack.com"),
        ("KNUFF_LEASE_SECONDS", "0"),
        ("KNUFF_DATABASE_URL", "knuff.db"),
        ("KNUFF_TEAMS_APP_ID", "Knuff"),
        ("KNUFF_TEAMS_TENANT_ID", "common"),
        ("KNUFF_TEAMS_TENANT_ID", "organizations"),
        ("KNUFF_TEAMS_TOKEN_URL", "http://login.example.com/token"),
        ("KNUFF_TEAMS_OPENID_URL", "http://login.example.com/openid"),
        ("KNUFF_TEAMS_SERVICE_URL", "http://smba.example.com/"),
        ("KNUFF_TEAMS_SERVICE_URL", "smba.trafficmanager.net"),
        ("KNUFF_TEAMS_REQUESTS_PER_SECOND", "-1"),
        ("KNUFF_OPERATOR_TOKEN", "of-thirty-one-signs-no-longer-x"),
        ("KNUFF_DATABASE_URL", "sqlite://"),
        ("KNUFF_DATABASE_URL", "sqlite:///:memory:"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    given(monkeypatch, **{name: value})
    with pytest.raises(SettingsFault, match=f"^{name} cannot be used"):
        read_settings()


@pytest.mark.parametrize(
    "address", ["sqlite:///knuff.db", "postgresql://u@h/n", "postgres://h/n", "postgresql+psycopg://h"]
)
def test_a_database_of_either_kind_can_be_named(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    given(monkeypatch, KNUFF_DATABASE_URL=address)
    assert read_settings().database_url == address


@pytest.mark.parametrize(
    ("lease", "reconcile", "said"),
    [
        ("30", "17.4", "Set it to 17.5 or more, or KNUFF_LEASE_SECONDS to 29.7 or less"),
        ("30", "15", "Set it to 17.5 or more"),
        ("2", "1", r"Set it to 5.9 or more\."),
        ("133", "", "Set it to 60.5 or more, or KNUFF_LEASE_SECONDS to 132 or less"),
    ],
)
def test_searches_so_close_that_a_message_could_be_sent_twice_are_refused(
    monkeypatch: pytest.MonkeyPatch, lease: str, reconcile: str, said: str
) -> None:
    given(monkeypatch, KNUFF_LEASE_SECONDS=lease, KNUFF_RECONCILE_SECONDS=reconcile)
    with pytest.raises(SettingsFault, match=rf"^KNUFF_RECONCILE_SECONDS cannot be used: .* {said}") as fault:
        read_settings()
    assert "five sixths of that and 10 seconds for a call" in str(fault.value)


@pytest.mark.parametrize(("lease", "reconcile"), [("30", "17.5"), ("132", "60"), ("2", "5.9"), ("1", "60")])
def test_the_second_search_may_come_once_no_call_can_be_under_way(
    monkeypatch: pytest.MonkeyPatch, lease: str, reconcile: str
) -> None:
    given(monkeypatch, KNUFF_LEASE_SECONDS=lease, KNUFF_RECONCILE_SECONDS=reconcile)
    assert read_settings().reconcile_seconds == float(reconcile)


def test_only_a_trial_on_this_machine_may_search_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    soon = {"KNUFF_LEASE_SECONDS": "2", "KNUFF_RECONCILE_SECONDS": "1"}
    given(monkeypatch, **soon, KNUFF_CLOCK_URL="http://127.0.0.1:8090/clock")
    assert read_settings().reconcile_seconds == 1
    given(monkeypatch, **soon, KNUFF_CLOCK_URL="https://clock.example.se")
    with pytest.raises(SettingsFault, match="KNUFF_RECONCILE_SECONDS"):
        read_settings()


def test_no_call_to_slack_takes_longer_than_the_searches_wait_for() -> None:
    assert TIMEOUT.total == LONGEST_CALL_SECONDS


def test_a_database_of_another_kind_is_named_and_its_password_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, KNUFF_DATABASE_URL="mysql://knuff:hemligt@db.example.se/knuff")
    with pytest.raises(
        SettingsFault, match=r"^KNUFF_DATABASE_URL .*mysql is no database Knuff can use.*sqlite:///"
    ) as fault:
        read_settings()
    assert "hemligt" not in str(fault.value)


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **SECRETS, **TEAMS, KNUFF_OPERATOR_TOKEN="xoxb-1-hemligt" * 3)
    assert "xoxb-1" not in repr(read_settings())
    assert "hemligt" not in repr(read_settings())


def test_ids_are_compared_as_microsoft_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **TEAMS)
    assert read_settings().teams_app_id == "a1b2c3d4-0000-4000-8000-000000000001"


def test_coordinators_are_named_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, KNUFF_COORDINATORS=" U01, U02 ,,")
    assert read_settings().coordinators == frozenset({"U01", "U02"})
    monkeypatch.setenv("KNUFF_COORDINATORS", "U01,0A000001-0000-4000-8000-00000000000B")
    assert read_settings().coordinators == frozenset({"U01", "0a000001-0000-4000-8000-00000000000b"})


@pytest.mark.parametrize(
    "address", ["https://slack.com/api/", "http://127.0.0.1.example.com/", "http://10.0.0.1/", "x"]
)
def test_only_this_machine_is_this_machine(address: str) -> None:
    assert not is_loopback(address)
    assert is_loopback("http://127.0.0.1:8000/api/")
    assert is_loopback("http://[::1]:8000/")


def test_nobody_shifts_the_clock_of_the_real_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsFault, match="--clock-start"):
        require_loopback(read_settings(), for_what="--clock-start")
    given(monkeypatch, KNUFF_SLACK_API_URL="http://127.0.0.1:8000/api/")
    require_loopback(read_settings(), for_what="--clock-start")
    given(monkeypatch, KNUFF_CLOCK_URL="https://clock.example.se/")
    with pytest.raises(SettingsFault, match=r"clock\.example\.se"):
        require_loopback(read_settings(), for_what="KNUFF_CLOCK_URL")


@pytest.mark.parametrize("elsewhere", ["KNUFF_TEAMS_OPENID_URL", "KNUFF_TEAMS_TOKEN_URL", "KNUFF_TEAMS_SERVICE_URL"])
def test_nobody_shifts_the_clock_of_the_real_teams(monkeypatch: pytest.MonkeyPatch, elsewhere: str) -> None:
    here = {
        "KNUFF_TEAMS_OPENID_URL": "http://127.0.0.1:8000/teams/openid",
        "KNUFF_TEAMS_TOKEN_URL": "http://127.0.0.1:8000/teams/token",
        "KNUFF_TEAMS_SERVICE_URL": "http://127.0.0.1:8000/teams/emea/",
    }
    given(monkeypatch, **TEAMS, **here)
    require_loopback(read_settings(), for_what="--clock-start")
    given(monkeypatch, **{elsewhere: "https://login.example.com/"})
    with pytest.raises(SettingsFault, match=r"login\.example\.com"):
        require_loopback(read_settings(), for_what="--clock-start")


def test_a_misspelt_setting_is_noticed() -> None:
    assert unknown_names({"KNUFF_COORDINATOR": "U01", "KNUFF_PORT": "1", "PATH": ""}) == ["KNUFF_COORDINATOR"]


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_what_is_our_own_secret_is_the_same_for_the_same_installation_and_is_shown_nowhere() -> None:
    slack, teams = {"slack_bot_token": "xoxb-1"}, {"teams_app_password": "hemligt"}
    mine = Settings(**slack, slack_signing_secret="en")  # type: ignore[arg-type]
    assert mine.own_secret == Settings(**slack, slack_app_token="två").own_secret, "whichever way it listens"  # type: ignore[arg-type]
    secrets = {mine.own_secret, Settings(**teams).own_secret, Settings(**slack, **teams).own_secret}  # type: ignore[arg-type]
    assert len(secrets) == 3
    assert repr(mine.own_secret) not in repr(mine)
