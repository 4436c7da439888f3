"""The bugs that judges must see are still planted in code that is there."""

from typing import Any

import pytest

from tests.planted import PLANTED


@pytest.mark.parametrize("name", PLANTED)
def test_a_bug_is_planted_in_code_that_is_there(name: str) -> None:
    planted = []

    def patch(target: Any, attribute: str, value: Any) -> None:
        assert callable(getattr(target, attribute)), f"{target.__name__}.{attribute} is gone"
        planted.append(value)

    PLANTED[name](patch)
    assert planted
