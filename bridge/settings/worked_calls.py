"""Worked calls: example calls of a policy, each step with the decision that people expect of it.

One TOML file tries one agency's policies. The calls are invented; `at` is when a call came in, and every
step is one message of CAD, `after` seconds later. What a step does not say is not known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    CadEvent,
    Caller,
    CallType,
    Caution,
    Channel,
    CodedAnswer,
    EventKind,
    Location,
    Note,
    Unit,
)
from bridge.domain.decision import Verdict
from bridge.domain.ids import AgencyId, DestinationId, EventId, IncidentId
from bridge.errors import SettingsError
from bridge.settings import toml
from bridge.settings.problems import raised

Said = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a step should be decided as. `clauses` are among the reasons, `not_clauses` are not.

    An empty `route` is not looked at; `say` is a part of the words for the caller.
    """

    verdict: Verdict
    clauses: tuple[str, ...] = ()
    not_clauses: tuple[str, ...] = ()
    route: tuple[DestinationId, ...] = ()
    retype: str = ""
    say: str = ""


@dataclass(frozen=True, slots=True)
class CallerSaid:
    """What is known of the caller by this step."""

    age: int | None = None
    first_party: Said = "unknown"
    on_the_line: Said = "unknown"
    consent: Said = "unknown"
    wants_police: Said = "unknown"

    def caller(self) -> Caller:
        """As the domain knows it."""
        return Caller(
            age=self.age,
            first_party=_answer(self.first_party),
            on_the_line=_answer(self.on_the_line),
            consent=_answer(self.consent),
            wants_police=_answer(self.wants_police),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One message of CAD. `type` is the agency's code, `type_text` its words."""

    expect: Expected | None = None
    after: float = 0.0
    kind: EventKind | None = None
    type: str = ""
    type_text: str = ""
    determinant: str = ""
    priority: int | None = None
    channel: Channel = Channel.UNKNOWN
    channel_code: str = ""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    uncertainty_m: float | None = None
    answers: Mapping[str, Said] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    caller: CallerSaid | None = None
    note: str = ""
    note_by: AuthorRole = AuthorRole.CALL_TAKER
    units: tuple[Unit, ...] = ()
    cautions: tuple[Caution, ...] = ()
    disposition: str = ""

    def event(self, incident: IncidentId, agency: AgencyId, number: int, began: datetime) -> CadEvent:
        """The step as the CAD event it stands for."""
        at = began + timedelta(seconds=self.after)
        typed = self.type or self.determinant
        first = EventKind.CHANGED if number else EventKind.CREATED
        return CadEvent(
            event_id=EventId(f"{incident}-{number}"),
            incident_id=incident,
            agency=agency,
            kind=self.kind or first,
            at=at,
            channel=self.channel,
            channel_code=self.channel_code,
            call_type=CallType(self.type, self.type_text, self.determinant) if typed else None,
            priority=self.priority,
            disposition=self.disposition,
            location=self._location(),
            caller=self.caller.caller() if self.caller is not None else None,
            answers=(
                *(CodedAnswer(question, _answer(said)) for question, said in self.answers.items()),
                *(CodedAnswer(name, Answer.UNKNOWN, code) for name, code in self.fields.items()),
            ),
            notes=(Note(self.note, at, role=self.note_by),) if self.note else (),
            units=self.units,
            cautions=self.cautions,
        )

    def _location(self) -> Location | None:
        if not self.district and self.latitude is None:
            return None
        return Location(
            district=self.district,
            latitude=self.latitude,
            longitude=self.longitude,
            uncertainty_m=self.uncertainty_m,
        )


@dataclass(frozen=True, slots=True)
class WorkedCall:
    """One call. `name` says what it shows; `full` are destinations that have all they can take."""

    name: str
    at: datetime
    step: tuple[Step, ...]
    agency: AgencyId | None = None
    full: frozenset[DestinationId] = frozenset()

    def events(self, number: int, agency: AgencyId) -> Iterator[CadEvent]:
        """Its events in order."""
        incident = IncidentId(f"WORKED-{number:03}")
        for at, step in enumerate(self.step):
            yield step.event(incident, self.agency or agency, at, self.at)


@dataclass(frozen=True, slots=True)
class WorkedCalls:
    """One file. `policies` and `destinations` are meant from the folder of the file."""

    policies: tuple[str, ...]
    destinations: str
    call: tuple[WorkedCall, ...]


class _WorkedFile(toml.Wrapper):
    worked: WorkedCalls


@dataclass(frozen=True, slots=True)
class Worked:
    """The calls of one file and where the policies and destinations are that they try."""

    path: Path
    policies: Sequence[Path]
    destinations: Path
    calls: Sequence[WorkedCall]


def load_worked_calls(path: Path) -> Worked:
    """The worked calls of a file, or SettingsError that tells everything wrong with it."""
    file = toml.read(path)
    try:
        worked = _WorkedFile.model_validate({"worked": file.tree}).worked
    except ValidationError as error:
        raise toml.refused(file, error) from None
    problems = [
        file.problem(f"call[{number}].{place}", rule, remedy)
        for number, call in enumerate(worked.call)
        for place, rule, remedy in _faults(call)
    ]
    if problems:
        raise raised(problems)
    if not worked.policies:
        raise SettingsError(f"{path}: policies: is empty; name at least one policy file")
    folder = path.parent
    policies = [folder / each for each in worked.policies]
    return Worked(path, policies, folder / worked.destinations, worked.call)


def _faults(call: WorkedCall) -> Iterator[tuple[str, str, str]]:
    if call.at.tzinfo is None:
        yield "at", "has no offset", "write it as 2026-03-02T10:00:00-07:00"
    if not call.step or call.step[-1].expect is None:
        yield "step", "expects nothing in the end", "write what the last step is decided as"


def _answer(said: Said) -> Answer:
    return Answer(said.upper())
