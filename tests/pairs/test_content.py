"""A challenge of pairs as content: the first step tells each whom they meet, or nobody would hear it."""

from typing import Any

import pytest
from pydantic import ValidationError

from lessons.challenges import Challenge
from tests.pairs.fika import innovationsfika

TEXT = {"sv": "Text", "en": "Text"}


def with_first_step(**changes: Any) -> dict[str, Any]:
    content = innovationsfika().model_dump(mode="json", by_alias=True)
    content["steps"][0] |= changes
    return content


def test_ours_holds_together() -> None:
    Challenge.model_validate(with_first_step())


@pytest.mark.parametrize(
    "changes",
    [
        {"private": None},
        {"only": "facilitator"},
        {"hand_in": {"by": "team", "inputs": [{"key": "words", "label": TEXT}]}},
    ],
    ids=["said in the channel only", "said to one", "asks for something"],
)
def test_one_that_tells_nobody_whom_they_meet_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="whom they meet"):
        Challenge.model_validate(with_first_step(**changes))


def test_the_question_whether_again_is_asked_and_shown_to_nobody() -> None:
    hand_in = innovationsfika().steps[-1].hand_in
    assert hand_in is not None
    again = hand_in.input("again")
    assert again is not None
    assert not again.shown
