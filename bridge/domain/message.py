"""What leaves the building, before it is bytes.

An offer and its updates go to a destination, a return to 911's CAD, a status to everybody who watches.
A status never carries a caller's words, number, place or name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.domain.cad import Channel
from bridge.domain.decision import PolicyRef, Reason, TransferKind, Verdict
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, MessageId, TransferId
from bridge.domain.incident import Incident
from bridge.domain.leg import LegWanted
from bridge.domain.rescue import RescueWanted


class OfferKind(StrEnum):
    """What a message on a destination's topic says."""

    OFFER = "OFFER"
    UPDATE = "UPDATE"
    WITHDRAWN = "WITHDRAWN"
    DANGER = "DANGER"
    REFUSED = "REFUSED"
    ENDED = "ENDED"
    TAKEN = "TAKEN"
    NEWS = "NEWS"
    CONSULT = "CONSULT"


@dataclass(frozen=True, slots=True)
class Offer:
    """One numbered message to the destination of a transfer.

    `facts` is the incident as this destination may see it (already filtered by its privacy profile),
    or None where the kind carries none. `sequence` starts at 1 and has no gaps per transfer.
    `answer_topic` is where signals are expected; `deadline` is when the offer ends by itself. A `sequence`
    of 0 stands outside the order: it answers one of several that were all told, or is of no transfer, as news
    and a consult can be. `subject` is the leg, consult, rescue or transfer that news is about, and `state`
    what that has come to. `notice` is what the law wants said along with it (42 CFR Part 2).
    """

    message_id: MessageId
    transfer_id: TransferId
    sequence: int
    kind: OfferKind
    agency: AgencyId
    incident_id: IncidentId
    destination: DestinationId
    sent_at: datetime
    transfer_kind: TransferKind
    policy: PolicyRef
    reasons: tuple[Reason, ...] = ()
    deadline: datetime | None = None
    facts: Incident | None = None
    reason: str = ""
    answer_topic: str = ""
    practice: bool = False
    subject: str = ""
    state: str = ""
    text: str = ""
    notice: str = ""


class ReturnKind(StrEnum):
    """What `cad.returns` tells 911."""

    RECOMMENDATION = "RECOMMENDATION"
    OFFERED = "OFFERED"
    HELD = "HELD"
    ENDED = "ENDED"
    RETURN_ASKED = "RETURN_ASKED"
    DANGER = "DANGER"
    REMINDER = "REMINDER"
    ALARM = "ALARM"
    LATE_SIGNAL = "LATE_SIGNAL"
    OUTCOME = "OUTCOME"
    UNREADABLE = "UNREADABLE"
    NOBODY_FREE = "NOBODY_FREE"
    CALL_OPENED = "CALL_OPENED"
    AWARENESS = "AWARENESS"
    HELP = "HELP"
    LEG = "LEG"
    CONSULT = "CONSULT"
    FOLLOW_UP = "FOLLOW_UP"
    SUPERVISOR = "SUPERVISOR"
    TEAM = "TEAM"


@dataclass(frozen=True, slots=True)
class Return:
    """One message to 911's CAD. `holder` is who has the caller now. `text` is what was learnt.

    `say` is for the call taker to tell the caller; `retype` is the type that the call should have in CAD.
    `subject` is the leg, consult or rescue it is about, `leg` what is asked for and `rescue` what a hotline
    says of the danger. `facts` are of a call that began at a hotline: no more than a rescue needs. `notice`
    is what the law wants said along with them. `channel` is the way in, `channel_code` the number that
    was dialled or CAD's code of the way in.
    """

    message_id: MessageId
    kind: ReturnKind
    agency: AgencyId
    incident_id: IncidentId
    sequence: int
    sent_at: datetime
    holder: str
    verdict: Verdict | None = None
    reasons: tuple[Reason, ...] = ()
    policy: PolicyRef | None = None
    transfer_id: TransferId | None = None
    destination: DestinationId | None = None
    state: str = ""
    reason: str = ""
    text: str = ""
    outcome: str = ""
    return_to: str = ""
    next_destination: DestinationId | None = None
    deadline: datetime | None = None
    practice: bool = False
    say: str = ""
    retype: str = ""
    subject: str = ""
    leg: LegWanted | None = None
    rescue: RescueWanted | None = None
    facts: Incident | None = None
    notice: str = ""
    learnt: Mapping[str, str] = field(default_factory=dict)
    channel: Channel = Channel.UNKNOWN
    channel_code: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """One change, for everybody who watches: ids, states, holder, clauses and times only."""

    message_id: MessageId
    agency: AgencyId
    incident_id: IncidentId
    sequence: int
    at: datetime
    change: str
    holder: str
    verdict: Verdict | None = None
    clauses: tuple[str, ...] = ()
    policy: PolicyRef | None = None
    transfer_id: TransferId | None = None
    destination: DestinationId | None = None
    state: str = ""
    reason: str = ""
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that could not be read: where it lies and why, never what is in it.

    `length` in bytes, 0 for a tombstone; `sha256` of the value in hexadecimal.
    """

    topic: str
    partition: int
    offset: int
    reason: str
    length: int
    sha256: str
    received_at: datetime

    @property
    def message_id(self) -> MessageId:
        """The record's place: a record is announced under one id."""
        return MessageId(f"{self.topic}/{self.partition}/{self.offset}")
