"""What the bot has asked for, call by call."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from workplace.shapes import Json


@dataclass(slots=True)
class Ledger:
    """One line per call the Web API received, in order, refused ones too."""

    lines: list[Json] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def note(self, line: Json, *, at: datetime) -> None:
        self.lines.append({"n": len(self.lines) + 1, "at": at.isoformat(timespec="milliseconds"), **line})
        self.calls[line["method"]] += 1
        if line["error"]:
            self.errors[f"{line['method']} {line['error']}"] += 1

    def as_json_lines(self, *, method: str | None = None, after: int = 0) -> str:
        chosen = (line for line in self.lines[after:] if method in (None, line["method"]))
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in chosen)
