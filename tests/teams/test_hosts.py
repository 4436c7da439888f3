"""Where our token and what we say may go, however an address is written."""

from functools import partial

import pytest

from bot.teams.addresses import PLATFORM, Addresses
from bot.teams.hosts import is_allowed
from storage import workspaces
from tests.contracts.pretend import START
from tests.in_memory import in_memory
from tests.scheduler.couriers import TrialClock
from tests.teams.calling import TENANT

OTHERWISE = "https://smba.trafficmanager.net/teams"


@pytest.mark.parametrize(
    "address",
    [
        "https://smba.trafficmanager.net",
        "https://smba.trafficmanager.net/emea/",
        "https://SMBA.TrafficManager.net:443/se/7e57a1d0-0000-4000-8000-00000000a1d0/",
        "https://europe.webchat.botframework.com/",
        "https://x-1.botframework.com/v3/teams_2/~a.b/",
    ],
)
def test_addresses_of_microsofts_are_allowed(address: str) -> None:
    assert is_allowed(address, loopback=False)


@pytest.mark.parametrize(
    "address",
    [
        None, 12, ["https://smba.trafficmanager.net/"], "",
        "https://smba.traf\nficmanager.net/", "https://smba.trafficmanager.net/\n", "\thttps://smba.trafficmanager.net/",
        " https://smba.trafficmanager.net/", "https://smba.trafficmanager.net/ emea/", "https://smba.trafficmanager.net\x00/",
        "https://evil.com\t.botframework.com/", "https://evil.com .botframework.com/",
        "https://evil.com\\.botframework.com/", "https://evil.com\\@x.botframework.com/",
        "https://smba.trafficmanager.net/\\evil.com/", "https://evil.com%2f.botframework.com/",
        "https://evil.com%00.botframework.com/", "https://.botframework.com/", "https://a..botframework.com/",
        "https://smba.trafficmanager.net./emea/", "https://\u017fmba.trafficmanager.net/",
        "https://x.botframewor\u212a.com/", "https://\uff53mba.trafficmanager.net/",
        "https://smba\u3002trafficmanager.net/", "https://smba.trafficmanager.net/åäö/", "https://[::1].botframework.com/",
        "https://smba.trafficmanager.net:/", "https://smba.trafficmanager.net:0443/", "https:smba.trafficmanager.net",
        "https:///smba.trafficmanager.net", "https://smba.trafficmanager.net;x/", "https://smba.trafficmanager.net?",
        "https://smba.trafficmanager.net/#", "https://smba.trafficmanager.net/" + "x" * 2000,
    ],
)  # fmt: skip
def test_no_address_is_allowed_that_another_reader_could_take_for_another_host(address: object) -> None:
    assert not is_allowed(address, loopback=False)
    assert not is_allowed(address, loopback=True)


@pytest.mark.parametrize("address", ["http://127.0.0.1.evil.com/", "http://127.0.0.1@evil.com/", "http://127.0.0.1 /"])
def test_what_only_looks_like_this_machine_is_not_allowed_in_trials(address: str) -> None:
    assert not is_allowed(address, loopback=True)


@pytest.mark.parametrize("address", ["https://evil.com\\.botframework.com/", "http://127.0.0.1:8000/teams/emea/"])
async def test_an_address_kept_from_before_is_not_called_unless_it_is_allowed_now(address: str) -> None:
    store = in_memory()
    store.write_now(
        partial(workspaces.connected, platform=PLATFORM, external_id=TENANT, organisation_name="Å", now=START)
    )
    store.write_now(partial(workspaces.serve_from, platform=PLATFORM, external_id=TENANT, url=address))
    called = await Addresses(store, TrialClock(START), otherwise=OTHERWISE).of(TENANT)
    store.close()
    assert called == OTHERWISE
