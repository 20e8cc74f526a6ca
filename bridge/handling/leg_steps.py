"""A leg is asked for, or takes a step, with everything that follows from it in the same transaction.

911 is told of each step but those that its own CAD told; whoever holds the call, is asked for it, or wanted
the leg, hears what becomes of it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bridge.domain.ids import ClauseId, DestinationId, LegId
from bridge.domain.leg import (
    LEG_ENDS,
    Leg,
    LegSignal,
    LegState,
    LegStep,
    LegWaits,
    LegWanted,
    Mode,
    Why,
    leg_deadline,
    step_leg,
)
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.policy import Policy
from bridge.domain.signal import Signal
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import HOLDING, State
from bridge.handling.measuring_legs import measure_leg_asked, measure_leg_step
from bridge.handling.telling_911 import Besides, tell_911
from bridge.handling.telling_destinations import News, tell_destination
from bridge.handling.telling_everybody import tell_everybody
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

L, G = LegState, LegSignal

_TOLD_THOUGH_IT_STAYS = frozenset({G.SCENE_SAFE, G.STAND_DOWN})


def open_legs(held: LockedIncident) -> list[Leg]:
    """The legs that have not ended, in the order in which they were asked for."""
    there = (leg for leg in held.legs.values() if leg.state not in LEG_ENDS)
    return sorted(there, key=lambda leg: (leg.requested_at, leg.leg_id))


def mode_of(held: LockedIncident) -> Mode:
    """Who goes first here, as far as it was said."""
    return next((leg.mode for leg in open_legs(held)), Mode.TOGETHER)


def ask_for_leg(
    turn: Turn,
    held: LockedIncident,
    wanted: LegWanted,
    *,
    asked_by: str,
    clause: ClauseId | None = None,
    signal: Signal | None = None,
    told: bool = True,
) -> Leg:
    """A leg is wanted: kept, and told to 911's dispatcher and to whoever has the call.

    With `told` False a unit that CAD told of has come by itself: there is nothing to ask 911 for.
    """
    leg = _new_leg(turn, held, wanted, asked_by, clause)
    _keep(turn, held, leg)
    _audit(turn, held, leg, "leg.requested", None, signal)
    if told:
        _tell_911(turn, held, leg, ReturnKind.LEG, signal)
        tell_holders(turn, held, leg)
        tell_everybody(turn, held, "leg.requested", signal=signal)
    measure_leg_asked(turn, leg)
    return leg


def step(
    turn: Turn,
    held: LockedIncident,
    leg: Leg,
    kind: LegSignal,
    *,
    signal: Signal | None = None,
    unit_id: str = "",
    reason: str = "",
) -> LegStep:
    """The leg takes a step. Without a `signal` it was CAD, the clock or screening that said so."""
    taken = step_leg(leg, kind, now=turn.now, waits=leg_waits(turn, held))
    after = taken.after
    if unit_id and not taken.refused:
        after = replace(after, unit_id=after.unit_id or unit_id)
        taken = replace(taken, after=after)
    what = f"refused.{taken.refused}" if taken.refused else f"leg.{kind.value}"
    _audit(turn, held, after, what, leg, signal, reason)
    if taken.refused:
        return taken
    before_legs = dict(held.legs)
    _keep(turn, held, after)
    if taken.moved or kind in _TOLD_THOUGH_IT_STAYS:
        state = after.state.value if taken.moved else kind.value
        if signal is not None:
            _tell_911(turn, held, after, ReturnKind.LEG, signal, state=state)
        tell_holders(turn, held, after, state=state, reason=reason or (signal.reason if signal else ""))
        tell_everybody(turn, held, f"leg.{state}", signal=signal)
    if after.violation and not leg.violation:
        _audit(turn, held, after, "leg.violation", leg, None, "before_scene_safe")
        _tell_911(turn, held, after, ReturnKind.LEG, None, reason="leg.before_scene_safe")
        tell_holders(turn, held, after, reason="leg.before_scene_safe")
        tell_everybody(turn, held, "leg.violation")
    measure_leg_step(turn, before_legs, taken, kind)
    return taken


def alarm_of_legs(turn: Turn, held: LockedIncident) -> int:
    """A leg that waited too long: the dispatcher and both sides are told, once, and it waits again."""
    late = [leg for leg in open_legs(held) if leg.deadline is not None and leg.deadline <= turn.now]
    for leg in late:
        after = step(turn, held, leg, G.DEADLINE).after
        reason = f"leg.{after.state.value}"
        _tell_911(turn, held, after, ReturnKind.ALARM, None, reason=reason)
        tell_holders(turn, held, after, reason=f"{reason}.late")
        tell_everybody(turn, held, "leg.late")
    return len(late)


def tell_holders(turn: Turn, held: LockedIncident, leg: Leg, *, state: str = "", reason: str = "") -> None:
    """News of the leg for whoever holds the call or is asked for it, and for whoever wanted the leg."""
    news = News(leg.leg_id, state or leg.state.value)
    for transfer in _listening(held, leg):
        tell_destination(turn, held, transfer, OfferKind.NEWS, reason=reason or leg.kind.value, news=news)


def tell_of_legs(turn: Turn, held: LockedIncident, transfer: Transfer) -> Transfer:
    """Whoever is offered a call learns at once who goes there beside them."""
    for leg in open_legs(held):
        news = News(leg.leg_id, leg.state.value)
        transfer = tell_destination(turn, held, transfer, OfferKind.NEWS, reason=leg.kind.value, news=news)
    return transfer


def leg_waits(turn: Turn, held: LockedIncident) -> LegWaits:
    """How long each state may last; the shortest pairing of the agency's policies."""
    policies = policies_of(turn, held)
    pairing = min((policy.pairing_seconds for policy in policies), default=LegWaits().requested)
    waits, scale = replace(LegWaits(), requested=pairing), turn.rules.waits_scale
    return LegWaits(**{name: getattr(waits, name) * scale for name in LegWaits.__slots__})


def policies_of(turn: Turn, held: LockedIncident) -> tuple[Policy, ...]:
    """The agency's policies in force now."""
    return turn.rules.in_force(held.incident.agency, turn.now)


def _new_leg(
    turn: Turn, held: LockedIncident, wanted: LegWanted, asked_by: str, clause: ClauseId | None
) -> Leg:
    name = f"{held.key}+{len(held.legs) + 1}"
    leg = Leg(
        leg_id=LegId(hashlib.blake2b(name.encode(), digest_size=16).hexdigest()),
        incident_id=held.incident.incident_id,
        agency=held.incident.agency,
        kind=wanted.kind,
        mode=wanted.mode,
        why=wanted.why,
        state=L.REQUESTED,
        requested_at=turn.now,
        asked_by=asked_by,
        clause=clause or "",
        unit_id=wanted.unit_id,
        since=turn.now,
        scene_safe_at=_first(leg.scene_safe_at for leg in held.legs.values()),
        practice=held.incident.practice,
    )
    return replace(leg, deadline=leg_deadline(leg, now=turn.now, waits=leg_waits(turn, held)))


def _keep(turn: Turn, held: LockedIncident, leg: Leg) -> None:
    turn.hold(held)
    held.legs[leg.leg_id] = leg
    turn.changes.legs[leg.leg_id] = (held.key, leg)


def _audit(
    turn: Turn,
    held: LockedIncident,
    leg: Leg,
    what: str,
    before: Leg | None,
    signal: Signal | None,
    reason: str = "",
) -> None:
    """With a clause only where one made the leg necessary; by whom it was said, and why, as codes."""
    turn.audit(
        held,
        what,
        from_state=before.state.value if before is not None else "",
        to_state=leg.state.value,
        signal_id=signal.signal_id if signal is not None else f"{leg.leg_id}:{what}:{leg.state.value}",
        speaker=signal.said_by if signal is not None else "bridge:legs",
        said_at=signal.said_at if signal is not None else None,
        clauses=(leg.clause,) if leg.clause else (),
        reason=reason or (signal.reason if signal is not None else "") or leg.kind.value,
    )


def _tell_911(
    turn: Turn,
    held: LockedIncident,
    leg: Leg,
    kind: ReturnKind,
    signal: Signal | None,
    *,
    state: str = "",
    reason: str = "",
) -> None:
    wanted = LegWanted(leg.kind, leg.mode, leg.why, leg.unit_id)
    besides = Besides(subject=leg.leg_id, state=state or leg.state.value, leg=wanted)
    why = reason or (signal.reason if signal is not None else "") or leg.clause or leg.why.value
    tell_911(turn, held, kind, transfer=held.active, signal=signal, reason=why, besides=besides)


def _listening(held: LockedIncident, leg: Leg) -> list[Transfer]:
    told = [
        each for each in (held.holding, held.waiting) if each is not None and each.state is not State.PROPOSED
    ]
    asker = DestinationId(leg.asked_by.partition(":")[2])
    theirs = [each for each in held.transfers.values() if each.destination == asker]
    if theirs and leg.why is not Why.DISQUALIFIER:
        told.append(max(theirs, key=lambda each: (each.state in HOLDING, each.attempt)))
    return list({each.transfer_id: each for each in told}.values())


def _first(instants: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in instants if each is not None), default=None)
