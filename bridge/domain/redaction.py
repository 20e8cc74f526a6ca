"""An incident as one destination may see it: an allow-list of fields, and a place made less exact.

What is not on the list is gone, whatever it is. Criminal-justice returns are dropped for everybody, and so
are caution notes and prior calls at the address: there is no field for them, they stay with 911.
Numbers, names and addresses that may not leave are also struck where they stand in the narrative; this
finds what the incident itself knows and what looks like a telephone number, not every way to tell
who somebody is.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from bridge.domain.cad import Caller, Channel, Note
from bridge.domain.destination import Precision, Privacy
from bridge.domain.incident import Incident
from bridge.domain.place import for_precision
from bridge.domain.records import without_returns

ALL_FIELDS: frozenset[str] = frozenset(
    {
        "answers",  # coded answers of the protocol
        "call_ids",  # identifiers of the telephone calls
        "call_type",  # type and determinant
        "callback",  # the caller's number
        "caller.facts",  # age, consent, first party, on the line, wants police, language
        "caller.name",
        "channel",  # the way in
        "disposition",
        "location",  # as exact as the profile's precision says
        "narrative",  # the notes' text, time and the writer's role
        "narrative.author",  # who wrote each note
        "priority",
        "units",  # who else is on the way
    }
)
"""Every field a destination can be allowed. Ids, version, times, closed and practice always go along."""

STRUCK = "[...]"

_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?!\w)")
_COORDINATE = re.compile(r"-?\b\d{1,3}\.\d{3,}")
_SHORTEST_NAME_STRUCK = 3
_EXACT_NAMES = ("HNO", "NAM", "LMK", "UNIT", "ROOM", "BLD", "LOC")
_ROAD_NAMES = ("RD",)


def for_destination(incident: Incident, privacy: Privacy) -> Incident:
    """The incident with only what `privacy` allows."""
    allowed = privacy.fields
    location = incident.location if "location" in allowed else None
    return Incident(
        incident_id=incident.incident_id,
        agency=incident.agency,
        version=incident.version,
        sequence=incident.sequence,
        first_at=incident.first_at,
        last_at=incident.last_at,
        closed=incident.closed,
        practice=incident.practice,
        call_ids=incident.call_ids if "call_ids" in allowed else (),
        channel=incident.channel if "channel" in allowed else Channel.UNKNOWN,
        channel_code=incident.channel_code if "channel" in allowed else "",
        call_type=incident.call_type if "call_type" in allowed else None,
        priority=incident.priority if "priority" in allowed else None,
        priority_code=incident.priority_code if "priority" in allowed else "",
        disposition=incident.disposition if "disposition" in allowed else "",
        location=None if location is None else for_precision(location, privacy.location),
        callback=incident.callback if "callback" in allowed else "",
        caller=_caller(incident.caller, allowed),
        answers=incident.answers if "answers" in allowed else (),
        notes=tuple(_notes(incident, privacy)) if "narrative" in allowed else (),
        units=incident.units if "units" in allowed else (),
    )


def _caller(caller: Caller, allowed: frozenset[str]) -> Caller:
    shown = caller if "caller.facts" in allowed else Caller()
    return replace(shown, name=caller.name if "caller.name" in allowed else "")


def _notes(incident: Incident, privacy: Privacy) -> Iterator[Note]:
    """The notes that have anything left to say, in order."""
    struck = _struck(incident, privacy)
    with_author = "narrative.author" in privacy.fields
    for note in incident.notes:
        text = without_returns(note.text)
        for pattern in struck:
            text = pattern.sub(STRUCK, text)
        if text:
            yield replace(note, text=text, author=note.author if with_author else "")


def _struck(incident: Incident, privacy: Privacy) -> list[re.Pattern[str]]:
    """What to strike from the narrative for this destination."""
    allowed, precision = privacy.fields, privacy.location if "location" in privacy.fields else Precision.NONE
    patterns, known = [], set[str]()
    if "callback" not in allowed:
        patterns.append(_PHONE)
        known.add(incident.callback)
    if "caller.name" not in allowed:
        name = incident.caller.name
        known |= {name, *(part for part in name.split() if len(part) >= _SHORTEST_NAME_STRUCK)}
    if precision is not Precision.EXACT:
        patterns.append(_COORDINATE)
        if incident.location is not None:
            names = _EXACT_NAMES if precision is Precision.BLOCK else _EXACT_NAMES + _ROAD_NAMES
            known |= {incident.location.civic.get(name, "") for name in names}
            known.add(incident.location.text)
    if longest_first := sorted(filter(None, map(str.strip, known)), key=len, reverse=True):
        either = "|".join(map(re.escape, longest_first))
        patterns.insert(0, re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE))
    return patterns
