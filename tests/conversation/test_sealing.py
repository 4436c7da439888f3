"""A form that knows nobody: nobody can make one up, and none tells whose it is."""

import hashlib

import pytest

from bot.conversation.sealing import digest_of, is_ours, new_token

SECRET, ANOTHER = b"of this installation", b"of another"


def test_a_form_is_ours_for_its_own_step_and_no_other() -> None:
    token = new_token(SECRET, "12")
    assert is_ours(SECRET, "12", token)
    for step in ("13", "1", "", "012", "12 "):
        assert not is_ours(SECRET, step, token)
    assert not is_ours(ANOTHER, "12", token)


@pytest.mark.parametrize("token", ["", "x", "å" * 44, "\x00" * 44, "A" * 44, "A" * 10_000])
def test_what_was_made_up_is_not(token: str) -> None:
    assert not is_ours(SECRET, "12", token)


def test_whatever_of_it_is_changed_it_is_not_ours_any_more() -> None:
    token = new_token(SECRET, "12")
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert not is_ours(SECRET, "12", token[:place] + other + token[place + 1 :])
    assert not is_ours(SECRET, "12", token + "A")


def test_what_is_kept_of_a_form_that_was_handed_in_cannot_be_made_from_the_form_without_the_secret() -> None:
    token = new_token(SECRET, "12")
    kept = digest_of(SECRET, "12", token)
    assert kept == digest_of(SECRET, "12", token), "sent twice it is the same form"
    assert len({kept, digest_of(ANOTHER, "12", token), digest_of(SECRET, "13", token)}) == 3
    parts = ("12", token, f"12:sv:{token}", f"used form 12 {token}")
    assert kept not in {hashlib.sha256(part.encode()).hexdigest() for part in parts}


def test_no_two_are_alike() -> None:
    assert len({new_token(SECRET, "12") for _ in range(1000)}) == 1000
