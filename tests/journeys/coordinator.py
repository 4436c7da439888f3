"""A cohort started in chat by its coordinator, through the control API: for journeys that begin where that ends."""

from collections.abc import Sequence

from tests.journeys.hands import Hands, HandsInTeams, Json, wait_for

AMINA = "U03AMINA"
SOFIA = "0a000001-0000-4000-8000-000000000001"


def start_a_cohort(hands: Hands, people: Sequence[str], **choices: str) -> None:
    """Start eight weeks for these people from the next working day; `choices` are what the form would say otherwise."""
    hands.act(AMINA, "command", command="/knuff", text="")
    wait_for("the coordinator's desk", lambda: _sees_button(hands, "form:cohort.new"), seconds=30)
    hands.press(AMINA, "form:cohort.new")
    wait_for("the first form", lambda: hands.sees(AMINA)["stack"], seconds=20)
    outline, plan = _in_two_steps({"name": "Chefer våren 2026", "people": list(people), **choices})
    _submit(hands, outline)
    wait_for("the second form", lambda: _form_on_top(hands, "cohort.plan"), seconds=20)
    _submit(hands, plan)
    preview = wait_for("the preview", lambda: _form_on_top(hands, "cohort.confirm"), seconds=20)
    _submit(hands, {})
    wait_for("the cohort", lambda: _form_on_top(hands, preview, other=True), seconds=20)
    hands.act(AMINA, "close", all=True)


def start_a_cohort_in_teams(hands: HandsInTeams, people: Sequence[str], **choices: str) -> None:
    """The same in Teams, where each step's answer is the next dialog."""
    hands.act(SOFIA, "write", text="omgångar")
    wait_for("the coordinator's desk", lambda: _sees_button(hands, "cohort.new", person=SOFIA), seconds=30)
    hands.press(SOFIA, "cohort.new")
    outline, plan = _in_two_steps({"name": "Chefer i Teams", "people": list(people), **choices})
    _submit(hands, outline, person=SOFIA)
    _submit(hands, plan, person=SOFIA)
    _submit(hands, {}, person=SOFIA)
    hands.act(SOFIA, "close")


def _in_two_steps(values: Json) -> tuple[Json, Json]:
    """Return what the first form asks of these choices, and what the second does."""
    first = {name: value for name, value in values.items() if name in ("name", "programme", "starts_on")}
    return first, {name: value for name, value in values.items() if name not in first}


def _submit(hands: Hands, values: Json, *, person: str = AMINA) -> None:
    answer = hands.act(person, "submit", values=values)
    assert answer["sent"], answer
    assert not answer["errors"], answer


def _sees_button(hands: Hands, action: str, *, person: str = AMINA) -> bool:
    try:
        hands.button(person, action)
    except LookupError:
        return False
    return True


def _form_on_top(hands: Hands, name: str, *, other: bool = False) -> str | None:
    """Return the callback id of the form on top when it is that form (or, with `other`, another one)."""
    stack = hands.sees(AMINA)["stack"]
    on_top = str(stack[-1]["callback_id"]) if stack else ""
    return on_top if on_top and (on_top.startswith(name) is not other) else None
