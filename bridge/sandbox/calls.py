"""Invented calls: what CAD says of each, what its call taker does about it, and what ought to come of it.

The file is TOML. Nothing in it may look real: `invented` must be true, an incident number begins with
`INV-`, a callback number is one of those kept for fiction (555-0100 to 555-0199).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    CadEvent,
    Caller,
    CallType,
    Channel,
    CodedAnswer,
    EventKind,
    Location,
    Note,
    Unit,
)
from bridge.domain.decision import Verdict
from bridge.domain.ids import AgencyId, DestinationId, EventId, IncidentId
from bridge.domain.leg import LegWanted
from bridge.domain.message import Return, ReturnKind
from bridge.domain.presence import SaidState
from bridge.domain.rescue import RescueState, RescueWanted
from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import State
from bridge.errors import SandboxError
from bridge.sandbox.behaviour import Manner

_NONE = IncidentId("")
_FICTIONAL = re.compile(r"\+1[2-9]\d{2}55501\d{2}")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Cue:
    """What the call taker does when `cad.returns` says `on` (in `state`, with `verdict`, if they are named).

    A cue without `says` is silence: it takes the place of what a call taker would usually do. `state` is a
    transfer's, a leg's or a rescue's.
    """

    on: ReturnKind
    says: SignalKind | None = None
    after: float = 1.0
    state: str = ""
    verdict: Verdict | None = None
    reason: str = ""
    callback_agreed: bool = False
    leg: LegWanted | None = None
    prefers: DestinationId | None = None

    def fits(self, told: Return) -> bool:
        """Whether this return is the one to answer."""
        named = self.state in {"", told.state} and self.verdict in {None, told.verdict}
        return self.on is told.kind and named


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Telling:
    """What CAD says at one moment, `after` seconds from the call's start. Absent means not said."""

    after: float = 0.0
    kind: EventKind = EventKind.CHANGED
    note: str = ""
    type: CallType | None = None
    priority: int | None = None
    location: Location | None = None
    callback: str = ""
    caller: Caller | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    disposition: str = ""

    def __post_init__(self) -> None:
        if self.callback and not _FICTIONAL.fullmatch(self.callback):
            raise ValueError("is not a number kept for fiction; take one of +1 area 555 0100 to 0199")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Expect:
    """The first verdict, the clauses among its reasons, and the end of each transfer in order."""

    verdict: Verdict
    clauses: tuple[str, ...] = ()
    endings: tuple[State, ...] = ()


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Call:
    """One invented call. `tells[0]` creates the incident; `hotlines` is the day each hotline has with it."""

    incident: IncidentId
    shows: str
    invented: Literal[True]
    expect: Expect
    tells: tuple[Telling, ...]
    start: float = 0.0
    agency: AgencyId | None = None
    channel: Channel = Channel.NINE_ONE_ONE
    practice: bool = False
    hotlines: Mapping[DestinationId, Manner] = field(default_factory=dict)
    call_taker: tuple[Cue, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"INV-\d{4}", self.incident):
            raise ValueError("incident is not INV- and four digits; number it so, as no real incident is")
        if not self.tells:
            raise ValueError("tells is empty; write the event that creates the incident")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Saying:
    """What a hotline says of its own accord, `after` seconds from the one before."""

    says: SignalKind
    after: float = 0.0
    reason: str = ""
    state: SaidState | None = None
    rescue: RescueWanted | None = None


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class OwnExpect:
    """What ought to come of it: the end of each transfer in order, and of the rescue."""

    endings: tuple[State, ...] = ()
    rescue: RescueState | None = None


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class OwnCall:
    """What begins at a hotline. `tells` is what it says of its caller, `says` what it does."""

    hotline: DestinationId
    shows: str
    invented: Literal[True]
    says: tuple[Saying, ...]
    expect: OwnExpect = OwnExpect()
    incident: IncidentId = _NONE
    start: float = 0.0
    agency: AgencyId | None = None
    tells: Telling | None = None
    hotlines: Mapping[DestinationId, Manner] = field(default_factory=dict)
    call_taker: tuple[Cue, ...] = ()

    def __post_init__(self) -> None:
        if self.incident and not re.fullmatch(r"INV-\d{4}", self.incident):
            raise ValueError("incident is not INV- and four digits; number it so, as no real incident is")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Calls:
    """A file of invented calls. `agency` is whose they are where a call names no other."""

    agency: AgencyId
    call: tuple[Call, ...]
    own_call: tuple[OwnCall, ...] = ()

    def hints(self, destination: DestinationId) -> dict[IncidentId, Manner]:
        """How this hotline should treat each call, where the file says so."""
        return {
            call.incident: call.hotlines[destination] for call in self._all() if destination in call.hotlines
        }

    def cues(self) -> dict[IncidentId, tuple[Cue, ...]]:
        """What call takers do that is not the usual."""
        return {call.incident: call.call_taker for call in self._all() if call.call_taker}

    def _all(self) -> tuple[Call | OwnCall, ...]:
        return (*self.call, *self.own_call)

    def begun_by(self, destination: DestinationId) -> tuple[OwnCall, ...]:
        """What begins at this hotline."""
        return tuple(call for call in self.own_call if call.hotline == destination)

    def opened(self, call: OwnCall, at: datetime) -> CadEvent | None:
        """What its hotline says of the caller, as of `at`; None when it says only how it is."""
        if call.tells is None:
            return None
        return _event(call.incident, call.agency or self.agency, call.tells, 1, at, Channel.HOTLINE)

    def events(self, begin: datetime, speed: float = 1.0) -> list[CadEvent]:
        """All events in the order of their times, when the first call may start at `begin`."""
        told = [
            event for call in self.call for event in _events(call, call.agency or self.agency, begin, speed)
        ]
        return sorted(told, key=lambda event: event.at)


_ADAPTER = TypeAdapter(Calls)


def read(path: Path) -> Calls:
    """The calls in the TOML file at `path`. SandboxError names every fault in it at once."""
    try:
        return _ADAPTER.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SandboxError(f"{path}: cannot be read ({error.strerror}); give a file of calls") from error
    except tomllib.TOMLDecodeError as error:
        raise SandboxError(f"{path}: is not TOML ({error}); correct the file") from error
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        sentences = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
        raise SandboxError(f"{path}: {'; '.join(sentences)}; correct the file") from error


def redated(events: Iterable[CadEvent], begin: datetime, every: float) -> list[CadEvent]:
    """Events of another day as if they happened from `begin` on, one each `every` seconds.

    Their own times would fall outside today's policies and hours.
    """
    told = []
    for number, event in enumerate(events):
        at = begin + timedelta(seconds=every * number)
        units = tuple(replace(unit, at=at) for unit in event.units)
        notes = tuple(replace(note, at=at) for note in event.notes)
        told.append(replace(event, at=at, units=units, notes=notes))
    return told


def _events(call: Call, agency: AgencyId, begin: datetime, speed: float) -> Iterable[CadEvent]:
    for number, telling in enumerate(call.tells, start=1):
        at = begin + timedelta(seconds=(call.start + telling.after) / speed)
        event = _event(call.incident, agency, telling, number, at, call.channel)
        yield replace(event, practice=call.practice)


def _event(
    incident: IncidentId, agency: AgencyId, telling: Telling, number: int, at: datetime, channel: Channel
) -> CadEvent:
    role = AuthorRole.CALL_TAKER
    return CadEvent(
        event_id=EventId(f"{incident}-{number}"),
        incident_id=incident,
        agency=agency,
        kind=EventKind.CREATED if number == 1 else telling.kind,
        at=at,
        call_id=f"{incident}-CALL",
        sequence=number,
        channel=channel,
        call_type=telling.type,
        priority=telling.priority,
        disposition=telling.disposition,
        location=telling.location,
        callback=telling.callback,
        caller=telling.caller,
        answers=tuple(CodedAnswer(question, answer) for question, answer in telling.answers.items()),
        notes=(Note(telling.note, at=at, role=role, number=number),) if telling.note else (),
        units=tuple(replace(unit, at=at) for unit in telling.units),
    )
