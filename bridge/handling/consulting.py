"""A consult: 911 asks a destination to advise, or to join the call, and keeps the caller throughout.

Whoever is asked gets the facts that its privacy allows, and every later one while it is there. One that
cannot be asked is unavailable at once; one that does not answer is so after its wait, and 911 is told.
"""

import hashlib
from dataclasses import replace
from functools import partial

from bridge.domain import clauses
from bridge.domain.consult import (
    CONSULT_ENDS,
    Consult,
    ConsultSignal,
    ConsultState,
    ConsultStep,
    ConsultWaits,
    consult_deadline,
    step_consult,
)
from bridge.domain.decision import Decision
from bridge.domain.ids import NINE_ONE_ONE, ConsultId, DestinationId
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.handling.auditing import audit_said
from bridge.handling.passing_over import unable_now
from bridge.handling.telling_911 import Besides, tell_911
from bridge.handling.telling_destinations import News, outside_transfers, tell_destination
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

K, U = SignalKind, ConsultSignal

_STEPS = {
    K.CONSULT_JOINED: U.JOINED,
    K.CONSULT_ENDED: U.ENDED,
    K.CONSULT_UNAVAILABLE: U.UNAVAILABLE,
}


def hear_consult(turn: Turn, held: LockedIncident, signal: Signal) -> bool:
    """What is said of a consult. False when it is about one that the ledger does not know."""
    if signal.kind is K.CONSULT_ASKED:
        _ask(turn, held, signal)
        return True
    consult = held.consults.get(ConsultId(signal.subject))
    if consult is None:
        return False
    taken = _step(turn, consult, signal)
    said = _STEPS[signal.kind]
    what = f"refused.{taken.refused}" if taken.refused else f"consult.{said}"
    before, after = taken.before.state.value, taken.after.state.value
    audit_said(turn, held, what, signal, from_state=before, to_state=after)
    if taken.moved:
        _moved(turn, held, taken.after, said, signal)
    return True


def end_consults(turn: Turn, held: LockedIncident) -> int:
    """Consults whose wait is over end, and 911 is told; answer how many."""
    due = [each for each in held.consults.values() if each.deadline is not None and each.deadline <= turn.now]
    for consult in due:
        taken = step_consult(consult, U.DEADLINE, now=turn.now, waits=_waits(turn))
        before, after = taken.before.state.value, taken.after.state.value
        turn.audit(held, f"consult.{U.DEADLINE}", from_state=before, to_state=after)
        _moved(turn, held, taken.after, U.DEADLINE, reason="deadline")
    return len(due)


def tell_consultants(turn: Turn, held: LockedIncident, decision: Decision) -> None:
    """Every later fact goes to whoever advises, or is asked to, as far as their privacy allows."""
    for consult in held.consults.values():
        if consult.state not in CONSULT_ENDS:
            _tell_consultant(turn, held, consult, OfferKind.UPDATE, decision=decision)


def _ask(turn: Turn, held: LockedIncident, signal: Signal) -> None:
    refused = _refusal(turn, held, signal)
    if refused or signal.prefers is None:
        audit_said(turn, held, f"refused.{refused}", signal)
        return
    consult = _new_consult(turn, held, signal.prefers)
    audit_said(turn, held, "consult.asked", signal, to_state=consult.state.value)
    _count(turn, "asked")
    if clause := _cannot_be_asked(turn, held, signal.prefers):
        after = step_consult(consult, U.UNAVAILABLE, now=turn.now, waits=_waits(turn)).after
        turn.audit(
            held,
            f"consult.{U.UNAVAILABLE}",
            from_state=consult.state.value,
            to_state=after.state.value,
            clauses=(clause,),
        )
        _moved(turn, held, after, U.UNAVAILABLE, reason=clause)
        return
    _keep(turn, held, consult)
    _tell_consultant(turn, held, consult, OfferKind.CONSULT, reason=signal.reason)
    _tell_911(turn, held, consult, signal)
    tell_everybody(turn, held, "consult.asked", signal=signal)


def _refusal(turn: Turn, held: LockedIncident, signal: Signal) -> str:
    if signal.speaker is not Speaker.NINE_ONE_ONE:
        return "not_yours_to_say"
    if held.holder != NINE_ONE_ONE:
        return "not_with_911"
    if signal.prefers is None:
        return "destination_missing"
    if signal.prefers not in turn.rules.destinations:
        return "destination_unknown"
    under_way = [each for each in held.consults.values() if each.state not in CONSULT_ENDS]
    return "another_is_asked" if any(each.destination == signal.prefers for each in under_way) else ""


def _cannot_be_asked(turn: Turn, held: LockedIncident, destination: DestinationId) -> str:
    """The clause, with its id, for which nobody there can be asked; empty: somebody can."""
    if not turn.rules.destinations[destination].hours.open_at(turn.now):
        return clauses.DESTINATION_CLOSED + destination
    clause = unable_now(turn, held).get(destination, "")
    return clause + destination if clause else ""


def _step(turn: Turn, consult: Consult, signal: Signal) -> ConsultStep:
    """Who was asked says whether somebody joins; either side ends it."""
    by_911 = signal.speaker is Speaker.NINE_ONE_ONE and signal.kind is K.CONSULT_ENDED
    by_them = signal.speaker is Speaker.DESTINATION and signal.speaker_id == consult.destination
    if not (by_911 or by_them):
        return ConsultStep(consult, consult, "not_yours_to_say")
    return step_consult(consult, _STEPS[signal.kind], now=turn.now, waits=_waits(turn))


def _moved(
    turn: Turn,
    held: LockedIncident,
    consult: Consult,
    said: ConsultSignal,
    signal: Signal | None = None,
    *,
    reason: str = "",
) -> None:
    """Keep it, and tell whoever has not said it themselves."""
    _keep(turn, held, consult)
    _tell_911(turn, held, consult, signal, reason=reason)
    by_them = signal is not None and signal.speaker is Speaker.DESTINATION
    if not by_them and said is not U.UNAVAILABLE:
        _tell_consultant(turn, held, consult, OfferKind.NEWS, reason=reason)
    tell_everybody(turn, held, f"consult.{consult.state.value}", signal=signal)
    _count(turn, said)


def _tell_911(
    turn: Turn, held: LockedIncident, consult: Consult, signal: Signal | None, *, reason: str = ""
) -> None:
    besides = Besides(subject=consult.consult_id, state=consult.state.value)
    tell_911(turn, held, ReturnKind.CONSULT, signal=signal, reason=reason, besides=besides)


def _tell_consultant(
    turn: Turn,
    held: LockedIncident,
    consult: Consult,
    kind: OfferKind,
    *,
    decision: Decision | None = None,
    reason: str = "",
) -> None:
    beside = replace(outside_transfers(turn, held, consult.destination), deadline=consult.deadline)
    news = News(consult.consult_id, consult.state.value)
    tell_destination(
        turn, held, beside, kind, decision=decision, reason=reason, news=news, only=consult.destination
    )


def _new_consult(turn: Turn, held: LockedIncident, destination: DestinationId) -> Consult:
    name = f"{held.key}?{len(held.consults) + 1}"
    consult = Consult(
        consult_id=ConsultId(hashlib.blake2b(name.encode(), digest_size=16).hexdigest()),
        incident_id=held.incident.incident_id,
        agency=held.incident.agency,
        destination=destination,
        state=ConsultState.ASKED,
        asked_at=turn.now,
        since=turn.now,
        practice=held.incident.practice,
    )
    return replace(consult, deadline=consult_deadline(consult, now=turn.now, waits=_waits(turn)))


def _keep(turn: Turn, held: LockedIncident, consult: Consult) -> None:
    turn.hold(held)
    held.consults[consult.consult_id] = consult
    turn.changes.consults[consult.consult_id] = (held.key, consult)


def _count(turn: Turn, what: str) -> None:
    turn.after.append(partial(turn.handling.metrics.consults.add, what))


def _waits(turn: Turn) -> ConsultWaits:
    scale, waits = turn.rules.waits_scale, ConsultWaits()
    return ConsultWaits(asked=waits.asked * scale, joined=waits.joined * scale)
