"""An incident: everything CAD has said about it so far, folded into its current state.

Facts only add up: an event that is late, repeated or out of order can bring a note or an answer,
and never takes one away. Nothing here decides where a call goes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bridge.domain.cad import (
    Answer,
    CadEvent,
    Caller,
    CallType,
    Caution,
    Channel,
    CodedAnswer,
    EventKind,
    Location,
    Note,
    PriorCall,
    Unit,
)
from bridge.domain.ids import AgencyId, IncidentId


@dataclass(frozen=True, slots=True)
class Incident:
    """The current state. `version` counts the CAD events applied; `sequence` is CAD's own, if it has one."""

    incident_id: IncidentId
    agency: AgencyId
    version: int = 0
    sequence: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    closed: bool = False
    practice: bool = False
    call_ids: tuple[str, ...] = ()
    channel: Channel = Channel.UNKNOWN
    channel_code: str = ""
    call_type: CallType | None = None
    priority: int | None = None
    priority_code: str = ""
    disposition: str = ""
    location: Location | None = None
    callback: str = ""
    caller: Caller = field(default_factory=Caller)
    answers: tuple[CodedAnswer, ...] = ()
    notes: tuple[Note, ...] = ()
    units: tuple[Unit, ...] = ()
    cautions: tuple[Caution, ...] = ()
    prior_calls: tuple[PriorCall, ...] = ()


def apply(incident: Incident, event: CadEvent) -> Incident:
    """The incident after `event`.

    An event older than what is known (by CAD's sequence, where it has one) overrides nothing; its
    notes, cautions, answers and ids still count, because a late note can carry the danger.
    """
    late = (
        event.sequence is not None and incident.sequence is not None and event.sequence <= incident.sequence
    )
    grown = replace(
        incident,
        version=incident.version + 1,
        first_at=_earlier(incident.first_at, event.at),
        last_at=_later(incident.last_at, event.at),
        practice=incident.practice or event.practice,
        call_ids=_added(incident.call_ids, event.call_id),
        notes=_with_notes(incident.notes, event.notes),
        answers=_with_answers(incident.answers, event.answers, late=late),
        callback=incident.callback or event.callback,
        call_type=incident.call_type or event.call_type,
        location=incident.location or event.location,
        caller=_with_late_caller(incident.caller, event.caller) if late else incident.caller,
        units=_with_units(incident.units, event.units, late=late),
        cautions=_with_cautions(incident.cautions, event.cautions),
        prior_calls=_with_prior_calls(incident.prior_calls, event.prior_calls, late=late),
    )
    return grown if late else _overridden(grown, event)


def _overridden(incident: Incident, event: CadEvent) -> Incident:
    closed = incident.closed
    if event.kind is EventKind.CLOSED:
        closed = True
    elif event.kind is EventKind.REOPENED:
        closed = False
    known_channel = event.channel is not Channel.UNKNOWN
    return replace(
        incident,
        closed=closed,
        sequence=event.sequence if event.sequence is not None else incident.sequence,
        channel=event.channel if known_channel else incident.channel,
        channel_code=event.channel_code or incident.channel_code,
        call_type=event.call_type or incident.call_type,
        priority=event.priority if event.priority is not None else incident.priority,
        priority_code=event.priority_code or incident.priority_code,
        disposition=event.disposition or incident.disposition,
        location=event.location or incident.location,
        callback=event.callback or incident.callback,
        caller=_with_caller(incident.caller, event.caller),
    )


def _with_caller(known: Caller, said: Caller | None) -> Caller:
    if said is None:
        return known
    return Caller(
        name=said.name or known.name,
        first_party=_said(said.first_party, known.first_party),
        on_the_line=_said(said.on_the_line, known.on_the_line),
        age=said.age if said.age is not None else known.age,
        consent=_said(said.consent, known.consent),
        wants_police=_said(said.wants_police, known.wants_police),
        language=said.language or known.language,
    )


def _with_late_caller(known: Caller, said: Caller | None) -> Caller:
    """What nobody knew yet; a late wish for police counts, because it keeps the call with 911."""
    if said is None:
        return known
    grown = _with_caller(said, known)
    return replace(grown, wants_police=Answer.YES) if said.wants_police is Answer.YES else grown


def _with_answers(
    known: tuple[CodedAnswer, ...], said: tuple[CodedAnswer, ...], *, late: bool
) -> tuple[CodedAnswer, ...]:
    """The newest answer to each question; a late YES still counts, because it names a danger.

    UNKNOWN takes back a NO, and never a YES.
    """
    if not said:
        return known
    by_question = {answer.question: answer for answer in known}
    for answer in _once_each(said):
        before = by_question.get(answer.question)
        forgets = answer.answer is Answer.UNKNOWN and before is not None and before.answer is Answer.YES
        if before is None or (not late and not forgets) or answer.answer is Answer.YES:
            by_question[answer.question] = answer
    return tuple(by_question.values())


def _once_each(said: tuple[CodedAnswer, ...]) -> Iterable[CodedAnswer]:
    """One answer to each question: the last one, unless one of them is a YES."""
    by_question: dict[str, CodedAnswer] = {}
    for answer in said:
        before = by_question.get(answer.question)
        if before is None or before.answer is not Answer.YES:
            by_question[answer.question] = answer
    return by_question.values()


def _with_notes(known: tuple[Note, ...], said: tuple[Note, ...]) -> tuple[Note, ...]:
    """CAD systems send the whole remark list again with each change: the same remark is kept once."""
    if not said:
        return known
    if not known and len(said) == 1:
        return said
    return tuple(dict.fromkeys((*known, *said)))


def _with_units(known: tuple[Unit, ...], said: tuple[Unit, ...], *, late: bool) -> tuple[Unit, ...]:
    """One row a unit, as last said; a late event only adds units that nobody had named."""
    if not said:
        return known
    by_id = {unit.unit_id: unit for unit in known}
    by_id |= {unit.unit_id: unit for unit in said if not late or unit.unit_id not in by_id}
    return tuple(by_id.values())


def _with_cautions(known: tuple[Caution, ...], said: tuple[Caution, ...]) -> tuple[Caution, ...]:
    """The same words about the same thing are one caution, whenever they were entered."""
    if not said:
        return known
    by_words = {(each.code, each.about, each.text): each for each in known}
    for each in said:
        before = by_words.setdefault((each.code, each.about, each.text), each)
        if before.at is None:
            by_words[each.code, each.about, each.text] = each
    return tuple(by_words.values())


def _with_prior_calls(
    known: tuple[PriorCall, ...], said: tuple[PriorCall, ...], *, late: bool
) -> tuple[PriorCall, ...]:
    """One row a prior call, as last said; a late event only fills gaps. One without a number is itself."""
    if not said:
        return known
    by_id: dict[str | PriorCall, PriorCall] = {each.incident_id or each: each for each in known}
    for each in said:
        before = by_id.get(each.incident_id or each, each)
        by_id[each.incident_id or each] = _filled(before, each) if late else _filled(each, before)
    return tuple(by_id.values())


def _filled(call: PriorCall, other: PriorCall) -> PriorCall:
    return PriorCall(
        call.incident_id,
        call.call_type or other.call_type,
        call.at or other.at,
        call.disposition or other.disposition,
    )


def _said(said: Answer, known: Answer) -> Answer:
    return known if said is Answer.UNKNOWN else said


def _added(known: tuple[str, ...], said: str) -> tuple[str, ...]:
    return known if not said or said in known else (*known, said)


def _earlier(a: datetime | None, b: datetime) -> datetime:
    return b if a is None else min(a, b)


def _later(a: datetime | None, b: datetime) -> datetime:
    return b if a is None else max(a, b)
