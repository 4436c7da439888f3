"""What really happened, beside what the table says: whatever may never be is noted here the moment it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.tables.deliveries import Reason
from tests.scheduler.happenings import Request
from tests.scheduler.promised_day import Row

BETWEEN_SEARCHES = timedelta(seconds=60)


@dataclass(kw_only=True)
class Ledger:
    teams: bool
    received: list[tuple[int, frozenset[int], int]] = field(default_factory=list)
    """(message, what was in it, person), in order."""
    not_found: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """By message: when complete searches began that did not see it."""
    due_at: dict[int, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def called(self, request: Request, requests: Sequence[Request]) -> None:
        """A message leaves the machine. Whatever left it before must surely not be there."""
        earlier = [one for one in requests if one.ids & request.ids and not one.surely_not_sent and one is not request]
        if not earlier:
            return
        self._must(not self.teams, f"sent again in Teams, where nobody can say that it had not arrived: {earlier}")
        looked = [moment for one in earlier for moment in self.not_found[one.message]]
        looked = [moment for moment in looked if moment > max(one.began_at for one in earlier)]
        apart = max(looked) - min(looked) if looked else timedelta(0)
        self._must(apart >= BETWEEN_SEARCHES, f"sent again after looking at {looked}: {earlier}")
        self._must(len(earlier) == 1, f"sent more than once more: {earlier}")

    def check(self, rows: Mapping[int, Row]) -> None:
        arrived = [id for _, ids, _ in self.received for id in ids]
        self._must(len(arrived) == len(set(arrived)), f"received twice: {self.received}")
        people = [person for _, _, person in self.received]
        self._must(len(people) == len(set(people)), f"two messages to one person on one day: {self.received}")
        for row in rows.values():
            self._must(row.due_at == self.due_at.setdefault(row.id, row.due_at), f"its promise has moved: {row}")
            if row.state == "sent":
                self._must(row.id in arrived, f"said to be sent, and nobody has got it: {row}")
            if row.state == "explained" and row.reason != Reason.OUTCOME_UNKNOWN:
                self._must(row.id not in arrived, f"said not to be sent, and somebody has got it: {row}")

    def all_kept(self) -> None:
        assert not self.broken, self.broken[0]

    def _must(self, is_kept: bool, broken: str) -> None:
        """Note a broken promise. Raised here, the lane would take it for trouble with the platform."""
        if not is_kept:
            self.broken.append(broken)
