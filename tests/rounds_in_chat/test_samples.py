"""What `knuff preview` shows of teams: all of it, nothing a platform would refuse, and nobody's name."""

from collections.abc import Iterator

import pytest

from bot.conversation import nameless
from bot.conversation.cards import Form
from bot.conversation.round_change_samples import samples as changes
from bot.conversation.routes import ROUTES
from bot.conversation.rule_samples import samples as rule
from bot.conversation.team_sample_hands import CHANNEL, FACILITATOR, TEAM, Sample
from bot.conversation.team_samples import samples
from bot.conversation.texts import Words, texts_in
from bot.previewing import on_slack, on_teams, sample_house
from lessons.library import Library
from tests.slack.limits import faults

NEVER_IN_A_SAMPLE = {
    "round_changes.diff_prompt_at_new": "only for a step that comes every day",
    "round_changes.in_relay": "only for a button that lay on a screen before its round was a relay's",
    "round_changes.meeting_first": "stands in the calendar file",
    "round_changes.meeting_hand_over": "stands in the calendar file",
    "round_changes.meeting_last": "stands in the calendar file",
    "round_changes.meeting_text": "stands in the calendar file",
    "round_changes.overlap": "said at the input it is about",
    "round_changes.stopped_not_kept": "only for what was approved while a form lay open",
    "rounds.choose_day": "said at the input it is about",
    "rounds.facilitator_leads": "only where nothing is voted on",
    "rounds.you_lead": "only where nothing is voted on",
    "rounds.gone": "only for a button of another organisation, or a forged one",
    "rounds.one_is_enough": "only where nothing of several inputs must be filled in",
    "rounds.never_shown": "only in what pairs are asked",
    "rounds.some_never_shown": "only in what pairs are asked",
    "rounds.kept_for_team": "only where anybody of the team writes about nothing before it",
    "rounds.more_opened_one": "only for more than a message takes",
    "rounds.more_shown_many": "only for more than a message takes",
    "rounds.more_shown_one": "only for more than a message takes",
    "rounds.not_no_such_choice": "only for what was changed while a form lay open",
    "rounds.not_no_such_step": "only for a button of ours that was made up",
    "rounds.not_not_yet": "only for a button of ours that was made up",
    "rounds.points_one": "somebody who scores gives more than one",
    "rounds.voted_one": "a vote of fewer than three is told without numbers",
    "rounds.votes_one": "what only one voted for, in a vote of three or more: only beside what more did",
    "rounds.write_for_team": "only where anybody of the team writes about nothing before it",
    "teams.channel_closed": "said at the input it is about",
    "teams.channel_one": "said at the input it is about",
    "teams.clock_before_slot": "said at the input it is about",
    "teams.days_one": "only for a challenge of a single day",
    "teams.entry": "stands in the coordinator's list of cohorts",
    "teams.no_challenges": "only for content without any",
    "teams.stands_not_handed_in": "only where anybody of the team writes about nothing before it",
    "teams.too_few_days": "said at the input it is about",
}
SHOWN = dict[str, list[Sample]]


@pytest.fixture(scope="module")
def used() -> set[str]:
    """The keys of the texts said while all samples are made."""
    return set()


@pytest.fixture(scope="module")
def shown(library: Library, used: set[str]) -> Iterator[SHOWN]:
    say = Words.__call__

    def say_and_note(self: Words, key: str, **fields: object) -> str:
        used.add(key)
        return say(self, key, **fields)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "__call__", say_and_note)
        yield {
            language: [
                one for make in (samples, changes, rule) for one in make(language, sample_house(library, language))
            ]
            for language in ("sv", "en")
        }


def test_every_sentence_about_teams_is_among_them(shown: SHOWN, used: set[str]) -> None:
    ours = {key for key in texts_in("sv") if key.startswith(("teams.", "rounds.", "round_changes."))}
    assert ours - used == NEVER_IN_A_SAMPLE.keys()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_one_is_something_slack_and_teams_take(shown: SHOWN, language: str) -> None:
    wrong = {}
    for surface, name, sample in shown[language]:
        assert (surface == "modal") == isinstance(sample, Form)
        on_teams(surface, sample, language)
        if found := faults(surface, on_slack(surface, sample)):
            wrong[name] = found
    assert wrong == {}


def test_each_has_a_name_of_its_own_and_the_same_in_both_languages(shown: SHOWN) -> None:
    names = {language: [name for _surface, name, _sample in shown[language]] for language in shown}
    assert names["sv"] == names["en"]
    assert len(set(names["sv"])) == len(names["sv"]) > 100


TEAMS_PAGE_TOO = {"round_confirmed", "rule_confirmed", "round_preview_overnight"}
"""What shows the page of the team after something has been done."""


def test_nobody_is_named_in_any_of_them(shown: SHOWN) -> None:
    """But the facilitator, whom a coordinator chose and the team is to know: on the team's page, and where it is read
    what the challenge is."""
    named = {who: {name for _surface, name, sample in shown["sv"] if who in repr(sample)} for who in TEAM}
    led = named.pop(FACILITATOR) - TEAMS_PAGE_TOO
    assert set().union(*named.values()) == set()
    assert {name for name in led if not name.startswith(("team_", "round_about", "rule_about"))} == set()


def test_every_button_leads_somewhere(shown: SHOWN) -> None:
    actions = {
        button.action
        for _surface, _name, sample in shown["sv"]
        for part in (sample.body if isinstance(sample, Form) else sample.parts)
        for button in getattr(part, "buttons", ())
    }
    assert actions <= ROUTES.presses.keys() | {nameless.OPEN}
    ours = {name for name in ROUTES.presses if name.partition(".")[0] in ("team", "round", "contribution", "wrap_up")}
    assert ours <= actions


def test_what_stands_in_a_channel_is_answered_there(shown: SHOWN) -> None:
    assert CHANNEL
    in_channel = {
        button.action
        for _surface, name, sample in shown["sv"]
        if not isinstance(sample, Form) and name.startswith("round_") and "private" not in name
        for part in sample.parts
        for button in getattr(part, "buttons", ())
    }
    assert in_channel <= ROUTES.in_channels
