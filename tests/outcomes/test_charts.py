from xml.etree import ElementTree

from bot.outcomes.charts import ShareBar, Spoken, share_chart, ways_chart

BARS = (ShareBar(label="Alla", percent=80, low=63, high=90), ShareBar(label="Chefer", percent=70, low=40, high=90))
SPOKEN = Spoken(title="Bild: <Stöd>", text="24 av 30 & fler")


def drawn(name: str = "one") -> str:
    return share_chart(BARS, axis="procent", name=name, spoken=SPOKEN, line=(70, "SKL 70 %"))


def read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - drawn by us


def test_the_same_figures_give_the_same_bytes() -> None:
    first = drawn()
    share_chart.cache_clear()
    assert drawn() == first


def test_it_is_drawn_in_the_colour_of_the_text_and_without_styles_a_page_would_refuse() -> None:
    for svg in (drawn(), ways_chart((("Högre", 12), ("Samma", 6)), axis="personer", name="two", spoken=SPOKEN)):
        parts = list(read(svg).iter())
        assert not [part for part in parts if part.get("style") or part.tag.endswith(("style", "metadata"))]
        colours = {part.get(side) for part in parts for side in ("fill", "stroke")} - {None}
        assert colours == {"none", "currentColor"}


def test_whoever_cannot_see_it_hears_what_it_says_and_no_name_in_it_is_anothers() -> None:
    one, two = read(drawn()), read(drawn("two"))
    assert (one[0].text, one[1].text) == (SPOKEN.title, SPOKEN.text)
    assert one.get("aria-labelledby") == f"{one[0].get('id')} {one[1].get('id')}"
    names = [{part.get("id") for part in chart.iter()} - {None} for chart in (one, two)]
    assert not names[0] & names[1]
    linked = {part.get("href", "")[1:] for part in one.iter() if part.get("href")}
    assert linked <= names[0]


def test_the_line_to_compare_with_says_what_it_is() -> None:
    said = [part.text for part in read(drawn()).iter() if part.tag.endswith("}text")]
    assert {"Alla", "Chefer", "SKL 70 %", "procent", "80"} <= set(said)


def test_a_name_with_two_dollar_signs_is_a_name_and_no_mathematics() -> None:
    name = "Region $^$"
    bar = ShareBar(label=name, percent=80, low=63, high=90)
    for svg in (
        share_chart((bar,), axis="procent", name="one", spoken=SPOKEN, line=(70, name)),
        ways_chart(((name, 12),), axis="personer", name="two", spoken=SPOKEN),
    ):
        assert name in [part.text for part in read(svg).iter()]
