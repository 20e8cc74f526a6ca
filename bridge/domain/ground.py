"""Where an incident is, as policies ask: in one of these districts, or in one of these areas.

A district is the agency's own code; an area is a piece of ground that somebody else has measured.
"""

from collections.abc import Callable, Iterable

from bridge.domain.cad import Answer
from bridge.domain.incident import Incident
from bridge.domain.when import folded

Area = Callable[[float, float, float], Answer]
"""A piece of ground, whoever does the geometry: whether a point (latitude, longitude, in degrees) is in it,
given its uncertainty in metres. UNKNOWN when the uncertainty reaches over the border."""


def inside(incident: Incident, districts: frozenset[str], areas: Iterable[Area]) -> Answer:
    """Whether the incident is in one of these, by its district's code or by its point: either will do."""
    place = incident.location
    if place is None:
        return Answer.UNKNOWN
    district = folded(place.district)
    if district and district in districts:
        return Answer.YES
    found = {Answer.NO if district or not districts else Answer.UNKNOWN}
    for area in areas:
        if place.latitude is None or place.longitude is None:
            found.add(Answer.UNKNOWN)
        else:
            found.add(area(place.latitude, place.longitude, place.uncertainty_m or 0.0))
    return next(answer for answer in (Answer.YES, Answer.UNKNOWN, Answer.NO) if answer in found)
