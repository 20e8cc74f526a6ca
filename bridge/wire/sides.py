"""What signals and returns carry of things beside a transfer: a leg, a rescue, a destination's own state."""

from bridge.domain.cad import Answer
from bridge.domain.ids import IncidentId
from bridge.domain.leg import LegWanted
from bridge.domain.presence import SaidState
from bridge.domain.rescue import RescueWanted
from bridge.wire.facts import Optional
from bridge.wire.moments import Record, read_optional_moment, write_optional_moment
from bridge.wire.symbols import (
    ANSWERS,
    CONSENTS,
    INDEX_OF_ANSWER,
    INDEX_OF_CONSENT,
    INDEX_OF_LEG_KIND,
    INDEX_OF_MODE,
    INDEX_OF_QUEUE_STATE,
    INDEX_OF_WHO_FOR,
    INDEX_OF_WHY,
    LEG_KINDS,
    MODES,
    QUEUE_STATES,
    WHO_FOR,
    WHYS,
)

_STAFFED = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}
_ANSWER = {staffed: answer for answer, staffed in _STAFFED.items()}


def read_leg(record: Record | None) -> LegWanted | None:
    """The leg that is asked for."""
    if record is None:
        return None
    return LegWanted(
        LEG_KINDS[record["kind"]],
        MODES[record["mode"]],
        WHYS[record["why"]],
        record["unit_id"],
        IncidentId(record["linked"]) if record["linked"] else None,
        record["linked_agency"],
    )


def write_leg(said: LegWanted | None) -> Optional:
    """Its record, named."""
    if said is None:
        return None
    return (
        "org.bridge911.LegWanted",
        {
            "kind": INDEX_OF_LEG_KIND[said.kind],
            "mode": INDEX_OF_MODE[said.mode],
            "why": INDEX_OF_WHY[said.why],
            "unit_id": said.unit_id,
            "linked": said.linked or "",
            "linked_agency": said.linked_agency,
        },
    )


def read_rescue(record: Record | None) -> RescueWanted | None:
    """What a hotline says when it asks for help."""
    if record is None:
        return None
    return RescueWanted(
        CONSENTS[record["consent"]],
        ANSWERS[record["attempt_in_progress"]],
        WHO_FOR[record["who_for"]],
        record["counsellor"],
        record["counsellor_line"],
        record["address_ip"],
        record["place"],
        record["basis"],
        record["part_2"],
    )


def write_rescue(said: RescueWanted | None) -> Optional:
    """Its record, named."""
    if said is None:
        return None
    return (
        "org.bridge911.RescueWanted",
        {
            "consent": INDEX_OF_CONSENT[said.consent],
            "attempt_in_progress": INDEX_OF_ANSWER[said.attempt_in_progress],
            "who_for": INDEX_OF_WHO_FOR[said.who_for],
            "counsellor": said.counsellor,
            "counsellor_line": said.counsellor_line,
            "address_ip": said.address_ip,
            "place": said.place,
            "basis": said.basis,
            "part_2": said.part_2,
        },
    )


def read_state(record: Record | None) -> SaidState | None:
    """What a destination says of itself."""
    if record is None:
        return None
    return SaidState(
        QUEUE_STATES[record["queue"]],
        _STAFFED[ANSWERS[record["staffed"]]],
        record["stated_wait"],
        read_optional_moment(record["away_from"]),
        read_optional_moment(record["away_until"]),
    )


def write_state(said: SaidState | None) -> Optional:
    """Its record, named."""
    if said is None:
        return None
    return (
        "org.bridge911.SaidState",
        {
            "queue": INDEX_OF_QUEUE_STATE[said.queue],
            "staffed": INDEX_OF_ANSWER[_ANSWER[said.staffed]],
            "stated_wait": None if said.stated_wait is None else ("double", said.stated_wait),
            "away_from": write_optional_moment(said.away_from),
            "away_until": write_optional_moment(said.away_until),
        },
    )
