"""The clauses that no policy writes: what the bridge itself says of a call, with a sentence for people.

`answer.missing.` is followed by the code of the question nobody answered, `destination.*.` by the id of the
destination that is passed over.
"""

from collections.abc import Mapping

ANSWER_MISSING = "answer.missing."
CALLER_AGE_OUTSIDE = "caller.age_outside"
CALLER_AGE_UNKNOWN = "caller.age_unknown"
CALLER_CONSENT_REFUSED = "caller.consent_refused"
CALLER_CONSENT_UNKNOWN = "caller.consent_unknown"
CALLER_NOT_FIRST_PARTY = "caller.not_first_party"
CALLER_PARTY_UNKNOWN = "caller.party_unknown"
CALLER_WANTS_POLICE = "caller.wants_police"
CHANNEL_RECORDED = "channel.recorded"
DESTINATION_CLOSED = "destination.closed."
DESTINATION_FULL = "destination.full."
DESTINATION_NONE_OPEN = "destination.none_open"
DESTINATION_OUT_OF_SERVICE = "destination.out_of_service."
DESTINATION_OTHER_KIND = "destination.other_kind."
DESTINATION_SILENT = "destination.silent."
DESTINATION_UNKNOWN = "destination.unknown."
DESTINATION_UNSTAFFED = "destination.unstaffed."
DETERMINANT_UNREADABLE = "determinant.unreadable"
DISTRICT_OUTSIDE = "district.outside"
DISTRICT_UNKNOWN = "district.unknown"
HOURS_CLOSED = "hours.closed"
INCIDENT_CLOSED = "incident.closed"
NARRATIVE_UNREADABLE = "narrative.unreadable"
PLACE_OUTSIDE = "place.outside"
PLACE_UNKNOWN = "place.unknown"
POLICY_NONE = "policy.none"
POLICY_NOT_IN_FORCE = "policy.not_in_force"
SCOPE_NOT_MET = "scope.not_met"
TYPE_MISSING = "type.missing"
TYPE_UNKNOWN = "type.unknown"

UNABLE = (DESTINATION_FULL, DESTINATION_OUT_OF_SERVICE, DESTINATION_SILENT, DESTINATION_UNSTAFFED)
"""What passes a destination over for as long as it lasts: it is asked when it is back."""

BUILT_IN: Mapping[str, str] = {
    ANSWER_MISSING: "Nobody has answered this safety question yet.",
    CALLER_AGE_OUTSIDE: "The caller's age is outside the limits of this part of the policy.",
    CALLER_AGE_UNKNOWN: "The caller's age is not known, and this part of the policy has limits.",
    CALLER_CONSENT_REFUSED: "The caller does not consent, and this part of the policy needs consent.",
    CALLER_CONSENT_UNKNOWN: "Nobody has asked for the caller's consent yet.",
    CALLER_NOT_FIRST_PARTY: "The caller speaks for somebody else; this part of the policy needs the person.",
    CALLER_PARTY_UNKNOWN: "It is not known whether the caller is the person in need.",
    CALLER_WANTS_POLICE: "The caller asks for police.",
    CHANNEL_RECORDED: "The policy has calls that come in this way recorded, not screened.",
    DESTINATION_CLOSED: "This destination is closed at this hour.",
    DESTINATION_FULL: "This destination has as many calls as it can take.",
    DESTINATION_OUT_OF_SERVICE: "This destination says that it takes no calls now.",
    DESTINATION_OTHER_KIND: "This destination does not take this kind of transfer.",
    DESTINATION_SILENT: "Nothing was heard from this destination's system for longer than agreed.",
    DESTINATION_UNKNOWN: "The policy names this destination, and nobody has described it.",
    DESTINATION_UNSTAFFED: "This destination says that nobody is there.",
    DESTINATION_NONE_OPEN: "No destination of the policy is open to this call now.",
    DETERMINANT_UNREADABLE: "The protocol's determinant or its suffix is not one the policy knows.",
    DISTRICT_OUTSIDE: "The place is outside the districts of this part of the policy.",
    DISTRICT_UNKNOWN: "The district is not known, and this part of the policy is limited to some.",
    HOURS_CLOSED: "This part of the policy is not open at this hour.",
    INCIDENT_CLOSED: "The incident is closed.",
    NARRATIVE_UNREADABLE: "The narrative cannot be read reliably by machine.",
    PLACE_OUTSIDE: "No policy of the agency is for this place.",
    PLACE_UNKNOWN: "The place is not known, and the agency's policies are for parts of its ground.",
    POLICY_NONE: "The agency has no policy.",
    POLICY_NOT_IN_FORCE: "The policy is not in force yet.",
    SCOPE_NOT_MET: "The policy mentions this call type, but not with this field, channel or narrative.",
    TYPE_MISSING: "CAD has not said a call type yet.",
    TYPE_UNKNOWN: "No clause of the policy mentions this call type.",
}
"""Clause id -> sentence. A policy's own clauses must not take these ids."""
