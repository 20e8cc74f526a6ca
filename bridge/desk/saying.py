"""What people say over HTTP: the bodies of requests, each checked before anything is done.

Codes are of closed lists. Words are taken as they are and sealed like a narrative. A field that nobody knows
is refused, because whoever sent it meant something by it.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bridge.domain.cad import Answer, Caller, CallType, Channel, CodedAnswer, Location
from bridge.domain.learnt import FIELDS
from bridge.domain.leg import LegKind, LegWanted, Mode, Why
from bridge.domain.presence import QueueState
from bridge.domain.rescue import Consent, WhoFor


def _no_controls(text: str) -> str:
    if any(ord(each) < 32 and each not in "\t\n\r" for each in text):
        raise ValueError("holds control characters")
    return text


def _plausible(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2200:
        raise ValueError("is no time of a call")
    return at.astimezone(UTC)


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:@-]{1,200}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,100}$")]
AgencyCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/, -]{0,100}$")]
OwnChannel = Literal[Channel.HOTLINE, Channel.NINE_EIGHT_EIGHT, Channel.THREE_ONE_ONE, Channel.TWO_ONE_ONE]
Words = Annotated[str, Field(max_length=8000), AfterValidator(_no_controls)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_no_controls)]
Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]


class Said(BaseModel):
    """What every request may say. `at` is the speaker's clock; 911 may say who spoke with `by`."""

    model_config = ConfigDict(extra="forbid")

    at: Moment | None = None
    by: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:@-]{0,100}$")] = ""
    text: Words = ""


class Because(Said):
    """Why, as a code of the closed list of the kind."""

    reason: Code = ""


class Claim(Said):
    """`callback_agreed`: the caller hung up and agreed to be called back."""

    callback_agreed: bool = False


class Decline(Because):
    """`prefers` is the destination that should be asked instead."""

    prefers: Id | None = None


class Redirect(Because):
    """To whom the call should go instead."""

    prefers: Id


class HandOn(Because):
    """To whom a destination hands its call on; it keeps the caller until they have them."""

    destination: Id


class Return(Because):
    """The call goes back to 911: why, who should take it, and what was learnt, by field."""

    return_to: Code = ""
    learnt: dict[str, Words] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_fields(self) -> "Return":
        if self.learnt.keys() - FIELDS.keys():
            raise ValueError(f"learnt knows the fields {', '.join(FIELDS)}")
        return self


class Close(Said):
    """What became of the call, a code of the list of outcomes, and when somebody follows it up."""

    outcome: Annotated[Code, Field(min_length=1)]
    follow_up_at: Moment | None = None


class Propose(Because):
    """To which destination a call taker offers a call."""

    destination: Id


class Consult(Said):
    """Whom 911 asks to join."""

    destination: Id


class LegAsked(Because):
    """Who is to come, how and why."""

    kind: LegKind = LegKind.POLICE
    mode: Mode = Mode.TOGETHER
    why: Why = Why.CAUTION
    unit_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,60}$")] = ""

    def leg(self) -> LegWanted:
        """As the domain knows it."""
        return LegWanted(self.kind, self.mode, self.why, self.unit_id)


class UnitSaid(Because):
    """Which unit, where one is known."""

    unit_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,60}$")] = ""


class Link(Said):
    """The other incident of one happening."""

    linked: Id


class PlaceSaid(BaseModel):
    """Where, in words or in degrees of WGS 84; `uncertainty_m` in metres."""

    model_config = ConfigDict(extra="forbid")

    text: Line = ""
    district: Line = ""
    latitude: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    uncertainty_m: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None

    def location(self) -> Location:
        """As the domain knows it."""
        return Location(
            text=self.text,
            district=self.district,
            latitude=self.latitude,
            longitude=self.longitude,
            uncertainty_m=self.uncertainty_m,
        )


class CallSaid(BaseModel):
    """What a hotline says of its call: type, place, number, what is known of the caller, coded answers.

    `channel` is which hotline the caller rang, `codes` are coded fields beside the yes and no of `answers`.
    """

    model_config = ConfigDict(extra="forbid")

    channel: OwnChannel = Channel.HOTLINE
    call_type: AgencyCode = ""
    place: PlaceSaid | None = None
    callback: Annotated[str, Field(max_length=60), AfterValidator(_no_controls)] = ""
    name: Line = ""
    first_party: Answer = Answer.UNKNOWN
    on_the_line: Answer = Answer.UNKNOWN
    age: Annotated[int | None, Field(ge=0, le=130)] = None
    consent: Answer = Answer.UNKNOWN
    answers: Annotated[dict[Id, Answer], Field(max_length=100)] = Field(default_factory=dict)
    codes: Annotated[dict[Id, AgencyCode], Field(max_length=100)] = Field(default_factory=dict)
    note: Words = ""
    practice: bool = False

    def type(self) -> CallType | None:
        """The type, where one is said."""
        return CallType(self.call_type) if self.call_type else None

    def caller(self) -> Caller:
        """What is known of the caller."""
        return Caller(self.name, self.first_party, self.on_the_line, self.age, self.consent)

    def coded(self) -> tuple[CodedAnswer, ...]:
        """Answers and coded fields, as the domain knows them."""
        return (
            *(CodedAnswer(question, answer) for question, answer in self.answers.items()),
            *(CodedAnswer(name, Answer.UNKNOWN, code) for name, code in self.codes.items()),
        )


class OfACall(Because):
    """Which call: one that came by a transfer, or one's own by its number and the agency it concerns."""

    transfer_id: Id | None = None
    agency: Id | None = None
    number: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")] | None = None
    call: CallSaid | None = None

    @model_validator(mode="after")
    def _one_call(self) -> "OfACall":
        own = self.agency is not None and self.number is not None
        if own == (self.transfer_id is not None) or (self.agency is None) != (self.number is None):
            raise ValueError("say transfer_id, or agency and number")
        return self


class Open(OfACall):
    """A call that began at this hotline, by its own number."""

    @model_validator(mode="after")
    def _own(self) -> "Open":
        if self.transfer_id is not None:
            raise ValueError("a call that is opened has no transfer yet: say agency and number")
        return self


class Help(OfACall):
    """The express lane: somebody may die. What is known of the danger and of where they are."""

    consent_to_rescue: Consent = Consent.UNKNOWN
    attempt_in_progress: Answer = Answer.UNKNOWN
    who_for: WhoFor = WhoFor.UNKNOWN
    counsellor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:@+-]{0,100}$")] = ""
    counsellor_line: Annotated[str, Field(pattern=r"^[0-9+() .x-]{0,40}$")] = ""
    address_ip: Annotated[str, Field(pattern=r"^[0-9a-fA-F.:]{0,45}$")] = ""
    place: Words = ""
    basis: Annotated[str, Field(pattern=r"^[A-Za-z0-9 .()-]{0,60}$")] = ""
    part_2: bool = False


class State(Said):
    """How a destination says it is. What is left out stays as it was said before."""

    queue: QueueState = QueueState.UNKNOWN
    staffed: bool | None = None
    stated_wait: Annotated[float | None, Field(ge=0, le=86_400, allow_inf_nan=False)] = None
    away_from: Moment | None = None
    away_until: Moment | None = None


class Acknowledge(BaseModel):
    """`read`: a person has read it, not only a system."""

    model_config = ConfigDict(extra="forbid")

    read: bool = False
