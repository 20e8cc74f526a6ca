"""A hotline asks 911 for help: the express lane for somebody who may die.

No policy screens it, delays it or refuses it, and whoever asks need not have the call. 911 is told first of
all; until 911 has taken it the hotline holds the caller, and every passed deadline is an alarm. It is closed
when the hotline knows what became of it.
"""

import hashlib
from dataclasses import replace
from functools import partial

from bridge.domain.ids import DestinationId, RescueId, SignalId
from bridge.domain.incident import Incident, apply
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.own_call import PART_2_NOTICE, RESCUE_BASIS, first_event, for_a_rescue
from bridge.domain.record import Place
from bridge.domain.rescue import (
    RESCUE_ENDS,
    Rescue,
    RescueSignal,
    RescueState,
    RescueStep,
    RescueWaits,
    RescueWanted,
    rescue_deadline,
    step_rescue,
)
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import HOLDING, State
from bridge.handling.advancing import advance
from bridge.handling.auditing import audit_said
from bridge.handling.own_calls import act_upon, learn, transfer_of
from bridge.handling.speaking import BY_911
from bridge.handling.telling_911 import Besides, tell_911
from bridge.handling.telling_destinations import News, outside_transfers, tell_destination
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

R, K = RescueState, SignalKind

IMMINENT_RISK = "imminent_risk"
"""Why a call comes back to 911 by itself, when help is asked for."""

_STEPS = {
    K.HELP_TAKEN: RescueSignal.TAKEN,
    K.HELP_SENT: RescueSignal.HELP_SENT,
    K.CONTACT_CONFIRMED: RescueSignal.CONTACT_CONFIRMED,
    K.NOT_FOUND: RescueSignal.NOT_FOUND,
    K.HOTLINE_TOLD: RescueSignal.HOTLINE_TOLD,
    K.HELP_CANCELLED: RescueSignal.CANCELLED,
}
_FOR_THE_HOTLINE = frozenset({R.TAKEN, R.HELP_SENT, R.CONTACT_CONFIRMED, R.NOT_FOUND})
_OUTCOMES = frozenset({R.CONTACT_CONFIRMED, R.NOT_FOUND})


def hear_rescue(turn: Turn, held: LockedIncident, signal: Signal, place: Place) -> bool:
    """What is said of a rescue. False when it is about something that the ledger does not know."""
    if signal.kind is K.HELP_REQUESTED and signal.speaker is Speaker.DESTINATION:
        _ask_for_help(turn, held, signal, place)
        return True
    rescue = _meant(held, signal)
    if rescue is None:
        return False
    _go_on(turn, held, rescue, signal)
    return True


def alarm_of_rescues(turn: Turn, held: LockedIncident) -> int:
    """A rescue that waited too long alarms, and waits again; answer how many did."""
    late = [each for each in held.rescues.values() if each.deadline is not None and each.deadline <= turn.now]
    for rescue in late:
        after = step_rescue(rescue, RescueSignal.DEADLINE, now=turn.now, waits=_waits(turn)).after
        _keep(turn, held, after)
        turn.audit(held, "rescue.deadline", from_state=after.state.value, to_state=after.state.value)
        besides = Besides(subject=after.rescue_id, state=after.state.value)
        tried = int((turn.now - rescue.asked_at).total_seconds() // (_waits(turn).requested or 1.0))
        tell_911(
            turn,
            held,
            ReturnKind.ALARM,
            transfer=transfer_of(held, rescue.destination),
            reason=f"rescue.{after.state.value}",
            another_way=tried,
            besides=besides,
        )
        if after.state in _OUTCOMES:
            _tell_hotline(turn, held, after, "", "")
        turn.after.append(partial(turn.handling.metrics.rescues.add, RescueSignal.DEADLINE))
    return len(late)


def _ask_for_help(turn: Turn, held: LockedIncident, signal: Signal, place: Place) -> None:
    hotline = DestinationId(signal.speaker_id)
    begins = held.is_new and not held.opened_by
    related = begins or held.opened_by == hotline or transfer_of(held, hotline) is not None
    learns = begins or (related and signal.call is not None)
    learnt = learn(turn, held, signal, place) if learns else None
    theirs = transfer_of(held, hotline)
    rescue = _open_one(held, hotline) or _new_rescue(turn, held, hotline)
    _keep(turn, held, rescue)
    audit_said(turn, held, "rescue.help_requested", signal, to_state=rescue.state.value)
    wanted = signal.rescue or RescueWanted()
    besides = Besides(
        subject=rescue.rescue_id,
        state=rescue.state.value,
        rescue=replace(wanted, basis=wanted.basis or RESCUE_BASIS),
        facts=for_a_rescue(held.incident if related else _said_of(held, signal)),
        notice=PART_2_NOTICE if wanted.part_2 else "",
        said=False,
    )
    tell_911(turn, held, ReturnKind.HELP, transfer=theirs, signal=signal, besides=besides)
    if learnt is not None:
        act_upon(turn, held, learnt)
    theirs = transfer_of(held, hotline)
    if theirs is not None and theirs.state in HOLDING:
        advance(turn, held, theirs, _about_transfer(signal, theirs, K.RETURN_ASKED))
    _tell_hotline(turn, held, rescue, "", "")
    tell_everybody(turn, held, "rescue.requested", transfer=theirs, signal=signal)
    turn.after.append(partial(turn.handling.metrics.rescues.add, "requested"))


def _go_on(turn: Turn, held: LockedIncident, rescue: Rescue, signal: Signal) -> None:
    taken = _step(turn, rescue, signal)
    before, after = taken.before, taken.after
    what = f"refused.{taken.refused}" if taken.refused else f"rescue.{signal.kind.value}"
    audit_said(turn, held, what, signal, from_state=before.state.value, to_state=after.state.value)
    if taken.refused:
        if signal.speaker_id == rescue.destination:
            _tell_hotline(turn, held, rescue, taken.refused, "")
        return
    _keep(turn, held, after)
    if before.taken_at is None and after.taken_at is not None:
        _give_the_call_back(turn, held, rescue, signal)
        seconds = (turn.now - rescue.asked_at).total_seconds()
        turn.after.append(partial(turn.handling.metrics.rescue_taken.observe, seconds))
    if taken.moved:
        if after.state in _FOR_THE_HOTLINE:
            _tell_hotline(turn, held, after, signal.reason, signal.text)
        else:
            besides = Besides(subject=after.rescue_id, state=after.state.value)
            theirs = transfer_of(held, rescue.destination)
            tell_911(turn, held, ReturnKind.HELP, transfer=theirs, signal=signal, besides=besides)
        tell_everybody(turn, held, f"rescue.{after.state.value}", signal=signal)
    turn.after.append(partial(turn.handling.metrics.rescues.add, _STEPS[signal.kind]))


def _step(turn: Turn, rescue: Rescue, signal: Signal) -> RescueStep:
    """911 says what it does; who asked says that they know, or takes it back."""
    by_911 = signal.kind in BY_911
    right = Speaker.NINE_ONE_ONE if by_911 else Speaker.DESTINATION
    if signal.speaker is not right or not (by_911 or signal.speaker_id == rescue.destination):
        return RescueStep(rescue, rescue, "not_yours_to_say")
    return step_rescue(rescue, _STEPS[signal.kind], now=turn.now, waits=_waits(turn))


def _give_the_call_back(turn: Turn, held: LockedIncident, rescue: Rescue, signal: Signal) -> None:
    """911 has the rescue, so it has the caller: one step."""
    theirs = transfer_of(held, rescue.destination)
    if theirs is not None and theirs.state is State.RETURNING:
        advance(turn, held, theirs, _about_transfer(signal, theirs, K.RETURN_TAKEN))


def _about_transfer(signal: Signal, transfer: Transfer, kind: SignalKind) -> Signal:
    """The same saying, as what it means for the transfer. Words stay with the rescue."""
    return replace(
        signal,
        signal_id=SignalId(f"{signal.signal_id}:{kind.value}"),
        transfer_id=transfer.transfer_id,
        kind=kind,
        reason=IMMINENT_RISK,
        text="",
    )


def _meant(held: LockedIncident, signal: Signal) -> Rescue | None:
    """The rescue that is named, or the only one that it can be about."""
    if signal.kind not in _STEPS:
        return None
    if signal.subject:
        return held.rescues.get(RescueId(signal.subject))
    under_way = [each for each in held.rescues.values() if each.state not in RESCUE_ENDS]
    return under_way[0] if len(under_way) == 1 else None


def _open_one(held: LockedIncident, hotline: DestinationId) -> Rescue | None:
    """The rescue of this hotline that nobody has brought to an outcome: asked again, it is the same one."""
    open_ones = (
        each
        for each in held.rescues.values()
        if each.destination == hotline and each.state not in RESCUE_ENDS | _OUTCOMES
    )
    return next(open_ones, None)


def _new_rescue(turn: Turn, held: LockedIncident, hotline: DestinationId) -> Rescue:
    name = f"{held.key}!{len(held.rescues) + 1}"
    rescue = Rescue(
        rescue_id=RescueId(hashlib.blake2b(name.encode(), digest_size=16).hexdigest()),
        incident_id=held.incident.incident_id,
        agency=held.incident.agency,
        destination=hotline,
        state=R.REQUESTED,
        asked_at=turn.now,
        since=turn.now,
        practice=held.incident.practice,
    )
    return replace(rescue, deadline=rescue_deadline(rescue, now=turn.now, waits=_waits(turn)))


def _said_of(held: LockedIncident, signal: Signal) -> Incident:
    """What a hotline says that has nothing to do with the incident so far; what others know stays theirs."""
    return apply(Incident(held.incident.incident_id, held.incident.agency), first_event(signal))


def _keep(turn: Turn, held: LockedIncident, rescue: Rescue) -> None:
    turn.hold(held)
    held.rescues[rescue.rescue_id] = rescue
    turn.changes.rescues[rescue.rescue_id] = (held.key, rescue)


def _tell_hotline(turn: Turn, held: LockedIncident, rescue: Rescue, reason: str, text: str) -> None:
    """What became of the rescue, to whoever asked for it, whether or not they ever had the call."""
    news = News(rescue.rescue_id, rescue.state.value, text)
    theirs = transfer_of(held, rescue.destination)
    if theirs is not None:
        tell_destination(turn, held, theirs, OfferKind.NEWS, reason=reason, news=news)
        return
    nothing = outside_transfers(turn, held, rescue.destination)
    only = rescue.destination
    tell_destination(turn, held, nothing, OfferKind.NEWS, reason=reason, news=news, only=only)


def _waits(turn: Turn) -> RescueWaits:
    scale, waits = turn.rules.waits_scale, RescueWaits()
    return RescueWaits(**{name: getattr(waits, name) * scale for name in RescueWaits.__slots__})
