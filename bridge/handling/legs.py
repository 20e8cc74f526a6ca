"""What people say of legs: they ask for one, say where it is, that the scene is safe, or that it may go.

911 may say all of it. A destination speaks for what it has to do with: it may ask for a leg and for backup
while it keeps the caller, says where community responders are, and takes back what it asked for itself.
"""

from collections.abc import Mapping
from dataclasses import replace

from bridge.domain.ids import LegId
from bridge.domain.leg import Leg, LegKind, LegSignal, LegWanted, Why
from bridge.domain.message import ReturnKind
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer_table import HOLDING, WAITING, State
from bridge.handling.auditing import audit_said
from bridge.handling.leg_steps import ask_for_leg, mode_of, open_legs, step
from bridge.handling.speaking import BY_911
from bridge.handling.telling_911 import Besides, tell_911
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.handling.units import legs_of_units
from bridge.ledger.rows import LockedIncident
from bridge.ledger.turns import incident_key

K, G = SignalKind, LegSignal

_STEPS = {
    K.LEG_ASSIGNED: G.ASSIGNED,
    K.LEG_EN_ROUTE: G.EN_ROUTE,
    K.LEG_STAGED: G.STAGED,
    K.LEG_ON_SCENE: G.ON_SCENE,
    K.LEG_CLEARED: G.CLEARED,
    K.LEG_CANCELLED: G.CANCELLED,
    K.LEG_DECLINED: G.DECLINED,
}
_OF_ALL = {K.SCENE_SAFE: G.SCENE_SAFE, K.STAND_DOWN: G.STAND_DOWN}
_BEGINS = frozenset({G.ASSIGNED, G.EN_ROUTE, G.STAGED, G.ON_SCENE})
_TAKES_BACK = frozenset({G.CANCELLED, G.DECLINED})
_BACKUP = frozenset({LegKind.POLICE, LegKind.EMS})
_THEIRS = frozenset({LegKind.COMMUNITY, LegKind.CO_RESPONDER, LegKind.REPORT_UNIT})


def hear_leg(turn: Turn, held: LockedIncident, signal: Signal, others: Mapping[str, LockedIncident]) -> bool:
    """What is said of legs. `others` are all incidents of the turn: two can be one happening."""
    refused = _refusal(held, signal)
    if refused:
        audit_said(turn, held, f"refused.{refused}", signal)
    elif signal.kind is K.INCIDENTS_LINKED:
        _link(turn, held, signal, others)
    elif signal.kind in {K.LEG_REQUESTED, K.BACKUP}:
        _ask(turn, held, signal)
    elif signal.kind in _OF_ALL:
        _all(turn, held, signal)
    else:
        _one(turn, held, signal)
    return True


def linked_key(signal: Signal) -> str:
    """The key of the incident that this signal says is the same happening; empty: none."""
    if signal.kind is not K.INCIDENTS_LINKED or signal.leg is None or not signal.leg.linked:
        return ""
    return incident_key(signal.leg.linked_agency or signal.agency, signal.leg.linked)


def _refusal(held: LockedIncident, signal: Signal) -> str:
    if signal.speaker is Speaker.NINE_ONE_ONE:
        return ""
    if signal.speaker is not Speaker.DESTINATION or signal.kind in BY_911:
        return "not_yours_to_say"
    theirs = any(
        signal.speaker_id in {transfer.destination, *transfer.teams}
        and (transfer.state in HOLDING | WAITING or transfer.state is State.CLOSED)
        for transfer in held.transfers.values()
    )
    sent = bool(held.legs) and signal.speaker_id in held.route
    return "" if theirs or sent or signal.speaker_id == held.opened_by else "not_your_call"


def _ask(turn: Turn, held: LockedIncident, signal: Signal) -> None:
    """One action, whoever asks: the leg is there at once, and 911's dispatcher is told."""
    wanted = signal.leg or LegWanted(mode=mode_of(held))
    if signal.kind is K.BACKUP:
        legs_of_units(turn, held, beside=True)  # who is there already is not the backup
        kind = wanted.kind if wanted.kind in _BACKUP else LegKind.POLICE
        kind = LegKind.EMS if signal.leg is None and signal.reason == "medical" else kind
        wanted = LegWanted(kind, mode_of(held), Why.BACKUP, wanted.unit_id)
    ask_for_leg(turn, held, wanted, asked_by=signal.said_by, signal=signal)
    if signal.kind is K.LEG_REQUESTED:
        legs_of_units(turn, held)


def _all(turn: Turn, held: LockedIncident, signal: Signal) -> None:
    """Said of every leg that is meant: the scene is safe for all, and all who are named may go."""
    meant = [leg for leg in open_legs(held) if _is_meant(leg, signal)]
    if not meant:
        audit_said(turn, held, "refused.no_leg", signal)
    for leg in meant:
        step(turn, held, leg, _OF_ALL[signal.kind], signal=signal)


def _is_meant(leg: Leg, signal: Signal) -> bool:
    if signal.subject:
        return leg.leg_id == signal.subject
    return signal.kind is K.SCENE_SAFE or signal.leg is None or leg.kind is signal.leg.kind


def _one(turn: Turn, held: LockedIncident, signal: Signal) -> None:
    said = _STEPS[signal.kind]
    leg = _meant(held, signal)
    begins = leg is None and said in _BEGINS and not signal.subject
    if begins and signal.leg is not None and _may(signal, signal.leg.kind, ""):
        leg = ask_for_leg(turn, held, signal.leg, asked_by=signal.said_by, signal=signal, told=False)
    if leg is None:
        audit_said(turn, held, "refused.no_leg", signal)
    elif not _may(signal, leg.kind, leg.asked_by):
        audit_said(turn, held, "refused.not_yours_to_say", signal)
    else:
        unit = signal.leg.unit_id if signal.leg is not None else ""
        step(turn, held, leg, said, signal=signal, unit_id=unit)


def _may(signal: Signal, kind: LegKind, asked_by: str) -> bool:
    if signal.speaker is Speaker.NINE_ONE_ONE or kind in _THEIRS:
        return True
    return _STEPS[signal.kind] in _TAKES_BACK and asked_by == signal.said_by


def _meant(held: LockedIncident, signal: Signal) -> Leg | None:
    """The leg that is named; or of this unit; or of this kind without a unit; or the only one there is."""
    if signal.subject:
        return held.legs.get(LegId(signal.subject))
    there = open_legs(held)
    said = signal.leg
    if said is None:
        return there[0] if len(there) == 1 else None
    of_unit = [leg for leg in there if said.unit_id and leg.unit_id == said.unit_id]
    of_kind = [leg for leg in there if leg.kind is said.kind and not (said.unit_id and leg.unit_id)]
    return next(iter([*of_unit, *of_kind]), None)


def _link(turn: Turn, held: LockedIncident, signal: Signal, others: Mapping[str, LockedIncident]) -> None:
    """Two incidents are one happening: both are told, and their legs are measured together."""
    key = linked_key(signal)
    if not key or key == held.key:
        audit_said(turn, held, "refused.incident_missing", signal)
        return
    turn.changes.links.append((held.key, key))
    said = signal.leg or LegWanted()
    _is_linked(turn, held, signal, said)
    other = others.get(key)
    if other is not None and not other.is_new:
        incident = held.incident
        back = replace(said, linked=incident.incident_id, linked_agency=incident.agency)
        _is_linked(turn, other, signal, back)


def _is_linked(turn: Turn, held: LockedIncident, signal: Signal, said: LegWanted) -> None:
    """Its units are legs from now on, and its 911 hears with what it is one happening."""
    held.linked = True
    legs_of_units(turn, held)
    audit_said(turn, held, "leg.incidents_linked", signal)
    besides = Besides(state="linked", leg=said)
    tell_911(turn, held, ReturnKind.LEG, transfer=held.active, signal=signal, besides=besides)
    tell_everybody(turn, held, "leg.incidents_linked", signal=signal)
