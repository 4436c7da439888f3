"""Which chat is somebody's own with us: as the latest activity said, or as we opened it ourselves."""

from collections import OrderedDict

MOST_CHATS = 10_000


class Chats:
    """In memory only, and of those we heard of last: what is sent from a dialog does not say where to answer."""

    def __init__(self) -> None:
        self._chats: OrderedDict[str, str] = OrderedDict()

    def told(self, person: str, chat: str) -> None:
        self._chats[person] = chat
        self._chats.move_to_end(person)
        if len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)

    def of(self, person: str) -> str | None:
        return self._chats.get(person)

    def gone(self, person: str) -> None:
        self._chats.pop(person, None)
