"""The two icons Teams asks for, drawn from the same three strokes as our mark: no picture lies anywhere."""

import zlib
from collections.abc import Iterable
from math import hypot
from struct import pack

Point = tuple[float, float]

BACKGROUND = (0x1D, 0x5F, 0x5A)
WHITE = (0xFF, 0xFF, 0xFF)
COLOUR_SIDE = 192
OUTLINE_SIDE = 32

# In a square of 32 × 32, as in the mark of our pages.
_SIDE = 32
_STROKES: tuple[tuple[Point, Point], ...] = (((10, 8), (10, 24)), ((10, 17), (19, 8)), ((13, 14), (22, 24)))
_WIDTH = 3.4
_OUTLINE_LARGER = 1.3
"""Without a ground around it, the mark fills the square."""


def colour_icon() -> bytes:
    """Return a PNG of 192 × 192: the mark in white on our green. Teams rounds the corners itself."""
    rows = (
        b"".join(bytes(round(b + (w - b) * ink) for b, w in zip(BACKGROUND, WHITE, strict=True)) for ink in row)
        for row in _drawn(COLOUR_SIDE, larger=1)
    )
    return _png(COLOUR_SIDE, rows, with_alpha=False)


def outline_icon() -> bytes:
    """Return a PNG of 32 × 32: the mark in white on nothing."""
    rows = (b"".join(bytes((*WHITE, round(255 * ink))) for ink in row) for row in _drawn(OUTLINE_SIDE, _OUTLINE_LARGER))
    return _png(OUTLINE_SIDE, rows, with_alpha=True)


def _drawn(side: int, larger: float) -> list[list[float]]:
    """Return how much of each pixel the strokes cover, 0 to 1, row by row."""
    scale = side / _SIDE * larger
    middle = side / 2

    def placed(point: Point) -> Point:
        return (point[0] - _SIDE / 2) * scale + middle, (point[1] - _SIDE / 2) * scale + middle

    strokes = [(placed(start), placed(end)) for start, end in _STROKES]
    reach = _WIDTH / 2 * scale
    return [
        [
            # From half a pixel inside the edge of a stroke to half a pixel outside it the ink fades.
            min(1.0, max(0.0, reach + 0.5 - min(_distance((x + 0.5, y + 0.5), *stroke) for stroke in strokes)))
            for x in range(side)
        ]
        for y in range(side)
    ]


def _distance(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
    nearest = min(1.0, max(0.0, along))
    return hypot(x - x1 - nearest * (x2 - x1), y - y1 - nearest * (y2 - y1))


def _png(side: int, rows: Iterable[bytes], *, with_alpha: bool) -> bytes:
    """Return a square PNG, eight bits a channel, of rows of bytes."""
    header = pack(">IIBBBBB", side, side, 8, 6 if with_alpha else 2, 0, 0, 0)
    pixels = b"".join(b"\0" + row for row in rows)  # each row as it is, without a filter
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, level=9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))
