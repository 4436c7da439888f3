"""Six bugs planted on purpose, each small and true to its name: whoever judges our promises must see every one of them.

python -m tests.planted claim-removed -- serve          runs `knuff serve` with it
PLANTED["claim-removed"](monkeypatch.setattr)           plants it in this process
"""

from collections.abc import Callable, Mapping

from tests.planted import claiming, keeping, leasing, planning, retrying, settling
from tests.planted.patching import Patch

PLANTED: Mapping[str, Callable[[Patch], None]] = {
    "claim-removed": claiming.without_a_mark,
    "settle-before-send": settling.before_the_call,
    "retry-on-unknown": retrying.what_may_have_arrived,
    "double-planner": planning.twice,
    "lease-ignored": leasing.ignored,
    "inbox-key-dropped": keeping.without_its_key,
}
