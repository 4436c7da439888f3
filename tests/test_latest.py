"""What is only remembered for a while takes no more room than it may."""

from bot.latest import Latest


def test_what_was_put_in_longest_ago_is_forgotten_first() -> None:
    latest: Latest[str, int] = Latest(most=2)
    latest["a"], latest["b"] = 1, 2
    latest["a"] = 3
    latest.setdefault("c", 4)
    assert dict(latest) == {"a": 3, "c": 4}
    assert latest.setdefault("a", 5) == 3
    assert latest.pop("a", None) == 3
    assert dict(latest) == {"c": 4}
