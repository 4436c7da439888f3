"""The names we give to JSON from and to the wire."""

from typing import Any

Json = dict[str, Any]
JsonList = list[Json]
