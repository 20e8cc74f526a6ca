"""A place told less exactly: exact, block, area or none. Less exact never tells more.

Civic elements go by their PIDF-LO names (RFC 4119, RFC 5139). Free text is told only when exact,
because nobody knows what stands in it. Degrees are WGS 84, distances metres.
"""

from dataclasses import replace

from bridge.domain.cad import Location
from bridge.domain.destination import Precision

_AREA = frozenset({"country", "A1", "A2", "A3", "PC"})
_BLOCK = _AREA | {"A4", "A5", "A6", "PRD", "RD", "STS", "POD"}

_DECIMALS = 3
_ROUNDING_M = 80.0
"""Three decimals are at most 56 m off each way: 79 m along the diagonal, at the equator."""

_LEAST_UNCERTAINTY_M = 100.0


def for_precision(location: Location, precision: Precision) -> Location | None:
    """The place as exact as allowed.

    BLOCK rounds the house number down to its hundred and the coordinates to about 100 m.
    AREA keeps district, city and postal code, and no coordinates.
    """
    if precision is Precision.EXACT:
        return location
    if precision is Precision.NONE:
        return None
    kept = _BLOCK if precision is Precision.BLOCK else _AREA
    civic = {name: value for name, value in location.civic.items() if name in kept}
    area = Location(civic=civic, district=location.district, source=location.source, at=location.at)
    if precision is Precision.AREA:
        return area
    if (block := _hundred_block(location.civic.get("HNO", ""))) is not None:
        area = replace(area, civic={**civic, "HNO": block})
    if location.latitude is None or location.longitude is None:
        return area
    return replace(
        area,
        latitude=round(location.latitude, _DECIMALS),
        longitude=round(location.longitude, _DECIMALS),
        uncertainty_m=max(_LEAST_UNCERTAINTY_M, (location.uncertainty_m or 0.0) + _ROUNDING_M),
        confidence_percent=location.confidence_percent,
    )


def _hundred_block(house_number: str) -> str | None:
    """`9837` is in the block `9800`; anything that is not a plain number is not told."""
    number = house_number.strip()
    return str(int(number) // 100 * 100) if number.isascii() and number.isdigit() else None
