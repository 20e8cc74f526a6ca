"""The closed lists of codes that people choose from: why, what became of the call, and who should take it.

What somebody says in other words is kept with the free text, so that whoever counts later can count. A code
may go on after a colon with a code of the agency's own: `referred:shelter`, `other:2b`.
"""

from collections.abc import Mapping

from bridge.domain.signal import SignalKind

K = SignalKind

OTHER = "other"

_NOT_FOR_US = ("out_of_scope", "out_of_area", "not_ours", "language", "age", "unsafe", "danger")
_NOT_NOW = ("full", "busy", "closed", "no_team", "technical")
_BACK = (
    "caller_asks_for_police",
    "danger",
    "medical",
    "fire",
    "needs_exceed",
    "no_contact",
    "non_urgent_police",
    "capacity",
    "imminent_risk",
    "wrong_destination",
)

REASONS: Mapping[SignalKind, frozenset[str]] = {
    kind: frozenset({"", OTHER, *codes})
    for kind, codes in {
        K.REJECTED: (
            "caller_refuses_transfer",
            "caution",
            "danger",
            "not_suitable",
            "police_wanted",
            "medical",
        ),
        K.DECLINED: (*_NOT_FOR_US, *_NOT_NOW, "caller_refuses", "elsewhere"),
        K.RECALLED: (
            "caution",
            "danger",
            "police_wanted",
            "medical",
            "worse",
            "wrong_destination",
            "too_long",
        ),
        K.WITHDRAWN: (
            "no_longer_needed",
            "changed_mind",
            "no_police_confirmed_once",
            "no_police_confirmed_twice",
        ),
        K.RETURN_ASKED: _BACK,
        K.POLICE_FOLLOW_UP: ("report", "property", "statement", "trespass_notice", "custody", "safety_check"),
        K.HANDED_ON: ("team_needed", "clinician_needed", "navigator", "language", "area", "next_step"),
        K.PROPOSED: ("call_taker", "caller_asks", "queue_review", "supervisor"),
        K.REFERRED: ("capacity", "visit_needed"),
        K.LEG_REQUESTED: ("caution", "danger", "joint", "medical", "police_only", "relief"),
        K.BACKUP: ("danger", "medical", "more_people", "caution"),
    }.items()
}
"""SIGNAL -> the codes of its `reason`. Signals that are not named carry no reason of a list."""

OUTCOMES: Mapping[str, str] = {
    "resolved_by_phone": "It was settled on the telephone.",
    "team_sent": "A team was sent.",
    "referred": "Somebody was referred on; the code says where.",
    "appointment_made": "An appointment was made.",
    "transported_voluntary": "Somebody was taken somewhere, and wished to be.",
    "transported_involuntary": "Somebody was taken somewhere against their will.",
    "caller_refused": "The caller wanted no help.",
    "no_contact": "Nobody was reached.",
    "no_person_found": "Nobody was there.",
    "commitment": "Somebody was committed.",
    "arrest": "Somebody was arrested.",
    "co_notification": "The hotline closed it, and police or EMS were told as well.",
    "handed_on": "Another destination has the call.",
    OTHER: "Something else; the code says what.",
}
"""What became of a call that was closed, and the sentence for people."""

RETURN_TO = frozenset({"", "police", "ems", "fire", "311", "211", OTHER})
"""Who should take a call that comes back: often they are other call takers."""


def is_reason(kind: SignalKind, code: str) -> bool:
    """Whether this is a reason that such a signal may carry; one that has no list takes any code."""
    known = REASONS.get(kind)
    return known is None or _head(code) in known


def outcome_of(code: str) -> str:
    """The outcome as it counts: a code that is not of the list goes on behind `other`."""
    return code if not code or _head(code) in OUTCOMES else f"{OTHER}:{code}"


def return_to_of(code: str) -> str:
    """Who should take the call, as it counts."""
    return code if _head(code) in RETURN_TO else f"{OTHER}:{code}"


def _head(code: str) -> str:
    return code.partition(":")[0]
