"""How a bug is planted: by `setattr`, or by what takes it out again (pytest's `monkeypatch.setattr`)."""

from typing import Any, Protocol


class Patch(Protocol):
    def __call__(self, target: Any, name: str, value: Any, /) -> None: ...
