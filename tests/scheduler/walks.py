"""Ways through a day, step by step: together they take every way there is from one state of a delivery to another.

Each begins when the slot has come. Message 1 is an exercise on which a follow-up
(3) rides, message 2 an exercise alone.
"""

from collections.abc import Callable, Mapping
from functools import partial

from tests.scheduler.happenings import Answers, Request, Sees
from tests.scheduler.one_day import OneDay

Walk = Callable[[OneDay], None]
DAY = 24 * 3600


def call_of(day: OneDay, message: int) -> Request:
    (request,) = [request for request in day.open_requests if request.message == message]
    return request


def answered(day: OneDay, first: Answers, then: Answers = Answers.ARRIVED) -> None:
    """Worker 0 sends both; the platform answers."""
    day.work(0)
    for message, how in ((1, first), (2, then)):
        day.answer(call_of(day, message), how)
        day.work(0)


def searched(day: OneDay, number: int, sees: Sees) -> None:
    """A minute later somebody asks."""
    day.time_passes(61)
    day.work(number)
    for searching in day.open_searches:
        day.look(searching, sees)
    day.work(number)


def all_goes_well(day: OneDay) -> None:
    answered(day, Answers.ARRIVED)


def nobody_takes_the_call(day: OneDay) -> None:
    answered(day, Answers.NOT_CONNECTED)


def the_person_is_gone(day: OneDay) -> None:
    answered(day, Answers.UNREACHABLE, Answers.REFUSED)


def what_rides_goes_alone(day: OneDay) -> None:
    day.work(0)
    day.answer(call_of(day, 1), Answers.NOT_NEEDED)
    day.work(0)


def somebody_leaves_first(day: OneDay) -> None:
    day.leave(1)
    day.time_passes(DAY)
    day.plan_again()


def somebody_deletes_everything_first(day: OneDay) -> None:
    day.work(0)
    day.erase(2)


def the_workspace_is_disconnected(day: OneDay) -> None:
    day.work(0)
    day.answer(call_of(day, 1), Answers.DISCONNECTED)
    day.work(0)


def what_is_lost_is_sent_once_more(day: OneDay) -> None:
    answered(day, Answers.LOST)
    for _ in range(2):
        searched(day, 0, Sees.EVERYTHING)
    day.answer(call_of(day, 1), Answers.ARRIVED)
    day.work(0)


def what_is_lost_twice_is_given_up(day: OneDay) -> None:
    answered(day, Answers.LOST)
    for _ in range(2):
        searched(day, 0, Sees.EVERYTHING)
    day.answer(call_of(day, 1), Answers.LOST)
    day.work(0)
    for _ in range(2):
        searched(day, 0, Sees.EVERYTHING)


def what_comes_late_is_found(day: OneDay) -> None:
    answered(day, Answers.ARRIVES_LATE)
    searched(day, 0, Sees.A_PART)
    for _ in range(3):
        searched(day, 0, Sees.EVERYTHING)


def nothing_ever_sees_everything(day: OneDay) -> None:
    answered(day, Answers.LOST)
    while day.rows[1].state == "unknown":
        day.time_passes(600)
        searched(day, 0, Sees.A_PART)


def in_teams_it_is_given_up(day: OneDay) -> None:
    answered(day, Answers.LOST)
    day.time_passes(61)
    day.work(0)


def in_teams_its_receiver_answers_it(day: OneDay) -> None:
    day.work(0)
    day.answer(call_of(day, 1), Answers.ARRIVED_UNHEARD)
    day.press()
    day.work(0)
    day.answer(call_of(day, 2), Answers.ARRIVED)
    day.work(0)
    day.time_passes(61)
    day.work(0)


def killed_in_a_call(day: OneDay) -> None:
    day.work(0)
    day.answer(call_of(day, 1), Answers.ARRIVED_UNHEARD)
    day.kill(0)
    day.time_passes(31)
    day.work(1)
    day.answer(call_of(day, 2), Answers.ARRIVED)
    searched(day, 1, Sees.EVERYTHING)


def comes_back_late(day: OneDay, how: Answers) -> None:
    """Worker 0 hears of its call and stands still before it can settle; worker 1 takes the lane over."""
    day.work(0)
    day.answer(call_of(day, 1), how)
    day.time_passes(31)
    day.work(1)
    day.go_on(0)


def comes_back_after_all_is_done(day: OneDay, how: Answers) -> None:
    """As long as it takes the other to search twice and send once more."""
    day.work(0)
    day.answer(call_of(day, 1), how)
    day.stand_still(0, 4)
    day.go_on(0)
    day.work(0)


def stands_still_before_its_call(day: OneDay) -> None:
    day.tick(0)
    while day.rows[1].state == "planned":
        day.go_on(0, freeze=day.rows[1].state == "planned")
    day.stand_still(0, 4)
    day.work(0)
    for request in day.open_requests:
        day.answer(request, Answers.ARRIVED)


def two_search_at_once(day: OneDay) -> None:
    """Worker 0 has searched and stands still before it can say so; worker 1 searches too."""
    answered(day, Answers.LOST)
    day.time_passes(61)
    day.work(0)
    day.look(day.open_searches[0], Sees.EVERYTHING)
    day.time_passes(31)
    day.work(1)
    day.look(day.open_searches[0], Sees.EVERYTHING)
    day.work(1)
    day.go_on(0)
    day.work(1)


def comes_back_while_it_is_sent_again(day: OneDay) -> None:
    """Nobody had taken worker 0's call; before it can say so, worker 1 has searched twice and calls."""
    day.work(0)
    day.answer(call_of(day, 1), Answers.NOT_CONNECTED)
    for _ in range(3):
        searched(day, 1, Sees.EVERYTHING)
        if any(request.message == 2 for request in day.open_requests):
            day.answer(call_of(day, 2), Answers.ARRIVED)
            day.work(1)
    day.go_on(0)
    day.answer(call_of(day, 1), Answers.ARRIVED)


WALKS: Mapping[str, Walk] = {
    walk.__name__: walk
    for walk in (
        all_goes_well,
        nobody_takes_the_call,
        the_person_is_gone,
        what_rides_goes_alone,
        somebody_leaves_first,
        somebody_deletes_everything_first,
        the_workspace_is_disconnected,
        what_is_lost_is_sent_once_more,
        what_is_lost_twice_is_given_up,
        what_comes_late_is_found,
        nothing_ever_sees_everything,
        in_teams_it_is_given_up,
        in_teams_its_receiver_answers_it,
        killed_in_a_call,
        stands_still_before_its_call,
        comes_back_while_it_is_sent_again,
        two_search_at_once,
    )
} | {
    f"{walk.__name__}, {how.name}": partial(walk, how=how)
    for walk in (comes_back_late, comes_back_after_all_is_done)
    for how in (Answers.ARRIVED, Answers.LOST, Answers.NOT_CONNECTED, Answers.REFUSED)
}
