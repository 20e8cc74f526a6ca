"""A call that begins at a hotline, as 911 may know of it.

The hotline has the caller and 911 has no incident yet. What 911 is told is an allow-list: of a call that the
hotline keeps, what the agency asks to know; of a person in danger, no more than a rescue needs.
"""

from bridge.domain.cad import CadEvent, Channel, EventKind
from bridge.domain.destination import Precision, Privacy
from bridge.domain.ids import EventId
from bridge.domain.incident import Incident
from bridge.domain.redaction import for_destination
from bridge.domain.signal import Signal

FOR_A_RESCUE = Privacy(frozenset({"callback", "location"}), Precision.EXACT)
"""Where the person is and how to reach them. Who they are stands in what the hotline says of the place."""

PART_2_NOTICE = (
    "Part of this comes from substance use disorder records that federal law protects (42 CFR Part 2). "
    "Whoever receives it may not use it or pass it on but as that law allows (42 CFR 2.32)."
)
"""Goes along with whatever a hotline says is such a record."""

RESCUE_BASIS = "45 CFR 164.512(j)"
"""A serious and imminent threat to health or safety: the ground where a hotline names no other."""


def first_event(signal: Signal) -> CadEvent:
    """What a hotline says of its call, or the bare fact that it has one."""
    if signal.call is not None:
        return signal.call
    return CadEvent(
        EventId(signal.signal_id),
        signal.incident_id,
        signal.agency,
        EventKind.CREATED,
        signal.said_at,
        channel=Channel.HOTLINE,
    )


def known_to_911(incident: Incident, fields: frozenset[str]) -> Incident:
    """The call as an agency that learns `fields` is told of it."""
    precision = Precision.EXACT if "location" in fields else Precision.NONE
    return for_destination(incident, Privacy(fields, precision))


def for_a_rescue(incident: Incident) -> Incident:
    """The call as far as a rescue needs it."""
    return for_destination(incident, FOR_A_RESCUE)
