"""Calls that begin at a hotline: it has the caller, and 911 is told what it may know of that.

There is no incident of CAD yet, so the hotline names one. It holds the call from the first instant, by a
transfer like any other, and can close it, hand it on, ask 911 for help, or refer it to the city's own teams.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from bridge.domain.cad import Channel, EventKind
from bridge.domain.decision import Decision, TransferKind
from bridge.domain.ids import DestinationId
from bridge.domain.incident import Incident, apply
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.own_call import first_event, known_to_911
from bridge.domain.record import Place
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer, deadline_of
from bridge.domain.transfer_table import HOLDING, State
from bridge.handling.acting import go_on
from bridge.handling.auditing import audit_said
from bridge.handling.referring import refer
from bridge.handling.screening import screened
from bridge.handling.telling_911 import Besides, tell_911
from bridge.handling.telling_destinations import News, tell_destination
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn, transfer_id
from bridge.ledger.rows import LockedIncident

_TOLD_AS = {SignalKind.AWARENESS: ReturnKind.AWARENESS}
"""How 911 hears of a call that a hotline opens; otherwise as that."""


def hear_own_call(turn: Turn, held: LockedIncident, signal: Signal, place: Place) -> bool:
    """Open a hotline's call, or hear more of it. False when nothing is known that could be spoken of."""
    is_new = held.is_new and not held.opened_by
    theirs = None if is_new else transfer_of(held, DestinationId(signal.speaker_id))
    refused = _refusal(held, theirs, signal, is_new=is_new)
    if refused:
        if not is_new:
            audit_said(turn, held, f"refused.{refused}", signal)
        return not is_new
    learnt = learn(turn, held, signal, place) if is_new or signal.call is not None else None
    theirs = transfer_of(held, DestinationId(signal.speaker_id))
    audit_said(turn, held, f"own_call.{signal.kind.value}", signal)
    if is_new or signal.kind is not SignalKind.REFERRED:
        _tell_911(turn, held, theirs, signal)
    if is_new and theirs is not None:
        news = News(theirs.transfer_id, theirs.state.value)
        tell_destination(turn, held, theirs, OfferKind.NEWS, reason=signal.kind.value, news=news)
    tell_everybody(turn, held, f"own_call.{signal.kind.value}", transfer=theirs, signal=signal)
    if learnt is not None:
        act_upon(turn, held, learnt)
    if signal.kind is SignalKind.REFERRED and theirs is not None:
        theirs = turn.transfer(held, theirs.transfer_id) or theirs
        decision = learnt.decision if learnt is not None else screened(turn, held)
        refer(turn, held, theirs, signal, decision)
    return True


@dataclass(frozen=True, slots=True)
class Learnt:
    """What screening says of a call since a hotline said more of it, and whether that is something else."""

    decision: Decision
    changed: bool


def learn(turn: Turn, held: LockedIncident, signal: Signal, place: Place) -> Learnt:
    """Apply what a hotline says of its call; a call that nobody knew begins here, with the hotline.

    Each version has its decision, as of CAD's events. Nobody is told yet.
    """
    said_before = held.verdict, held.clauses, held.route
    is_new = held.is_new and not held.opened_by
    held.incident = _with_facts(held, signal, is_new=is_new)
    held.touched = True
    if is_new:
        _begin(turn, held, signal)
    decision = screened(turn, held)
    turn.decided(held, decision, place)
    return Learnt(decision, (held.verdict, held.clauses, held.route) != said_before)


def act_upon(turn: Turn, held: LockedIncident, learnt: Learnt) -> None:
    """Whoever is asked or has the call hears of it, and a danger calls an offer back.

    Of a call that it has itself a hotline is told nothing that it said.
    """
    for transfer in (held.waiting, held.holding):
        if transfer is not None and transfer.destination != held.opened_by:
            go_on(turn, held, transfer, learnt.decision, changed=learnt.changed)


def transfer_of(held: LockedIncident, hotline: DestinationId) -> Transfer | None:
    """The transfer by which this hotline has the call, or else its latest one, where it has any here."""
    theirs = [each for each in held.transfers.values() if each.destination == hotline]
    return max(theirs, key=lambda each: (each.state in HOLDING, each.attempt), default=None)


def _refusal(held: LockedIncident, theirs: Transfer | None, signal: Signal, *, is_new: bool) -> str:
    """A hotline speaks of its own calls, and of those that it has been given."""
    if signal.speaker is not Speaker.DESTINATION:
        return "not_yours_to_say"
    if is_new or held.opened_by == signal.speaker_id:
        return ""
    if theirs is None or signal.kind is SignalKind.CALL_OPENED:
        return "not_your_call"
    return ""


def _with_facts(held: LockedIncident, signal: Signal, *, is_new: bool) -> Incident:
    """The incident with what the hotline says of it.

    A hotline does not number CAD's events. It cannot close an incident of 911, nor say how that came in or
    whether it was practice.
    """
    event = replace(first_event(signal), sequence=None)
    if is_new:
        channel = Channel.HOTLINE if event.channel is Channel.UNKNOWN else event.channel
        return apply(held.incident, replace(event, kind=EventKind.CREATED, channel=channel))
    practice = held.incident.practice
    event = replace(
        event, kind=EventKind.CHANGED, channel=Channel.UNKNOWN, channel_code="", practice=practice
    )
    return apply(held.incident, event)


def _begin(turn: Turn, held: LockedIncident, signal: Signal) -> None:
    """The hotline has the caller. Nobody was asked, so nothing waits and nothing is passed."""
    hotline = DestinationId(signal.speaker_id)
    held.opened_by = held.holder = hotline
    transfer = Transfer(
        transfer_id=transfer_id(held.key, 1),
        incident_id=held.incident.incident_id,
        agency=held.incident.agency,
        destination=hotline,
        kind=TransferKind.VOICE,
        state=State.HELD,
        attempt=1,
        created_at=turn.now,
        budget_until=turn.now + timedelta(seconds=turn.rules.budget_seconds),
        deadline=None,
        since=turn.now,
        practice=held.incident.practice,
        routed=False,
    )
    deadline = deadline_of(transfer, now=turn.now, waits=turn.rules.waits(hotline))
    transfer = replace(transfer, deadline=deadline)
    turn.put(held, transfer)
    turn.audit(
        held,
        "transfer",
        transfer=transfer,
        to_state=transfer.state.value,
        signal_id=signal.signal_id,
        speaker=signal.said_by,
        said_at=signal.said_at,
    )


def _tell_911(turn: Turn, held: LockedIncident, theirs: Transfer | None, signal: Signal) -> None:
    """What the agency wants to know of it; words only where they are meant for 911."""
    fields = turn.rules.told_of_hotlines(held.incident.agency, turn.now)
    own = bool(held.opened_by)
    besides = Besides(
        facts=known_to_911(held.incident, fields) if own else None,
        said=signal.kind is SignalKind.AWARENESS,
    )
    kind = _TOLD_AS.get(signal.kind, ReturnKind.CALL_OPENED)
    tell_911(turn, held, kind, transfer=theirs, signal=signal, besides=besides)
