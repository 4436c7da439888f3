"""Every address of the web, with and without a session of one's own: nothing of anybody else's is ever in an answer."""

from typing import Any, cast

import pytest
from starlette.routing import Route

from bot.web.page_parts import OPENS, PRESSES
from bot.web.pages import routes
from storage.tables.answers import FollowUp, Plan, Reflection
from storage.tables.deliveries import Kind
from tests.web.places import Place, forms_in, place, reply_address
from tests.web.places import store as store  # on both databases

__all__ = ["place"]

MARK = "Eriks hemlighet"
TRIED = "follow_up.tried"


async def erik_writes(place: Place) -> dict[str, list[str]]:
    """Let Erik write wherever he can. Return what his own things are called in addresses and buttons."""
    html = await place.open(place.erik, f"/my/answer/{place.eriks_nudge}")
    await place.send(html, "nudge.doing")
    await place.send(html, reply_address(html), reply=MARK, save="yes")
    nudge, asked = place.sent(place.erik, Kind.NUDGE, "L04"), place.asked(place.erik, "L03")
    html = await place.get(f"/my/form/nudge.plan?value={nudge}")
    cue_on = html.partition('name="cue_on" value="')[2].partition('"')[0]
    words = {"cue": f"{MARK} kommer upp", "action": MARK, "save": "yes", "cue_on": cue_on}
    form = next(one for one in forms_in(html) if one.address.startswith("/my/form/nudge.plan"))
    async with place.browser.post(form.address, data=form.hidden | words) as answer:
        assert answer.status == 200
    html = await place.get(f"/my/answer/{asked}")
    await place.send(html, TRIED)
    [text], [plan] = place.rows(Reflection), place.rows(Plan)
    follow_ups = [str(row.id) for row in place.rows(FollowUp)]
    return {
        "answer": [str(place.eriks_nudge), str(nudge), str(asked)],
        "value": sorted({str(place.eriks_nudge), str(nudge), str(asked), str(text.id), str(plan.id), *follow_ups}),
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("known", [False, True])
async def test_no_address_answers_with_what_is_somebody_elses(place: Place, known: bool) -> None:
    his = await erik_writes(place)
    assert MARK in await place.get("/my/data.json")
    place.browser.cookie_jar.clear()
    key = await _karins(place) if known else {}
    paths = [route.path for route in routes(cast(Any, _Nothing()), cast(Any, _Nothing())) if isinstance(route, Route)]
    asked, values = 0, his["value"] if known else his["value"][:1]
    for path in (*paths, "/health", "/ready", "/slack/events"):
        for filled in _filled(path, his["answer"], values):
            async with place.browser.get(filled) as answer:
                assert MARK not in await answer.text(), filled
                asked += 1
    for action in sorted(PRESSES):
        for value in values:
            sent = key | {"action": action, "value": value, "key": f"{action}{value}".replace(".", "-").ljust(16, "k")}
            async with place.browser.post("/my/press", data=sent) as answer:
                assert MARK not in await answer.text(), (action, value)
                asked += 1
    assert asked > len(OPENS) * len(values)
    [text], [plan] = place.rows(Reflection), place.rows(Plan)
    assert (text.body, plan.closed_at) == (MARK, None), "nor is anything of his changed"


class _Nothing:
    organisation = ""


def _filled(path: str, refs: list[str], values: list[str]) -> list[str]:
    if "{ref}" in path:
        return [path.replace("{ref}", ref) for ref in refs]
    if "{action}" in path:
        return [f"{path.replace('{action}', action)}?value={value}" for action in sorted(OPENS) for value in values]
    return [path.replace("{token}", "not-a-token")]


async def _karins(place: Place) -> dict[str, str]:
    """Return what every form of Karin's page carries."""
    html = await place.open(place.karin)
    token = next(form.hidden["form_token"] for form in forms_in(html) if "form_token" in form.hidden)
    return {"form_token": token}
