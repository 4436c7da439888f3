"""A challenge file becomes a challenge, or every fault is named with its line and what to do."""

from pathlib import Path

import pytest

from lessons.challenges import Challenge, ChallengeDocument, Source
from lessons.checking import check_content, report
from lessons.library import ChallengeNotFound, ContentError, load_library
from lessons.models import Language
from lessons.reading import read_challenge
from tests.lessons.written import CHALLENGE, ContentFolder, changed

LONG = "ordet " * 13


@pytest.fixture
def challenge(own: ContentFolder) -> Challenge:
    own.challenge()
    return load_library(own.path).challenge("our-week")


def faults_of(own: ContentFolder, text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in read_challenge(own.challenge(text)).faults]


def the_line(text: str, part: str) -> int:
    """The only line with this in it, from 1."""
    [line] = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    return line


def test_a_challenge_has_its_steps_in_order_with_all_that_is_said(challenge: Challenge) -> None:
    first, pick, answers, test = challenge.steps
    assert first.title.in_(Language.SV) == "Skriv behov"
    assert (first.minutes, pick.minutes) == (15, 10)
    assert first.hand_in is not None
    assert (first.hand_in.opens, first.hand_in.most_each, first.hand_in.inputs[0].words) == ("15:00", 3, 30)
    assert pick.vote is not None
    assert pick.vote.on == "needs"
    assert (answers.day, answers.last_day, list(answers.days)) == (3, 4, [3, 4])
    assert (test.day, test.last_day) == (5, 5)
    assert challenge.follow_up_days == 20


def test_a_day_has_one_step_or_is_silent(own: ContentFolder) -> None:
    silent = changed(CHALLENGE, "    day: 3\n    until: 4\n", "    day: 4\n")
    challenge = read_challenge(own.challenge(silent)).challenge
    assert challenge is not None
    on = {day: step.key for step in challenge.steps for day in step.days}
    assert on == {1: "needs", 2: "pick", 4: "answers", 5: "test"}


def test_what_was_voted_on_and_the_vote_itself_lead_to_the_same_winner(challenge: Challenge) -> None:
    assert challenge.vote_about("needs") == challenge.vote_about("pick") == challenge.step("pick")
    assert challenge.vote_about("test") is None


def test_a_wrap_up_line_says_where_it_comes_from(challenge: Challenge) -> None:
    assert [line.source for line in challenge.wrap_up] == [Source("needs", "winner"), Source("test", "plan"), None]


def test_a_choice_may_be_called_no_and_a_time_needs_no_quotation_marks(own: ContentFolder) -> None:
    text = CHALLENGE.replace('"15:00"', "15:00")
    challenge = read_challenge(own.challenge(text)).challenge
    assert challenge is not None
    answers = challenge.step("answers")
    assert answers is not None
    assert answers.hand_in is not None
    assert [option.key for option in answers.hand_in.inputs[0].options] == ["yes", "no"]
    assert challenge.steps[0].hand_in is not None
    assert challenge.steps[0].hand_in.opens == "15:00"


@pytest.mark.parametrize(
    ("before", "after", "at", "says"),
    [
        ("  least: 4\n", "  least: 1\n", "  least: 1",
         "`least` is 1; 2 is the least. Write a larger number."),
        ("  least: 4\n", "  least: 9\n", "  least: 9", "`least` is 9 and `most` is 8. Let `least` be at most 8."),
        ("form: team\n", "form: crowd\n", "form: crowd",
         "`form` cannot be 'crowd'. Write one of 'team', 'pairs' or 'relay'."),
        ("length: 5\n", "length: 4\n", "    day: 5",
         "day 5 is after the last, 4. Move the step, or make `length` longer."),
        ("length: 5\n", "lenght: 5\n", "lenght: 5",
         'unknown key `lenght`. Did you mean "length"? Correct it or remove it.'),
        ("en: Our week}", "}", "title: {sv: Vår vecka",
         'the English text is missing under `title`. Add "en: " and the text.'),
        ("Vår vecka", LONG, f"title: {{sv: {LONG}", "`title.sv` has 77 characters; 60 is the limit. Shorten it."),
        ("sv: Behov, en", f"sv: {LONG}, en", f"sv: {LONG}",
         "`label.sv` has 77 characters; 75 is the limit. Shorten it."),
        ("  - {sv: Skriv inga namn., en: Write no names.}\n", "  []\n", "safeguards:",
         "`safeguards` is empty. Write at least one."),
        ("[culture, insight]", "[culture, culture]", "principles:",
         '"culture" stands twice. Give each one once.'),
        ("    day: 1\n", "    day: 0\n", "    day: 0",
         "`day` is 0; 1 is the least. Write a larger number."),
        ("    day: 1\n", "    day: 2\n", "    day: 2\n    minutes", "the first step is on day 2. Let it be on day 1."),
        ("    day: 2\n", "    day: 1\n", "    day: 1\n    title",
         '"pick" begins on day 1, and the step before it goes on to day 1. Let it begin on day 2 or later.'),
        ("    day: 5\n", "    day: 4\n", "    day: 4",
         '"test" begins on day 4, and the step before it goes on to day 4. Let it begin on day 5 or later.'),
        ("length: 5\n", "length: 31\n", "length: 31", "`length` is 31; 30 is the most. Write a smaller number."),
        ("length: 5\n", 'length: "5"\n', 'length: "5"',
         "`length` must be a whole number, without quotation marks."),
        ("    until: 4\n", "    until: 2\n", "    until: 2", "`until` is 2, before `day` 3. Write a later day."),
        ("    until: 4\n", "    until: 6\n", "    until: 6",
         "day 6 is after the last, 5. Move the step, or make `length` longer."),
        ("    until: 4\n", "    daily: true\n", "    daily: true",
         "a step of one day cannot be `daily`. Add `until`, or take `daily` out."),
        ("  - key: pick\n", "  - key: needs\n", "  - key: needs\n    day: 2",
         '"needs" stands twice. Give each a name of its own.'),
        ("  - key: needs\n", "  - key: Needs!\n", "  - key: Needs!",
         "`key` cannot be 'Needs!'. Use a small letter, then small letters, digits, underscores."),
        ("    minutes: 15\n", "    only: mandate\n    minutes: 15\n    vote: {on: x, kind: one, closes: '12:00'}\n",
         "    vote: {on: x",
         "a step has `hand_in` or `vote`, not both. Make the vote a step of its own, on a later day."),
        ("    private: {sv: Skriv för dig själv., en: Write by yourself.}\n", "    only: members\n",
         "    only: members",
         "`only` says to whom `private` goes, and there is none. Write `private`, or take `only` out."),
        ("mandate: {sv: Chefen säger ja eller nej., en: The manager says yes or no.}\n", "", "      by: mandate",
         "this is handed in by who has the mandate. Say with `mandate` who that is."),
        ('      opens: "15:00"\n', "", "    hand_in:\n      by: each",
         '`opens` is missing: what each hands in is hidden until then. Add a time, such as opens: "15:00".'),
        ('      opens: "15:00"\n', '      opens: "3 pm"\n', '      opens: "3 pm"',
         "`opens` cannot be '3 pm'. Write a time such as \"15:00\"."),
        ('      opens: "15:00"\n', '      opens: "07:00"\n', '      opens: "07:00"',
         "`opens` is 07:00. Write a time from 10:00 to 16:30."),
        ('      closes: "15:00"\n', '      closes: "18:00"\n', '      closes: "18:00"',
         "`closes` is 18:00. Write a time from 10:00 to 16:30."),
        ("      by: each\n", "      by: team\n      anonymous: true\n", "      anonymous: true",
         "only what `each` hands in can be anonymous. Let by be each, or take `anonymous` out."),
        ("      by: each\n", "      by: team\n", "      most_each: 3",
         "the team hands in once, and what was written last counts. Take `most_each` out, or let by be each."),
        ("      most_each: 3\n", "      opens_with: 5\n", "      opens_with: 5",
         "`opens_with` is for what is anonymous. Take it out, or add anonymous: true."),
        ("      most_each: 3\n", "      opens_with: 5\n      anonymous: true\n", "      opens_with: 5",
         "`opens_with` is 5, and the smallest team can hand in only 4. Lower it, or let the team be larger."),
        ("      by: mandate\n", '      by: each\n      anonymous: true\n      opens: "12:00"\n', "      about: needs",
         "what is anonymous is kept without ties, so it cannot be about "
         "something else. Take `about` or `anonymous` out."),
        ("      about: needs\n", "      about: need\n", "      about: need",
         'no earlier step "need" hands anything in. Did you mean "needs"? Choose one of: needs.'),
        ("      on: needs\n", "      on: test\n", "      on: test",
         'no earlier step "test" hands anything in. Choose one of: needs.'),
        ("      on: needs\n", "      on: pick\n", "      on: pick",
         'no earlier step "pick" hands anything in. Choose one of: needs.'),
        ("      kind: one\n", "      kind: scores\n", "      kind: scores",
         "scores are given on criteria. Write them under `criteria`, or write kind: one."),
        ("      kind: one\n", "      kind: one\n      criteria: [{sv: Nytta, en: Value}]\n", "      criteria:",
         "who picks one gives no scores. Take `criteria` out, or write kind: scores."),
        ("            - {key: no, label: {sv: Nej, en: No}}\n", "", "        - key: answer",
         '"answer" is a choice with 1 options. Write at least two under `options`.'),
        ("          kind: choice\n", "          kind: yes_no\n", "          options:",
         '"answer" is a yes_no, which has no options. Take them out, or write kind: choice.'),
        ("- {key: no, label", "- {key: yes, label", "{sv: Nej", '"yes" stands twice. Give each a name of its own.'),
        ("        - {key: plan,", "        - {key: winner,", "        - {key: winner,",
         '"winner" has a meaning of its own in `wrap_up`. Choose another key.'),
        ("    least: 3\n", "    least: 5\n", "    least: 5",
         "`least` is 5, and a team may have only 4. Let it be at most 4, or let the team be larger."),
        ("    until: 4\n", "    until: 4\n    least: 3\n", "    least: 3\n    title: {sv: Svara",
         "`least` counts people who hand in or vote. Take it out, or let `each` hand something in."),
        ("from: needs.winner", "from: nedes.winner", "from: nedes.winner",
         'there is no step "nedes". Did you mean "needs"? Name a step, or write from: written.'),
        ("from: needs.winner", "from: winner", "from: winner",
         "`from` cannot be 'winner'. Write STEP.winner, STEP.count, STEP.INPUT or written."),
        ("from: needs.winner", "from: test.winner", "from: test.winner",
         'nothing is voted on in "test". Name a step with `vote`, or one that is voted on.'),
        ("from: test.plan", "from: test.plans", "from: test.plans",
         '"test" has no input "plans". Did you mean "plan"? Name one of its inputs, winner or count.'),
        ("from: test.plan", "from: needs.need", "from: needs.need",
         '"needs" may have many answers to "need". Take the winner or the count, or write from: written.'),
        ("from: test.plan", "from: answers.answer", "from: answers.answer",
         '"answers" may have many answers to "answer". Take the winner or the count, or write from: written.'),
        ("  - {key: owner,", "  - {key: plan,", "from: written", '"plan" stands twice. Give each a name of its own.'),
        ("id: our-week\n", "id: your-week\n", "id: your-week",
         'the id is "your-week" but the file is called our-week.yaml. Give both the same name.'),
        ("form: team\n", "form: team\nform: team\n", "form: team\nteam", "`form` stands twice. Keep one."),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line_and_what_to_do(
    own: ContentFolder, before: str, after: str, at: str, says: str
) -> None:
    text = changed(CHALLENGE, before, after)
    place = text.index(at)
    assert (text[:place].count("\n") + 1, says) in faults_of(own, text)


def test_a_private_prompt_for_the_mandate_needs_a_mandate(own: ContentFolder) -> None:
    text = CHALLENGE.replace("    private:", "    only: mandate\n    private:")
    assert faults_of(own, text) == []
    text = changed(text, "mandate: {sv: Chefen säger ja eller nej., en: The manager says yes or no.}\n", "")
    says = "this goes to who has the mandate. Say with `mandate` who that is."
    assert faults_of(own, text) == [
        (the_line(text, "    only: mandate"), says),
        (
            the_line(text, "      by: mandate"),
            "this is handed in by who has the mandate. Say with `mandate` who that is.",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "there are no keys here"),
        ("- a\n- b\n", 1, "there are no keys here"),
        ("id: x\ntitle: {sv: [\n", 3, "this is not YAML"),
        ("id: &x our-week\ntitle: *x\n", 2, "an alias (*name) is not read here"),
        ("[" * 100_000, 1, "brackets or lists lie too deep here"),
        ("id: 2026-13-45\n", 1, "this is not YAML"),
    ],
)
def test_what_is_no_challenge_at_all_is_said_plainly(own: ContentFolder, text: str, line: int, says: str) -> None:
    [(where, message)] = faults_of(own, text)
    assert where == line
    assert says in message


@pytest.mark.parametrize(
    ("before", "after", "at", "says"),
    [
        ("[culture, insight]", "[cultures, insight]", "principles:",
         'unknown principle "cultures". Did you mean "culture"? Choose one from taxonomy.yaml.'),
        ("  - facilitate\n", "  - facilitates\n", "  - facilitates",
         'unknown behaviour "facilitates". Did you mean "facilitate"? Choose one from taxonomy.yaml.'),
        ("next: our-week", "next: our-weak", "next: our-weak",
         'there is no challenge "our-weak". Did you mean "our-week"? Write '
         'challenges/our-weak.yaml or take `next` out.'),
    ],
)  # fmt: skip
def test_a_challenge_may_only_name_what_there_is(
    own: ContentFolder, before: str, after: str, at: str, says: str
) -> None:
    text = changed(CHALLENGE, before, after)
    own.challenge(text)
    assert [(fault.line, fault.message) for fault in check_content(own.path)] == [(the_line(text, at), says)]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("Skriv vem som behöver vad.", "Ord. " * 61, "`prompt` has 61 Swedish words; 60 is the limit. Cut 1."),
        ("Five minutes are silent.", "Word. " * 91, "`facilitator` has 91 English words; 90 is the limit. Cut 1."),
        ("Ni väljer ett behov och en idé.", "Ord. " * 62, "`about` has 62 Swedish words; 60 is the limit. Cut 2."),
        ("Write by yourself.", "Word. " * 61, "`private` has 61 English words; 60 is the limit. Cut 1."),
        ("Skriv inga namn.", "Ord. " * 51, "`safeguards` has 51 Swedish words; 50 is the limit. Cut 1."),
        ("Has the manager said yes?", "Word. " * 51, "`consent` has 51 English words; 50 is the limit. Cut 1."),
        ("Ett arbetslag.", "Ord. " * 41, "`who` has 41 Swedish words; 40 is the limit. Cut 1."),
        ("sv: Klart.", "sv: " + "Ord. " * 61, "`finished` has 61 Swedish words; 60 is the limit. Cut 1."),
        ("Write who needs what.", "one two three four five " * 5 + "six.",
         'a sentence in `prompt` has 26 English words; 25 is the limit. Cut 1. It begins "one two three four …".'),
        ("Läs högt.", "Läs högt!", "there is an exclamation mark in `facilitator`. End the sentence with a full stop."),
        ("Skriv vem som behöver vad.", "Skriv det ni borde göra.",
         '"borde" in `prompt` can be heard as blame. Say what the person can do now instead.'),
        ("Läs högt.", "Läs högt i morgon.",
         '"i morgon" in `facilitator` is not true when a step gets more days, or before a weekend. '
         "Name the step instead."),
        ("Write by yourself.", "Look at what you wrote on day 1.",
         '"day 1" in `private` is not true when a step gets more days, or before a weekend. Name the step instead.'),
        ("sv: Testet", "sv: Vår feedback", '"feedback" in `label` is not plain Swedish. Write "återkoppling" instead.'),
        ("sv: Svar,", "sv: Deadline,", '"Deadline" in `label` is not plain Swedish. Write "sista dag" instead.'),
    ],
)  # fmt: skip
def test_every_text_is_held_to_its_length_and_to_plain_words(
    own: ContentFolder, before: str, after: str, says: str
) -> None:
    text = changed(CHALLENGE, before, after.strip() if before.endswith(".") else after)
    path = own.challenge(text)
    assert report(check_content(own.path)) == [f"{path}:{the_line(text, after.strip())}: {says}"]


def test_somebody_on_a_facilitators_card_may_say_what_we_would_not(own: ContentFolder) -> None:
    own.challenge(changed(CHALLENGE, "Läs högt.", "Säger någon ”vi borde”? Fråga vad ni kan göra nu."))
    assert check_content(own.path) == []


def test_heavy_swedish_is_told_once_for_the_whole_challenge(own: ContentFolder) -> None:
    heavy = "Verksamhetsutvecklingens implementeringsstrategier förutsätter organisationsövergripande ansvarsfördelning"
    text = changed(changed(CHALLENGE, "Läs högt.", f"{heavy} " * 5), "Fråga efter skälet.", f"{heavy} " * 5)
    own.challenge(changed(text, "Svara, en", f"{heavy[:55]}, en"))
    [fault] = check_content(own.path)
    assert fault.line == 1
    assert "the Swedish of the challenge has LIX" in fault.message
    assert "organisationsövergripande" in fault.message


def test_a_folder_with_challenges_alone_is_content(tmp_path: Path) -> None:
    own = ContentFolder(path=tmp_path)
    own.challenge()
    assert check_content(tmp_path) == []
    assert load_library(tmp_path).challenge("our-week").id == "our-week"
    assert check_content(tmp_path / "challenges" / "our-week.yaml") == []


def test_a_broken_challenge_stops_the_start_and_a_wordy_one_does_not(own: ContentFolder) -> None:
    own.challenge(changed(CHALLENGE, "Läs högt.", "Läs högt!"))
    assert load_library(own.path).challenge("our-week").length == 5
    own.challenge(changed(CHALLENGE, "length: 5\n", ""))
    with pytest.raises(ContentError, match="`length` is missing"):
        load_library(own.path)


def test_an_organisation_cannot_take_the_name_of_one_of_ours(own: ContentFolder) -> None:
    own.challenge(changed(CHALLENGE, "id: our-week", "id: relay").replace("next: our-week\n", ""), name="relay.yaml")
    assert [fault.message for fault in check_content(own.path)] == [
        'the id "relay" is already used in lessons/content/challenges/relay.yaml. Give this one an id of its own.'
    ]


def test_a_challenge_that_is_not_there_has_an_error_of_its_own(own: ContentFolder) -> None:
    with pytest.raises(ChallengeNotFound):
        load_library(own.path).challenge("our-week")
    with pytest.raises(ChallengeNotFound):
        load_library(own.path).challenge_document("our-week")


def test_a_confirmed_challenge_reads_back_the_same_and_an_edit_has_another_digest(own: ContentFolder) -> None:
    own.challenge()
    confirmed = load_library(own.path).challenge_document("our-week")
    assert ChallengeDocument.from_json(confirmed.to_json()) == confirmed
    assert ChallengeDocument.from_json(confirmed.to_json()).digest() == confirmed.digest()
    assert load_library(own.path).challenge_document("our-week").digest() == confirmed.digest()
    own.challenge(changed(CHALLENGE, "Läs högt.", "Läs dem högt."))
    assert load_library(own.path).challenge_document("our-week").digest() != confirmed.digest()


def test_a_document_that_was_tampered_with_is_refused(own: ContentFolder) -> None:
    own.challenge()
    text = load_library(own.path).challenge_document("our-week").to_json()
    for before, after in (('"on":"needs"', '"on":"nedes"'), ('"length":5', '"length":3'), ('"day":1', '"days":1')):
        with pytest.raises(ValueError, match="validation error"):
            ChallengeDocument.from_json(changed(text, before, after))
