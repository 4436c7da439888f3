"""Our own page says what happened, and opens only for whoever pressed the button there."""

from tests.web.places import Place, place, reply_address, store

__all__ = ["place", "store"]


async def test_a_page_elsewhere_cannot_open_somebody_elses_link_in_my_browser(place: Place) -> None:
    """Else I would write in the page of whoever sent me there."""
    from_elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with place.browser.post(
        place.link(place.erik, "/my"), headers=from_elsewhere, allow_redirects=False
    ) as answer:
        assert "Set-Cookie" not in answer.headers


async def test_an_address_that_cannot_be_is_simply_not_there(place: Place) -> None:
    await place.open(place.karin)
    async with place.browser.get("/my/answer/99999999999999999999999999") as answer:
        assert answer.status == 404


async def test_a_form_no_browser_would_send_is_refused(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    many = "&".join(f"field{number}=1" for number in range(1000))
    as_form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with place.browser.post(reply_address(html), data=many, headers=as_form) as answer:
        assert answer.status in (400, 403)
