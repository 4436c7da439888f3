"""The nearest name to one nobody knows."""

import re
from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """` Did you mean "…"?`, or nothing when no known name is near."""
    names = list(known)
    near = [one for one in names if _number(one) == _number(name)] or get_close_matches(name, names, n=1)
    return f' Did you mean "{near[0]}"?' if near else ""


def _number(name: str) -> str:
    """`l7` and `L07` are one number."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", name.lower())
