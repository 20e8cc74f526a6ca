"""From what was said over HTTP to the signal it is: the same signal that Kafka would bring."""

from datetime import datetime

from bridge.desk import saying
from bridge.desk.problems import ProblemError, ProblemType
from bridge.desk.verbs import About, Verb
from bridge.domain.cad import AuthorRole, CadEvent, EventKind, Note
from bridge.domain.codes import OTHER, REASONS, RETURN_TO, is_reason, outcome_of
from bridge.domain.ids import AgencyId, DestinationId, EventId, IncidentId, SignalId, TransferId
from bridge.domain.leg import LegWanted
from bridge.domain.presence import SaidState
from bridge.domain.rescue import RescueWanted
from bridge.domain.signal import Signal, Speaker
from bridge.handling.answer_once import Begun, Found, signal_id
from bridge.handling.looking import Asker


def check(verb: Verb, said: saying.Said, asker: Asker) -> None:
    """ProblemError when what was said is of no closed list, or not for this side to say."""
    if said.by and asker.agency is None:
        _invalid("by", "a destination speaks as itself; leave it out")
    if isinstance(said, saying.Because) and not is_reason(verb.kind, said.reason):
        _invalid("reason", f"use one of: {', '.join(sorted(REASONS[verb.kind] - {''}))}")
    if isinstance(said, saying.Return) and said.return_to.partition(":")[0] not in RETURN_TO:
        _invalid("return_to", f"use one of: {', '.join(sorted(RETURN_TO - {''}))}")
    if isinstance(said, saying.Close) and outcome_of(said.outcome) != said.outcome:
        _invalid("outcome", f"is no outcome of the list; use {OTHER}:<your code> for your own")


def speaks_as(said: saying.Said, asker: Asker) -> str:
    """Whose signal it is: the call taker who is named, or else the side whose key it is."""
    return said.by or str(asker.agency or asker.destination)


def own_incident(asker: Asker, number: str) -> IncidentId:
    """The id of a call that began at a hotline: its own number, which cannot be another's."""
    return IncidentId(f"{asker.destination}:{number}")


def signal_of(
    verb: Verb,
    said: saying.Said,
    asker: Asker,
    idempotency: str,
    name: str,
    begun: Begun,
    found: Found | None,
) -> Signal:
    """The signal; `name` is the id in the address."""
    agency, incident, transfer = _where(said, asker, found)
    at = said.at or begun.now
    return Signal(
        signal_id=SignalId(signal_id(asker, idempotency)),
        transfer_id=transfer,
        incident_id=incident,
        agency=agency,
        kind=verb.kind,
        speaker=Speaker.NINE_ONE_ONE if asker.agency is not None else Speaker.DESTINATION,
        speaker_id=speaks_as(said, asker),
        said_at=at,
        reason=said.reason if isinstance(said, saying.Because) else "",
        text=said.text,
        outcome=said.outcome if isinstance(said, saying.Close) else "",
        return_to=said.return_to if isinstance(said, saying.Return) else "",
        learnt=said.learnt if isinstance(said, saying.Return) else {},
        prefers=_prefers(said),
        callback_agreed=isinstance(said, saying.Claim) and said.callback_agreed,
        subject=name if verb.about in {About.LEG, About.CONSULT, About.RESCUE} else "",
        follow_up_at=said.follow_up_at if isinstance(said, saying.Close) else None,
        leg=_leg(said),
        rescue=_rescue(said),
        call=_call(said, agency, incident, asker, idempotency, at),
        state=_state(said),
    )


def _where(said: saying.Said, asker: Asker, found: Found | None) -> tuple[AgencyId, IncidentId, TransferId]:
    if found is not None:
        return found.agency, found.incident_id, found.transfer_id
    if isinstance(said, saying.OfACall) and said.agency and said.number:
        return AgencyId(said.agency), own_incident(asker, said.number), TransferId("")
    return AgencyId(""), IncidentId(""), TransferId("")


def _prefers(said: saying.Said) -> DestinationId | None:
    if isinstance(said, saying.Decline | saying.Redirect):
        return DestinationId(said.prefers) if said.prefers else None
    if isinstance(said, saying.HandOn | saying.Propose | saying.Consult):
        return DestinationId(said.destination)
    return None


def _leg(said: saying.Said) -> LegWanted | None:
    if isinstance(said, saying.LegAsked):
        return said.leg()
    if isinstance(said, saying.UnitSaid):
        return LegWanted(unit_id=said.unit_id) if said.unit_id else None
    if isinstance(said, saying.Link):
        return LegWanted(linked=IncidentId(said.linked))
    return None


def _rescue(said: saying.Said) -> RescueWanted | None:
    if not isinstance(said, saying.Help):
        return None
    return RescueWanted(
        consent=said.consent_to_rescue,
        attempt_in_progress=said.attempt_in_progress,
        who_for=said.who_for,
        counsellor=said.counsellor,
        counsellor_line=said.counsellor_line,
        address_ip=said.address_ip,
        place=said.place,
        basis=said.basis,
        part_2=said.part_2,
    )


def _call(
    said: saying.Said, agency: AgencyId, incident: IncidentId, asker: Asker, idempotency: str, at: datetime
) -> CadEvent | None:
    if not isinstance(said, saying.OfACall) or said.call is None:
        return None
    told = said.call
    note = Note(told.note, at, author=str(asker.destination), role=AuthorRole.COUNSELLOR)
    return CadEvent(
        event_id=EventId(signal_id(asker, idempotency)),
        incident_id=incident,
        agency=agency,
        kind=EventKind.CREATED,
        at=at,
        call_id=said.number or "",
        channel=told.channel,
        call_type=told.type(),
        location=told.place.location() if told.place is not None else None,
        callback=told.callback,
        caller=told.caller(),
        answers=told.coded(),
        notes=(note,) if told.note else (),
        practice=told.practice,
    )


def _state(said: saying.Said) -> SaidState | None:
    if not isinstance(said, saying.State):
        return None
    return SaidState(said.queue, said.staffed, said.stated_wait, said.away_from, said.away_until)


def _invalid(field: str, rule: str) -> None:
    raise ProblemError(ProblemType.INVALID, f"{field}: {rule}")
