"""One CAD event: what a CAD system says about an incident, in the field's words.

Local codes stay beside every mapped value, because a mapping can be wrong and the code is the evidence.
Times are aware datetimes that keep the offset they came with (RFC 3339; NENA-STA-021.1b).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bridge.domain.ids import AgencyId, EventId, IncidentId


class EventKind(StrEnum):
    """What happened to the incident."""

    UNKNOWN = "UNKNOWN"
    CREATED = "CREATED"
    CHANGED = "CHANGED"
    NOTE_ADDED = "NOTE_ADDED"
    UNIT_STATUS = "UNIT_STATUS"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


class Channel(StrEnum):
    """The way in. The dialled number or the source tells it. A new one goes last: the index travels."""

    UNKNOWN = "UNKNOWN"
    NINE_ONE_ONE = "NINE_ONE_ONE"
    NON_EMERGENCY_LINE = "NON_EMERGENCY_LINE"
    DIRECT_LINE = "DIRECT_LINE"
    OFFICER = "OFFICER"  # an officer refers it
    ON_VIEW = "ON_VIEW"
    NINE_EIGHT_EIGHT = "NINE_EIGHT_EIGHT"
    SELF_INITIATED = "SELF_INITIATED"
    WEB_FORM = "WEB_FORM"
    THREE_ONE_ONE = "THREE_ONE_ONE"
    TWO_ONE_ONE = "TWO_ONE_ONE"
    HOTLINE = "HOTLINE"  # another one than 988
    FRONT_DESK = "FRONT_DESK"
    SENSOR = "SENSOR"  # a gunshot sensor, an alarm
    FOLLOW_UP = "FOLLOW_UP"  # a second response to a call that was closed


class Answer(StrEnum):
    """An unanswered question is UNKNOWN, which is never a no."""

    UNKNOWN = "UNKNOWN"
    YES = "YES"
    NO = "NO"


class LocationSource(StrEnum):
    """How the place became known (PIDF-LO `method`, RFC 4119 and the IANA registry, shortened)."""

    UNKNOWN = "UNKNOWN"
    GPS = "GPS"
    A_GPS = "A_GPS"
    CELL = "CELL"
    WIFI = "WIFI"
    TRIANGULATION = "TRIANGULATION"
    MANUAL = "MANUAL"
    CALLER = "CALLER"


class AuthorRole(StrEnum):
    """Who wrote a note."""

    UNKNOWN = "UNKNOWN"
    CALL_TAKER = "CALL_TAKER"
    DISPATCHER = "DISPATCHER"
    SUPERVISOR = "SUPERVISOR"
    OFFICER = "OFFICER"
    RESPONDER = "RESPONDER"
    COUNSELLOR = "COUNSELLOR"
    SYSTEM = "SYSTEM"


class CautionAbout(StrEnum):
    """What a caution note is attached to."""

    UNKNOWN = "UNKNOWN"
    ADDRESS = "ADDRESS"
    NUMBER = "NUMBER"
    PERSON = "PERSON"


class UnitStatus(StrEnum):
    """EIDO secondary unit status (NENA-STA-021.1b), the ones of use here."""

    UNKNOWN = "UNKNOWN"
    DISPATCHED = "DISPATCHED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    EN_ROUTE = "EN_ROUTE"
    STAGING = "STAGING"
    ON_SCENE = "ON_SCENE"
    PATIENT_CONTACT = "PATIENT_CONTACT"
    TRANSPORTING = "TRANSPORTING"
    CLEARED = "CLEARED"
    CANCELLED = "CANCELLED"
    BACKUP = "BACKUP"
    IN_SERVICE = "IN_SERVICE"


@dataclass(frozen=True, slots=True)
class CallType:
    """The type as CAD has it; `determinant` is an EMD/EPD code such as `25-A-1`, normalised."""

    code: str
    text: str = ""
    determinant: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """Where. Civic address by PIDF-LO element names (A3 city, HNO, RD ...); WGS 84 degrees; metres."""

    civic: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    uncertainty_m: float | None = None
    confidence_percent: int | None = None
    source: LocationSource = LocationSource.UNKNOWN
    source_code: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of the caller. Three-valued, because nobody asked is not a no."""

    name: str = ""
    first_party: Answer = Answer.UNKNOWN
    on_the_line: Answer = Answer.UNKNOWN
    age: int | None = None
    consent: Answer = Answer.UNKNOWN
    wants_police: Answer = Answer.UNKNOWN
    language: str = ""


@dataclass(frozen=True, slots=True)
class CodedAnswer:
    """One question of the protocol and its answer; `question` is a code such as `weapon`."""

    question: str
    answer: Answer
    code: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One remark as typed. `number` is CAD's own numbering, if it has one."""

    text: str
    at: datetime | None = None
    author: str = ""
    role: AuthorRole = AuthorRole.UNKNOWN
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One responding unit and its last status."""

    unit_id: str
    status: UnitStatus = UnitStatus.UNKNOWN
    status_code: str = ""
    kind: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """A standing note that CAD raised with the call; `code` is CAD's own, `at` when it was entered."""

    code: str
    about: CautionAbout = CautionAbout.UNKNOWN
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriorCall:
    """An earlier incident at the address, as CAD lists it: its number, type, time and outcome."""

    incident_id: str
    call_type: str = ""
    at: datetime | None = None
    disposition: str = ""


@dataclass(frozen=True, slots=True)
class CadEvent:
    """One message about one incident. `None` and empty mean "not said in this message", never "no"."""

    event_id: EventId
    incident_id: IncidentId
    agency: AgencyId
    kind: EventKind
    at: datetime
    kind_code: str = ""
    call_id: str = ""
    sequence: int | None = None
    channel: Channel = Channel.UNKNOWN
    channel_code: str = ""
    call_type: CallType | None = None
    priority: int | None = None
    priority_code: str = ""
    disposition: str = ""
    location: Location | None = None
    callback: str = ""
    caller: Caller | None = None
    answers: tuple[CodedAnswer, ...] = ()
    notes: tuple[Note, ...] = ()
    units: tuple[Unit, ...] = ()
    practice: bool = False
    cautions: tuple[Caution, ...] = ()
    prior_calls: tuple[PriorCall, ...] = ()
