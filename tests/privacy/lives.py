"""Somebody's life with Knuff: one of everything they can answer, write and plan."""

from tests.conversation.builders import (
    Town,
    a_follow_up,
    a_nudge,
    press_in,
    send,
    the_form,
    type_,
)


def a_life(town: Town, name: str, mark: str) -> None:
    """Leave one of everything in somebody's name, with a mark in their words."""
    nudge = a_nudge(town, name, lesson="L02")
    press_in(town, nudge, "nudge.doing", person=name)
    type_(town, f"{mark} svar", person=name)
    plan = the_form(press_in(town, a_nudge(town, name, lesson="L04", rides_on=nudge), "nudge.plan", person=name))
    send(town, plan, person=name, cue=f"{mark} säger något", cue_on="2026-03-05", action="frågar jag varför")
    press_in(town, a_follow_up(town, name), "follow_up.done", person=name)
