"""The way of one call as a drawing, an SVG that a browser shows: who speaks to whom, and who has the caller.

Boxes, arrows and a bar of time. The topics' names are this installation's; the rest is the same everywhere.
"""

from collections.abc import Iterator, Sequence
from html import escape

from bridge.domain.signal import SignalKind
from bridge.settings import Settings

_WIDE, _HIGH = 1000, 520
_INK, _PALE, _NINE, _LINE = "#1b2733", "#f3f5f7", "#1d5fa8", "#2e7d4f"
_FONT = "font-family='system-ui, Segoe UI, Helvetica, Arial, sans-serif'"

_BOX_TOP, _BOX_HIGH = 70, 150
_BOXES = (
    (
        20,
        270,
        _NINE,
        "911",
        ["The call taker types what", "happens and where, and asks", "the four safety questions."],
    ),
    (
        365,
        270,
        _INK,
        "The bridge",
        ["Reads the city's policy. A danger,", "or anything not known, keeps", "the call with 911."],
    ),
    (
        710,
        270,
        _LINE,
        "The hotline",
        ["Sees place, notes and number", "while the phone rings: as much", "as its agreement allows."],
    ),
)
_BAR_TOP = 370
_MOMENTS: Sequence[tuple[int, str, str]] = (
    (20, "the call", "is answered"),
    (230, "the offer", "is sent"),
    (410, SignalKind.ALERTING.value, "the hotline rings"),
    (590, SignalKind.VOICE_CONTACT.value, "they talk; 911 is told"),
    (790, SignalKind.RELEASED.value, "911 leaves the line"),
)
_HANDED_OVER, _RELEASED = 590, 790


def picture(settings: Settings) -> str:
    """The drawing."""
    topics = settings.kafka.topics
    shapes = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDE} {_HIGH}' role='img' {_FONT}>",
        "<title>The way of one call from 911 to a hotline, and who has the caller</title>",
        f"<rect width='{_WIDE}' height='{_HIGH}' rx='8' fill='white'/>",
        _text(20, 36, "The way of one call", size=22, bold=True),
        *(shape for box in _BOXES for shape in _box(*box)),
        *_arrow(292, 363, 105, topics.cad_events, above=True),
        *_arrow(637, 708, 105, "offers", above=True),
        *_arrow(708, 637, 190, topics.signals, above=False),
        *_arrow(363, 292, 190, topics.returns, above=False),
        _text(20, 285, "The caller stays on the telephone: the voice goes its usual way, the bridge moves "
              "what was written and knows who has the caller.", size=14),
        _text(20, _BAR_TOP - 28, "Who has the caller", size=17, bold=True),
        *_bar(),
        _text(20, 500, "Until they talk the call is with 911: if nobody picks up, somebody declines, or "
              "anything breaks. 911 is told why.", size=15, bold=True),
        "</svg>",
    ]  # fmt: skip
    return "\n".join(shapes)


def _box(x: int, wide: int, colour: str, title: str, lines: Sequence[str]) -> Iterator[str]:
    yield (
        f"<rect x='{x}' y='{_BOX_TOP}' width='{wide}' height='{_BOX_HIGH}' rx='10' fill='{_PALE}' "
        f"stroke='{colour}' stroke-width='3'/>"
    )
    yield _text(x + 18, _BOX_TOP + 36, title, size=20, bold=True, colour=colour)
    for number, line in enumerate(lines):
        yield _text(x + 18, _BOX_TOP + 68 + 24 * number, line, size=14)


def _arrow(begins: int, ends: int, y: int, says: str, *, above: bool) -> Iterator[str]:
    """From box to box, with its topic's name over or under it."""
    back = 9 if begins > ends else -9
    yield f"<line x1='{begins}' y1='{y}' x2='{ends + back}' y2='{y}' stroke='{_INK}' stroke-width='2.5'/>"
    yield f"<path d='M {ends} {y} l {back} -6 l 0 12 z' fill='{_INK}'/>"
    middle = (begins + ends) // 2
    yield _text(middle, 60 if above else 240, says, size=14, anchor="middle", mono=True)


def _bar() -> Iterator[str]:
    end, high = _WIDE - 20, 34
    yield f"<rect x='20' y='{_BAR_TOP}' width='{_HANDED_OVER - 20}' height='{high}' fill='{_NINE}'/>"
    theirs = end - _HANDED_OVER
    yield f"<rect x='{_HANDED_OVER}' y='{_BAR_TOP}' width='{theirs}' height='{high}' fill='{_LINE}'/>"
    yield (
        f"<rect x='{_HANDED_OVER}' y='{_BAR_TOP + high}' width='{_RELEASED - _HANDED_OVER}' height='8' "
        f"fill='{_NINE}' opacity='0.55'/>"
    )
    yield _text(34, _BAR_TOP + 23, "911", size=16, bold=True, colour="white")
    yield _text(_HANDED_OVER + 14, _BAR_TOP + 23, "the hotline", size=16, bold=True, colour="white")
    for x, first, second in _MOMENTS:
        yield f"<path d='M {x} {_BAR_TOP - 8} v 58' stroke='{_INK}' stroke-width='1.5'/>"
        yield _text(x + 5, _BAR_TOP + 64, first, size=14, bold=True)
        yield _text(x + 5, _BAR_TOP + 82, second, size=13)


def _text(
    x: int,
    y: int,
    says: str,
    *,
    size: int,
    bold: bool = False,
    colour: str = _INK,
    anchor: str = "start",
    mono: bool = False,
) -> str:
    weight = " font-weight='600'" if bold else ""
    face = " font-family='ui-monospace, Menlo, Consolas, monospace'" if mono else ""
    return (
        f"<text x='{x}' y='{y}' font-size='{size}' fill='{colour}' text-anchor='{anchor}'{weight}{face}>"
        f"{escape(says)}</text>"
    )
