"""A relay as a picture: its teams as stations down a line, and the baton where it is. Pure; SVG that stands in a page.

Everything is drawn in the colour of the text around it, so each state has a shape of its own. The same is said in words
beneath the picture, and in its description.
"""

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from bot.conversation.relay_chain import Standing, handed_on_to, standing_of, standing_text
from bot.conversation.texts import Words
from bot.plain_text import cut
from storage.relay_reading import Chain, Leg

WIDTH, ROW, FIRST = 360, 88, 34
_X = 32
_R = 15
_TEXT_AT = 68
_MOST_NAME, _MOST_SMALL = 32, 42
"""Characters that fit beside a station, in the two sizes."""
_THICK = 'fill="none" stroke-width="3"'
_CIRCLE = {
    Standing.WAITING: 'fill="none" stroke-width="1.5"',
    Standing.SKIPPED: 'fill="none" stroke-width="2" stroke-dasharray="4 4"',
}
_GONE = (Standing.HANDED_OVER, Standing.PASSED_ON)


def picture(chain: Chain, words: Words) -> str:
    """Return the relay as one `svg` element, with a title and a description for whoever cannot see it."""
    name = f"relay-{chain.id}"
    height = FIRST + ROW * len(chain.legs) - ROW // 3
    return "".join(
        (
            f'<svg class="relay" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}"'
            f' width="{WIDTH}" height="{height}" aria-labelledby="{name}-title {name}-text">',
            f'<title id="{name}-title">{escape(words("relays.picture_title", relay=chain.name))}</title>',
            f'<desc id="{name}-text">{escape(in_words(chain, words))}</desc>',
            '<g stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">',
            *_ways(chain),
            *(_station(chain, leg) for leg in chain.legs),
            "</g>",
            '<g fill="currentColor" font-family="system-ui, sans-serif">',
            *(_label(chain, leg, words) for leg in chain.legs),
            "</g></svg>",
        )
    )


def in_words(chain: Chain, words: Words) -> str:
    """Return what the picture shows, as text on one line."""
    return " ".join(
        words("relays.picture_line", number=leg.position, team=leg.team, stands=standing_text(chain, leg, words))
        for leg in chain.legs
    )


def _ways(chain: Chain) -> Iterator[str]:
    """Yield the ways between the stations where the baton stops: past the skipped ones, solid once it has gone."""
    stops = [leg for leg in chain.legs if standing_of(chain, leg) is not Standing.SKIPPED]
    for one, following in pairwise(stops):
        begins, ends = _y(one) + _R, _y(following) - _R
        bow = 0 if following.position == one.position + 1 else 2 * _R
        way = f"M{_X} {begins} C{_X - bow} {begins + ROW // 3} {_X - bow} {ends - ROW // 3} {_X} {ends}"
        has_gone = standing_of(chain, one) in _GONE
        looks = 'stroke-width="3"' if has_gone else 'stroke-width="1.5" stroke-dasharray="1 6"'
        yield f'<path d="{way}" fill="none" {looks}/>'


def _station(chain: Chain, leg: Leg) -> str:
    y, standing = _y(leg), standing_of(chain, leg)
    circle = f'<circle cx="{_X}" cy="{y}" r="{_R}" {_CIRCLE.get(standing, _THICK)}/>'
    match standing:
        case Standing.HANDED_OVER:
            return circle + f'<path d="M{_X - 6} {y + 1} l4 5 l9 -11" {_THICK}/>'
        case Standing.PASSED_ON if handed_on_to(chain, leg) is None:  # down to the line at the end
            return circle + f'<path d="M{_X} {y - 9} v13 m-5 -5 l5 5 l5 -5 M{_X - 7} {y + 8} h14" {_THICK}/>'
        case Standing.PASSED_ON:
            return circle + f'<path d="M{_X} {y - 8} v14 m-5 -5 l5 6 l5 -6" {_THICK}/>'
        case Standing.SKIPPED:
            return circle + f'<path d="M{_X - 5} {y} h10" {_THICK}/>'
        case Standing.RUNNING:
            return circle + _baton(y, 'fill="currentColor" stroke-width="1"')
        case Standing.STALLED:
            return circle + _baton(y, 'fill="none" stroke-width="2"')
        case Standing.WAITING:
            return circle


def _baton(y: int, looks: str) -> str:
    turned = f'transform="rotate(-35 {_X} {y})"'
    return f'<rect x="{_X - 10}" y="{y - 3}" width="20" height="6" rx="3" {turned} {looks}/>'


def _label(chain: Chain, leg: Leg, words: Words) -> str:
    y = _y(leg)
    team = escape(cut(f"{leg.position}. {leg.team}", most=_MOST_NAME))
    small = (cut(leg.organisation, most=_MOST_SMALL), cut(standing_text(chain, leg, words), most=_MOST_SMALL))
    lines = "".join(
        f'<text x="{_TEXT_AT}" y="{y + 14 + 18 * at}" font-size="13">{escape(line)}</text>'
        for at, line in enumerate(small)
    )
    return f'<text x="{_TEXT_AT}" y="{y - 5}" font-size="16" font-weight="700">{team}</text>{lines}'


def _y(leg: Leg) -> int:
    return FIRST + ROW * (leg.position - 1)
