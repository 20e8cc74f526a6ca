"""What crosses the ledger's door: rows as plain values.

`LockedIncident` is one incident while a turn works on it under its lock; handling changes it freely and
the ledger writes what it became. Nothing here knows SQL.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bridge.domain.cad import Channel
from bridge.domain.consult import Consult
from bridge.domain.decision import Decision
from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import NINE_ONE_ONE, AgencyId, ConsultId, DestinationId, LegId, RescueId, TransferId
from bridge.domain.incident import Incident
from bridge.domain.leg import Leg
from bridge.domain.presence import Presence
from bridge.domain.record import Place
from bridge.domain.rescue import Rescue
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import HOLDING, WAITING
from bridge.ledger.sealing import DataKey


@dataclass(slots=True)
class LockedIncident:
    """One incident under its lock, with its transfers that are under way and its latest, by id.

    `holder` is who has the caller. Legs, consults and rescues are all there, by id. `opened_by` is the
    destination at which the call began, empty where it began at 911. It is sealed again only when `touched`.
    `again_at` is when it is to be screened again by itself, should it still wait then; `screenings` is how
    often its version was, and is known of those that are due. `passed_over` could not be asked, and are asked
    when they are back. `linked`: it is one happening with another incident.
    """

    key: str
    incident: Incident
    data_key: DataKey
    verdict: str | None = None
    clauses: tuple[str, ...] = ()
    route: tuple[DestinationId, ...] = ()
    asked: tuple[DestinationId, ...] = ()
    settled: bool = False
    budget_until: datetime | None = None
    again_at: datetime | None = None
    messages: int = 0
    audit_number: int = 0
    audit_head: bytes = b""
    holder: str = NINE_ONE_ONE
    opened_by: str = ""
    transfers: dict[TransferId, Transfer] = field(default_factory=dict)
    legs: dict[LegId, Leg] = field(default_factory=dict)
    consults: dict[ConsultId, Consult] = field(default_factory=dict)
    rescues: dict[RescueId, Rescue] = field(default_factory=dict)
    passed_over: tuple[DestinationId, ...] = ()
    linked: bool = False
    screenings: int = 0
    touched: bool = False
    is_new: bool = False

    @property
    def latest(self) -> Transfer | None:
        """The transfer that was made last."""
        return max(self.transfers.values(), key=lambda transfer: transfer.attempt, default=None)

    @property
    def waiting(self) -> Transfer | None:
        """The transfer that asks somebody just now, if one does."""
        return next((each for each in self.transfers.values() if each.state in WAITING), None)

    @property
    def holding(self) -> Transfer | None:
        """The transfer that holds the call, if one does; while it hands the call on, another waits."""
        return next((each for each in self.transfers.values() if each.state in HOLDING), None)

    @property
    def active(self) -> Transfer | None:
        """The transfer that is under way, if one is: the one that waits before the one that holds."""
        return self.waiting or self.holding

    def next_message(self) -> int:
        """The next message number of this incident: the order in which everybody is told."""
        self.messages += 1
        return self.messages


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """The decision of one screening of one version. The first rests on a record, others on time.

    `referred_type` is the call's type where an officer refers it, and empty otherwise.
    """

    incident_key: str
    version: int
    decision: Decision
    place: Place | None
    screening: int = 1
    channel: Channel = Channel.UNKNOWN
    referred_type: str = ""
    practice: bool = False

    @classmethod
    def of(cls, held: LockedIncident, decision: Decision, place: Place | None) -> "DecisionRow":
        """The decision on the incident as it stands."""
        incident = held.incident
        by_officer = incident.channel is Channel.OFFICER and incident.call_type is not None
        return cls(
            held.key,
            incident.version,
            decision,
            place,
            held.screenings,
            channel=incident.channel,
            referred_type=incident.call_type.code if by_officer and incident.call_type else "",
            practice=incident.practice,
        )


@dataclass(frozen=True, slots=True)
class Pass:
    """One caller went from one holder to another. `caller` is a keyed hash of the number."""

    agency: AgencyId
    caller: bytes
    transfer_id: TransferId
    from_holder: str
    to_holder: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What is answered over HTTP to the request with this SHA-256; it is sealed under a key of its own."""

    speaker: str
    idempotency: str
    request: bytes
    status: int
    body: bytes
    data_key: DataKey


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message as it will leave, byte for byte."""

    message_id: str
    incident_key: str | None
    transfer_id: TransferId | None
    carries: str
    kind: str
    destination: str
    channel: str
    address: str
    order_key: str
    number: int
    key: bytes
    headers: tuple[tuple[str, bytes], ...]
    content: bytes
    data_key: DataKey
    give_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeasedMessage:
    """A message this worker alone may send until the lease ends (seconds from when it was asked for)."""

    message_id: str
    transfer_id: TransferId | None
    carries: str
    kind: str
    destination: str
    channel: str
    address: str
    order_key: str
    key: bytes
    headers: tuple[tuple[str, bytes], ...]
    content: bytes
    attempt: int


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What came of one attempt. `answer` is the channel's word, never content; `again_in` seconds."""

    message_id: str
    attempt: int
    state: DeliveryState
    answer: str = ""
    again_in: float = 0.0


@dataclass(frozen=True, slots=True)
class ClosedDelivery:
    """A delivery after an attempt, as the ledger has it now."""

    message_id: str
    state: DeliveryState
    destination: str
    carries: str
    kind: str
    transfer_id: TransferId | None
    incident_key: str | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One link of an incident's chain: what changed, who said so, who holds the call since."""

    incident_key: str
    number: int
    at: datetime
    what: str
    holder: str
    transfer_id: str = ""
    from_state: str = ""
    to_state: str = ""
    signal_id: str = ""
    speaker: str = ""
    said_at: datetime | None = None
    clauses: tuple[str, ...] = ()
    reason: str = ""
    hash: bytes = b""


@dataclass(slots=True)
class Changes:
    """Everything one turn changed, in order."""

    incidents: dict[str, LockedIncident] = field(default_factory=dict)
    decisions: list[DecisionRow] = field(default_factory=list)
    transfers: dict[TransferId, tuple[str, Transfer]] = field(default_factory=dict)
    messages: list[OutboxRow] = field(default_factory=list)
    audit: list[AuditRow] = field(default_factory=list)
    legs: dict[LegId, tuple[str, Leg]] = field(default_factory=dict)
    consults: dict[ConsultId, tuple[str, Consult]] = field(default_factory=dict)
    rescues: dict[RescueId, tuple[str, Rescue]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    passes: list[Pass] = field(default_factory=list)
    answers: list[AnswerRow] = field(default_factory=list)
    presences: dict[DestinationId, Presence] = field(default_factory=dict)
    passed_over: dict[str, tuple[DestinationId, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gauges:
    """What waits: (destination, messages, seconds since 1970 of the oldest), and what is broken."""

    outbox: tuple[tuple[str, int, float], ...]
    oldest_open_transfer: float
    broken: dict[str, int]
