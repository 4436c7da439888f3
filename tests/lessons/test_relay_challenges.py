"""A challenge that a relay runs on has a baton to hand over."""

from collections.abc import Callable
from typing import Any

import pytest

from lessons.challenges import Challenge
from lessons.library import load_library

Content = dict[str, Any]


def ours() -> Content:
    return load_library().challenges["relay"].model_dump(mode="json", by_alias=True)


def baton_of(content: Content) -> Content:
    [step] = [step for step in content["steps"] if step["key"] == "baton"]
    return step  # type: ignore[no-any-return]


def renamed(content: Content) -> None:
    baton_of(content)["key"] = "pinne"
    content["wrap_up"] = content["wrap_up"][:1]


def without_question(content: Content) -> None:
    inputs = baton_of(content)["hand_in"]["inputs"]
    inputs[:] = [one for one in inputs if one["key"] != "question"]


def longer(content: Content) -> None:
    baton_of(content)["hand_in"]["inputs"][0]["words"] = 60


def one_more(content: Content) -> None:
    inputs = baton_of(content)["hand_in"]["inputs"]
    inputs.append(inputs[0] | {"key": "more"})


def of_each(content: Content) -> None:
    baton_of(content)["hand_in"] |= {"by": "each", "opens": "15:00"}
    content["wrap_up"] = content["wrap_up"][:1]


def untested(content: Content) -> None:
    baton_of(content)["hand_in"]["inputs"][4]["kind"] = "text"


def test_our_own_relay_has_one() -> None:
    assert Challenge.model_validate(ours()).form == "relay"


@pytest.mark.parametrize("change", [renamed, without_question, longer, one_more, of_each, untested])
def test_a_relay_that_nobody_could_write_a_baton_in_is_refused(change: Callable[[Content], None]) -> None:
    content = ours()
    change(content)
    with pytest.raises(ValueError, match="baton"):
        Challenge.model_validate(content)
