"""What a step of a challenge may ask for: what is voluntary, what the round waits for, what only its author sees."""

import pytest

from lessons.challenges import ChallengeDocument
from lessons.reading import read_challenge
from tests.lessons.test_challenges import faults_of, the_line
from tests.lessons.written import CHALLENGE, ContentFolder, changed

NO = "            - {key: no, label: {sv: Nej, en: No}}\n"
VOLUNTARY = changed(
    changed(CHALLENGE, "      by: mandate\n", '      by: each\n      opens: "15:00"\n'), NO, NO + "    least: 0\n"
)


def test_what_is_voluntary_is_always_enough_and_never_counted(own: ContentFolder) -> None:
    challenge = read_challenge(own.challenge(VOLUNTARY)).challenge
    assert challenge is not None
    assert [step.is_voluntary for step in challenge.steps] == [False, False, True, False]
    counted = changed(VOLUNTARY, "from: written", "from: answers.count")
    says = 'handing in on "answers" is voluntary, so nobody is told how many did. Name another step.'
    assert faults_of(own, counted) == [(the_line(counted, "from: answers.count"), says)]


@pytest.mark.parametrize(
    ("before", "after", "at", "says"),
    [
        ("least: 3\n  - key: answers", "least: 0\n  - key: answers", "least: 0",
         "a vote that nobody casts has no winner. Let `least` be 3 or more."),
        ("least: 3\n  - key: answers", "least: 2\n  - key: answers", "least: 2",
         "`least` is 2, and of fewer than 3 votes everybody knows who cast which. Let it be 3 or more."),
        ("    until: 4\n", "    until: 4\n    least: 0\n", "least: 0",
         "`least: 0` leaves it to each to hand in or not. Take it out, or let `each` hand something in."),
        ("    day: 5\n", "    day: 5\n    least: -1\n", "least: -1",
         "`least` is -1; 0 is the least. Write a larger number."),
    ],
)  # fmt: skip
def test_only_what_each_hands_in_can_be_voluntary(
    own: ContentFolder, before: str, after: str, at: str, says: str
) -> None:
    text = changed(CHALLENGE, before, after)
    assert faults_of(own, text) == [(the_line(text, at), says)]


def test_a_round_can_wait_for_what_each_hands_in_and_for_the_mandate(own: ContentFolder) -> None:
    text = changed(
        changed(CHALLENGE, "    minutes: 15\n", "    must: true\n"), "    day: 3\n", "    day: 3\n    must: true\n"
    )
    challenge = read_challenge(own.challenge(text)).challenge
    assert challenge is not None
    assert [step.must for step in challenge.steps] == [True, False, True, False]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (changed(CHALLENGE, "    day: 2\n", "    day: 2\n    must: true\n"),
         "the round waits for what is handed in, and here nothing is. Take `must` out, or add `hand_in`."),
        (changed(VOLUNTARY, "    until: 4\n", "    until: 4\n    must: true\n"),
         "nobody has to hand in here, so the round cannot wait for it. Take `must` out, or let `least` be 1 or more."),
        (changed(CHALLENGE, "    day: 5\n", "    day: 5\n    must: true\n"),
         "no step comes after this one, so nothing waits for it. Take `must` out."),
    ],
)  # fmt: skip
def test_a_round_waits_only_for_what_can_come_before_the_next_step(own: ContentFolder, text: str, says: str) -> None:
    assert faults_of(own, text) == [(the_line(text, "must: true"), says)]


def hidden(text: str, *, alone: bool) -> str:
    """The need, shown to nobody but its author; with another input before it unless it is `alone`."""
    need = "        - {key: need, label: {sv: Behov, en: Need}, words: 30}\n"
    other = "" if alone else "        - {key: whom, label: {sv: Vem, en: Whom}}\n"
    return changed(text, need, other + changed(need, "words: 30", "shown: false"))


def test_an_input_may_be_for_its_author_alone(own: ContentFolder) -> None:
    challenge = read_challenge(own.challenge(hidden(CHALLENGE, alone=False))).challenge
    assert challenge is not None
    assert challenge.steps[0].hand_in is not None
    assert [one.shown for one in challenge.steps[0].hand_in.inputs] == [True, False]


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        (hidden(CHALLENGE, alone=True), "- {key: need, label: {sv: Behov, en: Need}, shown",
         "nothing of what is handed in is shown. Take `shown` out of at least one input."),
        (hidden(changed(CHALLENGE, "      most_each: 3\n", "      anonymous: true\n"), alone=False), "shown: false",
         "what has no author and is not shown is read by nobody. Take `shown` or `anonymous` out."),
        (changed(CHALLENGE, "{key: plan, ", "{key: plan, shown: false, "), "shown: false",
         "what is handed in for all of them is shown to them. Take `shown` out, or let by be each."),
        (hidden(CHALLENGE, alone=True), "on: needs",
         'what "needs" hands in is known by its first input, and that is not shown. '
         "Let an input that is shown come first."),
        (hidden(CHALLENGE, alone=True), "about: needs",
         'what "needs" hands in is known by its first input, and that is not shown. '
         "Let an input that is shown come first."),
    ],
)  # fmt: skip
def test_what_is_handed_in_is_never_hidden_from_those_it_is_for(
    own: ContentFolder, text: str, at: str, says: str
) -> None:
    place = text.index(at)
    assert (text[:place].count("\n") + 1, says) in faults_of(own, text)


def test_a_step_without_a_hand_in_has_nothing_to_count(own: ContentFolder) -> None:
    before = """    hand_in:
      by: team
      inputs:
        - {key: plan, label: {sv: Test, en: Test}}
"""
    text = changed(changed(CHALLENGE, before, ""), "from: test.plan", "from: test.count")
    says = 'nothing is handed in on "test", so there is nothing to count. Name another step.'
    assert faults_of(own, text) == [(the_line(text, "from: test.count"), says)]


def test_an_input_may_be_required_and_a_document_without_one_is_what_it_was(own: ContentFolder) -> None:
    plain = read_challenge(own.challenge(CHALLENGE)).challenge
    line = "        - {key: need, label: {sv: Behov, en: Need}, words: 30}\n"
    asked = read_challenge(
        own.challenge(changed(CHALLENGE, line, line.replace("words", "required: true, words")))
    ).challenge
    assert plain is not None
    assert asked is not None
    assert '"required"' not in ChallengeDocument(challenge=plain).to_json(), "what was confirmed keeps its digest"
    assert '"required":true' in ChallengeDocument(challenge=asked).to_json()
