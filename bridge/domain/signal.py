"""A signal: what somebody did, who says so, and when they say it happened.

Most signals are about a transfer. Others are about a leg of a tandem, a consult, a rescue, a call that began
at a hotline, or a destination's own state; `ABOUT` says which. Whatever it is about, it is one message of
one kind, and comes by Kafka or by HTTP with the same effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.domain.cad import CadEvent
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, SignalId, TransferId
from bridge.domain.leg import LegWanted
from bridge.domain.presence import SaidState
from bridge.domain.rescue import RescueWanted


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
    # Beside a transfer: kept, and told, and the transfer stays where it is.
    CALLER_TOLD = "caller_told"
    IDENTITY_GIVEN = "identity_given"
    HANDED_ON = "handed_on"
    POLICE_FOLLOW_UP = "police_follow_up"
    TEAM_SENT = "team_sent"
    TEAM_ON_SCENE = "team_on_scene"
    TEAM_CLEARED = "team_cleared"
    # About an incident.
    PROPOSED = "proposed"
    # About a leg, or about all legs of an incident.
    LEG_REQUESTED = "leg_requested"
    LEG_ASSIGNED = "leg_assigned"
    LEG_EN_ROUTE = "leg_en_route"
    LEG_STAGED = "leg_staged"
    LEG_ON_SCENE = "leg_on_scene"
    LEG_CLEARED = "leg_cleared"
    LEG_CANCELLED = "leg_cancelled"
    LEG_DECLINED = "leg_declined"
    SCENE_SAFE = "scene_safe"
    BACKUP = "backup"
    STAND_DOWN = "stand_down"
    INCIDENTS_LINKED = "incidents_linked"
    # About a consult.
    CONSULT_ASKED = "consult_asked"
    CONSULT_JOINED = "consult_joined"
    CONSULT_ENDED = "consult_ended"
    CONSULT_UNAVAILABLE = "consult_unavailable"
    # About a call that began at a hotline.
    CALL_OPENED = "call_opened"
    REFERRED = "referred"
    AWARENESS = "awareness"
    # About a rescue.
    HELP_REQUESTED = "help_requested"
    HELP_TAKEN = "help_taken"
    HELP_SENT = "help_sent"
    CONTACT_CONFIRMED = "contact_confirmed"
    NOT_FOUND = "not_found"
    HOTLINE_TOLD = "hotline_told"
    HELP_CANCELLED = "help_cancelled"
    # About a destination.
    STATE_SET = "state_set"
    HEARTBEAT = "heartbeat"


class About(StrEnum):
    """What a signal is about."""

    TRANSFER = "transfer"
    BESIDE = "beside"
    INCIDENT = "incident"
    LEG = "leg"
    CONSULT = "consult"
    OWN_CALL = "own_call"
    RESCUE = "rescue"
    DESTINATION = "destination"


K = SignalKind

_ABOUT: Mapping[About, tuple[SignalKind, ...]] = {
    About.BESIDE: (
        K.CALLER_TOLD,
        K.IDENTITY_GIVEN,
        K.HANDED_ON,
        K.POLICE_FOLLOW_UP,
        K.TEAM_SENT,
        K.TEAM_ON_SCENE,
        K.TEAM_CLEARED,
    ),
    About.INCIDENT: (K.PROPOSED,),
    About.LEG: (
        K.LEG_REQUESTED,
        K.LEG_ASSIGNED,
        K.LEG_EN_ROUTE,
        K.LEG_STAGED,
        K.LEG_ON_SCENE,
        K.LEG_CLEARED,
        K.LEG_CANCELLED,
        K.LEG_DECLINED,
        K.SCENE_SAFE,
        K.BACKUP,
        K.STAND_DOWN,
        K.INCIDENTS_LINKED,
    ),
    About.CONSULT: (K.CONSULT_ASKED, K.CONSULT_JOINED, K.CONSULT_ENDED, K.CONSULT_UNAVAILABLE),
    About.OWN_CALL: (K.CALL_OPENED, K.REFERRED, K.AWARENESS),
    About.RESCUE: (
        K.HELP_REQUESTED,
        K.HELP_TAKEN,
        K.HELP_SENT,
        K.CONTACT_CONFIRMED,
        K.NOT_FOUND,
        K.HOTLINE_TOLD,
        K.HELP_CANCELLED,
    ),
    About.DESTINATION: (K.STATE_SET, K.HEARTBEAT),
}

ABOUT: Mapping[SignalKind, About] = {
    **dict.fromkeys(SignalKind, About.TRANSFER),
    **{kind: about for about, kinds in _ABOUT.items() for kind in kinds},
}
"""What each kind of signal is about. DEADLINE is also given to legs, consults and rescues, by the clock."""


class Speaker(StrEnum):
    """Who may say a thing: 911, the destination, or the bridge's own clock, screening and channels."""

    NINE_ONE_ONE = "911"
    DESTINATION = "destination"
    BRIDGE = "bridge"


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. `reason` is a code of a closed list, `text` free words (sealed like a narrative).

    `speaker_id` is the destination's id when a destination speaks, an agent or agency otherwise.
    `said_at` is their clock; the ledger keeps when we heard it beside it. `subject` is the leg, consult or
    rescue it is about. `prefers` is the destination that it names: who should be asked next, or instead.
    `learnt` is what was learnt of a call that goes back, by the fields of `learnt.FIELDS`.
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
    subject: str = ""
    follow_up_at: datetime | None = None
    leg: LegWanted | None = None
    rescue: RescueWanted | None = None
    call: CadEvent | None = None
    state: SaidState | None = None
    learnt: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> About:
        """What it is about."""
        return ABOUT[self.kind]

    @property
    def said_by(self) -> str:
        """Which side spoke and who there, as the audit and the legs name them."""
        return f"{self.speaker.value}:{self.speaker_id}"
