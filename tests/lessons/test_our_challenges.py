"""Our own ten challenges: they are there, lead to each other, and say what is true of themselves."""

import re

from lessons.challenges import ChallengeDocument
from lessons.folders import CONTENT
from lessons.library import load_library
from lessons.marks import STRONG
from lessons.models import Language

TEN = {
    "relay", "idea-sprint", "assumption-test", "user-shadowing", "kill-rule", "failure-sharing", "innovationsfika",
    "swap", "politician-dialogue", "service-walk",
}  # fmt: skip


def test_our_ten_challenges_are_there_and_lead_only_to_each_other() -> None:
    library = load_library()
    assert set(library.challenges) == TEN
    assert {path.stem for path in (CONTENT / "challenges").glob("*.yaml")} == TEN


def test_every_time_ours_speak_of_is_one_at_which_something_opens_or_closes_that_day() -> None:
    for challenge in load_library().challenges.values():
        for step in challenge.steps:
            clock = (step.vote.closes if step.vote else None) or (step.hand_in.opens if step.hand_in else None)
            for text in filter(None, (step.prompt, step.private, step.facilitator)):
                said = re.findall(r"\b\d\d:\d\d\b", text.en)
                assert set(said) <= {clock}, (challenge.id, step.key)
                assert re.findall(r"(?i)\bklockan (\d+(?:\.\d+)?)", text.sv) == [
                    time.replace(":", ".") for time in said
                ], (challenge.id, step.key)


def test_each_part_of_a_facilitators_card_of_ours_begins_with_its_label() -> None:
    for challenge in load_library().challenges.values():
        for step in challenge.steps:
            for language in Language:
                card = step.facilitator.in_(language)
                labels = list(STRONG.finditer(card))
                assert len(labels) >= 3, (challenge.id, step.key)
                for label in labels:
                    assert label[1].endswith((":", "?")), label[1]
                    before = card[: label.start()].rstrip()
                    assert not before or before.endswith((".", "?", "”", "’")), label[1]


def test_each_of_ours_can_be_kept_as_it_was_confirmed() -> None:
    library = load_library()
    for challenge_id in library.challenges:
        document = library.challenge_document(challenge_id)
        assert ChallengeDocument.from_json(document.to_json()) == document
