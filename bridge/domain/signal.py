"""A signal: what somebody did about a transfer, who says so, and when they say it happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, SignalId, TransferId


class SignalKind(StrEnum):
    """What happened. Codes mirror the conveyance draft: 180 alerting, 182 queued, 603 declined ..."""

    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ALERTING = "alerting"
    QUEUED = "queued"
    ANSWERED = "answered"
    VOICE_CONTACT = "voice_contact"
    CLAIMED = "claimed"
    RELEASED = "released"
    DECLINED = "declined"
    DELIVERY_FAILED = "delivery_failed"
    HUNG_UP = "hung_up"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    DANGER = "danger"
    RETURN_ASKED = "return_asked"
    RETURN_TAKEN = "return_taken"
    CLOSED = "closed"
    DEADLINE = "deadline"


class Speaker(StrEnum):
    """Who may say a thing: 911, the destination, or the bridge's own clock, screening and channels."""

    NINE_ONE_ONE = "911"
    DESTINATION = "destination"
    BRIDGE = "bridge"


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. `reason` is a code of a closed list, `text` free words (sealed like a narrative).

    `speaker_id` is the destination's id when a destination speaks, an agent or agency otherwise.
    `said_at` is their clock; the ledger keeps when we heard it beside it.
    """

    signal_id: SignalId
    transfer_id: TransferId
    incident_id: IncidentId
    agency: AgencyId
    kind: SignalKind
    speaker: Speaker
    speaker_id: str
    said_at: datetime
    reason: str = ""
    text: str = ""
    outcome: str = ""
    return_to: str = ""
    prefers: DestinationId | None = None
    callback_agreed: bool = False
