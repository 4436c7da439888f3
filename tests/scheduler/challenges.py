"""Challenges to try rounds with: small, and only what a test is about."""

from typing import Any

from lessons.challenges import Challenge

TEXT = {"sv": "Text", "en": "Text"}
INPUTS = [{"key": "words", "label": TEXT}]


def step(key: str, day: int, **fields: Any) -> dict[str, Any]:
    return {"key": key, "day": day, "title": TEXT, "prompt": TEXT, "facilitator": TEXT, **fields}


def each(key: str, day: int, opens: str = "15:00", **fields: Any) -> dict[str, Any]:
    """Everybody is asked alone, and it is hidden until `opens`."""
    hand_in = {"by": "each", "opens": opens, "inputs": INPUTS, **fields.pop("hand_in", {})}
    return step(key, day, **({"private": TEXT, "hand_in": hand_in} | fields))


def by(who: str, key: str, day: int, **fields: Any) -> dict[str, Any]:
    """Asked for once: of the team, or of who has the mandate or facilitates, who is told alone."""
    alone = {} if who == "team" else {"private": TEXT, "only": who}
    return step(key, day, **(alone | {"hand_in": {"by": who, "inputs": INPUTS}} | fields))


def vote(key: str, day: int, on: str, closes: str = "15:00", **fields: Any) -> dict[str, Any]:
    return step(key, day, **({"vote": {"on": on, "kind": "one", "closes": closes}, "least": 3} | fields))


def challenge(*steps: dict[str, Any], length: int | None = None) -> Challenge:
    content = {
        "id": "trial", "title": TEXT, "about": TEXT, "principles": ["value"], "behaviours": ["name_value"],
        "form": "team", "team": {"least": 4, "most": 8, "who": TEXT}, "mandate": TEXT,
        "length": length or max(one.get("until") or one["day"] for one in steps), "safeguards": [TEXT],
        "steps": list(steps), "ending": {"finished": TEXT, "not_made": TEXT},
        "wrap_up": [{"key": "learned", "label": TEXT, "from": "written"}],
    }  # fmt: skip
    return Challenge.model_validate(content)
