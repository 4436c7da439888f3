"""Channels and what has been said in them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from workplace.shapes import Json, JsonList
from workplace.slack.records import Channel, Message


class Conversations:
    """Every `ts` is unique and greater than all before it, whatever the channel."""

    def __init__(self, channels: Iterable[Channel]) -> None:
        self._channels = {channel.id: channel for channel in channels}
        self._messages: dict[str, dict[str, Message]] = {}
        self._last_ts = 0

    def channels(self) -> list[Channel]:
        return list(self._channels.values())

    def channel(self, channel_id: str) -> Channel | None:
        return self._channels.get(channel_id)

    def change_channel(self, channel: Channel) -> Channel:
        self._channels[channel.id] = channel
        return channel

    def delete_channel(self, channel: Channel) -> None:
        """Take a channel away, with all that was said in it."""
        self._channels.pop(channel.id)
        self._messages.pop(channel.id, None)

    def direct_with(self, person_id: str) -> Channel | None:
        return self._channels.get(direct_id(person_id))

    def open_direct(self, person_id: str) -> Channel:
        """Return the person's direct messages with the bot, opened now if need be."""
        found = self.direct_with(person_id)
        if found is None:
            found = _direct(person_id)
            self._channels[found.id] = found
        return found

    def direct_or_empty(self, person_id: str) -> Channel:
        """Return the direct messages, or what they would be: looking opens nothing."""
        return self.direct_with(person_id) or _direct(person_id)

    def new_ts(self, now: datetime) -> str:
        microseconds = max(int(now.timestamp() * 1_000_000), self._last_ts + 1)
        self._last_ts = microseconds
        return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"

    def keep(self, message: Message) -> Message:
        self._messages.setdefault(message.channel_id, {})[message.ts] = message
        return message

    def change(self, message: Message, *, text: str, blocks: JsonList, metadata: Json | None, now: datetime) -> Message:
        return self.keep(replace(message, text=text, blocks=blocks, metadata=metadata, edited_ts=self.new_ts(now)))

    def remove(self, message: Message) -> None:
        self._messages.get(message.channel_id, {}).pop(message.ts, None)

    def message(self, channel_id: str, ts: str) -> Message | None:
        return self._messages.get(channel_id, {}).get(ts)

    def newest_first(self, channel_id: str) -> Iterator[Message]:
        return reversed(self._messages.get(channel_id, {}).values())

    def oldest_first(self, channel_id: str) -> Iterator[Message]:
        return iter(list(self._messages.get(channel_id, {}).values()))


def direct_id(person_id: str) -> str:
    """Return the id the person's direct messages with the bot have, or will have."""
    return f"D{person_id[1:]}"


def _direct(person_id: str) -> Channel:
    return Channel(id=direct_id(person_id), name="directmessage", person_id=person_id)
